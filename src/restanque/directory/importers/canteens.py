"""Imports of canteens: ma-cantine's register and import files, yearly declarations."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError

from restanque.accounts.models import Workspace
from restanque.core.imports import RowPlan, RowProblem
from restanque.core.models import RowAction
from restanque.directory import services
from restanque.directory.identifiers import siren_of
from restanque.directory.importers import columns
from restanque.directory.importers.base import (
    DirectoryImporter,
    Known,
    Places,
    differences,
    json_values,
    labels,
    territory_codes,
)
from restanque.directory.models import Canteen, Organisation
from restanque.directory.services.journal import Journal, snapshot
from restanque.directory.services.saving import assign
from restanque.kit.tabular import Column, ValidRow
from restanque.kit.text import search_key
from restanque.territories.models import Commune

_APART = ("commune", "code_insee", "postal_code", "year")


class CanteenImporter(DirectoryImporter):
    """ma-cantine's files: national register, « cantines_creer », « cantines_modifier »."""

    kind = "canteens"
    title = "Cantines"
    help = (
        "Le registre national des cantines de ma-cantine, ses fichiers d’import, ou votre propre "
        "liste. Une cantine déjà connue (même numéro ma-cantine, même SIRET, ou même nom dans la "
        "même commune) est complétée. Quand le SIRET est celui de la commune, la mairie en répond."
    )
    columns: ClassVar[Sequence[Column]] = columns.CANTEEN_COLUMNS
    source: ClassVar[str] = ""

    def plan(
        self, rows: Sequence[ValidRow], *, workspace: Workspace, context: Mapping[str, Any]
    ) -> list[RowPlan]:
        """Recognise each canteen, or describe what would be created."""
        book = _Book(workspace, rows)
        within = territory_codes(workspace, context)
        latest = self.latest(rows)
        seen: dict[object, int] = {}
        plans = []
        for row in rows:
            name = str(row.values["name"])
            if row.number not in latest:
                plans.append(RowPlan.skip(row.number, f"{name} : une ligne plus récente existe"))
                continue
            plans.append(self._plan_row(row, book, within, seen))
        return plans

    def latest(self, rows: Sequence[ValidRow]) -> set[int]:
        """Numbers of the rows to read: all of them here."""
        return {row.number for row in rows}

    def source_of(self, row: ValidRow) -> str:
        """Where the row comes from, kept on the record."""
        return self.source

    def _plan_row(
        self, row: ValidRow, book: "_Book", within: set[str] | None, seen: dict[object, int]
    ) -> RowPlan:
        name = str(row.values["name"])
        commune, problem = book.commune_of(row)
        if problem:
            return RowPlan.error(row.number, f"Ligne {row.number}, Commune : {problem}")
        summary = f"{name} ({commune.name}, {commune.pk})" if commune else name
        if within is not None and (commune is None or commune.pk not in within):
            return RowPlan.skip(row.number, f"{summary} : hors du territoire choisi")
        keys = _keys(row.values, commune)
        for key in keys:
            if key in seen:
                return RowPlan.skip(row.number, f"{summary} : déjà à la ligne {seen[key]}")
        seen.update(dict.fromkeys(keys, row.number))
        found = book.match(keys)
        values = self._values(row, commune, book.owner_of(row.values, commune))
        if found is not None:
            kept = {"source"} | ({"organisation_id"} if found.organisation_id else set())
            changes = differences(found, {k: v for k, v in values.items() if k not in kept})
            if not changes:
                return RowPlan.skip(row.number, f"{summary} : rien de nouveau")
            payload = {"pk": found.pk, "values": changes}
            shown = f"{found} : {labels(Canteen, changes)}"
            return RowPlan.update(row.number, shown, payload=payload)
        problem = _refusal(values)
        if problem:
            return RowPlan.error(row.number, f"Ligne {row.number} : {problem}", summary=summary)
        return RowPlan.create(row.number, summary, payload={"values": values})

    def _values(
        self, row: ValidRow, commune: Commune | None, owner: Organisation | None
    ) -> dict[str, Any]:
        values = json_values({k: v for k, v in row.values.items() if k not in _APART})
        if commune is not None:
            values["commune_id"] = commune.pk
        if owner is not None:
            values["organisation_id"] = owner.pk
        if self.source_of(row):
            values["source"] = self.source_of(row)
        if ("longitude" in values) != ("latitude" in values):
            values.pop("longitude", None)
            values.pop("latitude", None)
        if values.get("siret"):
            # Files give both; the SIRET says more.
            values.pop("siren_unite_legale", None)
        return values

    def write(self, plan: RowPlan, journal: Journal, workspace: Workspace) -> None:
        """Create or complete the canteen."""
        values = _typed(plan.payload["values"], workspace)
        if plan.action == RowAction.CREATE:
            canteen = services.create_canteen(workspace=workspace, reason=self.reason, **values)
            journal.created(canteen)
            return
        canteen = _existing(plan.payload["pk"], workspace)
        before = snapshot(canteen)
        services.update_canteen(canteen=canteen, reason=self.reason, **values)
        journal.updated(canteen, before)


class DeclarationImporter(CanteenImporter):
    """Open data of the yearly declarations: the canteens they come from, not the ratios."""

    kind = "canteen-declarations"
    title = "Cantines d’après les télédéclarations"
    help = (
        "Le fichier « Résultats de campagnes de télédéclaration des cantines » de ma-cantine. "
        "Chaque cantine y est une fois par année : la plus récente est lue. Seules les cantines "
        "qui ont déclaré y sont : ce n’est pas un recensement."
    )
    columns = columns.DECLARATION_COLUMNS

    def latest(self, rows: Sequence[ValidRow]) -> set[int]:
        """The most recent year of each canteen (the last row when a year comes twice)."""
        best: dict[int, tuple[int, int]] = {}
        for row in rows:
            key = row.values["ma_cantine_id"]
            best[key] = max(best.get(key, (0, 0)), (row.values["year"], row.number))
        return {number for _, number in best.values()}

    def source_of(self, row: ValidRow) -> str:
        """The campaign."""
        return f"ma-cantine, télédéclarations (données {row.values['year']})"


class _Book:
    """What is known of the workspace's canteens, organisations and communes."""

    def __init__(self, workspace: Workspace, rows: Sequence[ValidRow]) -> None:
        self.places = Places(workspace, rows)
        self.organisations = Known(workspace)
        self._by_key: dict[object, Canteen] = {}
        for canteen in Canteen.objects.filter(workspace=workspace, whole_commune=False).order_by(
            "-pk"
        ):
            values = {
                "ma_cantine_id": canteen.ma_cantine_id,
                "siret": canteen.siret,
                "name": canteen.name,
            }
            for key in _keys(values, canteen.commune_id):
                self._by_key[key] = canteen
        sirens = {siren for row in rows if (siren := _siren(row.values))}
        self._by_siren = _communes_by_siren(sirens)

    def commune_of(self, row: ValidRow) -> tuple[Commune | None, str]:
        """The commune named; else the one whose SIREN the canteen bears."""
        commune, problem = self.places.of(row)
        if commune is None and not problem:
            commune = self.places.postal(row) or self._by_siren.get(_siren(row.values))
        return commune, problem

    def owner_of(self, values: Mapping[str, Any], commune: Commune | None) -> Organisation | None:
        """Who answers for it: the organisation of the same SIRET, or the mairie of its SIREN."""
        same = self.organisations.by_siret.get(values.get("siret") or "")
        if same is not None:
            return same
        owner = self._by_siren.get(_siren(values))
        return self.organisations.mairies.get(owner.pk) if owner is not None else None

    def match(self, keys: Sequence[object]) -> Canteen | None:
        """The canteen known by the surest of these keys."""
        return next((self._by_key[key] for key in keys if key in self._by_key), None)


def _keys(values: Mapping[str, Any], commune: Commune | str | None) -> list[object]:
    """What a canteen is recognised by, the surest first; a name only when there is no number."""
    keys: list[object] = []
    if values.get("ma_cantine_id"):
        keys.append(("id", values["ma_cantine_id"]))
    if values.get("siret"):
        keys.append(("siret", values["siret"]))
    code = commune.pk if isinstance(commune, Commune) else commune
    if not keys and code:
        keys.append(("name", search_key(str(values["name"])), code))
    return keys


def _siren(values: Mapping[str, Any]) -> str:
    return siren_of(values.get("siret") or "") or values.get("siren_unite_legale") or ""


def _communes_by_siren(sirens: set[str]) -> dict[str, Commune]:
    ordered = sorted(sirens)
    batches = (ordered[start : start + 400] for start in range(0, len(ordered), 400))
    return {
        commune.siren: commune
        for batch in batches
        for commune in Commune.objects.filter(siren__in=batch)
    }


def _refusal(values: Mapping[str, Any]) -> str:
    """What the table would refuse, told at the preview rather than at the import."""
    draft = Canteen()
    plain = {k: v for k, v in values.items() if not k.endswith("_id") or k == "ma_cantine_id"}
    try:
        assign(draft, plain)
        draft.clean_fields(exclude=("workspace", "organisation", "commune"))
    except ValidationError as error:
        return " ".join(
            f"{labels(Canteen, [field])} : {' '.join(messages)}"
            for field, messages in error.message_dict.items()
        )
    daily, yearly = draft.daily_meal_count, draft.yearly_meal_count
    if daily is not None and yearly is not None and yearly < daily:
        return f"il y aurait moins de repas par an ({yearly}) que par jour ({daily})."
    return ""


def _typed(values: Mapping[str, Any], workspace: Workspace) -> dict[str, Any]:
    """JSON values back to what the services take."""
    typed = dict(values)
    if "commune_id" in typed:
        typed["commune"] = Commune.objects.get(pk=typed.pop("commune_id"))
    if "organisation_id" in typed:
        pk = typed.pop("organisation_id")
        typed["organisation"] = Organisation.objects.filter(workspace=workspace, pk=pk).first()
    return typed


def _existing(pk: int, workspace: Workspace) -> Canteen:
    canteen = Canteen.objects.filter(workspace=workspace, pk=pk).first()
    if canteen is None:
        raise RowProblem("cette cantine n’existe plus.")
    return canteen
