"""May this message leave? One function answers, for the queue, the deliverer and the pages."""

from dataclasses import dataclass

from django.conf import settings

from restanque.accounts.models import User, Workspace
from restanque.core.mail.addresses import normalise
from restanque.core.models import MailSuppression, MessageStatus, OutgoingMessage

NO_SERVER = "Aucun serveur d’envoi n’est configuré."
FICTITIOUS = "Données fictives : ce message ne part jamais."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a message stays, and the status that says it."""

    status: MessageStatus
    reason: str


@dataclass(frozen=True, slots=True)
class DeliveryState:
    """Whether messages of a workspace can leave now, and if not why, in French."""

    can_send: bool
    reason: str = ""


def delivery_state(workspace: Workspace | None) -> DeliveryState:
    """Say before a sending whether anything will leave."""
    if workspace is not None and workspace.fictitious:
        return DeliveryState(False, FICTITIOUS)
    if settings.DEMO:
        return DeliveryState(False, "Démonstration : aucun message ne part.")
    if not settings.EMAIL_DELIVERY:
        return DeliveryState(False, NO_SERVER)
    return DeliveryState(True)


def refusal_of(message: OutgoingMessage) -> Refusal | None:
    """Why this message must not leave, or None when it may. Never relies on its status."""
    if message.fictitious:
        return Refusal(MessageStatus.HELD, FICTITIOUS)
    if message.workspace is None and is_fictitious_person(message.to_email):
        return Refusal(MessageStatus.HELD, FICTITIOUS)
    state = delivery_state(message.workspace)
    if not state.can_send:
        return Refusal(MessageStatus.HELD, state.reason)
    if message.workspace is not None and is_suppressed(message.workspace, message.to_email):
        return Refusal(MessageStatus.SUPPRESSED, "Cette adresse ne doit plus être sollicitée.")
    return None


def is_suppressed(workspace: Workspace, email: str) -> bool:
    """Whether the workspace must no longer write to this address."""
    return MailSuppression.objects.filter(workspace=workspace, email=normalise(email)).exists()


def is_fictitious_person(email: str) -> bool:
    """Whether the address is a demonstration account's."""
    return User.objects.filter(email=normalise(email), fictitious=True).exists()
