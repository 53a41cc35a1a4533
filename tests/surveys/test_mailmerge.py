"""Mail-merge and letters: the same links, and an act that is recorded."""

import io
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from restanque.accounts.models import Membership
from restanque.directory.services import add_contact, update_organisation
from restanque.surveys import links
from restanque.surveys.codes import code_of, find_by_code
from restanque.surveys.models import Campaign, Invitation, Sending
from restanque.surveys.models.sendings import (
    LineStatus,
    SendingKind,
    SendingMedium,
    SendingStatus,
)
from restanque.surveys.services import invitations, mailmerge
from tests.conftest import client_of
from tests.surveys.answering import plain

pytestmark = pytest.mark.django_db


def prepare(invitation: Invitation, bob: Membership, medium: str = "publipostage") -> Sending:
    """Prepare a mailing on its page."""
    url = reverse("surveys:merge", args=[invitation.campaign_id, medium, "invitation"])
    assert client_of(bob).post(url).status_code == 302
    return Sending.objects.get()


def download(sending: Sending, bob: Membership, file_format: str) -> Any:
    """Ask for its file."""
    url = reverse("surveys:sending-file", args=[sending.campaign_id, sending.pk])
    return client_of(bob).post(url, {"format": file_format})


def test_the_file_has_a_line_a_recipient_with_its_link(
    invitation: Invitation, bob: Membership
) -> None:
    for name in ("Aline", "Bruno"):
        add_contact(
            organisation=invitation.organisation,
            full_name=name,
            email=f"{name.lower()}@example.org",
            is_personal=False,
        )
    answer = download(prepare(invitation, bob), bob, "xlsx")

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    header, *rows = book.get_sheet_by_index(0).to_python()
    lines = [dict(zip(header, row, strict=True)) for row in rows]
    mine = [one for one in lines if one["Organisme"] == "Mairie d’Arles"]
    assert [one["Adresse électronique"] for one in mine] == [
        "aline@example.org",
        "bruno@example.org",
    ]
    assert {one["Lien personnel"] for one in mine} == {links.personal_url(invitation)}
    assert {one["Code à taper"] for one in mine} == {code_of(invitation)}


def test_who_prepared_it_is_recorded_and_nothing_is_sent_yet(
    invitation: Invitation, bob: Membership
) -> None:
    sending = prepare(invitation, bob)
    download(sending, bob, "csv")

    assert sending.requested_by == bob.user
    assert sending.confirmed_count == 3
    assert not Invitation.objects.exclude(sent_at=None).exists()
    client = client_of(bob)
    client.post(
        reverse("surveys:sending-act", args=[sending.campaign_id, sending.pk]), {"action": "left"}
    )
    assert Invitation.objects.exclude(sent_at=None).count() == 3
    sending.refresh_from_db()
    assert sending.status == SendingStatus.DONE
    assert set(sending.lines.values_list("status", flat=True)) == {LineStatus.QUEUED}


def test_the_file_is_never_given_to_a_get(invitation: Invitation, bob: Membership) -> None:
    sending = prepare(invitation, bob)
    url = reverse("surveys:sending-file", args=[sending.campaign_id, sending.pk])

    assert client_of(bob).get(url).status_code == 405


def test_who_asked_for_silence_is_in_no_mailing(invitation: Invitation, bob: Membership) -> None:
    invitations.stop_reminders(invitation=invitation)
    refused = invitation.campaign.invitations.exclude(pk=invitation.pk).first()
    assert refused is not None
    invitations.refuse(invitation=refused)

    sending = prepare(invitation, bob)

    assert sending.lines.count() == 1


def test_letters_carry_the_code_and_the_watermark(invitation: Invitation, bob: Membership) -> None:
    Campaign.objects.update(fictitious=True)

    answer = download(prepare(invitation, bob, "courrier"), bob, "pdf")

    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
    assert len(pages) == 3
    page = next(text for text in pages if code_of(invitation) in text)
    assert "Mairie d’Arles" in page
    assert "31 janvier 2027" in page
    assert "données fictives" in page.lower()
    assert "⟦" not in page
    assert "{" not in page


@pytest.mark.parametrize("change", [str, str.lower, lambda code: code.replace("-", " - ", 1)])
def test_a_code_opens_the_page_however_it_is_typed(invitation: Invitation, change: Any) -> None:
    typed = change(code_of(invitation))

    answer = client_of(None).post(reverse("respondent:code"), {"code": typed})

    assert answer.status_code == 302
    assert answer.headers["Location"] == links.personal_path(invitation)


def test_a_wrong_or_replaced_code_opens_nothing(invitation: Invitation) -> None:
    code = code_of(invitation)
    invitations.revoke_link(invitation=invitation)

    client = client_of(None)
    for typed in (
        code,
        f"{invitation.pk}-0000-0000-0000",
        "12",
        "",
        "é-7KQM-4T9X-R2WD",
        f"9{code}",
    ):
        answer = client.post(reverse("respondent:code"), {"code": typed})
        assert answer.status_code == 422, typed
    assert find_by_code(code) is None
    assert find_by_code(code_of(invitation)) == invitation


def act(sending: Sending, bob: Membership, action: str) -> None:
    """What somebody says of a mailing."""
    url = reverse("surveys:sending-act", args=[sending.campaign_id, sending.pk])
    assert client_of(bob).post(url, {"action": action}).status_code == 302


def merge_reasons(campaign: Campaign, kind: SendingKind = SendingKind.INVITATION) -> dict[str, str]:
    """Who the mail-merge concerns ("") and why not the others."""
    plan = mailmerge.plan_mailing(
        campaign=campaign, medium=SendingMedium.MERGE, kind=kind, now=timezone.now()
    )
    return {str(line.invitation.organisation): plain(line.why_not) for line in plan.lines}


def test_who_has_no_address_is_left_out_of_the_mail_merge_and_listed(
    invitation: Invitation, bob: Membership
) -> None:
    update_organisation(organisation=invitation.organisation, email="")
    where = [invitation.campaign_id, "publipostage", "invitation"]
    page = plain(client_of(bob).get(reverse("surveys:merge", args=where)).content.decode())
    assert "2 organismes concernés" in page
    assert "Préparer pour 2 organismes" in page
    assert "Sans adresse : à appeler ou par courrier" in page

    sending = prepare(invitation, bob)
    rows = mailmerge.merge_lines(sending)
    assert invitation not in [row.invitation for row in rows]
    act(sending, bob, "left")

    invitation.refresh_from_db()
    assert invitation.sent_at is None
    assert Invitation.objects.exclude(sent_at=None).count() == 2


def test_an_address_lost_since_the_preparation_is_not_marked(
    invitation: Invitation, bob: Membership
) -> None:
    sending = prepare(invitation, bob)
    update_organisation(organisation=invitation.organisation, email="")
    act(sending, bob, "left")

    line = sending.lines.get(invitation=invitation)
    assert (line.status, plain(line.reason)) == (
        LineStatus.SKIPPED,
        "sans adresse : à appeler ou par courrier",
    )
    invitation.refresh_from_db()
    assert invitation.sent_at is None
    other = sending.lines.exclude(pk=line.pk)[0].invitation
    assert other.recipients == [other.organisation.email]


def test_letters_keep_who_has_no_address(invitation: Invitation, bob: Membership) -> None:
    update_organisation(organisation=invitation.organisation, email="")

    sending = prepare(invitation, bob, "courrier")
    assert len(mailmerge.merge_lines(sending)) == 3
    act(sending, bob, "left")

    assert Invitation.objects.exclude(sent_at=None).count() == 3


def test_a_bounced_address_is_left_out_until_it_changes(
    invitation: Invitation, bob: Membership
) -> None:
    act(prepare(invitation, bob), bob, "left")
    invitation.refresh_from_db()
    invitations.mark_bounced(invitation=invitation, reason="550")

    campaign, name = invitation.campaign, "Mairie d’Arles"
    assert merge_reasons(campaign)[name] == "adresse en erreur, à corriger"
    assert merge_reasons(campaign, SendingKind.REMINDER)[name] == "adresse en erreur"
    # A letter does not mend the address.
    invitations.mark_posted(invitation=invitation, at=timezone.now())
    assert merge_reasons(campaign)[name] == "adresse en erreur, à corriger"
    update_organisation(organisation=invitation.organisation, email="accueil@example.org")
    assert merge_reasons(campaign)[name] == ""
