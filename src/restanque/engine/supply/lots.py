"""Cutting lines into lots, so that one lot is within reach of one artisan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from restanque.engine.supply.arrays import FloatArray, IntArray
from restanque.engine.supply.problem import Problem

#: Most lots one line is cut into.
MOST = 12


@dataclass(frozen=True)
class Lots:
    """L lots, in the order of their lines; the lots of a line are equal."""

    #: Line of each lot (L,) and its kg/day.
    line: IntArray
    kg: FloatArray
    #: Lots of each line (D,), 0 for a line that asks nothing.
    count: IntArray
    #: Most bakeries for each canteen: max(k, its lots) (canteens,).
    most: IntArray
    #: Largest lot wished, kg/day.
    limit: float


def cut(problem: Problem) -> Lots:
    """Each line in equal lots of at most `Rules.lot_kg`, MOST at most.

    A canteen asking several lots may need as many bakeries: with a flat k it could not be served.
    """
    lines, limit = problem.lines, largest(problem)
    count = np.clip(np.ceil(lines.kg / limit - 1e-9), 1, MOST).astype(np.int64)
    count[lines.kg <= 0] = 0
    line = np.repeat(np.arange(len(lines)), count)
    asked = np.bincount(lines.canteen, lines.kg, len(problem.canteens))
    needed = np.ceil(asked / limit - 1e-9).astype(np.int64)
    most = np.maximum(problem.rules.k, np.minimum(needed, len(line)))
    return Lots(line, lines.kg[line] / count[line], count, most, limit)


def largest(problem: Problem) -> float:
    """`Rules.lot_kg`, or 0.8 x the upper quartile of the capacities, at most 18 kg/day."""
    if problem.rules.lot_kg is not None:
        return problem.rules.lot_kg
    some = problem.bakeries.capacity[problem.bakeries.capacity > 0]
    return min(18.0, 0.8 * float(np.quantile(some, 0.75))) if len(some) else 18.0
