"""« Se désinscrire » in a mail program: that address is left alone by the whole workspace."""

from django.db import transaction
from django.utils import timezone

from restanque.core import mail
from restanque.core.models import OutgoingMessage, SuppressionReason
from restanque.directory.services import silence_address
from restanque.surveys.codes import address_key
from restanque.surveys.models import Invitation
from restanque.surveys.services.invitations import stop_reminders


@transaction.atomic
def unsubscribe(*, invitation: Invitation, key: str) -> bool:
    """Stop the reminders of this invitation, and every message to the address that `key` names.

    The other addresses of the organisation are not silenced. Twice changes nothing. False when
    the key names no address that this invitation was sent to: the reminders stop all the same.
    """
    stop_reminders(invitation=invitation)
    subject = f"invitation-to:{invitation.pk}:{key}"
    written = OutgoingMessage.objects.filter(subject_key=subject).values_list("to_email", flat=True)
    address = next((one for one in written.distinct() if address_key(one) == key), None)
    if address is None:
        return False
    workspace = invitation.campaign.workspace
    mail.suppress_address(workspace=workspace, email=address, reason=SuppressionReason.OBJECTED)
    silence_address(
        workspace=workspace,
        email=address,
        on=timezone.localdate(),
        reason="Désinscription depuis un message",
    )
    return True
