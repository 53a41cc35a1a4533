"""The whole journey without a script: begin, reveal, leave, resume elsewhere, send."""

from datetime import date

import pytest

from restanque.directory.models import Organisation
from restanque.surveys import links
from restanque.surveys.models import Invitation, Response
from restanque.surveys.services import campaigns, invitations, questionnaires
from restanque.territories.models import Territory
from tests.surveys.pages import Browser

pytestmark = pytest.mark.django_db


def test_a_town_hall_answers_from_the_first_page_to_the_receipt(invitation: Invitation) -> None:
    browser = Browser(links.personal_path(invitation))
    assert "Équipe du PAT" in browser.text
    assert "RGPD" in browser.text
    browser.follow("Commencer")
    assert Response.objects.count() == 0

    # A required question left empty is an error, linked to its field.
    browser.press("next")
    assert browser.status == 422
    assert browser.title.startswith("Erreur")
    target = browser.soup.select_one(".rq-avis-erreur a")["href"][1:]
    assert browser.soup.find(id=target) is not None

    # An answer that reveals a required question: same page, and no error the first time.
    browser.choose("/data/cantine/a_cantine", "oui")
    browser.press("next")
    assert browser.status == 200
    assert "s’ajoute" in browser.text
    assert browser.field("/data/cantine/repas") is not None
    assert not browser.soup.select(".rq-question-erreur")

    browser.press("next")
    assert browser.status == 422
    browser.fill("/data/cantine/repas", "1 170")
    browser.tick("/data/cantine/publics", "creche")
    browser.press("next")
    assert "Le pain" in browser.title

    # Leave, and come back on another computer by the same link.
    browser.fill("/data/pain/kg", "8,5")
    browser.press("save")
    assert links.personal_url(invitation) in browser.html
    elsewhere = Browser(links.personal_path(invitation))
    elsewhere.follow("Reprendre")
    assert elsewhere.value("/data/pain/kg") == "8,5"

    elsewhere.fill("/data/pain/four[1]/nom", "Fournil des Alpilles")
    elsewhere.press("add:/data/pain/four")
    assert elsewhere.value("/data/pain/four[1]/nom") == "Fournil des Alpilles"
    elsewhere.fill("/data/pain/four[2]/nom", "Boulangerie du Pont")
    elsewhere.press("add:/data/pain/four")
    elsewhere.press("remove:/data/pain/four[3]")
    assert elsewhere.field("/data/pain/four[3]/nom") is None
    elsewhere.press("next")
    assert "Pour finir" in elsewhere.title
    elsewhere.press("next")
    assert "Relire" in elsewhere.title
    assert "Fournil des Alpilles" in elsewhere.text
    elsewhere.press(None)
    assert "Merci" in elsewhere.text

    response = Response.objects.get(invitation=invitation)
    assert response.status == "submitted"
    assert response.flat["/data/cantine/repas"] == "1170"
    assert response.flat["/data/pain/kg"] == "8.5"
    assert response.flat["/data/cantine/publics"] == "creche"
    assert response.flat["/data/pain/four[1]/nom"] == "Fournil des Alpilles"
    assert response.flat["/data/pain/four[2]/nom"] == "Boulangerie du Pont"
    assert response.channel == "web"


def test_no_canteen_ends_in_two_pages(invitation: Invitation) -> None:
    browser = Browser(links.personal_path(invitation))
    browser.follow("Commencer")
    browser.choose("/data/cantine/a_cantine", "non")
    browser.press("next")
    assert "Pour finir" in browser.title
    browser.press("next")
    browser.press(None)
    assert Response.objects.get().flat["/data/cantine/a_cantine"] == "non"


@pytest.fixture
def bread(territory: Territory, organisations: list[Organisation]) -> Invitation:
    """An invitation to the shipped bread questionnaire."""
    version = questionnaires.install_shipped_questionnaire(workspace=territory.workspace)
    campaign = campaigns.create_campaign(
        territory=territory,
        version=version,
        name="Le pain servi à la cantine",
        opens_on=date(2026, 11, 1),
        closes_on=date(2027, 1, 31),
        purge_on=date(2028, 12, 31),
        sender_name="Équipe du PAT",
        reply_to="pat@example.org",
        purpose="Savoir qui peut livrer.",
    )
    campaigns.open_campaign(campaign=campaign)
    invitations.add_invitations(campaign=campaign, organisations=organisations[:1])
    return campaign.invitations.get()


def answer_everything_asked(browser: Browser) -> None:
    """Give each required question of the page its first choice, or a plausible text."""
    for legend in browser.soup.select("fieldset.rq-question"):
        box = legend.find("input", type=["radio", "checkbox"])
        facultative = "(facultatif)" in legend.find("legend").get_text()  # type: ignore[union-attr]
        if box is None or facultative or legend.find("input", checked=True):
            continue
        browser.tick(str(box["name"]), str(box["value"]))
    for label in browser.soup.select("label.form-label"):
        field = browser.soup.find(id=label.get("for"))
        if field is None or "(facultatif)" in label.get_text() or field.get("type") == "file":
            continue
        if not browser.value(str(field["name"])):
            number = "250" if "grammes" in label.get_text() else "1,20"
            whole = "250" if "grammes" in label.get_text() else "12"
            kind = field.get("inputmode")
            typed = {"decimal": number, "numeric": whole}.get(str(kind), "Fournil")
            browser.fill(str(field["name"]), typed)


def test_the_bread_questionnaire_is_answered_to_the_end_without_a_script(
    bread: Invitation,
) -> None:
    browser = Browser(links.personal_path(bread))
    browser.follow("Commencer")
    pressed = 0
    while "Relire" not in browser.title:
        answer_everything_asked(browser)
        browser.press("next")
        pressed += 1
        assert pressed < 40, browser.text
    browser.press(None)
    assert "Merci" in browser.text
    response = Response.objects.get()
    assert response.status == "submitted"
    assert len(response.flat) > 20
    # Eight parts; some come back once for the questions that an answer reveals.
    assert pressed <= 20


def test_without_a_canteen_the_bread_questionnaire_takes_one_page(bread: Invitation) -> None:
    browser = Browser(links.personal_path(bread))
    browser.follow("Commencer")
    browser.choose("/data/restauration/a_cantine", "non")
    browser.press("next")
    browser.press("next")
    assert "Relire" in browser.title
    browser.press(None)
    assert "Merci" in browser.text
