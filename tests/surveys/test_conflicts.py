"""Two people on one answer: what each changed alone is kept, what both changed is shown."""

import pytest

from restanque.surveys import links
from restanque.surveys.models import Invitation, Response
from restanque.surveys.services import answers
from restanque.surveys.sessions import session_of
from tests.surveys.pages import Browser

pytestmark = pytest.mark.django_db
KG, HOUR, NAME = "/data/pain/kg", "/data/pain/heure", "/data/pain/four[1]/nom"


@pytest.fixture
def begun(invitation: Invitation) -> Invitation:
    answers.save_answers(
        invitation=invitation,
        values={"/data/cantine/a_cantine": "oui", "/data/cantine/repas": "100", KG: "8"},
    )
    return invitation


def on_bread_page(invitation: Invitation) -> Browser:
    return Browser(f"{links.personal_path(invitation)}page/pain/")


def value(path: str) -> str:
    return session_of(Response.objects.get()).value(path)


def test_each_keeps_what_they_alone_changed(begun: Invitation) -> None:
    one, two = on_bread_page(begun), on_bread_page(begun)
    one.fill(HOUR, "07:30")
    one.press("save")
    two.fill(NAME, "Fournil")
    two.press("save")
    assert value(HOUR).startswith("07:30")
    assert value(NAME) == "Fournil"
    assert value(KG) == "8"


def test_both_values_are_shown_and_the_person_chooses(begun: Invitation) -> None:
    one, two = on_bread_page(begun), on_bread_page(begun)
    one.fill(KG, "9")
    one.press("save")
    two.fill(KG, "12,5")
    two.fill(NAME, "Fournil")
    two.press("next")
    assert two.status == 409
    assert "Votre saisie : 12,5" in " ".join(two.text.split())
    assert "une autre personne, en ligne" in two.text
    target = two.soup.select_one(".rq-avis-ocre a")["href"][1:]
    assert two.soup.find(id=target) is not None
    # The rest of the page is saved, the disputed answer is still the other's, mine is kept.
    assert value(NAME) == "Fournil"
    assert value(KG) == "9"
    assert Response.objects.get().revisions.last().set_aside == {KG: "12.5"}

    # Nothing chosen: it is asked again.
    two.press("next")
    assert two.status == 409
    assert value(KG) == "9"

    two.choose(f"{KG}.choice", "mine")
    two.press("next")
    assert "Pour finir" in two.title
    assert value(KG) == "12.5"


def test_the_other_s_value_can_be_kept(begun: Invitation) -> None:
    one, two = on_bread_page(begun), on_bread_page(begun)
    one.fill(KG, "9")
    one.press("save")
    two.fill(KG, "12")
    two.fill(NAME, "Fournil")
    two.press("next")
    two.choose(f"{KG}.choice", "theirs")
    two.press("next")
    assert "Pour finir" in two.title
    assert value(KG) == "9"
    assert any(
        revision.set_aside == {KG: "12"} for revision in Response.objects.get().revisions.all()
    )


def test_the_same_change_twice_is_no_conflict(begun: Invitation) -> None:
    one, two = on_bread_page(begun), on_bread_page(begun)
    for browser in (one, two):
        browser.fill(KG, "9")
        browser.press("save")
        assert browser.status == 200
    assert value(KG) == "9"


def test_two_first_savings_do_not_overwrite_each_other(invitation: Invitation) -> None:
    path = f"{links.personal_path(invitation)}page/cantine/"
    one, two = Browser(path), Browser(path)
    one.choose("/data/cantine/a_cantine", "non")
    one.press("save")
    two.choose("/data/cantine/a_cantine", "oui")
    two.press("next")
    assert two.status == 409
    assert value("/data/cantine/a_cantine") == "non"


def test_what_is_no_longer_asked_is_kept_aside(begun: Invitation) -> None:
    late = on_bread_page(begun)
    other = Browser(f"{links.personal_path(begun)}page/cantine/")
    other.choose("/data/cantine/a_cantine", "non")
    other.press("save")
    late.fill(NAME, "Fournil")
    late.press("save")
    assert Response.objects.get().revisions.last().set_aside == {NAME: "Fournil"}


def test_every_saved_state_can_be_read_again(begun: Invitation) -> None:
    browser = on_bread_page(begun)
    for kg in ("9", "10", "11"):
        browser.fill(KG, kg)
        browser.press("refresh")
    states = [
        answers.session_on(revision.response.version, instance=revision.instance).value(KG)
        for revision in Response.objects.get().revisions.all()
    ]
    assert states == ["8", "9", "10", "11"]


def test_saving_without_a_change_makes_no_revision(begun: Invitation) -> None:
    browser = on_bread_page(begun)
    before = Response.objects.get().revision
    browser.press("refresh")
    browser.press("refresh")
    assert Response.objects.get().revision == before


def test_an_older_page_of_the_same_browser_is_no_conflict(begun: Invitation) -> None:
    """The Back button shows a page as it was: correcting oneself must not look like a quarrel."""
    browser = on_bread_page(begun)
    old_form, old_url = browser.data(browser.form), browser.url
    browser.fill(KG, "9")
    browser.press("refresh")
    browser.fill(HOUR, "07:30")
    browser.press("refresh")
    answer = browser.client.post(old_url, {**old_form, KG: "10", "action": "save"})
    assert answer.status_code == 302
    assert value(KG) == "10"
    assert value(HOUR).startswith("07:30")


def test_an_older_page_still_conflicts_with_somebody_else_s_change(begun: Invitation) -> None:
    browser, other = on_bread_page(begun), on_bread_page(begun)
    old_form, old_url = browser.data(browser.form), browser.url
    other.fill(KG, "9")
    other.press("save")
    browser.fill(HOUR, "07:30")
    browser.press("refresh")
    answer = browser.client.post(old_url, {**old_form, KG: "10", "action": "save"})
    assert answer.status_code == 409
    assert value(KG) == "9"


def test_a_browser_is_not_recognised_from_one_answer_to_another(
    begun: Invitation, other_invitation: Invitation
) -> None:
    browser = on_bread_page(begun)
    browser.fill(KG, "9")
    browser.press("save")
    second = Browser(f"{links.personal_path(other_invitation)}page/cantine/", browser.client)
    second.choose("/data/cantine/a_cantine", "non")
    second.press("save")
    authors = [response.revisions.last().author for response in Response.objects.order_by("pk")]
    assert len(set(authors)) == 2
    assert all(len(author) == 40 for author in authors)
