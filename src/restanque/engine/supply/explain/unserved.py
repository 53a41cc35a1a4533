"""Who is not served, why, and the smallest change that would serve them, each one tried.

The reason is the first that applies, from the most final to the most accidental. Changes are tried
by solving again: an award from where it stands (a change is kept if the line is then served and no
rule broken), a potential plan by a warm session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from restanque.engine.supply.arcs import Arcs, link
from restanque.engine.supply.arrays import FloatArray, IntArray
from restanque.engine.supply.award import flour as milling
from restanque.engine.supply.award.instance import build, evaluate
from restanque.engine.supply.award.search import Search
from restanque.engine.supply.award.shortage import needed
from restanque.engine.supply.explain import wording
from restanque.engine.supply.explain.why import Exchange, Obstacle, awarded, market_flour
from restanque.engine.supply.lots import cut
from restanque.engine.supply.potential import Session
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.solution import Duals, Plan

TINY = 1e-6
#: Values tried for each kind of change, from the smallest.
TRIALS = 4


class Reason(StrEnum):
    """Why bread is not served, in the order they are looked at."""

    NO_BAKERY = "no_bakery"
    FORBIDDEN = "forbidden"
    NO_CLASS = "no_class"
    PRICE = "price"
    NO_FLOUR = "no_flour"
    FULL = "full"
    MINIMUM = "minimum"
    BAKERS = "bakers"
    FLOUR_SHORT = "flour_short"
    TOO_DEAR = "too_dear"


class Lever(StrEnum):
    """What may be changed."""

    PRICE = "price"
    KM = "km"
    CAPACITY = "capacity"
    CLASS = "class"
    MINIMUM = "minimum"


@dataclass(frozen=True)
class Remedy:
    """A change that serves the line, tried by solving again.

    before, after: the value changed (€/kg, km, kg a day; a class position). bakery: whose, -1: the
    line's. cost: € a day more in the objective once served, unserved penalties apart."""

    lever: Lever
    bakery: int
    before: float
    after: float
    cost: float
    sentence: str


@dataclass(frozen=True)
class Unserved:
    """A line not wholly served. near: bakeries within the radius; able: those that bake a class
    it takes; affordable: at a price it accepts; free: with room for one lot (potential: any)."""

    line: int
    kg: float
    reason: Reason
    near: int
    able: int
    affordable: int
    free: int
    remedies: tuple[Remedy, ...]
    sentence: str


def unserved(
    problem: Problem, plan: Plan, duals: Duals, *, session: Session | None, remedies_for: int
) -> tuple[Unserved, ...]:
    """Every line not wholly served, with its reason; remedies for the largest."""
    rows = np.flatnonzero(plan.unserved > TINY * max(float(problem.lines.kg.max(initial=0)), 1e-9))
    if not len(rows):
        return ()
    flour = market_flour(problem, duals)
    exchange = Exchange.of(problem, plan, flour) if plan.model == "award" else None
    attempt = (
        _award_attempt(problem, plan, flour) if exchange is not None else _potential(session, plan)
    )
    largest = rows[np.argsort(-plan.unserved[rows], kind="stable")][:remedies_for].tolist()
    found = []
    for line in rows.tolist():
        counts = _counts(problem, plan, line)
        reason = _reason(problem, plan, exchange, flour, line, counts)
        tried = tuple(_remedies(problem, plan, line, attempt)) if line in largest else ()
        kg = float(plan.unserved[line])
        sentence = wording.unserved(problem.lines.ids[line], kg, reason, counts)
        found.append(Unserved(line, kg, reason, *counts, tried, sentence))
    return tuple(found)


def _near(problem: Problem, line: int, radius: float) -> tuple[IntArray, FloatArray]:
    """Bakeries within the radius of a line and their road km: those of its arcs, and by place."""
    lines, bakeries = problem.lines, problem.bakeries
    km = np.hypot(bakeries.x - lines.x[line], bakeries.y - lines.y[line]) * problem.rules.detour
    span = slice(problem.arcs.start[line], problem.arcs.start[line + 1])
    km[problem.arcs.bakery[span]] = problem.arcs.km[span]
    linked = np.zeros(len(bakeries), np.bool_)
    linked[problem.arcs.bakery[span]] = True
    near = np.flatnonzero(linked | (km <= radius))
    return near, km


def _counts(problem: Problem, plan: Plan, line: int) -> tuple[int, int, int, int]:
    """(near, able, affordable, free): see `Unserved`."""
    bakeries = problem.bakeries
    near, _ = _near(problem, line, problem.rules.radius_km)
    takes = bakeries.makes[near] & problem.accepts[problem.lines.cls[line]]
    able = near[takes.any(axis=1)]
    cheap = takes & (bakeries.price[near] <= problem.lines.max_price[line])
    affordable = near[cheap.any(axis=1)]
    load = np.bincount(problem.arcs.bakery, plan.arc_kg, len(bakeries))
    size = 1e-3 * float(plan.unserved[line])
    if plan.model == "award":
        size = _lot_kg(problem, line) - TINY
    free = affordable[bakeries.capacity[affordable] - load[affordable] >= size]
    return len(near), len(able), len(affordable), len(free)


def _lot_kg(problem: Problem, line: int) -> float:
    lots = cut(problem)
    return float(problem.lines.kg[line]) / max(int(lots.count[line]), 1)


def _reason(
    problem: Problem,
    plan: Plan,
    exchange: Exchange | None,
    flour: FloatArray | None,
    line: int,
    counts: tuple[int, int, int, int],
) -> Reason:
    near, able, affordable, free = counts
    arcs = np.arange(problem.arcs.start[line], problem.arcs.start[line + 1])
    if near == 0:
        return Reason.NO_BAKERY
    if able == 0:
        return Reason.NO_CLASS
    if affordable == 0:
        return Reason.PRICE
    if not len(arcs):
        return Reason.FORBIDDEN
    if flour is not None:
        arcs = arcs[np.isfinite(flour[problem.arcs.bakery[arcs], problem.arcs.cls[arcs]])]
        if not len(arcs):
            return Reason.NO_FLOUR
    if free == 0:
        return Reason.FULL
    if exchange is None:
        return _potential_reason(problem, plan, arcs, 1e-3 * float(plan.unserved[line]))
    return _award_reason(problem, plan, exchange, line)


def _potential_reason(problem: Problem, plan: Plan, arcs: IntArray, kg: float) -> Reason:
    """Room is left: then flour is short, or serving costs more than it is worth."""
    load = np.bincount(problem.arcs.bakery, plan.arc_kg, len(problem.bakeries))
    room = problem.bakeries.capacity - load > TINY
    open_arcs = arcs[room[problem.arcs.bakery[arcs]]]
    if problem.has_flour and len(open_arcs) and not _flour_left(problem, plan, open_arcs, kg):
        return Reason.FLOUR_SHORT
    return Reason.TOO_DEAR


def _flour_left(problem: Problem, plan: Plan, arcs: IntArray, kg: float) -> bool:
    """Some mill has flour (and grain) left for `kg` of bread on one of these arcs."""
    used = np.zeros(problem.mills.class_capacity.shape)
    np.add.at(used, (plan.flour.mill, plan.flour.cls), plan.flour.kg)
    left = np.minimum(
        problem.mills.class_capacity - used,
        (problem.mills.capacity - used.sum(axis=1))[:, None],
    )
    by_class = np.maximum(left, 0.0).sum(axis=0)
    if problem.has_wheat:
        sold = np.zeros(problem.wheat.supply.shape)
        np.add.at(sold, (plan.wheat.wheat, plan.wheat.cls), plan.wheat.kg)
        grain = np.maximum(problem.wheat.supply - sold, 0.0).sum(axis=0)
        by_class = np.minimum(by_class, grain * problem.mills.extraction.max(initial=0.0))
    need = kg / problem.rules.bread_per_flour
    return bool((by_class[problem.arcs.cls[arcs]] >= need).any())


def _award_reason(problem: Problem, plan: Plan, exchange: Exchange, line: int) -> Reason:
    """What stops each lot with room somewhere."""
    inst, state = exchange.inst, exchange.state
    lots = np.flatnonzero((inst.line == line) & (state.arc < 0))
    if not len(lots):
        return Reason.FULL
    lot = int(lots[0])
    obstacles = []
    possible = []
    for arc in range(int(inst.ptr[lot]), int(inst.ptr[lot + 1])):
        regret, obstacle = exchange.regret(lot, arc)
        obstacles.append(obstacle)
        if regret is not None:
            possible.append(int(inst.origin[arc]))
    if possible:
        kg = float(inst.kg[lot])
        if problem.has_flour and not _flour_left(problem, plan, np.array(possible), kg):
            return Reason.FLOUR_SHORT
        return Reason.TOO_DEAR
    if Obstacle.MINIMUM in obstacles:
        return Reason.MINIMUM
    return Reason.BAKERS if Obstacle.BAKERS in obstacles else Reason.FULL


# --- what would serve the line ---

#: (line, changed problem) → € a day more once served, None when it is still not.
Attempt = Callable[[int, Problem], float | None]


def _potential(session: Session | None, base: Plan) -> Attempt:
    def attempt(line: int, changed: Problem) -> float | None:
        if session is None:
            return None
        plan = session.solve(changed)
        before = session.problem.penalty @ base.unserved
        cost = plan.objective - base.objective - float(changed.penalty @ plan.unserved - before)
        session.solve(session.problem)
        return cost if plan.unserved[line] <= TINY else None

    return attempt


def _award_attempt(problem: Problem, plan: Plan, flour: FloatArray | None) -> Attempt:
    """From the award as it stands: the line's lots placed, then a descent under hard rules."""
    base = build(problem, cut(problem), flour)
    old = awarded(base, cut(problem), plan)
    before = evaluate(base, old)

    def attempt(line: int, changed: Problem) -> float | None:
        lots = cut(replace(changed, rules=replace(changed.rules, lot_kg=_size(problem))))
        inst = build(changed, lots, flour)
        search = Search(inst, 0)
        search.place(awarded(inst, lots, _carried(problem, plan, changed)))
        search.settle()
        value = evaluate(inst, search.arc)
        if value.broken or (search.arc[inst.line == line] < 0).any():
            return None
        if value.unserved_lots > before.unserved_lots - int((old[base.line == line] < 0).sum()):
            return None
        if problem.has_flour:
            need = needed(changed, inst, search.arc)
            if milling.mill(changed, need, shortage=1e6).missing:
                return None
        return value.objective - value.unserved - (before.objective - before.unserved)

    return attempt


def _size(problem: Problem) -> float:
    """The lot size of the problem itself: a larger bakery must not cut the lots anew."""
    return cut(problem).limit


def _carried(problem: Problem, plan: Plan, changed: Problem) -> Plan:
    """The quantities of a plan on the arcs of a changed problem."""
    if changed.arcs is problem.arcs:
        return plan
    width, classes = len(problem.bakeries), len(problem.classes)

    def keys(arcs: Arcs) -> IntArray:
        return (arcs.line * width + arcs.bakery) * classes + arcs.cls

    kg = dict(zip(keys(problem.arcs).tolist(), plan.arc_kg.tolist(), strict=True))
    moved = np.array([kg.get(key, 0.0) for key in keys(changed.arcs).tolist()])
    return replace(plan, arc_kg=moved)


def _remedies(problem: Problem, plan: Plan, line: int, attempt: Attempt) -> Iterator[Remedy]:
    """For each lever, the smallest change found that serves the line."""
    for lever in (_dearer, _farther, _larger, _other_class, _lower_minimum):
        for remedy, changed in lever(problem, plan, line):
            cost = attempt(line, changed)
            if cost is not None:
                told = wording.remedy(problem, line, remedy, cost)
                yield replace(remedy, cost=cost, sentence=told)
                break


Trial = tuple[Remedy, Problem]


def _draft(lever: Lever, bakery: int, before: float, after: float) -> Remedy:
    return Remedy(lever, bakery, before, after, 0.0, "")


def _relinked(problem: Problem, line: int, bakeries: IntArray, km: FloatArray) -> Problem:
    """The problem with the arcs of this line made again for these bakeries."""
    made = link(problem, np.full(len(bakeries), line, dtype=np.int64), bakeries, km[bakeries])
    arcs = problem.arcs
    first, last = int(arcs.start[line]), int(arcs.start[line + 1])
    start = arcs.start.copy()
    start[line + 1 :] += len(made) - (last - first)

    def joined(name: str) -> np.ndarray:
        old, new = getattr(arcs, name), getattr(made, name)
        return np.concatenate([old[:first], new, old[last:]])

    names = ("bakery", "cls", "km", "price", "transport", "preference", "change")
    return replace(problem, arcs=Arcs(start, *(joined(name) for name in names)))


def _dearer(problem: Problem, plan: Plan, line: int) -> Iterator[Trial]:
    """A higher accepted price."""
    near, km = _near(problem, line, problem.rules.radius_km)
    takes = problem.bakeries.makes[near] & problem.accepts[problem.lines.cls[line]]
    limit = float(problem.lines.max_price[line])
    prices = np.unique(problem.bakeries.price[near][takes])
    for price in prices[prices > limit][:TRIALS].tolist():
        accepted = problem.lines.max_price.copy()
        accepted[line] = price
        changed = replace(problem, lines=replace(problem.lines, max_price=accepted))
        yield _draft(Lever.PRICE, -1, limit, price), _relinked(changed, line, near, km)


def _farther(problem: Problem, plan: Plan, line: int) -> Iterator[Trial]:
    """A wider radius for this line."""
    _, km = _near(problem, line, np.inf)
    takes = (problem.bakeries.makes & problem.accepts[problem.lines.cls[line]]).any(axis=1)
    radius = problem.rules.radius_km
    beyond = np.flatnonzero(takes & (km > radius))
    for j in beyond[np.argsort(km[beyond], kind="stable")][:TRIALS].tolist():
        near = np.flatnonzero(km <= km[j] + 1e-9)
        yield _draft(Lever.KM, j, radius, float(km[j])), _relinked(problem, line, near, km)


def _larger(problem: Problem, plan: Plan, line: int) -> Iterator[Trial]:
    """More capacity at one bakery that already could serve the line."""
    arcs = slice(problem.arcs.start[line], problem.arcs.start[line + 1])
    load = np.bincount(problem.arcs.bakery, plan.arc_kg, len(problem.bakeries))
    places = np.unique(problem.arcs.bakery[arcs])
    capacity = problem.bakeries.capacity
    missing = float(plan.unserved[line]) - (capacity[places] - load[places])
    full = places[missing > TINY]
    order = np.argsort(missing[missing > TINY], kind="stable")[:TRIALS]
    for j in full[order].tolist():
        larger = capacity.copy()
        larger[j] = load[j] + float(plan.unserved[line])
        changed = replace(problem, bakeries=replace(problem.bakeries, capacity=larger))
        yield _draft(Lever.CAPACITY, j, float(capacity[j]), float(larger[j])), changed


def _other_class(problem: Problem, plan: Plan, line: int) -> Iterator[Trial]:
    """Another class of bread for this line."""
    asked = int(problem.lines.cls[line])
    near, km = _near(problem, line, problem.rules.radius_km)
    for q in np.flatnonzero(~problem.accepts[asked]).tolist():
        cls = problem.lines.cls.copy()
        cls[line] = q
        changed = replace(problem, lines=replace(problem.lines, cls=cls))
        yield _draft(Lever.CLASS, -1, asked, q), _relinked(changed, line, near, km)


def _lower_minimum(problem: Problem, plan: Plan, line: int) -> Iterator[Trial]:
    """A lower minimum order at one bakery."""
    if plan.model != "award":
        return
    load = np.bincount(problem.arcs.bakery, plan.arc_kg, len(problem.bakeries))
    arcs = slice(problem.arcs.start[line], problem.arcs.start[line + 1])
    places = np.unique(problem.arcs.bakery[arcs])
    least = problem.bakeries.min_order
    would = load + float(plan.unserved[line])
    short = places[(least[places] > would[places]) & (problem.bakeries.capacity[places] > 0)]
    for j in short[np.argsort((least - would)[short], kind="stable")][:TRIALS].tolist():
        lower = least.copy()
        lower[j] = would[j]
        changed = replace(problem, bakeries=replace(problem.bakeries, min_order=lower))
        yield _draft(Lever.MINIMUM, j, float(least[j]), float(would[j])), changed
