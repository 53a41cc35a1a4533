"""Read a returned message on the standard input: what a mail server's alias runs."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from restanque.core.mail import record_bounce


class Command(BaseCommand):
    """Mark what could not be delivered."""

    help = "Lit un avis de non-remise sur l’entrée standard (alias de RESTANQUE_BOUNCE)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was understood, without any address."""
        report = record_bounce(sys.stdin.buffer.read())
        if report is None:
            self.stdout.write("Ce n’est pas un avis de non-remise de nos messages.")
        else:
            self.stdout.write(f"Message {report.message_id} : {report.status}")
