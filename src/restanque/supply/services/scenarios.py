"""Writes on scenarios and their plans."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import User
from restanque.core.jobs import JobError, JobProgress, JobResult, job, start_job
from restanque.engine.supply import SupplyError
from restanque.kit.text import clean, format_number, search_key
from restanque.supply.assumptions import Assumptions
from restanque.supply.building import build
from restanque.supply.explaining import Outdated
from restanque.supply.models import (
    ExcludedBakery,
    ExcludedMill,
    ExcludedNeed,
    Need,
    PlanStatus,
    Scenario,
    ScenarioLink,
    SupplyPlan,
)
from restanque.supply.models.plans import packed
from restanque.supply.services import trade_offs
from restanque.supply.services.saving import save
from restanque.supply.solving import Solved, solve_built
from restanque.territories.models import Territory

#: Needs up to which a plan is solved while the person waits (about two seconds); a job beyond.
AT_ONCE = 300


@transaction.atomic
def create_scenario(
    *,
    territory: Territory,
    name: str,
    description: str = "",
    assumptions: Mapping[str, Any] | None = None,
    by: User | None = None,
) -> Scenario:
    """A scenario with the usual assumptions, or those given. ValidationError in French."""
    scenario = Scenario(
        territory=territory,
        name=clean(name),
        name_key=search_key(name),
        description=description,
        assumptions={**Assumptions().as_json(), **(assumptions or {})},
        created_by=by,
    )
    return save(scenario, reason="créé")


@transaction.atomic
def update_scenario(
    *, scenario: Scenario, name: str, description: str, assumptions: Mapping[str, Any]
) -> Scenario:
    """Change the words or the settings; a change of settings raises the version."""
    scenario.name, scenario.name_key = clean(name), search_key(name)
    scenario.description = description
    wanted = {**scenario.assumptions, **assumptions}
    if wanted != scenario.assumptions:
        scenario.assumptions = wanted
        scenario.version += 1
    return save(scenario, reason="hypothèses modifiées")


@transaction.atomic
def set_weights(*, scenario: Scenario, weights: Mapping[str, Any]) -> Scenario:
    """Change only some settings; the version rises when they do change."""
    return update_scenario(
        scenario=scenario,
        name=scenario.name,
        description=scenario.description,
        assumptions=weights,
    )


@transaction.atomic
def try_point(*, plan: SupplyPlan, position: int, by: User | None = None) -> Scenario:
    """The scenario that a point of a plan's curve means: itself with these weights, or a copy when
    it keeps today's bakers whatever it costs, so that its own question stays asked.

    Raises ValidationError where the curve has no such point.
    """
    scenario, wanted = plan.scenario, trade_offs.weights_of_point(plan, position)
    if not scenario.settings.keep_bakers:
        return set_weights(scenario=scenario, weights=wanted)
    stem = f"{scenario.name[:110]}, arbitrage à {format_number(wanted['change'], 2)} €"
    taken = set(
        Scenario.objects.filter(territory=scenario.territory).values_list("name_key", flat=True)
    )
    names = (stem if n == 1 else f"{stem} ({n})" for n in range(1, len(taken) + 2))
    name = next(one for one in names if search_key(one) not in taken)
    copy = duplicate_scenario(scenario=scenario, name=name, by=by)
    return set_weights(scenario=copy, weights=wanted)


@transaction.atomic
def duplicate_scenario(*, scenario: Scenario, name: str, by: User | None = None) -> Scenario:
    """The same question under another name, hand-made decisions included."""
    copy = Scenario(
        territory=scenario.territory,
        name=clean(name),
        name_key=search_key(name),
        description=scenario.description,
        assumptions=scenario.assumptions,
        copied_from=scenario,
        created_by=by,
    )
    save(copy, reason=f"copie de « {scenario} »")
    for link in scenario.links.all():
        ScenarioLink.objects.create(
            scenario=copy, need=link.need, bakery=link.bakery, kind=link.kind, why=link.why, by=by
        )
    for need in scenario.excluded_needs.all():
        ExcludedNeed.objects.create(scenario=copy, need=need.need)
    for bakery in scenario.excluded_bakeries.all():
        ExcludedBakery.objects.create(scenario=copy, bakery=bakery.bakery)
    for mill in scenario.excluded_mills.all():
        ExcludedMill.objects.create(scenario=copy, mill=mill.mill)
    return copy


@transaction.atomic
def archive_scenario(*, scenario: Scenario, archived: bool = True) -> Scenario:
    """Take a scenario out of lists, or bring it back; nothing is lost."""
    scenario.archived = archived
    return save(scenario, reason="archivé" if archived else "remis en service")


def start_plan(*, scenario: Scenario, by: User | None = None, later: bool = False) -> SupplyPlan:
    """Solve at once a small territory, by a job a large one, or any when it may wait (`later`)."""
    plan = SupplyPlan.objects.create(
        scenario=scenario,
        scenario_version=scenario.version,
        assumptions=scenario.assumptions,
        fictitious=scenario.workspace.fictitious,
    )
    small = Need.objects.active().filter(territory=scenario.territory).count() <= AT_ONCE
    if small and not later:
        run_plan(plan=plan)
        if _has_curve(plan):
            # The curve is ready when somebody asks for it; nobody waits for it here.
            trade_offs.start_trade_offs(plan=plan, by=by)
        return plan
    plan.job = start_job(
        workspace=scenario.workspace,
        kind="supply-plan",
        label=f"Plan « {scenario} »"[:200],
        task=solve_plan,
        arguments={"plan_id": plan.pk},
        requested_by=by,
    )
    plan.save(update_fields=["job"])
    return plan


@job
def solve_plan(progress: JobProgress, *, plan_id: int) -> JobResult | None:
    """The job of a large plan. Running it again solves again: the same plan, by the same seed."""
    plan = SupplyPlan.objects.select_related("scenario__territory__workspace").get(pk=plan_id)
    if plan.status == PlanStatus.DONE:
        return None
    progress.report(done=0, total=2, message="Le plan se calcule.")
    run_plan(plan=plan)
    if plan.status == PlanStatus.FAILED:
        raise JobError(plan.message)
    progress.report(done=1, total=2, message="Le plan est prêt ; les arbitrages se calculent.")
    if _has_curve(plan):
        # Somebody may have changed the scenario meanwhile: the curve is asked for again then.
        with suppress(Outdated, SupplyError):
            trade_offs.keep_trade_offs(plan=plan, should_stop=progress.should_stop)
    progress.report(done=2, total=2, message="Le plan est prêt.")
    return None


def _has_curve(plan: SupplyPlan) -> bool:
    """Whether proximity and stability may be weighed: never in neutral mode, nor without bread."""
    done = plan.status == PlanStatus.DONE and bool(plan.figures.get("served_kg"))
    return done and not Assumptions.of(plan.assumptions).neutral


def run_plan(*, plan: SupplyPlan) -> SupplyPlan:
    """Read, solve, store. A contradiction of the tables fails the plan with its sentences."""
    try:
        built = build(plan.scenario)
        solved = solve_built(built, Assumptions.of(plan.assumptions))
    except SupplyError as error:
        plan.status, plan.message = PlanStatus.FAILED, str(error)
        plan.save(update_fields=["status", "message"])
        return plan
    return _store(plan, solved, fictitious=built.fictitious)


def _store(plan: SupplyPlan, solved: Solved, *, fictitious: bool) -> SupplyPlan:
    plan.status, plan.message = PlanStatus.DONE, ""
    plan.result, plan.figures = packed(solved.result), solved.figures
    plan.solved_at = timezone.now()
    plan.fictitious = plan.fictitious or fictitious
    plan.full_clean()
    plan.save()
    return plan
