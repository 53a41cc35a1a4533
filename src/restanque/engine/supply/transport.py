"""The two-level core: lines to bakeries, exact, with its certificate.

    min Σ cost x + ε Σ_j max(0, load_j − θ cap_j) + Σ P_d u_d ,  Σ_a x + u_d = kg_d ,  load ≤ cap

Successive shortest paths (Ahuja, Magnanti & Orlin 1993, ch. 9) on the bipartite graph seen from the
bakeries. Bakery prices p prove it: any p ≥ 0 gives the lower bound
Σ_d kg_d min(P_d, min_a cost + p) − Σ_j (θ cap p + (1 − θ) cap (p − ε)⁺).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from restanque.engine.supply.arrays import FloatArray, IntArray
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.solution import Plan

#: Costs are counted in 2^-58 of the largest: sums along a path stay inside 63 bits.
COST_BITS = 58
#: Quantities too, where they are no decimals: the whole fits in 50 bits.
KG_BITS = 50
DECIMALS = 6


@dataclass(frozen=True)
class Transported:
    """kg on each arc (A,), unserved (D,), price of each bakery's load in €/kg (J,)."""

    arc_kg: FloatArray
    unserved: FloatArray
    load_price: FloatArray
    objective: float
    #: Dual objective of `load_price`: equal to the objective within rounding.
    bound: float
    work: dict[str, float]


def transport(
    start: IntArray,
    bakery: IntArray,
    cost: FloatArray,
    kg: FloatArray,
    unserved_cost: FloatArray,
    capacity: FloatArray,
    *,
    fairness: float = 0.0,
    fairness_from: float = 1.0,
) -> Transported:
    """Cheapest flow. Arcs of line d are `start[d]:start[d + 1]`; quantities ≥ 0 and finite.

    Several arcs of a line may lead to one bakery. Costs may be negative. Raises ValueError on
    other quantities: the kernel would not end.
    """
    for values in (kg, capacity, cost, unserved_cost):
        if not np.isfinite(values).all():
            raise ValueError("Quantities and costs must be finite.")
    if (kg < 0).any() or (capacity < 0).any() or fairness < 0 or not 0 <= fairness_from <= 1:
        raise ValueError("Quantities and the fairness cost must be positive or zero.")
    from restanque.engine.supply.kernel import solve  # numba is loaded by those who solve

    quantum = _quantum(kg, capacity, fairness_from)
    asked = np.rint(kg / quantum).astype(np.int64)
    whole = int(asked.sum())
    limit = np.floor(np.minimum(capacity / quantum, whole) + 1e-6).astype(np.int64)
    near = np.floor(np.minimum(fairness_from * capacity / quantum, whole) + 1e-6).astype(np.int64)
    near = np.minimum(near, limit)
    largest = max(np.abs(cost).max(initial=0.0), np.abs(unserved_cost).max(initial=0.0), fairness)
    unit = 2.0 ** (COST_BITS - np.ceil(np.log2(largest))) if largest > 0 else 1.0
    flow, unserved, _, price, counters = solve(
        start,
        bakery.astype(np.int32),
        np.rint(cost * unit).astype(np.int64),
        asked,
        np.rint(unserved_cost * unit).astype(np.int64),
        near,
        limit - near,
        np.int64(np.rint(fairness * unit)),
    )
    found = flow * quantum, unserved * quantum, price / unit
    beyond = np.bincount(bakery, found[0], len(capacity)) - fairness_from * capacity
    objective = cost @ found[0] + unserved_cost @ found[1]
    objective += fairness * np.maximum(beyond, 0.0).sum()
    bound = dual_objective(
        start, bakery, cost, kg, unserved_cost, capacity, found[2], fairness, fairness_from
    )
    work = dict(zip(("paths", "bakeries", "reads"), map(float, counters), strict=True))
    return Transported(*found, float(objective), bound, work)


def _quantum(kg: FloatArray, capacity: FloatArray, share: float) -> float:
    """The decimal unit that holds every quantity exactly, else 2^-50 of the whole.

    Decimals met exactly avoid crumbs: 0.1 + 0.2 asked of a bakery that offers 0.3.
    """
    whole = float(kg.sum())
    useful = np.minimum(capacity, whole)
    values = np.concatenate([kg, useful, np.minimum(share * capacity, whole)])
    for decimals in range(DECIMALS + 1):
        scaled = values * 10.0**decimals
        if whole * 10.0**decimals > 2.0**KG_BITS:
            break
        if (np.abs(scaled - np.rint(scaled)) <= 1e-9 * scaled).all():
            return float(10.0**-decimals)
    return float(2.0 ** (np.ceil(np.log2(whole)) - KG_BITS))


def dual_objective(
    start: IntArray,
    bakery: IntArray,
    cost: FloatArray,
    kg: FloatArray,
    unserved_cost: FloatArray,
    capacity: FloatArray,
    price: FloatArray,
    fairness: float,
    fairness_from: float,
) -> float:
    """Lower bound given by any bakery prices ≥ 0; one pass over the arcs."""
    least = unserved_cost.copy()
    served = np.flatnonzero(np.diff(start))
    if len(served):
        cheapest = np.minimum.reduceat(cost + price[bakery], start[:-1][served])
        least[served] = np.minimum(least[served], cheapest)
    rent = fairness_from * price + (1 - fairness_from) * np.maximum(price - fairness, 0.0)
    return float(least @ kg - rent @ capacity)


def solve(problem: Problem) -> Plan:
    """The problem without flour, budgets and certified share."""
    arcs, rules = problem.arcs, problem.rules
    made = transport(
        arcs.start,
        arcs.bakery,
        arcs.cost,
        problem.lines.kg,
        problem.penalty,
        problem.bakeries.capacity,
        fairness=rules.fairness,
        fairness_from=rules.fairness_from,
    )
    return Plan("transport", made.arc_kg, made.unserved, made.objective, made.bound, work=made.work)
