"""Tables of the report, as strings ready to be written."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from restanque.kit.figures import Figure as Panel
from restanque.kit.text import (
    NARROW_SPACE,
    NO_BREAK_SPACE,
    UNKNOWN,
    format_number,
    format_percent,
)
from restanque.surveys.analysis.study import Study
from restanque.surveys.report import sentences as say
from restanque.surveys.report import wording as w
from restanque.surveys.report.panels import source_of
from restanque.surveys.report.parts import Table
from restanque.surveys.report.reader import Line, Reader


def by_place(study: Study, which: str) -> Table:
    """Answers by size of commune or by intercommunalité."""
    word = {"taille": "Taille de la commune", "epci": "Intercommunalité"}[which]
    rows = [
        (
            group.label,
            format_number(group.population),
            format_number(group.n),
            format_percent(group.n / group.population if group.population else None),
        )
        for group in study.by(which)
    ]
    title = "Réponses selon la taille" if which == "taille" else "Réponses par intercommunalité"
    return Table(title, (word, "Communes", "Réponses", "Taux"), tuple(rows), (1, 2, 3),
                 f"{source_of(study)[0].upper()}{source_of(study)[1:]}.")  # fmt: skip


def shares(reader: Reader, title: str, lines: Sequence[Line], *, question: bool = False) -> Table:
    """Choices with their share, interval and n."""
    rows = [(line.label, *_share_cells(line)) for line in lines]
    return Table(
        f"{title}{NARROW_SPACE}?" if question else title,
        ("Réponse", "Part", f"Intervalle à 95{NO_BREAK_SPACE}%", "Réponses"),
        tuple(rows), (1, 2, 3), _note(reader),
    )  # fmt: skip


def _share_cells(line: Line) -> tuple[str, str, str]:
    figure = line.figure
    if figure is None:
        return "n. c.", "n. c.", UNKNOWN
    bounds = say.share_bounds(*figure.interval) if figure.interval is not None else UNKNOWN
    exact = say.is_exact(figure)
    return (
        say.percent(figure.value) if figure.value is not None else UNKNOWN,
        "exact" if exact else bounds,
        format_number(figure.n),
    )


def prices(reader: Reader, title: str, header: str, by: str) -> Table:
    """Median and quartiles of the price per kilo in each group; few answers are not shown."""
    rows: list[tuple[str, ...]] = []
    for code, given, found in reader.quartiles_by(w.PRICE, by):
        label = w.SIGN_LABELS.get(code, given)
        if found is None:
            rows.append((label, "n. c.", "n. c.", "n. c.", "moins de 5"))
            continue
        low, middle, high = found
        rows.append((label, *(format_number(f.value, 2) for f in (low, middle, high)),
                     format_number(middle.n)))  # fmt: skip
    headers = (header, "Premier quart", "Médiane", "Dernier quart", "Communes")
    note = f"En euros hors taxes par kilo. {_note(reader)}"
    return Table(title, headers, tuple(rows), (1, 2, 3, 4), note)


def cells(study: Study) -> Table | None:
    """Weights, cell by cell."""
    if study.plan is None:
        return None
    rows = [
        (cell.name, format_number(cell.population), format_number(cell.respondents),
         format_number(cell.weight, 2))
        for cell in study.method.cells
    ]  # fmt: skip
    headers = ("Cellule", "Communes", "Réponses", "Poids")
    return Table(
        "Poids de chaque réponse", headers, tuple(rows), (1, 2, 3), "Poids = communes ÷ réponses."
    )


def of_panel(panel: Panel) -> Table:
    """The table of a chart or a map: the very numbers that are drawn."""
    headers, rows = panel.table
    numeric = [
        place for place in range(1, len(headers))
        if any(isinstance(row[place], int | float | Decimal) for row in rows)
    ]  # fmt: skip
    written = tuple(tuple(cell(value) for value in row) for row in rows)
    return Table(
        panel.title, tuple(str(h) for h in headers), written, tuple(numeric), panel.caption
    )


def cell(value: Any) -> str:
    """A number as French readers write it; prices keep their cents."""
    if isinstance(value, bool) or value is None:
        return UNKNOWN if value is None else ("oui" if value else "non")
    if isinstance(value, int):
        return format_number(value)
    if isinstance(value, float | Decimal):
        return format_number(value, 2)
    return str(value)


def _note(reader: Reader) -> str:
    source = source_of(reader.study)
    hidden = f" n. c.{w.COLON}{w.NOT_PUBLISHED}." if reader.hides else ""
    return f"{source[0].upper()}{source[1:]}.{hidden}"
