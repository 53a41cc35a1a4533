"""Rows of an XLSForm, and the workbook made of them."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter

FRENCH = "Français (fr)"
COLUMNS = {
    "type": "type",
    "name": "name",
    "label": f"label::{FRENCH}",
    "hint": f"hint::{FRENCH}",
    "required": "required",
    "required_message": f"required_message::{FRENCH}",
    "relevant": "relevant",
    "constraint": "constraint",
    "constraint_message": f"constraint_message::{FRENCH}",
    "calculation": "calculation",
    "choice_filter": "choice_filter",
    "appearance": "appearance",
    "default": "default",
    "repeat_count": "repeat_count",
    "parameters": "parameters",
    "fact": "bind::rq:fact",
}
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Book:
    """One form: its settings, its questions, its lists of choices."""

    filename: str
    form_id: str
    title: str
    version: str
    rows: Sequence[Row]
    choices: Mapping[str, Sequence[tuple[str, str]]]


def row(kind: str, name: str = "", label: str = "", **cells: str) -> Row:
    """A line of the sheet « survey »."""
    unknown = cells.keys() - COLUMNS.keys()
    if unknown:
        raise ValueError(f"no such column: {unknown}")
    return {"type": kind, "name": name, "label": label, **cells}


def sheets(book: Book) -> dict[str, list[list[str]]]:
    """The three sheets as tables of texts, headers first."""
    settings = {
        "form_title": book.title,
        "form_id": book.form_id,
        "version": book.version,
        "default_language": FRENCH,
        "style": "pages",
        "namespaces": 'rq="https://restanque.org/xforms"',
        "instance_name": "concat(${visite_nom}, ', ', ${visite_date})",
    }
    return {
        "survey": [
            list(COLUMNS.values()),
            *([one.get(key, "") for key in COLUMNS] for one in book.rows),
        ],
        "choices": [
            ["list_name", "name", f"label::{FRENCH}"],
            *([name, value, label] for name, found in book.choices.items()
              for value, label in found),
        ],
        "settings": [list(settings), list(settings.values())],
    }  # fmt: skip


def workbook(book: Book) -> bytes:
    """The Excel file; the same rows always give the same sheets."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False}) as w:
        head = w.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        body = w.add_format({"text_wrap": True, "valign": "top"})
        for name, table in sheets(book).items():
            sheet = w.add_worksheet(name)
            sheet.freeze_panes(1, 2)
            sheet.set_column(0, len(table[0]), 26)
            for number, cells in enumerate(table):
                for column, text in enumerate(cells):
                    if text:
                        sheet.write_string(number, column, text, head if number == 0 else body)
    return buffer.getvalue()
