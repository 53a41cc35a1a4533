"""A message to queue, with its usual values."""

from typing import Any

from restanque.accounts.models import Workspace
from restanque.core import mail
from restanque.core.models import OutgoingMessage, Purpose


def queue(workspace: Workspace | None, **changes: Any) -> OutgoingMessage:
    """Queue an invitation to Arles, except for what the test changes."""
    values: dict[str, Any] = {
        "to_email": "mairie@arles.fr",
        "subject": "Le pain de vos cantines",
        "text": "Bonjour,\nvotre lien personnel est prêt.\n",
        "purpose": Purpose.INVITATION,
    }
    return mail.queue_message(workspace=workspace, **(values | changes))
