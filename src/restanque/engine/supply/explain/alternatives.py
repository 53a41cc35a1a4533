"""Nearly as cheap, otherwise better: plans within x % of the best, and the trade-off curve.

A weight is put on what is wanted and bisected until the cost stays just within the limit: six to
nine warm solves. A dense row on the cost would be far slower (measured in the study).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from restanque.engine.supply.arrays import FloatArray
from restanque.engine.supply.explain import wording
from restanque.engine.supply.potential import Session
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.solution import Plan

TINY = 1e-6
SOLVES = 9


class Aim(StrEnum):
    """What an alternative does best."""

    KEEP = "keep"
    SPREAD = "spread"
    NEAR = "near"


@dataclass(frozen=True)
class Figures:
    """What a plan looks like. cost: € a day in the objective of the problem itself.

    km: road km of one kg of bread, over the bread whose distance is known (None: none). kept: share
    of the bread with a known baker of today that stays there (None: none known). local: share baked
    in the canteen's commune (None: unknown). artisans: bakeries with bread. top_load: kg above the
    fairness threshold."""

    cost: float
    km: float | None
    kept: float | None
    local: float | None
    artisans: int
    over: float
    unserved: float


@dataclass(frozen=True)
class Alternative:
    """A plan within the limit. extra: cost over the best (0.02: 2 %)."""

    aim: Aim
    plan: Plan
    figures: Figures
    extra: float
    weight: float
    solves: int
    sentence: str


@dataclass(frozen=True)
class TradeOff:
    """One point of the curve: weights on places and on today's bakers (€/kg), and the figures."""

    local_weight: float
    keep_weight: float
    figures: Figures


def figures(problem: Problem, plan: Plan, cost: float | None = None) -> Figures:
    """Read from the quantities."""
    arcs, kg = problem.arcs, plan.arc_kg
    line = arcs.line
    known = ~np.isnan(arcs.km)
    today = problem.lines.current[line]
    home, place = problem.lines.commune[line], problem.bakeries.commune[arcs.bakery]
    load = np.bincount(arcs.bakery, kg, len(problem.bakeries))
    over = np.maximum(load - problem.rules.fairness_from * problem.bakeries.capacity, 0.0)
    return Figures(
        plan.objective if cost is None else cost,
        _share(float(arcs.km[known] @ kg[known]), float(kg[known].sum())),
        _share(kg[(today >= 0) & (today == arcs.bakery)].sum(), kg[today >= 0].sum()),
        _share(kg[(home >= 0) & (home == place)].sum(), kg[(home >= 0) & (place >= 0)].sum()),
        int((load > TINY).sum()),
        float(over.sum()),
        float(plan.unserved.sum()),
    )


def _share(part: float, whole: float) -> float | None:
    return float(part) / float(whole) if whole > 0 else None


def alternatives(
    session: Session, base: Plan, *, within: float, aims: tuple[Aim, ...] = tuple(Aim)
) -> tuple[Alternative, ...]:
    """One plan for each aim, costing at most (1 + within) times the best.

    In neutral mode only `SPREAD` is looked for: today's bakers and distances are no criterion."""
    problem = session.problem
    found = []
    for aim in aims:
        if problem.rules.neutral and aim is not Aim.SPREAD:
            continue
        one = _bisect(session, base, aim, within)
        if one is not None:
            found.append(one)
    session.solve(problem)
    return tuple(found)


def _bisect(session: Session, base: Plan, aim: Aim, within: float) -> Alternative | None:
    problem = session.problem
    limit = base.objective + within * abs(base.objective)
    low, high = 0.0, None
    served = float(problem.lines.kg.sum() - base.unserved.sum())
    weight = 0.2 * abs(base.objective) / served * _unit(problem, aim) if served > 0 else 0.0
    best: tuple[Plan, float, float] | None = None
    solves = 0
    while solves < SOLVES and weight > 0:
        plan, cost = _weighted(session, problem, aim, weight)
        solves += 1
        if cost <= limit + 1e-9 * abs(limit):
            low, best = weight, (plan, cost, weight)
            weight = weight * 2 if high is None else (low + high) / 2
        else:
            high = weight
            weight = (low + high) / 2
        if best is not None and best[1] - base.objective > 0.9 * within * abs(base.objective):
            break
    if best is None:
        return None
    plan, cost, weight = best
    shown = figures(problem, plan, cost)
    extra = (cost - base.objective) / abs(base.objective) if base.objective else 0.0
    sentence = wording.alternative(aim, extra, figures(problem, base), shown)
    return Alternative(aim, plan, shown, extra, weight, solves, sentence)


def _unit(problem: Problem, aim: Aim) -> float:
    """Scale of the first weight: €/kg, or €/kg/km for distances."""
    if aim is not Aim.NEAR or not len(problem.arcs):
        return 1.0
    km = problem.arcs.km[~np.isnan(problem.arcs.km)]
    return 1.0 / max(float(km.mean()), 1.0) if len(km) else 1.0


def _weighted(session: Session, problem: Problem, aim: Aim, weight: float) -> tuple[Plan, float]:
    """The plan with this weight on the aim, and what it costs without it."""
    if aim is Aim.SPREAD:
        dearer = problem.rules.fairness + weight
        plan = session.solve(replace(problem, rules=replace(problem.rules, fairness=dearer)))
        return plan, plan.objective - weight * figures(problem, plan).over
    wanted = _wanted(problem, aim)
    plan = session.solve(_with_cost(problem, weight * wanted))
    return plan, plan.objective - weight * float(wanted @ plan.arc_kg)


def _wanted(problem: Problem, aim: Aim) -> FloatArray:
    """What one kg on each arc adds to what is not wanted (A,)."""
    arcs = problem.arcs
    if aim is Aim.NEAR:
        km: FloatArray = np.nan_to_num(arcs.km)
        return km
    today = problem.lines.current[arcs.line]
    moved: FloatArray = ((today >= 0) & (today != arcs.bakery)).astype(np.float64)
    return moved


def _with_cost(problem: Problem, more: FloatArray) -> Problem:
    """The problem whose arcs cost this much more."""
    return replace(problem, arcs=replace(problem.arcs, change=problem.arcs.change + more))


def trade_offs(
    session: Session,
    *,
    local: tuple[float, ...] = (0.0, 0.1, 0.3, 1.0),
    keep: tuple[float, ...] = (0.0, 0.1, 0.3, 1.0),
) -> tuple[TradeOff, ...]:
    """The curve cost - local - stability: one plan for each pair of weights (€/kg), warm.

    `cost` leaves every preference out: what is paid (bread, flour, carriage, fairness) against
    what is got. Not offered in neutral mode, where these weights are not admissible."""
    problem = session.problem
    if problem.rules.neutral:
        return ()
    arcs = problem.arcs
    bare = replace(
        problem,
        arcs=replace(arcs, preference=np.zeros(len(arcs)), change=np.zeros(len(arcs))),
    )
    home, place = problem.lines.commune[arcs.line], problem.bakeries.commune[arcs.bakery]
    away = ((home >= 0) & (home != place)).astype(np.float64)
    moved = _wanted(problem, Aim.KEEP)
    found = []
    for a in local:
        for b in keep:
            plan = session.solve(_with_cost(bare, a * away + b * moved))
            cost = plan.objective - float((a * away + b * moved) @ plan.arc_kg)
            found.append(TradeOff(a, b, figures(problem, plan, cost)))
    session.solve(problem)
    return tuple(found)
