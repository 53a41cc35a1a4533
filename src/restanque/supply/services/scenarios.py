"""Writes on scenarios and their plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from restanque.accounts.models import User
from restanque.core.jobs import JobError, JobProgress, JobResult, job, start_job
from restanque.engine.supply import SupplyError
from restanque.kit.text import clean, search_key
from restanque.supply.assumptions import Assumptions
from restanque.supply.building import build
from restanque.supply.models import (
    BakeryOffer,
    ExcludedBakery,
    ExcludedNeed,
    LinkKind,
    Need,
    PlanStatus,
    Scenario,
    ScenarioLink,
    SupplyPlan,
)
from restanque.supply.models.plans import packed
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
    return copy


@transaction.atomic
def archive_scenario(*, scenario: Scenario, archived: bool = True) -> Scenario:
    """Take a scenario out of lists, or bring it back; nothing is lost."""
    scenario.archived = archived
    return save(scenario, reason="archivé" if archived else "remis en service")


@transaction.atomic
def decide_link(
    *,
    scenario: Scenario,
    need: Need,
    bakery: BakeryOffer,
    kind: LinkKind | None,
    by: User | None = None,
    why: str = "",
) -> None:
    """Impose or forbid a link by hand; None takes the decision back."""
    if {need.territory_id, bakery.territory_id} != {scenario.territory_id}:
        raise ValidationError("Ce besoin ou cette boulangerie est d’un autre territoire.")
    link = ScenarioLink.objects.filter(scenario=scenario, need=need, bakery=bakery).first()
    if kind is None:
        if link is not None:
            link.delete()
            _touch(scenario)
        return
    link = link or ScenarioLink(scenario=scenario, need=need, bakery=bakery)
    link.kind, link.why, link.by, link.at = kind, clean(why), by, timezone.now()
    link.full_clean()
    link.save()
    _touch(scenario)


@transaction.atomic
def exclude_bakery(*, scenario: Scenario, bakery: BakeryOffer, excluded: bool) -> None:
    """« Et si elle fermait ? »: leave a bakery out of one scenario, or bring it back."""
    if bakery.territory_id != scenario.territory_id:
        raise ValidationError("Cette boulangerie est d’un autre territoire.")
    if excluded:
        ExcludedBakery.objects.get_or_create(scenario=scenario, bakery=bakery)
    else:
        ExcludedBakery.objects.filter(scenario=scenario, bakery=bakery).delete()
    _touch(scenario)


@transaction.atomic
def exclude_need(*, scenario: Scenario, need: Need, excluded: bool) -> None:
    """Leave a need out of one scenario, or bring it back."""
    if need.territory_id != scenario.territory_id:
        raise ValidationError("Ce besoin est d’un autre territoire.")
    if excluded:
        ExcludedNeed.objects.get_or_create(scenario=scenario, need=need)
    else:
        ExcludedNeed.objects.filter(scenario=scenario, need=need).delete()
    _touch(scenario)


def _touch(scenario: Scenario) -> None:
    Scenario.objects.filter(pk=scenario.pk).update(version=F("version") + 1)
    scenario.refresh_from_db()


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
    progress.report(done=0, total=1, message="Le plan se calcule.")
    run_plan(plan=plan)
    if plan.status == PlanStatus.FAILED:
        raise JobError(plan.message)
    progress.report(done=1, total=1, message="Le plan est prêt.")
    return None


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
