"""The archive: a zip with the database, the files, the instance's key, and a manifest.

    manifest.json          versions, date, and the sha256 of everything else
    database.sqlite3       or database.sql (pg_dump), or database.jsonl (portable: Django's
                           « jsonl » serialisation, one row a line, that any engine reads)
    files/…                what people uploaded, and the results of jobs
    secret.key             personal links are derived from it: without it they would all die

The database is copied first, at one instant, while the application works.
"""

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from restanque import __version__
from restanque.core.backups import databases
from restanque.core.backups.errors import BackupError

FORMAT = 1
MANIFEST, KEY, FILES = "manifest.json", "secret.key", "files"
BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds. `entries` maps each name to its sha256."""

    format: int
    version: str
    created_at: str
    engine: str
    database: str
    migrations: dict[str, str]
    entries: dict[str, str]


def write_backup(target: Path, *, portable: bool = False) -> Manifest:
    """Write the archive, readable by its owner only; it takes its name once complete.

    `portable` writes the database as rows that another engine can read, instead of the engine's
    own copy.
    """
    if target.exists():
        raise BackupError(f"« {target} » existe déjà : choisissez un autre nom.")
    if not target.parent.is_dir():
        raise BackupError(f"Le dossier « {target.parent} » n’existe pas.")
    partial = target.with_name(f"{target.name}.en-cours")
    entries: dict[str, str] = {}
    try:
        with (
            open(partial, "xb", opener=_private) as out,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
        ):
            with tempfile.TemporaryDirectory(dir=target.parent) as folder:
                copy = databases.dump(Path(folder), portable=portable)
                entries[copy.name] = _add(archive, copy, copy.name)
            for path, name in _files():
                entries[name] = _add(archive, path, name)
            manifest = _manifest(copy.name, entries)
            text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
            archive.writestr(MANIFEST, text)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def check(archive: zipfile.ZipFile) -> Manifest:
    """Read the manifest and verify every byte against it. Raises BackupError."""
    try:
        known: dict[str, Any] = json.loads(archive.read(MANIFEST))
        manifest = Manifest(**known)
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise BackupError("Ce fichier n’est pas une sauvegarde de Restanque.") from error
    if manifest.format > FORMAT:
        raise BackupError(
            f"Cette sauvegarde vient d’une version plus récente ({manifest.version}) : "
            "mettez d’abord l’application à jour."
        )
    names = {name for name in archive.namelist() if name != MANIFEST}
    if names != set(manifest.entries) or not all(_is_safe(name) for name in names):
        raise BackupError("Le contenu de la sauvegarde n’est pas celui de son inventaire.")
    for name, expected in manifest.entries.items():
        try:
            with archive.open(name) as entry:
                found = _digest(entry)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise BackupError(f"La sauvegarde est abîmée : « {name} ».") from error
        if found != expected:
            raise BackupError(f"La sauvegarde est abîmée : « {name} ».")
    return manifest


def _manifest(database: str, entries: dict[str, str]) -> Manifest:
    applied = MigrationRecorder(connection).applied_migrations()
    return Manifest(
        format=FORMAT,
        version=__version__,
        created_at=timezone.now().isoformat(),
        engine=connection.vendor,
        database=database,
        # The last one of each application tells whether the code at hand knows this base.
        migrations=dict(sorted(applied)),
        entries=entries,
    )


def _files() -> Iterator[tuple[Path, str]]:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path, f"{FILES}/{path.relative_to(root).as_posix()}"
    key = settings.DATA_DIR / KEY
    if key.is_file():
        yield key, KEY


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as entry:
        while block := source.read(BLOCK):
            digest.update(block)
            entry.write(block)
    return digest.hexdigest()


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := stream.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _is_safe(name: str) -> bool:
    """A name that cannot be written outside of its folder."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
