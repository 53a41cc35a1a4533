"""The award written out lot by lot, for a solver that is not ours: its proven optimum."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from restanque.engine.supply import Problem
from restanque.engine.supply.lots import cut
from tests.engine.supply.reference import Written, written


def optimum(problem: Problem) -> float:
    """Least cost of an award that breaks no rule, by HiGHS' branch and bound."""
    made = written(problem)
    integer = _lots(problem, made)
    rows, columns, values, lower, upper = [], [], [], [], []
    for at, (coefficients, sense, bound) in enumerate(made.rows):
        rows += [at] * len(coefficients)
        columns += coefficients
        values += coefficients.values()
        lower.append(bound if sense == "=" else -np.inf)
        upper.append(bound)
    shape = (len(made.rows), len(made.cost))
    matrix = csr_matrix((values, (rows, columns)), shape=shape)
    kinds = np.zeros(len(made.cost))
    kinds[integer] = 1
    found = milp(
        made.cost,
        constraints=LinearConstraint(matrix, lower, upper),
        bounds=Bounds(0, np.array(made.upper)),
        integrality=kinds,
        options={"mip_rel_gap": 1e-9},
    )
    assert found.status == 0, found.message
    return float(found.fun)


def _lots(problem: Problem, made: Written) -> list[int]:
    """Whole lots on each arc, deliveries, ovens lit; the columns that are whole numbers."""
    arcs, lots, rules = problem.arcs, cut(problem), problem.rules
    lines, shops = problem.lines, problem.bakeries
    asked = np.bincount(lines.canteen, lines.kg, len(problem.canteens))
    whole: list[int] = []
    delivered: dict[tuple[int, int], list[int]] = {}
    for a, (d, j) in enumerate(zip(arcs.line.tolist(), arcs.bakery.tolist(), strict=True)):
        # An arc is column a of the programme: it carries a whole number of lots.
        count = int(lots.count[d])
        number = made.column(0.0, float(count))
        whole.append(number)
        made.row({a: 1.0, number: -float(lines.kg[d]) / max(count, 1)}, "=", 0.0)
        delivered.setdefault((int(lines.canteen[d]), j), []).append(a)
    lit = [made.column(0.0, 1.0) for _ in range(len(shops))]
    stops: dict[int, list[int]] = {}
    for (i, j), carried in delivered.items():
        stop = made.column(rules.stop_cost, 1.0)
        whole.append(stop)
        stops.setdefault(i, []).append(stop)
        made.row({**dict.fromkeys(carried, 1.0), stop: -float(asked[i])}, "<", 0.0)
        least = min(rules.min_drop_kg, float(asked[i]))
        made.row({**dict.fromkeys(carried, -1.0), stop: least}, "<", 0.0)
        made.row({stop: 1.0, lit[j]: -1.0}, "<", 0.0)
    for i, columns in stops.items():
        made.row(dict.fromkeys(columns, 1.0), "<", float(lots.most[i]))
    for j in range(len(shops)):
        load = dict.fromkeys(np.flatnonzero(arcs.bakery == j), -1.0)
        made.row({**load, lit[j]: float(shops.min_order[j])}, "<", 0.0)
    return whole + lit
