"""Bringing an archive back: verified before anything is touched, and never over work by mistake."""

import os
import shutil
import tempfile
import zipfile
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from restanque.core.backups import databases
from restanque.core.backups.archive import FILES, KEY, Manifest, check, write_backup
from restanque.core.backups.errors import BackupError


def restore_backup(source: Path, *, force: bool = False) -> Manifest:
    """Replace the instance's content by an archive's.

    Refused where somebody already works, unless `force`: then what was there is first saved
    beside the data (`avant-restauration-….zip`). Web and worker must be stopped. Raises
    BackupError, in French; until the very last step nothing has changed.
    """
    try:
        archive = zipfile.ZipFile(source)
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupError(f"« {source} » n’est pas une sauvegarde lisible.") from error
    with archive:
        manifest = check(archive)
        _refuse_misfit(manifest)
        if not databases.is_empty():
            if not force:
                raise BackupError(
                    "Cette instance contient déjà des comptes ou un espace : rien n’est changé. "
                    "Avec --force, son contenu est d’abord sauvegardé, puis remplacé."
                )
            write_backup(_spare_name())
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
            archive.extractall(folder)
            databases.load(Path(folder) / manifest.database)
            _bring_files(Path(folder))
            _bring_key(Path(folder))
    return manifest


def _refuse_misfit(manifest: Manifest) -> None:
    reason = databases.can_load(manifest.database)
    if reason:
        raise BackupError(reason)
    newer = databases.unknown_migrations(manifest.migrations)
    if newer:
        raise BackupError(
            f"La sauvegarde vient d’une version plus récente ({manifest.version}) : "
            f"mettez d’abord l’application à jour. Tables en avance : {', '.join(newer)}."
        )


def _spare_name() -> Path:
    moment = timezone.localtime()
    name: Path = settings.DATA_DIR / f"avant-restauration-{moment:%Y%m%d-%H%M%S-%f}.zip"
    return name


def _bring_files(folder: Path) -> None:
    root = Path(settings.MEDIA_ROOT)
    if root.exists():
        shutil.rmtree(root)
    root.parent.mkdir(parents=True, exist_ok=True)
    if (folder / FILES).exists():
        shutil.move(folder / FILES, root)
        for path in root.rglob("*"):
            path.chmod(0o700 if path.is_dir() else settings.FILE_UPLOAD_PERMISSIONS)
    else:
        root.mkdir()


def _bring_key(folder: Path) -> None:
    """The key by which personal links live; one given by the environment stays in force."""
    if (folder / KEY).exists():
        target = settings.DATA_DIR / KEY
        shutil.move(folder / KEY, target)
        os.chmod(target, 0o600)
