"""The heuristic: a start from the exact transport solution, annealing, hard rules made to hold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from restanque.engine.supply.award import anneal as annealing
from restanque.engine.supply.award.instance import (
    KG,
    UNSERVED,
    Floats,
    Instance,
    Ints,
    State,
    empty_state,
    evaluate,
    lot_of_arc,
)
from restanque.engine.supply.award.moves import NEVER, place_all, total
from restanque.engine.supply.award.pricing import by_bakery
from restanque.engine.supply.award.repair import repair

#: Temperatures, as a share of the mean price of a lot; weights of a missing kg, of the mean kg.
HOT, COLD = 0.08, 0.0008
SOFT, FIRM, HARD = 1.2, 20.0, 1e6
#: Parts of a search: after each, the caller may stop it and the best award is kept.
PARTS = 100
#: From this share on the weight of the rules rises; snapshots are taken for the patterns.
FIRMING = 0.7
#: Around the lots unserved: attempts for each lot, parts, and temperatures.
ROOM, ROOM_PARTS, ROOM_HOT, ROOM_COLD = 200, 40, 2.0, 0.02
DEPTH, POWER = 2, 2.0
#: Temperature of a search that starts from a good award, as a share of the usual one.
WARM = 0.1


def first_award(inst: Instance, line_kg: Floats) -> Ints:
    """Each lot on the arc of its line that still carries most of the fractional plan.

    line_kg: bread on each arc of the problem (kg/day)."""
    left = line_kg.copy()
    arc = np.full(len(inst.kg), UNSERVED, np.int64)
    for lot in range(len(inst.kg)):
        first, last = inst.ptr[lot], inst.ptr[lot + 1]
        if first == last:
            continue
        x = first + int(np.argmax(left[inst.origin[first:last]]))
        if left[inst.origin[x]] > KG:
            arc[lot] = x
            left[inst.origin[x]] -= inst.kg[lot]
    return arc


def scale_of(inst: Instance) -> tuple[float, float]:
    """Mean price of a lot and of a kg, € (1 where nothing can be served)."""
    if not len(inst.cost) or not inst.kg.sum():
        return 1.0, 1.0
    cheapest = np.full(len(inst.kg), np.inf)
    np.minimum.at(cheapest, lot_of_arc(inst), np.abs(inst.cost))
    served = np.isfinite(cheapest)
    whole = float(cheapest[served].sum()) or float(np.abs(inst.cost).mean()) or 1.0
    return whole / int(served.sum()), whole / float(inst.kg[served].sum() or 1.0)


class Search:
    """One award being improved. `arc` and `objective`: the best that breaks no rule."""

    def __init__(self, inst: Instance, seed: int) -> None:
        self.inst = inst
        self.state: State = empty_state(inst, seed)
        self.log = np.zeros(2 * (int(np.diff(inst.member_ptr).max(initial=0)) + 64), np.int64)
        self.arc = self.state.arc.copy()
        self.objective = evaluate(inst, self.arc).objective
        self.lot_price, self.kg_price = scale_of(inst)
        self.seen = by_bakery(inst)

    def place(self, arc: Ints) -> None:
        """Start again from this award, lot by lot, the largest first, where there is room."""
        order = np.argsort(-self.inst.kg, kind="stable").astype(np.int64)
        place_all(self.inst, self.state, order, arc, NEVER)

    def run(
        self,
        moves: int,
        *,
        hot: float = 1.0,
        should_stop: Callable[[], bool],
        on_progress: Callable[[float], None] | None = None,
        on_snapshot: Callable[[Ints], object] | None = None,
    ) -> None:
        """`moves` attempts, then the hard rules."""
        inst, state = self.inst, self.state
        if len(inst.kg) and moves:
            if hot >= 1.0:
                self._make_room(moves, should_stop)
            for part in range(PARTS):
                if should_stop():
                    break
                start, end = (hot * HOT * (COLD / HOT) ** (x / PARTS) for x in (part, part + 1))
                count = moves * (part + 1) // PARTS - moves * part // PARTS
                every = np.arange(len(inst.kg))
                self._anneal(every, count, start, end, self._weight(part / PARTS))
                if on_progress is not None:
                    on_progress((part + 1) / PARTS)
                if part >= FIRMING * PARTS and part % 4 == 3:
                    self._remember()
                    if on_snapshot is not None:
                        on_snapshot(state.arc)
        self.settle()

    def _anneal(self, lots: Ints, moves: int, start: float, end: float, weight: float) -> None:
        """`moves` attempts on these lots, one in eight for those unserved; shares of a price."""
        left = lots[self.state.arc[lots] < 0]
        if len(left):
            lots = np.concatenate([lots, np.repeat(left, len(lots) // (7 * len(left)) + 1)])
        start, end = start * self.lot_price, end * self.lot_price
        annealing.anneal(
            self.inst, self.state, moves, start, end, weight, POWER, DEPTH, lots, self.log
        )

    def _weight(self, share: float) -> float:
        """€ for one kg missing to a rule, rising at the end of a search (0 to 1)."""
        firm = max(share - FIRMING, 0.0) / (1 - FIRMING)
        return float(self.kg_price * SOFT * (FIRM / SOFT) ** firm)

    def _make_room(self, moves: int, should_stop: Callable[[], bool]) -> None:
        """Where lots are left unserved, a hotter search of their surroundings alone.

        Serving one may take moving many others, each of which costs: the usual temperatures never
        get there, and the hot ones would undo what is settled elsewhere."""
        for part in range(ROOM_PARTS):
            lots = self._crowded()
            if not len(lots) or should_stop():
                break
            count = min(ROOM * len(lots), moves // 3) // ROOM_PARTS
            start, end = (
                ROOM_HOT * (ROOM_COLD / ROOM_HOT) ** (x / ROOM_PARTS) for x in (part, part + 1)
            )
            self._anneal(lots, count, start, end, self._weight(part / ROOM_PARTS))

    def _crowded(self) -> Ints:
        """Lots unserved that could be, those at the bakeries they could go to, and again."""
        inst, arc = self.inst, self.state.arc
        inside = (arc < 0) & (np.diff(inst.ptr) > 0)
        lot = lot_of_arc(inst)
        for _ in range(2):
            near = np.zeros(len(inst.capacity), np.bool_)
            near[inst.bakery[inside[lot]]] = True
            served = np.flatnonzero(arc >= 0)
            inside[served] |= near[inst.bakery[arc[served]]]
        return np.flatnonzero(inside)

    def settle(self) -> None:
        """Make the hard rules hold, descend while they hold, and keep the best award."""
        inst, state = self.inst, self.state
        hard = HARD * max(self.kg_price, 1e-12)
        repair(inst, self.seen, state, hard, self.log)
        annealing.descend(inst, state, hard)
        self._remember()

    def _remember(self) -> None:
        """Keep the award at hand if it breaks no rule and is the best so far."""
        value = evaluate(self.inst, self.state.arc)
        if value.broken == 0 and value.objective < self.objective:
            self.arc, self.objective = self.state.arc.copy(), value.objective

    def adopt(self, arc: Ints) -> None:
        """Go on from an award found elsewhere, its hard rules made to hold."""
        self.place(np.full(len(arc), UNSERVED, np.int64))
        self.place(arc)
        self.settle()

    def check_sums(self) -> float:
        """The running objective, for tests: equal to `evaluate` when no rule is broken."""
        return float(total(self.inst, self.state, 0.0))
