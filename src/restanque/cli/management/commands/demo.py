"""Builds the demo."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.urls import reverse

from restanque.portal.demo.build import build_demo


class Command(BaseCommand):
    """`restanque demo`: idempotent; its people can be entered only with RESTANQUE_DEMO."""

    help = "Charge les territoires réels et l’enquête de démonstration (données fictives)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, then say what there is and how to enter."""
        report = build_demo()
        if options["verbosity"]:
            self.stdout.write(str(report))
            self.stdout.write(
                f"Pour entrer sans code : {settings.BASE_URL}{reverse('accounts:demo')}"
                if settings.DEMO
                else "Personne n’y entre sans RESTANQUE_DEMO=1, sur cette machine seulement."
            )
