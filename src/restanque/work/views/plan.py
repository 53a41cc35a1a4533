"""The plan of tasks in time, and who is how busy."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from restanque.accounts.perms import MemberRequest, can_administer, require
from restanque.engine.workload import monday_of
from restanque.kit import figures
from restanque.kit.text import format_date, plural
from restanque.work.figures import GanttPanel, HeatPanel, Range
from restanque.work.forms import PlanForm, members_of
from restanque.work.models import Task, TaskState
from restanque.work.models.tasks import OPEN
from restanque.work.perms import can_edit_working_time, can_view_plan, can_view_workload
from restanque.work.reading import WEEKS, Plan, Row, Workload
from restanque.work.views.common import trail

#: More lines make a picture that nobody reads: filters choose.
MOST = 60
#: A list of faults longer than that is not read: the first ones are shown.
MOST_FAULTS = 20
WEEKS_SHOWN, MONTHS_SHOWN = 14, 15


@require_GET
@require(can_view_plan)
def plan(request: MemberRequest) -> HttpResponse:
    """Tasks in time, by week or by month; what is critical, late, contradictory."""
    today = timezone.localdate()
    form = PlanForm(request.GET or None, membership=request.membership)
    asked = form.cleaned_data if form.is_valid() else {}
    span = _range(asked.get("du") or _start(today), monthly=asked.get("echelle") == "mois")
    found = Plan(_tasks(request, asked, today), today)
    shown = [line for line in found.lines if span.holds(line.first, line.last)]
    panel = GanttPanel(
        name="planning",
        title="Les tâches dans le temps",
        lines=shown[:MOST],
        span=span,
        today=today,
        n=plural(len(shown[:MOST]), "tâche"),
        source=f"tâches enregistrées, du {format_date(span.first)} au {format_date(span.last)}",
        date=today,
        description="Une barre par tâche, du début à l’échéance (jusqu’à la fin pour une tâche "
        "terminée). Le tireté est le jour du calcul ; un trait va d’une tâche à celle qui "
        "l’attend ; le losange marque le chemin critique, les tâches qui décident ensemble de "
        "la fin.",
        fictitious=any(line.task.fictitious for line in shown),
    )
    if response := figures.serve(request, panel):
        return response
    context: dict[str, Any] = {
        "panel": panel,
        "form": form,
        "more": max(0, len(shown) - MOST),
        "undated": [line.task for line in found.lines if line.first is None],
        "outside": len(found.lines) - len(shown),
        "contradictions": found.contradictions[:MOST_FAULTS],
        "faults": len(found.contradictions),
        "chain": [found.tasks[key] for key in found.schedule.chain]
        if len(found.schedule.chain) > 1
        else [],
        "moves": _moves(request, span),
        "fictitious": request.membership.workspace.fictitious,
        "trail": trail(),
    }
    return render(request, "work/plan.html", context)


def _tasks(request: MemberRequest, asked: dict[str, Any], today: date) -> Any:
    """Open ones, and those done in the last two months; of one pilot or territory when asked."""
    recent = Q(state=TaskState.DONE, done_on__gte=today - timedelta(days=62))
    found = Task.objects.visible_to(request.membership).filter(Q(state__in=OPEN) | recent)
    if asked.get("pilote"):
        found = found.of(asked["pilote"])
    if asked.get("territoire"):
        found = found.filter(territory=asked["territoire"])
    return found.to_plan()


def _start(today: date) -> date:
    return today - timedelta(days=7)


def _range(day: date, *, monthly: bool) -> Range:
    """From the Monday, or the first of the month, of a day; whole weeks or months."""
    if not monthly:
        first = monday_of(day)
        return Range(first, first + timedelta(weeks=WEEKS_SHOWN, days=-1), monthly=False)
    first = day.replace(day=1)
    return Range(first, _months_after(first, MONTHS_SHOWN) - timedelta(days=1), monthly=True)


def _months_after(first: date, count: int) -> date:
    years, month = divmod(first.month - 1 + count, 12)
    return first.replace(year=first.year + years, month=month + 1)


def _moves(request: MemberRequest, span: Range) -> list[tuple[str, str]]:
    """(words, address) of the periods before and after, with the same filters."""
    if span.monthly:
        days = (_months_after(span.first, -6), _months_after(span.first, 6))
    else:
        days = (span.first - timedelta(weeks=7), span.first + timedelta(weeks=7))
    moves = []
    for label, day in zip(("Plus tôt", "Plus tard"), days, strict=True):
        query = request.GET.copy()
        query["du"] = day.isoformat()
        moves.append((label, f"?{query.urlencode()}"))
    return moves


@require_GET
@require(can_view_workload)
def workload(request: MemberRequest) -> HttpResponse:
    """Who is how busy in the coming weeks, against the time they have."""
    today = timezone.localdate()
    membership = request.membership
    members = list(members_of(membership))
    found = Workload(members, Task.objects.visible_to(membership).open().to_plan(), today)
    panel = HeatPanel(
        name="charge",
        title="Jours prévus et jours disponibles, par personne et par semaine",
        people=found.rows,
        n=plural(len(found.tasks) - len(found.unestimated), "tâche estimée", "tâches estimées"),
        source=f"{plural(len(found.unestimated), 'tâche sans charge', 'tâches sans charge')} "
        "laissées de côté"
        if found.unestimated
        else "toutes les tâches ouvertes",
        date=today,
        description="Chaque case : jours de travail prévus / jours disponibles. La charge d’une "
        "tâche est répartie également sur les jours travaillés entre son début et son échéance, "
        "hors jours fériés et absences.",
        fictitious=any(task.fictitious for task in found.tasks.values()),
    )
    if response := figures.serve(request, panel):
        return response
    overloads = found.overloads
    context = {
        "panel": panel,
        "weeks": WEEKS,
        "overloads": overloads[:MOST_FAULTS],
        "over": len(overloads),
        "misplaced": found.misplaced,
        "unestimated": found.unestimated,
        "rows": [(row, _time_url(request, row)) for row in found.rows if row.member],
        "partial": not membership.all_territories,
        "administers": can_administer(membership),
        "fictitious": membership.workspace.fictitious,
        "trail": trail(),
    }
    return render(request, "work/workload.html", context)


def _time_url(request: MemberRequest, row: Row) -> str:
    if row.member is None or not can_edit_working_time(request.membership, row.member):
        return ""
    return reverse("work:time", args=[row.member.pk])
