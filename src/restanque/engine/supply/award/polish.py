"""From a good award to a better one with its bound: patterns, their programme, their choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from restanque.engine.supply.arrays import FloatArray
from restanque.engine.supply.award.bound import FAR, NEAR, WIDE, Bound, first_prices, lower_bound
from restanque.engine.supply.award.columns import Pool, choose, generate
from restanque.engine.supply.award.instance import Instance, Ints, evaluate
from restanque.engine.supply.award.parts import part, tiles
from restanque.engine.supply.award.search import WARM, Search


@dataclass(frozen=True)
class Effort:
    """How much to polish: rounds of bound, rounds of pattern pricing and the relative width at
    which it stops, and for each choice the patterns kept for each lot and the nodes."""

    rounds: int
    pricing: int
    tolerance: float
    choices: tuple[tuple[float, int], ...]
    #: Lots of one part; rounds and steps of the bound of the whole, from the prices of the parts.
    tile: int = 1_000
    sharpen: int = 16
    steps: tuple[float, float] = NEAR


#: An award polished whole; a part of one; a part of a very large one.
WHOLE = Effort(60, 40, 3e-4, ((3, 1), (4, 1)))
PART = Effort(60, 40, 1e-3, ((3, 1),))
#: Lots from which an award is very large: its parts are not priced by the programme.
LARGE = 20_000
#: Moves of the search for each lot under which the choices of a very large award are narrow.
LITTLE = 100
#: A wider choice is made only while the gap stays above this.
ENOUGH = 2e-3
#: Moves for each lot of the short search that follows a choice.
AFTER = 200
#: A choice stops when it is within this of the best one there is among its patterns.
WIDTH = 1e-3
#: So few possible patterns that all are listed: the choice is then the optimum.
EVERY, NODES_OF_ALL = 1_500, 10_000


def large(moves: float) -> Effort:
    """For a very large award, by the moves of the search for each lot."""
    kept = 1.5 if moves < LITTLE else 2.0
    return Effort(int(np.clip(1.6 * moves, 80, 320)), 0, 0.0, ((kept, 1),), 500, 24, FAR)


def polish(
    pool: Pool,
    arc: Ints,
    rent: FloatArray,
    *,
    effort: Effort = WHOLE,
    should_stop: Callable[[], bool],
    on_bound: Callable[[float], None] | None = None,
) -> tuple[Ints, Bound]:
    """(award, bound): the award never worse than `arc`; rent (J): €/kg at the bakeries, a guess."""
    inst = pool.inst
    objective = evaluate(inst, arc).objective
    pool.add_award(arc)
    whole = pool.add_every(EVERY)
    bound = lower_bound(
        inst,
        first_prices(inst, rent),
        rounds=effort.rounds,
        steps=WIDE,
        on_round=pool.add_found,
        should_stop=should_stop,
    )
    if effort.pricing:
        bound, _ = generate(
            pool,
            bound,
            rounds=effort.pricing,
            tolerance=effort.tolerance,
            should_stop=should_stop,
        )
    if on_bound is not None:
        on_bound(bound.value)
    for kept, nodes in ((0, NODES_OF_ALL),) if whole else effort.choices:
        most = int(kept * len(inst.kg)) if kept else len(pool)
        made = choose(
            pool,
            bound.prices,
            arc,
            most=most,
            nodes=nodes,
            width=0.0 if whole else WIDTH,
            should_stop=should_stop,
        )
        made = _searched(inst, made, should_stop)
        value = evaluate(inst, made)
        if value.broken == 0 and value.objective < objective:
            arc, objective = made, value.objective
        if objective - bound.value <= ENOUGH * abs(objective):
            break
    return arc, bound


def _searched(inst: Instance, arc: Ints, should_stop: Callable[[], bool]) -> Ints:
    """A short search around an award."""
    search = Search(inst, 0)
    search.place(arc)
    search.settle()
    search.run(AFTER * len(inst.kg), hot=WARM, should_stop=should_stop)
    return search.arc


def polish_parts(
    inst: Instance,
    arc: Ints,
    rent: FloatArray,
    x: FloatArray,
    y: FloatArray,
    *,
    moves: float,
    should_stop: Callable[[], bool],
    on_part: Callable[[float], None],
) -> tuple[Ints, Bound]:
    """The same, tile by tile. x, y (I): where the canteens are; moves: of the search, for each lot.

    The prices of the tiles together prove a bound of the whole, sharpened by a few more rounds. At
    the border of a tile a minimum order may come to be missed: the caller makes the rules hold."""
    prices = first_prices(inst, rent)
    effort = PART if len(inst.kg) <= LARGE else large(moves)
    share = max(len(inst.kg) / max(len(inst.most), 1), 1e-9)
    groups = tiles(x, y, max(int(effort.tile / share), 1))
    home = np.zeros(len(inst.most), np.int64)
    for number, group in enumerate(groups):
        home[group] = number
    order = np.argsort(home[inst.canteen], kind="stable")
    cuts = np.searchsorted(home[inst.canteen][order], np.arange(len(groups) + 1))
    for done in range(len(groups)):
        if should_stop():
            break
        lots = order[cuts[done] : cuts[done + 1]]
        if len(lots):
            one = part(inst, lots, arc)
            inner, bound = polish(
                Pool(one.inst),
                one.inside(arc),
                rent[one.shops],
                effort=effort,
                should_stop=should_stop,
            )
            arc = one.outside(arc, inner)
            prices.lot[one.lots] = bound.prices.lot
            prices.baker[one.canteens] = bound.prices.baker
            prices.budget[one.purses] = bound.prices.budget
            prices.merit[:] += bound.prices.merit / len(groups)
        on_part((done + 1) / len(groups))
    return arc, lower_bound(
        inst, prices, rounds=effort.sharpen, steps=effort.steps, should_stop=should_stop
    )
