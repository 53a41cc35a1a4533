"""Import a file from a shell, as the page does."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from restanque.accounts.models import Workspace
from restanque.core.imports import run_import
from restanque.core.imports.services import ImportRefused, outcome_sentence
from restanque.core.models import ImportRun, RowAction, RunStatus

EXIT_WITH_PROBLEMS = 2


class Command(BaseCommand):
    """Preview, import the valid rows, list the problems."""

    help = "Importe un fichier : restanque import NATURE FICHIER --workspace ESPACE [--dry-run]"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, from where, for whom."""
        parser.add_argument("kind", help="nature du fichier (voir la page Imports)")
        parser.add_argument("file", type=Path)
        parser.add_argument("--workspace", required=True, help="nom court de l’espace")
        parser.add_argument("--dry-run", action="store_true", help="relit sans rien écrire")
        parser.add_argument(
            "--with",
            dest="context",
            action="append",
            default=[],
            metavar="CLÉ=VALEUR",
            help="ce que la page demande à côté du fichier",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 2 when some rows are to be corrected, 1 when nothing could be read."""
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"L’espace « {options['workspace']} » n’existe pas.")
        unread = [pair for pair in options["context"] if "=" not in pair]
        if unread:
            raise CommandError(f"« {unread[0]} » : écrivez --with CLÉ=VALEUR.")
        path: Path = options["file"]
        try:
            run = run_import(
                kind=options["kind"],
                data=path.read_bytes(),
                filename=path.name,
                workspace=workspace,
                dry_run=options["dry_run"],
                context=dict(pair.split("=", 1) for pair in options["context"]),
            )
        except OSError as error:
            raise CommandError(
                f"Le fichier « {path} » ne peut pas être lu : {error.strerror}."
            ) from error
        except (ImportRefused, LookupError) as error:
            raise CommandError(str(error)) from error
        self._tell(run)
        if run.status == RunStatus.FAILED:
            raise CommandError(run.error)
        if run.error_count:
            raise SystemExit(EXIT_WITH_PROBLEMS)

    def _tell(self, run: ImportRun) -> None:
        verb = "Relu, rien n’est écrit" if run.status == RunStatus.PREVIEW else "Importé"
        self.stdout.write(f"{verb} : {outcome_sentence(run)}")
        for row in run.rows.filter(action=RowAction.ERROR).order_by("number"):
            self.stdout.write(row.problem)
