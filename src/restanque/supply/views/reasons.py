"""Why a need is served as it is, and what proximity and stability would cost."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.engine.supply import SupplyError
from restanque.kit import charts, figures
from restanque.kit.text import format_date, format_number, format_percent
from restanque.supply import chosen
from restanque.supply.explaining import Outdated, Study
from restanque.supply.forms import WeightsForm
from restanque.supply.models import Need, PlanStatus, Scenario, SupplyPlan
from restanque.supply.perms import (
    can_edit_supply,
    can_view_details,
    can_view_supply,
    get_scenario_for,
)
from restanque.supply.services import trade_offs
from restanque.supply.views.common import trail

_ABSENT = "Ce besoin n’était pas dans le dernier plan calculé."


@require(can_view_details)
def need(request: MemberRequest, pk: int, need: int) -> HttpResponse:
    """The reasons of one need in the latest plan: who, at what cost, who else, what is missing.

    Any bakery of the scenario may be imposed or forbidden from here."""
    scenario = get_scenario_for(request, pk)
    subject = get_object_or_404(
        Need.objects.select_related("canteen__commune", "supplier"),
        territory=scenario.territory,
        pk=need,
    )
    done = _latest(scenario)
    context: dict[str, Any] = {
        "scenario": scenario,
        "need": subject,
        "done": done,
        "may_edit": can_edit_supply(request.membership),
        "fictitious": scenario.workspace.fictitious or bool(done and done.fictitious),
        "trail": _trail(scenario),
        "bakeries": chosen.bakeries_of(scenario),
        "decided": scenario.links.filter(need=subject).select_related(
            "bakery__organisation", "bakery__placeholder_commune"
        ),
        "is_out": scenario.excluded_needs.filter(need=subject).exists(),
    }
    if done is not None:
        context |= _reasons(done, subject)
    return render(request, "supply/reasons.html", context)


def _reasons(plan: SupplyPlan, subject: Need) -> dict[str, Any]:
    try:
        study = Study(plan)
        if subject.pk not in study.lines:
            return {"outdated": _ABSENT}
        return {
            "reasons": study.reasons(subject),
            "missing": study.missing(subject),
            "kept_first": bool(study.result.get("keep_bakers")),
        }
    except (Outdated, SupplyError) as error:
        return {"outdated": str(error)}


@require(can_view_supply)
def balance(request: MemberRequest, pk: int) -> HttpResponse:
    """Cost against proximity and stability: exact plans solved beforehand."""
    scenario = get_scenario_for(request, pk)
    done = _latest(scenario)
    rows = (done.figures.get("trade_offs") or []) if done else []
    context: dict[str, Any] = {
        "scenario": scenario,
        "done": done,
        "may_edit": can_edit_supply(request.membership),
        "fictitious": scenario.workspace.fictitious or bool(done and done.fictitious),
        "trail": _trail(scenario),
        "sliders": WeightsForm(known=scenario.settings).sliders(),
        "now": _now(done) if done else None,
        "points": [_point(row, extra) for row, extra in zip(rows, _extra(rows), strict=True)],
    }
    if rows and done is not None:
        panel = _panel(done, rows)
        if response := figures.serve(request, panel):
            return response
        context["panel"] = panel
    return render(request, "supply/balance.html", context)


@require_POST
@require(can_edit_supply)
def balance_solve(request: MemberRequest, pk: int) -> HttpResponse:
    """Have the points solved again, by a job that shows its progress."""
    scenario = get_scenario_for(request, pk)
    done = _latest(scenario)
    if done is None or scenario.settings.neutral:
        raise Http404
    work = trade_offs.start_trade_offs(plan=done, by=request.membership.user)
    return redirect("core:job", pk=work.pk)


def _panel(plan: SupplyPlan, rows: list[dict[str, Any]]) -> charts.ChartPanel:
    first, extra = rows[0], _extra(rows)
    series = {
        label: [
            (x, None if row[name] is None else round(100 * row[name], 1))
            for x, row in zip(extra, rows, strict=True)
        ]
        for label, name in (("De la commune même", "local"), ("Chez son boulanger", "kept"))
    }
    drawing = charts.line(series, x="Surcoût (centimes par kilo)", y="Part du pain", unit="%")
    day = timezone.localdate(plan.solved_at) if plan.solved_at else None
    return charts.ChartPanel(
        name="arbitrages",
        title="Ce que coûtent la proximité et la stabilité",
        chart=drawing.chart,
        headers=(
            "Poids (€ par kilo)", "Surcoût (centimes par kilo)", "De la commune même",
            "Chez son boulanger", "km par kilo", "Boulangeries", "Non servi (kg par jour)",
        ),
        rows=[_point(row, x) for row, x in zip(rows, extra, strict=True)],
        n=f"{len(rows)} plans de {format_number(first['served_kg'])} kg par jour",
        source=f"scénario « {plan.scenario} », {format_date(day) if day else ''}",
        date=day,
        description="Chaque point est un plan exact, sans lots entiers : plus le poids mis sur la "
        "proximité et sur le boulanger d’aujourd’hui monte, plus le pain reste et plus il coûte.",
        fictitious=plan.fictitious,
    )  # fmt: skip


def _now(plan: SupplyPlan) -> dict[str, str] | None:
    """Where the plan itself stands, to read the curve by; None where neither share is known."""
    shown = plan.figures
    local, known = shown.get("local_share"), shown.get("known_baker_kg")
    if local is None or not known:
        return None
    return {"local": format_percent(local), "kept": format_percent(shown["stay_kg"] / known)}


def _extra(rows: list[dict[str, Any]]) -> list[float]:
    """Centimes a kilogram above the cheapest point."""
    if not rows:
        return []
    first = rows[0]
    served = first["served_kg"] or 1.0
    return [round(100 * (row["cost"] - first["cost"]) / served, 1) for row in rows]


def _point(row: dict[str, Any], extra: float) -> tuple[str, ...]:
    def share(value: float | None) -> str:
        return "inconnu" if value is None else format_percent(value)

    return (
        format_number(row["weight"], 2),
        format_number(extra, 1),
        share(row["local"]),
        share(row["kept"]),
        "inconnu" if row["km"] is None else format_number(row["km"], 1),
        format_number(row["bakeries"]),
        format_number(row["unserved_kg"]),
    )


def _latest(scenario: Scenario) -> SupplyPlan | None:
    return (
        scenario.plans.filter(status=PlanStatus.DONE)
        .select_related("scenario__territory__workspace")
        .first()
    )


def _trail(scenario: Scenario) -> list[tuple[str, str]]:
    return trail(
        scenario.territory,
        ("Scénarios", reverse("supply:scenarios", args=[scenario.territory_id])),
        (scenario.name, scenario.get_absolute_url()),
    )
