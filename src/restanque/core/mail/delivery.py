"""Delivery: the only place that talks to an SMTP server.

A message is claimed by a conditional update before the first byte, and marked sent after the
server's answer. If the process dies between the two, it stays `sending`, and becomes `uncertain`
ten minutes later: at most once, never twice. The phases of SMTP are driven one by one because only
a break after DATA leaves a doubt; before it, the message surely did not leave.
"""

import logging
import smtplib
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address
from django.utils import timezone

from restanque.core import periodic
from restanque.core.mail.building import as_bytes, envelope_sender
from restanque.core.mail.marks import UnknownMarkError
from restanque.core.mail.rules import refusal_of
from restanque.core.models import MessageStatus, OutgoingMessage, Purpose
from restanque.core.tasks_api import stopping

logger = logging.getLogger(__name__)

LEASE = "core.mail.delivery"
LEASE_SPAN = timedelta(minutes=3)
SMTP_TIMEOUT = 60  # seconds for each command, well under LEASE_SPAN
INTERRUPTED_AFTER = timedelta(minutes=10)
RETRY_MINUTES = (5, 15, 60, 240, 480, 720)
REFUSALS_IN_A_ROW = 5  # then the server is asking for a pause
PICKED = (MessageStatus.QUEUED, MessageStatus.FAILED_SOFT)


class Outcome(Enum):
    """What became of a message, and whether the connection may serve the next one."""

    SENT = "sent"
    STAYED = "stayed"
    REFUSED = "refused"
    POSTPONED = "postponed"
    BROKEN = "broken"  # the connection must be opened again
    PAUSE = "pause"  # the server refuses our sender, or asks to wait


@dataclass(slots=True)
class _Answer:
    """A reply of the server, in the terms of what we do with it."""

    outcome: Outcome
    status: MessageStatus
    error: str = ""


def deliver_due() -> int:
    """Send everything due, slowly, over one connection; how many left.

    One process at a time on the whole instance. What arrives while it ends is picked up too.
    """
    sent = 0
    while settings.EMAIL_DELIVERY and not stopping.is_set():
        if not OutgoingMessage.objects.due().exists():
            break
        with periodic.hold(LEASE, span=LEASE_SPAN) as hold:
            if hold is None:
                break
            settle_interrupted()
            count, finished = _empty_queue(hold)
        sent += count
        if not finished:
            break
    return sent


def settle_interrupted() -> int:
    """Mark `uncertain` what was being sent when its process died; how many."""
    return OutgoingMessage.objects.filter(
        status=MessageStatus.SENDING, claimed_at__lt=timezone.now() - INTERRUPTED_AFTER
    ).update(
        status=MessageStatus.UNCERTAIN,
        last_error="L’envoi a été interrompu : le message est peut-être parti.",
    )


def transmit(message: OutgoingMessage, smtp: smtplib.SMTP) -> Outcome:
    """Hand one message to the server, if it may leave: whatever its status says, the rule is read.

    Fictitious data, missing server, set-aside address: the message is put back to its place and
    no byte is sent.
    """
    refusal = refusal_of(message)
    if refusal is not None:
        _settle(message, refusal.status, PICKED, status_reason=refusal.reason)
        return Outcome.STAYED
    try:
        content = as_bytes(message)
    except (UnknownMarkError, ValueError) as error:
        logger.warning("mail: message %s cannot be built (%s)", message.pk, type(error).__name__)
        reason = str(error) if isinstance(error, UnknownMarkError) else "Le message est mal formé."
        _settle(message, MessageStatus.FAILED_HARD, PICKED, last_error=reason)
        return Outcome.STAYED
    if not _claim(message):
        return Outcome.STAYED
    answer = _converse(smtp, envelope_sender(message), message.to_email, content)
    _record(message, answer)
    logger.info("mail: message %s %s", message.pk, answer.outcome.value)
    return answer.outcome


def _empty_queue(hold: periodic.Hold) -> tuple[int, bool]:
    """Send what is due; how many left, and whether the queue was emptied."""
    backend = EmailBackend(timeout=SMTP_TIMEOUT)
    sent = refusals = 0
    try:
        while not stopping.is_set():
            message = OutgoingMessage.objects.due().select_related("workspace").first()
            if message is None:
                periodic.note_error(LEASE, "")
                return sent, True
            started = time.monotonic()
            if not hold.renew():
                return sent, False
            outcome = transmit(message, _connected(backend))
            sent += outcome is Outcome.SENT
            refusals = refusals + 1 if outcome is Outcome.POSTPONED else 0
            if outcome is Outcome.PAUSE or refusals >= REFUSALS_IN_A_ROW:
                periodic.note_error(LEASE, "Le serveur d’envoi demande d’attendre.")
                return sent, False
            if outcome is Outcome.BROKEN:
                _close(backend)
            _wait(started)
    except (OSError, smtplib.SMTPException) as error:
        # Opening failed: nothing was claimed, the next passage tries again.
        logger.warning("mail: no connection to the server (%s)", type(error).__name__)
        periodic.note_error(LEASE, "Le serveur d’envoi ne répond pas, ou refuse la connexion.")
        return sent, False
    finally:
        _close(backend)
    return sent, False


def _claim(message: OutgoingMessage) -> bool:
    """Take the message for this process; False when it is no longer to be sent."""
    return bool(
        OutgoingMessage.objects.filter(
            pk=message.pk, status__in=PICKED, fictitious=False, attempts=message.attempts
        ).update(
            status=MessageStatus.SENDING,
            status_reason="",
            claimed_at=timezone.now(),
            attempts=message.attempts + 1,
        )
    )


def _converse(smtp: smtplib.SMTP, sender: str, recipient: str, content: bytes) -> _Answer:
    """MAIL, RCPT, DATA; each refusal means something else."""
    try:
        smtp.ehlo_or_helo_if_needed()
        options = ["BODY=8BITMIME"] if smtp.has_extn("8bitmime") else []
        code, reply = smtp.mail(sanitize_address(sender, "utf-8"), options)
        if code != 250:
            return _refused(smtp, code, reply, about_sender=True)
        code, reply = smtp.rcpt(sanitize_address(recipient, "utf-8"))
        if code not in (250, 251):
            return _refused(smtp, code, reply)
    except (OSError, smtplib.SMTPException):
        return _Answer(Outcome.BROKEN, MessageStatus.FAILED_SOFT, "Connexion interrompue.")
    try:
        code, reply = smtp.data(content)
    except smtplib.SMTPDataError as error:  # refused before any content
        return _refused(smtp, error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException):
        return _Answer(
            Outcome.BROKEN,
            MessageStatus.UNCERTAIN,
            "La connexion s’est rompue : le message est peut-être parti.",
        )
    if code != 250:
        return _refused(smtp, code, reply)
    return _Answer(Outcome.SENT, MessageStatus.SENT)


def _refused(
    smtp: smtplib.SMTP, code: int, reply: bytes | str, *, about_sender: bool = False
) -> _Answer:
    """A refusal: for good, for now, or of ourselves (sender, relay policy: 530, 5.7.x)."""
    # Where this fails, the next message finds the connection dead and opens another.
    with suppress(OSError, smtplib.SMTPException):
        smtp.rset()
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    ours = about_sender or code in (421, 530, 535) or text.startswith("5.7.")
    if ours:
        return _Answer(
            Outcome.PAUSE, MessageStatus.FAILED_SOFT, f"Le serveur refuse l’envoi (code {code})."
        )
    if code >= 500:
        return _Answer(
            Outcome.REFUSED, MessageStatus.FAILED_HARD, f"Refusé par le destinataire (code {code})."
        )
    return _Answer(
        Outcome.POSTPONED, MessageStatus.FAILED_SOFT, f"Refusé pour l’instant (code {code})."
    )


def _record(message: OutgoingMessage, answer: _Answer) -> None:
    """Write what became of a claimed message."""
    sending = (MessageStatus.SENDING,)
    if answer.status == MessageStatus.SENT:
        _settle(message, MessageStatus.SENT, sending, sent_at=timezone.now(), last_error="")
        if message.purpose == Purpose.ACCOUNT:
            # A sign-in code is an access: it does not stay after it left.
            OutgoingMessage.objects.filter(pk=message.pk).update(text="", html="")
    elif answer.status == MessageStatus.FAILED_SOFT:
        attempt = message.attempts + 1
        if attempt >= len(RETRY_MINUTES):
            _settle(message, MessageStatus.FAILED_HARD, sending, last_error=answer.error)
        else:
            later = timezone.now() + timedelta(minutes=RETRY_MINUTES[attempt - 1])
            _settle(message, answer.status, sending, last_error=answer.error, next_attempt_at=later)
    else:
        _settle(message, answer.status, sending, last_error=answer.error)


def _settle(
    message: OutgoingMessage,
    status: MessageStatus,
    from_statuses: tuple[MessageStatus, ...],
    **fields: object,
) -> None:
    fields.setdefault("next_attempt_at", None)
    OutgoingMessage.objects.filter(pk=message.pk, status__in=from_statuses).update(
        status=status, **fields
    )


def _connected(backend: EmailBackend) -> smtplib.SMTP:
    """The open connection, or a new one: many servers close after some messages, and that must be
    known before the next message is claimed. Raises OSError or SMTPException.
    """
    if backend.connection is not None:
        with suppress(OSError, smtplib.SMTPException):
            if backend.connection.noop()[0] == 250:
                return backend.connection
    _close(backend)
    backend.open()
    if backend.connection is None:
        raise smtplib.SMTPServerDisconnected("no connection")
    return backend.connection


def _close(backend: EmailBackend) -> None:
    with suppress(OSError, smtplib.SMTPException):
        backend.close()


def _wait(started: float) -> None:
    """Keep the pace that the authority's relay accepts, counted from the start of the message."""
    if settings.MAIL_PER_SECOND > 0:
        stopping.wait(max(0.0, started + 1 / settings.MAIL_PER_SECOND - time.monotonic()))
