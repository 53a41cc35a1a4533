"""Cost against proximity and stability: the curve, solved beforehand and kept with its plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from restanque.accounts.models import User
from restanque.core.jobs import JobError, JobProgress, JobResult, job, start_job
from restanque.core.models import Job
from restanque.engine.supply import SupplyError
from restanque.engine.supply.explain import TradeOff, trade_offs
from restanque.supply.explaining import Outdated, Study
from restanque.supply.models import SupplyPlan

#: €/kg put on bread that leaves its commune and on bread that leaves its baker: seven points.
WEIGHTS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.6, 1.2)
#: Weight of a neighbour commune for that of a farther one.
NEIGHBOUR_SHARE = 0.25


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
    """Exact plans without whole lots, from cost alone to proximity and stability first."""
    plan = SupplyPlan.objects.select_related("scenario__territory__workspace").get(pk=plan_id)

    def told(done: int, total: int) -> None:
        progress.report(done=done, total=total, message="Les arbitrages se calculent.")

    try:
        done = keep_trade_offs(plan=plan, should_stop=progress.should_stop, report=told)
    except (Outdated, SupplyError) as error:
        raise JobError(str(error)) from error
    return (
        JobResult("Les arbitrages sont calculés : revenez à la page du scénario.") if done else None
    )


def keep_trade_offs(
    *,
    plan: SupplyPlan,
    should_stop: Callable[[], bool],
    report: Callable[[int, int], None] | None = None,
) -> bool:
    """Solve the points and store them in `plan.figures["trade_offs"]`; False when stopped.

    Raises Outdated when the scenario changed since the plan, SupplyError as `build` does.
    """
    study = Study(plan)
    session = study.session
    asked = float(study.problem.lines.kg.sum())
    points: list[dict[str, Any]] = []
    for done, weight in enumerate(WEIGHTS):
        if should_stop():
            return False
        if report is not None:
            report(done, len(WEIGHTS))
        points += [_row(one, asked) for one in trade_offs(session, local=(weight,), keep=(weight,))]
    with transaction.atomic():
        kept = SupplyPlan.objects.select_for_update().get(pk=plan.pk)
        kept.figures = {**kept.figures, "trade_offs": points}
        kept.save(update_fields=["figures"])
    if report is not None:
        report(len(WEIGHTS), len(WEIGHTS))
    return True


def weights(*, proximity: float, stability: float, spread: float) -> dict[str, float]:
    """What three sliders mean for a scenario (€/kg): a neighbour commune weighs a quarter of a
    farther one, as in the default settings."""
    return {
        "neighbour": round(proximity * NEIGHBOUR_SHARE, 4),
        "elsewhere": proximity,
        "change": stability,
        "fairness": spread,
    }


def weights_of_point(plan: SupplyPlan, position: int) -> dict[str, float]:
    """The settings of a scenario that mean this point of its curve. ValidationError if none does.

    The curve puts one weight on bread that leaves its commune, near or far, and the same on bread
    that leaves its baker; a scenario that keeps today's bakers whatever it costs has no such point,
    so it is asked not to.
    """
    points = plan.figures.get("trade_offs") or []
    if not 0 <= position < len(points):
        raise ValidationError("Ce point n’est pas sur la courbe : calculez les arbitrages.")
    weight = float(points[position]["weight"])
    return {"neighbour": weight, "elsewhere": weight, "change": weight, "keep_bakers": False}


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
