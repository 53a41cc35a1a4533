"""Imports of past events: from a team's spreadsheet, from an export of Docurba."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from restanque.accounts.models import Membership, User, Workspace
from restanque.core import files
from restanque.core.imports import Importer, RowPlan, RowProblem, UndoRefused, register
from restanque.engine.deadlines import legal_date
from restanque.kit.forms import TextField
from restanque.kit.tabular import Column, Table, TableError, ValidRow, read_table
from restanque.kit.text import format_date, parse_date, search_key
from restanque.procedures.dossier.docurba import step_of
from restanque.procedures.dossier.steps import StepNames
from restanque.procedures.models import Procedure
from restanque.procedures.nomenclature import ProofKind
from restanque.procedures.perms import can_edit_procedures
from restanque.procedures.services.imports import import_fact, withdraw_fact

#: More names of fields than an export has.
_MOST_NAMES = 200
# Words of a proof column → what it is; the first that is found wins.
_PROOFS = (
    ("controle de legalite", ProofKind.CONTROL),
    ("accuse", ProofKind.RECEIPT),
    ("recepisse", ProofKind.RECEIPT),
    ("certificat", ProofKind.POSTING),
    ("affichage", ProofKind.POSTING),
    ("deliberation", ProofKind.DELIBERATION),
    ("proces verbal", ProofKind.MINUTES),
    ("compte rendu", ProofKind.MINUTES),
    ("publication", ProofKind.PUBLICATION),
    ("parution", ProofKind.PUBLICATION),
    ("journal", ProofKind.PUBLICATION),
    ("envoi", ProofKind.DISPATCH),
    ("courrier", ProofKind.LETTER),
    ("lettre", ProofKind.LETTER),
)


class FactImporter(Importer):
    """What both imports share: the procedure, the writing, the undoing."""

    def allowed(self, membership: Membership) -> bool:
        """Who may record facts may bring them."""
        return can_edit_procedures(membership)

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """Of which procedure."""
        own = Procedure.objects.visible_to(membership).running().select_related("territory")
        choices = [(str(one.pk), f"{one.name}, {one.territory.name}") for one in own]
        return {"procedure": forms.ChoiceField(label="Procédure", choices=choices)}

    def plan(
        self, rows: Sequence[ValidRow], *, workspace: Workspace, context: Mapping[str, Any]
    ) -> list[RowPlan]:
        """What each row would record. Reads only."""
        procedure = _procedure_of(workspace, context)
        facts = procedure.facts.select_related("act")
        known = {(fact.step, fact.happened_on) for fact in facts}
        return self.plan_for(rows, procedure, known, context)

    def plan_for(
        self,
        rows: Sequence[ValidRow],
        procedure: Procedure,
        known: set[tuple[str, date]],
        context: Mapping[str, Any],
    ) -> list[RowPlan]:
        """The same for a procedure whose (step, day) pairs are known; they are told here."""
        raise NotImplementedError

    def apply(
        self, plan: RowPlan, *, workspace: Workspace, context: Mapping[str, Any], user: User | None
    ) -> dict[str, Any]:
        """Record one fact; the journal holds what takes it back."""
        values = dict(plan.payload)
        day = date.fromisoformat(values.pop("happened_on"))
        try:
            return import_fact(
                procedure=_procedure_of(workspace, context), happened_on=day, by=user, **values
            )
        except ValidationError as error:
            raise RowProblem(" ".join(error.messages)) from error

    def undo(self, journal: dict[str, Any], *, workspace: Workspace) -> None:
        """Take the fact back, unless somebody corrected it since."""
        if not withdraw_fact(journal=journal, workspace=workspace):
            raise UndoRefused("corrigé depuis")


class EventImporter(FactImporter):
    """A spreadsheet of past events, one row an event."""

    kind = "procedure-events"
    title = "Faits passés d’une procédure"
    help = (
        "Une ligne par fait : l’étape dans vos mots, sa date, ce qui la prouve. Les accents et la "
        "ponctuation ne comptent pas ; une étape qu’on ne reconnaît pas est signalée."
    )
    columns = (
        Column(
            "step",
            "Étape",
            required=True,
            aliases=("evenement", "fait", "acte", "step", "libelle"),
            example="Débat sur les orientations du PAS",
        ),
        Column(
            "happened_on",
            "Date",
            kind="date",
            required=True,
            aliases=("date du fait", "le", "happened_on"),
            example="17/12/2025",
        ),
        Column(
            "proof",
            "Preuve",
            aliases=("piece", "justificatif", "proof"),
            help="Délibération, accusé de réception, certificat d’affichage…",
            example="délibération n° 2025-41",
            max_length=200,
        ),
        Column("reference", "Référence de la preuve", aliases=("numero", "n°"), max_length=200),
        Column("what", "Précision", aliases=("observation", "commentaire"), max_length=300),
        Column("who", "Organisme", aliases=("service", "par"), max_length=200),
        Column("source", "Source", aliases=("origine",), max_length=300),
        Column("to_confirm", "À confirmer", kind="boolean", aliases=("a verifier",)),
    )

    def plan_for(
        self,
        rows: Sequence[ValidRow],
        procedure: Procedure,
        known: set[tuple[str, date]],
        context: Mapping[str, Any],
    ) -> list[RowPlan]:
        """Each step found by its words; what is not sure is told with what it could be."""
        names = StepNames(procedure.engine_kind)
        return [self._one(row, names, known) for row in rows]

    def _one(self, row: ValidRow, names: StepNames, known: set[tuple[str, date]]) -> RowPlan:
        values = row.values
        typed, day = str(values["step"]), values["happened_on"]
        found = names.find(typed)
        if len(found) != 1:
            return RowPlan.error(row.number, _unsure(typed, names, found))
        step = found[0]
        label = f"{names.labels(found)[0]}, {format_date(day)}"
        if (step, day) in known:
            return RowPlan.skip(row.number, f"{label} : déjà enregistré")
        others = any(step == one for one, _ in known)
        known.add((step, day))
        kind, reference = proof_of(values.get("proof"), values.get("reference"))
        payload = {
            "step": step,
            "happened_on": day.isoformat(),
            "proof_kind": kind,
            "proof_reference": reference,
            "what": values.get("what") or "",
            "who": values.get("who") or "",
            "source": values.get("source") or "",
            "to_confirm": bool(values.get("to_confirm")),
        }
        twice = " ; cette étape aura plusieurs dates, gardez la bonne" if others else ""
        proven = "" if kind else " ; sans preuve"
        return RowPlan.create(row.number, f"{label}{proven}{twice}", payload=payload)


class DocurbaImporter(FactImporter):
    """An export of the events of a procedure in Docurba, as CSV or JSON."""

    kind = "docurba-events"
    title = "Événements exportés de Docurba"
    help = (
        "L’export des événements d’une procédure, en CSV ou en JSON. Les dates sont reprises « à "
        "confirmer » ; les articles que cite l’export ne le sont pas. Les événements auxquels "
        "aucune étape ne répond sont listés."
    )
    formats = (*files.TABULAR, "json")
    columns = (
        Column(
            "name",
            "type",
            required=True,
            aliases=("name", "nom", "evenement", "event_type"),
            example="Délibération d’approbation",
        ),
        Column(
            "happened_on",
            "date_iso",
            required=True,
            aliases=("date", "date_evenement"),
            example="2025-12-17",
            parse=lambda text: read_day(text),
        ),
        Column("description", "description", max_length=5000),
        Column("is_valid", "is_valid", kind="boolean", aliases=("valide",)),
        Column("procedure", "procedure_id", aliases=("procedure",)),
    )

    def read(self, data: bytes, filename: str) -> Table:
        """A table; JSON is a list of events, or an object that holds one."""
        if not filename.lower().endswith(".json"):
            return read_table(data, filename)
        return read_table(_as_csv(data), f"{filename}.csv")

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """Of which procedure, here and there."""
        return {
            **super().context_fields(membership),
            "docurba_id": TextField(
                label="Identifiant de la procédure dans Docurba",
                max_length=60,
                required=False,
                help_text="Seulement si le fichier en contient plusieurs.",
            ),
        }

    def plan_for(
        self,
        rows: Sequence[ValidRow],
        procedure: Procedure,
        known: set[tuple[str, date]],
        context: Mapping[str, Any],
    ) -> list[RowPlan]:
        """The earliest event of each step; the others, and those without a step, are told."""
        wanted = str(context.get("docurba_id") or "")
        ids = {str(row.values.get("procedure") or "") for row in rows} - {""}
        if len(ids) > 1 and not wanted:
            several = f"Le fichier contient {len(ids)} procédures : indiquez laquelle importer."
            return [RowPlan.error(row.number, several) for row in rows]
        first: dict[str, date] = {}
        for row in rows:
            step = self._step(row, procedure, wanted)
            if step is not None:
                day = row.values["happened_on"]
                first[step] = min(day, first.get(step, day))
        return [self._one(row, procedure, wanted, first, known) for row in rows]

    def _step(self, row: ValidRow, procedure: Procedure, wanted: str) -> str | None:
        other = bool(wanted) and str(row.values.get("procedure") or "") != wanted
        if other or row.values.get("is_valid") is False:
            return None
        return step_of(procedure.engine_kind, str(row.values["name"]))

    def _one(
        self,
        row: ValidRow,
        procedure: Procedure,
        wanted: str,
        first: dict[str, date],
        known: set[tuple[str, date]],
    ) -> RowPlan:
        name, day = str(row.values["name"]), row.values["happened_on"]
        label = f"« {name} », {format_date(day)}"
        if wanted and str(row.values.get("procedure") or "") != wanted:
            return RowPlan.skip(row.number, f"{label} : autre procédure")
        if row.values.get("is_valid") is False:
            return RowPlan.skip(row.number, f"{label} : invalidé dans Docurba")
        step = step_of(procedure.engine_kind, name)
        if step is None:
            return RowPlan.skip(row.number, f"{label} : aucune étape de cette procédure n’y répond")
        if (step, day) in known:
            return RowPlan.skip(row.number, f"{label} : déjà enregistré")
        if day > first[step]:
            return RowPlan.skip(row.number, f"{label} : une date plus ancienne est reprise")
        known.add((step, day))
        payload = {
            "step": step,
            "happened_on": day.isoformat(),
            "what": " ".join(str(row.values.get("description") or "").split())[:300],
            "source": f"export Docurba, événement « {name} »"[:300],
            "to_confirm": True,
        }
        summary = f"{procedure.engine_kind.by_id[step].label}, {format_date(day)} ({name})"
        return RowPlan.create(row.number, summary, payload=payload)


def proof_of(proof: Any, reference: Any) -> tuple[str, str]:
    """(kind, reference) of a proof written in words: « délibération n° 4 », « AR », nothing."""
    words, number = str(proof or ""), str(reference or "")
    key = search_key(words)
    if not key:
        return (ProofKind.OTHER.value, number) if number else ("", "")
    for kind in ProofKind:
        if key == search_key(kind.label):
            return kind.value, number
    found = ProofKind.RECEIPT if "ar" in key.split() else None
    found = next((kind for mark, kind in _PROOFS if mark in key), found) or ProofKind.OTHER
    shown = f"{words}, {number}" if number else words
    return found.value, shown[:200]


def read_day(text: str) -> date:
    """A day, or a moment whose civil date in Paris is taken. ValueError in French otherwise."""
    if "T" in text or (" " in text and ":" in text):
        try:
            moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
        except ValueError:
            raise ValueError(f"« {text} » n’est pas une date.") from None
        try:
            day = moment.date() if moment.tzinfo is None else legal_date(moment)
        except OverflowError:  # the last hours of year 9999
            raise ValueError(f"« {text} » n’est pas une date.") from None
        return parse_date(day.isoformat())  # a slip of the hand in the year is refused there
    return parse_date(text)


def _unsure(typed: str, names: StepNames, found: tuple[str, ...]) -> str:
    if found:
        listed = " ; ".join(f"« {label} »" for label in names.labels(found[:5]))
        return f"Étape « {typed} » : elle peut désigner {listed}. Écrivez l’une d’elles."
    near = " ; ".join(f"« {label} »" for label in names.nearest(typed))
    hint = f" Voulez-vous dire {near} ?" if near else ""
    return f"Étape « {typed} » : cette procédure n’a pas cette étape.{hint}"


def _procedure_of(workspace: Workspace, context: Mapping[str, Any]) -> Procedure:
    """The procedure chosen, within the workspace; DoesNotExist for any other."""
    found = Procedure.objects.filter(territory__workspace=workspace, archived=False)
    return found.select_related("territory__workspace").get(pk=int(context["procedure"]))


def _as_csv(data: bytes) -> bytes:
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits too
        raise TableError(
            "Ce fichier n’est pas du JSON lisible : exportez-le de nouveau."
        ) from error
    if isinstance(content, dict):
        content = next((value for value in content.values() if isinstance(value, list)), None)
    if not isinstance(content, list) or not all(isinstance(one, dict) for one in content):
        raise TableError("Ce JSON n’est pas une liste d’événements.")
    headers = list(dict.fromkeys(key for one in content for key in one))
    if len(headers) > _MOST_NAMES:
        # Every row has every column: names that change at each event would fill the memory.
        raise TableError("Ce JSON n’est pas une liste d’événements : leurs champs diffèrent tous.")
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(headers)
    writer.writerows([_cell(one.get(key)) for key in headers] for one in content)
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dict | list):
        return ""
    return "" if value is None else str(value)


def register_all() -> None:
    """Declare the room's imports."""
    register(EventImporter())
    register(DocurbaImporter())
