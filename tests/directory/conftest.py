"""A few real communes of the territory, and two perimeters that share none of them."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from restanque.accounts import services as accounts
from restanque.accounts.models import Membership, Role, Workspace
from restanque.directory import services
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.kit.text import search_key
from restanque.territories import services as territories
from restanque.territories.models import (
    Commune,
    Departement,
    Epci,
    OldCommune,
    Region,
    Territory,
    TownHall,
)

_DEFAULT = Path(__file__).resolve().parents[3] / "shared" / "data"

TODAY = date(2026, 11, 24)

# Code, name, EPCI, SIREN, postal codes, longitude, latitude.
COMMUNES = (
    ("13004", "Arles", "241300417", "211300041", "13104 13123 13129 13200 13280", 4.63, 43.68),
    ("13108", "Tarascon", "241300417", "211301080", "13150", 4.66, 43.81),
    ("13100", "Saint-Rémy-de-Provence", "241300375", "211301007", "13210", 4.83, 43.79),
    ("13027", "Châteaurenard", "200035087", "211300272", "13160", 4.85, 43.88),
    ("13001", "Aix-en-Provence", "200054807", "211300017", "13080 13090 13100", 5.45, 43.53),
    ("13055", "Marseille", "200054807", "211300553", "13001 13002 13010", 5.37, 43.30),
    ("13088", "Le Rove", "200054807", "211300884", "13740", 5.25, 43.37),
)
EPCIS = (
    ("241300417", "Arles-Crau-Camargue-Montagnette", "CA"),
    ("241300375", "Vallée des Baux-Alpilles", "CC"),
    ("200035087", "Terre de Provence", "CA"),
    ("200054807", "Aix-Marseille-Provence", "METRO"),
)
ARLES_SIDE = ("13004", "13108", "13100", "13027")
AIX_SIDE = ("13001", "13055", "13088")


@pytest.fixture
def communes(db: None) -> dict[str, Commune]:
    """Seven communes with their town halls, by INSEE code."""
    region = Region.objects.create(code="93", name="Provence-Alpes-Côte d’Azur")
    departement = Departement.objects.create(code="13", name="Bouches-du-Rhône", region=region)
    for siren, name, kind in EPCIS:
        Epci.objects.create(siren=siren, name=name, name_key=search_key(name), kind=kind)
    made = {}
    for code, name, epci, siren, postal_codes, longitude, latitude in COMMUNES:
        made[code] = Commune.objects.create(
            code=code,
            name=name,
            name_key=search_key(name),
            departement=departement,
            epci_id=epci,
            siren=siren,
            postal_codes=postal_codes,
            longitude=longitude,
            latitude=latitude,
            point_kind="town_hall",
        )
        TownHall.objects.create(
            commune=made[code],
            address=f"Place de la République\n{postal_codes.split()[-1]} {name}",
            telephone="04 90 49 36 36",
            # Aix publishes no generic address, as in the real directory.
            email="" if code == "13001" else f"mairie@{search_key(name).replace(' ', '-')}.fr",
            website="https://www.example.fr",
            opening_hours="Mo-Fr 08:00-12:00,13:30-17:00",
        )
    OldCommune.objects.create(
        code="13201",
        name="Marseille 1er Arrondissement",
        name_key="marseille 1er arrondissement",
        kind="arrondissement",
        commune=made["13055"],
    )
    return made


@pytest.fixture
def arles_side(workspace: Workspace, communes: dict[str, Commune]) -> Territory:
    """The SCoT of Pays d'Arles, reduced."""
    return territories.create_territory(
        workspace=workspace,
        name="Pays d’Arles",
        kind="scot",
        valid_from=date(2020, 1, 1),
        commune_codes=ARLES_SIDE,
    )


@pytest.fixture
def aix_side(workspace: Workspace, communes: dict[str, Commune]) -> Territory:
    """A perimeter on the other side."""
    return territories.create_territory(
        workspace=workspace,
        name="Pays d’Aix",
        kind="other",
        valid_from=date(2020, 1, 1),
        commune_codes=AIX_SIDE,
    )


@pytest.fixture
def odile(workspace: Workspace, aix_side: Territory) -> Membership:
    """Agent of the workspace, for the Aix side only."""
    member = accounts.add_member(
        workspace=workspace,
        email="odile@example.org",
        full_name="Odile",
        role=Role.AGENT,
        all_territories=False,
    )
    territories.set_coverage(membership=member, territories=[aix_side])
    return member


@pytest.fixture
def make(workspace: Workspace, communes: dict[str, Commune]) -> Callable[..., Organisation]:
    """Create an organisation in a commune given by its code."""

    def create(
        name: str, code: str = "13004", kind: Kind = Kind.BAKERY, **fields: Any
    ) -> Organisation:
        return services.create_organisation(
            workspace=workspace,
            kind=kind,
            name=name,
            commune=communes[code] if code else None,
            **fields,
        )

    return create


@pytest.fixture
def mairie(make: Callable[..., Organisation]) -> Organisation:
    """The mairie of Arles."""
    return make("Mairie d’Arles", kind=Kind.MAIRIE, email="mairie@arles.fr", phone="0490493636")


@pytest.fixture
def shared() -> Path:
    """Real files that a user would bring; kept outside the project."""
    folder = Path(os.environ.get("RESTANQUE_EXTRACTS", _DEFAULT))
    if not folder.is_dir():
        pytest.skip("the real files are not on this machine (RESTANQUE_EXTRACTS)")
    return folder
