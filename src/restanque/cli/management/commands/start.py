"""Prepares everything on this machine, then serves: what `make run` calls."""

import os
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command

from restanque.accounts.demo import demo_memberships


class Command(BaseCommand):
    """Database, static files, reference data, demo (with its flag), then `serve`."""

    help = "Prépare la base, les communes et la démonstration, puis sert Restanque."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The port to listen on."""
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        """Each step says how long it took; all are idempotent."""
        self._step("Base de données", "migrate", interactive=False)
        self._step("Présentation", "collectstatic", interactive=False)
        self._step("Communes de France", "reference_data", "load")
        # Links in messages lead back to the port that is served.
        os.environ.setdefault("RESTANQUE_URL", f"http://127.0.0.1:{port}")
        if settings.DEMO:
            self._step("Territoires et enquête de démonstration", "demo")
            self.stdout.write(f"Entrer sans code : {os.environ['RESTANQUE_URL']}/compte/demo/")
            for person in demo_memberships():
                self.stdout.write(f"  · {person.user.full_name}, {person.job_title}")
        self.stdout.flush()
        # A fresh process: the server must not inherit this one's open database.
        command = [sys.executable, "-m", "restanque", "serve", "--port", str(port)]
        os.execv(sys.executable, command)  # noqa: S606

    def _step(self, label: str, command: str, *arguments: str, **options: Any) -> None:
        started = time.monotonic()
        call_command(command, *arguments, verbosity=0, **options)
        self.stdout.write(f"{label} : prêt en {time.monotonic() - started:.1f} s")
