"""A lower bound of the award: prices of lots improved step by step.

Each round prices all bakeries (`pricing`); the excess of each row (a lot taken twice or by nobody,
a budget overrun…) is a subgradient of the bound. Steps follow its running mean over the root of its
running square, row by row (as Kingma & Ba 2015): one long step for all rows, as Polyak's, would be
far too long for the calm places and too short for the towns where bread is scarce.
"""

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

#: First and last step, as a share of the price of a lot; the other prices (€ for a stop, € for a
#: €, € for a kg) move by twice the share. The others start from prices already good.
WIDE, FAR, NEAR = (0.15, 0.002), (0.1, 0.002), (0.01, 0.001)
#: Memory of the mean and of the square of the excess; least square counted.
MEAN, SQUARE, LEAST = 0.8, 0.95, 1e-3


@dataclass(frozen=True)
class Bound:
    """value: no award costs less. prices: those that prove it. rounds: how many were tried."""

    value: float
    prices: Prices
    rounds: int


class _Ascent:
    """One family of prices on its way: value, scale of a step, limits, running mean and square."""

    def __init__(
        self, value: Floats, scale: Floats | float, high: Floats | float, low: float = 0.0
    ) -> None:
        self.value, self.scale, self.low, self.high = value.copy(), scale, low, high
        self.mean, self.square = np.zeros(len(value)), np.zeros(len(value))

    def move(self, excess: Floats, share: float, made: int) -> None:
        """One step along the excess of each row."""
        self.mean += (1 - MEAN) * (excess - self.mean)
        self.square += (1 - SQUARE) * (excess * excess - self.square)
        mean, square = self.mean / (1 - MEAN**made), self.square / (1 - SQUARE**made)
        step = share * self.scale * mean / np.sqrt(square + LEAST)
        self.value = np.clip(self.value + step, self.low, self.high)


def lower_bound(
    inst: Instance,
    prices: Prices,
    *,
    rounds: int,
    steps: tuple[float, float] = WIDE,
    on_round: Callable[[Found], object] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Bound:
    """The best bound of `rounds` rounds from these prices, steps shrinking from the first to the
    last of `steps`."""
    seen = by_bakery(inst)
    room, out = scratch(seen), found(inst, seen)
    lot = _Ascent(prices.lot, np.maximum(np.abs(prices.lot), 1e-9), inst.penalty, -np.inf)
    baker = _Ascent(prices.baker, 2.0, np.inf)
    budget = _Ascent(prices.budget, 2.0, inst.overrun)
    merit = _Ascent(prices.merit, 2.0, inst.wish_price)
    unit = np.maximum(inst.budget, 1e-9), max(inst.wish, 1e-9)
    best, proof, made = -np.inf, prices, 0
    while made < rounds:
        now = Prices(lot.value, baker.value, budget.value, merit.value)
        value = proven(inst, now, price_all(inst, seen, now, room, out))
        if on_round is not None:
            on_round(out)
        if value > best:
            best, proof = value, now
        share = steps[0] * (steps[1] / steps[0]) ** (made / rounds)
        made += 1
        if should_stop():
            break
        lot.move((1 - out.times).astype(np.float64), share, made)
        baker.move((out.bakers - inst.most).astype(np.float64), share, made)
        budget.move((out.spent - inst.budget) / unit[0], share, made)
        merit.move((inst.wish - out.merit) / unit[1], share, made)
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
    """Prices read from what one more kg costs at each bakery: each lot's cheapest place.

    The stop is counted on the largest lot of each canteen: the others come with it."""
    lot = lot_of_arc(inst)
    order = np.lexsort((-inst.kg, inst.canteen))
    stop = np.zeros(len(inst.kg))
    canteens, first = np.unique(inst.canteen[order], return_index=True)
    stop[order[first]] = inst.stop[canteens]
    whole = inst.cost + rent[inst.bakery] * inst.kg[lot] + stop[lot]
    price = inst.penalty.copy()
    np.minimum.at(price, lot, whole)
    return Prices(price, np.zeros(len(inst.most)), np.zeros(len(inst.budget)), np.zeros(1))
