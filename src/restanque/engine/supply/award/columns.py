"""Patterns of bakeries (the lots one bakery would take together) and the programme over them.

One pattern at most for each bakery, each lot once: that is the award problem itself (Dantzig &
Wolfe 1960; Savelsbergh 1997 for the assignment problem). Its linear relaxation is much tighter than
that of the lot-by-lot model, and its prices price new patterns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import highspy
import numpy as np
import scipy.sparse as sp

from restanque.engine.supply.award.bound import Bound, proven
from restanque.engine.supply.award.instance import KG, UNSERVED, Floats, Instance, Ints
from restanque.engine.supply.award.pricing import (
    Found,
    Prices,
    by_bakery,
    found,
    price_all,
    scratch,
)
from restanque.engine.supply.errors import SolverError
from restanque.engine.supply.solver import QuietHighs

Pattern = tuple[int, ...]


@dataclass
class Pool:
    """Patterns that break no rule, each once: arcs, bakery, canteens, cost without penalties."""

    inst: Instance
    arcs: list[Pattern] = field(default_factory=list)
    bakery: list[int] = field(default_factory=list)
    canteens: list[Pattern] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    known: dict[Pattern, int] = field(default_factory=dict)
    lot: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.lot = np.repeat(np.arange(len(self.inst.kg)), np.diff(self.inst.ptr))

    def __len__(self) -> int:
        return len(self.arcs)

    def add(self, arcs: Pattern) -> bool:
        """Whether the pattern is new and breaks no rule; kept if so."""
        if arcs in self.known:
            return False
        inst, j = self.inst, int(self.inst.bakery[arcs[0]])
        load, cost = 0.0, 0.0
        drops: dict[int, float] = {}
        for a in arcs:
            lot = int(self.lot[a])
            kg, i = float(inst.kg[lot]), int(inst.canteen[lot])
            load += kg
            cost += float(inst.cost[a])
            drops[i] = drops.get(i, 0.0) + kg
        if load > inst.capacity[j] + KG or load < inst.minimum[j] - KG:
            return False
        if any(kg < inst.drop[i] - KG for i, kg in drops.items()):
            return False
        cost += sum(float(inst.stop[i]) for i in drops)
        cost += float(inst.slope[j] * max(load - inst.kink[j], 0.0))
        self.known[arcs] = len(self.arcs)
        self.arcs.append(arcs)
        self.bakery.append(j)
        self.canteens.append(tuple(drops))
        self.cost.append(cost)
        return True

    def add_found(self, out: Found) -> int:
        """Every pattern of one pricing; how many are new."""
        starts, new = out.pattern_start.tolist(), 0
        arcs = out.patterns[: starts[-1]].tolist()
        for first, last in pairwise(starts):
            if last > first:
                new += self.add(tuple(sorted(arcs[first:last])))
        return new

    def add_every(self, limit: int) -> bool:
        """Every pattern there is, when they are at most `limit`; else none, and False."""
        inst = self.inst
        order = np.lexsort((self.lot, inst.bakery))
        cuts = np.searchsorted(inst.bakery[order], np.arange(len(inst.capacity) + 1))
        every: list[Pattern] = []
        for first, last in pairwise(cuts.tolist()):
            begun: list[tuple[Pattern, int, float]] = [((), -1, 0.0)]
            for a in order[first:last].tolist():
                lot = int(self.lot[a])
                room = float(inst.capacity[inst.bakery[a]]) - float(inst.kg[lot]) + KG
                begun += [
                    ((*arcs, a), lot, load + float(inst.kg[lot]))
                    for arcs, last_lot, load in begun
                    if last_lot != lot and load <= room
                ]
                if len(begun) + len(every) > limit:
                    return False
            every += [arcs for arcs, _, _ in begun if arcs]
        for arcs in every:
            self.add(arcs)
        return True

    def add_award(self, arc: Ints) -> list[int]:
        """The patterns of an award; their positions."""
        chosen = np.sort(arc[arc >= 0])
        chosen = chosen[np.argsort(self.inst.bakery[chosen], kind="stable")]
        cuts = np.flatnonzero(np.diff(self.inst.bakery[chosen])) + 1
        parts = [tuple(part.tolist()) for part in np.split(chosen, cuts) if len(part)]
        for part in parts:
            self.add(part)
        return [self.known[part] for part in parts if part in self.known]


@dataclass(frozen=True)
class Programme:
    """Rows: lots, bakeries, canteens, budgets, certified wish. First columns: what is elastic."""

    inst: Instance

    @property
    def rows(self) -> int:
        """Number of rows."""
        inst = self.inst
        return len(inst.kg) + len(inst.capacity) + len(inst.most) + len(inst.budget) + 1

    @property
    def elastic(self) -> int:
        """Number of elastic columns: unserved lots, budgets overrun, certified kg short."""
        return len(self.inst.kg) + len(self.inst.budget) + 1

    def empty(self) -> QuietHighs:
        """HiGHS with the rows and the elastic columns."""
        inst = self.inst
        lots, free = len(inst.kg), len(inst.capacity) + len(inst.most)
        budgets = len(inst.budget)
        rows = np.concatenate([np.arange(lots), lots + free + np.arange(budgets + 1)])
        values = np.concatenate([np.ones(lots), -np.ones(budgets), [1.0]])
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.elastic, self.rows
        lp.col_cost_ = np.concatenate(
            [inst.penalty, np.full(budgets, inst.overrun), [inst.wish_price]]
        )
        lp.col_lower_ = np.zeros(self.elastic)
        lp.col_upper_ = np.full(self.elastic, np.inf)
        low = np.full(self.rows, -np.inf)
        low[:lots], low[-1] = 1.0, inst.wish if inst.wish_price > 0 else -np.inf
        lp.row_lower_ = low
        lp.row_upper_ = np.concatenate(
            [np.ones(lots + len(inst.capacity)), inst.most, inst.budget, [np.inf]]
        )
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.arange(self.elastic + 1, dtype=np.int32)
        lp.a_matrix_.index_ = rows.astype(np.int32)
        lp.a_matrix_.value_ = values
        highs = QuietHighs()
        for name, value in (("threads", 1), ("random_seed", 0)):
            highs.setOptionValue(name, value)
        highs.passModel(lp)
        return highs

    def add(self, highs: highspy.Highs, pool: Pool, which: Sequence[int]) -> None:
        """More patterns as columns."""
        if not len(which):
            return
        matrix = self._matrix(pool, which)
        n = len(which)
        highs.addCols(
            n,
            np.array([pool.cost[x] for x in which]),
            np.zeros(n),
            np.full(n, np.inf),
            matrix.nnz,
            matrix.indptr[:-1].astype(np.int32),
            matrix.indices.astype(np.int32),
            matrix.data,
        )

    def _matrix(self, pool: Pool, which: Sequence[int]) -> sp.csc_matrix:
        inst = self.inst
        lots, bakeries, canteens = len(inst.kg), len(inst.capacity), len(inst.most)
        n = len(which)
        arcs = np.array([a for x in which for a in pool.arcs[x]], dtype=np.int64)
        column = np.repeat(np.arange(n), [len(pool.arcs[x]) for x in which])
        stops = np.array([i for x in which for i in pool.canteens[x]], dtype=np.int64)
        at = np.repeat(np.arange(n), [len(pool.canteens[x]) for x in which])
        where = np.array([pool.bakery[x] for x in which], dtype=np.int64)
        lot = pool.lot[arcs]
        paid = inst.purse[lot] >= 0
        base = lots + bakeries + canteens
        rows = [lot, lots + where, lots + bakeries + stops, base + inst.purse[lot][paid]]
        columns = [column, np.arange(n), at, column[paid]]
        values = [np.ones(len(lot)), np.ones(n), np.ones(len(stops)), inst.spend[arcs][paid]]
        if inst.wish_price > 0:
            rows.append(np.full(len(arcs), self.rows - 1))
            columns.append(column)
            values.append(inst.merit[arcs])
        entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
        return sp.csc_matrix(entries, shape=(self.rows, n))

    def prices(self, highs: highspy.Highs) -> Prices:
        """The shadow prices of the linear programme, inside their limits."""
        inst = self.inst
        dual = np.array(highs.getSolution().row_dual)
        lots, bakeries = len(inst.kg), len(inst.capacity)
        canteens = lots + bakeries + len(inst.most)
        return Prices(
            np.minimum(dual[:lots], inst.penalty),
            np.maximum(-dual[lots + bakeries : canteens], 0.0),
            np.clip(-dual[canteens:-1], 0.0, inst.overrun),
            np.clip(dual[-1:], 0.0, inst.wish_price),
        )


def generate(
    pool: Pool,
    start: Bound,
    *,
    rounds: int,
    tolerance: float,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[Bound, QuietHighs]:
    """Price new patterns until the bound meets the programme; the bound, and HiGHS at its end.

    Prices are taken between those of the programme and those of the best bound so far (Wentges
    1997): the programme's own jump about and prove little."""
    inst = pool.inst
    programme = Programme(inst)
    highs = programme.empty()
    programme.add(highs, pool, range(len(pool)))
    seen = by_bakery(inst)
    room, out = scratch(seen), found(inst, seen)
    best = start
    for made in range(1, rounds + 1):
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise SolverError("Le programme des fournées n’a pas abouti.")
        value = highs.getInfo().objective_function_value
        if value - best.value <= tolerance * abs(value) or should_stop():
            break
        target = programme.prices(highs)
        new = 0
        for share in (TOWARD, 1.0):
            prices = Prices(
                *(share * a + (1 - share) * b for a, b in zip(target, best.prices, strict=True))
            )
            gains = price_all(inst, seen, prices, room, out)
            proof = proven(inst, prices, gains)
            size = len(pool)
            new = pool.add_found(out)
            if proof > best.value:
                best = Bound(proof, prices, start.rounds + made)
            if new:
                programme.add(highs, pool, range(size, len(pool)))
                break
        if not new:
            break
    return best, highs


#: Share of the programme's own prices in the prices tried.
TOWARD = 0.3


def choose(
    pool: Pool,
    prices: Prices,
    arc: Ints,
    *,
    most: int,
    nodes: int,
    width: float = 1e-5,
    should_stop: Callable[[], bool] = lambda: False,
) -> Ints:
    """The best award over the patterns of least reduced cost (`most` of them), from `arc`.

    HiGHS' branch and bound, stopped at `nodes` or when it is within `width` of the best choice;
    never worse than `arc`."""
    inst = pool.inst
    programme = Programme(inst)
    kept = pool.add_award(arc)
    reduced = _reduced_costs(pool, programme, prices)
    reduced[kept] = -np.inf
    which = sorted(np.argsort(reduced, kind="stable")[:most].tolist())
    highs = programme.empty()
    programme.add(highs, pool, which)
    first, n = programme.elastic, len(which)
    columns = np.arange(first, first + n, dtype=np.int32)
    kinds = np.full(n, int(highspy.HighsVarType.kInteger), dtype=np.uint8)
    highs.changeColsIntegrality(n, columns, kinds)
    highs.setOptionValue("mip_max_nodes", nodes)
    highs.setOptionValue("mip_rel_gap", width)
    taken = np.isin(which, kept)
    solution = highspy.HighsSolution()
    solution.col_value = _elastic(inst, arc).tolist() + taken.astype(float).tolist()
    highs.setSolution(solution)
    if should_stop():
        return arc

    _stop_when(highs, should_stop)
    highs.run()
    if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return arc
    chosen = np.flatnonzero(np.array(highs.getSolution().col_value)[first:] > 0.5)
    made = np.full(len(inst.kg), UNSERVED, np.int64)
    for x in chosen:
        arcs = np.array(pool.arcs[which[x]], dtype=np.int64)
        made[pool.lot[arcs]] = arcs
    return made


def _stop_when(highs: QuietHighs, should_stop: Callable[[], bool]) -> None:
    """Let the branch and bound be interrupted."""
    kinds = highspy.cb.HighsCallbackType
    highs.callbacks = [
        highspy.highs.HighsCallback(kinds(x), highs) for x in range(int(kinds.kCallbackMax) + 1)
    ]
    highs.enableCallbacks()  # type: ignore[no-untyped-call]

    def interrupt(event: highspy.highs.HighsCallbackEvent) -> None:
        if should_stop():
            event.interrupt()

    highs.cbMipInterrupt += interrupt


def _elastic(inst: Instance, arc: Ints) -> Floats:
    """The elastic columns of an award."""
    served = np.flatnonzero(arc >= 0)
    purse = inst.purse[served]
    paid = purse >= 0
    spent = np.bincount(purse[paid], inst.spend[arc[served]][paid], len(inst.budget))
    short = max(inst.wish - float(inst.merit[arc[served]].sum()), 0.0)
    over = np.maximum(spent - inst.budget, 0.0)
    return np.concatenate([(arc < 0).astype(np.float64), over, np.array([short])])


def _reduced_costs(pool: Pool, programme: Programme, prices: Prices) -> Floats:
    """Cost of each pattern less the prices of what it does (the bakery's own rent apart)."""
    inst = pool.inst
    dual = np.concatenate(
        [prices.lot, np.zeros(len(inst.capacity)), -prices.baker, -prices.budget, prices.merit]
    )
    matrix = programme._matrix(pool, range(len(pool)))
    reduced: Floats = np.array(pool.cost) - matrix.T @ dual
    best = np.zeros(len(inst.capacity))
    where = np.array(pool.bakery, dtype=np.int64)
    np.minimum.at(best, where, reduced)
    return reduced - best[where]
