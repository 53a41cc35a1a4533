"""Delivery reports: read, verified, acted upon."""

from typing import Any

import pytest
from django.utils import timezone

from restanque.accounts.models import Workspace
from restanque.core import mail
from restanque.core.mail.building import envelope_sender
from restanque.core.models import MessageStatus, OutgoingMessage
from tests.core.messages import queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(workspace: Workspace, settings: Any) -> OutgoingMessage:
    """A message that left, with a return address of its own."""
    settings.BOUNCE_ADDRESS = "rebond@exemple.fr"
    message = queue(workspace)
    message.status, message.sent_at = MessageStatus.SENT, timezone.now()
    message.save()
    return message


def report(to: str, status: str, action: str = "failed") -> bytes:
    return f"""From: MAILER-DAEMON@mx.exemple.fr
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

unknown user
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.exemple.fr

Final-Recipient: rfc822; mairie@arles.fr
Action: {action}
Status: {status}

--B--
""".replace("\n", "\r\n").encode()


def test_a_permanent_return_sets_the_address_aside(
    sent: OutgoingMessage, workspace: Workspace
) -> None:
    mail.record_bounce(report(envelope_sender(sent), "5.1.1"))
    sent.refresh_from_db()

    assert sent.status == MessageStatus.FAILED_HARD
    assert mail.is_suppressed(workspace, "mairie@arles.fr")


def test_a_temporary_return_is_only_noted(sent: OutgoingMessage, workspace: Workspace) -> None:
    mail.record_bounce(report(envelope_sender(sent), "4.2.2"))
    sent.refresh_from_db()

    assert sent.status == MessageStatus.FAILED_SOFT
    assert sent.next_attempt_at is None
    assert not mail.is_suppressed(workspace, "mairie@arles.fr")


def test_a_delay_notice_changes_nothing(sent: OutgoingMessage) -> None:
    assert mail.record_bounce(report(envelope_sender(sent), "4.2.2", action="delayed")) is None
    sent.refresh_from_db()

    assert sent.status == MessageStatus.SENT


def test_a_forged_return_changes_nothing(sent: OutgoingMessage) -> None:
    forged = f"rebond+{sent.pk}-0123456789ab@exemple.fr"

    assert mail.record_bounce(report(forged, "5.1.1")) is None
    sent.refresh_from_db()

    assert sent.status == MessageStatus.SENT


@pytest.mark.parametrize("raw", [b"", b"hello", b"To: rebond@exemple.fr\r\n\r\nbonjour"])
def test_anything_else_is_ignored(db: None, raw: bytes) -> None:
    assert mail.record_bounce(raw) is None
