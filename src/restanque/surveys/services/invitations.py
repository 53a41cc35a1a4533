"""Writes on invitations: who is asked, what became of the link, who must be left alone."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import User
from restanque.core import mail
from restanque.core.models import OutgoingMessage, Purpose
from restanque.directory.models import Organisation
from restanque.surveys import wording
from restanque.surveys.models import Campaign, Invitation, InvitationEvent
from restanque.surveys.models.campaigns import EventKind

# A personal page lets its holder write to addresses: not to many.
MAILS_PER_DAY = 5
MAX_ADDRESS = 254  # RFC 5321, and the outbox's column


class TooManyMessagesError(ValueError):
    """The holder of a link asked for more messages than one needs; the words are for them."""


@transaction.atomic
def add_invitations(*, campaign: Campaign, organisations: Iterable[Organisation]) -> int:
    """Invite organisations of the campaign's workspace; those already invited are left as they
    are. Returns how many were added. Nothing is sent."""
    wanted = {organisation.pk: organisation for organisation in organisations}
    there = set(campaign.invitations.values_list("organisation_id", flat=True))
    added = [
        Invitation(campaign=campaign, organisation=organisation)
        for pk, organisation in wanted.items()
        if pk not in there
    ]
    for invitation in added:
        invitation.clean()
    Invitation.objects.bulk_create(added)
    return len(added)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation) -> None:
    """Take back an invitation that was never sent nor answered."""
    if invitation.sent_at is not None or invitation.has_response:
        raise ValidationError("Cette invitation a déjà été envoyée ou a reçu une réponse.")
    invitation.delete()


@transaction.atomic
def revoke_link(*, invitation: Invitation, by: User | None = None) -> Invitation:
    """Kill every link given so far; the next one is of a new generation. Answers stay."""
    locked = _locked(invitation)
    invitation.generation = locked.generation + 1
    invitation.save(update_fields=["generation"])
    log(invitation=invitation, kind=EventKind.LINK_REVOKED, by=by)
    return invitation


@transaction.atomic
def refuse(*, invitation: Invitation, by: User | None = None, note: str = "") -> Invitation:
    """The organisation does not wish to answer: no reminder either. Asking twice is harmless."""
    if _locked(invitation).refused_at is None:
        invitation.refused_at = timezone.now()
        invitation.no_reminder = True
        invitation.save(update_fields=["refused_at", "no_reminder"])
        log(invitation=invitation, kind=EventKind.REFUSED, by=by, note=note)
    return invitation


@transaction.atomic
def lift_refusal(*, invitation: Invitation, by: User | None = None) -> Invitation:
    """The organisation changed its mind."""
    if _locked(invitation).refused_at is not None:
        invitation.refused_at = None
        invitation.no_reminder = False
        invitation.save(update_fields=["refused_at", "no_reminder"])
        log(invitation=invitation, kind=EventKind.REFUSAL_LIFTED, by=by)
    return invitation


@transaction.atomic
def stop_reminders(*, invitation: Invitation, by: User | None = None) -> Invitation:
    """« Ne plus me relancer »: for this campaign. Idempotent, as one-click unsubscribe needs."""
    return _set_reminders(invitation, stopped=True, kind=EventKind.NO_REMINDER, by=by)


@transaction.atomic
def accept_reminders(*, invitation: Invitation, by: User | None = None) -> Invitation:
    """Reminders are welcome again."""
    return _set_reminders(invitation, stopped=False, kind=EventKind.REMINDERS_AGAIN, by=by)


@transaction.atomic
def mark_sent(*, invitation: Invitation, at: datetime, recipients: Sequence[str]) -> Invitation:
    """A message left (or a mail-merge done elsewhere) for these addresses."""
    invitation.sent_at = at
    invitation.recipients = list(recipients)
    invitation.bounced_at = None
    invitation.bounce_reason = ""
    invitation.save(update_fields=["sent_at", "recipients", "bounced_at", "bounce_reason"])
    return invitation


@transaction.atomic
def mark_posted(*, invitation: Invitation, at: datetime) -> Invitation:
    """A letter left. A wrong e-mail address stays wrong."""
    invitation.sent_at = at
    invitation.save(update_fields=["sent_at"])
    return invitation


@transaction.atomic
def mark_bounced(
    *, invitation: Invitation, reason: str, recipients: Sequence[str] = ()
) -> Invitation:
    """The message came back: the address is wrong until somebody mends it.

    `recipients`: the addresses that refused, when they are not those last marked as sent (a
    message held, then released, was never marked).
    """
    invitation.bounced_at = timezone.now()
    invitation.bounce_reason = reason[:300]
    invitation.recipients = list(recipients) or invitation.recipients
    invitation.save(update_fields=["bounced_at", "bounce_reason", "recipients"])
    log(invitation=invitation, kind=EventKind.BOUNCED, by=None, note=reason)
    return invitation


@transaction.atomic
def send_link(*, invitation: Invitation, address: str) -> OutgoingMessage:
    """Send the link to the person who is answering, to resume elsewhere."""
    return _send(
        invitation,
        address,
        subject=wording.LINK_SUBJECT,
        body=wording.LINK_BODY,
        kind=EventKind.LINK_SELF,
    )


@transaction.atomic
def hand_over(*, invitation: Invitation, address: str) -> OutgoingMessage:
    """Send the same link to a colleague. The address stays with the message alone, which is
    purged; the log keeps its domain."""
    return _send(
        invitation,
        address,
        subject=wording.HANDOVER_SUBJECT,
        body=wording.HANDOVER_BODY,
        kind=EventKind.HANDED_OVER,
    )


def address_fault(address: str) -> str:
    """French sentence when a typed address cannot be written to, "" when it can."""
    if not address:
        return "Écrivez une adresse électronique."
    if len(address) > MAX_ADDRESS:
        return "Cette adresse est trop longue."
    return mail.address_problem(address)


def log(
    *, invitation: Invitation, kind: EventKind, by: User | None = None, note: str = ""
) -> InvitationEvent:
    """Write an event of an invitation. `note` never holds an address."""
    return InvitationEvent.objects.create(invitation=invitation, kind=kind, by=by, note=note[:300])


def _send(
    invitation: Invitation, address: str, *, subject: str, body: str, kind: EventKind
) -> OutgoingMessage:
    campaign = invitation.campaign
    _locked(invitation)
    today = InvitationEvent.objects.filter(
        invitation=invitation,
        kind__in=(EventKind.LINK_SELF, EventKind.HANDED_OVER),
        at__gte=timezone.now() - timedelta(days=1),
    ).count()
    if today >= MAILS_PER_DAY:
        raise TooManyMessagesError(
            "Ce lien a déjà été envoyé plusieurs fois aujourd’hui. Copiez-le dans un message, "
            "ou réessayez demain."
        )
    message = mail.queue_message(
        workspace=campaign.workspace,
        to_email=address,
        subject=wording.fill(subject, invitation),
        text=wording.fill(body, invitation),
        purpose=Purpose.HANDOVER,
        subject_key=mail_key(invitation),
        from_name=campaign.sender_name,
        reply_to=campaign.reply_to,
        fictitious=campaign.fictitious,
    )
    log(invitation=invitation, kind=kind, note=address.rpartition("@")[2])
    return message


def mail_key(invitation: Invitation) -> str:
    """`subject_key` of every message about an invitation: resolves ⟦lien⟧ and ⟦refus⟧."""
    return f"invitation:{invitation.pk}"


def _set_reminders(
    invitation: Invitation, *, stopped: bool, kind: EventKind, by: User | None
) -> Invitation:
    if _locked(invitation).no_reminder != stopped:
        invitation.no_reminder = stopped
        invitation.save(update_fields=["no_reminder"])
        log(invitation=invitation, kind=kind, by=by)
    return invitation


def _locked(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update().get(pk=invitation.pk)
