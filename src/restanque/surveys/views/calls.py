"""Calls: who to call next and why, the page one has under the eyes while calling, sharing out."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from restanque.accounts.perms import MemberRequest, can_write, require
from restanque.directory.reach import phones_for
from restanque.kit.forms import PAGE, render_form
from restanque.kit.text import plural
from restanque.surveys.board import state_of
from restanque.surveys.campaign_forms import CallForm, ShareForm
from restanque.surveys.followup import CallLine, calls_to_make
from restanque.surveys.history import timeline
from restanque.surveys.models import CallLog, Invitation
from restanque.surveys.models.followup import CallOutcome
from restanque.surveys.ranking import RULE, RULE_END
from restanque.surveys.services import calls
from restanque.surveys.tables_campaigns import badge
from restanque.surveys.views.common import (
    campaign_context,
    editable_campaign,
    editable_invitation,
    read_or_post,
)


@require_safe
@require(can_write)
def call_list(request: MemberRequest, pk: int) -> HttpResponse:
    """The calls of the day in their order; `?qui=moi` keeps one's own and nobody's."""
    campaign = editable_campaign(request, pk)
    lines = calls_to_make(campaign, timezone.localdate())
    mine = request.GET.get("qui") == "moi"
    user = request.membership.user
    shown = [
        line for line in lines if not mine or line.invitation.assigned_to_id in (None, user.pk)
    ]
    latest = CallLog.objects.filter(invitation__campaign=campaign).select_related(
        "invitation__organisation", "by"
    )
    context = campaign_context(request, campaign, "calls") | {
        "lines": shown,
        "total": len(lines),
        "mine": mine,
        "rule": RULE,
        "rule_end": RULE_END,
        "latest": latest.order_by("-at", "-pk")[:10],
    }
    return render(request, "surveys/calls/list.html", context)


@read_or_post
@require(can_write)
def call(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """One call: numbers, hours, last exchanges; then how it ended, and the next one."""
    found = editable_invitation(request, pk, invitation)
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        calls.log_call(
            invitation=found,
            outcome=CallOutcome(form.cleaned_data["outcome"]),
            by=request.membership.user,
            note=form.cleaned_data["note"],
            call_back_at=form.cleaned_data.get("moment"),
        )
        messages.success(request, "L’appel est noté.")
        return redirect(_next(request, found))
    organisation = found.organisation
    town_hall = getattr(organisation.commune, "town_hall", None) if organisation.commune else None
    hours = organisation.opening_hours.splitlines()
    if not hours and town_hall is not None:
        hours = town_hall.hours_lines()
    context = campaign_context(request, found.campaign, "calls") | {
        "invitation": found,
        "badge": badge(state_of(found)),
        "phones": phones_for(organisation),
        "hours": hours,
        "timeline": timeline(found)[:8],
        "people": calls.callers(found.campaign),
        "may_enter": getattr(found, "response", None) is None or found.response.is_draft,
    }
    return render_form(request, "surveys/calls/call.html", form, **context)


@require_POST
@require(can_write)
def assign(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """Give one invitation to a colleague."""
    found = editable_invitation(request, pk, invitation)
    chosen = request.POST.get("to", "")
    person = next((p for p in calls.callers(found.campaign) if str(p.pk) == chosen), None)
    calls.assign(invitation=found, to=person)
    name = person.display_name if person else "personne en particulier"
    messages.success(request, f"{found.organisation} : suivie par {name}.")
    return redirect("surveys:call", pk, found.pk)


@read_or_post
@require(can_write)
def share(request: MemberRequest, pk: int) -> HttpResponse:
    """Share the calls out among colleagues."""
    campaign = editable_campaign(request, pk)
    lines: list[CallLine] = calls_to_make(campaign, timezone.localdate())
    people = calls.callers(campaign)
    form = ShareForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            given = calls.share(
                campaign=campaign,
                ranked=[line.invitation for line in lines],
                among=list(form.cleaned_data["people"]),
                keep=not form.cleaned_data["again"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = plural(given, "mairie attribuée", "mairies attribuées")
            messages.success(request, f"{words}.")
            return redirect("surveys:calls", campaign.pk)
    context: dict[str, Any] = {
        "title": "Répartir les appels",
        "lede": f"{plural(len(lines), 'appel')} à faire : distribués un à un, dans l’ordre, "
        "entre les personnes choisies.",
        "submit": "Répartir",
        "back": reverse("surveys:calls", args=[campaign.pk]),
        "trail": [
            ("Enquêtes", reverse("surveys:campaigns")),
            (campaign.name, reverse("surveys:campaign", args=[campaign.pk])),
        ],
    }
    return render_form(request, PAGE, form, **context)


def _next(request: MemberRequest, done: Invitation) -> str:
    """The next call, when « et passer au suivant » was asked; else the list."""
    campaign = done.campaign
    if "next" in request.POST:
        user = request.membership.user.pk
        for line in calls_to_make(campaign, timezone.localdate()):
            mine = line.invitation.assigned_to_id in (None, user)
            if mine and line.invitation.pk != done.pk:
                return reverse("surveys:call", args=[campaign.pk, line.invitation.pk])
    return reverse("surveys:calls", args=[campaign.pk])
