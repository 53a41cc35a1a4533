"""Measures road distances on the user's own OpenStreetMap extract."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from restanque.engine.roads import RoadsError
from restanque.territories.models import Territory


class Command(BaseCommand):
    """`restanque distances build FILE.osm.pbf --territory NUMBER`."""

    help = "Mesure les distances par la route sur un extrait OpenStreetMap (option « roads »)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One action: build."""
        actions = parser.add_subparsers(dest="action", required=True)
        build = actions.add_parser("build", help="mesure et enregistre une table de distances")
        build.add_argument("file", type=Path, metavar="FILE.osm.pbf")
        build.add_argument(
            "--territory", type=int, required=True, metavar="NUMBER", help="numéro du territoire"
        )
        build.add_argument(
            "--minutes", type=float, default=60.0, help="trajets les plus longs mesurés (60)"
        )
        build.add_argument("--name", default="", help="nom de la table (celui du fichier)")

    def handle(self, *args: Any, file: Path, territory: int, **options: Any) -> None:
        """Read, measure, keep, and say what was measured."""
        # Loaded here: scipy and numba weigh more than the other commands together.
        from restanque.supply.osm_roads import read_roads
        from restanque.supply.services.distances import measure_on_roads

        subject = Territory.objects.filter(pk=territory).first()
        if subject is None:
            known = ", ".join(f"{one.pk} ({one.name})" for one in Territory.objects.order_by("pk"))
            raise CommandError(f"Territoire {territory} inconnu. Connus : {known or 'aucun'}.")
        if options["minutes"] <= 0:
            raise CommandError("--minutes attend une durée positive, par exemple 60.")
        try:
            report = measure_on_roads(
                territory=subject,
                roads=read_roads(file),
                name=options["name"] or file.name,
                limit_minutes=options["minutes"],
                today=timezone.localdate(),
            )
        except (RoadsError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(report)
