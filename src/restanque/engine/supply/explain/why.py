"""Why this baker: the parts of the cost, the next best by exact exchange, the limits that bind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from restanque.engine.supply.award import flour as milling
from restanque.engine.supply.award.instance import Instance, Ints, State, build, empty_state
from restanque.engine.supply.award.moves import NEVER, apply, change, fits, place_all
from restanque.engine.supply.explain import wording
from restanque.engine.supply.lots import Lots, cut
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.solution import Duals, Plan

TINY = 1e-6
#: Weight of a broken rule in an exchange (€/kg missing): far above any real price.
BROKEN = 1e6
#: Candidates kept for each link.
MOST = 3


class Obstacle(StrEnum):
    """What a single exchange would break."""

    NONE = "none"
    FULL = "full"
    MINIMUM = "minimum"
    BAKERS = "bakers"


@dataclass(frozen=True)
class CostParts:
    """€ per kg of bread. flour: at market price, beyond what the bread price holds."""

    price: float
    transport: float
    preference: float
    change: float
    flour: float

    @property
    def total(self) -> float:
        """Sum of the parts."""
        return self.price + self.transport + self.preference + self.change + self.flour


@dataclass(frozen=True)
class Candidate:
    """Another baker for the same bread. regret: € a day more if this alone changed (one lot of an
    award), None where the exchange breaks a rule, named by `obstacle`. A negative one would be a
    better plan: the gap says how much better one may exist."""

    bakery: int
    cls: int
    km: float
    regret: float | None
    obstacle: Obstacle


@dataclass(frozen=True)
class Limit:
    """A limit that binds on this link and its market price (€/kg)."""

    kind: str
    name: str
    price: float


@dataclass(frozen=True)
class Why:
    """One link of the plan, with its reasons."""

    line: int
    bakery: int
    cls: int
    kg: float
    km: float
    parts: CostParts
    next_best: Candidate | None
    candidates: tuple[Candidate, ...]
    limits: tuple[Limit, ...]
    sentence: str


@dataclass(frozen=True)
class Exchange:
    """An award ready to be asked « and if this lot went elsewhere? »."""

    problem: Problem
    inst: Instance
    state: State
    lots: Lots

    @classmethod
    def of(cls, problem: Problem, plan: Plan, flour_price: np.ndarray | None) -> Exchange:
        """From an award plan; flour at this price (J, K)."""
        lots = cut(problem)
        inst = build(problem, lots, flour_price)
        state = empty_state(inst, 0)
        order = np.arange(len(inst.kg), dtype=np.int64)
        place_all(inst, state, order, awarded(inst, lots, plan), NEVER)
        return cls(problem, inst, state, lots)

    def regret(self, lot: int, arc: int) -> tuple[float | None, Obstacle]:
        """€ a day more if this lot alone went to this arc: every part of the objective counted."""
        if not fits(self.inst, self.state, lot, arc):
            return None, Obstacle.FULL
        cost, _ = change(self.inst, self.state, lot, arc, 0.0)
        if cost >= NEVER:
            return None, Obstacle.BAKERS
        with_rules, _ = change(self.inst, self.state, lot, arc, BROKEN)
        if with_rules > cost + BROKEN * TINY:
            return None, Obstacle.MINIMUM
        return float(cost), Obstacle.NONE

    def move(self, lot: int, arc: int) -> None:
        """Make the exchange."""
        _, stops = change(self.inst, self.state, lot, arc, 0.0)
        apply(self.inst, self.state, lot, arc, stops)


def awarded(inst: Instance, lots: Lots, plan: Plan) -> Ints:
    """The arc of each lot (-1: unserved), read from the quantities of a plan."""
    arc = np.full(len(inst.kg), -1, np.int64)
    left = plan.arc_kg.copy()
    for lot in range(len(inst.kg)):
        first, last = int(inst.ptr[lot]), int(inst.ptr[lot + 1])
        room = np.flatnonzero(left[inst.origin[first:last]] > 0.5 * inst.kg[lot])
        if len(room):
            arc[lot] = first + room[0]
            left[inst.origin[arc[lot]]] -= inst.kg[lot]
    return arc


def market_flour(problem: Problem, duals: Duals) -> np.ndarray | None:
    """Price of flour (J, K) from the rents of the mills, None without mills."""
    if not problem.has_flour:
        return None
    return milling.price(problem, milling.Rents.of(duals)).flour


def why(problem: Problem, plan: Plan, duals: Duals) -> tuple[Why, ...]:
    """The reasons of every link, in the order of the lines.

    For an award, the next best is the least regret of a single exchange, exact. For a potential
    plan, it is the least reduced cost (€ for one kg, times the kg)."""
    flour = market_flour(problem, duals)
    exchange = Exchange.of(problem, plan, flour) if plan.model == "award" else None
    first_lot = _first_lots(exchange) if exchange is not None else {}
    found = []
    for arc in np.flatnonzero(plan.arc_kg > TINY).tolist():
        if exchange is not None:
            candidates = _exchanges(problem, exchange, first_lot.get(arc), arc)
        else:
            candidates = _by_reduced_cost(problem, plan, duals, flour, arc)
        found.append(_why(problem, plan, duals, flour, arc, candidates))
    return tuple(found)


def _first_lots(exchange: Exchange) -> dict[int, int]:
    """One lot for each arc in use (the lots of a line are equal)."""
    lots: dict[int, int] = {}
    for lot, arc in enumerate(exchange.state.arc.tolist()):
        if arc >= 0:
            lots.setdefault(int(exchange.inst.origin[arc]), lot)
    return lots


def _exchanges(
    problem: Problem, exchange: Exchange, lot: int | None, arc: int
) -> tuple[Candidate, ...]:
    if lot is None:
        return ()
    inst = exchange.inst
    here = problem.arcs.bakery[arc]
    best: dict[int, Candidate] = {}
    for x in range(int(inst.ptr[lot]), int(inst.ptr[lot + 1])):
        j = int(inst.bakery[x])
        if j == here:
            continue
        origin = int(inst.origin[x])
        regret, obstacle = exchange.regret(lot, x)
        one = Candidate(
            j, int(problem.arcs.cls[origin]), float(problem.arcs.km[origin]), regret, obstacle
        )
        if j not in best or _order(one) < _order(best[j]):
            best[j] = one
    return tuple(sorted(best.values(), key=_order)[:MOST])


def _order(one: Candidate) -> tuple[bool, float, int]:
    """Feasible first, then the least regret; the nearest among the impossible."""
    if one.regret is None:
        return True, np.nan_to_num(one.km, nan=np.inf), one.bakery
    return False, one.regret, one.bakery


def _by_reduced_cost(
    problem: Problem, plan: Plan, duals: Duals, flour: np.ndarray | None, arc: int
) -> tuple[Candidate, ...]:
    arcs = problem.arcs
    line = int(np.searchsorted(arcs.start, arc, side="right") - 1)
    span = np.arange(arcs.start[line], arcs.start[line + 1])
    price = arcs.cost[span] + duals.load_price[arcs.bakery[span]]
    if flour is not None:
        price = price + flour[arcs.bakery[span], arcs.cls[span]] / problem.rules.bread_per_flour
    commune = int(problem.lines.commune[line])
    if commune >= 0:
        price = price + duals.budget[commune] * arcs.price[span]
    price = price - duals.certified * problem.certified[arcs.cls[span]]
    own = price[arc - arcs.start[line]]
    kg = float(plan.arc_kg[arc])
    others = [
        Candidate(
            int(arcs.bakery[a]),
            int(arcs.cls[a]),
            float(arcs.km[a]),
            float(max(p - own, 0.0)) * kg,
            Obstacle.NONE,
        )
        for a, p in zip(span.tolist(), price, strict=True)
        if arcs.bakery[a] != arcs.bakery[arc] and np.isfinite(p)
    ]
    return tuple(sorted(others, key=_order)[:MOST])


def _why(
    problem: Problem,
    plan: Plan,
    duals: Duals,
    flour: np.ndarray | None,
    arc: int,
    candidates: tuple[Candidate, ...],
) -> Why:
    arcs = problem.arcs
    line = int(np.searchsorted(arcs.start, arc, side="right") - 1)
    j, q = int(arcs.bakery[arc]), int(arcs.cls[arc])
    at = 0.0 if flour is None else float(flour[j, q]) / problem.rules.bread_per_flour
    parts = CostParts(
        float(arcs.price[arc]),
        float(arcs.transport[arc]),
        float(arcs.preference[arc]),
        float(arcs.change[arc]),
        at,
    )
    possible = [one for one in candidates if one.regret is not None]
    best = possible[0] if possible else None
    limits = _limits(problem, duals, line, j, q)
    kg, km = float(plan.arc_kg[arc]), float(arcs.km[arc])
    sentence = wording.why(problem, line, j, kg, km, parts.total, best, limits, candidates)
    return Why(line, j, q, kg, km, parts, best, candidates, limits, sentence)


def _limits(problem: Problem, duals: Duals, line: int, j: int, q: int) -> tuple[Limit, ...]:
    """What is scarce on this link, the dearest first."""
    found = [Limit("capacity", problem.bakeries.ids[j], float(duals.capacity_rent[j]))]
    if problem.has_flour:
        rent = duals.mill_class_rent[:, q] + duals.mill_rent
        grinding = problem.mills.class_capacity[:, q] > 0
        if grinding.any() and rent[grinding].min() > TINY:
            found.append(Limit("flour", problem.classes[q], float(rent[grinding].min())))
    commune = int(problem.lines.commune[line])
    if commune >= 0 and np.isfinite(problem.budget[commune]):
        found.append(Limit("budget", problem.communes[commune], float(duals.budget[commune])))
    kept = [one for one in found if one.price > TINY]
    return tuple(sorted(kept, key=lambda one: -one.price))
