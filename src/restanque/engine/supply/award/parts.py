"""A large award improved part by part: the lots of a place, all the others held where they are.

A part is an award of its own, exactly: the others' bread lowers capacities, minimum orders,
fairness thresholds, budgets and the certified wish. What a part gains, the whole gains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from restanque.engine.supply.arrays import FloatArray
from restanque.engine.supply.award.instance import ARC_FIELDS, Instance, Ints


@dataclass(frozen=True)
class Part:
    """inst: the award of these lots alone. The others: positions in the whole award."""

    inst: Instance
    lots: Ints
    arcs: Ints
    shops: Ints
    canteens: Ints
    purses: Ints

    def inside(self, arc: Ints) -> Ints:
        """The whole award's choice for these lots, in the arcs of the part."""
        chosen = arc[self.lots]
        found = np.searchsorted(self.arcs, chosen)
        return np.where(chosen >= 0, found, -1).astype(np.int64)

    def outside(self, arc: Ints, inner: Ints) -> Ints:
        """The whole award with the choice of the part put in."""
        made = arc.copy()
        made[self.lots] = np.where(inner >= 0, self.arcs[np.maximum(inner, 0)], -1)
        return made


def tiles(x: FloatArray, y: FloatArray, most: int) -> list[Ints]:
    """Points cut at the middle of their longer side until no group holds more than `most`."""
    found: list[Ints] = []
    left = [np.arange(len(x))]
    while left:
        group = left.pop()
        if len(group) <= most:
            found.append(group)
            continue
        wide = np.ptp(x[group]) >= np.ptp(y[group])
        order = group[np.argsort((x if wide else y)[group], kind="stable")]
        left += [order[len(order) // 2 :], order[: len(order) // 2]]
    return found


def part(inst: Instance, lots: Ints, arc: Ints) -> Part:
    """The award of `lots` (whole canteens), the others as in `arc`."""
    lots = np.sort(lots)
    inside = np.zeros(len(inst.kg), np.bool_)
    inside[lots] = True
    count = np.diff(inst.ptr)[lots]
    ptr = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    offset = np.arange(ptr[-1]) - np.repeat(ptr[:-1], count)
    arcs = np.repeat(inst.ptr[lots], count) + offset
    shops, bakery = np.unique(inst.bakery[arcs], return_inverse=True)
    canteens, canteen = np.unique(inst.canteen[lots], return_inverse=True)
    purses = np.unique(inst.purse[lots][inst.purse[lots] >= 0])
    others = np.flatnonzero(~inside & (arc >= 0))
    held = arc[others]
    load = np.bincount(inst.bakery[held], inst.kg[others], len(inst.capacity))[shops]
    paid = inst.purse[others] >= 0
    spent = np.bincount(inst.purse[others][paid], inst.spend[held][paid], len(inst.budget))[purses]
    purse = np.full(len(inst.budget) + 1, -1, np.int64)
    purse[purses] = np.arange(len(purses))
    members = np.argsort(canteen, kind="stable").astype(np.int64)
    fields = {name: getattr(inst, name)[arcs] for name in ARC_FIELDS}
    fields["bakery"] = bakery.astype(np.int64)
    made = inst._replace(
        **fields,
        ptr=ptr,
        line=inst.line[lots],
        kg=inst.kg[lots],
        penalty=inst.penalty[lots],
        canteen=canteen.astype(np.int64),
        purse=purse[inst.purse[lots]],
        member_ptr=np.searchsorted(canteen[members], np.arange(len(canteens) + 1)),
        member=members,
        capacity=np.maximum(inst.capacity[shops] - load, 0.0),
        minimum=np.maximum(inst.minimum[shops] - load, 0.0),
        kink=np.maximum(inst.kink[shops] - load, 0.0),
        slope=inst.slope[shops],
        most=inst.most[canteens],
        drop=inst.drop[canteens],
        stop=inst.stop[canteens],
        budget=np.maximum(inst.budget[purses] - spent, 0.0),
        wish=max(inst.wish - float(inst.merit[held].sum()), 0.0),
    )
    return Part(made, lots, arcs, shops, canteens, purses)
