"""Long readings of a plan, done by a job: every commune's page, the trade-off curve."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import User
from restanque.core.jobs import JobError, JobProgress, JobResult, job, start_job
from restanque.core.models import Job
from restanque.engine.supply import SupplyError
from restanque.engine.supply.explain import TradeOff, trade_offs
from restanque.supply.documents import commune_pages
from restanque.supply.explaining import Outdated, Study, study_of
from restanque.supply.models import SupplyPlan
from restanque.supply.showing import PlanView

#: €/kg put on bread that leaves its commune and on bread that leaves its baker: five points.
WEIGHTS = (0.0, 0.1, 0.3, 0.6, 1.2)


def start_commune_pages(*, plan: SupplyPlan, by: User | None = None) -> Job:
    """Have « Votre pain demain » of every commune written; the file is the job's."""
    return start_job(
        workspace=plan.scenario.workspace,
        kind="supply-pages",
        label=f"Pages des communes, « {plan.scenario} »",
        task=write_commune_pages,
        arguments={"plan_id": plan.pk},
        requested_by=by,
    )


@job
def write_commune_pages(progress: JobProgress, *, plan_id: int) -> JobResult | None:
    """One page for each commune with a need. Running it again writes the same file."""
    plan = _plan(plan_id)
    view = PlanView(plan)
    concerned = {one.need.canteen.commune_id for one in view.short} | set(view.communes)
    communes = list(
        plan.scenario.territory.communes_at(timezone.localdate()).filter(pk__in=concerned)
    )
    progress.report(done=0, total=1, message="Les pages s’écrivent.")
    data = commune_pages(view, communes, study=study_of(plan), created_at=timezone.now())
    progress.report(done=1, total=1)
    return JobResult("Les pages sont prêtes.", data, f"votre-pain-demain-plan-{plan.pk}.docx")


def start_trade_offs(*, plan: SupplyPlan, by: User | None = None) -> Job:
    """Have the trade-off curve of a plan solved and kept with its figures."""
    return start_job(
        workspace=plan.scenario.workspace,
        kind="supply-trade-offs",
        label=f"Arbitrages, « {plan.scenario} »",
        task=solve_trade_offs,
        arguments={"plan_id": plan.pk},
        requested_by=by,
    )


@job
def solve_trade_offs(progress: JobProgress, *, plan_id: int) -> JobResult | None:
    """Five exact plans without whole lots, from cost alone to proximity and stability first."""
    plan = _plan(plan_id)
    try:
        study = Study(plan)
        session = study.session
    except (Outdated, SupplyError) as error:
        raise JobError(str(error)) from error
    asked = float(study.problem.lines.kg.sum())
    points = []
    for done, weight in enumerate(WEIGHTS):
        if progress.should_stop():
            return None
        progress.report(done=done, total=len(WEIGHTS), message="Les arbitrages se calculent.")
        points += [_row(one, asked) for one in trade_offs(session, local=(weight,), keep=(weight,))]
    with transaction.atomic():
        kept = SupplyPlan.objects.select_for_update().get(pk=plan_id)
        kept.figures = {**kept.figures, "trade_offs": points}
        kept.save(update_fields=["figures"])
    progress.report(done=len(WEIGHTS), total=len(WEIGHTS))
    return JobResult("Les arbitrages sont calculés : revenez à la page du scénario.")


def _row(one: TradeOff, asked: float) -> dict[str, Any]:
    """One point as the plan keeps it. Shares are of bread whose place or baker is known."""
    shown = one.figures
    return {
        "weight": one.keep_weight,
        "cost": shown.cost,
        "served_kg": asked - shown.unserved,
        "unserved_kg": shown.unserved,
        "kept": shown.kept,
        "local": shown.local,
        "km": shown.km,
        "bakeries": shown.artisans,
    }


def _plan(pk: int) -> SupplyPlan:
    return SupplyPlan.objects.select_related("scenario__territory__workspace").get(pk=pk)
