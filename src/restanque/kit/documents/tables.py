"""Rows as a labelled workbook or a CSV that French spreadsheets open rightly."""

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils import timezone

from restanque.kit.text import parse_number

FICTITIOUS = "Données fictives"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: headers, rows, and notes (label, text) that say what it is, from whom, when.

    `formats` gives the number format of a column by its place, where the default does not do.
    """

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    notes: Sequence[tuple[str, str]] = ()
    formats: Mapping[int, str] = field(default_factory=dict)


def csv_bytes(
    headers: Sequence[str], rows: Sequence[Sequence[Any]], *, fictitious: bool = False
) -> bytes:
    """UTF-8 with BOM, « ; », decimal comma, jj/mm/aaaa: what opens rightly by a double click.

    A text that a spreadsheet would run as a formula is preceded by an apostrophe.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    if fictitious:
        writer.writerow([FICTITIOUS])
    writer.writerow([_csv_cell(h) for h in headers])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float | Decimal):
        return format(Decimal(str(value)), "f").replace(".", ",")
    if isinstance(value, dt.datetime):
        return f"{_naive(value):%d/%m/%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    text = str(value)
    return f"'{text}" if text.startswith(_DANGEROUS) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        parse_number(text)
    except ValueError:
        return False
    return True


def xlsx_bytes(sheets: Sequence[Sheet], *, fictitious: bool = False) -> bytes:
    """A workbook: a header that stays in view, filters, typed cells, and a sheet of notes.

    No cell is ever a formula or a link. Fictitious workbooks say so on the first row of every
    sheet and in print.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        names: set[str] = set()
        for sheet in sheets:
            _write_sheet(workbook, sheet, _unique_name(sheet.title, names), fictitious)
        notes = [(sheet.title, note) for sheet in sheets for note in sheet.notes]
        if notes:
            _write_notes(workbook, notes, _unique_name("À propos", names), fictitious)
    return buffer.getvalue()


def _write_sheet(workbook: Any, sheet: Sheet, name: str, fictitious: bool) -> None:
    page = workbook.add_worksheet(name)
    head = workbook.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom"})
    top = _mark(workbook, page, fictitious)
    for place, header in enumerate(sheet.headers):
        page.write_string(top, place, str(header), head)
        column = [row[place] for row in sheet.rows if place < len(row)]
        pattern = sheet.formats.get(place) or _pattern(column)
        page.set_column(place, place, None, workbook.add_format({"num_format": pattern}))
    for number, row in enumerate(sheet.rows, top + 1):
        for place, value in enumerate(row):
            _write_cell(page, number, place, value)
    page.autofit(420)
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    if sheet.rows and sheet.headers:
        page.autofilter(top, 0, top + len(sheet.rows), len(sheet.headers) - 1)


def _write_notes(
    workbook: Any, notes: Sequence[tuple[str, tuple[str, str]]], name: str, fictitious: bool
) -> None:
    page = workbook.add_worksheet(name)
    bold = workbook.add_format({"bold": True, "valign": "top"})
    wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
    top = _mark(workbook, page, fictitious)
    several = len({title for title, _ in notes}) > 1
    for number, (title, (label, text)) in enumerate(notes, top):
        page.write_string(number, 0, f"{title} : {label}" if several else label, bold)
        page.write_string(number, 1, text, wrap)
    page.set_column(0, 0, 28)
    page.set_column(1, 1, 90)


def _mark(workbook: Any, page: Any, fictitious: bool) -> int:
    """Write the mark on the first row when it is due; the first row left free."""
    if not fictitious:
        return 0
    mark = workbook.add_format({"bold": True, "font_color": "#7A4B0A", "bg_color": "#F8EAD0"})
    page.write_string(0, 0, FICTITIOUS, mark)
    page.set_header(f"&L{FICTITIOUS}")
    return 1


def _write_cell(page: Any, row: int, place: int, value: Any) -> None:
    if value is None:
        page.write_blank(row, place, None)
    elif isinstance(value, bool):
        page.write_string(row, place, "oui" if value else "non")
    elif isinstance(value, int | float | Decimal):
        page.write_number(row, place, float(value))
    elif isinstance(value, dt.datetime):
        page.write_datetime(row, place, _naive(value))
    elif isinstance(value, dt.date):
        page.write_datetime(row, place, value)
    else:
        page.write_string(row, place, str(value)[:32_767])


def _pattern(values: Sequence[Any]) -> str:
    """The number format a column of values asks for; Excel shows it the reader's way."""
    filled = [value for value in values if value is not None]
    if any(isinstance(value, dt.datetime) for value in filled):
        return "dd/mm/yyyy hh:mm"
    if any(isinstance(value, dt.date) for value in filled):
        return "dd/mm/yyyy"
    numbers = [
        v for v in filled if isinstance(v, int | float | Decimal) and not isinstance(v, bool)
    ]
    if not numbers:
        return "@"
    if all(Decimal(str(v)) == int(v) for v in numbers):
        # A column of years is not grouped by thousands.
        return "0" if all(int(v) in _YEARS for v in numbers) else "#,##0"
    return "#,##0.00"


def _naive(moment: dt.datetime) -> dt.datetime:
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def _unique_name(title: str, taken: set[str]) -> str:
    """A sheet name Excel accepts: 31 characters, none of []:*?/\\, unique whatever the case."""
    base = "".join(c for c in title if c not in "[]:*?/\\").strip(" '") or "Feuille"
    name, suffix = base[:31].rstrip(), 2
    while name.lower() in taken:
        name = f"{base[:27].rstrip()} {suffix}"
        suffix += 1
    taken.add(name.lower())
    return name
