"""Writes on tables of distances."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from restanque.accounts.models import Workspace
from restanque.supply.models import Distance, DistanceTable
from restanque.territories.models import Territory


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
