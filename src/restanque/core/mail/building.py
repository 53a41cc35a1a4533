"""From an outbox row to the bytes that the server receives."""

import hashlib
import hmac
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from restanque.core.mail.marks import fill, has_marks, marks_of
from restanque.core.models import OutgoingMessage


def build(message: OutgoingMessage) -> EmailMultiAlternatives:
    """The e-mail, its marks filled. Raises UnknownMarkError rather than leave one in."""
    contents = (message.text, message.html, *message.headers.values())
    values = marks_of(message.subject_key) if has_marks(*contents) else {}
    headers = {name: fill(value, values) for name, value in message.headers.items()}
    if headers.get("List-Unsubscribe", "").startswith("<https://"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    headers["Message-ID"] = message.message_id
    # RFC 3834: answering machines must stay silent.
    headers["Auto-Submitted"] = "auto-generated"
    headers["From"] = sender_of(message)
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=fill(message.text, values),
        from_email=envelope_sender(message),
        to=[formataddr((message.to_name, message.to_email))],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers=headers,
    )
    if message.html:
        email.attach_alternative(fill(message.html, values, escape=True), "text/html")
    return email


def as_bytes(message: OutgoingMessage) -> bytes:
    """What the server receives, with the line ends of SMTP."""
    raw: bytes = build(message).message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
    return raw


def sender_of(message: OutgoingMessage) -> str:
    """The sender that people read: the team's name, the instance's address."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((message.from_name or name, address))


def envelope_sender(message: OutgoingMessage) -> str:
    """Where the servers return what cannot be delivered (VERP: it names the message)."""
    if not settings.BOUNCE_ADDRESS:
        return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    user, _, domain = settings.BOUNCE_ADDRESS.partition("@")
    return f"{user}+{message.pk}-{bounce_key(message.pk)}@{domain}"


def bounce_key(pk: int) -> str:
    """Proves that a returned message is one of ours: anybody can write to the bounce address."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"bounce:{pk}".encode(), hashlib.sha256)
    return digest.hexdigest()[:12]
