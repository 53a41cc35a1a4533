"""What if: a mill closes, flour is dearer, a baker leaves, a commune joins. Warm re-solves.

All are answered by the potential model (exact, fractional): the difference with its own plan, not
with an award. A plan of whole lots moves by about as much.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from restanque.engine.supply.explain import wording
from restanque.engine.supply.potential import Session
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.solution import Plan

TINY = 1e-6


@dataclass(frozen=True)
class WhatIf:
    """After less before: cost (€ a day, penalties of unserved bread apart), unserved bread (kg a
    day), objective (all counted), bread that changes baker (kg a day) and lines concerned."""

    name: str
    cost: float
    unserved: float
    objective: float
    moved: float
    lines: tuple[int, ...]
    plan: Plan
    sentence: str


def mill_closes(problem: Problem, mill: int) -> Problem:
    """The problem without what this mill grinds."""
    mills = problem.mills
    capacity, by_class = mills.capacity.copy(), mills.class_capacity.copy()
    capacity[mill], by_class[mill] = 0.0, 0.0
    return replace(problem, mills=replace(mills, capacity=capacity, class_capacity=by_class))


def flour_dearer(problem: Problem, share: float) -> Problem:
    """The problem with every flour `share` dearer (0.1: ten percent)."""
    return replace(problem, mills=replace(problem.mills, price=problem.mills.price * (1 + share)))


def baker_leaves(problem: Problem, bakery: int) -> Problem:
    """The problem without the capacity of this bakery."""
    capacity, least = problem.bakeries.capacity.copy(), problem.bakeries.min_order.copy()
    capacity[bakery], least[bakery] = 0.0, 0.0
    return replace(problem, bakeries=replace(problem.bakeries, capacity=capacity, min_order=least))


def commune_joins(problem: Problem, commune: int, kg: np.ndarray) -> Problem:
    """The problem where the lines of this commune ask `kg` (one figure for each of its lines)."""
    asked = problem.lines.kg.copy()
    asked[problem.lines.commune == commune] = kg
    return replace(problem, lines=replace(problem.lines, kg=asked))


def what_if(session: Session, base: Plan, changed: Problem, name: str) -> WhatIf:
    """The plan of a changed problem (same tables), against `base`, the plan before."""
    plan = session.solve(changed)
    before, after = _by_pair(session.problem, base), _by_pair(changed, plan)
    moved = {key: after.get(key, 0.0) - kg for key, kg in before.items()}
    lost = {key: -kg for key, kg in moved.items() if kg < -TINY}
    unserved = float(plan.unserved.sum() - base.unserved.sum())
    penalty = float(changed.penalty @ plan.unserved - session.problem.penalty @ base.unserved)
    objective = plan.objective - base.objective
    lines = tuple(sorted({line for line, _ in lost}))
    cost = objective - penalty
    sentence = wording.what_if(name, cost, unserved, sum(lost.values()), len(lines))
    return WhatIf(name, cost, unserved, objective, float(sum(lost.values())), lines, plan, sentence)


def mill_criticality(session: Session, base: Plan) -> tuple[WhatIf, ...]:
    """Each mill closed in turn, the worst first."""
    problem = session.problem
    found = [
        what_if(session, base, mill_closes(problem, m), f"« {name} » ferme")
        for m, name in enumerate(problem.mills.ids)
    ]
    session.solve(problem)
    return tuple(sorted(found, key=lambda one: -one.objective))


def _by_pair(problem: Problem, plan: Plan) -> dict[tuple[int, int], float]:
    """kg by (line, bakery)."""
    arcs = problem.arcs
    used = np.flatnonzero(plan.arc_kg > TINY)
    found: dict[tuple[int, int], float] = {}
    for line, bakery, kg in zip(
        arcs.line[used].tolist(), arcs.bakery[used].tolist(), plan.arc_kg[used], strict=True
    ):
        found[line, bakery] = found.get((line, bakery), 0.0) + float(kg)
    return found
