"""Put the shipped reference data in the database (`reference-data load`)."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models, transaction

from restanque.kit.text import search_key
from restanque.territories.models import (
    Commune,
    CommuneContour,
    CommuneStatistics,
    Departement,
    Epci,
    OldCommune,
    ReferenceLoad,
    Region,
    TownHall,
)
from restanque.territories.reference import tables
from restanque.territories.reference.sources import DATA_DIR, read_sources
from restanque.territories.reference.tables import Rows

_BATCH = 2_000


class CorruptDataError(RuntimeError):
    """A data file is not the one that `sources.json` describes."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """Rows written per file, in the order of loading; empty when the data were already there."""

    digest: str
    rows: dict[str, int]
    seconds: float

    def __str__(self) -> str:
        if not self.rows:
            return "Données de référence déjà à jour."
        communes = self.rows[tables.COMMUNES]
        return f"Données de référence chargées : {communes} communes, en {self.seconds:.1f} s."


def load(data_dir: Path = DATA_DIR, *, force: bool = False) -> LoadReport:
    """Load every file in one transaction; does nothing when the same data are already loaded.

    A commune or an EPCI that a later vintage no longer has stays, marked as no longer current:
    records may point to it. Raises `CorruptDataError` when a file does not match its SHA-256.
    """
    started = time.perf_counter()
    digest, described = read_sources(data_dir)
    last = ReferenceLoad.objects.first()
    if not force and last is not None and last.digest == digest:
        return LoadReport(digest, {}, 0.0)
    for source in described:
        if tables.sha256(data_dir / source.file) != source.sha256:
            raise CorruptDataError(f"{source.file}: SHA-256 is not the one of sources.json")
    with transaction.atomic():
        rows = write_tables(lambda name: tables.read_rows(data_dir / name))
        ReferenceLoad.objects.create(digest=digest)
    return LoadReport(digest, rows, time.perf_counter() - started)


def write_tables(read: Callable[[str], Rows]) -> dict[str, int]:
    """Write every table from the rows that `read` gives for a file name; rows written per file.

    `load` reads the shipped files; tests give a few communes.
    """
    return {name: write(read(name)) for name, write in _WRITERS.items()}


def _upsert(model: type[models.Model], instances: Iterable[models.Model]) -> int:
    """Insert or update by primary key; return the number of rows."""
    key = model._meta.pk.name
    fields = [f.name for f in model._meta.concrete_fields if f.name != key]
    written = model._default_manager.bulk_create(
        instances,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=[key],
        update_fields=fields,
    )
    return len(written)


def _regions(rows: Rows) -> int:
    return _upsert(Region, (Region(**row) for row in rows))


def _departements(rows: Rows) -> int:
    return _upsert(
        Departement,
        (Departement(code=row["code"], name=row["name"], region_id=row["region"]) for row in rows),
    )


def _epci(rows: Rows) -> int:
    Epci.objects.update(is_current=False)
    return _upsert(Epci, (Epci(**row, name_key=search_key(row["name"])) for row in rows))


def _communes(rows: Rows) -> int:
    Commune.objects.update(is_current=False)
    return _upsert(Commune, (_commune(row) for row in rows))


def _commune(row: dict[str, Any]) -> Commune:
    row["departement_id"] = row.pop("departement")
    row["epci_id"] = row.pop("epci")
    row["siren"] = row["siren"] or ""
    row["point_kind"] = row["point_kind"] or ""
    return Commune(**row, name_key=search_key(row["name"]))


def _old_communes(rows: Rows) -> int:
    OldCommune.objects.all().delete()
    entries = [
        OldCommune(**_with_commune_id(row), name_key=search_key(row["name"])) for row in rows
    ]
    return len(OldCommune.objects.bulk_create(entries, batch_size=_BATCH))


def _replace(model: type[models.Model]) -> Callable[[Rows], int]:
    """A writer for a table keyed by commune: rows of communes no longer described go."""

    def write(rows: Rows) -> int:
        model._default_manager.all().delete()
        written = model._default_manager.bulk_create(
            (model(**_with_commune_id(row)) for row in rows), batch_size=_BATCH
        )
        return len(written)

    return write


def _contours(rows: Rows) -> int:
    CommuneContour.objects.all().delete()
    contours = (CommuneContour(commune_id=row["code"], wkb=row["wkb"]) for row in rows)
    return len(CommuneContour.objects.bulk_create(contours, batch_size=_BATCH))


def _with_commune_id(row: dict[str, Any]) -> dict[str, Any]:
    row["commune_id"] = row.pop("commune")
    return row


# In the order that foreign keys ask for.
_WRITERS: dict[str, Callable[[Rows], int]] = {
    tables.REGIONS: _regions,
    tables.DEPARTEMENTS: _departements,
    tables.EPCI: _epci,
    tables.COMMUNES: _communes,
    tables.OLD_COMMUNES: _old_communes,
    tables.TOWN_HALLS: _replace(TownHall),
    tables.STATISTICS: _replace(CommuneStatistics),
    tables.CONTOURS: _contours,
}
