"""What a person decides of a scenario: links, needs and offers in or out, weights."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.kit.text import record_number
from restanque.supply.forms import WeightsForm
from restanque.supply.models import (
    BakeryOffer,
    LinkKind,
    MillOffer,
    Need,
    PlanStatus,
    Scenario,
)
from restanque.supply.perms import can_edit_supply, get_scenario_for
from restanque.supply.services import choices, scenarios, trade_offs
from restanque.supply.showing import place_key
from restanque.supply.views.common import trail
from restanque.supply.views.scenarios import solve_and_tell


@require_POST
@require(can_edit_supply)
def decide(request: MemberRequest, pk: int) -> HttpResponse:
    """Impose, forbid or free a link, then solve again."""
    subject = get_scenario_for(request, pk)
    wanted = request.POST.get("kind", "")
    choices.decide_link(
        scenario=subject,
        need=get_object_or_404(Need, territory=subject.territory, pk=_number(request, "need")),
        bakery=get_object_or_404(
            BakeryOffer, territory=subject.territory, pk=_number(request, "bakery")
        ),
        kind=LinkKind(wanted) if wanted in LinkKind.values else None,
        by=request.membership.user,
        why=request.POST.get("why", "")[:300],
    )
    return solve_and_tell(request, subject)


@require_POST
@require(can_edit_supply)
def leave_out(request: MemberRequest, pk: int) -> HttpResponse:
    """Leave a need, a bakery or a mill out of this scenario alone, or bring it back; solve."""
    subject = get_scenario_for(request, pk)
    excluded = request.POST.get("excluded") == "1"
    here = {"territory": subject.territory}
    if "need" in request.POST:
        need = get_object_or_404(Need, pk=_number(request, "need"), **here)
        choices.exclude_need(scenario=subject, need=need, excluded=excluded)
    elif "mill" in request.POST:
        mill = get_object_or_404(MillOffer, pk=_number(request, "mill"), **here)
        choices.exclude_mill(scenario=subject, mill=mill, excluded=excluded)
    else:
        bakery = get_object_or_404(BakeryOffer, pk=_number(request, "bakery"), **here)
        choices.exclude_bakery(scenario=subject, bakery=bakery, excluded=excluded)
    return solve_and_tell(request, subject)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def choose(request: MemberRequest, pk: int) -> HttpResponse:
    """Which needs, bakeries and mills this scenario counts, all on one page."""
    subject = get_scenario_for(request, pk)
    if request.method == "POST":
        changed = choices.choose(
            scenario=subject,
            needs=_numbers(request, "need"),
            bakeries=_numbers(request, "bakery"),
            mills=_numbers(request, "mill"),
        )
        if changed:
            return solve_and_tell(request, subject)
        messages.info(request, "Rien n’a changé.")
        return redirect(subject)
    return render(request, "supply/choose.html", _offered(subject))


@require_POST
@require(can_edit_supply)
def weigh(request: MemberRequest, pk: int) -> HttpResponse:
    """The three sliders: change the weights, then solve again."""
    subject = get_scenario_for(request, pk)
    form = WeightsForm(request.POST, known=subject.settings)
    if not form.is_valid():
        messages.error(request, "Un poids est un nombre entre 0 et 20 € par kilo.")
        return redirect(subject)
    try:
        changed = scenarios.set_weights(
            scenario=subject, weights=trade_offs.weights(**form.cleaned_data)
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(subject)
    return solve_and_tell(request, changed)


@require_POST
@require(can_edit_supply)
def choose_point(request: MemberRequest, pk: int) -> HttpResponse:
    """A point of the curve: its weights, in this scenario or in a copy, and the plan they give."""
    subject = get_scenario_for(request, pk)
    done = subject.plans.filter(status=PlanStatus.DONE).select_related("scenario").first()
    point = record_number(request.POST.get("point", ""))
    try:
        if done is None or point is None:
            raise ValidationError("Ce point n’est pas sur la courbe : calculez les arbitrages.")
        tried = scenarios.try_point(plan=done, position=point, by=request.membership.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("supply:balance", pk=pk)
    if tried.pk != subject.pk:
        messages.info(request, f"« {subject} » garde sa question : voici une copie à comparer.")
    return solve_and_tell(request, tried)


def _offered(subject: Scenario) -> dict[str, Any]:
    """Needs, bakeries and mills of the territory, each with whether the scenario keeps it."""
    needs = Need.objects.active().filter(territory=subject.territory)
    if not subject.settings.include_estimates:
        needs = needs.observed()
    out = {
        name: set(rows.values_list(name, flat=True))
        for name, rows in (
            ("need", subject.excluded_needs),
            ("bakery", subject.excluded_bakeries),
            ("mill", subject.excluded_mills),
        )
    }
    bakeries = BakeryOffer.objects.active().filter(territory=subject.territory)
    mills = MillOffer.objects.active().filter(territory=subject.territory)
    found = needs.select_related("canteen__commune")
    return {
        "scenario": subject,
        "needs": [(one, one.pk not in out["need"]) for one in sorted(found, key=place_key)],
        "bakeries": [
            (one, one.pk not in out["bakery"])
            for one in bakeries.select_related("organisation__commune", "placeholder_commune")
        ],
        "mills": [
            (one, one.pk not in out["mill"])
            for one in mills.select_related("organisation__commune")
        ],
        "fictitious": subject.workspace.fictitious,
        "trail": trail(
            subject.territory,
            ("Scénarios", reverse("supply:scenarios", args=[subject.territory_id])),
            (subject.name, subject.get_absolute_url()),
        ),
    }


def _number(request: MemberRequest, name: str) -> int:
    return record_number(request.POST.get(name, "")) or 0


def _numbers(request: MemberRequest, name: str) -> list[int]:
    found = (record_number(text) for text in request.POST.getlist(name))
    return [number for number in found if number is not None]
