"""What a solver returns: who bakes for whom, with which flour and grain, at what prices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from restanque.engine.supply.arrays import FloatArray, IntArray

Model = Literal["potential", "award", "transport"]


def _no_ints() -> IntArray:
    return np.zeros(0, dtype=np.int64)


def _no_floats() -> FloatArray:
    return np.zeros(0)


@dataclass(frozen=True)
class FlourFlow:
    """Flour from mills to bakeries, kg/day: columns of equal length."""

    bakery: IntArray = field(default_factory=_no_ints)
    mill: IntArray = field(default_factory=_no_ints)
    cls: IntArray = field(default_factory=_no_ints)
    kg: FloatArray = field(default_factory=_no_floats)


@dataclass(frozen=True)
class WheatFlow:
    """Grain from zones to mills, kg/day: columns of equal length."""

    mill: IntArray = field(default_factory=_no_ints)
    wheat: IntArray = field(default_factory=_no_ints)
    cls: IntArray = field(default_factory=_no_ints)
    kg: FloatArray = field(default_factory=_no_floats)


@dataclass(frozen=True)
class Duals:
    """Shadow prices of the potential model, by meaning. All are ≥ 0 but where said.

    Where several dual optima exist, this is one of them.
    """

    #: One more kg served at a line costs this, €/kg (D,), or its `unserved_cost` if less; may be
    #: < 0 only if a cost is. One more kg asked also raises the wish: + certified_share x certified.
    line_price: FloatArray
    #: Loading a bakery by one more kg: fairness and capacity rent together, €/kg (J,).
    load_price: FloatArray
    #: One more kg/day of capacity is worth this, €/kg (J,).
    capacity_rent: FloatArray
    #: One kg of flour delivered at a bakery, €/kg (J, K); NaN without flour stage or not baked.
    #: < 0 where the bread price already holds more (`flour_reference`).
    flour_price: FloatArray
    #: One more kg/day of a class milled, and of all classes together (M, K) and (M,).
    mill_class_rent: FloatArray
    mill_rent: FloatArray
    #: One kg of grain at a mill (M, K), and one more kg/day of grain in a zone (F, K).
    grain_price: FloatArray
    wheat_rent: FloatArray
    #: One euro a day more in a commune's budget saves this (C,).
    budget: FloatArray
    #: One kg less of certified bread wished saves this.
    certified: float


@dataclass(frozen=True)
class Plan:
    """A plan for a problem: quantities in kg a day, money in € a day."""

    model: Model
    #: Bread on each arc of the problem (A,).
    arc_kg: FloatArray
    #: Unserved bread (D,).
    unserved: FloatArray
    #: What the solver minimised, recomputed from the quantities by itself.
    objective: float
    #: No plan of this model costs less.
    bound: float
    flour: FlourFlow = field(default_factory=FlourFlow)
    wheat: WheatFlow = field(default_factory=WheatFlow)
    duals: Duals | None = None
    #: Counters of the solver (iterations, columns, moves): the same for the same input.
    work: dict[str, float] = field(default_factory=dict)
    #: French sentences on what the reader must know (stopped early, price rounds…).
    notes: tuple[str, ...] = ()

    @property
    def gap(self) -> float:
        """(objective − bound) / |objective|, at least 0; 0 for an empty plan."""
        distance = max(0.0, self.objective - self.bound)
        return distance / abs(self.objective) if distance > 0 and self.objective else 0.0
