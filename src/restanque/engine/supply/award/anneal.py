"""Annealing with ejection chains over whole lots."""

from __future__ import annotations

import numpy as np

from restanque.engine.supply.award.compiled import inlined, kernel
from restanque.engine.supply.award.instance import KG, Instance, Ints, State
from restanque.engine.supply.award.moves import NEVER, apply, change, fits, uniform

#: Candidates looked at for a lot that was pushed out.
LOOK = 12
#: Chance of trying an ejection when the target is full; of leaving the lot unserved; of moving
#: all the lots of a canteen that share a baker at once.
EJECT, DROP, TOGETHER = 0.5, 0.01, 0.25


@inlined
def pick_arc(inst: Instance, s: State, lot: int, power: float) -> int:
    """A candidate, the first ones (cheapest at market prices) more often."""
    start = inst.ptr[lot]
    number = inst.ptr[lot + 1] - start
    if number == 0:
        return -1
    return int(start + int(number * uniform(s.random) ** power))


@kernel
def pick_ejected(inst: Instance, s: State, j: int, need: float, kept: int) -> int:
    """A lot of bakery j, other than `kept`, whose departure makes room; -1 if none."""
    lot = s.first[j]
    seen = 0
    chosen = -1
    while lot >= 0:
        if lot != kept and inst.kg[lot] >= need - KG:
            seen += 1
            if uniform(s.random) * seen < 1.0:
                chosen = lot
        lot = s.after[lot]
    return chosen


@kernel
def best_landing(
    inst: Instance, s: State, lot: int, weight: float, power: float, every: bool
) -> tuple[float, int, int]:
    """(€, arc, stops) of the best candidate with room elsewhere, or unserved.

    `every` candidate, or a few drawn with the cheapest more often."""
    j0 = inst.bakery[s.arc[lot]]
    best, stops = change(inst, s, lot, -1, weight)
    arc = -1
    start = inst.ptr[lot]
    number = inst.ptr[lot + 1] - start
    whole = every or number <= LOOK
    for q in range(number if whole else LOOK):
        a = start + q if whole else pick_arc(inst, s, lot, power)
        if inst.bakery[a] == j0 or not fits(inst, s, lot, a):
            continue
        cost, n = change(inst, s, lot, a, weight)
        if cost < best:
            best, arc, stops = cost, a, n
    return best, arc, stops


@kernel
def arc_to(inst: Instance, lot: int, j: int) -> int:
    """The first (cheapest) arc of a lot to bakery j, -1 if none."""
    for a in range(inst.ptr[lot], inst.ptr[lot + 1]):
        if inst.bakery[a] == j:
            return int(a)
    return -1


@kernel
def move_together(
    inst: Instance, s: State, lot: int, arc: int, weight: float, temperature: float, log: Ints
) -> float:
    """All the lots of this canteen at this baker go to the baker of `arc`; 0 when refused."""
    i = inst.canteen[lot]
    j0 = inst.bakery[s.arc[lot]]
    j1 = inst.bakery[arc]
    cost = 0.0
    made = 0
    for x in range(inst.member_ptr[i], inst.member_ptr[i + 1]):
        other = inst.member[x]
        old = s.arc[other]
        if old < 0 or inst.bakery[old] != j0:
            continue
        a = arc if other == lot else arc_to(inst, other, j1)
        if a < 0 or not fits(inst, s, other, a):
            cost = NEVER
            break
        # The first lot may open one stop too many for one step: the last one closes the old one.
        most = inst.most[i]
        inst.most[i] = most + 1
        delta, stops = change(inst, s, other, a, weight)
        inst.most[i] = most
        apply(inst, s, other, a, stops)
        log[2 * made] = other
        log[2 * made + 1] = old
        made += 1
        cost += delta
    if s.stops[i] <= inst.most[i] and accepts(s, cost, temperature):
        return cost
    undo(inst, s, log, made)
    return 0.0


@kernel
def undo(inst: Instance, s: State, log: Ints, made: int) -> None:
    """Take back the moves of a log, last first (stops are counted again from the lots)."""
    for x in range(made - 1, -1, -1):
        lot = log[2 * x]
        i = inst.canteen[lot]
        apply(inst, s, lot, log[2 * x + 1], 0)
        s.stops[i] = count_stops(inst, s, i)


@kernel
def count_stops(inst: Instance, s: State, i: int) -> int:
    """Bakers delivering canteen i."""
    stops = 0
    for x in range(inst.member_ptr[i], inst.member_ptr[i + 1]):
        if s.arc[inst.member[x]] < 0:
            continue
        j = inst.bakery[s.arc[inst.member[x]]]
        new = 1
        for y in range(inst.member_ptr[i], x):
            if s.arc[inst.member[y]] >= 0 and inst.bakery[s.arc[inst.member[y]]] == j:
                new = 0
                break
        stops += new
    return stops


@inlined
def accepts(s: State, cost: float, temperature: float) -> bool:
    """Metropolis."""
    if cost <= 0.0:
        return True
    return cost < 30.0 * temperature and uniform(s.random) < np.exp(-cost / temperature)


@kernel
def chain(
    inst: Instance,
    s: State,
    lot: int,
    arc: int,
    weight: float,
    temperature: float,
    power: float,
    depth: int,
    log: Ints,
) -> float:
    """Give `lot` to a full bakery and push others on, at most `depth` times; 0 when refused."""
    cost, stops = change(inst, s, lot, arc, weight)
    if cost >= NEVER:
        return 0.0
    log[0], log[1] = lot, s.arc[lot]
    apply(inst, s, lot, arc, stops)
    made = 1
    kept = lot
    for level in range(depth):
        j = inst.bakery[arc]
        pushed = pick_ejected(inst, s, j, s.load[j] - inst.capacity[j], kept)
        if pushed < 0:
            break
        delta, landing, stops = best_landing(inst, s, pushed, weight, power, False)
        if level + 1 < depth and cost + delta > 3.0 * temperature and uniform(s.random) < 0.5:
            a = pick_arc(inst, s, pushed, power)
            if inst.bakery[a] != j and not fits(inst, s, pushed, a):
                delta, stops = change(inst, s, pushed, a, weight)
                if delta >= NEVER:
                    break
                log[2 * made], log[2 * made + 1] = pushed, s.arc[pushed]
                apply(inst, s, pushed, a, stops)
                made += 1
                cost += delta
                arc, kept = a, pushed
                continue
        if delta >= NEVER:
            break
        log[2 * made], log[2 * made + 1] = pushed, s.arc[pushed]
        apply(inst, s, pushed, landing, stops)
        made += 1
        cost += delta
        if accepts(s, cost, temperature):
            return cost
        break
    undo(inst, s, log, made)
    return 0.0


@kernel
def anneal(
    inst: Instance,
    s: State,
    moves: int,
    hot: float,
    cold: float,
    weight: float,
    power: float,
    depth: int,
    drawn: Ints,
    log: Ints,
) -> float:
    """`moves` attempts while the temperature (€) falls geometrically; the change in objective.

    drawn: the lots it draws from, as often as they stand there. Ends where it stands: the caller
    keeps the best of what it saw."""
    number = len(drawn)
    gain = 0.0
    temperature = hot
    for step in range(moves):
        if step % 256 == 0:
            temperature = hot * (cold / hot) ** (step / moves)
        lot = drawn[int(uniform(s.random) * number)]
        old = s.arc[lot]
        arc = -1
        if uniform(s.random) >= DROP:
            arc = pick_arc(inst, s, lot, power)
        if arc == old:
            continue
        i = inst.canteen[lot]
        if (
            arc >= 0
            and old >= 0
            and inst.member_ptr[i + 1] - inst.member_ptr[i] > 1
            and inst.bakery[arc] != inst.bakery[old]
            and uniform(s.random) < TOGETHER
        ):
            gain += move_together(inst, s, lot, arc, weight, temperature, log)
        elif arc < 0 or fits(inst, s, lot, arc):
            cost, stops = change(inst, s, lot, arc, weight)
            if accepts(s, cost, temperature):
                apply(inst, s, lot, arc, stops)
                gain += cost
        elif uniform(s.random) < EJECT:
            gain += chain(inst, s, lot, arc, weight, temperature, power, depth, log)
    return gain


@kernel
def descend(inst: Instance, s: State, weight: float) -> float:
    """Single moves while one improves; the change in objective."""
    gain = 0.0
    better = True
    while better:
        better = False
        for lot in range(len(inst.kg)):
            best, stops = change(inst, s, lot, -1, weight)
            where = -1
            for a in range(inst.ptr[lot], inst.ptr[lot + 1]):
                if a == s.arc[lot] or not fits(inst, s, lot, a):
                    continue
                cost, n = change(inst, s, lot, a, weight)
                if cost < best:
                    best, where, stops = cost, a, n
            if best < -1e-9:
                apply(inst, s, lot, where, stops)
                gain += best
                better = True
    return gain
