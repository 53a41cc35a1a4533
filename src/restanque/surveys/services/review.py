"""Review: correct, validate, send back or set aside an answer that was sent."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import User
from restanque.core import mail
from restanque.core.models import Purpose
from restanque.directory.reach import recipients_for
from restanque.engine.forms import FormError, Session
from restanque.kit.text import format_date
from restanque.surveys import wording
from restanque.surveys.codes import address_key
from restanque.surveys.models import Channel, Comment, Response, ResponseRevision
from restanque.surveys.models.answers import ResponseStatus, packed
from restanque.surveys.models.campaigns import EventKind
from restanque.surveys.posting import as_xforms, widget_of
from restanque.surveys.services import answers
from restanque.surveys.services.flags import refresh_flags
from restanque.surveys.services.invitations import log
from restanque.surveys.sessions import session_of

BACK_SUBJECT = "Une précision sur votre réponse : {enquete}"
BACK_BODY = """Madame, Monsieur,

Merci pour la réponse de {organisation} à l’enquête « {enquete} ». Nous l’avons rouverte pour une précision :

[message]

Tout ce que vous avez rempli est conservé. Corrigez, puis envoyez de nouveau :
{lien}

Clôture le {cloture}.

{expediteur}
"""  # noqa: E501


@transaction.atomic
def validate(*, response: Response, by: User) -> Response:
    """The answer is good: it enters the results as validated."""
    return _conclude(response, ResponseStatus.VALIDATED, EventKind.VALIDATED, by, "")


@transaction.atomic
def reject(*, response: Response, by: User, note: str) -> Response:
    """The answer is set aside from the results; why is kept."""
    if not note.strip():
        raise ValidationError("Dites pourquoi cette réponse est écartée.")
    return _conclude(response, ResponseStatus.REJECTED, EventKind.REJECTED, by, note.strip())


@transaction.atomic
def send_back(*, response: Response, by: User, message: str) -> int:
    """Reopen the answer and ask its organisation, in one's own words; how many were written to."""
    if not message.strip():
        raise ValidationError("Écrivez ce que la mairie doit préciser.")
    locked = _sent(response)
    answers.reopen(response=locked, by=by)
    Response.objects.filter(pk=locked.pk).update(review_note=message.strip())
    response.refresh_from_db()
    invitation = locked.invitation
    campaign = invitation.campaign
    text = wording.fill(BACK_BODY, invitation).replace("[message]", message.strip())
    recipients = recipients_for(invitation.organisation)
    for recipient in recipients:
        mail.queue_message(
            workspace=campaign.workspace,
            to_email=recipient.email,
            to_name=recipient.name,
            subject=wording.fill(BACK_SUBJECT, invitation),
            text=text,
            purpose=Purpose.OTHER,
            subject_key=f"invitation-to:{invitation.pk}:{address_key(recipient.email)}",
            from_name=campaign.sender_name,
            reply_to=campaign.reply_to,
            fictitious=campaign.fictitious,
            idempotency_key=f"back:{locked.pk}:{locked.revision}:{address_key(recipient.email)}",
        )
    return len(recipients)


@transaction.atomic
def correct(*, response: Response, values: Mapping[str, str], by: User) -> list[str]:
    """Change some values of a sent answer, as its organisation said; the paths that changed.

    The former state stays in the revisions, with who corrected; a comment says what became what.
    Everything is computed again. Raises ValidationError (by path) when the form refuses.
    """
    locked = _sent(response)
    session = session_of(locked)
    before = {path: session.value(path) for path in values if _known(session, path)}
    for path in before:
        control = session.form.question(path)
        typed = values[path].strip()
        session.set(path, as_xforms(widget_of(control), typed))
    session.recompute()
    changed = [path for path in before if session.value(path) != before[path]]
    faults = session.validate()
    if faults:
        raise ValidationError({fault.path: f"{fault.label} : {fault.message}" for fault in faults})
    if not changed:
        return []
    locked.instance = session.to_xml(prune=False)
    locked.submitted_xml, locked.flat = session.to_xml(prune=True), session.flat()
    locked.revision += 1
    locked.updated_at = timezone.now()
    locked.save(update_fields=["instance", "submitted_xml", "flat", "revision", "updated_at"])
    ResponseRevision.objects.create(
        response=locked,
        number=locked.revision,
        snapshot=packed(locked.instance),
        channel=Channel.PHONE,
        by=by,
    )
    for path in changed:
        label, old = session.state(path).label, before[path] or "vide"
        Comment.objects.create(
            invitation=locked.invitation,
            path=path,
            by=by,
            text=f"Corrigé : « {label} », {old} → {session.value(path) or 'vide'}",
        )
    refresh_flags(response=locked)
    response.refresh_from_db()
    return changed


@transaction.atomic
def comment(*, response: Response, by: User, text: str, path: str = "") -> Comment:
    """A remark of the team, on the answer or on one question."""
    remark = Comment(invitation=response.invitation, path=path, text=text.strip(), by=by)
    remark.full_clean()
    remark.save()
    return remark


def _conclude(
    response: Response, status: ResponseStatus, kind: EventKind, by: User, note: str
) -> Response:
    locked = _sent(response)
    locked.status, locked.review_note = status, note
    locked.reviewed_at, locked.reviewed_by = timezone.now(), by
    locked.save(update_fields=["status", "review_note", "reviewed_at", "reviewed_by"])
    log(invitation=locked.invitation, kind=kind, by=by, note=note)
    response.refresh_from_db()
    return locked


def _sent(response: Response) -> Response:
    """The answer, locked; ValidationError when it is a draft again (somebody reopened it)."""
    locked = (
        Response.objects.select_for_update(of=("self",))
        .select_related(
            "version", "invitation__campaign__territory__workspace", "invitation__organisation"
        )
        .get(pk=response.pk)
    )
    if locked.is_draft:
        raise ValidationError("Cette réponse a été rouverte : attendez qu’elle soit renvoyée.")
    return locked


def _known(session: Session, path: str) -> bool:
    try:
        return bool(session.state(path).relevant)
    except FormError:
        return False


def reviewed_words(response: Response) -> str:
    """« le 24 nov. 2026 par Bob », or "" when nobody has concluded."""
    if response.reviewed_at is None:
        return ""
    day = format_date(timezone.localtime(response.reviewed_at).date())
    by = f" par {response.reviewed_by.display_name}" if response.reviewed_by else ""
    return f"le {day}{by}"
