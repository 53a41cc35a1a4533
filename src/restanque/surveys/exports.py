"""Exports of answers: a labelled workbook, or CSV files with their codebook. Reading only.

The contact details of who answered are left out: they serve to call back, not to count.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from restanque.kit.documents import Sheet, csv_bytes, xlsx_bytes
from restanque.kit.text import format_date, plural
from restanque.surveys.analysis.questions import Kind, Question, catalogue
from restanque.surveys.definitions import form_of
from restanque.surveys.models import Campaign
from restanque.surveys.models.answers import Channel, ResponseStatus
from restanque.surveys.services.answers import responses_frame
from restanque.territories.models import Commune

_FIRST = ("Numéro", "Organisme", "Code INSEE", "Commune", "État", "Envoyée le", "Voie")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an export: its name, headers, rows with labels and rows with codes."""

    name: str
    headers: tuple[str, ...]
    codes: tuple[str, ...]
    labelled: list[list[Any]]
    coded: list[list[Any]]


def export_xlsx(campaign: Campaign, *, only_validated: bool, today: datetime) -> bytes:
    """Sheets: answers with labels, answers with codes, one pair a series, the codebook."""
    tables = tables_of(campaign, only_validated=only_validated)
    notes = _notes(campaign, tables, today)
    sheets = []
    for rank, table in enumerate(tables):
        first = notes if rank == 0 else ()
        sheets.append(Sheet(table.name, table.headers, table.labelled, notes=first))
    sheets += [Sheet(f"{t.name} (codes)", t.codes, t.coded) for t in tables]
    headers, rows = codebook(campaign)
    sheets.append(Sheet("Dictionnaire", headers, rows))
    return xlsx_bytes(sheets, fictitious=campaign.fictitious)


def export_zip(campaign: Campaign, *, only_validated: bool, today: datetime) -> bytes:
    """CSV of codes, one a table, the codebook, and a note: what statistical software reads."""
    fictitious = campaign.fictitious
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        tables = tables_of(campaign, only_validated=only_validated)
        for rank, table in enumerate(tables):
            name = "reponses" if rank == 0 else f"serie-{rank}"
            data = csv_bytes(table.codes, table.coded, fictitious=fictitious)
            archive.writestr(f"{name}.csv", data)
        headers, rows = codebook(campaign)
        archive.writestr("dictionnaire.csv", csv_bytes(headers, rows, fictitious=fictitious))
        notes = _notes(campaign, tables, today)
        archive.writestr("a-propos.csv", csv_bytes(("Quoi", "Texte"), notes, fictitious=fictitious))
    return buffer.getvalue()


def tables_of(campaign: Campaign, *, only_validated: bool) -> list[Table]:
    """The table of the answers, then one a series, whose rows carry the answer's number."""
    statuses = [ResponseStatus.VALIDATED]
    if not only_validated:
        statuses.insert(0, ResponseStatus.SUBMITTED)
    questions = [q for q in catalogue(form_of(campaign.version)) if q.path]
    frames = list(responses_frame(campaign, statuses))
    names = dict(
        Commune.objects.filter(pk__in={frame["commune"] for frame in frames}).values_list(
            "code", "name"
        )
    )
    single = [question for question in questions if not question.repeat]
    tables = [_answers(single, frames, names)]
    for repeat in dict.fromkeys(q.repeat for q in questions if q.repeat):
        inside = [question for question in questions if question.repeat == repeat]
        tables.append(_turns(repeat, inside, frames))
    return tables


def _answers(
    questions: Sequence[Question], frames: Sequence[dict[str, Any]], names: dict[str, str]
) -> Table:
    labelled, coded = [], []
    for frame in frames:
        first = [
            frame["invitation"],
            frame["organisation"],
            frame["commune"],
            names.get(frame["commune"] or ""),
            ResponseStatus(frame["status"]).label,
            frame["submitted_at"],
            Channel(frame["channel"]).label,
        ]
        labelled.append([*first, *(_label(q, frame.get(q.path, "")) for q in questions)])
        coded.append([*first, *(_code(q, frame.get(q.path, "")) for q in questions)])
    return Table(
        "Réponses",
        (*_FIRST, *(question.label for question in questions)),
        (*_FIRST, *(question.key for question in questions)),
        labelled,
        coded,
    )


def _turns(repeat: str, questions: Sequence[Question], frames: Sequence[dict[str, Any]]) -> Table:
    labelled, coded = [], []
    for frame in frames:
        for turn in _numbers_of(repeat, frame):
            first = [frame["invitation"], frame["organisation"], turn]
            cells = [
                (q, frame.get(f"{repeat}[{turn}]{q.path[len(repeat) :]}", "")) for q in questions
            ]
            labelled.append([*first, *(_label(q, text) for q, text in cells)])
            coded.append([*first, *(_code(q, text) for q, text in cells)])
    first_headers = ("Numéro", "Organisme", "Rang")
    name = questions[0].repeat_label or repeat.rpartition("/")[2]
    return Table(
        name,
        (*first_headers, *(question.label for question in questions)),
        (*first_headers, *(question.key for question in questions)),
        labelled,
        coded,
    )


def _numbers_of(repeat: str, frame: dict[str, Any]) -> Iterator[int]:
    """The ranks of the turns that hold something."""
    opened = f"{repeat}["
    ranks = {
        int(path[len(opened) :].partition("]")[0]) for path in frame if path.startswith(opened)
    }
    yield from sorted(ranks)


def codebook(campaign: Campaign) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """One row a question and a choice: column, question, part, type, code, label, fact."""
    headers = ("Colonne", "Question", "Partie", "Type", "Code", "Libellé", "Unité", "Fait")
    words = {
        Kind.ONE: "une réponse",
        Kind.MANY: "plusieurs réponses, séparées par une espace",
        Kind.NUMBER: "nombre",
        Kind.TEXT: "texte",
        Kind.DATE: "date",
    }
    rows: list[tuple[Any, ...]] = []
    for q in catalogue(form_of(campaign.version)):
        if not q.path:
            continue
        kind = f"{words[q.kind]} (calculé)" if q.calculated else words[q.kind]
        first = (q.key, q.label, q.page, kind)
        rows.append((*first, "", "", q.unit, q.fact))
        rows += [(*first, code, label, "", "") for code, label in q.choices]
    return headers, rows


def _label(question: Question, text: str) -> Any:
    if not text:
        return None
    if question.kind == Kind.MANY:
        labels = dict(question.choices)
        return " ; ".join(labels.get(code, code) for code in text.split())
    if question.choices:
        return dict(question.choices).get(text, text)
    return _code(question, text)


def _code(question: Question, text: str) -> Any:
    if not text:
        return None
    if question.kind == Kind.NUMBER:
        try:
            return Decimal(text)
        except InvalidOperation:
            return text
    if question.kind == Kind.DATE:
        try:
            return datetime.fromisoformat(text).date()
        except ValueError:
            return text
    return text


def _notes(campaign: Campaign, tables: Sequence[Table], today: datetime) -> list[tuple[str, str]]:
    invited = campaign.invitations.count()
    answers = len(tables[0].labelled)
    day = format_date(timezone.localtime(today).date())
    return [
        ("Campagne", campaign.name),
        ("Territoire", str(campaign.territory)),
        ("Questionnaire", str(campaign.version)),
        ("Exporté le", day),
        (
            "Qui parle",
            f"{plural(answers, 'réponse')} sur {plural(invited, 'invitation')} : ces chiffres ne "
            "décrivent que ceux qui ont répondu.",
        ),
        ("Coordonnées", "Les coordonnées des répondants ne sont pas dans cet export."),
        ("Case vide", "Question non posée, ou sans réponse."),
    ]
