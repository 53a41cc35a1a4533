"""Copying a database out and in: by the engine's own means, or as portable rows."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db import connection, models, router
from django.db.migrations.executor import MigrationExecutor

from restanque.core.backups.errors import BackupError

SQLITE, PG_DUMP, PORTABLE = "database.sqlite3", "database.sql", "database.jsonl"
# Made again by Django itself, or without worth in another place.
LEFT_OUT = {"contenttypes.ContentType", "auth.Permission", "sessions.Session"}


def dump(folder: Path, *, portable: bool = False) -> Path:
    """Copy the whole database at one instant into a folder; the file made."""
    if portable:
        return _dump_rows(folder / PORTABLE)
    if connection.vendor == "sqlite":
        return _copy_sqlite(folder / SQLITE)
    if _has_postgresql_programs():
        return _dump_postgresql(folder / PG_DUMP)
    return _dump_rows(folder / PORTABLE)


def load(source: Path) -> None:
    """Replace the database's content by a copy's, then bring its tables up to date."""
    {SQLITE: _load_sqlite, PG_DUMP: _load_postgresql, PORTABLE: _load_rows}[source.name](source)


def can_load(name: str) -> str:
    """Why this database cannot take a copy of that kind, in French; "" when it can."""
    if name == SQLITE and connection.vendor != "sqlite":
        return (
            "Cette sauvegarde est une base SQLite : refaites-la avec « backup --portable » "
            "pour la restaurer ici."
        )
    if name == PG_DUMP and (connection.vendor != "postgresql" or not shutil.which("psql")):
        return (
            "Cette sauvegarde demande PostgreSQL et sa commande psql : sinon, refaites-la "
            "avec « backup --portable »."
        )
    return "" if name in (SQLITE, PG_DUMP, PORTABLE) else "Cette sauvegarde n’a pas de base connue."


def is_empty() -> bool:
    """Whether nobody works here yet: no tables, or no account and no workspace."""
    if "accounts_user" not in connection.introspection.table_names():
        return True
    rooms = (apps.get_model("accounts", name) for name in ("User", "Workspace"))
    return not any(model._default_manager.exists() for model in rooms)


def unknown_migrations(migrations: dict[str, str]) -> list[str]:
    """Applications whose tables are newer in the copy than in the code at hand."""
    known = MigrationExecutor(connection).loader.disk_migrations
    return [app for app, name in migrations.items() if (app, name) not in known]


def _copy_sqlite(target: Path) -> Path:
    connection.ensure_connection()
    copy = sqlite3.connect(target)
    try:
        connection.connection.backup(copy)
        _check_sqlite(copy)
    finally:
        copy.close()
    return target


def _load_sqlite(source: Path) -> None:
    copy = sqlite3.connect(source)
    try:
        _check_sqlite(copy)
        connection.ensure_connection()
        copy.backup(connection.connection)
    finally:
        copy.close()
    connection.close()
    call_command("migrate", verbosity=0, interactive=False)


def _check_sqlite(base: sqlite3.Connection) -> None:
    answer = base.execute("PRAGMA integrity_check").fetchone()
    if answer != ("ok",):
        raise BackupError(f"La base SQLite est abîmée ({answer[0]}).")


def _dump_postgresql(target: Path) -> Path:
    _run("pg_dump", "--no-owner", "--no-privileges", "--clean", "--if-exists", f"--file={target}")
    return target


def _load_postgresql(source: Path) -> None:
    connection.close()
    _run(
        "psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction",
        f"--file={source}",
    )  # fmt: skip
    call_command("migrate", verbosity=0, interactive=False)


def _has_postgresql_programs() -> bool:
    """pg_dump refuses a server newer than itself: then rows are written instead."""
    program = shutil.which("pg_dump")
    if program is None or shutil.which("psql") is None:
        return False
    connection.ensure_connection()
    said = subprocess.run(  # noqa: S603
        [program, "--version"], check=False, capture_output=True, text=True
    ).stdout
    version = re.search(r"(\d+)\.\d+", said)
    server: int = connection.pg_version // 10_000  # type: ignore[attr-defined]
    return version is not None and int(version[1]) >= server


def _run(program: str, *arguments: str) -> None:
    """Run a PostgreSQL program on our database; the password goes by the environment."""
    values = connection.get_connection_params()
    names = {
        "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
    }  # fmt: skip
    given = {names[key]: str(value) for key, value in values.items() if key in names and value}
    done = subprocess.run(  # noqa: S603
        [shutil.which(program) or program, *arguments],
        env={**os.environ, **given},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise BackupError(f"La commande {program} a échoué : {done.stderr.strip()[-500:]}")


def _dump_rows(target: Path) -> Path:
    with target.open("w", encoding="utf-8") as out:
        serializers.serialize("jsonl", _all_rows(), stream=out)
    return target


def _all_rows() -> Iterator[models.Model]:
    for model in _models():
        yield from model._default_manager.order_by("pk").iterator(chunk_size=2000)


def _models() -> list[Any]:
    """Every table of ours, those that others point to first."""
    wanted = [
        (config, [m for m in config.get_models() if _is_kept(m)])
        for config in apps.get_app_configs()
    ]
    return list(serializers.sort_dependencies(wanted, allow_cycles=True))


def _is_kept(model: type[models.Model]) -> bool:
    return (
        model._meta.managed
        and not model._meta.proxy
        and model._meta.label not in LEFT_OUT
        and router.allow_migrate_model("default", model)
    )


def _load_rows(source: Path) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("flush", verbosity=0, interactive=False)
    call_command("loaddata", str(source), verbosity=0)
