"""The award of a problem: search, patterns, bound, flour; one plan with its gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from restanque.engine.supply import potential
from restanque.engine.supply.arrays import FloatArray, IntArray
from restanque.engine.supply.award import flour as milling
from restanque.engine.supply.award import messages
from restanque.engine.supply.award.bound import Bound, first_prices, lower_bound
from restanque.engine.supply.award.columns import Pool
from restanque.engine.supply.award.instance import UNSERVED, Instance, at_prices, build, evaluate
from restanque.engine.supply.award.polish import WHOLE, polish, polish_parts
from restanque.engine.supply.award.search import WARM, Search, first_award
from restanque.engine.supply.award.shortage import give_up, needed, take_back, whole_cost
from restanque.engine.supply.lots import Lots, cut
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.solution import Duals, FlourFlow, Plan, WheatFlow
from restanque.engine.supply.transport import transport

#: Lots up to which the programme of patterns is solved whole; above, part by part.
PATTERNS = 1_500
#: The award is made again at dearer flour at most so often.
FLOUR_ROUNDS = 3


@dataclass(frozen=True)
class Progress:
    """Where a solve stands: share done (0 to 1), best objective (€ a day), bound if known."""

    share: float
    objective: float
    bound: float | None = None


@dataclass(frozen=True)
class Relaxed:
    """A fractional plan: bread on each arc, a bound of the award too, prices of the bakeries."""

    arc_kg: FloatArray
    bound: float
    load_price: FloatArray
    rents: milling.Rents


def never() -> bool:
    """Go on."""
    return False


@dataclass
class _Award:
    """One solve in the making."""

    problem: Problem
    moves: int
    seed: int
    should_stop: Callable[[], bool]
    on_progress: Callable[[Progress], None] | None
    polish: bool
    lots: Lots = field(init=False)
    notes: list[str] = field(default_factory=list)
    work: dict[str, float] = field(default_factory=dict)

    def tell(self, share: float, objective: float, bound: float | None = None) -> None:
        if self.on_progress is not None:
            self.on_progress(Progress(share, objective, bound))

    def run(self, relaxed: Relaxed | None) -> Plan:
        problem = self.problem
        self.lots = cut(problem)
        relaxed = relaxed if relaxed is not None else relax(problem)
        rents, load_price = relaxed.rents, relaxed.load_price
        inst, earned = self._instance(rents, load_price)
        search = Search(inst, self.seed)
        search.place(first_award(inst, relaxed.arc_kg))
        pool = Pool(inst)
        self._search(search, pool, self.moves, 1.0)
        bound = self._improve(search, pool, load_price) if len(inst.kg) else None
        least = relaxed.bound if bound is None else max(relaxed.bound, bound.value - earned)
        if not problem.has_flour:
            return self._plan(inst, search.arc, None, least)
        return self._with_flour(inst, search, rents, load_price, least)

    def _instance(self, rents: milling.Rents, load_price: FloatArray) -> tuple[Instance, float]:
        """The lots at this price of flour, and what the rents take from the bound."""
        priced = milling.price(self.problem, rents) if self.problem.has_flour else None
        inst = build(self.problem, self.lots, priced.flour if priced else None)
        return at_prices(inst, load_price), priced.earned if priced else 0.0

    def _search(self, search: Search, pool: Pool | None, moves: int, hot: float) -> None:
        search.run(
            moves,
            hot=hot,
            should_stop=self.should_stop,
            on_progress=lambda share: self.tell(0.5 * share, search.objective),
            on_snapshot=pool.add_award if pool is not None and self.polish else None,
        )
        if self.should_stop():
            self.notes.append(messages.STOPPED)
        self.work["moves"] = self.work.get("moves", 0.0) + moves

    def _improve(self, search: Search, pool: Pool, load_price: FloatArray) -> Bound:
        """The bound, and a better award from patterns if wanted."""
        inst = search.inst
        if not self.polish or self.should_stop():
            self.notes.append(messages.NO_PATTERNS)
            return lower_bound(
                inst,
                first_prices(inst, load_price),
                rounds=WHOLE.rounds,
                should_stop=self.should_stop,
            )
        if len(inst.kg) <= PATTERNS:
            arc, bound = polish(
                pool,
                search.arc,
                load_price,
                should_stop=self.should_stop,
                on_bound=lambda value: self.tell(0.8, search.objective, value),
            )
            self.work["patterns"] = float(len(pool))
        else:
            x, y = self._places()
            arc, bound = polish_parts(
                inst,
                search.arc,
                load_price,
                x,
                y,
                moves=self.moves / len(inst.kg),
                should_stop=self.should_stop,
                on_part=lambda share: self.tell(0.5 + 0.4 * share, search.objective),
            )
        search.adopt(arc)
        self.tell(0.95, search.objective, bound.value)
        return bound

    def _places(self) -> tuple[FloatArray, FloatArray]:
        """Where each canteen is: the place of one of its lines, zero where unknown."""
        lines, x = self.problem.lines, np.zeros(len(self.problem.canteens))
        y = x.copy()
        x[lines.canteen], y[lines.canteen] = np.nan_to_num(lines.x), np.nan_to_num(lines.y)
        return x, y

    def _with_flour(
        self,
        inst: Instance,
        search: Search,
        rents: milling.Rents,
        load_price: FloatArray,
        least: float,
    ) -> Plan:
        """Mill for the award; where flour is short, award again at a dearer price, or give up lots:
        the cheaper of the two."""
        plain = build(self.problem, self.lots)
        dear = 10.0 * float(self.problem.penalty.max(initial=1.0)) + 1.0
        first = same_award(inst, plain, search.arc)
        milled = milling.mill(self.problem, needed(self.problem, plain, first), shortage=dear)
        found = [self._within_mills(plain, first, milled, dear)]
        rounds = 0
        while milled.missing and rounds < FLOUR_ROUNDS and not self.should_stop():
            rounds += 1
            rents = rents.dearer(milled.rents, dear, search.kg_price * 0.1 * 2**rounds)
            again, _ = self._instance(rents, load_price)
            search = Search(again, self.seed + rounds)
            search.place(same_award(plain, again, first))
            search.settle()
            self._search(search, None, self.moves // 4, WARM)
            arc = same_award(again, plain, search.arc)
            milled = milling.mill(self.problem, needed(self.problem, plain, arc), shortage=dear)
            found.append(self._within_mills(plain, arc, milled, dear))
        best = min(range(len(found)), key=lambda x: whole_cost(plain, found[x][0], found[x][1]))
        arc, milled, dropped = found[best]
        if best:
            self.notes.append(messages.flour_rounds(best))
        if dropped:
            self.notes.append(messages.flour_dropped(dropped))
        return self._plan(plain, arc, milled, least)

    def _within_mills(
        self, plain: Instance, arc: IntArray, milled: milling.Milled, dear: float
    ) -> tuple[IntArray, milling.Milled, int]:
        """An award the mills can follow, its flour, and the served lots it cost."""
        before = int((arc >= 0).sum())
        if milled.missing:
            arc, milled, _ = give_up(self.problem, plain, arc, milled, dear, self.seed)
        arc, milled = take_back(self.problem, plain, arc, milled, dear)
        return arc, milled, max(before - int((arc >= 0).sum()), 0)

    def _plan(
        self, inst: Instance, arc: IntArray, milled: milling.Milled | None, least: float
    ) -> Plan:
        problem = self.problem
        arc_kg, unserved = quantities(problem, inst, arc)
        plain = build(problem, self.lots)
        objective = evaluate(plain, same_award(inst, plain, arc)).objective
        if milled is not None:
            objective += milled.cost
        if problem.rules.neutral:
            self.notes.append(messages.SCENARIO)
        self.tell(1.0, objective, least)
        return Plan(
            "award",
            arc_kg,
            unserved,
            objective,
            min(least, objective),
            flour=milled.flour if milled is not None else FlourFlow(),
            wheat=milled.wheat if milled is not None else WheatFlow(),
            work=self.work,
            notes=tuple(self.notes),
        )


def solve(
    problem: Problem,
    *,
    moves: int,
    seed: int,
    should_stop: Callable[[], bool] = never,
    on_progress: Callable[[Progress], None] | None = None,
    polish: bool = True,
    relaxed: Plan | None = None,
) -> Plan:
    """Whole lots to bakeries, every hard rule holding, with a lower bound.

    moves: attempts of the search (2,000 for each lot is a good plan). polish: solve the programme
    of patterns too (seconds; a far better bound and usually plan). relaxed: the potential plan of
    this very problem, if it is at hand. Stopped early, the best plan so far is returned and says
    so. Same problem, moves, seed and polish: same plan, unless stopped."""
    made = None if relaxed is None else read(problem, relaxed, relaxed.duals)
    return _Award(problem, moves, seed, should_stop, on_progress, polish).run(made)


def relax(problem: Problem) -> Relaxed:
    """Without mills the two-level core is enough to start from, and far quicker."""
    if problem.has_flour:
        plan = potential.solve(problem)
        return read(problem, plan, plan.duals)
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
    return Relaxed(made.arc_kg, made.bound, made.load_price, milling.Rents.none(problem))


def read(problem: Problem, plan: Plan, duals: Duals | None) -> Relaxed:
    """What the award needs of a potential plan."""
    if duals is None:
        price, rents = np.zeros(len(problem.bakeries)), milling.Rents.none(problem)
    else:
        price = duals.load_price
        rents = milling.Rents.of(duals) if problem.has_flour else milling.Rents.none(problem)
    return Relaxed(plan.arc_kg, plan.bound, price, rents)


def same_award(old: Instance, new: Instance, arc: IntArray) -> IntArray:
    """An award said in the arcs of another instance of the same lots."""
    made = np.full(len(arc), UNSERVED, np.int64)
    served = np.flatnonzero(arc >= 0)
    for lot in served:
        origin = old.origin[arc[lot]]
        first, last = new.ptr[lot], new.ptr[lot + 1]
        found = np.flatnonzero(new.origin[first:last] == origin)
        if len(found):
            made[lot] = first + found[0]
    return made


def quantities(problem: Problem, inst: Instance, arc: IntArray) -> tuple[FloatArray, FloatArray]:
    """(kg on each arc of the problem, kg unserved of each line)."""
    served = arc >= 0
    origin = inst.origin[arc[served]]
    arc_kg = np.bincount(origin, inst.kg[served], len(problem.arcs))
    unserved = np.bincount(inst.line[~served], inst.kg[~served], len(problem.lines))
    return arc_kg.astype(np.float64), unserved.astype(np.float64)
