"""Adds a person, or gives a link to enter when e-mail does not work yet."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from restanque.accounts.models import Role, User, Workspace
from restanque.accounts.services import add_member
from restanque.accounts.signin import sign_in_url


class Command(BaseCommand):
    """`restanque user add` and `restanque user sign-in`."""

    help = "Ajoute une personne à un espace, ou lui donne un lien d’entrée à usage unique."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two actions: add, sign-in."""
        actions = parser.add_subparsers(dest="action", required=True)
        add = actions.add_parser("add", help="ajoute une personne à un espace")
        add.add_argument("email")
        add.add_argument("--workspace", required=True, help="nom court de l’espace")
        add.add_argument("--role", choices=Role.values, default=Role.AGENT.value)
        add.add_argument("--name", default="", help="prénom et nom")
        sign_in = actions.add_parser("sign-in", help="lien d’entrée, valable quinze minutes")
        sign_in.add_argument("email")

    def handle(self, *args: Any, action: str, email: str, **options: Any) -> None:
        """Do it, and say what comes next."""
        if action == "sign-in":
            user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
            if user is None:
                raise CommandError(f"Aucun compte actif pour {email}.")
            self.stdout.write(sign_in_url(user))
            return
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            known = ", ".join(Workspace.objects.values_list("slug", flat=True)) or "aucun"
            raise CommandError(f"Espace inconnu : {options['workspace']}. Espaces : {known}.")
        try:
            add_member(
                workspace=workspace,
                email=email,
                full_name=options["name"],
                role=Role(options["role"]),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{email} a accès à « {workspace.name} ».")
