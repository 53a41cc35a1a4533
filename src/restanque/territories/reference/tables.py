"""Writing the data files: one way, so that the same input always gives the same bytes."""

import hashlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

COMMUNES = "communes.parquet"
EPCI = "epci.parquet"
DEPARTEMENTS = "departements.parquet"
REGIONS = "regions.parquet"
OLD_COMMUNES = "old_communes.parquet"
TOWN_HALLS = "town_halls.parquet"
CONTOURS = "contours.parquet"
STATISTICS = "statistics.parquet"

Rows = list[dict[str, Any]]

_TYPES = {
    str: pa.string(),
    int: pa.int32(),
    float: pa.float64(),
    bytes: pa.binary(),
}


def write_rows(path: Path, columns: dict[str, type], rows: Rows) -> None:
    """Write `rows` as zstd Parquet with exactly `columns` (name → str, int, float or bytes).

    A missing value is null: unknown is never zero. Raises `KeyError` on a missing column.
    """
    schema = pa.schema([(name, _TYPES[kind]) for name, kind in columns.items()])
    arrays = [[row[name] for row in rows] for name in columns]
    table = pa.table(
        [pa.array(values, type=field.type) for values, field in zip(arrays, schema, strict=True)],
        schema=schema,
    )
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=19,
        store_schema=False,
        write_statistics=False,
        # Measured: one page without dictionary lets zstd see the whole column (15 % smaller).
        row_group_size=1_000_000,
        data_page_size=64 << 20,
        use_dictionary=False,
        column_encoding={
            name: "BYTE_STREAM_SPLIT" if kind is int else "PLAIN" for name, kind in columns.items()
        },
    )


def read_rows(path: Path) -> Rows:
    """Read a file of `write_rows` back as a list of dicts."""
    rows: Rows = pq.read_table(path).to_pylist()
    return rows


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
