"""Units that bring a problem's numbers near one, and smaller versions of it.

Solvers work with fixed tolerances; a territory in tonnes or a price in cents must not change the
answer. Units are powers of two, so that going back and forth is exact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from restanque.engine.supply.arcs import Arcs
from restanque.engine.supply.arrays import FloatArray, IntArray
from restanque.engine.supply.problem import Problem


@dataclass(frozen=True)
class Units:
    """One scaled unit of bread in kg, and of cost in €/kg."""

    kg: float
    cost: float

    @classmethod
    def of(cls, problem: Problem) -> Units:
        """From the middle line and the middle arc."""
        return cls(_unit(problem.lines.kg), _unit(problem.arcs.cost))

    def apply(self, problem: Problem) -> Problem:
        """The same problem in these units."""
        if self.kg == 1 and self.cost == 1:
            return problem
        kg, cost = self.kg, self.cost
        rules, bakeries, mills, wheat = (
            problem.rules,
            problem.bakeries,
            problem.mills,
            problem.wheat,
        )
        weights = rules.weights
        return replace(
            problem,
            bakeries=replace(
                bakeries, capacity=bakeries.capacity / kg, price=bakeries.price / cost
            ),
            mills=replace(
                mills,
                capacity=mills.capacity / kg,
                class_capacity=mills.class_capacity / kg,
                price=mills.price / cost,
            ),
            wheat=replace(wheat, supply=wheat.supply / kg, price=wheat.price / cost),
            lines=replace(
                problem.lines,
                kg=problem.lines.kg / kg,
                unserved_cost=problem.lines.unserved_cost / cost,
            ),
            rules=replace(
                rules,
                fairness=rules.fairness / cost,
                unserved_penalty=rules.unserved_penalty / cost,
                certified_penalty=rules.certified_penalty / cost,
                weights=replace(
                    weights,
                    flour_km=weights.flour_km / cost,
                    wheat_km=weights.wheat_km / cost,
                    mill_change=weights.mill_change / cost,
                ),
            ),
            flour_reference=problem.flour_reference / cost,
            budget=problem.budget / (kg * cost),
            arcs=replace(
                problem.arcs,
                price=problem.arcs.price / cost,
                transport=problem.arcs.transport / cost,
                preference=problem.arcs.preference / cost,
                change=problem.arcs.change / cost,
            ),
        )


def _unit(values: FloatArray) -> float:
    """A power of two near the median of the sizes; 1 when it is within a factor of 1,000."""
    sizes = np.abs(values[values != 0])
    middle = float(np.median(sizes)) if len(sizes) else 1.0
    return 1.0 if 1e-3 <= middle <= 1e3 else float(2.0 ** np.round(np.log2(middle)))


def thinned(problem: Problem, ratio: int) -> Problem:
    """One line in `ratio`, those of each class made heavier so that the class asks the same.

    Bakeries are `ratio` times larger; mills and zones are untouched: the prices of flour come out
    near those of the whole problem, for a fraction of the work. Budgets are left out.
    """
    lines = problem.lines
    kept = np.sort(np.lexsort((np.arange(len(lines)), lines.cls))[::ratio])
    k = len(problem.classes)
    whole = np.bincount(lines.cls, lines.kg, k)
    part = np.bincount(lines.cls[kept], lines.kg[kept], k)
    factor = np.divide(whole, part, out=np.ones(k), where=part > 0)
    columns = ("x", "y", "cls", "canteen", "commune", "current", "max_price", "unserved_cost")
    some = replace(
        lines,
        ids=tuple(lines.ids[row] for row in kept),
        kg=lines.kg[kept] * factor[lines.cls[kept]],
        **{name: getattr(lines, name)[kept] for name in columns},
    )
    return replace(
        problem,
        lines=some,
        arcs=arcs_of(problem.arcs, kept),
        bakeries=replace(problem.bakeries, capacity=problem.bakeries.capacity * ratio),
        budget=np.full(len(problem.budget), np.inf),
    )


def arcs_of(arcs: Arcs, lines: IntArray) -> Arcs:
    """The arcs of some lines, renumbered in their order."""
    count = np.diff(arcs.start)[lines]
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    rows = np.repeat(arcs.start[:-1][lines] - start[:-1], count) + np.arange(start[-1])
    columns = ("bakery", "cls", "km", "price", "transport", "preference", "change")
    return Arcs(start, *(getattr(arcs, name)[rows] for name in columns))
