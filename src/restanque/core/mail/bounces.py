"""Delivery reports that come back later: who could not be reached, and for good or not."""

import hmac
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

from django.db import transaction

from restanque.core.mail.building import bounce_key
from restanque.core.mail.services import suppress_address
from restanque.core.models import MessageStatus, OutgoingMessage, SuppressionReason

_VERP = re.compile(r"\+(\d+)-([0-9a-f]{12})@")
RETURNED_TO = ("X-Original-To", "Delivered-To", "To")


@dataclass(frozen=True, slots=True)
class Report:
    """What a delivery report says: our message, and the RFC 3463 status, « 5.1.1 »."""

    message_id: int
    status: str

    @property
    def permanent(self) -> bool:
        """Whether the address will never accept."""
        return self.status.startswith("5.")


def read_report(raw: bytes) -> Report | None:
    """The report in a returned message, or None when it is not one, or not about one of ours."""
    returned = message_from_bytes(raw, policy=policy.default)
    pk = _message_of(returned)
    if pk is None:
        return None
    for part in returned.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        # The first block is about the whole report, the others about each recipient.
        for block in blocks[1:] if isinstance(blocks, list) else []:
            if isinstance(block, Message) and block.get("Action", "").strip().lower() == "failed":
                return Report(pk, str(block.get("Status", "")).strip())
    return None


@transaction.atomic
def record_bounce(raw: bytes) -> Report | None:
    """Mark the message of a report, and set its address aside when the refusal is permanent."""
    report = read_report(raw)
    if report is None:
        return None
    message = (
        OutgoingMessage.objects.select_related("workspace")
        .filter(pk=report.message_id, status__in=(MessageStatus.SENT, MessageStatus.UNCERTAIN))
        .first()
    )
    if message is None:
        return None
    message.status = MessageStatus.FAILED_HARD if report.permanent else MessageStatus.FAILED_SOFT
    message.last_error = f"Retourné par le serveur du destinataire ({report.status})."
    message.save(update_fields=["status", "last_error"])
    if report.permanent and message.workspace is not None:
        suppress_address(
            workspace=message.workspace,
            email=message.to_email,
            reason=SuppressionReason.BOUNCED,
        )
    return report


def _message_of(returned: Message) -> int | None:
    for header in RETURNED_TO:
        match = _VERP.search(str(returned.get(header, "")))
        if match and hmac.compare_digest(bounce_key(int(match[1])), match[2]):
            return int(match[1])
    return None
