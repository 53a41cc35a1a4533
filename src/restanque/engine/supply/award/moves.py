"""Pricing and making one move: the compiled heart of the award, exact to the rounding error."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from restanque.engine.supply.award.compiled import inlined, kernel
from restanque.engine.supply.award.instance import KG, Instance, Ints, State

#: Price of a move that breaks a hard rule.
NEVER = 1e18


@inlined
def uniform(random: npt.NDArray[np.uint64]) -> float:
    """A number in [0, 1): xorshift64*, because numba's own generator is one for the process."""
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * 1.1102230246251565e-16


@inlined
def bakery_cost(inst: Instance, j: int, load: float, weight: float) -> float:
    """Fairness above the kink, and `weight` € for each kg missing to the minimum order."""
    cost = 0.0
    if load > inst.kink[j]:
        cost += inst.slope[j] * (load - inst.kink[j])
    if load < inst.minimum[j] - KG:
        cost += weight * (inst.minimum[j] - load)
    return cost


@inlined
def short_drop(inst: Instance, i: int, kg: float) -> float:
    """Kilograms missing to the smallest delivery; none when there is no delivery."""
    return max(inst.drop[i] - kg, 0.0) if kg > KG else 0.0


@kernel
def change(inst: Instance, s: State, lot: int, arc: int, weight: float) -> tuple[float, int]:
    """(€, stops) of giving `lot` to `arc` (-1: leave it unserved); NEVER above k bakers.

    Capacity is the caller's business: an ejection may overfill a bakery for one step."""
    old = s.arc[lot]
    if arc == old:
        return 0.0, 0
    kg = inst.kg[lot]
    i = inst.canteen[lot]
    j0 = inst.bakery[old] if old >= 0 else -1
    j1 = inst.bakery[arc] if arc >= 0 else -1
    cost = inst.cost[arc] if arc >= 0 else inst.penalty[lot]
    cost -= inst.cost[old] if old >= 0 else inst.penalty[lot]
    purse = inst.purse[lot]
    if purse >= 0:
        now = s.spent[purse]
        then = now
        if arc >= 0:
            then += inst.spend[arc]
        if old >= 0:
            then -= inst.spend[old]
        limit = inst.budget[purse]
        cost += inst.overrun * (max(then - limit, 0.0) - max(now - limit, 0.0))
    if inst.wish_price > 0:
        now = s.merit[0]
        then = now
        if arc >= 0:
            then += inst.merit[arc]
        if old >= 0:
            then -= inst.merit[old]
        cost += inst.wish_price * (max(inst.wish - then, 0.0) - max(inst.wish - now, 0.0))
    stops = 0
    if j0 != j1:
        left, joined = 0.0, 0.0
        for x in range(inst.member_ptr[i], inst.member_ptr[i + 1]):
            other = inst.member[x]
            if other == lot or s.arc[other] < 0:
                continue
            j = inst.bakery[s.arc[other]]
            if j == j0:
                left += inst.kg[other]
            elif j == j1:
                joined += inst.kg[other]
        if j0 >= 0 and left == 0.0:
            stops -= 1
        if j1 >= 0 and joined == 0.0:
            stops += 1
        if stops > 0 and s.stops[i] + stops > inst.most[i]:
            return NEVER, 0
        cost += inst.stop[i] * stops
        if inst.drop[i] > 0:
            if j0 >= 0:
                cost += weight * (short_drop(inst, i, left) - short_drop(inst, i, left + kg))
            if j1 >= 0:
                cost += weight * (short_drop(inst, i, joined + kg) - short_drop(inst, i, joined))
        if j0 >= 0:
            then = s.load[j0] - kg
            cost -= bakery_cost(inst, j0, s.load[j0], weight)
            if s.number[j0] > 1:
                cost += bakery_cost(inst, j0, then, weight)
        if j1 >= 0:
            cost += bakery_cost(inst, j1, s.load[j1] + kg, weight)
            if s.number[j1] > 0:
                cost -= bakery_cost(inst, j1, s.load[j1], weight)
    return cost, stops


@kernel
def apply(inst: Instance, s: State, lot: int, arc: int, stops: int) -> None:
    """Make the move that `change` priced."""
    old = s.arc[lot]
    kg = inst.kg[lot]
    purse = inst.purse[lot]
    if purse >= 0:
        if arc >= 0:
            s.spent[purse] += inst.spend[arc]
        if old >= 0:
            s.spent[purse] -= inst.spend[old]
    if arc >= 0:
        s.merit[0] += inst.merit[arc]
    if old >= 0:
        s.merit[0] -= inst.merit[old]
    s.stops[inst.canteen[lot]] += stops
    s.arc[lot] = arc
    j0 = inst.bakery[old] if old >= 0 else -1
    j1 = inst.bakery[arc] if arc >= 0 else -1
    if j0 == j1:
        return
    if j0 >= 0:
        s.number[j0] -= 1
        s.load[j0] = s.load[j0] - kg if s.number[j0] > 0 else 0.0
        if s.before[lot] >= 0:
            s.after[s.before[lot]] = s.after[lot]
        else:
            s.first[j0] = s.after[lot]
        if s.after[lot] >= 0:
            s.before[s.after[lot]] = s.before[lot]
    if j1 >= 0:
        s.number[j1] += 1
        s.load[j1] += kg
        s.before[lot] = -1
        s.after[lot] = s.first[j1]
        if s.first[j1] >= 0:
            s.before[s.first[j1]] = lot
        s.first[j1] = lot


@inlined
def fits(inst: Instance, s: State, lot: int, arc: int) -> bool:
    """The bakery of `arc` has room for the lot (or holds it already)."""
    j = inst.bakery[arc]
    old = s.arc[lot]
    if old >= 0 and inst.bakery[old] == j:
        return True
    return bool(s.load[j] + inst.kg[lot] <= inst.capacity[j] + KG)


@kernel
def total(inst: Instance, s: State, weight: float) -> float:
    """The whole objective of a state, penalties included."""
    cost = inst.wish_price * max(inst.wish - s.merit[0], 0.0)
    for lot in range(len(inst.kg)):
        cost += inst.cost[s.arc[lot]] if s.arc[lot] >= 0 else inst.penalty[lot]
    for j in range(len(inst.capacity)):
        if s.number[j] > 0:
            cost += bakery_cost(inst, j, s.load[j], weight)
    for b in range(len(inst.budget)):
        cost += inst.overrun * max(s.spent[b] - inst.budget[b], 0.0)
    for i in range(len(inst.most)):
        cost += inst.stop[i] * s.stops[i]
        if inst.drop[i] > 0:
            for x in range(inst.member_ptr[i], inst.member_ptr[i + 1]):
                cost += weight * _drop_of(inst, s, i, x)
    return float(cost)


@kernel
def _drop_of(inst: Instance, s: State, i: int, x: int) -> float:
    """Missing kg of the delivery that member x opens (0 when an earlier member opened it)."""
    lot = inst.member[x]
    if s.arc[lot] < 0:
        return 0.0
    j = inst.bakery[s.arc[lot]]
    kg = 0.0
    for y in range(inst.member_ptr[i], inst.member_ptr[i + 1]):
        other = inst.member[y]
        if s.arc[other] >= 0 and inst.bakery[s.arc[other]] == j:
            if y < x:
                return 0.0
            kg += inst.kg[other]
    return short_drop(inst, i, kg)


@kernel
def place_all(inst: Instance, s: State, order: Ints, arc: Ints, never: float) -> None:
    """Give each lot its arc in this order, where there is room and the rule of k allows."""
    for x in range(len(order)):
        lot = order[x]
        if arc[lot] != s.arc[lot] and (arc[lot] < 0 or fits(inst, s, lot, arc[lot])):
            cost, stops = change(inst, s, lot, arc[lot], 0.0)
            if cost < never:
                apply(inst, s, lot, arc[lot], stops)
