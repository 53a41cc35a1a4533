"""When flour is short: lots given up so that the least bread is lost, lots served after all."""

from __future__ import annotations

import numpy as np

from restanque.engine.supply.arrays import FloatArray, IntArray
from restanque.engine.supply.award import flour as milling
from restanque.engine.supply.award.instance import UNSERVED, Instance, evaluate
from restanque.engine.supply.award.moves import NEVER, apply, change, fits
from restanque.engine.supply.award.search import HARD, Search, scale_of
from restanque.engine.supply.problem import Problem

#: Price that no lot accepts.
BANNED = 1e12
#: Rounds after which a class still short loses all its lots; twice as many, all classes do.
PATIENCE = 12
#: Lots tried in a row without success before the others are left; bakeries tried for each.
TRIES, PLACES = 40, 4


def give_up(
    problem: Problem,
    inst: Instance,
    arc: IntArray,
    milled: milling.Milled,
    dear: float,
    seed: int,
) -> tuple[IntArray, milling.Milled, int]:
    """Take lots off the classes that are short until the mills can follow.

    A class once short is closed to every lot that does not have it, so the need only falls: it
    ends. Returns the award, its flour, and how many served lots were given up."""
    before = int((arc >= 0).sum())
    cls = problem.arcs.cls[inst.origin]
    lot_of = np.repeat(np.arange(len(inst.kg)), np.diff(inst.ptr))
    scale = scale_of(inst)
    rounds = 0
    while milled.missing:
        rounds += 1
        cost = inst.cost.copy()
        for q in np.flatnonzero(milled.short.sum(axis=0) > milling.TINY):
            missing = float(milled.short[:, q].sum()) * problem.rules.bread_per_flour
            holders = np.flatnonzero((arc >= 0) & (cls[np.maximum(arc, 0)] == q))
            if not len(holders):
                continue
            arc = arc.copy()
            arc[_least_bread(holders, inst, missing) if rounds < PATIENCE else holders] = -1
            kept = (arc >= 0) & (cls[np.maximum(arc, 0)] == q)
            cost[(cls == q) & ~kept[lot_of]] = BANNED
        inst = inst._replace(cost=cost)
        search = Search(inst, seed)
        search.lot_price, search.kg_price = scale  # the banned arcs are no price
        search.place(arc)
        search.settle()
        arc = search.state.arc.copy()
        if rounds > 2 * PATIENCE:
            arc = np.full(len(arc), UNSERVED, np.int64)
        milled = milling.mill(problem, needed(problem, inst, arc), shortage=dear)
    return arc, milled, before - int((arc >= 0).sum())


def take_back(
    problem: Problem, plain: Instance, arc: IntArray, milled: milling.Milled, dear: float
) -> tuple[IntArray, milling.Milled]:
    """Serve the unserved lots that the mills can still follow, the dearest to leave first.

    plain: the lots without any price of flour; the flows tell what flour costs. Each lot taken
    back makes the whole plan cheaper."""
    search = Search(plain, 0)
    search.place(arc)
    state, hard = search.state, HARD * max(search.kg_price, 1e-12)
    if not np.array_equal(state.arc, arc):
        return arc, milled
    need = needed(problem, plain, arc)
    failed = 0
    left = np.flatnonzero((arc < 0) & (np.diff(plain.ptr) > 0))
    for lot in left[np.argsort(-plain.penalty[left], kind="stable")].tolist():
        if failed >= TRIES:
            break
        here = range(int(plain.ptr[lot]), int(plain.ptr[lot + 1]))
        places = [
            (*change(plain, state, lot, a, hard), a) for a in here if fits(plain, state, lot, a)
        ]
        failed += 1
        for extra, stops, a in sorted(places)[:PLACES]:
            if extra >= min(0.0, NEVER):
                break
            place = plain.bakery[a], problem.arcs.cls[plain.origin[a]]
            kg = plain.kg[lot] / problem.rules.bread_per_flour
            need[place] += kg
            trial = milling.mill(problem, need, shortage=dear)
            if not trial.missing and extra + trial.cost < milled.cost:
                apply(plain, state, lot, a, stops)
                milled, failed = trial, 0
                break
            need[place] -= kg
    return state.arc.copy(), milled


def needed(problem: Problem, inst: Instance, arc: IntArray) -> FloatArray:
    """Flour by bakery and class (J, K), kg/day."""
    need = np.zeros((len(problem.bakeries), len(problem.classes)))
    served = arc >= 0
    origin = inst.origin[arc[served]]
    kg = inst.kg[served] / problem.rules.bread_per_flour
    np.add.at(need, (problem.arcs.bakery[origin], problem.arcs.cls[origin]), kg)
    return need


def whole_cost(plain: Instance, arc: IntArray, milled: milling.Milled) -> float:
    """€ a day, flour and grain too."""
    return evaluate(plain, arc).objective + milled.cost


def _least_bread(holders: IntArray, inst: Instance, missing: float) -> list[int]:
    """Lots that free this many kg, losing little more: the smallest that does, else the largest."""
    order = holders[np.argsort(inst.kg[holders], kind="stable")].tolist()
    chosen: list[int] = []
    while order and missing > 1e-9:
        x = next((x for x, lot in enumerate(order) if inst.kg[lot] >= missing - 1e-9), -1)
        lot = order.pop(x)
        chosen.append(lot)
        missing -= float(inst.kg[lot])
    return chosen
