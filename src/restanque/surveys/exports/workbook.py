"""The labelled workbook, and CSV files with their codebook."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from restanque.kit.documents import Sheet, csv_bytes, xlsx_bytes
from restanque.surveys.exports.source import Source
from restanque.surveys.exports.tables import codebook, tables_of
from restanque.surveys.models import Campaign

TEXTS = Path(__file__).parent / "texts"
# A zip writes the hour of its files: a fixed one, so that the same answers make the same file.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def export_xlsx(campaign: Campaign, *, only_validated: bool, today: datetime) -> bytes:
    """Sheets: answers with labels, answers with codes, one pair a series, the codebook."""
    return workbook(Source(campaign, only_validated, today))


def workbook(source: Source) -> bytes:
    """The same, from a source."""
    tables = tables_of(source.campaign, only_validated=source.only_validated, source=source)
    sheets = []
    for rank, table in enumerate(tables):
        first = source.notes() if rank == 0 else ()
        sheets.append(Sheet(table.name, table.headers, table.labelled, notes=first))
    sheets += [Sheet(f"{t.name} (codes)", t.codes, t.coded) for t in tables]
    headers, rows = codebook(source.campaign)
    sheets.append(Sheet("Dictionnaire", headers, rows))
    return xlsx_bytes(sheets, fictitious=source.fictitious)


def export_zip(campaign: Campaign, *, only_validated: bool, today: datetime) -> bytes:
    """CSV of codes, one a table, the codebook, and a note."""
    return csv_archive(Source(campaign, only_validated, today))


def csv_archive(source: Source) -> bytes:
    """The same, from a source."""
    fictitious = source.fictitious
    files = {}
    tables = tables_of(source.campaign, only_validated=source.only_validated, source=source)
    for rank, table in enumerate(tables):
        name = "reponses" if rank == 0 else f"serie-{rank}"
        files[f"{name}.csv"] = csv_bytes(table.codes, table.coded, fictitious=fictitious)
    headers, rows = codebook(source.campaign)
    files["dictionnaire.csv"] = csv_bytes(headers, rows, fictitious=fictitious)
    files["a-propos.csv"] = csv_bytes(("Quoi", "Texte"), source.notes(), fictitious=fictitious)
    return zipped(files)


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """An archive of these files; texts are written in UTF-8."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def readme(name: str, source: Source) -> bytes:
    """What an archive holds and how to use it, after what its data are."""
    about = "".join(f"{what}\u00a0: {text}\n" for what, text in source.notes())
    text = (TEXTS / f"{name}.txt").read_text("utf-8")
    return f"{about}\n{text}".replace("\n", "\r\n").encode("utf-8-sig")
