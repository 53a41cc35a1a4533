"""Lists of communes that put something on their mairies: a tag, or the notes of a study."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from restanque.accounts.models import Membership, Workspace
from restanque.core.imports import RowPlan
from restanque.core.models import RowAction
from restanque.directory import services
from restanque.directory.importers import columns
from restanque.directory.importers.base import DirectoryImporter, Known, Places
from restanque.directory.importers.organisations import OrganisationImporter, add_tags
from restanque.directory.models import Organisation
from restanque.directory.naming import town_hall_name
from restanque.directory.services.journal import Journal, snapshot
from restanque.directory.services.town_halls import create_mairie
from restanque.kit import forms as kit_forms
from restanque.kit.tabular import Column, ValidRow
from restanque.kit.text import search_key
from restanque.territories.models import Commune


class CommuneListImporter(DirectoryImporter):
    """A list of communes, by names or codes: each one's mairie receives a tag.

    A mairie that is not in the directory yet is added from the directory of the administration.
    """

    columns: ClassVar[Sequence[Column]] = columns.COMMUNE_LIST_COLUMNS
    default_tag: ClassVar[str]

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """The tag to put."""
        tag = kit_forms.TextField(
            label="Étiquette à poser", max_length=80, initial=self.default_tag
        )
        return {"tag": tag}

    def plan(
        self, rows: Sequence[ValidRow], *, workspace: Workspace, context: Mapping[str, Any]
    ) -> list[RowPlan]:
        """Find each commune and its mairie."""
        places = Places(workspace, rows, anywhere=False)
        known = Known(workspace)
        tag = self._tag(context)
        tagged = set(
            Organisation.objects.filter(
                workspace=workspace, tags__name_key=search_key(tag)
            ).values_list("pk", flat=True)
        )
        seen: dict[str, int] = {}
        plans = []
        for row in rows:
            commune, problem = places.of(row)
            if commune is None:
                said = problem or "indiquez la commune."
                plans.append(RowPlan.error(row.number, f"Ligne {row.number}, Commune : {said}"))
            elif commune.pk in seen:
                summary = f"{commune} : déjà à la ligne {seen[commune.pk]}"
                plans.append(RowPlan.skip(row.number, summary))
            else:
                seen[commune.pk] = row.number
                mairie = known.mairies.get(commune.pk)
                plans.append(self._plan_row(row, commune, mairie, tag, tagged))
        return plans

    def _plan_row(
        self,
        row: ValidRow,
        commune: Commune,
        mairie: Organisation | None,
        tag: str,
        tagged: set[int],
    ) -> RowPlan:
        notes = self.notes_of(row)
        payload = {"commune": commune.pk, "tags": [tag], "notes": notes}
        if mairie is None:
            summary = f"{town_hall_name(commune.name)} : ajoutée, étiquette « {tag} »"
            return RowPlan.create(row.number, summary, payload=payload)
        if mairie.pk in tagged and (not notes or notes in mairie.notes):
            return RowPlan.skip(row.number, f"{mairie} : rien de nouveau")
        summary = f"{mairie} : étiquette « {tag} »{' et notes' if notes else ''}"
        return RowPlan.update(row.number, summary, payload={"pk": mairie.pk, **payload})

    def notes_of(self, row: ValidRow) -> str:
        """Free text of the row to keep on the mairie."""
        return str(row.values.get("notes") or "")

    def _tag(self, context: Mapping[str, Any]) -> str:
        return str(context.get("tag") or self.default_tag)

    def write(self, plan: RowPlan, journal: Journal, workspace: Workspace) -> None:
        """Tag the mairie, added first when it was missing, and keep the notes."""
        notes = plan.payload["notes"]
        if plan.action == RowAction.CREATE:
            commune = Commune.objects.select_related("town_hall").get(pk=plan.payload["commune"])
            mairie = create_mairie(workspace=workspace, commune=commune, reason=self.reason)
            if notes:
                services.update_organisation(organisation=mairie, notes=notes)
            journal.created(mairie)
        else:
            mairie = OrganisationImporter.existing(plan.payload["pk"], workspace)
            before = snapshot(mairie)
            if notes and notes not in mairie.notes:
                merged = "\n\n".join(part for part in (mairie.notes, notes) if part)
                services.update_organisation(organisation=mairie, notes=merged, reason=self.reason)
                journal.updated(mairie, before)
        add_tags(journal, mairie, plan.payload["tags"])


class BeneficiaryImporter(CommuneListImporter):
    """The communes that benefit from the programme."""

    kind = "beneficiary-communes"
    title = "Communes bénéficiaires"
    help = "Une commune par ligne, par son nom ou son code INSEE. Sa mairie reçoit l’étiquette."
    default_tag = "commune bénéficiaire"


class CharterImporter(CommuneListImporter):
    """Communes that signed the charter."""

    kind = "charter-signatories"
    title = "Signataires de la charte"
    help = (
        "Une commune signataire par ligne, par son nom ou son code INSEE. Sa mairie reçoit "
        "l’étiquette. Pour d’autres signataires, importez des organisations avec une colonne "
        "« Étiquettes »."
    )
    default_tag = "signataire de la charte"


class StudyImporter(CommuneListImporter):
    """An earlier study: whatever its columns, they become dated notes on the mairies."""

    kind = "earlier-study"
    title = "Étude antérieure"
    help = (
        "Une commune par ligne, et les colonnes de l’étude telles quelles : elles deviennent des "
        "notes sur la fiche de la mairie, sous le nom de l’étude, sans être mêlées aux réponses "
        "de vos enquêtes."
    )
    default_tag = "étude antérieure"

    def notes_of(self, row: ValidRow) -> str:
        """« Étude : » then one line a column of the file."""
        lines = [f"{header} : {text}" for header, text in row.extra.items() if text]
        if row.values.get("notes"):
            lines.append(str(row.values["notes"]))
        return "\n".join(["Étude antérieure", *lines]) if lines else ""
