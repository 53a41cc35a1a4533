"""What the room shows on the fiche commune: where it is, its town hall, its key facts."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.accounts.perms import can_read
from restanque.kit import slots
from restanque.territories import services
from restanque.territories.figures import locator_map, source_of
from restanque.territories.models import Commune, CommuneStatistics, TownHall
from restanque.territories.reference import tables


def register_all() -> None:
    """Fill the `commune` slot."""
    slots.register("commune", "territories.where", order=5, provider=where)
    slots.register("commune", "territories.town_hall", order=15, provider=town_hall)
    slots.register("commune", "territories.key_facts", order=90, provider=key_facts)


def where(request: HttpRequest, commune: Any) -> slots.Panel | None:
    """The commune in the territories that the member covers, with its zone in each."""
    membership = _reader(request)
    if membership is None:
        return None
    today = timezone.localdate()
    found = services.territories_of(commune, workspace=membership.workspace, on=today)
    rows = [
        (territory, services.zone_by_commune(territory).get(commune.code))
        for territory in found.visible_to(membership)
    ]
    if not rows:
        return None
    return slots.Panel(
        title="Où se trouve la commune",
        template="territories/panels/territories.html",
        context={"rows": rows, "map": locator_map(commune, rows[0][0], today)},
        anchor="territoires",
        place="aside",
    )


def town_hall(request: HttpRequest, commune: Any) -> slots.Panel | None:
    """What the directory of the administration publishes of the town hall."""
    hall: TownHall | None = getattr(commune, "town_hall", None)
    if hall is None or _reader(request) is None:
        return None
    return slots.Panel(
        title="Mairie",
        template="territories/panels/town_hall.html",
        context={
            "town_hall": hall,
            "hours": hall.hours_lines(),
            "site_name": urlsplit(hall.website).netloc.removeprefix("www."),
            "source": source_of(tables.TOWN_HALLS),
        },
        anchor="mairie",
        place="aside",
    )


def key_facts(request: HttpRequest, commune: Any) -> slots.Panel | None:
    """Codes, population, ages, dwellings."""
    if _reader(request) is None:
        return None
    statistics: CommuneStatistics | None = getattr(commune, "statistics", None)
    return slots.Panel(
        title="Repères",
        template="territories/panels/key_facts.html",
        context={
            "commune": commune,
            "statistics": statistics,
            "young_share": _share(statistics),
            "old_names": _old_names(commune),
        },
        anchor="reperes",
        place="wide",
    )


def _share(statistics: CommuneStatistics | None) -> float | None:
    if statistics is None or not statistics.population_2021:
        return None
    return statistics.age_0_19 / statistics.population_2021


def _old_names(commune: Commune) -> list[str]:
    """Names of the communes merged into it; arrondissements are parts, not old communes."""
    old = commune.old_communes.exclude(name="").exclude(kind="arrondissement")
    return list(old.order_by("name_key", "pk").values_list("name", flat=True))


def _reader(request: HttpRequest) -> Membership | None:
    membership: Membership | None = getattr(request, "membership", None)
    return membership if membership is not None and can_read(membership) else None
