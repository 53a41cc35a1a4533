"""Rows of an export as people read them: answers, turns of series, the codebook."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from restanque.surveys import markup
from restanque.surveys.analysis.data import Row
from restanque.surveys.analysis.questions import Kind, Question, catalogue
from restanque.surveys.definitions import form_of
from restanque.surveys.exports.source import Source
from restanque.surveys.models import Campaign
from restanque.surveys.models.answers import Channel, ResponseStatus
from restanque.territories.sizes import size_class

FIRST = (
    "Numéro", "Organisme", "Code INSEE", "Commune", "EPCI", "Classe de taille", "État",
    "Envoyée le", "Voie", "Poids", "Cellule de poids",
)  # fmt: skip
_KINDS = {
    Kind.ONE: "une réponse",
    Kind.MANY: "plusieurs réponses, séparées par une espace",
    Kind.NUMBER: "nombre",
    Kind.TEXT: "texte",
    Kind.DATE: "date",
}


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an export: its name, headers, rows with labels and rows with codes."""

    name: str
    headers: tuple[str, ...]
    codes: tuple[str, ...]
    labelled: list[list[Any]]
    coded: list[list[Any]]


def tables_of(
    campaign: Campaign, *, only_validated: bool, source: Source | None = None
) -> list[Table]:
    """The table of the answers, then one a series, whose rows carry the answer's number."""
    source = source or Source(campaign, only_validated, timezone.now())
    single = [question for question in source.questions if not question.repeat]
    tables = [_answers(source, single)]
    for repeat in dict.fromkeys(q.repeat for q in source.questions if q.repeat):
        inside = [question for question in source.questions if question.repeat == repeat]
        tables.append(_turns(repeat, inside, source.rows))
    return tables


def first_cells(source: Source, row: Row) -> list[Any]:
    """Who answered, when, with which weight: in the order of `FIRST`."""
    weight = source.weights.get(row.response)
    commune = row.commune
    size = size_class(commune.population) if commune is not None else None
    return [
        row.invitation,
        row.organisation,
        commune.code if commune is not None else None,
        commune.name if commune is not None else None,
        commune.epci.name if commune is not None and commune.epci is not None else None,
        size.label if size is not None else None,
        ResponseStatus(row.status).label,
        row.submitted_at,
        Channel(row.channel).label,
        weight.value if weight is not None else None,
        (weight.cell or None) if weight is not None else None,
    ]


def _answers(source: Source, questions: Sequence[Question]) -> Table:
    labelled, coded = [], []
    for row in source.rows:
        first = first_cells(source, row)
        labelled.append([*first, *(label_cell(q, row.flat.get(q.path, "")) for q in questions)])
        coded.append([*first, *(code_cell(q, row.flat.get(q.path, "")) for q in questions)])
    return Table(
        "Réponses",
        (*FIRST, *(markup.plain(question.label) for question in questions)),
        (*FIRST, *(question.key for question in questions)),
        labelled,
        coded,
    )


def _turns(repeat: str, questions: Sequence[Question], rows: Sequence[Row]) -> Table:
    labelled, coded = [], []
    for row in rows:
        for turn in turns_of(repeat, row):
            first = [row.invitation, row.organisation, turn]
            cells = [
                (q, row.flat.get(f"{repeat}[{turn}]{q.path[len(repeat) :]}", "")) for q in questions
            ]
            labelled.append([*first, *(label_cell(q, text) for q, text in cells)])
            coded.append([*first, *(code_cell(q, text) for q, text in cells)])
    first_headers = ("Numéro", "Organisme", "Rang")
    name = questions[0].repeat_label or repeat.rpartition("/")[2]
    return Table(
        markup.plain(name),
        (*first_headers, *(markup.plain(question.label) for question in questions)),
        (*first_headers, *(question.key for question in questions)),
        labelled,
        coded,
    )


def turns_of(repeat: str, row: Row) -> Iterator[int]:
    """The ranks of the turns that hold something."""
    opened = f"{repeat}["
    ranks = {
        int(path[len(opened) :].partition("]")[0]) for path in row.flat if path.startswith(opened)
    }
    yield from sorted(ranks)


def codebook(campaign: Campaign) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """One row a question and a choice: column, question, part, type, code, label, fact."""
    headers = ("Colonne", "Question", "Partie", "Type", "Code", "Libellé", "Unité", "Fait")
    rows: list[tuple[Any, ...]] = []
    for q in catalogue(form_of(campaign.version)):
        if not q.path:
            continue
        kind = f"{_KINDS[q.kind]} (calculé)" if q.calculated else _KINDS[q.kind]
        first = (q.key, markup.plain(q.label), markup.plain(q.page), kind)
        rows.append((*first, "", "", q.unit, q.fact))
        rows += [(*first, code, markup.plain(label), "", "") for code, label in q.choices]
    return headers, rows


def label_cell(question: Question, text: str) -> Any:
    """An answer in words."""
    if not text:
        return None
    if question.kind == Kind.MANY:
        labels = dict(question.choices)
        return " ; ".join(markup.plain(labels.get(code, code)) for code in text.split())
    if question.choices:
        return markup.plain(dict(question.choices).get(text, text))
    return code_cell(question, text)


def code_cell(question: Question, text: str) -> Any:
    """An answer as stored, numbers and dates typed."""
    if not text:
        return None
    if question.kind == Kind.NUMBER:
        return number_of(text) if number_of(text) is not None else text
    if question.kind == Kind.DATE:
        return date_of(text) or text
    return text


def number_of(text: str) -> Decimal | None:
    """The amount, None when it is none."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def date_of(text: str) -> date | None:
    """The day, None when it is none."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None
