"""The receipt: says that an answer arrived, and where to read it again."""

from restanque.core import mail
from restanque.core.models import Purpose
from restanque.surveys import wording
from restanque.surveys.models import Channel, Invitation
from restanque.surveys.services.invitations import mail_key


def send_receipts(*, invitation: Invitation, channel: Channel, receipt_to: str) -> int:
    """Queue the receipt; how many messages. Call inside the transaction of the sending.

    To the address that was typed; else, for an answer given on line, to those the invitation
    was sent to. One message a sending and an address, however often it is asked.
    """
    campaign = invitation.campaign
    if receipt_to:
        addresses = [receipt_to]
    else:
        addresses = list(invitation.recipients) if channel == Channel.WEB else []
    response = invitation.response
    for address in addresses:
        mail.queue_message(
            workspace=campaign.workspace,
            to_email=address,
            subject=wording.fill(campaign.receipt_subject, invitation),
            text=wording.fill(campaign.receipt_body, invitation),
            purpose=Purpose.RECEIPT,
            subject_key=mail_key(invitation),
            from_name=campaign.sender_name,
            reply_to=campaign.reply_to,
            fictitious=campaign.fictitious,
            idempotency_key=f"receipt:{response.pk}:{response.revision}:{address}"[:200],
        )
    return len(addresses)
