"""A list as a file: the same rows, the same columns, raw values."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.html import strip_tags
from django.utils.safestring import SafeData

from restanque.kit import documents
from restanque.kit.lists.columns import PercentColumn

FORMATS = ("xlsx", "csv")
_RAW = (int, float, Decimal, dt.date, str, bool)


def export_table(
    table: Any,
    *,
    name: str,
    title: str,
    notes: list[tuple[str, str]],
    file_format: str,
    fictitious: bool,
) -> HttpResponse:
    """All the rows of the table, with its visible columns, as an XLSX or CSV download."""
    columns = [column for column in table.columns if not column.column.exclude_from_export]
    headers = [str(column.header) for column in columns]
    rows = [[_plain(row.get_cell_value(column.name)) for column in columns] for row in table.rows]
    if file_format == "csv":
        data = documents.csv_bytes(headers, rows, fictitious=fictitious)
    else:
        formats = {
            place: "0." + "0" * column.column.decimals + " %" if column.column.decimals else "0 %"
            for place, column in enumerate(columns)
            if isinstance(column.column, PercentColumn)
        }
        sheet = documents.Sheet(title, headers, rows, notes, formats)
        data = documents.xlsx_bytes([sheet], fictitious=fictitious)
    return documents.file_response(data, f"{name}.{file_format}")


def _plain(value: Any) -> Any:
    """A value a spreadsheet takes; HTML loses its tags."""
    if isinstance(value, SafeData):
        return strip_tags(str(value)).strip()
    return value if value is None or isinstance(value, _RAW) else str(value)
