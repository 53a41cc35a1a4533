"""Writes on tables of distances: pair by pair, whole, asked of a routing service by a job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import User, Workspace
from restanque.core.jobs import JobError, JobProgress, JobResult, job, start_job
from restanque.core.models import Job
from restanque.engine.roads import Roads
from restanque.engine.roads.graph import SNAP_METRES, FloatArray
from restanque.kit.text import plural
from restanque.supply.models import BakeryOffer, Distance, DistanceTable, Need
from restanque.supply.routing import SIDE, Router, RoutingError
from restanque.territories.models import Commune, Territory

#: One pair: INSEE code of the origin, of the destination, km, minutes.
Pair = tuple[str, str, float, float | None]


@transaction.atomic
def save_distance(
    *,
    territory: Territory,
    table_name: str,
    source: str,
    today: date,
    origin: str,
    destination: str,
    km: float,
    minutes: float | None,
) -> dict[str, Any]:
    """Add or change one pair; returns what undoes it."""
    table, _ = DistanceTable.objects.get_or_create(
        territory=territory,
        name=table_name,
        defaults={"source": source, "imported_on": today},
    )
    known = Distance.objects.filter(
        table=table, origin_id=origin, destination_id=destination
    ).first()
    before = None if known is None else {"km": known.km, "minutes": known.minutes}
    distance = known or Distance(table=table, origin_id=origin, destination_id=destination)
    distance.km, distance.minutes = km, minutes
    distance.full_clean()
    distance.save()
    return {"distance": distance.pk, "km": km, "before": before}


@transaction.atomic
def withdraw_distance(*, journal: Mapping[str, Any], workspace: Workspace) -> bool:
    """Put back what `save_distance` changed; False when somebody changed it since.

    A table that holds nothing any more goes with its last row.
    """
    distance = Distance.objects.filter(
        pk=journal["distance"], table__territory__workspace=workspace
    ).first()
    if distance is None:
        return True
    if distance.km != journal["km"]:
        return False
    before = journal["before"]
    if before is not None:
        distance.km, distance.minutes = before["km"], before["minutes"]
        distance.save()
        return True
    table = distance.table
    distance.delete()
    if not table.rows.exists():
        table.delete()
    return True


@transaction.atomic
def replace_table(
    *, territory: Territory, name: str, source: str, today: date, pairs: Iterable[Pair]
) -> DistanceTable:
    """A whole table, in place of the one of that name; it becomes the one that scenarios read."""
    DistanceTable.objects.filter(territory=territory, name=name).delete()
    table = DistanceTable(territory=territory, name=name, source=source, imported_on=today)
    table.full_clean()
    table.save()
    rows = (
        Distance(table=table, origin_id=origin, destination_id=to, km=km, minutes=minutes)
        for origin, to, km, minutes in pairs
    )
    Distance.objects.bulk_create(rows, batch_size=2000)
    return table


@transaction.atomic
def delete_table(*, table: DistanceTable) -> None:
    """Take a table away: scenarios read the one before, or the crow's flight."""
    table.delete()


def places_of(territory: Territory) -> tuple[list[Commune], list[Commune]]:
    """Communes of the bakeries, where bread leaves, and of the canteens, where it goes."""
    named = BakeryOffer.objects.active().filter(territory=territory)
    there = Need.objects.active().filter(territory=territory)
    found = (
        {*named.values_list("organisation__commune", flat=True)}
        | {*named.values_list("placeholder_commune", flat=True)},
        {*there.values_list("canteen__commune", flat=True)},
    )
    placed = Commune.objects.filter(longitude__isnull=False, latitude__isnull=False)
    origins, destinations = (
        list(placed.filter(pk__in=[code for code in codes if code]).order_by("pk"))
        for codes in found
    )
    return origins, destinations


def measure_on_roads(
    *, territory: Territory, roads: Roads, name: str, limit_minutes: float, today: date
) -> str:
    """Measure on the user's own road graph and keep the table; what was done, in a sentence.

    Raises ValueError, in French, where there is nothing to measure.
    """
    origins, destinations = places_of(territory)
    if not origins or not destinations:
        raise ValueError("Il faut des boulangeries et des besoins avant de mesurer des distances.")
    found = roads.trips(_columns(origins), _columns(destinations), limit_minutes=limit_minutes)
    pairs = _pairs(origins, destinations, found.km, found.minutes)
    off = sum(1 for metres in found.origin_metres if not metres <= SNAP_METRES)
    off += sum(1 for metres in found.destination_metres if not metres <= SNAP_METRES)
    table = replace_table(
        territory=territory,
        name=name[:150],
        source=f"extrait OpenStreetMap {name}, mesuré le {today:%d/%m/%Y}, vitesses supposées"[
            :200
        ],
        today=today,
        pairs=pairs,
    )
    told = plural(len(pairs), "distance enregistrée", "distances enregistrées")
    lost = f" {plural(off, 'commune')} hors de l’extrait." if off else ""
    return f"{told} dans « {table} », trajets de {limit_minutes:g} minutes au plus.{lost}"


def _pairs(
    origins: list[Commune], destinations: list[Commune], km: FloatArray, minutes: FloatArray
) -> list[Pair]:
    """Pairs of different communes that have a way."""
    return [
        (
            origin.pk,
            destination.pk,
            round(float(km[at, to]), 2),
            None if minutes[at, to] != minutes[at, to] else round(float(minutes[at, to]), 1),
        )
        for at, origin in enumerate(origins)
        for to, destination in enumerate(destinations)
        if origin.pk != destination.pk and km[at, to] == km[at, to]
    ]


def router() -> Router | None:
    """The service of this instance; None when the administrator gave none. Raises RoutingError."""
    address = settings.ROUTER_URL
    return Router(address, settings.ROUTER) if address else None


def start_routing(*, territory: Territory, by: User | None = None) -> Job:
    """Have the road distances between bakeries' and canteens' communes asked, by a job."""
    return start_job(
        workspace=territory.workspace,
        kind="supply-distances",
        label=f"Distances par la route, {territory}"[:200],
        task=ask_distances,
        arguments={"territory_id": territory.pk},
        requested_by=by,
    )


@job
def ask_distances(progress: JobProgress, *, territory_id: int) -> JobResult | None:
    """Ask block by block; nothing is kept until all is there. Running it again asks again."""
    territory = Territory.objects.get(pk=territory_id, workspace=progress.workspace)
    try:
        service = router()
        if service is None:
            raise JobError("Aucun service de distances n’est indiqué à cette instance.")
        pairs = _asked(service, territory, progress)
    except RoutingError as error:
        raise JobError(str(error)) from error
    if pairs is None:
        return None
    table = replace_table(
        territory=territory,
        name=f"Service {service.name}"[:150],
        source=f"{service.name}, interrogé le {timezone.localdate():%d/%m/%Y}"[:200],
        today=timezone.localdate(),
        pairs=pairs,
    )
    told = plural(len(pairs), "distance enregistrée", "distances enregistrées")
    return JobResult(f"{told} dans « {table} » : calculez de nouveau les plans.")


def _asked(service: Router, territory: Territory, progress: JobProgress) -> list[Pair] | None:
    """Every pair that has a way; None when somebody stopped the work."""
    origins, destinations = places_of(territory)
    if not origins or not destinations:
        raise JobError("Il faut des boulangeries et des besoins avant de mesurer des distances.")
    total = -(-len(origins) // SIDE) * -(-len(destinations) // SIDE)
    pairs: list[Pair] = []
    here, there = (
        list(zip(*(column.tolist() for column in _columns(places)), strict=True))
        for places in (origins, destinations)
    )
    blocks = service.chunks(here, there)
    for done, (rows, columns, found) in enumerate(blocks, start=1):
        pairs += _pairs(origins[rows], destinations[columns], found.km, found.minutes)
        progress.report(done=done, total=total, message="Les distances se mesurent.")
        if progress.should_stop():
            return None
    return pairs


def _columns(communes: list[Commune]) -> tuple[FloatArray, FloatArray]:
    """Longitudes and latitudes of the points that stand for communes."""
    points = np.array([(one.longitude, one.latitude) for one in communes], dtype=np.float64)
    return points[:, 0], points[:, 1]
