"""Every write on messages, except what delivery itself records."""

import uuid
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from restanque.accounts.models import Workspace
from restanque.core import tasks_api
from restanque.core.mail.addresses import address_problem, domain_of, normalise
from restanque.core.mail.rules import is_fictitious_person, refusal_of
from restanque.core.mail.tasks import deliver_mail
from restanque.core.models import (
    MailSuppression,
    MessageStatus,
    OutgoingMessage,
    Purpose,
    SuppressionReason,
)
from restanque.kit.text import search_key

WAITING = (MessageStatus.HELD, MessageStatus.QUEUED, MessageStatus.FAILED_SOFT)
ENDED_BADLY = (MessageStatus.UNCERTAIN, MessageStatus.FAILED_SOFT, MessageStatus.FAILED_HARD)
# Somebody is waiting for these in front of a screen.
URGENT = (Purpose.ACCOUNT, Purpose.RECEIPT, Purpose.HANDOVER)
OWN_HEADERS = {
    "from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date", "message-id",
    "auto-submitted", "content-type",
}  # fmt: skip
FICTITIOUS_PREFIX = "[données fictives] "


@transaction.atomic
def queue_message(
    *,
    workspace: Workspace | None,
    to_email: str,
    subject: str,
    text: str,
    purpose: Purpose,
    html: str = "",
    to_name: str = "",
    reply_to: str = "",
    from_name: str = "",
    headers: Mapping[str, str] | None = None,
    subject_key: str = "",
    fictitious: bool = False,
    idempotency_key: str | None = None,
    list_unsubscribe_url: str | None = None,
) -> OutgoingMessage:
    """Put a message in the outbox; it leaves by job after the commit, if it may.

    The same `idempotency_key` gives back the first message, unchanged. Raises ValidationError, in
    French, on a wrong address or header.
    """
    if idempotency_key is not None:
        known = OutgoingMessage.objects.filter(idempotency_key=idempotency_key).first()
        if known is not None:
            return known
    fictitious = (
        fictitious
        or (workspace is not None and workspace.fictitious)
        or (workspace is None and is_fictitious_person(to_email))
    )
    message = OutgoingMessage(
        workspace=workspace,
        to_email=_checked_address(to_email),
        to_name=to_name[:200],
        from_name=from_name[:200],
        reply_to=_checked_address(reply_to) if reply_to else "",
        subject=f"{FICTITIOUS_PREFIX if fictitious else ''}{' '.join(subject.split())}"[:300],
        text=text,
        html=html,
        headers=_checked_headers(headers or {}, list_unsubscribe_url),
        purpose=purpose,
        fictitious=fictitious,
        urgent=purpose in URGENT,
        subject_key=subject_key,
        idempotency_key=idempotency_key,
        message_id=f"<{uuid.uuid4().hex}@{domain_of(settings.DEFAULT_FROM_EMAIL)}>",
    )
    message.search_key = search_key(f"{message.to_name} {message.to_email} {message.subject}")[:900]
    _set_out(message)
    message.full_clean()
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        # Another process has just queued the same one; anything else is a real fault.
        return OutgoingMessage.objects.get(idempotency_key=message.idempotency_key)
    return message


@transaction.atomic
def cancel(*, message: OutgoingMessage) -> bool:
    """Withdraw a message that has not left; False when it is too late."""
    return bool(
        OutgoingMessage.objects.filter(pk=message.pk, status__in=WAITING).update(
            status=MessageStatus.CANCELLED, status_reason="Retiré par l’équipe."
        )
    )


@transaction.atomic
def release(*, message: OutgoingMessage) -> OutgoingMessage:
    """Let a held message go, if it may now. Raises ValidationError saying why it may not."""
    return _start_again(message, (MessageStatus.HELD,))


@transaction.atomic
def send_again(*, message: OutgoingMessage) -> OutgoingMessage:
    """Try a message once more on a person's decision, after a refusal or a doubt."""
    return _start_again(message, ENDED_BADLY)


@transaction.atomic
def suppress_address(*, workspace: Workspace, email: str, reason: SuppressionReason) -> None:
    """Stop writing to an address, now and for what waits. Doing it twice changes nothing."""
    address = _checked_address(email)
    MailSuppression.objects.get_or_create(
        workspace=workspace, email=address, defaults={"reason": reason}
    )
    OutgoingMessage.objects.filter(
        workspace=workspace, to_email=address, status__in=WAITING
    ).update(
        status=MessageStatus.SUPPRESSED,
        status_reason="Cette adresse ne doit plus être sollicitée.",
        next_attempt_at=None,
    )


@transaction.atomic
def lift_suppression(*, workspace: Workspace, email: str) -> bool:
    """Allow an address again, on its holder's request; False when it was not set aside."""
    found = MailSuppression.objects.filter(workspace=workspace, email=normalise(email))
    return bool(found.delete()[0])


def messages_for(*, workspace: Workspace, keys: Iterable[str]) -> dict[str, list[OutgoingMessage]]:
    """The messages about some things, newest first; every asked key is in the answer."""
    answer: dict[str, list[OutgoingMessage]] = {key: [] for key in keys}
    for message in OutgoingMessage.objects.filter(workspace=workspace, subject_key__in=answer):
        answer[message.subject_key].append(message)
    return answer


def _start_again(message: OutgoingMessage, allowed: tuple[MessageStatus, ...]) -> OutgoingMessage:
    message = (
        OutgoingMessage.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=message.pk)
    )
    if message.status not in allowed:
        raise ValidationError(f"Ce message est « {message.get_status_display()} ».")
    refusal = refusal_of(message)
    if refusal is not None:
        raise ValidationError(refusal.reason)
    message.attempts = 0
    _set_out(message)
    message.save()
    return message


def _set_out(message: OutgoingMessage) -> None:
    """Give a message its first status, and ask for delivery when it may leave."""
    refusal = refusal_of(message)
    message.next_attempt_at = None
    if refusal is not None:
        message.status, message.status_reason = refusal.status, refusal.reason
        return
    message.status, message.status_reason, message.last_error = MessageStatus.QUEUED, "", ""
    message.claimed_at = None
    tasks_api.enqueue_once(deliver_mail)


def _checked_address(address: str) -> str:
    problem = address_problem(address)
    if problem:
        raise ValidationError(problem)
    return normalise(address)


def _checked_headers(headers: Mapping[str, str], unsubscribe_url: str | None) -> dict[str, str]:
    checked = dict(headers)
    if unsubscribe_url:
        checked["List-Unsubscribe"] = f"<{unsubscribe_url}>"
    for name, value in checked.items():
        if name.lower() in OWN_HEADERS:
            raise ValidationError(f"L’en-tête « {name} » est posé par l’envoi lui-même.")
        if "\n" in value or "\r" in value or not name.replace("-", "").isalnum():
            raise ValidationError(f"L’en-tête « {name} » n’est pas valable.")
    return checked
