"""Exports of answers, for spreadsheets, statistical software and the public (README.md)."""

from restanque.surveys.exports.formats import FORMATS, Format, make
from restanque.surveys.exports.source import Source
from restanque.surveys.exports.tables import Table, codebook, tables_of
from restanque.surveys.exports.workbook import export_xlsx, export_zip

__all__ = [
    "FORMATS",
    "Format",
    "Source",
    "Table",
    "codebook",
    "export_xlsx",
    "export_zip",
    "make",
    "tables_of",
]
