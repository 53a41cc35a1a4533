"""Minimum orders and minimum drops made to hold, whatever it costs."""

from __future__ import annotations

from restanque.engine.supply.award.anneal import best_landing, undo
from restanque.engine.supply.award.compiled import kernel
from restanque.engine.supply.award.instance import KG, Instance, Ints, State
from restanque.engine.supply.award.moves import apply, change, fits
from restanque.engine.supply.award.pricing import ByBakery

#: A move dearer than this share of the price of one missing kg breaks a rule.
BREAKS = 1e-4


@kernel
def short(inst: Instance, s: State, j: int) -> bool:
    """Bakery j bakes less than its minimum order."""
    return bool(s.number[j] > 0 and s.load[j] < inst.minimum[j] - KG)


@kernel
def empty_out(inst: Instance, s: State, lot: int, hard: float) -> float:
    """Send a lot elsewhere, or leave it unserved; the change in objective."""
    cost, arc, stops = best_landing(inst, s, lot, hard, 1.0, True)
    apply(inst, s, lot, arc, stops)
    return cost


@kernel
def close(inst: Instance, s: State, j: int, hard: float) -> float:
    """Every lot of bakery j goes elsewhere."""
    cost = 0.0
    while s.first[j] >= 0:
        cost += empty_out(inst, s, s.first[j], hard)
    return cost


@kernel
def top_up(inst: Instance, seen: ByBakery, s: State, j: int, hard: float, log: Ints) -> float:
    """Bring lots to bakery j until its minimum order; 0 and nothing done when it cannot."""
    made = 0
    cost = 0.0
    while short(inst, s, j):
        best, chosen, where, n, paid = 1e17, -1, -1, 0, 0.0
        missing = inst.minimum[j] - s.load[j]
        for x in range(seen.start[j], seen.start[j + 1]):
            a, lot = seen.arc[x], seen.lot[x]
            old = s.arc[lot]
            if (old >= 0 and inst.bakery[old] == j) or not fits(inst, s, lot, a):
                continue
            delta, stops = change(inst, s, lot, a, hard)
            # What it costs besides filling j: a rule broken elsewhere costs far more than bread.
            real = delta + hard * min(inst.kg[lot], missing)
            if real < BREAKS * hard and real / inst.kg[lot] < best:
                best, chosen, where, n, paid = real / inst.kg[lot], lot, a, stops, delta
        if chosen < 0 or 2 * made + 2 > len(log):
            break
        log[2 * made], log[2 * made + 1] = chosen, s.arc[chosen]
        apply(inst, s, chosen, where, n)
        made += 1
        cost += paid
    if short(inst, s, j):
        undo(inst, s, log, made)
        return 0.0
    return cost


@kernel
def fix_drops(inst: Instance, s: State, hard: float) -> int:
    """Deliveries under the least drop go elsewhere; how many there were."""
    fixed = 0
    for i in range(len(inst.most)):
        if inst.drop[i] <= 0:
            continue
        for x in range(inst.member_ptr[i], inst.member_ptr[i + 1]):
            if s.arc[inst.member[x]] < 0:
                continue
            j = inst.bakery[s.arc[inst.member[x]]]
            kg = 0.0
            for y in range(inst.member_ptr[i], inst.member_ptr[i + 1]):
                other = inst.member[y]
                if s.arc[other] >= 0 and inst.bakery[s.arc[other]] == j:
                    kg += inst.kg[other]
            if kg >= inst.drop[i] - KG:
                continue
            fixed += 1
            for y in range(inst.member_ptr[i], inst.member_ptr[i + 1]):
                other = inst.member[y]
                if s.arc[other] >= 0 and inst.bakery[s.arc[other]] == j:
                    empty_out(inst, s, other, hard)
    return fixed


@kernel
def repair(inst: Instance, seen: ByBakery, s: State, hard: float, log: Ints) -> int:
    """Rounds needed until no bakery is under its minimum and no delivery under the least drop.

    Topping up is kept only when it breaks nothing; else the bakery closes. Closing always can: a
    lot may be left unserved. After a few rounds what is left is closed without more trying."""
    for trial in range(50):
        broken = fix_drops(inst, s, hard)
        for j in range(len(inst.capacity)):
            if not short(inst, s, j):
                continue
            broken += 1
            if trial < 3:
                top_up(inst, seen, s, j, hard, log)
            if short(inst, s, j):
                close(inst, s, j, hard)
        if broken == 0:
            return trial
    for lot in range(len(inst.kg)):
        j = inst.bakery[s.arc[lot]] if s.arc[lot] >= 0 else -1
        if j >= 0 and short(inst, s, j):
            _, stops = change(inst, s, lot, -1, hard)
            apply(inst, s, lot, -1, stops)
    return 50
