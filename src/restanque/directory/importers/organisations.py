"""Imports of organisations: any of them, the mairies, the producers' base."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from restanque.accounts.models import Membership, Workspace
from restanque.core.imports import RowPlan, RowProblem
from restanque.core.models import RowAction
from restanque.directory import services
from restanque.directory.importers import columns
from restanque.directory.importers.base import (
    DirectoryImporter,
    Known,
    Places,
    differences,
    json_values,
    labels,
    person_fields,
    territory_codes,
)
from restanque.directory.models import Organisation
from restanque.directory.naming import town_hall_name
from restanque.directory.nomenclature import Kind, Sign
from restanque.directory.services.journal import Journal, snapshot
from restanque.directory.services.saving import assign
from restanque.kit.tabular import Column, ValidRow
from restanque.kit.text import search_key
from restanque.territories.models import Commune

_DATES = ("checked_on", "purge_on")
# Values that are not columns of the table, or that place the row.
_APART = ("name", "kind", "commune", "code_insee", "tags", "signs", "products")


class OrganisationImporter(DirectoryImporter):
    """Organisations of any kind; a known one is completed, never doubled."""

    kind = "organisations"
    title = "Organisations"
    help = (
        "Une ligne par organisation. Une organisation déjà connue (même SIRET, ou même nom dans "
        "la même commune) est complétée : les cases vides du fichier n’effacent rien."
    )
    columns: ClassVar[Sequence[Column]] = columns.ORGANISATION_COLUMNS
    default_kind: ClassVar[Kind] = Kind.OTHER

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """The kind of rows that do not say, and why persons are kept."""
        kind = forms.ChoiceField(
            label="Nature, quand la ligne ne la dit pas",
            choices=Kind.choices,
            initial=self.default_kind,
        )
        return {"kind": kind, **super().context_fields(membership), **person_fields()}

    def plan(
        self, rows: Sequence[ValidRow], *, workspace: Workspace, context: Mapping[str, Any]
    ) -> list[RowPlan]:
        """Recognise each row, or describe what would be created."""
        places = Places(workspace, rows)
        known = Known(workspace)
        within = territory_codes(workspace, context)
        seen: dict[object, int] = {}
        return [self._plan_row(row, places, known, within, seen, context) for row in rows]

    def _plan_row(
        self,
        row: ValidRow,
        places: Places,
        known: Known,
        within: set[str] | None,
        seen: dict[object, int],
        context: Mapping[str, Any],
    ) -> RowPlan:
        commune, problem = places.of(row)
        commune = commune or (None if problem else places.postal(row))
        if problem:
            return RowPlan.error(row.number, f"Ligne {row.number}, Commune : {problem}")
        name = self.name_of(row, commune)
        if not name:
            return RowPlan.error(row.number, f"Ligne {row.number} : indiquez la commune.")
        summary = f"{name}{_place(commune)}"
        if within is not None and (commune is None or commune.pk not in within):
            return RowPlan.skip(row.number, f"{summary} : hors du territoire choisi")
        siret = str(row.values.get("siret") or "")
        kind = self.kind_of(row, context)
        for key in self._keys(siret, name, commune, kind):
            if key in seen:
                return RowPlan.skip(row.number, f"{summary} : déjà à la ligne {seen[key]}")
        found = known.match(siret=siret, name=name, commune=commune, kind=kind)
        seen.update(dict.fromkeys(self._keys(siret, name, commune, kind), row.number))
        values = self._values(row, commune, context)
        if found is not None:
            return self._plan_update(row, found, values)
        values = {"name": name, "kind": kind, **values}
        payload = {"values": values, **_extras(row)}
        problem = _refusal(values)
        if problem:
            return RowPlan.error(row.number, f"Ligne {row.number} : {problem}", summary=summary)
        return RowPlan.create(row.number, f"{summary}, {Kind(kind).label.lower()}", payload=payload)

    def _plan_update(
        self, row: ValidRow, found: Organisation, values: Mapping[str, Any]
    ) -> RowPlan:
        changes = differences(found, {**values, **_merged_notes(found, values)})
        extras = _extras(row)
        tags = {tag.name_key for tag in found.tags.all()} if extras["tags"] else set()
        new_tags = [name for name in extras["tags"] if search_key(name) not in tags]
        if not changes and not new_tags and not extras["signs"]:
            return RowPlan.skip(row.number, f"{found} : rien de nouveau")
        words = labels(Organisation, changes)
        if new_tags:
            words = ", ".join(filter(None, [words, "étiquettes"]))
        payload = {"pk": found.pk, "values": changes, **extras}
        return RowPlan.update(row.number, f"{found} : {words or 'signes'}", payload=payload)

    def name_of(self, row: ValidRow, commune: Commune | None) -> str:
        """The organisation's name."""
        return str(row.values.get("name") or "")

    def kind_of(self, row: ValidRow, context: Mapping[str, Any]) -> str:
        """What the row says it is, else the kind chosen for the file."""
        return str(row.values.get("kind") or context.get("kind") or self.default_kind)

    def notes_of(self, row: ValidRow) -> str:
        """Free text to keep."""
        products = row.values.get("products")
        parts = [row.values.get("notes"), f"Productions : {products}" if products else None]
        return "\n".join(part for part in parts if part)

    def _values(
        self, row: ValidRow, commune: Commune | None, context: Mapping[str, Any]
    ) -> dict[str, Any]:
        values = json_values({k: v for k, v in row.values.items() if k not in _APART})
        notes = self.notes_of(row)
        if notes:
            values["notes"] = notes
        if commune is not None:
            values["commune_id"] = commune.pk
        if values.get("is_sole_trader"):
            values["purpose"] = context.get("purpose") or ""
            values["purge_on"] = context.get("purge_on") or None
        # A point has two coordinates: one alone says nothing.
        if ("longitude" in values) != ("latitude" in values):
            values.pop("longitude", None)
            values.pop("latitude", None)
        return values

    @staticmethod
    def _keys(siret: str, name: str, commune: Commune | None, kind: str) -> list[object]:
        code = commune.pk if commune is not None else None
        if siret:
            return [siret]
        if kind == Kind.MAIRIE and code:
            return [("mairie", code)]
        return [(search_key(name), code)]

    def write(self, plan: RowPlan, journal: Journal, workspace: Workspace) -> None:
        """Create or complete, with tags and signs."""
        values = _typed(plan.payload["values"])
        if plan.action == RowAction.CREATE:
            organisation = services.create_organisation(
                workspace=workspace, reason=self.reason, **values
            )
            journal.created(organisation)
        else:
            organisation = self.existing(plan.payload["pk"], workspace)
            before = snapshot(organisation)
            if values:
                services.update_organisation(
                    organisation=organisation, reason=self.reason, **values
                )
                journal.updated(organisation, before)
        add_tags(journal, organisation, plan.payload["tags"])
        _add_signs(journal, organisation, plan.payload["signs"])

    @staticmethod
    def existing(pk: int, workspace: Workspace) -> Organisation:
        organisation = Organisation.objects.filter(workspace=workspace, pk=pk).first()
        if organisation is None:
            raise RowProblem("cette organisation n’existe plus.")
        return organisation


class MairieImporter(OrganisationImporter):
    """The mairies of a territory, named by their commune."""

    kind = "mairies"
    title = "Mairies"
    help = (
        "Une ligne par commune, par son nom ou son code INSEE. La mairie déjà connue est "
        "complétée ; son nom vient de la commune."
    )
    columns = (
        columns.COMMUNE, columns.INSEE, columns.POSTAL, columns.SIRET, columns.ADDRESS,
        columns.PHONE, columns.EMAIL, columns.WEBSITE, columns.HOURS, columns.TAGS, columns.NOTES,
        columns.SOURCE, columns.CHECKED,
    )  # fmt: skip
    default_kind = Kind.MAIRIE

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """Nothing but the territory: a mairie is not a person."""
        return DirectoryImporter.context_fields(self, membership)

    def kind_of(self, row: ValidRow, context: Mapping[str, Any]) -> str:
        """Always a mairie."""
        return Kind.MAIRIE

    def name_of(self, row: ValidRow, commune: Commune | None) -> str:
        """« Mairie d’Arles »."""
        return town_hall_name(commune.name) if commune is not None else ""


class ProducerImporter(OrganisationImporter):
    """The producers' base: farms, mills, bakers, with what they make and the signs they carry."""

    kind = "producers"
    title = "Base des producteurs"
    help = (
        "Une ligne par exploitation, moulin ou atelier. Les signes officiels sont inscrits sans "
        "preuve : ajoutez-la ensuite sur la fiche. Une entreprise individuelle est une personne : "
        "indiquez alors la finalité et la date d’effacement."
    )
    columns = (*columns.ORGANISATION_COLUMNS, columns.PRODUCTS)
    default_kind = Kind.PRODUCER


def _place(commune: Commune | None) -> str:
    return f" ({commune.name}, {commune.pk})" if commune is not None else ""


def _extras(row: ValidRow) -> dict[str, list[str]]:
    return {"tags": row.values.get("tags") or [], "signs": row.values.get("signs") or []}


def _merged_notes(found: Organisation, values: Mapping[str, Any]) -> dict[str, str]:
    """New notes go below those people wrote; the same ones are not repeated."""
    notes = values.get("notes")
    if not notes:
        return {}
    if notes in found.notes:
        return {"notes": found.notes}
    return {"notes": "\n\n".join(part for part in (found.notes, notes) if part)}


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values back to what the services take."""
    typed = dict(values)
    for name in _DATES:
        if typed.get(name):
            typed[name] = dt.date.fromisoformat(typed[name])
    if "commune_id" in typed:
        typed["commune"] = Commune.objects.get(pk=typed.pop("commune_id"))
    if "kind" in typed:
        typed["kind"] = Kind(typed["kind"])
    return typed


def _refusal(values: Mapping[str, Any]) -> str:
    """What the table would refuse, told at the preview rather than at the import."""
    draft = Organisation()
    apart = ("workspace", "commune", "parent", "merged_into")
    try:
        assign(draft, {k: v for k, v in values.items() if k != "commune_id"})
        draft.clean_fields(exclude=apart)
    except ValidationError as error:
        fields = error.message_dict
        return " ".join(
            f"{labels(Organisation, [field])} : {' '.join(messages)}"
            for field, messages in fields.items()
        )
    if draft.is_sole_trader and not (draft.purpose and draft.purge_on):
        return (
            "une entreprise individuelle est une personne : choisissez la finalité et la date "
            "d’effacement avant d’importer."
        )
    return ""


def add_tags(journal: Journal, organisation: Organisation, names: Iterable[str]) -> None:
    """Put the tags named, those that are new to the workspace included."""
    for name in names:
        tag = services.get_or_create_tag(workspace=organisation.workspace, name=name)
        if services.tag_organisations(organisations=[organisation], tag=tag):
            journal.tagged(organisation, tag)


def _add_signs(journal: Journal, organisation: Organisation, signs: Iterable[str]) -> None:
    held = set(organisation.certifications.values_list("sign", flat=True))
    for sign in signs:
        if sign not in held:
            added = services.add_certification(organisation=organisation, sign=Sign(sign))
            journal.created(added)
