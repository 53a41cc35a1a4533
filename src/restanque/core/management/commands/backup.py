"""Save everything in one file, while the application works."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from restanque.core.backups import BackupError, write_backup


class Command(BaseCommand):
    """Database, files, key: one archive, which holds personal data and accesses."""

    help = "Sauvegarde la base, les fichiers et la clé dans une archive .zip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where, and in which form."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--portable",
            action="store_true",
            help="lignes JSON lisibles par un autre moteur (SQLite vers PostgreSQL)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was saved."""
        try:
            manifest = write_backup(options["file"], portable=options["portable"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{options['file']} : {manifest.database} et {len(manifest.entries) - 1} fichier(s). "
            "Cette archive contient des données personnelles : gardez-la en lieu sûr."
        )
