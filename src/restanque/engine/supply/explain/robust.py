"""How often each link stays in the plan when the needs are uncertain."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from restanque.engine.supply.arrays import FloatArray
from restanque.engine.supply.explain import wording
from restanque.engine.supply.potential import Session
from restanque.engine.supply.solution import Plan

TINY = 1e-6


@dataclass(frozen=True)
class LinkFrequency:
    """Share of the `n` replicates whose plan has this link; `planned`: the base plan has it."""

    line: int
    bakery: int
    share: float
    n: int
    planned: bool
    sentence: str


@dataclass(frozen=True)
class Robustness:
    """Frequencies (planned links first, then the most frequent others), costs of the replicates.

    n counts, for a line, the replicates where it asks something."""

    links: tuple[LinkFrequency, ...]
    costs: FloatArray
    unserved: FloatArray


def robustness(session: Session, base: Plan, replicates: FloatArray) -> Robustness:
    """replicates (B, D): kg asked by each line in each bootstrap draw of the survey."""
    problem = session.problem
    arcs = problem.arcs
    pair = arcs.line * max(len(problem.bakeries), 1) + arcs.bakery
    keys, position = np.unique(pair, return_inverse=True)
    seen = np.zeros(len(keys))
    costs, unserved = np.zeros(len(replicates)), np.zeros(len(replicates))
    for row, kg in enumerate(replicates):
        plan = session.solve(replace(problem, lines=replace(problem.lines, kg=kg)))
        seen += np.bincount(position, plan.arc_kg, len(keys)) > TINY
        costs[row], unserved[row] = plan.objective, plan.unserved.sum()
    session.solve(problem)
    asked = (replicates > 0).sum(axis=0)
    planned = np.bincount(position, base.arc_kg, len(keys)) > TINY
    found = []
    for x in np.flatnonzero((seen > 0) | planned).tolist():
        line, bakery = divmod(int(keys[x]), len(problem.bakeries))
        n = int(asked[line])
        if n == 0:
            continue
        share = float(seen[x]) / n
        sentence = wording.frequency(
            problem.lines.ids[line], problem.bakeries.ids[bakery], int(seen[x]), n
        )
        found.append(LinkFrequency(line, bakery, share, n, bool(planned[x]), sentence))
    order = sorted(found, key=lambda one: (not one.planned, -one.share, one.line, one.bakery))
    return Robustness(tuple(order), costs, unserved)
