"""What the room shows on pages of others: fiche commune, organisation, « Cette semaine »."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.accounts.perms import can_read, can_write
from restanque.directory.models import Organisation
from restanque.kit import slots
from restanque.kit.slots import Panel
from restanque.kit.text import plural
from restanque.surveys.board import state_of
from restanque.surveys.followup import calls_to_make, last_exchange
from restanque.surveys.models import CallLog, Campaign, Invitation, Response, Sending, VisitRound
from restanque.surveys.models.answers import ResponseStatus
from restanque.surveys.models.campaigns import CampaignQuerySet
from restanque.surveys.models.sendings import SendingStatus
from restanque.surveys.tables_campaigns import badge
from restanque.territories.models import Commune

SOON = timedelta(days=14)


def register() -> None:
    """Tell the pages of lower rooms what the room shows there."""
    slots.register("commune", "surveys.answers", order=30, provider=commune)
    slots.register("organisation", "surveys.answers", order=30, provider=organisation)
    slots.register("home", "surveys.review", order=20, provider=to_review)
    slots.register("home", "surveys.visits", order=20, provider=visits_to_review)
    slots.register("home", "surveys.calls", order=21, provider=to_call)
    slots.register("home", "surveys.dates", order=22, provider=dates)


def commune(request: HttpRequest, subject: Commune) -> Panel | None:
    """The answers of the commune's organisations, campaign by campaign."""
    return _answers(request, Q(organisation__commune=subject))


def organisation(request: HttpRequest, subject: Organisation) -> Panel | None:
    """The answers of one organisation."""
    return _answers(request, Q(organisation=subject))


def _answers(request: HttpRequest, whose: Q) -> Panel | None:
    membership: Membership = request.membership  # type: ignore[attr-defined]
    if not can_read(membership):
        return None
    invitations = list(
        Invitation.objects.filter(whose, campaign__in=Campaign.objects.visible_to(membership))
        .with_state()
        .select_related("campaign", "organisation", "response")
        .defer("response__instance", "response__submitted_xml", "response__flat")
        .order_by("-campaign__opens_on", "campaign", "organisation__name_key", "pk")
    )
    if not invitations:
        return None
    calls: dict[int, CallLog] = {}
    for call in CallLog.objects.filter(invitation__in=invitations).order_by("at", "pk"):
        calls[call.invitation_id] = call
    rows = [
        {
            "invitation": one,
            "badge": badge(state_of(one)),
            "last": last_exchange(one, calls.get(one.pk)),
            "response": getattr(one, "response", None),
            "url": reverse("surveys:invitation", args=[one.campaign_id, one.pk]),
        }
        for one in invitations
    ]
    context = {
        "rows": rows,
        "fictitious": any(one.campaign.fictitious for one in invitations),
        "count": plural(len({one.campaign_id for one in invitations}), "campagne"),
        "writer": can_write(membership),
    }
    return Panel("Enquêtes", "surveys/panels/answers.html", context, "enquetes", place="main")


def to_review(request: HttpRequest, subject: Membership) -> Panel | None:
    """« Réponses à relire »: how many a campaign, flagged ones said."""
    if not can_write(subject):
        return None
    submitted = Response.objects.filter(
        invitation__campaign__in=_campaigns(subject), status=ResponseStatus.SUBMITTED
    )
    waiting = _by_campaign(submitted)
    if not waiting:
        return None
    flagged = _by_campaign(submitted.filter(flags__isnull=False, flags__resolution=""))
    rows = [one for one in _campaigns(subject) if one.pk in waiting]
    lines = [(one, waiting[one.pk], flagged.get(one.pk, 0)) for one in rows]
    total = sum(waiting.values())
    context = _home(rows) | {"lines": lines, "count": plural(total, "réponse")}
    return Panel("Réponses à relire", "surveys/panels/review.html", context, "a-relire")


def visits_to_review(request: HttpRequest, subject: Membership) -> Panel | None:
    """« Visites à relire »: how many a series, faulty ones said."""
    if not can_write(subject):
        return None
    submitted = Q(visits__status=ResponseStatus.SUBMITTED)
    counted = (
        VisitRound.objects.visible_to(subject)
        .annotate(
            waiting=Count("visits", filter=submitted),
            faulty=Count("visits", filter=submitted & ~Q(visits__faults=[])),
        )
        .filter(waiting__gt=0)
    )
    rows = list(counted)
    if not rows:
        return None
    context = {
        "rows": rows,
        "count": plural(sum(counted.values_list("waiting", flat=True)), "visite"),
        "fictitious": any(one.fictitious for one in rows),
    }
    return Panel("Visites à relire", "surveys/panels/visits.html", context, "visites")


def to_call(request: HttpRequest, subject: Membership) -> Panel | None:
    """« Mairies à rappeler »: the first calls of one's campaigns, one's own or nobody's."""
    if not can_write(subject):
        return None
    today = timezone.localdate()
    lines = []
    opened = list(_campaigns(subject).open().select_related("territory__workspace"))
    for one in opened:
        mine = (None, subject.user_id)
        lines += [
            (one, line)
            for line in calls_to_make(one, today)
            if line.invitation.assigned_to_id in mine
        ]
    if not lines:
        return None
    context = _home(opened) | {"lines": lines[:5], "count": plural(len(lines), "appel")}
    context |= {
        "link_url": reverse("surveys:calls", args=[lines[0][0].pk]),
        "link_label": "Tous les appels",
    }
    return Panel("Mairies à rappeler", "surveys/panels/calls.html", context, "a-rappeler")


def dates(request: HttpRequest, subject: Membership) -> Panel | None:
    """« Prochaines relances et clôtures », within two weeks, and what has just passed its date."""
    if not can_read(subject):
        return None
    today = timezone.localdate()
    opened = list(_campaigns(subject).open())
    moments: list[dict[str, Any]] = [
        _deadline(one, one.closes_on, "Clôture", today)
        for one in opened
        if one.closes_on <= today + SOON
    ]
    planned = Sending.objects.filter(
        campaign__in=[one.pk for one in opened], status=SendingStatus.PLANNED
    ).select_related("campaign")
    for sending in planned:
        if sending.scheduled_for is not None:
            day = timezone.localtime(sending.scheduled_for).date()
            if day <= today + SOON:
                moments.append(_deadline(sending.campaign, day, "Relance automatique", today))
    if not moments:
        return None
    moments.sort(key=lambda one: one["day"])
    context = _home(opened) | {"moments": moments, "count": plural(len(moments), "date")}
    return Panel(
        "Prochaines relances et clôtures", "surveys/panels/dates.html", context, "dates-enquetes"
    )


def _campaigns(membership: Membership) -> CampaignQuerySet:
    return Campaign.objects.visible_to(membership).order_by("closes_on", "pk")


def _by_campaign(answers: QuerySet[Response]) -> dict[int, int]:
    """How many answers each campaign has."""
    counts = answers.order_by().values_list("invitation__campaign")
    return dict(counts.annotate(n=Count("pk", distinct=True)))


def _home(campaigns: Sequence[Campaign]) -> dict[str, Any]:
    return {"fictitious": any(one.fictitious for one in campaigns)}


def _deadline(campaign: Campaign, day: date, what: str, today: date) -> dict[str, Any]:
    left = (day - today).days
    return {
        "campaign": campaign,
        "day": day,
        "what": what,
        "left": left,
        "css": " rq-ech-urgent" if left <= 7 else " rq-ech-bientot",
    }
