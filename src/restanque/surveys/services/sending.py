"""Sending by e-mail: the list first, then a slow, resumable batch that never writes twice.

A sending is a list of lines, one an invitation. A line is decided again at the very moment it is
done (the organisation may have answered meanwhile); its message key makes it idempotent.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import User
from restanque.core import mail
from restanque.core.jobs import start_job
from restanque.core.models import Job, MessageStatus, OutgoingMessage, Purpose
from restanque.kit.text import plural
from restanque.surveys import wording
from restanque.surveys.codes import address_key
from restanque.surveys.models import Campaign, Invitation, Sending, SendingLine
from restanque.surveys.models.sendings import (
    LineStatus,
    SendingKind,
    SendingMedium,
    SendingStatus,
)
from restanque.surveys.services import invitations
from restanque.surveys.services.planning import (
    PlannedLine,
    SendingPlan,
    held_lines,
    key_prefix,
    midnight,
    plan_sending,
)

_PURPOSES = {
    SendingKind.INVITATION: Purpose.INVITATION,
    SendingKind.REMINDER: Purpose.REMINDER,
}


class SendingRefusedError(ValueError):
    """The sending does not start; the sentence says why and what to do."""


def needs_typed_count(campaign: Campaign) -> bool:
    """Whether the next sending is the first real one: its number of messages must be typed."""
    return not campaign.fictitious and not confirmed_before(campaign)


def confirmed_before(campaign: Campaign) -> bool:
    """Whether somebody has already confirmed a real sending of this campaign by typing."""
    sendings = Sending.objects.filter(campaign=campaign, medium=SendingMedium.EMAIL)
    return sendings.filter(confirmed_count__isnull=False, started_at__isnull=False).exists()


@transaction.atomic
def start_sending(
    *, campaign: Campaign, kind: SendingKind, by: User | None, typed_count: int | None = None
) -> Sending:
    """Write down the list and have a job go through it.

    Raises SendingRefusedError: campaign not open, sending already running, nobody to write to, or
    first real sending whose number was not typed right.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    _refuse_closed(campaign)
    plan = plan_sending(campaign=campaign, kind=kind, now=timezone.now())
    if not plan.leaving:
        raise SendingRefusedError("Il n’y a personne à qui écrire maintenant.")
    if needs_typed_count(campaign) and typed_count != plan.messages:
        raise SendingRefusedError(
            f"Premier envoi réel : écrivez le nombre de messages, {plan.messages}."
        )
    sending = Sending(campaign=campaign, kind=kind, requested_by=by, confirmed_count=plan.messages)
    return launch(sending, plan)


def launch(sending: Sending, plan: SendingPlan) -> Sending:
    """Give a sending its lines and its job. Call inside a transaction."""
    sending.status, sending.started_at = SendingStatus.RUNNING, timezone.now()
    sending.full_clean()
    sending.save()
    SendingLine.objects.bulk_create(
        SendingLine(sending=sending, invitation=line.invitation) for line in plan.leaving
    )
    sending.job = start_batch(sending)
    sending.save(update_fields=["job"])
    return sending


def _refuse_closed(campaign: Campaign) -> None:
    if not campaign.is_open:
        raise SendingRefusedError("La campagne n’est pas ouverte : rien n’est envoyé.")
    running = Sending.objects.filter(
        campaign=campaign, medium=SendingMedium.EMAIL, status=SendingStatus.RUNNING
    )
    if running.exists():
        raise SendingRefusedError("Un envoi est déjà en cours : attendez qu’il se termine.")


def start_batch(sending: Sending) -> Job:
    """Ask the worker to go on with the lines that wait."""
    from restanque.surveys import tasks

    return start_job(
        workspace=sending.campaign.workspace,
        kind="surveys-sending",
        label=f"{sending.get_kind_display().capitalize()} : {sending.campaign.name}",
        task=tasks.send_batch,
        arguments={"sending_id": sending.pk},
        requested_by=sending.requested_by,
    )


@transaction.atomic
def send_line(*, line: SendingLine) -> SendingLine:
    """Do one line: queue a message for each recipient, or say why not. Twice changes nothing."""
    line = SendingLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if line.status != LineStatus.PENDING:
        return line
    sending = Sending.objects.select_related("campaign__territory__workspace").get(
        pk=line.sending_id
    )
    campaign, now = sending.campaign, timezone.now()
    kind = SendingKind(sending.kind)
    (planned,) = plan_sending(
        campaign=campaign, kind=kind, now=now, only=[line.invitation_id]
    ).lines
    why_not = planned.why_not if campaign.is_open else "campagne close"
    line.at = now
    if why_not:
        line.status, line.reason = LineStatus.SKIPPED, why_not[:200]
    else:
        planned.invitation.campaign = campaign
        line.status, line.message_key = LineStatus.QUEUED, _message_key(line, campaign)
        _write(planned, kind, line, now)
    line.save()
    return line


def _write(planned: PlannedLine, kind: SendingKind, line: SendingLine, now: datetime) -> None:
    """One message a recipient; marked as sent when it can leave (or for the demo's story)."""
    invitation, campaign = planned.invitation, planned.invitation.campaign
    subject, text = message_of(invitation, kind)
    messages = [
        mail.queue_message(
            workspace=campaign.workspace,
            to_email=recipient.email,
            to_name=recipient.name,
            subject=subject,
            text=text,
            purpose=_PURPOSES[kind],
            subject_key=f"invitation-to:{invitation.pk}:{address_key(recipient.email)}",
            from_name=campaign.sender_name,
            reply_to=campaign.reply_to,
            fictitious=campaign.fictitious,
            idempotency_key=f"{line.message_key}:{address_key(recipient.email)}",
            list_unsubscribe_url="⟦desinscription⟧",
        )
        for recipient in planned.recipients
    ]
    held = [message for message in messages if message.status == MessageStatus.HELD]
    if len(held) == len(messages) and not campaign.fictitious:
        # Nothing leaves for want of a server: the invitation is sent when the message is.
        line.reason = held[0].status_reason[:200]
        return
    addresses = [recipient.email for recipient in planned.recipients]
    invitations.mark_sent(invitation=invitation, at=now, recipients=addresses)


def message_of(invitation: Invitation, kind: SendingKind) -> tuple[str, str]:
    """Subject and text of a message, links left as marks. The first one carries the notice."""
    campaign = invitation.campaign
    if kind == SendingKind.REMINDER:
        return (
            wording.fill(campaign.reminder_subject, invitation),
            wording.fill(campaign.reminder_body, invitation),
        )
    text = wording.fill(campaign.invitation_body, invitation).rstrip()
    return (
        wording.fill(campaign.invitation_subject, invitation),
        f"{text}\n\n-- \nVos données\n{campaign.privacy_notice}\n",
    )


def _message_key(line: SendingLine, campaign: Campaign) -> str:
    return f"{key_prefix(campaign)}{line.sending_id}:{line.invitation_id}"


def messages_left_today(campaign: Campaign, *, now: datetime) -> int:
    """How many messages the campaign may still write on this day."""
    written = OutgoingMessage.objects.filter(
        idempotency_key__startswith=key_prefix(campaign), created_at__gte=midnight(now)
    ).count()
    return max(0, campaign.daily_limit - written)


@transaction.atomic
def finish_sending(*, sending: Sending) -> bool:
    """Mark a sending done once no line waits; whether it is."""
    if sending.lines.filter(status=LineStatus.PENDING).exists():
        return False
    Sending.objects.filter(pk=sending.pk, status=SendingStatus.RUNNING).update(
        status=SendingStatus.DONE, finished_at=timezone.now()
    )
    return True


@transaction.atomic
def cancel_sending(*, sending: Sending) -> int:
    """Stop a sending: what was not written is not, what waits in the outbox is withdrawn.

    Returns how many messages were withdrawn; those that have left have left.
    """
    Sending.objects.filter(
        pk=sending.pk, status__in=(SendingStatus.PLANNED, SendingStatus.RUNNING)
    ).update(status=SendingStatus.CANCELLED, finished_at=timezone.now())
    sending.lines.filter(status=LineStatus.PENDING).update(
        status=LineStatus.SKIPPED, reason="envoi annulé", at=timezone.now()
    )
    waiting = OutgoingMessage.objects.filter(
        idempotency_key__startswith=f"{key_prefix(sending.campaign)}{sending.pk}:"
    )
    return sum(mail.cancel(message=message) for message in waiting)


def summary(sending: Sending) -> str:
    """« 118 organismes servis, 3 laissés de côté », for the job's page."""
    counts = dict.fromkeys(LineStatus, 0)
    for status in sending.lines.values_list("status", flat=True):
        counts[LineStatus(status)] += 1
    held = len(held_lines(sending.campaign, sending))
    served = counts[LineStatus.QUEUED] - held
    words = [plural(served, "organisme servi", "organismes servis")]
    if held:
        words.append(f"{plural(held, 'retenu', 'retenus')} (aucun serveur d’envoi)")
    if counts[LineStatus.SKIPPED]:
        words.append(plural(counts[LineStatus.SKIPPED], "laissé de côté", "laissés de côté"))
    if counts[LineStatus.PENDING]:
        words.append(f"{counts[LineStatus.PENDING]} à faire demain : limite du jour atteinte")
    return ", ".join(words) + "."
