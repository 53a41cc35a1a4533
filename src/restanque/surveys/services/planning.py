"""The list of a sending, before anything is written: who would receive, why not the others."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from restanque.core.models import MessageStatus, OutgoingMessage
from restanque.directory.reach import Recipient, recipients_by_organisation
from restanque.kit.text import format_date
from restanque.surveys.models import Campaign, Invitation, Sending, SendingLine
from restanque.surveys.models.campaigns import InvitationState
from restanque.surveys.models.sendings import LineStatus, SendingKind, SendingMedium

NO_ADDRESS = "aucune adresse utilisable"
_ANSWERED = (InvitationState.SUBMITTED, InvitationState.VALIDATED, InvitationState.REJECTED)
_WAITING = (MessageStatus.HELD, MessageStatus.QUEUED, MessageStatus.FAILED_SOFT)


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One invitation in a list of sending: who would receive, or why nobody does."""

    invitation: Invitation
    recipients: tuple[Recipient, ...]
    why_not: str = ""

    @property
    def leaves(self) -> bool:
        """Whether something would be written."""
        return not self.why_not


@dataclass(frozen=True, slots=True)
class SendingPlan:
    """The whole list, before anything is written."""

    kind: SendingKind
    lines: tuple[PlannedLine, ...]

    @property
    def leaving(self) -> list[PlannedLine]:
        """The lines that would be written to."""
        return [line for line in self.lines if line.leaves]

    @property
    def staying(self) -> list[PlannedLine]:
        """The lines left out, each with its reason."""
        return [line for line in self.lines if not line.leaves]

    @property
    def messages(self) -> int:
        """How many messages that makes: an organisation may have several recipients."""
        return sum(len(line.recipients) for line in self.leaving)


def plan_sending(
    *,
    campaign: Campaign,
    kind: SendingKind,
    now: datetime,
    only: Collection[int] | None = None,
    from_here: bool = True,
) -> SendingPlan:
    """Who would be written to now, and why not the others. Reads only, in five queries.

    `only` narrows to some invitations. Not `from_here`: the messages leave from somebody else's
    mailbox, so that what waits in the outbox or was written on this day holds nobody back.
    """
    found = Invitation.objects.filter(campaign=campaign)
    if only is not None:
        found = found.filter(pk__in=only)
    rows = list(
        found.with_state()
        .select_related("organisation__commune")
        .order_by("organisation__name_key", "pk")
    )
    reachable = recipients_by_organisation([row.organisation for row in rows])
    remindable = set(found.to_remind().values_list("pk", flat=True))
    busy = _busy(campaign, now) if from_here else {}
    lines = []
    for row in rows:
        recipients = tuple(reachable[row.organisation_id])
        why_not = _why_not(row, kind, recipients, remindable=row.pk in remindable)
        lines.append(PlannedLine(row, recipients, why_not or busy.get(row.pk, "")))
    return SendingPlan(kind, tuple(lines))


def _why_not(
    invitation: Invitation,
    kind: SendingKind,
    recipients: tuple[Recipient, ...],
    *,
    remindable: bool,
) -> str:
    """Why an invitation is left out, "" when it is written to. The first reason wins."""
    state = invitation.state  # type: ignore[attr-defined]
    if state in _ANSWERED:
        return "a déjà répondu"
    if state == InvitationState.REFUSED:
        return "ne souhaite pas répondre"
    if kind == SendingKind.INVITATION:
        reason = _not_invited_again(invitation, recipients)
    else:
        reason = "" if remindable else _not_reminded(invitation)
    if not reason and not recipients:
        reason = NO_ADDRESS
    return reason


def _not_invited_again(invitation: Invitation, recipients: tuple[Recipient, ...]) -> str:
    if invitation.bounced_at is not None:
        known = set(invitation.recipients)
        if all(recipient.email in known for recipient in recipients):
            return "adresse en erreur, à corriger"
        return ""
    if invitation.sent_at is not None:
        return f"déjà invitée le {format_date(timezone.localtime(invitation.sent_at).date())}"
    return ""


def _not_reminded(invitation: Invitation) -> str:
    if invitation.sent_at is None:
        return "pas encore invitée"
    if invitation.bounced_at is not None:
        return "adresse en erreur"
    return "ne veut plus être relancée"


def _busy(campaign: Campaign, now: datetime) -> dict[int, str]:
    """Invitations that must not be written to now, with the reason.

    Already written to on this day, whatever the kind; or a message still waits in the outbox.
    """
    busy = {}
    if not campaign.fictitious:
        waiting = OutgoingMessage.objects.filter(
            idempotency_key__startswith=key_prefix(campaign), status__in=_WAITING
        )
        for key in waiting.values_list("idempotency_key", flat=True):
            busy[int(str(key).split(":")[3])] = "un message attend dans la boîte d’envoi"
    today = SendingLine.objects.filter(
        sending__campaign=campaign,
        sending__medium=SendingMedium.EMAIL,
        status=LineStatus.QUEUED,
        at__gte=midnight(now),
    )
    busy |= dict.fromkeys(today.values_list("invitation", flat=True), "déjà écrit aujourd’hui")
    return busy


def key_prefix(campaign: Campaign) -> str:
    """How the idempotency keys of a campaign's messages begin."""
    return f"sending:{campaign.pk}:"


def held_lines(campaign: Campaign, sending: Sending | None = None) -> set[str]:
    """Message keys of the lines (of one sending) whose every message is kept here for want of a
    server.

    What a fictitious campaign writes never leaves: its story goes on as if it had.
    """
    if campaign.fictitious:
        return set()
    prefix = key_prefix(campaign) + (f"{sending.pk}:" if sending is not None else "")
    written = OutgoingMessage.objects.filter(idempotency_key__startswith=prefix)
    held: dict[str, bool] = {}
    for key, status in written.values_list("idempotency_key", "status"):
        line = str(key).rpartition(":")[0]
        held[line] = held.get(line, True) and status == MessageStatus.HELD
    return {line for line, is_held in held.items() if is_held}


def midnight(now: datetime) -> datetime:
    """The beginning of the local day."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
