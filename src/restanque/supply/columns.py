"""Columns of the engine's tables for mills and wheat, and the tables that classes give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from restanque.engine.supply import Mills, Wheat
from restanque.kit.text import plural
from restanque.supply.assumptions import Assumptions
from restanque.supply.models import MillOffer, WheatOffer
from restanque.supply.nomenclature import RULES, BreadClass

#: The zone that stands for wheat bought anywhere; a zone of the territory is preferred to it.
MARKET, ELSEWHERE = "Blé acheté ailleurs", 0.02
CLASSES: tuple[str, ...] = tuple(BreadClass.values)
INDEX = {code: position for position, code in enumerate(CLASSES)}


def mill_columns(
    mills: Sequence[MillOffer],
    names: Sequence[str],
    x: np.ndarray,
    y: np.ndarray,
    settings: Assumptions,
) -> tuple[Mills, list[str]]:
    """The mills, and what had to be assumed of them."""
    if not mills:
        return Mills.none(len(CLASSES)), []
    size = (len(mills), len(CLASSES))
    most, price = np.zeros(size), np.full(size, np.nan)
    unknown = 0
    for row, offer in enumerate(mills):
        for flour in offer.flours.all():
            position = INDEX[flour.bread_class]
            most[row, position] = _limit(flour.capacity_kg_per_day)
            unknown += flour.price_per_kg is None
            price[row, position] = float(
                settings.flour_prices.get(flour.bread_class, 0.0)
                if flour.price_per_kg is None
                else flour.price_per_kg
            )
    made = Mills(
        tuple(names),
        x,
        y,
        np.array([_limit(offer.capacity_kg_per_day) for offer in mills]),
        most,
        price,
        np.array([float(offer.extraction or settings.default_extraction) for offer in mills]),
    )
    if not unknown:
        return made, []
    return made, [f"Prix inconnu de {plural(unknown, 'farine')} : prix supposé de sa classe."]


def wheat_columns(
    zones: Mapping[str, Sequence[WheatOffer]], x: np.ndarray, y: np.ndarray, days: float
) -> Wheat:
    """The zones, and the market beside them. None at all: mills find their grain.

    What the zones do not grow is bought on the market, but for flour that claims its origin. The
    flour's price holds the grain's already.
    """
    if not zones:
        return Wheat.none(len(CLASSES))
    size = (len(zones) + 1, len(CLASSES))
    supply, yields, price = np.zeros(size), np.full(size, np.nan), np.zeros(size)
    claimed = any(one.bread_class == BreadClass.LOCAL for zone in zones.values() for one in zone)
    supply[-1] = np.inf
    supply[-1, INDEX[BreadClass.LOCAL]] = 0.0 if claimed else np.inf
    price[-1] = ELSEWHERE
    for row, offers in enumerate(zones.values()):
        for one in offers:
            position = INDEX[one.bread_class]
            supply[row, position] = float(one.tonnes_per_year) * 1000 / days
            yields[row, position] = float(one.yield_t_per_ha) * 1000
    return Wheat(
        (*zones, MARKET), np.append(x, np.nan), np.append(y, np.nan), supply, price, yields
    )


def accepted() -> np.ndarray:
    """Who asks a class may be served these (asked × served)."""
    made = np.zeros((len(CLASSES), len(CLASSES)), dtype=np.bool_)
    for asked, rule in RULES.items():
        for served in rule.served_by:
            made[INDEX[asked], INDEX[served]] = True
    return made


def _limit(value: object) -> float:
    return np.inf if value is None else float(str(value))
