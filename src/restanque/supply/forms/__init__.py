"""Forms of the room."""

from restanque.supply.forms.offers import (
    BakeryForm,
    DrawForm,
    MillForm,
    NeedForm,
    PlaceholderForm,
    PlatformForm,
    WheatForm,
    bakeries_without_offer,
    canteens_of,
    mills_without_offer,
    platforms_without_offer,
)
from restanque.supply.forms.scenarios import (
    ScenarioForm,
    ScenarioNameForm,
    ServiceDaysForm,
    WeightsForm,
)

__all__ = [
    "BakeryForm",
    "DrawForm",
    "MillForm",
    "NeedForm",
    "PlaceholderForm",
    "PlatformForm",
    "ScenarioForm",
    "ScenarioNameForm",
    "ServiceDaysForm",
    "WeightsForm",
    "WheatForm",
    "bakeries_without_offer",
    "canteens_of",
    "mills_without_offer",
    "platforms_without_offer",
]
