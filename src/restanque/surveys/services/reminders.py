"""Reminders: planned at dates, run by the regular job, only to those who should get them."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import Membership, User
from restanque.core import notices
from restanque.core.models import JobStatus
from restanque.kit.text import format_date
from restanque.surveys.models import Campaign, Sending
from restanque.surveys.models.sendings import (
    SendingKind,
    SendingMedium,
    SendingStatus,
)
from restanque.surveys.services import sending as sendings
from restanque.surveys.services.planning import plan_sending

# Mail read at the start of a working morning is answered more often than at night.
HOUR = time(9, 0)


def planned_reminders(campaign: Campaign) -> list[Sending]:
    """Reminders to come, soonest first."""
    return list(
        Sending.objects.filter(
            campaign=campaign, kind=SendingKind.REMINDER, status=SendingStatus.PLANNED,
            medium=SendingMedium.EMAIL,
        ).order_by("scheduled_for", "pk")
    )  # fmt: skip


@transaction.atomic
def plan_reminders(
    *, campaign: Campaign, dates: Iterable[date], by: User | None, today: date
) -> list[Sending]:
    """Have reminders leave on these mornings, instead of those planned so far.

    Raises ValidationError for a day already past, or after the closing.
    """
    wanted = sorted(set(dates))
    for day in wanted:
        if day <= today:
            raise ValidationError(f"Le {format_date(day)} est passé : choisissez un jour à venir.")
        if day > campaign.closes_on:
            raise ValidationError(
                f"Le {format_date(day)} est après la clôture ({format_date(campaign.closes_on)})."
            )
    for planned in planned_reminders(campaign):
        if planned.scheduled_for is None or _day(planned.scheduled_for) not in wanted:
            planned.delete()
    kept = {_day(one.scheduled_for) for one in planned_reminders(campaign) if one.scheduled_for}
    for day in wanted:
        if day not in kept:
            new = Sending(
                campaign=campaign,
                kind=SendingKind.REMINDER,
                requested_by=by,
                scheduled_for=timezone.make_aware(datetime.combine(day, HOUR)),
            )
            new.full_clean()
            new.save()
    return planned_reminders(campaign)


def run_due(*, now: datetime | None = None) -> int:
    """Start the reminders whose hour has come, go on with interrupted sendings; how many started.

    Run by the regular job. A reminder never starts on a campaign that is not open, nor as the
    first real sending of a campaign: a person confirms that one.
    """
    now = now or timezone.now()
    due = Sending.objects.filter(
        medium=SendingMedium.EMAIL, status=SendingStatus.PLANNED, scheduled_for__lte=now
    ).select_related("campaign__territory__workspace", "requested_by")
    started = sum(_start_planned(one, now) for one in due.order_by("scheduled_for", "pk"))
    return started + _resume_interrupted(now)


def _start_planned(planned: Sending, now: datetime) -> bool:
    campaign = planned.campaign
    reason = _refusal(planned, now)
    if not reason:
        plan = plan_sending(campaign=campaign, kind=SendingKind.REMINDER, now=now)
        reason = "" if plan.leaving else "personne n’est à relancer"
    if reason:
        with transaction.atomic():
            Sending.objects.filter(pk=planned.pk).update(
                status=SendingStatus.CANCELLED, finished_at=now
            )
            _tell(planned, reason)
        return False
    with transaction.atomic():
        planned.confirmed_count = None
        sendings.launch(planned, plan)
    return True


def _refusal(planned: Sending, now: datetime) -> str:
    campaign = planned.campaign
    if not campaign.is_open or campaign.closes_on < timezone.localtime(now).date():
        return "la campagne n’est plus ouverte"
    if not campaign.fictitious and not sendings.confirmed_before(campaign):
        return "personne n’a encore confirmé un envoi réel de cette campagne"
    running = Sending.objects.filter(campaign=campaign, status=SendingStatus.RUNNING)
    if running.filter(medium=SendingMedium.EMAIL).exists():
        return "un autre envoi était en cours"
    return ""


def _resume_interrupted(now: datetime) -> int:
    """Sendings stopped by the daily limit, or whose job was cancelled by somebody."""
    resumed = 0
    running = Sending.objects.filter(
        medium=SendingMedium.EMAIL, status=SendingStatus.RUNNING
    ).select_related("campaign__territory__workspace", "job", "requested_by")
    for one in running.order_by("pk"):
        if one.job is not None and one.job.status in (JobStatus.WAITING, JobStatus.RUNNING):
            continue
        if one.job is not None and one.job.status == JobStatus.CANCELLED:
            sendings.cancel_sending(sending=one)
        elif sendings.finish_sending(sending=one):
            continue
        elif not one.campaign.is_open:
            sendings.cancel_sending(sending=one)
        elif sendings.messages_left_today(one.campaign, now=now):
            with transaction.atomic():
                one.job = sendings.start_batch(one)
                one.save(update_fields=["job"])
            resumed += 1
    return resumed


def _tell(planned: Sending, reason: str) -> None:
    """Say to who planned it that the reminder did not leave."""
    workspace = planned.campaign.workspace
    membership = (
        Membership.objects.active().filter(user=planned.requested_by, workspace=workspace).first()
        if planned.requested_by
        else None
    )
    if membership is not None:
        text = f"« {planned.campaign.name} » : la relance prévue n’est pas partie, {reason}."
        notices.notify(membership=membership, text=text)


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
