"""What became of the messages: a regular job brings it back to the invitations."""

from restanque.core.models import MessageStatus, OutgoingMessage
from restanque.surveys.models import Campaign, SendingLine
from restanque.surveys.models.sendings import LineStatus
from restanque.surveys.services import invitations
from restanque.surveys.services.planning import key_prefix

_LEFT = (MessageStatus.SENT, MessageStatus.UNCERTAIN)
_DEAD = (MessageStatus.FAILED_HARD, MessageStatus.SUPPRESSED)


def follow_deliveries() -> int:
    """Bring back what became of the messages of open campaigns; how many invitations changed.

    All addresses refused → the invitation is bounced. A message held for want of a server, then
    released and sent → the invitation is sent, on that day.
    """
    changed = 0
    for campaign in Campaign.objects.open().filter(fictitious=False).order_by("pk"):
        changed += _follow(campaign)
    return changed


def _follow(campaign: Campaign) -> int:
    by_key: dict[str, list[OutgoingMessage]] = {}
    for message in OutgoingMessage.objects.filter(
        idempotency_key__startswith=key_prefix(campaign)
    ).order_by("pk"):
        by_key.setdefault(str(message.idempotency_key).rpartition(":")[0], []).append(message)
    latest: dict[int, SendingLine] = {}
    for line in (
        SendingLine.objects.filter(sending__campaign=campaign, status=LineStatus.QUEUED)
        .select_related("invitation")
        .order_by("at", "pk")
    ):
        latest[line.invitation_id] = line
    return sum(_settle(line, by_key.get(line.message_key, [])) for line in latest.values())


def _settle(line: SendingLine, messages: list[OutgoingMessage]) -> bool:
    invitation = line.invitation
    if not messages:
        return False
    if all(message.status in _DEAD for message in messages):
        if invitation.bounced_at is None or (line.at and invitation.bounced_at < line.at):
            invitations.mark_bounced(
                invitation=invitation,
                reason=_reason(messages[-1]),
                recipients=[message.to_email.lower() for message in messages],
            )
            return True
        return False
    left = [message for message in messages if message.status in _LEFT]
    if left and invitation.sent_at is None:
        moment = max(message.sent_at or message.created_at for message in left)
        invitations.mark_sent(
            invitation=invitation, at=moment, recipients=[message.to_email for message in left]
        )
        return True
    return False


def _reason(message: OutgoingMessage) -> str:
    return message.last_error or message.status_reason or "Adresse refusée."
