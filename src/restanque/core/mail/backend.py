"""Django's and allauth's own messages (sign-in codes) go through the outbox like the others."""

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from restanque.core.mail.services import queue_message
from restanque.core.models import Purpose


class OutboxBackend(BaseEmailBackend):
    """Stores each message, once a recipient, as an account message; delivery is by job."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue the messages; how many. Attachments are refused: nothing of ours sends any."""
        for email in email_messages:
            if email.attachments:
                raise ValueError("Account messages have no attachment.")
            for address in email.recipients():
                queue_message(
                    workspace=None,
                    to_email=address,
                    subject=str(email.subject),
                    text=str(email.body),
                    html=_html_of(email),
                    purpose=Purpose.ACCOUNT,
                )
        return len(email_messages)


def _html_of(email: EmailMessage) -> str:
    if not isinstance(email, EmailMultiAlternatives):
        return ""
    return next((str(content) for content, kind in email.alternatives if kind == "text/html"), "")
