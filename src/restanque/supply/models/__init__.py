"""Tables of the room."""

from restanque.supply.models.bakeries import BakeryOffer, BakeryPrice
from restanque.supply.models.flour import MillFlour, MillOffer, WheatOffer
from restanque.supply.models.needs import Need, NeedQuerySet, NeedSource
from restanque.supply.models.plans import (
    Distance,
    DistanceTable,
    ExcludedBakery,
    ExcludedNeed,
    LinkKind,
    PlanStatus,
    Scenario,
    ScenarioLink,
    SupplyPlan,
)

__all__ = [
    "BakeryOffer",
    "BakeryPrice",
    "Distance",
    "DistanceTable",
    "ExcludedBakery",
    "ExcludedNeed",
    "LinkKind",
    "MillFlour",
    "MillOffer",
    "Need",
    "NeedQuerySet",
    "NeedSource",
    "PlanStatus",
    "Scenario",
    "ScenarioLink",
    "SupplyPlan",
    "WheatOffer",
]
