"""From a good award to a better one with its bound: patterns, their programme, their choice."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from restanque.engine.supply.arrays import FloatArray
from restanque.engine.supply.award.bound import Bound, first_prices, lower_bound
from restanque.engine.supply.award.columns import Pool, choose, generate
from restanque.engine.supply.award.instance import Instance, Ints, evaluate
from restanque.engine.supply.award.parts import part, tiles

#: Rounds of pattern pricing and of subgradient; relative width at which pricing stops.
ROUNDS, STEPS, TOLERANCE = 40, 40, 2e-4
#: Subgradient rounds from the prices of the tiles.
SHARPEN = 12
#: Patterns kept for each lot by the final choice, and nodes of its branch and bound; a second and
#: wider one when the gap stays above ENOUGH, up to AGAIN lots.
CHOICES = ((2, 1), (6, 1))
ENOUGH, AGAIN = 2e-3, 2_000
#: So few possible patterns that all are listed: the choice is then the optimum.
EVERY, NODES_OF_ALL = 1_500, 10_000
#: Lots of one part when an award is too large to be polished whole.
TILE = 1_000


def polish(
    pool: Pool,
    arc: Ints,
    rent: FloatArray,
    *,
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
        target=objective,
        rounds=STEPS,
        on_round=pool.add_found,
        should_stop=should_stop,
    )
    bound, _ = generate(pool, bound, rounds=ROUNDS, tolerance=TOLERANCE, should_stop=should_stop)
    if on_bound is not None:
        on_bound(bound.value)
    for kept, nodes in ((0, NODES_OF_ALL),) if whole else CHOICES:
        most = kept * len(inst.kg) if kept else len(pool)
        made = choose(pool, bound.prices, arc, most=most, nodes=nodes, should_stop=should_stop)
        value = evaluate(inst, made)
        if value.broken == 0 and value.objective < objective:
            arc, objective = made, value.objective
        if objective - bound.value <= ENOUGH * abs(objective) or len(inst.kg) > AGAIN:
            break
    return arc, bound


def polish_parts(
    inst: Instance,
    arc: Ints,
    rent: FloatArray,
    x: FloatArray,
    y: FloatArray,
    *,
    should_stop: Callable[[], bool],
    on_part: Callable[[float], None],
) -> tuple[Ints, Bound]:
    """The same, tile by tile. x, y (I): where the canteens are.

    The prices of the tiles together prove a bound of the whole, sharpened by a few more steps. At
    the border of a tile a minimum order may come to be missed: the caller makes the rules hold."""
    prices = first_prices(inst, rent)
    share = max(len(inst.kg) / max(len(inst.most), 1), 1e-9)
    groups = tiles(x, y, max(int(TILE / share), 1))
    for done, group in enumerate(groups):
        if should_stop():
            break
        lots = np.flatnonzero(np.isin(inst.canteen, group))
        if len(lots):
            one = part(inst, lots, arc)
            inner, bound = polish(
                Pool(one.inst), one.inside(arc), rent[one.shops], should_stop=should_stop
            )
            arc = one.outside(arc, inner)
            prices.lot[one.lots] = bound.prices.lot
            prices.baker[one.canteens] = bound.prices.baker
            prices.budget[one.purses] = bound.prices.budget
            prices.merit[:] += bound.prices.merit / len(groups)
        on_part((done + 1) / len(groups))
    objective = evaluate(inst, arc).objective
    return arc, lower_bound(inst, prices, target=objective, rounds=SHARPEN, should_stop=should_stop)
