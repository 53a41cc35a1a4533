"""The file to fill: the declared columns as a workbook with drop-downs and its help."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from restanque.kit.tabular.columns import KIND_WORDS, Column, help_rows

FILLABLE_ROWS = 5000
_FORMATS = {"date": "dd/mm/yyyy", "integer": "0", "number": "General"}


def template_workbook(
    columns: Sequence[Column], *, title: str, rows: Sequence[Sequence[Any]] = ()
) -> bytes:
    """An .xlsx whose first sheet is to be filled, the second says how.

    No example row in the sheet: it would be imported. Text columns are formatted as text so that
    codes keep their zeros. `rows` pre-fills (values in the order of the columns).
    """
    buffer = io.BytesIO()
    # Dates typed in the file stay dates; a string that starts with = stays a string.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        data = workbook.add_worksheet(_sheet_name(title))
        guide = workbook.add_worksheet("Mode d’emploi")
        _fill_guide(workbook, guide, columns)
        _fill_data(workbook, data, columns, rows)
    return buffer.getvalue()


def _fill_data(
    workbook: Any, sheet: Any, columns: Sequence[Column], rows: Sequence[Sequence[Any]]
) -> None:
    header = {"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom"}
    required = workbook.add_format({**header, "bg_color": "#E4E8D4"})
    optional = workbook.add_format(header)
    lists = None
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.title, required if column.required else optional)
        pattern = _FORMATS.get(column.kind, "@")
        sheet.set_column(
            place,
            place,
            max(14, len(column.title) + 2),
            workbook.add_format({"num_format": pattern}),
        )
        rule: dict[str, Any] = {
            "validate": "any",
            "input_title": column.title[:32],
            "input_message": _message(column),
        }
        if column.choices:
            lists = lists or workbook.add_worksheet("Listes")
            labels = list(column.choices.values())
            lists.write_column(0, place, labels)
            letter = xl_col_to_name(place)
            rule |= {
                "validate": "list",
                "source": f"=Listes!${letter}$1:${letter}${len(labels)}",
                "error_title": "Hors de la liste",
                "error_message": "Choisissez une valeur de la liste.",
            }
        sheet.data_validation(1, place, FILLABLE_ROWS, place, rule)
    if lists is not None:
        lists.hide()
    date_format = workbook.add_format({"num_format": _FORMATS["date"]})
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            if columns[place].kind == "date" and value is not None:
                sheet.write_datetime(number, place, value, date_format)
            else:
                sheet.write(number, place, value)
    sheet.freeze_panes(1, 0)


def _fill_guide(workbook: Any, sheet: Any, columns: Sequence[Column]) -> None:
    bold = workbook.add_format({"bold": True, "bottom": 2})
    wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
    titles = ("Colonne", "Obligatoire", "Ce qui est attendu", "Exemple", "Précision")
    for place, (name, width) in enumerate(zip(titles, (28, 12, 46, 24, 60), strict=True)):
        sheet.write_string(0, place, name, bold)
        sheet.set_column(place, place, width)
    for number, line in enumerate(help_rows(columns), 1):
        cells = (
            line.title,
            "oui" if line.required else "non",
            line.expects,
            line.example,
            line.help,
        )
        for place, cell in enumerate(cells):
            sheet.write_string(number, place, cell, wrap)
    sheet.freeze_panes(1, 0)


def _message(column: Column) -> str:
    parts = [
        "Obligatoire." if column.required else "Facultatif.",
        f"Attendu : {KIND_WORDS[column.kind]}.",
        f"Exemple : {column.example}." if column.example else "",
        column.help,
    ]
    return " ".join(part for part in parts if part)[:255]


def _sheet_name(title: str) -> str:
    """Excel refuses some characters in a sheet's name, and more than 31 of them."""
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31].strip() or "Données"
