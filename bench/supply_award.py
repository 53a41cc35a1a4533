"""Whole lots to bakeries: time, gap to the bound, rules broken, beside HiGHS on the same MIP.

Run: python -m bench supply_award [--limit 60] [--moves 2000] [--every-peer] [--france]
The peer is HiGHS on the lot-by-lot model (one binary for each candidate, whole lots, no big-M),
one thread, stopped after --limit seconds. Times are CPU seconds of one thread, compilation left
out, so that a shared machine disturbs ratios little; wall time is shown beside.

On the region HiGHS is only run with --every-peer: it awards nothing in minutes and may overrun its
limit in its root node.

Gaps are to the better of the two proven bounds. Checks (exit code): no rule broken, the independent
checker's objective is ours, no bound above an objective, gaps within the issue's aims.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp

from bench.supply_instances import problem as territory
from restanque.engine.supply import award, check
from restanque.engine.supply.award.instance import Instance, build, lot_of_arc
from restanque.engine.supply.lots import cut
from restanque.engine.supply.solver import QuietHighs


@dataclass(frozen=True)
class Case:
    """A territory, its candidates, and the gap wished (%)."""

    title: str
    scale: str
    nearest: int
    aim: float


CASES = (
    Case("PAT", "dept", 60, 0.2),
    Case("PAT, very tight (20 nearest)", "dept", 20, 0.5),
    Case("region", "region", 40, 0.8),
)
FRANCE = Case("France", "france", 20, 4.0)
#: Attempts for each lot of France: about a minute of processor.
FRANCE_MOVES = 600


@dataclass(frozen=True)
class Peer:
    """HiGHS: its award (None: nothing usable), its bound, and the times of its incumbents."""

    objective: float
    bound: float
    cpu: float
    incumbents: list[tuple[float, float]]

    def first_within(self, objective: float) -> float | None:
        """Seconds (wall) until an award at least as good."""
        return next((when for when, value in self.incumbents if value <= objective + 1e-6), None)


def lot_by_lot(inst: Instance) -> tuple[highspy.HighsLp, int]:
    """Columns: arcs, stops, bakeries open, load over the kink, unserved, overrun."""
    lot = lot_of_arc(inst)
    arcs, lots, shops = len(inst.cost), len(inst.kg), len(inst.capacity)
    pair, where = np.unique(inst.canteen[lot] * shops + inst.bakery, return_inverse=True)
    canteen, shop = pair // shops, pair % shops
    stops, purses = len(pair), len(inst.budget)
    z, v = arcs, arcs + stops
    over, unserved = v + shops, v + 2 * shops
    spent = unserved + lots
    n = spent + purses
    a, kg = np.arange(arcs), inst.kg[lot]
    paid = inst.purse[lot] >= 0
    rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    low: list[np.ndarray] = []
    high: list[np.ndarray] = []
    at = 0

    def block(size: int, lower: object, upper: object, *entries: tuple) -> None:
        nonlocal at
        for row, column, value in entries:
            rows.append((np.asarray(row) + at, column, np.broadcast_to(value, len(column))))
        low.append(np.broadcast_to(lower, size))
        high.append(np.broadcast_to(upper, size))
        at += size

    j = np.arange(shops)
    block(lots, 1, 1, (lot, a, 1.0), (np.arange(lots), unserved + np.arange(lots), 1.0))
    block(shops, 0, np.inf, (inst.bakery, a, kg), (j, v + j, -inst.minimum))
    block(shops, -np.inf, 0, (inst.bakery, a, kg), (j, v + j, -inst.capacity))
    block(shops, -np.inf, inst.kink, (inst.bakery, a, kg), (j, over + j, -1.0))
    block(arcs, -np.inf, 0, (a, a, 1.0), (a, z + where, -1.0))
    block(
        stops,
        -np.inf,
        0,
        (np.arange(stops), z + np.arange(stops), 1.0),
        (np.arange(stops), v + shop, -1.0),
    )
    block(len(inst.most), -np.inf, inst.most, (canteen, z + np.arange(stops), 1.0))
    b = np.arange(purses)
    block(
        purses,
        -np.inf,
        inst.budget,
        (inst.purse[lot][paid], a[paid], inst.spend[paid]),
        (b, spent + b, -1.0),
    )
    matrix = sp.csc_matrix(
        (
            np.concatenate([value for _, _, value in rows]),
            (np.concatenate([row for row, _, _ in rows]), np.concatenate([c for _, c, _ in rows])),
        ),
        shape=(at, n),
    )
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n, at
    lp.col_cost_ = np.concatenate(
        [
            inst.cost,
            inst.stop[canteen],
            np.zeros(shops),
            inst.slope,
            inst.penalty,
            np.full(purses, inst.overrun),
        ]
    )
    lp.col_lower_ = np.zeros(n)
    upper = np.full(n, np.inf)
    upper[: v + shops] = 1.0
    lp.col_upper_ = upper
    lp.row_lower_, lp.row_upper_ = np.concatenate(low), np.concatenate(high)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
    lp.a_matrix_.value_ = matrix.data
    kinds = [highspy.HighsVarType.kContinuous] * n
    kinds[: v + shops] = [highspy.HighsVarType.kInteger] * (v + shops)
    lp.integrality_ = kinds
    return lp, v + shops


def highs(inst: Instance, limit: float) -> Peer:
    """HiGHS on the lot-by-lot model."""
    lp, _ = lot_by_lot(inst)
    solver = QuietHighs()
    for name, value in (("threads", 1), ("time_limit", limit), ("mip_rel_gap", 1e-4)):
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    kinds = highspy.cb.HighsCallbackType
    solver.callbacks = [
        highspy.highs.HighsCallback(kinds(x), solver) for x in range(int(kinds.kCallbackMax) + 1)
    ]
    solver.enableCallbacks()
    seen: list[tuple[float, float]] = []
    begun = time.perf_counter()
    solver.cbMipImprovingSolution += lambda event: seen.append(
        (time.perf_counter() - begun, event.data_out.objective_function_value)
    )
    cpu = time.process_time()
    solver.run()
    info = solver.getInfo()
    best = min((value for _, value in seen), default=float(inst.penalty.sum()))
    return Peer(best, info.mip_dual_bound, time.process_time() - cpu, seen)


WAYS = (("search only", 1.0, False), ("with patterns", 0.1, True))


def measure(case: Case, moves: int, limit: float, ways: tuple = WAYS) -> bool:
    """One case; whether its checks hold."""
    problem = territory(case.scale, nearest=case.nearest, with_flour=False)
    lots = cut(problem)
    n = len(lots.kg)
    print(f"\n{case.title}: {n} lots, {len(problem.arcs)} links, {len(problem.bakeries)} bakeries")
    peer = highs(build(problem, lots), limit) if limit > 0 else None
    good, bound = True, peer.bound if peer is not None else -np.inf
    plans = []
    for title, share, polish in ways:
        begun, cpu = time.perf_counter(), time.process_time()
        plan = award.solve(problem, moves=int(moves * share * n), seed=0, polish=polish)
        took = time.process_time() - cpu, time.perf_counter() - begun
        report = check.verify(problem, plan)
        good &= not report.violations
        good &= abs(report.objective - plan.objective) <= 1e-6 * abs(plan.objective)
        bound = max(bound, plan.bound)
        plans.append((title, plan, took, len(report.violations)))
    for title, plan, (cpu, wall), broken in plans:
        gap = 100 * (plan.objective - bound) / plan.objective
        print(
            f"  {title:14} {plan.objective:12.1f} €  gap {gap:6.3f} %  "
            f"own bound {plan.bound:12.1f}  cpu {cpu:6.2f} s  wall {wall:6.2f} s  "
            f"unserved {plan.unserved.sum():6.1f} kg  rules broken {broken}"
        )
        good &= plan.objective >= bound - 1e-6 * abs(bound)
    _, plan, (cpu, _), _ = plans[-1]
    good &= 100 * (plan.objective - bound) / plan.objective <= case.aim
    if peer is not None:
        gap = 100 * (peer.objective - bound) / peer.objective
        print(
            f"  {'HiGHS MIP':14} {peer.objective:12.1f} €  gap {gap:6.3f} %  own bound "
            f"{peer.bound:12.1f} cpu {peer.cpu:6.2f} s"
        )
        reached = peer.first_within(plan.objective * 1.0025)
        told = f"after {reached:.1f} s" if reached is not None else f"never in {limit:.0f} s"
        print(f"  HiGHS within 0.25 % of our plan: {told}; ratio of cpu {peer.cpu / cpu:.1f}")
    return good


def main() -> int:
    """0 when every check holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=float, default=60.0, help="seconds for HiGHS; 0: no peer")
    parser.add_argument("--moves", type=int, default=2000, help="attempts for each lot")
    parser.add_argument("--every-peer", action="store_true", help="HiGHS on the region too")
    parser.add_argument("--france", action="store_true", help="minutes")
    parser.add_argument("--only", default="", help="part of a title")
    options, _ = parser.parse_known_args()
    award.solve(territory("tiny", with_flour=False), moves=2000, seed=0)  # compilation
    good = True
    for case in CASES:
        if options.only.lower() in case.title.lower():
            small = case.scale == "dept" or options.every_peer
            good &= measure(case, options.moves, options.limit if small else 0.0)
    if options.france:
        good &= measure(FRANCE, FRANCE_MOVES, 0.0, WAYS[1:])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak memory {peak:.0f} MB. Checks: {'hold' if good else 'FAIL'}")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
