"""Leaving, handing over, refusing, sending, reading again; the messages that follow."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from restanque.core.models import OutgoingMessage
from restanque.surveys import links
from restanque.surveys.models import Invitation, Response
from restanque.surveys.services import answers, invitations
from tests.conftest import StrictClient
from tests.surveys.pages import Browser
from tests.surveys.test_respondent_safety import answered

pytestmark = pytest.mark.django_db


def test_handing_over_sends_the_same_link_and_keeps_no_address(invitation: Invitation) -> None:
    browser = Browser(f"{links.personal_path(invitation)}confier/")
    browser.fill("address", "collegue@eyragues.example")
    browser.press(None)
    assert browser.status == 200
    message = OutgoingMessage.objects.get()
    assert message.to_email == "collegue@eyragues.example"
    assert "⟦lien⟧" in message.text
    assert message.purpose == "handover"
    assert links.token_of(pk=invitation.pk, generation=1) not in message.text
    event = invitation.events.get()
    assert event.kind == "handed_over"
    assert event.note == "eyragues.example"


@pytest.mark.parametrize("address", ["", "pas une adresse", "a@b", "x" * 300 + "@example.org"])
def test_a_wrong_address_is_said_and_nothing_leaves(invitation: Invitation, address: str) -> None:
    browser = Browser(f"{links.personal_path(invitation)}plus-tard/")
    browser.fill("address", address)
    browser.press(None)
    assert browser.status == 422
    assert browser.field("address")["aria-invalid"] == "true"  # type: ignore[index]
    assert not OutgoingMessage.objects.exists()


def test_a_link_cannot_be_used_to_write_to_many(invitation: Invitation) -> None:
    with time_machine.travel(timezone.now(), tick=True) as clock:
        for n in range(invitations.MAILS_PER_DAY):
            invitations.hand_over(invitation=invitation, address=f"a{n}@example.org")
        browser = Browser(f"{links.personal_path(invitation)}confier/")
        browser.fill("address", "encore@example.org")
        browser.press(None)
        assert browser.status == 422
        assert "plusieurs fois aujourd’hui" in browser.text
        assert OutgoingMessage.objects.count() == invitations.MAILS_PER_DAY
        clock.shift(timedelta(days=1, minutes=1))
        invitations.hand_over(invitation=invitation, address="demain@example.org")


def test_refusing_is_a_post_and_can_be_undone(client: Client, invitation: Invitation) -> None:
    path = f"{links.personal_path(invitation)}ne-pas-repondre/"
    browser = Browser(path)
    browser.press("refuse")
    invitation.refresh_from_db()
    assert invitation.refused_at is not None
    assert invitation.no_reminder
    assert not Invitation.objects.to_remind().filter(pk=invitation.pk).exists()
    browser.press("answer")
    invitation.refresh_from_db()
    assert invitation.refused_at is None
    assert not invitation.no_reminder


def test_one_click_unsubscribe_needs_no_cookie_and_is_idempotent(invitation: Invitation) -> None:
    client = StrictClient(enforce_csrf_checks=True)
    path = links.unsubscribe_url(invitation).partition("8000")[2]
    for _ in range(2):
        response = client.post(path, {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
    invitation.refresh_from_db()
    assert invitation.no_reminder
    assert invitation.events.filter(kind="no_reminder").count() == 1


def test_the_receipt_goes_where_the_person_says(invitation: Invitation) -> None:
    answered(invitation)
    browser = Browser(f"{links.personal_path(invitation)}relire/")
    browser.fill("receipt_to", "moi@eyragues.example")
    browser.press(None)
    assert "Merci" in browser.text
    message = OutgoingMessage.objects.get()
    assert (message.to_email, message.purpose) == ("moi@eyragues.example", "receipt")


def test_without_an_address_the_receipt_goes_to_those_invited(invitation: Invitation) -> None:
    answered(invitation)
    invitations.mark_sent(
        invitation=invitation, at=timezone.now(), recipients=["mairie@example.org"]
    )
    assert answers.submit(invitation=invitation).accepted
    assert answers.submit(invitation=invitation).accepted
    assert [m.to_email for m in OutgoingMessage.objects.all()] == ["mairie@example.org"]


def test_a_receipt_of_a_fictitious_campaign_is_held(invitation: Invitation) -> None:
    invitation.campaign.fictitious = True
    invitation.campaign.save()
    answered(invitation)
    answers.submit(invitation=invitation, receipt_to="moi@example.org")
    message = OutgoingMessage.objects.get()
    assert message.fictitious
    assert message.status == "held"


def test_sending_with_something_missing_says_what_and_where(invitation: Invitation) -> None:
    answers.save_answers(
        invitation=invitation,
        values={"/data/cantine/a_cantine": "oui", "/data/cantine/repas": "99999"},
    )
    browser = Browser(f"{links.personal_path(invitation)}relire/")
    assert browser.soup.find("button", string="Envoyer mes réponses") is None
    hrefs = [a["href"] for a in browser.soup.select(".rq-avis-erreur a")]
    assert any(href.endswith("/page/cantine/#q-data-cantine-repas") for href in hrefs)
    assert any(href.endswith("/page/pain/#q-data-pain-kg") for href in hrefs)
    response = browser.client.post(browser.url)
    assert response.status_code == 422
    assert Response.objects.get().is_draft


def test_after_sending_the_answer_is_read_only_until_reopened(
    invitation: Invitation, bob: object
) -> None:
    response = answered(invitation)
    answers.submit(invitation=invitation)
    client = StrictClient()
    path = f"{links.personal_path(invitation)}page/cantine/"
    posted = client.post(path, {"/data/cantine/repas": "1", "revision": "1", "action": "save"})
    assert posted.status_code == 302
    response.refresh_from_db()
    assert response.flat["/data/cantine/repas"] == "120"
    assert response.revision == 1
    assert "Merci" in client.get(path, follow=True).content.decode()

    answers.reopen(response=Response.objects.get(), by=bob.user)  # type: ignore[attr-defined]
    browser = Browser(path)
    assert browser.value("/data/cantine/repas") == "120"


def test_a_closed_campaign_takes_nothing_and_shows_what_was_typed(invitation: Invitation) -> None:
    answered(invitation)
    invitation.campaign.status = "closed"
    invitation.campaign.save()
    client = StrictClient()
    path = links.personal_path(invitation)
    assert "close" in client.get(path).content.decode()
    client.post(f"{path}page/cantine/", {"/data/cantine/repas": "1", "revision": "1"})
    assert Response.objects.get().revision == 1
    assert "120" in client.get(f"{path}mes-reponses/").content.decode()


def test_answers_and_blank_questionnaire_as_pdf(client: Client, invitation: Invitation) -> None:
    answered(invitation)
    for name in ("mes-reponses.pdf", "questionnaire.pdf"):
        response = client.get(links.personal_path(invitation) + name)
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.content.startswith(b"%PDF-")


def test_a_file_is_kept_read_back_and_removed(invitation: Invitation) -> None:
    answered(invitation)
    path = "/data/pain/facture"
    browser = Browser(f"{links.personal_path(invitation)}page/pain/")
    browser.attach(path, "../../facture août.pdf", b"%PDF-1.4 facture")
    browser.press("refresh")
    attachment = Response.objects.get().attachments.get()
    assert "/" not in attachment.name
    with attachment.file.open() as stored_file:
        assert stored_file.read() == b"%PDF-1.4 facture"
    download = browser.client.get(f"{links.personal_path(invitation)}fichier/{attachment.pk}/")
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(download.streaming_content) == b"%PDF-1.4 facture"  # type: ignore[attr-defined]
    stored, name = attachment.file.storage, attachment.file.name
    browser.tick(f"{path}.remove", "1")
    browser.press("refresh")
    assert Response.objects.get().attachments.count() == 0
    assert browser.soup.find("input", {"name": f"{path}.remove"}) is None
    assert stored.exists(name)  # on_commit runs after the test's transaction


def test_a_file_is_not_given_to_another_invitation(
    client: Client, invitation: Invitation, other_invitation: Invitation
) -> None:
    answered(invitation)
    browser = Browser(f"{links.personal_path(invitation)}page/pain/")
    browser.attach("/data/pain/facture", "f.pdf", b"%PDF-1.4")
    browser.press("save")
    pk = Response.objects.get().attachments.get().pk
    answered(other_invitation)
    other = links.personal_path(other_invitation)
    assert client.get(f"{other}fichier/{pk}/").status_code == 404


def test_numbers_dates_and_hours_are_taken_as_people_type_them(invitation: Invitation) -> None:
    answered(invitation)
    browser = Browser(f"{links.personal_path(invitation)}page/pain/")
    browser.fill("/data/pain/kg", "1 234,50 ")
    browser.fill("/data/pain/fin", "31/12/2026")
    browser.fill("/data/pain/heure", "7h30")
    browser.fill("/data/pain/ordre.rank.prix", "2")
    browser.fill("/data/pain/ordre.rank.gout", "1")
    browser.press("next")
    assert "Pour finir" in browser.title, browser.text
    answers.submit(invitation=invitation)
    flat = Response.objects.get().flat
    assert flat["/data/pain/kg"] == "1234.50"
    assert flat["/data/pain/fin"] == "2026-12-31"
    assert flat["/data/pain/heure"] == "07:30:00.000"
    assert flat["/data/pain/ordre"] == "gout prix"


def test_what_is_not_understood_comes_back_as_typed(invitation: Invitation) -> None:
    answered(invitation)
    browser = Browser(f"{links.personal_path(invitation)}page/pain/")
    browser.fill("/data/pain/kg", "environ 4")
    browser.press("next")
    assert browser.status == 422
    assert browser.value("/data/pain/kg") == "environ 4"
    assert "Vous avez écrit «\u00a0environ 4\u00a0»" in browser.html
    # And it is saved: nothing typed is lost, even wrong.
    assert Browser(browser.url).value("/data/pain/kg") == "environ 4"


def test_fictitious_campaigns_say_so_on_every_page(client: Client, invitation: Invitation) -> None:
    from tests.surveys.test_respondent_safety import every_path

    invitation.campaign.fictitious = True
    invitation.campaign.save()
    answered(invitation)
    for path in every_path(invitation):
        response = client.get(path)
        if response.status_code == 200 and "html" in response.headers["Content-Type"]:
            assert "Données fictives" in response.content.decode(), path
