"""The two-level core against its peers, in one run: times, ratios, distance to the physical limit.

Run: python -m bench supply_transport [--france]   (or python bench/supply_transport.py)
Every solver gets the same arrays and must find the same objective (1e-6). Seconds of processor (of
the children too), as machines are shared; the best of several runs, ours again beside each peer.
Building the model counts, finding the arcs does not.
A peer that is not installed is said to be skipped. `--france` adds France (minutes, 4 GB for the
slow peers), the memory of our process alone, and the growth curve to 4.4 million arcs.
"""

from __future__ import annotations

import importlib.util
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.supply_instances import SCALES, problem
from restanque.engine.supply import Problem
from restanque.engine.supply.transport import transport

#: Quantities in twentieths of kg and costs in millionths, for the integer solvers.
KG, COST = 20, 1e6
GROWTH = (
    ("dept", 20),
    ("dept", 50),
    ("dept", 200),
    ("region", 20),
    ("region", 40),
    ("region", 160),
)
GROWTH_FRANCE = (("france", 20), ("france", 40), ("france", 56))


@dataclass(frozen=True)
class Case:
    """The arrays all solvers get."""

    start: np.ndarray
    line: np.ndarray
    bakery: np.ndarray
    cost: np.ndarray
    kg: np.ndarray
    penalty: np.ndarray
    near: np.ndarray
    far: np.ndarray
    fairness: float

    @classmethod
    def of(cls, made: Problem) -> Case:
        """Quantities that twentieths hold exactly, so that integer peers solve the same."""
        kg = np.rint(made.lines.kg * KG) / KG
        capacity = np.floor(made.bakeries.capacity * 10 + 1e-6) / 10
        arcs = made.arcs
        return cls(
            arcs.start,
            arcs.line,
            arcs.bakery,
            np.rint(arcs.cost * COST) / COST,
            kg,
            made.penalty,
            capacity / 2,
            capacity / 2,
            made.rules.fairness,
        )

    @property
    def columns(self) -> np.ndarray:
        """Costs of bread on arcs, bread beyond the fair share, unserved bread."""
        return np.r_[self.cost, np.full(len(self.far), self.fairness), self.penalty]


def ours(case: Case) -> float:
    made = transport(
        case.start,
        case.bakery,
        case.cost,
        case.kg,
        case.penalty,
        case.near + case.far,
        fairness=case.fairness,
        fairness_from=0.5,
    )
    if abs(made.objective - made.bound) > 1e-9 * abs(made.objective):
        raise AssertionError("no certificate")
    return made.objective


def or_tools(case: Case) -> float:
    from ortools.graph.python import min_cost_flow

    flow = min_cost_flow.SimpleMinCostFlow()
    d, j = len(case.kg), len(case.near)
    asked, shops, sink = np.rint(case.kg * KG), d + np.arange(j), np.full(j, d + j)
    flow.add_arcs_with_capacity_and_unit_cost(
        np.r_[case.line, shops, shops, np.arange(d)].astype(np.int32),
        np.r_[d + case.bakery, sink, sink, np.full(d, d + j)].astype(np.int32),
        np.r_[asked[case.line], np.rint(case.near * KG), np.rint(case.far * KG), asked].astype(
            np.int64
        ),
        np.rint(
            np.r_[case.cost, np.zeros(j), np.full(j, case.fairness), case.penalty] * COST
        ).astype(np.int64),
    )
    supplies = np.r_[asked, np.zeros(j), -asked.sum()].astype(np.int64)
    flow.set_nodes_supplies(np.arange(d + j + 1, dtype=np.int32), supplies)
    flow.solve()
    return flow.optimal_cost() / KG / COST


def pot(case: Case) -> float:
    """Each bakery twice (fair share, beyond it), a sink for the unserved, a source for the rest."""
    import ot
    from scipy.sparse import coo_matrix

    d, j = len(case.kg), len(case.near)
    asked = np.rint(case.kg * KG)
    room = np.rint(np.r_[case.near, case.far] * KG)
    sources = np.r_[asked, room.sum()]
    sinks = np.r_[room, asked.sum()]
    rows = np.r_[case.line, case.line, np.arange(d), np.full(2 * j + 1, d)]
    columns = np.r_[case.bakery, j + case.bakery, np.full(d, 2 * j), np.arange(2 * j + 1)]
    costs = np.r_[case.cost, case.cost + case.fairness, case.penalty, np.zeros(2 * j + 1)]
    # A stored zero must stay in the sparse matrix: costs are shifted by one and shifted back.
    matrix = coo_matrix((costs + 1.0, (rows, columns)), shape=(d + 1, 2 * j + 1))
    value = ot.emd2(sources, sinks, matrix, numItermax=10**9)
    return (float(value) - sources.sum()) / KG


def highs(case: Case) -> float:
    import highspy

    from restanque.engine.supply.solver import QuietHighs

    d, j, n = len(case.kg), len(case.near), len(case.cost)
    model, solver = highspy.HighsLp(), QuietHighs()
    model.num_col_, model.num_row_ = n + j + d, d + j
    model.col_cost_, model.col_lower_ = case.columns, np.zeros(n + j + d)
    model.col_upper_ = np.r_[np.full(n, np.inf), case.far, np.full(d, np.inf)]
    model.row_lower_ = np.r_[case.kg, np.full(j, -np.inf)]
    model.row_upper_ = np.r_[case.kg, case.near]
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.r_[2 * np.arange(n), 2 * n + np.arange(j + d + 1)].astype(np.int32)
    index = np.r_[np.c_[case.line, d + case.bakery].ravel(), d + np.arange(j), np.arange(d)]
    model.a_matrix_.index_ = index.astype(np.int32)
    model.a_matrix_.value_ = np.r_[np.ones(2 * n), -np.ones(j), np.ones(d)]
    solver.passModel(model)
    solver.run()
    return float(solver.getInfo().objective_function_value)


def pulp(case: Case) -> float:
    import pulp as lib

    d, j = len(case.kg), len(case.near)
    model = lib.LpProblem("bread", lib.LpMinimize)
    x = [lib.LpVariable(f"x{row}", 0) for row in range(len(case.cost))]
    over = [lib.LpVariable(f"l{row}", 0, float(case.far[row])) for row in range(j)]
    left = [lib.LpVariable(f"u{row}", 0) for row in range(d)]
    model += lib.LpAffineExpression(zip([*x, *over, *left], case.columns.tolist(), strict=True))
    by_shop: list[list[int]] = [[] for _ in range(j)]
    for arc, shop in enumerate(case.bakery.tolist()):
        by_shop[shop].append(arc)
    for row in range(d):
        here = [(x[arc], 1) for arc in range(case.start[row], case.start[row + 1])]
        model += lib.LpAffineExpression([*here, (left[row], 1)]) == float(case.kg[row])
    for row in range(j):
        load = lib.LpAffineExpression([*((x[arc], 1) for arc in by_shop[row]), (over[row], -1)])
        model += load <= float(case.near[row])
    model.solve(lib.PULP_CBC_CMD(msg=False))
    return float(lib.value(model.objective))


def reading(case: Case) -> float:
    """The physical limit: every arc looked at once."""
    return float(np.minimum.reduceat(case.cost, case.start[:-1][np.diff(case.start) > 0]).sum())


#: Name, module needed, solver, most arcs it is tried on.
PEERS: tuple[tuple[str, str, Callable[[Case], float], float], ...] = (
    ("OR-Tools min-cost flow", "ortools", or_tools, 1e9),
    ("POT ot.emd2 (sparse)", "ot", pot, 1e9),
    ("HiGHS dual simplex", "highspy", highs, 1e9),
    ("PuLP + CBC", "pulp", pulp, 3e5),
)


def spent() -> float:
    """Seconds of processor of this process and of those it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def timed(solver: Callable[[Case], float], case: Case, runs: int) -> tuple[float, float]:
    """Best time, and the objective."""
    best, value = np.inf, 0.0
    for _ in range(runs):
        clock = spent()
        value = solver(case)
        best = min(best, spent() - clock)
    return best, value


def compare(name: str) -> bool:
    """One scale, all peers; whether all objectives agree."""
    case = Case.of(problem(name, nearest=SCALES[name].nearest, with_flour=False))
    runs = 9 if len(case.cost) < 5e5 else 2
    print(f"\n{name}: {len(case.kg)} lines, {len(case.near)} bakeries, {len(case.cost):,} arcs")
    mine, value = timed(ours, case, runs)
    limit, _ = timed(reading, case, 20)
    print(f"  {'ours':<24} {mine * 1e3:10.1f} ms   {mine / limit:6.0f} x one reading of the arcs")
    good = True
    for peer, module, solver, most in PEERS:
        if importlib.util.find_spec(module) is None:
            print(f"  {peer:<24} not installed: skipped")
            continue
        if len(case.cost) > most:
            print(f"  {peer:<24} not tried at this size")
            continue
        few = runs if peer.startswith("OR") else max(1, runs // 4)
        taken, other = timed(solver, case, few)
        mine = min(mine, timed(ours, case, 2)[0])  # again, beside this peer
        same = abs(other - value) <= 1e-6 * abs(value)
        good &= same
        print(
            f"  {peer:<24} {taken * 1e3:10.1f} ms   {taken / mine:6.1f} x ours"
            f"{'' if same else f'   OBJECTIVE {other!r} instead of {value!r}'}"
        )
    return good


def grow(cases: tuple[tuple[str, int], ...]) -> None:
    """How time grows with arcs, ours and OR-Tools'."""
    print("\ngrowth (radius 60 km)      arcs      ours  OR-Tools   ratio")
    for name, nearest in cases:
        case = Case.of(problem(name, nearest=nearest, with_flour=False, radius_km=60))
        runs = 5 if len(case.cost) < 5e5 else 1
        mine, other = timed(ours, case, runs)[0], timed(or_tools, case, runs)[0]
        print(
            f"  {name:<8} {nearest:>4} near {len(case.cost):>11,} {mine:>9.4f} {other:>9.4f}"
            f" {other / mine:>7.1f}",
            flush=True,
        )


_CHILD = """
import json, re, sys
from pathlib import Path
import numpy as np
from restanque.engine.supply.transport import transport
a = np.load(sys.argv[1])
made = transport(a["start"], a["bakery"], a["cost"], a["kg"], a["penalty"], a["capacity"],
                 fairness=0.15, fairness_from=0.5)
# Not getrusage: its peak is inherited from the parent through exec.
peak = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
print(json.dumps({"peak_mb": peak, "objective": made.objective}))
"""


def memory(name: str) -> None:
    """Peak memory of a process that loads the arrays and solves, numba included."""
    case = Case.of(problem(name, nearest=SCALES[name].nearest, with_flour=False))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.npz"
        np.savez(
            path,
            start=case.start,
            bakery=case.bakery.astype(np.int32),
            cost=case.cost,
            kg=case.kg,
            penalty=case.penalty,
            capacity=case.near + case.far,
        )
        command = [sys.executable, "-c", _CHILD, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    print(f"\nmemory, {name}: {json.loads(done.stdout)['peak_mb']} MB for the solving process")


def main() -> int:
    """1 when objectives differ; times are shown, not judged: machines are shared."""
    ours(Case.of(problem("tiny", with_flour=False)))  # compiled, or read from the disk
    france = "--france" in sys.argv
    good = [compare(name) for name in ("dept", "region", *(["france"] if france else []))]
    if importlib.util.find_spec("ortools") is not None:
        grow(GROWTH + (GROWTH_FRANCE if france else ()))
    if france:
        memory("france")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
