"""What one more kilogram of each scarce thing would save, at market prices (shadow prices)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from restanque.engine.supply.explain import wording
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.solution import Duals

TINY = 1e-6


class Scarce(StrEnum):
    """What may be short."""

    BAKERY = "bakery"
    MILL = "mill"
    MILL_CLASS = "mill_class"
    WHEAT = "wheat"
    BUDGET = "budget"
    CERTIFIED = "certified"


@dataclass(frozen=True)
class Worth:
    """One unit more a day of a scarce thing saves `saves` € a day (unit: kg, or € for a budget).

    position: of the bakery, mill, zone or commune; cls: the class, -1 for all together."""

    kind: Scarce
    position: int
    cls: int
    saves: float
    sentence: str


def worth(problem: Problem, duals: Duals) -> tuple[Worth, ...]:
    """Everything with a price above zero, the dearest first."""
    found: list[Worth] = []

    def tell(kind: Scarce, values: np.ndarray, names: tuple[str, ...]) -> None:
        for position in np.argwhere(np.nan_to_num(values) > TINY):
            row = int(position[0])
            cls = int(position[1]) if len(position) > 1 else -1
            saves = float(values[tuple(position)])
            named = problem.classes[cls] if cls >= 0 else None
            sentence = wording.worth(kind, names[row], named, saves)
            found.append(Worth(kind, row, cls, saves, sentence))

    tell(Scarce.BAKERY, duals.capacity_rent, problem.bakeries.ids)
    tell(Scarce.MILL_CLASS, duals.mill_class_rent, problem.mills.ids)
    tell(Scarce.MILL, duals.mill_rent, problem.mills.ids)
    tell(Scarce.WHEAT, duals.wheat_rent, problem.wheat.ids)
    tell(Scarce.BUDGET, duals.budget, problem.communes)
    if duals.certified > TINY:
        sentence = wording.worth(Scarce.CERTIFIED, "", None, duals.certified)
        found.append(Worth(Scarce.CERTIFIED, -1, -1, duals.certified, sentence))
    return tuple(sorted(found, key=lambda one: (-one.saves, one.kind, one.position, one.cls)))
