"""Parquet: typed columns with their labels in the schema, for Python, R and DuckDB."""

import io
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from restanque.surveys.exports.source import Source
from restanque.surveys.exports.tables import codebook
from restanque.surveys.exports.variables import MARK, Measure, Variable, variables_of

_TYPES = {
    Measure.TEXT: pa.string(),
    Measure.NUMBER: pa.float64(),
    Measure.DATE: pa.date32(),
    Measure.CODE: pa.int16(),
}


def parquet(source: Source) -> bytes:
    """One row an answer. Each field's metadata holds `label` and, for codes, `values`.

    The schema's metadata say what it is (`restanque`) and repeat the codebook.
    """
    variables = variables_of(source)
    schema = pa.schema([_field(one) for one in variables], metadata=_about(source))
    arrays = [pa.array(_cells(one), type=_TYPES[one.measure]) for one in variables]
    out = io.BytesIO()
    table = pa.Table.from_arrays(arrays, schema=schema)
    # Column names and texts of the file stay readable as they are.
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def _field(variable: Variable) -> pa.Field:
    about = {"label": variable.label}
    if variable.values:
        about["values"] = json.dumps(
            {number: [code, label] for number, code, label in variable.values}, ensure_ascii=False
        )
    return pa.field(variable.name, _TYPES[variable.measure], metadata=about)


def _cells(variable: Variable) -> Sequence[Any]:
    if variable.measure == Measure.NUMBER:
        return [float(cell) if isinstance(cell, Decimal) else cell for cell in variable.cells]
    return list(variable.cells)


def _about(source: Source) -> dict[str, str]:
    headers, rows = codebook(source.campaign)
    return {
        "restanque": json.dumps(
            {
                "mention": MARK if source.fictitious else "",
                "fictitious": source.fictitious,
                "notes": dict(source.notes()),
            },
            ensure_ascii=False,
        ),
        "dictionnaire": json.dumps([headers, *rows], ensure_ascii=False),
    }
