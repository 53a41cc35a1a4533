"""Every write on territories, zones and coverage, and the questions other rooms ask."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from restanque.accounts.models import Membership, Workspace
from restanque.kit.text import format_date, search_key
from restanque.territories.models import (
    Commune,
    Epci,
    Territory,
    TerritoryAccess,
    TerritoryMembership,
    Zone,
    ZoneCommune,
)
from restanque.territories.models.perimeters import COLOUR_ORDER, TerritoryQuerySet
from restanque.territories.resolve import ListResolution, resolve_many


class PerimeterError(ValueError):
    """A perimeter cannot be changed so; the message (French) names what is wrong."""


@dataclass(frozen=True, slots=True)
class MembershipChange:
    """What a change of perimeter did: communes concerned, and those it left as they were."""

    changed: tuple[Commune, ...]
    unchanged: tuple[Commune, ...]


@transaction.atomic
def create_territory(
    *,
    workspace: Workspace,
    name: str,
    kind: str,
    valid_from: date,
    epci_sirens: Iterable[str] = (),
    commune_codes: Iterable[str] = (),
    description: str = "",
) -> Territory:
    """A territory made of all the communes of some EPCI and of other communes.

    `commune_codes` also takes names, old codes and arrondissements. Raises `PerimeterError` when
    one is unknown or when there is no commune at all: a territory without communes says nothing.
    """
    communes = {c.code: c for c in [*_communes_of_epci(epci_sirens), *_communes(commune_codes)]}
    if not communes:
        raise PerimeterError("Indiquez au moins un EPCI ou une commune.")
    territory = Territory(workspace=workspace, name=name, kind=kind, description=description)
    territory.full_clean()
    territory.save()
    _open_memberships(territory, communes.values(), valid_from)
    return territory


@transaction.atomic
def update_territory(*, territory: Territory, name: str, kind: str, description: str) -> Territory:
    """Change what a territory is called and said to be."""
    territory.name = name
    territory.kind = kind
    territory.description = description
    territory.full_clean()
    territory.save()
    return territory


@transaction.atomic
def add_communes(*, territory: Territory, codes: Iterable[str], on: date) -> MembershipChange:
    """Make communes members from a day on; those that already are on that day stay as they are.

    Raises `PerimeterError` for an unknown code, or a commune whose later entry is already known.
    """
    communes = _communes(codes)
    rows = territory.memberships.ending_after(on).filter(commune__in=communes)
    known = {row.commune_id: row for row in rows.order_by("-valid_from")}
    later = [row for row in known.values() if row.valid_from > on]
    if later:
        raise PerimeterError(
            f"{later[0].commune.name} entre déjà dans le territoire le "
            f"{format_date(later[0].valid_from)}."
        )
    added = [commune for commune in communes if commune.code not in known]
    _open_memberships(territory, added, on)
    already = (commune for commune in communes if commune.code in known)
    return MembershipChange(tuple(added), tuple(already))


@transaction.atomic
def remove_communes(*, territory: Territory, codes: Iterable[str], on: date) -> MembershipChange:
    """Make communes leave: `on` is the first day on which they are no longer members.

    A commune removed on the very day it entered was never a member: its row goes. Raises
    `PerimeterError` when the territory would have no commune left.
    """
    communes = _communes(codes)
    rows = {
        row.commune_id: row
        for row in territory.memberships.in_force(on).filter(commune__in=communes)
    }
    if not territory.communes_at(on).exclude(pk__in=rows).exists():
        raise PerimeterError("Un territoire garde au moins une commune.")
    for row in rows.values():
        if row.valid_from == on:
            row.delete()
            continue
        row.valid_to = on
        row.full_clean()
        row.save(update_fields=["valid_to"])
    return MembershipChange(
        tuple(commune for commune in communes if commune.code in rows),
        tuple(commune for commune in communes if commune.code not in rows),
    )


@transaction.atomic
def create_zone(*, territory: Territory, name: str, colour: int | None = None) -> Zone:
    """A new, empty zone; without `colour`, the least used of the eight map colours."""
    colour = next_colour(territory) if colour is None else colour
    zone = Zone(territory=territory, name=name, colour=colour)
    zone.full_clean()
    zone.save()
    return zone


@transaction.atomic
def update_zone(*, zone: Zone, name: str, colour: int) -> Zone:
    """Rename a zone, or change its colour."""
    zone.name = name
    zone.colour = colour
    zone.full_clean()
    zone.save()
    return zone


@transaction.atomic
def delete_zone(*, zone: Zone) -> None:
    """Remove a zone; its communes stay in the territory, in no zone."""
    zone.delete()


@transaction.atomic
def assign_zone(*, zone: Zone, communes: Iterable[Commune], on: date) -> None:
    """Make a zone hold exactly these communes, taken from other zones where needed.

    Raises `PerimeterError` when one is not a member of the territory on that day.
    """
    chosen = {commune.code: commune for commune in communes}
    members = set(zone.territory.communes_at(on).values_list("pk", flat=True))
    outside = [commune.name for code, commune in chosen.items() if code not in members]
    if outside:
        raise PerimeterError(f"Hors du territoire : {', '.join(outside)}.")
    kept = Q(zone=zone) | Q(commune__in=chosen)
    ZoneCommune.objects.filter(kept, territory=zone.territory_id).delete()
    ZoneCommune.objects.bulk_create(
        ZoneCommune(territory_id=zone.territory_id, zone=zone, commune=commune)
        for commune in chosen.values()
    )


@dataclass(frozen=True, slots=True)
class ZonePreview:
    """What assigning a list to a zone would do, before it is done."""

    resolution: ListResolution
    moved: tuple[tuple[Commune, Zone], ...]
    leaving: tuple[Commune, ...]


def preview_zone(*, zone: Zone, lines: Iterable[str], on: date) -> ZonePreview:
    """Read a pasted list for a zone: who comes from another zone, who would leave this one."""
    members = list(zone.territory.communes_at(on).select_related("departement"))
    resolution = resolve_many(lines, within=members)
    where = zone_by_commune(zone.territory)
    chosen = set(resolution.communes)
    moved = tuple(
        (commune, where[commune.code])
        for commune in resolution.communes
        if commune.code in where and where[commune.code] != zone
    )
    leaving = tuple(c for c in members if where.get(c.code) == zone and c not in chosen)
    return ZonePreview(resolution, moved, leaving)


@transaction.atomic
def set_coverage(*, membership: Membership, territories: Iterable[Territory] | None) -> None:
    """Say which territories a member covers; None: the whole workspace, those to come included.

    Raises `PerimeterError` for a territory of another workspace, and ValidationError for a
    partner who would cover the whole workspace.
    """
    chosen = list(territories or ())
    if any(territory.workspace_id != membership.workspace_id for territory in chosen):
        raise PerimeterError("Un membre ne couvre que les territoires de son espace.")
    membership.all_territories = territories is None
    membership.full_clean()
    membership.save(update_fields=["all_territories"])
    TerritoryAccess.objects.filter(membership=membership).exclude(territory__in=chosen).delete()
    TerritoryAccess.objects.bulk_create(
        (TerritoryAccess(membership=membership, territory=territory) for territory in chosen),
        ignore_conflicts=True,
    )


def find_epci(text: str) -> Epci:
    """The EPCI of a SIREN or of a name (accents aside; some of its words may be enough).

    Raises `PerimeterError`, naming up to three candidates when several answer.
    """
    key, siren = search_key(text), "".join(text.split())
    current = Epci.objects.filter(is_current=True)
    exact = list(current.filter(Q(pk=siren) | Q(name_key=key)))
    found = exact or list(
        current.filter(*(Q(name_key__contains=word) for word in key.split()))[:4] if key else ()
    )
    if len(found) == 1:
        return found[0]
    if not found:
        raise PerimeterError(f"Intercommunalité inconnue : « {text} ».")
    names = " ; ".join(f"{epci.name} ({epci.siren})" for epci in found[:3])
    more = "…" if len(found) > 3 else "."
    raise PerimeterError(f"« {text} » désigne plusieurs intercommunalités : {names}{more}")


def next_colour(territory: Territory) -> int:
    """The least used of the eight map colours."""
    used = list(territory.zones.values_list("colour", flat=True))
    return min(COLOUR_ORDER, key=used.count)


def zones_of(territory: Territory) -> QuerySet[Zone]:
    """The territory's zones, in the order of their names."""
    return territory.zones.order_by("name", "pk")


def zone_by_commune(territory: Territory) -> dict[str, Zone]:
    """Zone by INSEE code; communes in no zone are absent."""
    rows = territory.zone_communes.select_related("zone").order_by("commune")
    return {str(row.commune_id): row.zone for row in rows}


def territories_of(commune: Commune, *, workspace: Workspace, on: date) -> TerritoryQuerySet:
    """The workspace's territories of which the commune is a member on that day.

    Chain `.visible_to(membership)` before showing them to somebody.
    """
    rows = TerritoryMembership.objects.in_force(on).filter(commune=commune)
    return Territory.objects.filter(workspace=workspace, pk__in=rows.values("territory"))


def _open_memberships(territory: Territory, communes: Iterable[Commune], on: date) -> None:
    TerritoryMembership.objects.bulk_create(
        TerritoryMembership(territory=territory, commune=commune, valid_from=on)
        for commune in communes
    )


def _communes_of_epci(texts: Iterable[str]) -> list[Commune]:
    found = [find_epci(text) for text in texts]
    return list(Commune.objects.current().filter(epci__in=found))


def _communes(codes: Iterable[str]) -> Sequence[Commune]:
    found = resolve_many(codes)
    if found.problems:
        lines = "; ".join(f"« {line.text} » ({line.message})" for line in found.problems)
        raise PerimeterError(f"Communes non reconnues : {lines}")
    return found.communes
