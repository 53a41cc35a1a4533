"""Columns as statistical software wants them: short ASCII names, types, codes, labels."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils import timezone

from restanque.kit.text import search_key
from restanque.surveys import markup
from restanque.surveys.analysis.questions import DO_NOT_KNOW, Kind, Question
from restanque.surveys.exports.source import Source
from restanque.surveys.exports.tables import date_of, first_cells, number_of

MARK = "Données fictives"
# Names that SPSS keeps for itself.
_RESERVED = {"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}
_LONGEST = 40


class Measure(StrEnum):
    """What a column holds. A code is a number that `values` explains."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Variable:
    """One column: name, label, cells (None: nothing said).

    `values`: (number, stored code, label) of a coded column; `unknown`: those of its numbers that
    say nothing of the subject (« ne sait pas »).
    """

    name: str
    label: str
    measure: Measure
    cells: Sequence[Any]
    values: tuple[tuple[int, str, str], ...] = ()
    unknown: tuple[int, ...] = field(default=())


def variables_of(source: Source) -> list[Variable]:
    """One row an answer; a question with several choices makes a 0/1 column for each."""
    taken: set[str] = set()
    found = _first(source, taken)
    for question in source.questions:
        if not question.repeat:
            found += _of_question(source, question, taken)
    return found


def _first(source: Source, taken: set[str]) -> list[Variable]:
    names = (
        ("numero", "Numéro", Measure.NUMBER),
        ("organisme", "Organisme", Measure.TEXT),
        ("insee", "Code INSEE de la commune", Measure.TEXT),
        ("commune", "Commune", Measure.TEXT),
        ("epci", "EPCI", Measure.TEXT),
        ("taille", "Classe de taille de la commune", Measure.TEXT),
        ("etat", "État de la réponse", Measure.TEXT),
        ("envoyee_le", "Envoyée le", Measure.DATE),
        ("voie", "Voie", Measure.TEXT),
        ("poids", "Poids (communes représentées)", Measure.NUMBER),
        ("cellule", "Cellule de poids", Measure.TEXT),
    )
    rows = [first_cells(source, row) for row in source.rows]
    found = []
    for place, (name, label, measure) in enumerate(names):
        cells = [row[place] for row in rows]
        if measure == Measure.DATE:
            cells = [timezone.localdate(cell) if cell is not None else None for cell in cells]
        found.append(Variable(free_name(name, taken), label, measure, cells))
    sizes = [source.cell_sizes.get(row[-1] or "") for row in rows]
    label = "Communes de la cellule de poids"
    found.append(Variable(free_name("taille_cellule", taken), label, Measure.NUMBER, sizes))
    if source.fictitious:
        cells = [MARK] * len(rows)
        found.insert(0, Variable(free_name("mention", taken), "Mention", Measure.TEXT, cells))
    return found


def _of_question(source: Source, question: Question, taken: set[str]) -> list[Variable]:
    texts = [row.flat.get(question.path, "").strip() for row in source.rows]
    label = markup.plain(question.label).replace("\n", " ")
    if question.unit:
        label = f"{label} ({question.unit})"
    name = free_name(question.key.rpartition(".")[2] or question.key, taken)
    if question.kind == Kind.MANY:
        return _ticks(question, label, name, texts, taken)
    if question.kind == Kind.ONE:
        return [_coded(question, label, name, texts)]
    if question.kind == Kind.NUMBER:
        return [Variable(name, label, Measure.NUMBER, [_number(text) for text in texts])]
    if question.kind == Kind.DATE:
        return [Variable(name, label, Measure.DATE, [date_of(text) for text in texts])]
    return [Variable(name, label, Measure.TEXT, [text or None for text in texts])]


def _ticks(
    question: Question, label: str, name: str, texts: Sequence[str], taken: set[str]
) -> list[Variable]:
    found = []
    for code, words in question.choices:
        cells = [None if not text else int(code in text.split()) for text in texts]
        found.append(
            Variable(
                free_name(f"{name}_{code}", taken),
                f"{label}\u00a0: {markup.plain(words)}",
                Measure.CODE,
                cells,
                ((0, "0", "Non"), (1, "1", "Oui")),
            )
        )
    return found


def _coded(question: Question, label: str, name: str, texts: Sequence[str]) -> Variable:
    known = dict(question.choices)
    others = sorted({text for text in texts if text} - known.keys())
    values = tuple(
        (rank, code, markup.plain(known.get(code, code)))
        for rank, code in enumerate([*known, *others], 1)
    )
    numbers = {code: rank for rank, code, _ in values}
    return Variable(
        name,
        label,
        Measure.CODE,
        [numbers.get(text) for text in texts],
        values,
        tuple(rank for rank, code, _ in values if code in DO_NOT_KNOW),
    )


def _number(text: str) -> Decimal | None:
    return number_of(text) if text else None


def free_name(wanted: str, taken: set[str]) -> str:
    """A name that SPSS, R and Parquet accept, not taken yet; it is taken from now on."""
    base = re.sub(r"[^a-z0-9]+", "_", search_key(wanted.replace("_", " "))).strip("_")
    base = base[:_LONGEST].rstrip("_") or "v"
    if not base[0].isalpha() or base in _RESERVED:
        base = f"v_{base}"
    name, rank = base, 1
    while name in taken:
        rank += 1
        name = f"{base}_{rank}"
    taken.add(name)
    return name


def plain_csv(
    headers: Sequence[str], rows: Iterable[Sequence[Any]], *, delimiter: str = ","
) -> bytes:
    """UTF-8 without BOM, decimal point, ISO dates: what programs read without being told."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([plain_cell(value) for value in row] for row in rows)
    return out.getvalue().encode()


def plain_cell(value: Any) -> str:
    """A cell on one line."""
    if value is None:
        return ""
    if isinstance(value, float | Decimal):
        return repr(value) if isinstance(value, float) else format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(str(value).split())


def as_rows(variables: Sequence[Variable]) -> Iterable[tuple[Any, ...]]:
    """The cells of each answer."""
    return zip(*(variable.cells for variable in variables), strict=True)
