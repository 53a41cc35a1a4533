"""The last resort when flour stays short: fewer lots, chosen so that the least bread is lost."""

from __future__ import annotations

import numpy as np

from restanque.engine.supply.arrays import IntArray
from restanque.engine.supply.award import flour as milling
from restanque.engine.supply.award.instance import Instance
from restanque.engine.supply.award.search import Search
from restanque.engine.supply.problem import Problem

#: Price that no lot accepts.
BANNED = 1e12


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
    while milled.missing:
        cost = inst.cost.copy()
        for q in np.flatnonzero(milled.short.sum(axis=0) > milling.TINY):
            missing = float(milled.short[:, q].sum()) * problem.rules.bread_per_flour
            holders = np.flatnonzero((arc >= 0) & (cls[np.maximum(arc, 0)] == q))
            if not len(holders):
                continue
            for lot in _least_bread(holders, inst, missing):
                arc = arc.copy()
                arc[lot] = -1
            kept = (arc >= 0) & (cls[np.maximum(arc, 0)] == q)
            cost[(cls == q) & ~kept[lot_of]] = BANNED
        inst = inst._replace(cost=cost)
        search = Search(inst, seed)
        search.place(arc)
        search.settle()
        arc = search.state.arc.copy()
        need = np.zeros_like(milled.short)
        served = arc >= 0
        where, kg = arc[served], inst.kg[served] / problem.rules.bread_per_flour
        np.add.at(need, (inst.bakery[where], cls[where]), kg)
        milled = milling.mill(problem, need, shortage=dear)
    return arc, milled, before - int((arc >= 0).sum())


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
