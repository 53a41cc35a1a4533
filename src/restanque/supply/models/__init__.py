"""Tables of the room."""

from restanque.supply.models.bakeries import BakeryOffer, BakeryPrice
from restanque.supply.models.calendars import SchoolBreak
from restanque.supply.models.distances import Distance, DistanceTable
from restanque.supply.models.flour import MillFlour, MillOffer, WheatOffer
from restanque.supply.models.needs import Need, NeedQuerySet, NeedSource
from restanque.supply.models.plans import (
    ExcludedBakery,
    ExcludedMill,
    ExcludedNeed,
    LinkKind,
    PlanStatus,
    Scenario,
    ScenarioLink,
    SupplyPlan,
)
from restanque.supply.models.platforms import PlatformOffer

__all__ = [
    "BakeryOffer",
    "BakeryPrice",
    "Distance",
    "DistanceTable",
    "ExcludedBakery",
    "ExcludedMill",
    "ExcludedNeed",
    "LinkKind",
    "MillFlour",
    "MillOffer",
    "Need",
    "NeedQuerySet",
    "NeedSource",
    "PlanStatus",
    "PlatformOffer",
    "Scenario",
    "ScenarioLink",
    "SchoolBreak",
    "SupplyPlan",
    "WheatOffer",
]
