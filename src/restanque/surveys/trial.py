"""What a message will look like: in the page, and in one's own mailbox. No real link is shown."""

from django.conf import settings
from django.urls import reverse

from restanque.accounts.models import User
from restanque.core import mail
from restanque.core.models import OutgoingMessage, Purpose
from restanque.surveys.models import Invitation
from restanque.surveys.models.sendings import SendingKind
from restanque.surveys.services.sending import message_of


def preview(invitation: Invitation, kind: SendingKind) -> tuple[str, str]:
    """Subject and text with an organisation's words; links lead to the questionnaire's preview."""
    subject, text = message_of(invitation, kind)
    version = invitation.campaign.version_id
    sample = settings.BASE_URL + reverse("surveys:version-preview", args=[version])
    refusal = "[adresse pour ne plus être relancé]"
    return subject, text.replace("⟦lien⟧", sample).replace("⟦refus⟧", refusal)


def send_trial(*, invitation: Invitation, kind: SendingKind, to: User) -> OutgoingMessage:
    """Write the preview to a member of the team."""
    subject, text = preview(invitation, kind)
    campaign = invitation.campaign
    return mail.queue_message(
        workspace=campaign.workspace,
        to_email=to.email,
        to_name=to.full_name,
        subject=f"[essai] {subject}",
        text=text,
        purpose=Purpose.OTHER,
        subject_key=f"campaign:{campaign.pk}",
        from_name=campaign.sender_name,
        reply_to=campaign.reply_to,
        fictitious=campaign.fictitious,
    )
