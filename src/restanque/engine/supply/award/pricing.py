"""What each bakery would best bake at given lot prices: knapsacks, and the bound they give.

Relaxing « each lot is served once » with a price u_l leaves one problem for each bakery: choose
lots to gain Σ (u_l - cost) less a stop for each canteen and the fairness on the load, within the
capacity and the minimum order. Its best gain g_j(u) gives, for every u,

    objective >= Σ_l min(u_l, penalty_l) - Σ_j g_j(u) - Σ_i κ_i most_i - Σ_b β_b budget_b + γ wish

with κ >= 0 on the bakers of a canteen, 0 <= β <= overrun, 0 <= γ <= wish price. The knapsacks list
undominated loads (Nemhauser & Ullmann 1969) in units of a gram, weights rounded down: no gain is
below the true one, so the bound holds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from restanque.engine.supply.award.compiled import kernel
from restanque.engine.supply.award.instance import KG, Floats, Instance, Ints

#: Kilograms of one unit of load, and most units in one load (then the unit grows).
UNIT, FINEST = 0.001, 1e6
#: Most states in a list, and most items taken in all (above, the unit grows).
STATES, ORIGINS = 4096, 65536
IMPOSSIBLE = -1e18


class ByBakery(NamedTuple):
    """The same arcs sorted by bakery, then canteen, then lot: start (J + 1), arc, lot (A)."""

    start: Ints
    arc: Ints
    lot: Ints


class Prices(NamedTuple):
    """u (L), κ (I), β (B), γ (1): see the module."""

    lot: Floats
    baker: Floats
    budget: Floats
    merit: Floats


class Scratch(NamedTuple):
    """Room for one knapsack: its items, three lists of states, and where each state comes from."""

    arc: Ints
    lot: Ints
    gain: Floats
    #: Lists of (load in units, gain, origin), by increasing load: without and with this canteen.
    load: Ints
    best: Floats
    origin: Ints
    parent: Ints
    item: Ints
    used: Ints


class Step(NamedTuple):
    """What moves a list of states: load, gain, item (-1: none), minimum order, origins in use."""

    load: int
    gain: float
    item: int
    free: int
    used: Ints


class Found(NamedTuple):
    """What all bakeries chose: times (L), spent (B), merit (1), bakers (I), pattern arcs by bakery.

    patterns hold the arcs of bakery j at pattern_start[j]..pattern_start[j + 1]."""

    times: Ints
    spent: Floats
    merit: Floats
    bakers: Ints
    pattern_start: Ints
    patterns: Ints


def by_bakery(inst: Instance) -> ByBakery:
    """The arcs seen from the bakeries."""
    lot = np.repeat(np.arange(len(inst.kg)), np.diff(inst.ptr))
    order = np.lexsort((lot, inst.canteen[lot], inst.bakery))
    start = np.searchsorted(inst.bakery[order], np.arange(len(inst.capacity) + 1))
    return ByBakery(start.astype(np.int64), order.astype(np.int64), lot[order].astype(np.int64))


def scratch(seen: ByBakery) -> Scratch:
    """Room for the bakery with the most arcs."""
    most = int(np.diff(seen.start).max(initial=0)) + 1
    return Scratch(
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most),
        np.empty((3, STATES), np.int64),
        np.empty((3, STATES)),
        np.empty((3, STATES), np.int64),
        np.empty(ORIGINS, np.int64),
        np.empty(ORIGINS, np.int64),
        np.zeros(1, np.int64),
    )


def found(inst: Instance, seen: ByBakery) -> Found:
    """An empty answer."""
    return Found(
        np.zeros(len(inst.kg), np.int64),
        np.zeros(len(inst.budget)),
        np.zeros(1),
        np.zeros(len(inst.most), np.int64),
        np.zeros(len(inst.capacity) + 1, np.int64),
        np.zeros(len(seen.arc), np.int64),
    )


@kernel
def worth_baking(
    inst: Instance, seen: ByBakery, j: int, prices: Prices, room: Scratch, slack: float
) -> int:
    """Number of lots that may be in a best load of bakery j; arc and gain go in the scratch.

    A load that gains more than the best one by `slack` at most may hold a lot that loses less
    than `slack`: it helps to reach the minimum order. A canteen whose lots do not pay its stop
    is left out in the same way."""
    n = 0
    x = seen.start[j]
    last = seen.start[j + 1]
    while x < last:
        begun = n
        gained = slack
        i = inst.canteen[seen.lot[x]]
        while x < last and inst.canteen[seen.lot[x]] == i:
            lot = seen.lot[x]
            best = -slack
            arc = -1
            while x < last and seen.lot[x] == lot:
                a = seen.arc[x]
                gain = prices.lot[lot] - inst.cost[a] + prices.merit[0] * inst.merit[a]
                if inst.purse[lot] >= 0:
                    gain -= prices.budget[inst.purse[lot]] * inst.spend[a]
                if gain > best:
                    best, arc = gain, a
                x += 1
            if arc >= 0 and inst.kg[lot] <= inst.capacity[j] + KG:
                room.arc[n], room.lot[n], room.gain[n] = arc, lot, best
                n += 1
                gained += max(best, 0.0)
        if gained <= inst.stop[i] + prices.baker[i]:
            n = begun
    return n


@kernel
def merge(
    room: Scratch, one: int, n: int, two: int, m: int, plus: Step, out: int, roof: int
) -> int:
    """List `out`: list `one` and list `two` moved by `plus`, less the dominated states.

    A state is dominated by a lighter one that gains as much, once both reach the minimum order
    (`plus.free`). Returns its length, -1 for want of room."""
    load, best, origin = room.load, room.best, room.origin
    x, y, k = 0, 0, 0
    lead = IMPOSSIBLE
    used = plus.used[0]
    while x < n or y < m:
        first = y >= m or (x < n and load[one, x] <= load[two, y] + plus.load)
        if first:
            w, g, o = load[one, x], best[one, x], origin[one, x]
            x += 1
        else:
            w, g, o = load[two, y] + plus.load, best[two, y] + plus.gain, origin[two, y]
            y += 1
            if w > roof:
                y = m
                continue
        if w >= plus.free and g <= lead:
            continue
        if k > 0 and load[out, k - 1] == w:
            if best[out, k - 1] >= g:
                continue
            k -= 1
        if not first and plus.item >= 0:
            if used >= ORIGINS:
                return -1
            room.parent[used], room.item[used] = o, plus.item
            o = used
            used += 1
        if k >= STATES:
            return -1
        load[out, k], best[out, k], origin[out, k] = w, g, o
        k += 1
        if w >= plus.free:
            lead = g
    plus.used[0] = used
    return k


@kernel
def fill(
    inst: Instance,
    n: int,
    prices: Prices,
    unit: float,
    roof: int,
    free: int,
    room: Scratch,
    used: Ints,
) -> tuple[int, int]:
    """(list, length) of the undominated states of the knapsack; length -1 for want of room."""
    used[0] = 1
    room.parent[0], room.item[0] = -1, -1
    room.load[0, 0], room.best[0, 0], room.origin[0, 0] = 0, 0.0, 0
    without, length, x = 0, 1, 0
    while x < n:
        i = inst.canteen[room.lot[x]]
        charge = inst.stop[i] + prices.baker[i]
        one, two = (without + 1) % 3, (without + 2) % 3
        for t in range(length):
            room.load[one, t] = room.load[without, t]
            room.best[one, t] = room.best[without, t] - charge
            room.origin[one, t] = room.origin[without, t]
        m = length
        while x < n and inst.canteen[room.lot[x]] == i:
            weight = int(inst.kg[room.lot[x]] / unit + 1e-6)
            step = Step(weight, room.gain[x], x, free, used)
            m = merge(room, one, m, one, m, step, two, roof)
            if m < 0:
                return without, -1
            one, two = two, one
            x += 1
        length = merge(room, without, length, one, m, Step(0, 0.0, -1, free, used), two, roof)
        if length < 0:
            return without, -1
        without = two
    return without, length


@kernel
def best_load(
    inst: Instance, seen: ByBakery, j: int, n: int, prices: Prices, room: Scratch, used: Ints
) -> tuple[float, int, float]:
    """(gain, origin) of the best load of bakery j among its n items, and the best gain there would
    be without minimum order."""
    whole = 0.0
    for x in range(n):
        whole += inst.kg[room.lot[x]]
    roof = min(inst.capacity[j], whole)
    unit = max(UNIT, roof / FINEST)
    while True:
        loss = 0
        for x in range(n):
            part = inst.kg[room.lot[x]] / unit
            if part - int(part + 1e-6) > 1e-5:
                loss += 1
        need = max(0, int(np.ceil(inst.minimum[j] / unit - 1e-6)) - loss)
        which, length = fill(inst, n, prices, unit, int(roof / unit + 1e-6), need, room, used)
        if length >= 0:
            break
        unit *= 8.0
    best, origin, loose = 0.0, -1, 0.0
    for t in range(length):
        over = max(room.load[which, t] * unit - inst.kink[j], 0.0)
        gain = room.best[which, t] - inst.slope[j] * over
        loose = max(loose, gain)
        if gain > best and room.load[which, t] >= need:
            best, origin = gain, room.origin[which, t]
    return best, origin, loose


@kernel
def price_all(inst: Instance, seen: ByBakery, prices: Prices, room: Scratch, out: Found) -> float:
    """Σ_j g_j(u), and what each bakery would take, in `out`."""
    out.times[:] = 0
    out.spent[:] = 0.0
    out.merit[0] = 0.0
    out.bakers[:] = 0
    used = room.used
    total = 0.0
    at = 0
    for j in range(len(inst.capacity)):
        out.pattern_start[j] = at
        n = worth_baking(inst, seen, j, prices, room, 0.0)
        if n == 0:
            continue
        gain, origin, loose = best_load(inst, seen, j, n, prices, room, used)
        if loose > gain:
            # The minimum order costs something: lots that lose a little may be worth taking.
            n = worth_baking(inst, seen, j, prices, room, loose - gain)
            gain, origin, loose = best_load(inst, seen, j, n, prices, room, used)
        previous = -1
        total += gain
        while origin > 0:
            x = room.item[origin]
            origin = room.parent[origin]
            a, lot = room.arc[x], room.lot[x]
            out.patterns[at] = a
            at += 1
            out.times[lot] += 1
            out.merit[0] += inst.merit[a]
            if inst.purse[lot] >= 0:
                out.spent[inst.purse[lot]] += inst.spend[a]
            if inst.canteen[lot] != previous:
                previous = inst.canteen[lot]
                out.bakers[previous] += 1
    out.pattern_start[len(inst.capacity)] = at
    return total
