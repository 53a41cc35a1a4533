"""Creates a territory from EPCI or communes."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from restanque.accounts.models import Workspace
from restanque.territories.models import TerritoryKind
from restanque.territories.services import create_territory


class Command(BaseCommand):
    """`restanque territory create --name … --epci SIREN… | --communes CODE…`."""

    help = "Crée un territoire à partir d’intercommunalités ou d’une liste de communes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One action: create."""
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="crée un territoire")
        create.add_argument("--name", required=True)
        create.add_argument("--workspace", help="nom court de l’espace (s’il y en a plusieurs)")
        create.add_argument("--kind", choices=TerritoryKind.values, default="pat")
        create.add_argument("--epci", nargs="*", default=[], metavar="SIREN")
        create.add_argument("--communes", nargs="*", default=[], metavar="CODE")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        """Create it and say what it holds."""
        if not options["epci"] and not options["communes"]:
            raise CommandError("Indiquez --epci SIREN… ou --communes CODE….")
        try:
            territory = create_territory(
                workspace=_workspace(options["workspace"]),
                name=name,
                kind=options["kind"],
                epci_sirens=options["epci"],
                commune_codes=options["communes"],
                valid_from=timezone.localdate(),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        count = territory.communes_at(timezone.localdate()).count()
        self.stdout.write(f"Territoire « {territory.name} » créé : {count} communes.")


def _workspace(slug: str | None) -> Workspace:
    found = list(Workspace.objects.filter(slug=slug) if slug else Workspace.objects.all()[:2])
    if len(found) == 1:
        return found[0]
    known = ", ".join(Workspace.objects.values_list("slug", flat=True))
    raise CommandError(
        f"Précisez --workspace : {known}."
        if known
        else "Ouvrez d’abord un espace : workspace create."
    )
