"""From a file's bytes to headers and numbered rows."""

import csv
import datetime as dt
import io
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from restanque.kit.tabular import grid as grid_reader
from restanque.kit.tabular.encoding import decode
from restanque.kit.tabular.grid import UNKNOWN_SHEET, filled

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None

_SEPARATORS = (";", "\t", "|", ",")
_ZIP, _OLD_OFFICE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
_HEADER_WITHIN = 20
READER = grid_reader.__file__


class TableError(ValueError):
    """The file cannot be read as a table; the message (French) says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most; beyond, the file is refused with the limit named."""

    max_bytes: int = 10 * 1024 * 1024
    max_unpacked_bytes: int = 200 * 1024 * 1024
    max_rows: int = 50_000
    max_columns: int = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the file: its number there (from 1) and its cells."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a file: one header, the rows below it that are not blank.

    Every row has as many cells as there are headers. `notes` says, in French, what was mended.
    """

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    header_row: int
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    separator: str = ""
    notes: tuple[str, ...] = field(default=())


def read_table(
    data: bytes, filename: str, *, sheet: str | None = None, limits: Limits | None = None
) -> Table:
    """Read a CSV, XLSX, XLS or ODS file; what it is is told by its content, not by its name.

    `sheet` names the sheet of a workbook (default: the first that holds something). Raises
    TableError when there is no table to read.
    """
    limits = limits or Limits()
    if not data.strip(b"\0 \r\n\t"):
        raise TableError(f"Le fichier « {filename} » est vide.")
    if len(data) > limits.max_bytes:
        raise TableError(
            f"Le fichier pèse {len(data) / 1024 / 1024:.0f} Mo ; la limite est de "
            f"{limits.max_bytes // 1024 // 1024} Mo. Découpez-le ou enlevez les images."
        )
    if data.startswith(_PDF):
        raise TableError(
            "C’est un PDF : demandez le tableur d’origine (Excel, LibreOffice ou CSV)."
        )
    if data.startswith((_ZIP, _OLD_OFFICE)):
        return _read_workbook(data, filename, sheet, limits)
    return _read_text(data, limits)


def _read_workbook(data: bytes, filename: str, wanted: str | None, limits: Limits) -> Table:
    if data.startswith(_ZIP):
        _refuse_bomb(data, filename, limits)
    names, name, grid = _grid_of(data, filename, wanted or "")
    if name == UNKNOWN_SHEET:
        raise TableError(f"Il n’y a pas de feuille « {wanted} ». Feuilles : {', '.join(names)}.")
    if not grid:
        raise TableError(f"Le classeur « {filename} » ne contient aucune donnée.")
    table = _build(enumerate(grid, 1), limits)
    notes = table.notes
    if len(names) > 1 and wanted is None:
        notes = (*notes, f"Feuille lue : « {name} » (sur {len(names)}).")
    return Table(table.headers, table.rows, table.header_row, name, tuple(names), notes=notes)


def _grid_of(data: bytes, filename: str, wanted: str) -> tuple[list[str], str, list[list[Cell]]]:
    """The sheet's cells, read by a process whose memory and time are bounded."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-I", READER, wanted], input=data, check=False, capture_output=True
    )
    if done.returncode == 0:
        found: tuple[list[str], str, list[list[Cell]]] = pickle.loads(done.stdout)  # noqa: S301
        return found
    if done.returncode < 0 or b"MemoryError" in done.stderr:
        raise TableError(
            f"« {filename} » est trop volumineux une fois ouvert. Découpez-le, ou copiez les "
            "seules cellules remplies dans un classeur neuf."
        )
    # The library raises several unrelated exceptions on damaged files, and panics on some.
    raise TableError(
        f"« {filename} » ne s’ouvre pas comme un classeur. Ouvrez-le dans votre tableur et "
        "enregistrez-le à nouveau au format .xlsx ou .ods."
    )


def _refuse_bomb(data: bytes, filename: str, limits: Limits) -> None:
    """A small archive may unpack to gigabytes: its announced size is read first."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise TableError(
            f"« {filename} » est abîmé : enregistrez-le à nouveau et recommencez."
        ) from error
    if unpacked > limits.max_unpacked_bytes:
        raise TableError(f"« {filename} » est trop volumineux une fois ouvert. Découpez-le.")


def _read_text(data: bytes, limits: Limits) -> Table:
    decoded = decode(data)
    text, notes = decoded.text, list(decoded.notes)
    first_line, _, rest = text.partition("\n")
    declared = first_line.strip().lower()
    if declared.startswith("sep=") and len(declared) == 5:
        # Excel's own directive: kept as a (blank) first row so that row numbers stay true.
        separator, text = first_line.strip()[4], "\n" + rest
    else:
        separator = _guess_separator(text)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise TableError(
            "Le fichier n’est pas un tableau lisible : un guillemet n’est peut-être pas refermé."
        ) from error
    table = _build(enumerate(records, 1), limits)
    return Table(
        table.headers,
        table.rows,
        table.header_row,
        encoding=decoded.encoding,
        separator=separator,
        notes=(*notes, *table.notes),
    )


def _guess_separator(text: str) -> str:
    """The separator that cuts most lines into as many columns as the widest common cut."""
    sample = "\n".join(text.splitlines()[:60])
    best, best_score = ";", (0, 0)
    for separator in _SEPARATORS:
        try:
            rows = [r for r in csv.reader(io.StringIO(sample), delimiter=separator) if filled(r)]
        except csv.Error:
            continue
        widths = [len(row) for row in rows if len(row) > 1]
        if not widths:
            continue
        usual = max(set(widths), key=lambda w: (widths.count(w), w))
        score = (widths.count(usual), usual)
        if score > best_score:
            best, best_score = separator, score
    return best


def _build(numbered: Iterable[tuple[int, Sequence[Cell]]], limits: Limits) -> Table:
    rows = [(number, tuple(_tidy(c) for c in cells)) for number, cells in numbered if filled(cells)]
    if not rows:
        raise TableError("Le fichier ne contient aucune donnée.")
    if len(rows) > limits.max_rows + 1:
        raise TableError(
            f"Le fichier a {len(rows)} lignes ; la limite est de {limits.max_rows}. Découpez-le."
        )
    at = _header_index([cells for _, cells in rows])
    header_row, header_cells = rows[at]
    body = rows[at + 1 :]
    width = max((_width(cells) for _, cells in rows[at:]), default=0)
    if width > limits.max_columns:
        raise TableError(f"Le fichier a {width} colonnes ; la limite est de {limits.max_columns}.")
    headers = tuple(
        _header(header_cells[i] if i < len(header_cells) else None, i) for i in range(width)
    )
    padded = (Row(number, (cells + (None,) * width)[:width]) for number, cells in body)
    notes = () if at == 0 else (f"L’en-tête a été trouvé à la ligne {header_row}.",)
    return Table(headers, tuple(padded), header_row, notes=notes)


def _header_index(rows: Sequence[Sequence[Cell]]) -> int:
    """The header is the first row with two filled cells: titles above it have one."""
    for index, cells in enumerate(rows[:_HEADER_WITHIN]):
        if sum(cell is not None for cell in cells) > 1:
            return index
    return 0


def _header(cell: Cell, index: int) -> str:
    return " ".join(str(cell).split()) if cell is not None else f"(colonne {index + 1})"


def _tidy(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    stripped = cell.replace("\0", "").strip(" \t\r\n\u00a0\u202f\ufeff")
    return stripped or None


def _width(cells: Sequence[Cell]) -> int:
    return max((i + 1 for i, cell in enumerate(cells) if cell is not None), default=0)
