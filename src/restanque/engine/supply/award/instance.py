"""The award problem as flat arrays for compiled kernels: whole lots, one bakery each.

An Instance holds no flour: its price is inside `cost` (see flour.py).
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from restanque.engine.supply.arrays import FloatArray, IntArray
from restanque.engine.supply.lots import Lots
from restanque.engine.supply.problem import Problem

Floats: TypeAlias = FloatArray
Ints: TypeAlias = IntArray

#: Kilograms under which two loads are the same.
KG = 1e-7
UNSERVED = -1
ARC_FIELDS = ("bakery", "cost", "spend", "merit", "origin")


class Instance(NamedTuple):
    """L lots, A candidate arcs sorted by lot, J bakeries, I canteens, B budgets.

    ptr (L+1): the arcs of lot l are ptr[l]..ptr[l+1]. bakery, cost, spend, merit (A): where it
    goes, its whole price in the objective (€), what it takes from the budget (€), its kg of
    certified bread. origin (A): the arc of the problem; line (L): the line of the problem.
    kg, penalty (L): size, and price in the objective of leaving it unserved (€). canteen, purse
    (L): its canteen, its budget or -1. member_ptr, member: the lots of each canteen. capacity,
    minimum, kink, slope (J): kg; minimum order in kg (0: none); load in kg from which each more
    kg costs `slope` €. most, drop (I): bakers allowed, and least kg of one delivery. stop (I): €
    for each baker who delivers there. budget (B): €. overrun: € in the objective for each € over
    a budget. wish: kg of certified bread wished; wish_price: € for each kg short of it.
    """

    ptr: Ints
    bakery: Ints
    cost: Floats
    spend: Floats
    merit: Floats
    origin: Ints
    line: Ints
    kg: Floats
    penalty: Floats
    canteen: Ints
    purse: Ints
    member_ptr: Ints
    member: Ints
    capacity: Floats
    minimum: Floats
    kink: Floats
    slope: Floats
    most: Ints
    drop: Floats
    stop: Floats
    budget: Floats
    overrun: float
    wish: float
    wish_price: float


class State(NamedTuple):
    """An award being searched, and the sums that make a move cheap to price.

    arc (L): chosen arc or -1. load, number, first (J): kg, lots, and head of the list of lots.
    after, before (L): that list. spent (B): €. merit (1): kg. stops (I): bakers delivering.
    random (1): generator.
    """

    arc: Ints
    load: Floats
    number: Ints
    first: Ints
    after: Ints
    before: Ints
    spent: Floats
    merit: Floats
    stops: Ints
    random: npt.NDArray[np.uint64]


def empty_state(inst: Instance, seed: int) -> State:
    """Nothing awarded; the generator follows from the seed alone."""
    bakeries, number = len(inst.capacity), len(inst.kg)
    start = np.array([np.random.SeedSequence(seed).generate_state(1, np.uint64)[0] | np.uint64(1)])
    return State(
        np.full(number, UNSERVED, np.int64),
        np.zeros(bakeries),
        np.zeros(bakeries, np.int64),
        np.full(bakeries, -1, np.int64),
        np.full(number, -1, np.int64),
        np.full(number, -1, np.int64),
        np.zeros(len(inst.budget)),
        np.zeros(1),
        np.zeros(len(inst.most), np.int64),
        start,
    )


def build(problem: Problem, lots: Lots, flour: Floats | None = None) -> Instance:
    """The arrays of a problem cut in lots, at this price of flour (J, K), €/kg of flour.

    An arc whose flour has no price (no mill grinds it) is left out. Arcs are in the order of the
    problem; `at_prices` sorts them."""
    arcs, rules, lines = problem.arcs, problem.rules, problem.lines
    unit = arcs.cost.copy()
    if flour is not None:
        unit += flour[arcs.bakery, arcs.cls] / rules.bread_per_flour
    usable = np.flatnonzero(np.isfinite(unit))
    start = np.searchsorted(usable, arcs.start)
    count = np.diff(start)[lots.line]
    ptr = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    offset = np.arange(ptr[-1]) - np.repeat(ptr[:-1], count)
    origin = usable[np.repeat(start[:-1][lots.line], count) + offset]
    kg = lots.kg[np.repeat(np.arange(len(lots.kg)), count)]
    commune = lines.commune[lots.line]
    budget = problem.budget
    purse = commune.copy()
    purse[purse >= 0] = np.where(np.isfinite(budget), np.arange(len(budget)), -1)[
        commune[commune >= 0]
    ]
    canteen = lines.canteen[lots.line]
    asked = np.bincount(lines.canteen, lines.kg, len(problem.canteens))
    merit = kg * problem.certified[arcs.cls[origin]]
    wish = rules.certified_share * float(lines.kg.sum())
    bakeries = problem.bakeries
    members = np.argsort(canteen, kind="stable").astype(np.int64)
    return Instance(
        ptr,
        arcs.bakery[origin],
        unit[origin] * kg,
        arcs.price[origin] * kg,
        merit,
        origin,
        lots.line,
        lots.kg,
        problem.penalty[lots.line] * lots.kg,
        canteen,
        purse,
        np.searchsorted(canteen[members], np.arange(len(problem.canteens) + 1)).astype(np.int64),
        members,
        bakeries.capacity,
        bakeries.min_order,
        rules.fairness_from * bakeries.capacity,
        np.full(len(bakeries), rules.fairness),
        lots.most,
        np.minimum(rules.min_drop_kg, asked),
        np.full(len(problem.canteens), rules.stop_cost),
        np.where(np.isfinite(budget), budget, 0.0),
        rules.budget_penalty,
        wish,
        rules.certified_penalty if wish > 0 else 0.0,
    )


def lot_of_arc(inst: Instance) -> Ints:
    """The lot of each arc."""
    return np.repeat(np.arange(len(inst.kg)), np.diff(inst.ptr))


def at_prices(inst: Instance, rent: Floats) -> Instance:
    """The same, the arcs of each lot by increasing cost with the rent of the bakery (€/kg)."""
    lot = lot_of_arc(inst)
    order = np.lexsort((inst.cost + rent[inst.bakery] * inst.kg[lot], lot))
    parts = {name: getattr(inst, name)[order] for name in ARC_FIELDS}
    return inst._replace(**parts)


class Value(NamedTuple):
    """What an award costs and which rules it breaks, counted from nothing (no running sums)."""

    objective: float
    arcs: float
    stops: float
    fairness: float
    overrun: float
    uncertified: float
    unserved: float
    unserved_lots: int
    below_minimum: int
    over_capacity: int
    small_drops: int
    too_many_bakers: int

    @property
    def broken(self) -> int:
        """Rules broken, all kinds together."""
        return self.below_minimum + self.over_capacity + self.small_drops + self.too_many_bakers


def evaluate(inst: Instance, arc: Ints) -> Value:
    """Full evaluation of an award, the reference the kernels are tested against."""
    served = np.flatnonzero(arc >= 0)
    chosen = arc[served]
    where = inst.bakery[chosen]
    bakeries, canteens = len(inst.capacity), len(inst.most)
    load = np.bincount(where, inst.kg[served], bakeries)
    pairs, inverse = np.unique(inst.canteen[served] * max(bakeries, 1) + where, return_inverse=True)
    canteen = pairs // max(bakeries, 1)
    drop = np.bincount(inverse, inst.kg[served], len(pairs))
    stops = np.bincount(canteen, minlength=canteens)
    purse = inst.purse[served]
    bought = purse >= 0
    spent = np.bincount(purse[bought], inst.spend[chosen][bought], len(inst.budget))
    costs = (
        float(inst.cost[chosen].sum()),
        float(inst.stop[canteen].sum()),
        float((inst.slope * np.maximum(load - inst.kink, 0)).sum()),
        float(inst.overrun * np.maximum(spent - inst.budget, 0).sum()),
        inst.wish_price * max(inst.wish - float(inst.merit[chosen].sum()), 0.0),
        float(inst.penalty[arc < 0].sum()),
    )
    used = np.bincount(where, minlength=bakeries) > 0
    return Value(
        sum(costs),
        *costs,
        unserved_lots=int((arc < 0).sum()),
        below_minimum=int((used & (load < inst.minimum - KG)).sum()),
        over_capacity=int((load > inst.capacity + KG).sum()),
        small_drops=int((drop < inst.drop[canteen] - KG).sum()),
        too_many_bakers=int((stops > inst.most).sum()),
    )
