"""« Ne plus me relancer »: the records and the outbox say the same."""

from datetime import date

from django.db import transaction

from restanque.accounts.models import Workspace
from restanque.core import mail
from restanque.core.models import MailSuppression, SuppressionReason
from restanque.directory.models import Contact, Organisation
from restanque.directory.services.saving import assign, save


@transaction.atomic
def silence_address(*, workspace: Workspace, email: str, on: date, reason: str = "") -> int:
    """Silence every record of the workspace with this address.

    Returns how many contacts and organisations were silenced. The address also goes to the
    outbox's list, so that a message already queued does not leave.
    """
    address = email.strip().lower()
    silence = {
        "do_not_contact": True,
        "do_not_contact_on": on,
        "do_not_contact_reason": reason,
    }
    count = 0
    for record in _records(workspace, address, silent=False):
        save(assign(record, silence), reason="ne plus relancer")
        count += 1
    mail.suppress_address(workspace=workspace, email=address, reason=SuppressionReason.OBJECTED)
    return count


def tell_outbox(record: Contact | Organisation, *, workspace: Workspace, was_silent: bool) -> None:
    """After a change made by hand: stop what waits for the address, or let it through again.

    An address is let through only when no other record is silent with it, and never one that
    bounced or that an administrator put aside.
    """
    if not record.email or record.do_not_contact == was_silent:
        return
    if record.do_not_contact:
        objected = SuppressionReason.OBJECTED
        mail.suppress_address(workspace=workspace, email=record.email, reason=objected)
    elif not _records(workspace, record.email, silent=True):
        objections = MailSuppression.objects.filter(
            workspace=workspace, email=record.email, reason=SuppressionReason.OBJECTED
        )
        if objections.exists():
            mail.lift_suppression(workspace=workspace, email=record.email)


def _records(workspace: Workspace, address: str, *, silent: bool) -> list[Contact | Organisation]:
    contacts = Contact.objects.filter(
        organisation__workspace=workspace, email=address, do_not_contact=silent
    )
    organisations = Organisation.objects.filter(
        workspace=workspace, email=address, do_not_contact=silent
    )
    return [*contacts, *organisations]
