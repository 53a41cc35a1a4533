"""Erase what passed its date, now instead of at the daily passage."""

from typing import Any

from django.core.management.base import BaseCommand

from restanque.core import purge


class Command(BaseCommand):
    """Run every registered purger."""

    help = "Efface ce qui a passé sa date de conservation."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a purger."""
        for name, count in purge.run_purgers().items():
            self.stdout.write(f"{name} : {count}")
