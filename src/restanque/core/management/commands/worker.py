"""The worker: long work, mail, regular work. Any number of them may run, on any number of hosts."""

import logging
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, close_old_connections

from restanque.core import periodic, tasks_api

logger = logging.getLogger(__name__)

TICK = 5.0  # seconds between two looks at what is due
PATIENCE = 25.0  # seconds left to the present tasks before leaving


class Command(BaseCommand):
    """Work until told to stop; the present task ends at its next step."""

    help = "Fait les travaux de fond, les envois et les passages réguliers, jusqu’à l’arrêt."
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """One thread for mail, so that it never waits behind long work; one for the rest."""
        if not tasks_api.uses_database():
            raise CommandError("TASKS n’utilise pas la base de données : aucun travail à prendre.")
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: tasks_api.stopping.set())
        workers = [tasks_api.QueueWorker("default"), tasks_api.QueueWorker("mail")]
        for worker in workers:
            worker.start()
        while not tasks_api.stopping.is_set() and all(worker.is_alive() for worker in workers):
            self._tick()
            tasks_api.stopping.wait(TICK)
        dead = [worker.name for worker in workers if not worker.is_alive()]
        tasks_api.stopping.set()
        for worker in workers:
            worker.stop()
        for worker in workers:
            worker.join(PATIENCE)
        if dead:
            raise CommandError(f"Le travail de fond s’est arrêté de lui-même : {', '.join(dead)}.")

    def _tick(self) -> None:
        close_old_connections()
        try:
            periodic.run_due()
        except OperationalError:
            # The database is busy or being restored: the next look will do.
            logger.warning("worker: the database did not answer")
