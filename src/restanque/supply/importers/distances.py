"""Import of road distances between communes, in place of the crow's flight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from restanque.accounts.models import Membership, User, Workspace
from restanque.core.imports import Importer, RowPlan, UndoRefused
from restanque.kit.forms import TextField
from restanque.kit.tabular import Column, ValidRow
from restanque.supply.models import Distance, DistanceTable
from restanque.supply.perms import can_edit_supply
from restanque.supply.services.distances import save_distance, withdraw_distance
from restanque.territories.models import Commune, Territory


class DistanceImporter(Importer):
    """One row a pair of communes, in the direction driven."""

    kind = "distances"
    title = "Distances entre communes"
    help = (
        "Une ligne par couple de communes : codes INSEE, kilomètres par la route, minutes si vous "
        "les avez. Les couples absents restent mesurés à vol d’oiseau."
    )
    columns = (
        Column("origin", "De (code INSEE)", required=True, aliases=("code_a",), example="13004"),
        Column(
            "destination", "À (code INSEE)", required=True, aliases=("code_b",), example="13108"
        ),
        Column(
            "km",
            "Kilomètres",
            kind="number",
            required=True,
            minimum=0,
            aliases=("distance_km", "distance_orthodromique_km"),
        ),
        Column("minutes", "Minutes", kind="number", minimum=0),
    )

    def allowed(self, membership: Membership) -> bool:
        """Who may change offers may bring distances."""
        return can_edit_supply(membership)

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """For which territory, and where the figures come from."""
        own = Territory.objects.visible_to(membership)
        return {
            "territory": forms.ChoiceField(
                label="Territoire", choices=[(str(one.pk), one.name) for one in own]
            ),
            "name": TextField(label="Nom de la table", max_length=150, initial="Route"),
            "source": TextField(label="Source", max_length=200),
        }

    def plan(
        self, rows: Sequence[ValidRow], *, workspace: Workspace, context: Mapping[str, Any]
    ) -> list[RowPlan]:
        """Which pairs are new, which change. Reads only."""
        codes = {row.values[end] for row in rows for end in ("origin", "destination")}
        known = set(Commune.objects.filter(pk__in=codes).values_list("pk", flat=True))
        table = _table(workspace, context)
        before = (
            {
                (one.origin_id, one.destination_id): one.km
                for one in Distance.objects.filter(table=table)
            }
            if table
            else {}
        )
        return [self._one(row, known, before) for row in rows]

    def _one(
        self, row: ValidRow, known: set[str], before: Mapping[tuple[str, str], float]
    ) -> RowPlan:
        values = row.values
        origin, destination = str(values["origin"]), str(values["destination"])
        for code in (origin, destination):
            if code not in known:
                message = f"« {code} » n’est pas le code INSEE d’une commune d’aujourd’hui."
                return RowPlan.error(row.number, message)
        payload = {
            "origin": origin,
            "destination": destination,
            "km": float(values["km"]),
            "minutes": None if values.get("minutes") is None else float(values["minutes"]),
        }
        summary = f"{origin} → {destination} : {values['km']} km"
        if (origin, destination) not in before:
            return RowPlan.create(row.number, summary, payload=payload)
        if before[origin, destination] == payload["km"]:
            return RowPlan.skip(row.number, f"{summary}, déjà connue")
        return RowPlan.update(row.number, summary, payload=payload)

    def apply(
        self, plan: RowPlan, *, workspace: Workspace, context: Mapping[str, Any], user: User | None
    ) -> dict[str, Any]:
        """Write one pair; the journal holds what was there before."""
        territory = Territory.objects.get(workspace=workspace, pk=int(context["territory"]))
        return save_distance(
            territory=territory,
            table_name=context["name"],
            source=context["source"],
            today=timezone.localdate(),
            **plan.payload,
        )

    def undo(self, journal: dict[str, Any], *, workspace: Workspace) -> None:
        """Put back what was there, unless it changed since."""
        if not withdraw_distance(journal=journal, workspace=workspace):
            raise UndoRefused("modifiée depuis par un autre import")


def _table(workspace: Workspace, context: Mapping[str, Any]) -> DistanceTable | None:
    return DistanceTable.objects.filter(
        territory__workspace=workspace,
        territory=int(context["territory"]),
        name=context["name"],
    ).first()
