"""The convocation sent as messages, one a member who has an address."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import User
from restanque.core import mail
from restanque.core.models import Purpose
from restanque.governance.documents.letters import message_text
from restanque.governance.models import Dispatch, Mandate, Sitting
from restanque.governance.nomenclature import SentBy, SittingState
from restanque.governance.reading import SittingReading
from restanque.governance.services.sittings import record_dispatch


@dataclass(frozen=True, slots=True)
class Recipients:
    """Members who would be written to, and those who have no address: theirs goes by post."""

    reached: list[Mandate]
    unreached: list[Mandate]


def recipients_of(reading: SittingReading) -> Recipients:
    """Members in office, with and without an address that may be written to."""
    workspace = reading.sitting.workspace
    reached: list[Mandate] = []
    unreached: list[Mandate] = []
    for one in reading.members:
        known = one.address and not mail.is_suppressed(workspace, one.address)
        (reached if known else unreached).append(one)
    return Recipients(reached, unreached)


@transaction.atomic
def send_convocation(*, sitting: Sitting, today: date, by: User | None = None) -> Dispatch:
    """Write to every member in office who has an address, and record the sending of the day.

    It proves nothing until the messages have left. ValidationError without agenda nor address, for
    a sitting already held, or one convened from here already.
    """
    sitting = Sitting.objects.to_read().get(pk=sitting.pk)
    if sitting.state != SittingState.PLANNED or sitting.starts_at <= timezone.now():
        raise ValidationError("Seule une séance à venir se convoque.")
    if sitting.dispatches.filter(by_mail=True).exists():
        raise ValidationError("La convocation est déjà partie d’ici.")
    reading = SittingReading(sitting, today)
    if not any(not item.withdrawn for item in reading.items):
        raise ValidationError("L’ordre du jour est vide : une convocation le donne toujours.")
    reached = recipients_of(reading).reached
    if not reached:
        raise ValidationError("Aucun membre n’a d’adresse : envoyez les lettres Word par la poste.")
    dispatch = record_dispatch(
        sitting=sitting,
        by=by,
        by_mail=True,
        sent_on=today,
        sent_by=SentBy.EMAIL,
        recipients=len([one for one in reached if one.holds_seat]),
    )
    for member in reached:
        mail.queue_message(
            workspace=sitting.workspace,
            to_email=member.address,
            to_name=member.full_name,
            subject=f"Convocation : {sitting.body.name}, {sitting.day:%d/%m/%Y}",
            text=message_text(reading, member),
            purpose=Purpose.OTHER,
            subject_key=f"{dispatch.mail_key}{member.pk}",
            from_name=sitting.workspace.name,
            reply_to=sitting.workspace.contact_email,
            fictitious=reading.is_fictitious or member.fictitious,
            idempotency_key=f"{dispatch.mail_key}{member.pk}",
        )
    return dispatch
