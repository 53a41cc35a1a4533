"""What is erased on its date: the campaign's persons and files, not the figures."""

from datetime import date

from django.db import transaction

from restanque.surveys.definitions import form_of
from restanque.surveys.models import (
    AnswerTag,
    Attachment,
    CallLog,
    Campaign,
    Comment,
    Invitation,
    Response,
    ResponseRevision,
)
from restanque.surveys.models.answers import ResponseStatus
from restanque.surveys.services.attachments import delete_attachment
from restanque.surveys.sessions import session_of


def purge_expired(today: date) -> int:
    """Erase, for campaigns past their date, who answered and what they joined; how many answers.

    Erased: contact facts (`contact.*`) and free texts that feed no fact, every revision, joined
    files, addresses written to, call notes, comments, tags of texts, drafts never sent. Kept: the
    other answers, which belong to the organisation. Safe to run twice.
    """
    erased = 0
    for campaign in Campaign.objects.filter(purge_on__lt=today).order_by("pk"):
        erased += purge_campaign(campaign=campaign)
    return erased


@transaction.atomic
def purge_campaign(*, campaign: Campaign) -> int:
    """Erase one campaign's personal data; how many answers held some."""
    answers = Response.objects.filter(invitation__campaign=campaign).select_related("version")
    for attachment in Attachment.objects.filter(response__in=answers):
        delete_attachment(attachment)
    ResponseRevision.objects.filter(response__in=answers).delete()
    Invitation.objects.filter(campaign=campaign).exclude(recipients=[]).update(recipients=[])
    CallLog.objects.filter(invitation__campaign=campaign).exclude(note="").update(note="")
    Comment.objects.filter(invitation__campaign=campaign).delete()
    AnswerTag.objects.filter(response__in=answers).delete()
    answers.filter(status=ResponseStatus.DRAFT, submitted_at__isnull=True).delete()
    return sum(_forget_persons(response) for response in answers)


def _forget_persons(response: Response) -> bool:
    """Empty the answers that name somebody; whether there were any."""
    session = session_of(response, now=response.updated_at)
    personal = [
        state.path
        for state in session.states()
        if state.value and _is_personal(response, state.path)
    ]
    for path in personal:
        session.set(path, "")
    if not personal:
        return False
    response.instance = session.to_xml(prune=False)
    if response.submitted_xml:
        response.submitted_xml = session.to_xml(prune=True)
        response.flat = session.flat()
    response.save(update_fields=["instance", "submitted_xml", "flat"])
    return True


def _is_personal(response: Response, path: str) -> bool:
    form = form_of(response.version)
    try:
        control = form.question(path)
    except ValueError:
        return False
    if control.fact:
        return control.fact.startswith("contact.") or control.fact == "orientation.comment"
    return control.widget in ("text", "multiline")
