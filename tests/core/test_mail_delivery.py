"""Delivery to a real SMTP server on the loopback: what leaves, what never does, after a crash."""

import logging
import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from restanque.accounts.models import Workspace
from restanque.accounts.services import create_workspace
from restanque.core import mail, periodic
from restanque.core.mail import delivery
from restanque.core.models import (
    MailSuppression,
    MessageStatus,
    OutgoingMessage,
    Purpose,
    SuppressionReason,
)
from tests.core.messages import queue
from tests.core.smtp import Catcher

pytestmark = pytest.mark.django_db


def status_of(message: OutgoingMessage) -> str:
    message.refresh_from_db()
    return message.status


def test_a_message_arrives_with_its_headers(workspace: Workspace, catcher: Catcher) -> None:
    message = queue(
        workspace,
        to_name="Mairie d’Arles",
        from_name="PETR du Pays d’Arles",
        reply_to="pat@exemple.fr",
        html="<p>Bonjour, votre lien personnel est prêt.</p>",
        list_unsubscribe_url="https://exemple.fr/stop",
    )

    assert delivery.deliver_due() == 1

    assert status_of(message) == MessageStatus.SENT
    assert message.sent_at is not None
    sender, recipients, received = catcher.envelopes[0]
    assert (sender, recipients) == ("enquetes@exemple.fr", ["mairie@arles.fr"])
    assert received["From"] == "PETR du Pays d’Arles <enquetes@exemple.fr>"
    assert received["To"] == "Mairie d’Arles <mairie@arles.fr>"
    assert received["Reply-To"] == "pat@exemple.fr"
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["List-Unsubscribe"] == "<https://exemple.fr/stop>"
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert received["Message-ID"] == message.message_id
    body = received.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == message.text


def test_one_connection_serves_all_and_each_message_leaves_once(
    workspace: Workspace, catcher: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    connect = smtplib.SMTP.connect
    monkeypatch.setattr(
        smtplib.SMTP, "connect", lambda *a, **k: (opened.append(1), connect(*a, **k))[1]
    )
    for rank in range(25):
        queue(workspace, to_email=f"mairie{rank}@exemple.fr")

    assert delivery.deliver_due() == 25
    assert delivery.deliver_due() == 0

    assert sorted(catcher.recipients) == sorted(f"mairie{rank}@exemple.fr" for rank in range(25))
    assert len(opened) == 1


def test_sign_in_codes_leave_before_invitations(workspace: Workspace, catcher: Catcher) -> None:
    queue(workspace)
    queue(None, to_email="alice@example.org", purpose=Purpose.ACCOUNT)

    delivery.deliver_due()

    assert catcher.recipients == ["alice@example.org", "mairie@arles.fr"]


def test_a_sent_code_does_not_stay_in_the_outbox(db: None, catcher: Catcher) -> None:
    message = queue(None, text="Votre code : 123456", purpose=Purpose.ACCOUNT)

    delivery.deliver_due()
    message.refresh_from_db()

    assert "123456" in catcher.raw[0].decode()
    assert message.text == ""


def test_marks_are_filled_at_sending_and_never_stored(
    workspace: Workspace, catcher: Catcher
) -> None:
    mail.register_marks(
        "test",
        lambda key: {
            "lien": f"https://exemple.fr/r/{key[5:]}?a=1&b=2",
            "refus": "https://exemple.fr/stop",
        },
    )
    message = queue(
        workspace,
        text="Votre lien : ⟦lien⟧",
        html='<a href="⟦lien⟧">Répondre</a>',
        list_unsubscribe_url="⟦refus⟧",
        subject_key="test:12",
    )

    delivery.deliver_due()
    received = catcher.envelopes[0][2]
    plain, rich = received.get_body(("plain",)), received.get_body(("html",))

    assert plain is not None
    assert rich is not None
    assert plain.get_content().strip() == "Votre lien : https://exemple.fr/r/12?a=1&b=2"
    assert "https://exemple.fr/r/12?a=1&amp;b=2" in rich.get_content()
    assert received["List-Unsubscribe"] == "<https://exemple.fr/stop>"
    message.refresh_from_db()
    assert "exemple.fr" not in message.text + message.html + str(message.headers)


def test_a_mark_without_value_stops_the_message(workspace: Workspace, catcher: Catcher) -> None:
    message = queue(workspace, text="Votre lien : ⟦lien⟧", subject_key="nobody:1")

    assert delivery.deliver_due() == 0

    assert status_of(message) == MessageStatus.FAILED_HARD
    assert message.last_error == "Le repère ⟦lien⟧ n’a pas de valeur."
    assert catcher.envelopes == []


@pytest.mark.parametrize(
    ("address", "status", "retried"),
    [
        ("inconnu@exemple.fr", MessageStatus.FAILED_HARD, False),
        ("plein@exemple.fr", MessageStatus.FAILED_SOFT, True),
        ("spam@exemple.fr", MessageStatus.FAILED_HARD, False),
    ],
)
def test_a_refusal_is_told_apart_and_does_not_stop_the_others(
    workspace: Workspace, catcher: Catcher, address: str, status: str, retried: bool
) -> None:
    refused, other = queue(workspace, to_email=address), queue(workspace)

    assert delivery.deliver_due() == 1

    assert status_of(refused) == status
    assert (refused.next_attempt_at is not None) is retried
    assert "code" in refused.last_error
    assert "exemple.fr" not in refused.last_error
    assert status_of(other) == MessageStatus.SENT


def test_a_soft_refusal_is_tried_again_later_then_given_up(
    workspace: Workspace, catcher: Catcher
) -> None:
    message = queue(workspace, to_email="plein@exemple.fr")
    attempts = 0
    while status_of(message) != MessageStatus.FAILED_HARD and attempts < 20:
        delivery.deliver_due()
        attempts += 1
        assert delivery.deliver_due() == 0  # not before its time
        OutgoingMessage.objects.filter(status=MessageStatus.FAILED_SOFT).update(
            next_attempt_at=timezone.now() - timedelta(seconds=1)
        )

    assert attempts == message.attempts == 6


def test_a_relay_that_refuses_us_pauses_everything_and_blames_no_address(
    workspace: Workspace, catcher: Catcher
) -> None:
    refused, other = queue(workspace, to_email="relais@exemple.fr"), queue(workspace)

    assert delivery.deliver_due() == 0

    assert status_of(refused) == MessageStatus.FAILED_SOFT
    assert status_of(other) == MessageStatus.QUEUED
    assert periodic.last_error(delivery.LEASE) == "Le serveur d’envoi demande d’attendre."


def test_a_server_that_postpones_everybody_is_left_in_peace(
    workspace: Workspace, catcher: Catcher
) -> None:
    for rank in range(8):
        queue(workspace, to_email=f"plein{rank}@exemple.fr")

    delivery.deliver_due()

    assert OutgoingMessage.objects.filter(status=MessageStatus.QUEUED).count() == 3


def test_an_absent_server_changes_no_message(workspace: Workspace, settings: Any) -> None:
    settings.EMAIL_DELIVERY = True
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = queue(workspace)

    assert delivery.deliver_due() == 0

    assert status_of(message) == MessageStatus.QUEUED
    assert message.attempts == 0
    assert "ne répond pas" in periodic.last_error(delivery.LEASE)


def test_a_cut_after_the_text_is_uncertain_and_not_sent_again(
    workspace: Workspace, catcher: Catcher
) -> None:
    cut, other = queue(workspace, to_email="coupure@exemple.fr"), queue(workspace)

    delivery.deliver_due()
    delivery.deliver_due()

    assert status_of(cut) == MessageStatus.UNCERTAIN
    assert status_of(other) == MessageStatus.SENT  # on a new connection
    assert catcher.recipients.count("coupure@exemple.fr") == 1


class Killed(BaseException):
    """The process dies here."""


@pytest.mark.parametrize("moment", ["before the first byte", "after the server's answer"])
def test_a_death_between_claim_and_record_never_sends_twice(
    workspace: Workspace, catcher: Catcher, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    message = queue(workspace)

    def die(*args: object, **kwargs: object) -> None:
        raise Killed

    target = "_converse" if moment == "before the first byte" else "_record"
    with monkeypatch.context() as patch:
        patch.setattr(delivery, target, die)
        with pytest.raises(Killed):
            delivery.deliver_due()

    assert status_of(message) == MessageStatus.SENDING
    sent_before = len(catcher.envelopes)
    delivery.deliver_due()
    assert len(catcher.envelopes) == sent_before

    OutgoingMessage.objects.update(claimed_at=timezone.now() - timedelta(minutes=11))
    delivery.settle_interrupted()
    assert status_of(message) == MessageStatus.UNCERTAIN
    delivery.deliver_due()
    assert len(catcher.envelopes) == sent_before

    mail.send_again(message=message)  # a person decides
    delivery.deliver_due()
    assert len(catcher.envelopes) == sent_before + 1


def test_a_message_taken_by_another_process_is_left_to_it(
    workspace: Workspace, catcher: Catcher, settings: Any
) -> None:
    message = queue(workspace)
    stale = OutgoingMessage.objects.get(pk=message.pk)
    OutgoingMessage.objects.filter(pk=message.pk).update(status=MessageStatus.SENDING)

    with smtplib.SMTP("127.0.0.1", settings.EMAIL_PORT) as smtp:
        assert delivery.transmit(stale, smtp) is delivery.Outcome.STAYED

    assert catcher.envelopes == []


def test_one_deliverer_at_a_time(workspace: Workspace, catcher: Catcher) -> None:
    queue(workspace)

    with periodic.hold(delivery.LEASE, span=timedelta(minutes=1)) as hold:
        assert hold is not None
        assert delivery.deliver_due() == 0
    assert delivery.deliver_due() == 1


FORCED = [MessageStatus.QUEUED, MessageStatus.FAILED_SOFT]


@pytest.mark.parametrize("status", FORCED)
def test_fictitious_never_leaves_even_if_its_status_is_forced(
    workspace: Workspace, catcher: Catcher, status: str
) -> None:
    message = queue(workspace, fictitious=True)
    OutgoingMessage.objects.update(status=status, next_attempt_at=timezone.now())

    assert delivery.deliver_due() == 0

    assert status_of(message) == MessageStatus.HELD
    assert catcher.envelopes == []


def test_a_workspace_that_became_fictitious_writes_to_nobody(
    workspace: Workspace, catcher: Catcher
) -> None:
    message = queue(workspace)
    Workspace.objects.update(fictitious=True)

    assert delivery.deliver_due() == 0

    assert status_of(message) == MessageStatus.HELD
    assert catcher.envelopes == []


def test_an_objection_after_queueing_is_honoured(workspace: Workspace, catcher: Catcher) -> None:
    message = queue(workspace)
    MailSuppression.objects.create(
        workspace=workspace, email="mairie@arles.fr", reason=SuppressionReason.MANUAL
    )

    assert delivery.deliver_due() == 0

    assert status_of(message) == MessageStatus.SUPPRESSED
    assert catcher.envelopes == []


@pytest.mark.parametrize("switch", [{"EMAIL_DELIVERY": False}, {"DEMO": True}])
def test_nothing_reaches_the_server_when_delivery_is_off(
    workspace: Workspace, catcher: Catcher, settings: Any, switch: dict[str, bool]
) -> None:
    message = queue(workspace)
    for name, value in switch.items():
        setattr(settings, name, value)
    message.refresh_from_db()

    assert delivery.deliver_due() == 0
    with smtplib.SMTP("127.0.0.1", settings.EMAIL_PORT) as smtp:
        assert delivery.transmit(message, smtp) is delivery.Outcome.STAYED

    assert catcher.envelopes == []
    assert status_of(message) == MessageStatus.HELD


def test_the_demonstration_people_are_never_written_to(
    catcher: Catcher, workspace: Workspace
) -> None:
    from restanque.accounts.models import Role
    from restanque.accounts.services import add_member

    demo = create_workspace(name="Démo", fictitious=True)
    add_member(workspace=demo, email="demo@example.org", role=Role.AGENT, fictitious=True)
    message = queue(None, to_email="demo@example.org", purpose=Purpose.ACCOUNT)
    OutgoingMessage.objects.update(status=MessageStatus.QUEUED, fictitious=False)

    assert delivery.deliver_due() == 0

    assert status_of(message) == MessageStatus.HELD
    assert catcher.envelopes == []


def test_logs_hold_no_address(
    workspace: Workspace, catcher: Catcher, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="restanque"):
        for address in ("mairie@arles.fr", "inconnu@exemple.fr", "coupure@exemple.fr"):
            queue(workspace, to_email=address)
        delivery.deliver_due()

    assert "sent" in caplog.text
    assert "@" not in caplog.text


def test_the_pace_is_kept(workspace: Workspace, catcher: Catcher, settings: Any) -> None:
    settings.MAIL_PER_SECOND = 20.0
    for rank in range(5):
        queue(workspace, to_email=f"mairie{rank}@exemple.fr")
    started = timezone.now()

    assert delivery.deliver_due() == 5

    assert timezone.now() - started >= timedelta(seconds=0.19)


def test_delivery_is_asked_for_at_commit_and_not_before(
    workspace: Workspace, catcher: Catcher, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        queue(workspace)
        assert catcher.envelopes == []

    assert catcher.recipients == ["mairie@arles.fr"]


def test_django_messages_go_through_the_outbox(
    db: None, catcher: Catcher, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_BACKEND = "restanque.core.mail.backend.OutboxBackend"
    with django_capture_on_commit_callbacks(execute=True):
        django_mail.send_mail("Code", "Votre code : 123456", None, ["alice@example.org"])

    stored = OutgoingMessage.objects.get()
    assert (stored.purpose, stored.workspace) == (Purpose.ACCOUNT, None)
    assert stored.status == MessageStatus.SENT
    assert catcher.recipients == ["alice@example.org"]


def test_the_return_address_names_the_message(
    workspace: Workspace, catcher: Catcher, settings: Any
) -> None:
    settings.BOUNCE_ADDRESS = "rebond@exemple.fr"
    message = queue(workspace)
    delivery.deliver_due()

    sender, _, received = catcher.envelopes[0]

    assert sender.startswith(f"rebond+{message.pk}-")
    assert received["From"] == "Restanque <enquetes@exemple.fr>"
