"""Reading the tables people send: tolerant of the file, strict on what is kept.

`read_table` opens CSV, XLSX, XLS and ODS; `validate_rows` checks them against declared columns
and names every problem with its row, column, value and mend. No Django here.
"""

from restanque.kit.tabular.columns import Column, HelpRow, help_rows
from restanque.kit.tabular.reading import Cell, Limits, Row, Table, TableError, read_table
from restanque.kit.tabular.validation import Problem, ValidatedRows, ValidRow, validate_rows
from restanque.kit.tabular.workbook import template_workbook

__all__ = [
    "Cell",
    "Column",
    "HelpRow",
    "Limits",
    "Problem",
    "Row",
    "Table",
    "TableError",
    "ValidRow",
    "ValidatedRows",
    "help_rows",
    "read_table",
    "template_workbook",
    "validate_rows",
]
