"""Tables of the room: the reference data of France, and each workspace's perimeters."""

from restanque.territories.models.perimeters import (
    Territory,
    TerritoryAccess,
    TerritoryKind,
    TerritoryMembership,
    Zone,
    ZoneCommune,
)
from restanque.territories.models.reference import (
    Commune,
    CommuneContour,
    CommuneStatistics,
    Departement,
    Epci,
    OldCommune,
    OldKind,
    ReferenceLoad,
    Region,
    TownHall,
)

__all__ = [
    "Commune",
    "CommuneContour",
    "CommuneStatistics",
    "Departement",
    "Epci",
    "OldCommune",
    "OldKind",
    "ReferenceLoad",
    "Region",
    "Territory",
    "TerritoryAccess",
    "TerritoryKind",
    "TerritoryMembership",
    "TownHall",
    "Zone",
    "ZoneCommune",
]
