"""A lower bound of the award by subgradient on the prices of lots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from restanque.engine.supply.award.instance import Floats, Instance, lot_of_arc
from restanque.engine.supply.award.pricing import (
    Found,
    Prices,
    by_bakery,
    found,
    price_all,
    scratch,
)


@dataclass(frozen=True)
class Bound:
    """value: no award costs less. prices: those that prove it. rounds: how many were tried."""

    value: float
    prices: Prices
    rounds: int


def lower_bound(
    inst: Instance,
    prices: Prices,
    *,
    target: float,
    rounds: int,
    on_round: Callable[[Found], object] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Bound:
    """Polyak steps toward `target` (the best award known), damped when they stop paying."""
    seen = by_bakery(inst)
    room, out = scratch(seen), found(inst, seen)
    now = Prices(*(part.copy() for part in prices))
    best, proof = -np.inf, now
    step, stale = 1.0, 0
    limit = inst.most.astype(float)
    direction = None
    made = 0
    while made < rounds:
        made += 1
        np.minimum(now.lot, inst.penalty, out=now.lot)
        value = proven(inst, now, price_all(inst, seen, now, room, out))
        if on_round is not None:
            on_round(out)
        if value > best:
            if not np.isfinite(best) or value > best + 1e-3 * (target - best):
                stale = 0
            else:
                stale += 1
            best, proof = value, Prices(*(part.copy() for part in now))
        else:
            stale += 1
        if stale >= 8:
            step, stale = step * 0.7, 0
            now = Prices(*(part.copy() for part in proof))
        slopes = (
            1.0 - out.times,
            out.bakers - limit,
            out.spent - inst.budget,
            np.array([inst.wish - out.merit[0]]),
        )
        # A price at its limit does not move outward.
        slopes[0][(now.lot >= inst.penalty) & (slopes[0] > 0)] = 0
        for part, slope, high in (
            (now.baker, slopes[1], np.inf),
            (now.budget, slopes[2], inst.overrun),
            (now.merit, slopes[3], inst.wish_price),
        ):
            slope[(part <= 0) & (slope < 0)] = 0
            slope[(part >= high) & (slope > 0)] = 0
        direction = (
            slopes
            if direction is None
            else tuple(s + 0.3 * d for s, d in zip(slopes, direction, strict=True))
        )
        norm = sum(float(d @ d) for d in direction)
        gap = max(target - value, 0.0)
        if norm == 0 or gap <= 1e-9 * abs(target) or step < 1e-3 or should_stop():
            break
        move = step * gap / norm
        now.lot[:] += move * direction[0]
        np.clip(now.baker + move * direction[1], 0, None, out=now.baker)
        np.clip(now.budget + move * direction[2], 0, inst.overrun, out=now.budget)
        np.clip(now.merit + move * direction[3], 0, inst.wish_price, out=now.merit)
    return Bound(best, proof, made)


def proven(inst: Instance, prices: Prices, gains: float) -> float:
    """The bound these prices prove."""
    return float(
        prices.lot.sum()
        - gains
        - prices.baker @ inst.most
        - prices.budget @ inst.budget
        + prices.merit[0] * inst.wish
    )


def first_prices(inst: Instance, rent: Floats) -> Prices:
    """Prices read from what one more kg costs at each bakery: each lot's cheapest place."""
    lot = lot_of_arc(inst)
    whole = inst.cost + rent[inst.bakery] * inst.kg[lot] + inst.stop[inst.canteen[lot]]
    price = inst.penalty.copy()
    np.minimum.at(price, lot, whole)
    return Prices(price, np.zeros(len(inst.most)), np.zeros(len(inst.budget)), np.zeros(1))
