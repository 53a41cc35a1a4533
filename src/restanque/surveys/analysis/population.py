"""The communes that a campaign speaks of: known before anybody answers. Reading only."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from restanque.engine.estimation import Frame
from restanque.surveys.analysis.certainty import rule_on, self_representing
from restanque.surveys.models import Campaign
from restanque.territories.services import zone_by_commune
from restanque.territories.sizes import SIZE_CLASSES, size_class

UNKNOWN_SIZE = "Population inconnue"
NO_EPCI = "Sans intercommunalité"
NO_ZONE = "Hors zone"


@dataclass(frozen=True, slots=True)
class Place:
    """A commune of the population. `unit` is its name in estimates, unique; `certain`: it
    stands only for itself."""

    code: str
    name: str
    unit: str
    inhabitants: int | None
    size: str
    epci: str
    zone: str
    certain: bool


@dataclass(frozen=True)
class Population:
    """N communes on a day. `cut` says by what weights are made, beside size: « zone » or EPCI."""

    day: date
    places: tuple[Place, ...]
    cut: str
    rule: str

    @cached_property
    def codes(self) -> dict[str, int]:
        """INSEE code → position."""
        return {place.code: position for position, place in enumerate(self.places)}

    @property
    def inhabitants(self) -> int:
        """Of the communes whose population is known."""
        return sum(place.inhabitants or 0 for place in self.places)

    @property
    def certain(self) -> tuple[Place, ...]:
        """Those that stand only for themselves."""
        return tuple(place for place in self.places if place.certain)

    @cached_property
    def frame(self) -> Frame:
        """What the estimators read."""
        by_zone = self.cut == "zone"
        order = (*(size.label for size in SIZE_CLASSES), UNKNOWN_SIZE)
        return Frame(
            tuple(place.unit for place in self.places),
            tuple(place.size for place in self.places),
            tuple(place.zone if by_zone else place.epci for place in self.places),
            order,
            np.array([place.certain for place in self.places], dtype=np.bool_),
        )


def population_of(campaign: Campaign, *, today: date) -> Population:
    """The territory's communes on the campaign's last day, or today while it lasts. Two queries.

    Weights are cut by zone when the zones of the territory hold every commune, else by EPCI.
    """
    day = min(today, campaign.closes_on)
    communes = list(campaign.territory.communes_at(day).select_related("epci").order_by("name_key"))
    zones = zone_by_commune(campaign.territory)
    certain = self_representing({one.code: one.population for one in communes}, day)
    names = Counter(one.name for one in communes)
    places = []
    for one in communes:
        size, zone = size_class(one.population), zones.get(one.code)
        places.append(
            Place(
                code=one.code,
                name=one.name,
                unit=one.name if names[one.name] == 1 else f"{one.name} ({one.code})",
                inhabitants=one.population,
                size=size.label if size is not None else UNKNOWN_SIZE,
                epci=one.epci.name if one.epci is not None else NO_EPCI,
                zone=zone.name if zone is not None else NO_ZONE,
                certain=one.code in certain,
            )
        )
    complete = bool(places) and all(place.zone != NO_ZONE for place in places)
    return Population(day, tuple(places), "zone" if complete else "epci", rule_on(day).words)
