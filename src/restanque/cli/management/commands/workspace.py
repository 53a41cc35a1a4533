"""Opens a team's workspace."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from restanque.accounts.models import Role, Workspace
from restanque.accounts.services import add_member, create_workspace


class Command(BaseCommand):
    """`restanque workspace create --name … --admin EMAIL`."""

    help = "Ouvre l’espace d’une équipe, avec la personne qui l’administre."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One action: create."""
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="ouvre un espace")
        create.add_argument("--name", required=True, help="nom de l’équipe")
        create.add_argument("--admin", required=True, help="adresse de la personne qui administre")

    def handle(self, *args: Any, name: str, admin: str, **options: Any) -> None:
        """Create the workspace and its first administrator, or neither."""
        if Workspace.objects.filter(name=name).exists():
            # Two teams of one name could not be told apart on the page that offers them.
            raise CommandError(f"Un espace « {name} » existe déjà : choisissez un autre nom.")
        try:
            with transaction.atomic():
                workspace = create_workspace(name=name)
                add_member(workspace=workspace, email=admin, role=Role.ADMINISTRATOR)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Espace « {workspace.name} » ouvert (nom court : {workspace.slug}).")
