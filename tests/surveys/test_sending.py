"""Sending for real, to a server on the loopback: who receives what, and what never leaves."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.core.jobs.services import cancel_job, perform
from restanque.core.mail import delivery
from restanque.core.models import JobStatus, MailSuppression, MessageStatus, OutgoingMessage
from restanque.directory.services import add_contact, update_organisation
from restanque.surveys import links, tasks
from restanque.surveys.followup import calls_to_make
from restanque.surveys.models import Campaign, Invitation, Sending
from restanque.surveys.models.sendings import LineStatus, SendingKind, SendingStatus
from restanque.surveys.services import invitations, reminders, sending
from restanque.surveys.services.deliveries import follow_deliveries
from restanque.surveys.services.planning import plan_sending
from restanque.surveys.services.sending import SendingRefusedError
from tests.conftest import client_of
from tests.core.smtp import Catcher, smtp_server
from tests.surveys.answering import plain, send

pytestmark = pytest.mark.django_db
INVITE = SendingKind.INVITATION
REMIND = SendingKind.REMINDER


class Progress:
    """A job's progress that nobody stops."""

    def report(self, **_: Any) -> None: ...

    def should_stop(self) -> bool:
        return False


@pytest.fixture
def catcher(settings: Any) -> Iterator[Catcher]:
    """A real server of our own; the site is reached by https."""
    received = Catcher()
    with smtp_server(received) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_DELIVERY = True
        settings.DEFAULT_FROM_EMAIL = "Restanque <enquetes@exemple.fr>"
        settings.BASE_URL = "https://enquetes.exemple.fr"
        yield received


def run(one: Sending) -> None:
    """What the worker does: the lines, then the deliveries."""
    tasks.send_batch(Progress(), sending_id=one.pk)  # type: ignore[arg-type]
    delivery.deliver_due()
    follow_deliveries()


def start(campaign: Campaign, kind: SendingKind = INVITE, by: Any = None) -> Sending:
    """Start a sending with its right number."""
    plan = plan_sending(campaign=campaign, kind=kind, now=timezone.now())
    return sending.start_sending(campaign=campaign, kind=kind, by=by, typed_count=plan.messages)


def reasons(campaign: Campaign, kind: SendingKind) -> dict[str, str]:
    """Organisation → why it is left out."""
    plan = plan_sending(campaign=campaign, kind=kind, now=timezone.now())
    return {str(line.invitation.organisation): line.why_not for line in plan.lines}


def test_each_town_hall_receives_its_own_link_and_a_way_out(
    invitation: Invitation, catcher: Catcher
) -> None:
    campaign = invitation.campaign

    run(start(campaign))

    assert sorted(catcher.recipients) == [
        "mairie13004@example.org",
        "mairie13036@example.org",
        "mairie13108@example.org",
    ]
    message = next(m for _, to, m in catcher.envelopes if to == ["mairie13004@example.org"])
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert links.personal_url(invitation) in text
    assert links.unsubscribe_url(invitation) in text
    assert "⟦" not in text
    assert "Base légale" in text
    assert message["From"] == "Équipe du PAT <enquetes@exemple.fr>"
    assert message["Reply-To"] == "pat@example.org"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].strip().startswith("<https://enquetes.exemple.fr/r/")
    invitation.refresh_from_db()
    assert invitation.sent_at is not None
    assert invitation.recipients == ["mairie13004@example.org"]
    assert Sending.objects.get().status == SendingStatus.DONE


def test_the_link_is_stored_nowhere(invitation: Invitation, catcher: Catcher) -> None:
    run(start(invitation.campaign))

    token = links.slug_of(invitation).partition("-")[2]
    for message in OutgoingMessage.objects.all():
        assert token not in f"{message.text}{message.headers}{message.subject}"


def test_running_the_batch_twice_writes_once(invitation: Invitation, catcher: Catcher) -> None:
    one = start(invitation.campaign)
    run(one)
    run(one)

    assert len(catcher.recipients) == 3
    assert OutgoingMessage.objects.count() == 3


def test_an_interrupted_batch_goes_on_where_it_stopped(
    invitation: Invitation, catcher: Catcher
) -> None:
    one = start(invitation.campaign)
    first = one.lines.order_by("pk").first()
    assert first is not None
    sending.send_line(line=first)

    run(one)

    assert sorted(set(catcher.recipients)) == sorted(catcher.recipients)
    assert len(catcher.recipients) == 3


def test_an_answer_that_arrives_meanwhile_is_not_written_to(
    invitation: Invitation, catcher: Catcher
) -> None:
    one = start(invitation.campaign)
    send(invitation)
    OutgoingMessage.objects.all().delete()

    run(one)

    assert "mairie13004@example.org" not in catcher.recipients
    line = one.lines.get(invitation=invitation)
    assert (line.status, line.reason) == (LineStatus.SKIPPED, "a déjà répondu")


def test_two_recipients_of_an_organisation_receive_the_same_link(
    invitation: Invitation, catcher: Catcher
) -> None:
    for name in ("Aline", "Bruno"):
        add_contact(
            organisation=invitation.organisation,
            full_name=name,
            email=f"{name.lower()}@example.org",
            is_personal=False,
        )

    run(start(invitation.campaign))

    mine = [to[0] for _, to, m in catcher.envelopes if to[0].split("@")[0] in ("aline", "bruno")]
    assert sorted(mine) == ["aline@example.org", "bruno@example.org"]
    assert "mairie13004@example.org" not in catcher.recipients


def test_the_first_real_sending_asks_for_its_number(
    invitation: Invitation, bob: Membership
) -> None:
    campaign = invitation.campaign
    client = client_of(bob)
    url = reverse("surveys:sending-prepare", args=[campaign.pk, "invitation"])

    assert "écrivez ce nombre" in client.get(url).content.decode()
    refused = client.post(url, {"count": "2"})
    assert refused.status_code == 422
    assert not Sending.objects.exists()
    accepted = client.post(url, {"count": "3"})
    assert accepted.status_code == 302
    assert Sending.objects.get().confirmed_count == 3
    with pytest.raises(SendingRefusedError, match="déjà en cours"):
        start(campaign)


def test_the_service_itself_refuses_a_first_sending_without_its_number(
    invitation: Invitation,
) -> None:
    with pytest.raises(SendingRefusedError, match="écrivez le nombre de messages, 3"):
        sending.start_sending(campaign=invitation.campaign, kind=INVITE, by=None)


def test_a_fictitious_campaign_never_sends(invitation: Invitation, catcher: Catcher) -> None:
    Campaign.objects.update(fictitious=True)
    campaign = Campaign.objects.get()

    run(sending.start_sending(campaign=campaign, kind=INVITE, by=None))

    assert catcher.recipients == []
    assert set(OutgoingMessage.objects.values_list("status", flat=True)) == {MessageStatus.HELD}
    invitation.refresh_from_db()
    assert invitation.sent_at is not None  # the demo's story goes on


def test_without_a_server_nothing_is_said_to_be_sent(invitation: Invitation) -> None:
    one = start(invitation.campaign)
    run(one)

    invitation.refresh_from_db()
    assert invitation.sent_at is None
    assert "serveur" in one.lines.get(invitation=invitation).reason
    assert set(reasons(invitation.campaign, INVITE).values()) == {"déjà écrit aujourd’hui"}
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert set(reasons(invitation.campaign, INVITE).values()) == {
            "un message attend dans la boîte d’envoi"
        }


def test_a_held_message_is_said_to_be_held(invitation: Invitation, bob: Membership) -> None:
    one = start(invitation.campaign)
    run(one)

    client, campaign = client_of(bob), invitation.campaign
    text = plain(
        client.get(reverse("surveys:sending", args=[campaign.pk, one.pk])).content.decode()
    )
    assert "confié à l’envoi" not in text
    assert text.count("retenu (aucun serveur d’envoi)") == 3
    overview = client.get(reverse("surveys:sendings", args=[campaign.pk])).content.decode()
    assert "0 sur 3, 3 retenus (aucun serveur d’envoi)" in plain(overview)
    assert plain(sending.summary(one)) == ("0 organisme servi, 3 retenus (aucun serveur d’envoi).")
    assert "0 organisme à inviter, 0 message ;" in plain(overview)


def test_a_held_message_does_not_take_a_wrong_address_off_the_calls(
    invitation: Invitation,
) -> None:
    before = timezone.now() - timedelta(days=9)
    invitations.mark_sent(invitation=invitation, at=before, recipients=["ancienne@example.org"])
    invitations.mark_bounced(invitation=invitation, reason="550")
    run(start(invitation.campaign))

    (line,) = calls_to_make(invitation.campaign, timezone.localdate())
    assert line.invitation == invitation
    assert line.situation.messages == 0


def test_a_message_held_then_refused_is_not_written_to_again(invitation: Invitation) -> None:
    run(start(invitation.campaign))
    OutgoingMessage.objects.update(status=MessageStatus.FAILED_HARD, last_error="550 inconnu")
    follow_deliveries()

    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert set(reasons(invitation.campaign, INVITE).values()) == {
            "adresse en erreur, à corriger"
        }


def test_a_draft_campaign_sends_nothing(invitation: Invitation) -> None:
    Campaign.objects.update(status="draft")
    with pytest.raises(SendingRefusedError, match="pas ouverte"):
        start(Campaign.objects.get())


def test_a_refused_address_marks_the_invitation(invitation: Invitation, catcher: Catcher) -> None:
    update_organisation(organisation=invitation.organisation, email="inconnu@example.org")

    run(start(invitation.campaign))

    invitation.refresh_from_db()
    assert invitation.bounced_at is not None
    assert "550" in invitation.bounce_reason
    found = Invitation.objects.with_state().get(pk=invitation.pk)
    assert found.state == "bounced"
    # The same address is not tried again; another one is.
    assert reasons(invitation.campaign, INVITE)["Mairie d’Arles"] == "adresse en erreur, à corriger"
    update_organisation(organisation=invitation.organisation, email="accueil@example.org")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert reasons(invitation.campaign, INVITE)["Mairie d’Arles"] == ""


def test_the_daily_limit_leaves_the_rest_for_the_next_day(
    invitation: Invitation, catcher: Catcher
) -> None:
    Campaign.objects.update(daily_limit=2)
    one = start(Campaign.objects.get())
    run(one)
    assert len(catcher.recipients) == 2
    one.refresh_from_db()
    assert one.status == SendingStatus.RUNNING

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        run(one)
    assert len(catcher.recipients) == 3
    one.refresh_from_db()
    assert one.status == SendingStatus.DONE


def test_stopping_a_sending_withdraws_what_waits(invitation: Invitation) -> None:
    one = start(invitation.campaign)
    first = one.lines.order_by("pk").first()
    assert first is not None
    sending.send_line(line=first)

    assert sending.cancel_sending(sending=one) == 1

    assert OutgoingMessage.objects.get().status == MessageStatus.CANCELLED
    assert list(one.lines.values_list("status", flat=True).order_by("pk")) == [
        LineStatus.QUEUED,
        LineStatus.SKIPPED,
        LineStatus.SKIPPED,
    ]


def test_one_click_unsubscribe_needs_no_cookie_and_silences_that_address_alone(
    invitation: Invitation, catcher: Catcher
) -> None:
    run(start(invitation.campaign))
    header = next(
        m["List-Unsubscribe"] for _, to, m in catcher.envelopes if to == ["mairie13004@example.org"]
    )
    path = header.strip(" <>").removeprefix("https://enquetes.exemple.fr")
    client = client_of(None)
    client.handler.enforce_csrf_checks = True

    assert client.get(path).status_code == 302
    invitation.refresh_from_db()
    assert not invitation.no_reminder  # scanners follow links
    for _ in range(2):
        answer = client.post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    invitation.refresh_from_db()
    assert invitation.no_reminder
    assert [s.email for s in MailSuppression.objects.all()] == ["mairie13004@example.org"]
    invitation.organisation.refresh_from_db()
    assert reasons(invitation.campaign, REMIND)["Mairie d’Arles"] == "ne veut plus être relancée"
    forged = client.post(path.replace(path.split("/")[4], "000000000000"))
    assert forged.status_code == 200
    assert MailSuppression.objects.count() == 1


def test_a_trial_goes_to_oneself_without_a_real_link(
    invitation: Invitation, bob: Membership
) -> None:
    client = client_of(bob)

    client.post(
        reverse("surveys:campaign-trial", args=[invitation.campaign_id]),
        {"kind": "invitation", "exemple": str(invitation.pk)},
    )

    message = OutgoingMessage.objects.get()
    assert message.to_email == "bob@example.org"
    assert message.subject.startswith("[essai]")
    assert "Mairie d’Arles" in message.text
    assert "/r/" not in message.text
    assert "⟦" not in message.text


def test_replacing_a_link_then_reminding_sends_the_new_one(
    invitation: Invitation, catcher: Catcher
) -> None:
    run(start(invitation.campaign))
    old = links.personal_url(invitation)
    invitations.revoke_link(invitation=invitation)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        run(sending.start_sending(campaign=invitation.campaign, kind=REMIND, by=None))

    last = [m for _, to, m in catcher.envelopes if to == ["mairie13004@example.org"]][-1]
    body = last.get_body(("plain",))
    assert body is not None
    assert links.personal_url(invitation) in body.get_content()
    assert old not in body.get_content()


def test_the_worker_does_the_sending_and_says_so(invitation: Invitation, catcher: Catcher) -> None:
    one = start(invitation.campaign)
    assert one.job is not None

    perform(one.job.pk)
    delivery.deliver_due()

    one.job.refresh_from_db()
    assert one.job.status == JobStatus.DONE
    assert "3 organismes servis" in plain(one.job.message)
    assert len(catcher.recipients) == 3


def test_a_job_cancelled_by_somebody_stops_the_sending(
    invitation: Invitation, catcher: Catcher
) -> None:
    one = start(invitation.campaign)
    assert one.job is not None
    cancel_job(job=one.job)

    assert reminders.run_due() == 0

    one.refresh_from_db()
    assert one.status == SendingStatus.CANCELLED
    assert set(one.lines.values_list("status", flat=True)) == {LineStatus.SKIPPED}
    delivery.deliver_due()
    assert catcher.recipients == []
