"""Bring a backup back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from restanque.core.backups import BackupError, restore_backup


class Command(BaseCommand):
    """Verified first; refused over existing work unless forced."""

    help = "Restaure une sauvegarde. Arrêtez d’abord l’application."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From where."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--force", action="store_true", help="remplace ce qui existe, après l’avoir sauvegardé"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what is back."""
        try:
            manifest = restore_backup(options["file"], force=options["force"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Restauré : sauvegarde du {manifest.created_at[:10]}, version {manifest.version}."
        )
