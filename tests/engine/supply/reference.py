"""The README's programme written out in full, for solvers that are not ours."""

from dataclasses import dataclass, field

import numpy as np
from ortools.graph.python import min_cost_flow
from ortools.linear_solver import pywraplp
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from restanque.engine.supply import Problem


@dataclass
class Written:
    """Columns and rows, one at a time."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], str, float]] = field(default_factory=list)

    def column(self, cost: float, upper: float = np.inf) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        return len(self.cost) - 1

    def row(self, coefficients: dict[int, float], sense: str, bound: float) -> None:
        if sense == "=" or np.isfinite(bound):
            self.rows.append((coefficients, sense, bound))


def written(problem: Problem) -> Written:
    """Separate flows of grain, flour and bread; no flour where there is no mill."""
    made, arcs, rules = Written(), problem.arcs, problem.rules
    lines, bakeries = problem.lines, problem.bakeries
    x = [made.column(float(cost)) for cost in arcs.cost]
    line = arcs.line
    for d in range(len(lines)):
        u = made.column(float(problem.penalty[d]))
        here = {x[a]: 1.0 for a in np.flatnonzero(line == d)}
        made.row({**here, u: 1.0}, "=", float(lines.kg[d]))
    for j in range(len(bakeries)):
        beyond = (1 - rules.fairness_from) * bakeries.capacity[j]
        load = {x[a]: 1.0 for a in np.flatnonzero(arcs.bakery == j)}
        over = made.column(rules.fairness, beyond)
        made.row({**load, over: -1.0}, "<", rules.fairness_from * bakeries.capacity[j])
    if problem.has_flour:
        _flour(problem, made, x)
    for c in range(len(problem.communes)):
        o = made.column(rules.budget_penalty)
        here = np.flatnonzero(lines.commune[line] == c)
        spent = {x[a]: float(arcs.price[a]) for a in here}
        made.row({**spent, o: -1.0}, "<", float(problem.budget[c]))
    short = made.column(rules.certified_penalty)
    good = {x[a]: -1.0 for a in np.flatnonzero(problem.certified[arcs.cls])}
    made.row({**good, short: -1.0}, "<", -rules.certified_share * float(lines.kg.sum()))
    return made


def _flour(problem: Problem, made: Written, x: list[int]) -> None:
    mills, wheat, arcs = problem.mills, problem.wheat, problem.arcs
    y = {}
    for j, m, q in np.ndindex(len(problem.bakeries), len(mills), len(problem.classes)):
        if mills.class_capacity[m, q] > 0:
            weights = problem.rules.weights
            unit = mills.price[m, q] - problem.flour_reference[q]
            unit += weights.flour_km * problem.mill_km[j, m]
            unit += weights.mill_change * (problem.bakeries.mill[j] not in (-1, m))
            y[j, m, q] = made.column(float(unit))
    for j, q in np.ndindex(len(problem.bakeries), len(problem.classes)):
        need = np.flatnonzero((arcs.bakery == j) & (arcs.cls == q))
        row = {x[a]: 1 / problem.rules.bread_per_flour for a in need}
        row |= {y[j, m, q]: -1.0 for m in range(len(mills)) if (j, m, q) in y}
        made.row(row, "=", 0.0)
    for m in range(len(mills)):
        made.row({v: 1.0 for key, v in y.items() if key[1] == m}, "<", float(mills.capacity[m]))
        for q in range(len(problem.classes)):
            milled = {v: 1.0 for key, v in y.items() if key[1:] == (m, q)}
            made.row(milled, "<", float(mills.class_capacity[m, q]))
    if not len(wheat):
        return
    w = {}
    for m, f, q in np.ndindex(len(mills), len(wheat), len(problem.classes)):
        km = problem.rules.weights.wheat_km * problem.wheat_km[m, f]
        w[m, f, q] = made.column(float(wheat.price[f, q] + km))
    for m, q in np.ndindex(len(mills), len(problem.classes)):
        row = {v: 1 / mills.extraction[m] for key, v in y.items() if key[1:] == (m, q)}
        row |= {w[m, f, q]: -1.0 for f in range(len(wheat))}
        made.row(row, "<", 0.0)
    for f, q in np.ndindex(len(wheat), len(problem.classes)):
        sold = {w[m, f, q]: 1.0 for m in range(len(mills))}
        made.row(sold, "<", float(wheat.supply[f, q]))


def by_highs(programme: Written) -> float:
    """Optimum by HiGHS, through scipy."""
    parts: dict[str, tuple[list[int], list[int], list[float], list[float]]] = {
        "=": ([], [], [], []),
        "<": ([], [], [], []),
    }
    for coefficients, sense, bound in programme.rows:
        rows, columns, values, bounds = parts[sense]
        rows += [len(bounds)] * len(coefficients)
        columns += coefficients
        values += coefficients.values()
        bounds.append(bound)

    def matrix(sense: str) -> csr_matrix:
        rows, columns, values, bounds = parts[sense]
        return csr_matrix((values, (rows, columns)), shape=(len(bounds), len(programme.cost)))

    found = linprog(
        programme.cost,
        A_ub=matrix("<"),
        b_ub=parts["<"][3],
        A_eq=matrix("="),
        b_eq=parts["="][3],
        bounds=[(0, None if np.isinf(upper) else upper) for upper in programme.upper],
        method="highs",
    )
    assert found.status == 0, found.message
    return float(found.fun)


def by_glop(programme: Written) -> float:
    """Optimum by OR-Tools' simplex."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    infinity = solver.infinity()
    columns = [
        solver.NumVar(0, infinity if np.isinf(upper) else float(upper), "")
        for upper in programme.upper
    ]
    for coefficients, sense, bound in programme.rows:
        row = solver.Constraint(bound if sense == "=" else -infinity, bound)
        for column, value in coefficients.items():
            row.SetCoefficient(columns[column], float(value))
    for column, cost in zip(columns, programme.cost, strict=True):
        solver.Objective().SetCoefficient(column, float(cost))
    assert solver.Solve() == pywraplp.Solver.OPTIMAL
    return float(solver.Objective().Value())


def by_min_cost_flow(problem: Problem, kg: float = 20.0, cost: float = 100.0) -> float:
    """Optimum of the two levels by OR-Tools' network solver: whole twentieths of kg, cents."""
    arcs, rules, lines = problem.arcs, problem.rules, problem.lines
    d, j = len(lines), len(problem.bakeries)
    asked = np.rint(lines.kg * kg).astype(int)
    near = np.rint(problem.bakeries.capacity * rules.fairness_from * kg).astype(int)
    far = np.rint(problem.bakeries.capacity * kg).astype(int) - near
    flow = min_cost_flow.SimpleMinCostFlow()

    def add(tail: np.ndarray, head: np.ndarray, room: np.ndarray, unit: np.ndarray) -> None:
        flow.add_arcs_with_capacity_and_unit_cost(
            tail.astype(np.int32),
            head.astype(np.int32),
            room.astype(np.int64),
            np.rint(unit * cost).astype(np.int64),
        )

    add(arcs.line, d + arcs.bakery, asked[arcs.line], arcs.cost)
    shops, sink = d + np.arange(j), np.full(j, d + j)
    add(shops, sink, near, np.zeros(j))
    add(shops, sink, far, np.full(j, rules.fairness))
    add(np.arange(d), np.full(d, d + j), asked, problem.penalty)
    flow.set_nodes_supplies(
        np.arange(d + j + 1, dtype=np.int32),
        np.concatenate([asked, np.zeros(j, dtype=int), [-asked.sum()]]).astype(np.int64),
    )
    assert flow.solve() == flow.OPTIMAL
    return flow.optimal_cost() / kg / cost
