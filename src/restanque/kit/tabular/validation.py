"""Checking a table against its declared columns: what can be kept, and every problem named."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from restanque.kit.tabular.columns import CellError, Column, cell_text, header_key, without_brackets
from restanque.kit.tabular.reading import Row, Table


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of the file. `column` is the declared name, "" for a header."""

    row: int
    column: str
    title: str
    value: str
    message: str
    mend: str = ""

    def __str__(self) -> str:
        where = f"Ligne {self.row}, {self.title}" if self.title else f"Ligne {self.row}"
        shown = f" (lu : « {self.value} »)" if self.value and self.value not in self.message else ""
        return f"{where} : {self.message}{shown} {self.mend}".strip()


@dataclass(frozen=True, slots=True)
class ValidRow:
    """A row without error: its number in the file, its typed values by column name.

    A declared column that is absent from the file has no key; an empty cell is None.
    `extra` keeps the text of columns nobody declared.
    """

    number: int
    values: dict[str, Any]
    extra: dict[str, str]


@dataclass(frozen=True, slots=True)
class ValidatedRows:
    """The outcome: rows to keep, problems, and how headers were understood."""

    rows: tuple[ValidRow, ...]
    problems: tuple[Problem, ...]
    mapping: dict[str, str]
    unknown_headers: tuple[str, ...]
    missing_columns: tuple[str, ...]
    total: int

    @property
    def rejected(self) -> int:
        """How many rows cannot be kept."""
        return self.total - len(self.rows)


def validate_rows(table: Table, columns: Sequence[Column]) -> ValidatedRows:
    """Type every cell of the table. One wrong cell sets its row aside, never the whole file.

    When a required column is missing no row can be kept, and that is the only problem reported.
    """
    places, unknown, problems = _match_headers(table, columns)
    absent = [column for column in columns if column.name not in places]
    missing = tuple(column.title for column in absent)
    blocking = [_missing_column(table, column, unknown) for column in absent if column.required]
    rows: list[ValidRow] = []
    if not blocking:
        for row in table.rows:
            valid, found = _read_row(table, row, columns, places)
            problems.extend(found)
            if valid is not None:
                rows.append(valid)
    return ValidatedRows(
        rows=tuple(rows),
        problems=tuple(problems + blocking),
        mapping={table.headers[place]: name for name, place in places.items()},
        unknown_headers=tuple(unknown),
        missing_columns=missing,
        total=len(table.rows),
    )


def _match_headers(
    table: Table, columns: Sequence[Column]
) -> tuple[dict[str, int], list[str], list[Problem]]:
    """Column name → place in the row; headers nobody expects; headers met twice."""
    by_key: dict[str, Column] = {}
    # A title always beats another column's alias.
    for rank in range(max((len(c.keys()) for c in columns), default=0)):
        for column in columns:
            keys = column.keys()
            if rank < len(keys):
                by_key.setdefault(keys[rank], column)
    places: dict[str, int] = {}
    unknown: list[str] = []
    problems: list[Problem] = []
    for place, header in enumerate(table.headers):
        expected = by_key.get(header_key(header)) or by_key.get(
            header_key(without_brackets(header))
        )
        if expected is None:
            unknown.append(header)
        elif expected.name in places:
            first = table.headers[places[expected.name]]
            message = (
                f"Cette colonne dit la même chose que « {first} » : seule la première est lue."
            )
            problems.append(
                Problem(table.header_row, "", header, "", message, "Enlevez l’une des deux.")
            )
        else:
            places[expected.name] = place
    return places, unknown, problems


def _missing_column(table: Table, column: Column, unknown: Sequence[str]) -> Problem:
    close = difflib.get_close_matches(
        header_key(column.title), [header_key(header) for header in unknown], n=1, cutoff=0.6
    )
    resembling = next((h for h in unknown if close and header_key(h) == close[0]), "")
    mend = (
        f"Est-ce « {resembling} » ? Renommez-la « {column.title} »."
        if resembling
        else f"Ajoutez une colonne « {column.title} », ou repartez du modèle."
    )
    message = f"La colonne obligatoire « {column.title} » manque."
    return Problem(table.header_row, column.name, "en-tête", "", message, mend)


def _read_row(
    table: Table, row: Row, columns: Sequence[Column], places: dict[str, int]
) -> tuple[ValidRow | None, list[Problem]]:
    values: dict[str, Any] = {}
    problems = []
    for column in columns:
        if column.name not in places:
            continue
        cell = row.cells[places[column.name]]
        try:
            values[column.name] = column.read(cell)
        except CellError as error:
            shown = cell_text(cell)
            problems.append(
                Problem(row.number, column.name, column.title, shown, error.message, error.mend)
            )
    if problems:
        return None, problems
    used = set(places.values())
    extra = {
        header: cell_text(cell)
        for place, (header, cell) in enumerate(zip(table.headers, row.cells, strict=True))
        if place not in used and cell is not None
    }
    return ValidRow(row.number, values, extra), []
