"""Reminders before the term: prepared here, sent only once a person has confirmed the list.

Addresses are the directory's, read when the list is made; none is kept here. Who asked for silence
is not written to, and that is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from restanque.core import mail
from restanque.core.models import Purpose
from restanque.directory.reach import Recipient, recipients_by_organisation
from restanque.kit.text import format_date
from restanque.procedures.consultations.reading import ConsultationReading, Row
from restanque.procedures.models import Consultee


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """One body to remind. `why_not`: why nothing leaves, empty when it may."""

    row: Row
    recipient: Recipient | None
    why_not: str
    subject: str
    text: str

    @property
    def leaves(self) -> bool:
        """Whether a message would leave."""
        return not self.why_not


def plan(reading: ConsultationReading) -> list[PlannedReminder]:
    """Whom to remind today, with the words, and why not the others."""
    rows = reading.to_remind
    organisations = [
        row.consultee.organisation for row in rows if row.consultee.organisation is not None
    ]
    reachable = recipients_by_organisation(organisations)
    contacts = dict(
        Consultee.objects.filter(pk__in=[row.consultee.pk for row in rows])
        .exclude(contact=None)
        .values_list("pk", "contact__email")
    )
    planned = []
    for row in rows:
        body = row.consultee
        found = reachable.get(body.organisation_id or 0, [])
        chosen = str(contacts.get(body.pk, "")).lower()
        recipient = next((one for one in found if one.email == chosen), None)
        recipient = recipient or next(iter(found), None)
        subject, text = message_of(reading, row)
        planned.append(
            PlannedReminder(row, recipient, _why_not(reading, row, recipient), subject, text)
        )
    return planned


def _why_not(reading: ConsultationReading, row: Row, recipient: Recipient | None) -> str:
    if row.consultee.reminded_on == reading.today:
        return "déjà relancé aujourd’hui"
    if row.consultee.organisation is None:
        return "pas encore dans l’annuaire : à appeler"
    return "" if recipient else "aucune adresse où écrire : à appeler"


def message_of(reading: ConsultationReading, row: Row) -> tuple[str, str]:
    """Subject and text. What the law base has not established is not written."""
    consultation, term = reading.consultation, row.term
    sent = term.fact.day if term.fact else None
    lines = [
        "Bonjour,",
        f"Le dossier suivant vous a été transmis, reçu le {format_date(sent, long=True)} : "
        f"{consultation.subject}.",
    ]
    if term.last_day is not None and term.rule is not None:
        silence = "" if term.rule.to_verify else f" {term.silence}"
        lines.append(
            f"Nous attendons votre réponse avant la fin du {format_date(term.last_day, long=True)} "
            f"({term.article}).{silence}"
        )
    lines.append(
        "Si votre réponse est déjà partie, merci de nous en donner la date. Pour toute question, "
        "répondez simplement à ce message."
    )
    lines.append(reading.procedure.workspace.name)
    return f"Votre avis est attendu : {consultation.name}"[:300], "\n\n".join(lines)


@transaction.atomic
def send(*, reading: ConsultationReading, confirmed: int) -> int:
    """Queue the reminders planned today; how many.

    ValidationError when their number is not the one confirmed: the list changed meanwhile.
    Fictitious data never leave: `core.mail` holds them.
    """
    leaving = [one for one in plan(reading) if one.leaves]
    if len(leaving) != confirmed:
        raise ValidationError("La liste a changé entre-temps : relisez-la, puis confirmez.")
    for one in leaving:
        _queue(reading, one, reading.today)
    return len(leaving)


def _queue(reading: ConsultationReading, one: PlannedReminder, today: date) -> None:
    body, recipient = one.row.consultee, one.recipient
    if recipient is None:  # pragma: no cover - it would not leave
        return
    workspace = reading.procedure.workspace
    mail.queue_message(
        workspace=workspace,
        to_email=recipient.email,
        to_name=recipient.name,
        subject=one.subject,
        text=one.text,
        purpose=Purpose.REMINDER,
        subject_key=f"consultee:{body.pk}",
        from_name=workspace.name,
        reply_to=workspace.contact_email,
        fictitious=reading.is_fictitious,
        idempotency_key=f"consultee:{body.pk}:reminder:{today.isoformat()}",
    )
    kept = Consultee.objects.get(pk=body.pk)
    kept.reminded_on = today
    kept._change_reason = "relancé"  # type: ignore[attr-defined]
    kept.save(update_fields=["reminded_on"])
