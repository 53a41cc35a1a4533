"""Letters, slip, reminders."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from restanque.accounts.perms import MemberRequest, require
from restanque.core import mail
from restanque.kit.documents import DocumentError, file_response
from restanque.kit.forms import ConfirmForm, submitted
from restanque.kit.text import plural, safe_file_name
from restanque.procedures.consultations import reminders
from restanque.procedures.consultations.exports import slip_pdf
from restanque.procedures.consultations.forms import LetterDateForm, LetterForm
from restanque.procedures.consultations.letters import (
    letter_of,
    letters_docx,
    letters_zip,
    team_template,
)
from restanque.procedures.consultations.perms import get_consultation_for
from restanque.procedures.consultations.reading import ConsultationReading, Row
from restanque.procedures.consultations.services import lists
from restanque.procedures.consultations.views.common import page, read_for, trail_of
from restanque.procedures.perms import can_edit_procedures, can_view_procedures

_BOTH = ["GET", "HEAD", "POST"]


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def letters(request: MemberRequest, pk: int) -> HttpResponse:
    """The text of the letter, one of them filled, and the files."""
    reading = read_for(request, pk)
    subject = reading.consultation
    initial = {"letter_subject": subject.letter_subject, "letter_body": subject.letter_body}
    form = LetterForm(request.POST or None, initial=initial)
    if request.method == "POST":
        done = submitted(
            form,
            lambda data: lists.update_consultation(
                consultation=get_consultation_for(request, pk), **data
            ),
        )
        if done is not None:
            messages.success(request, "La lettre est enregistrée.")
            return redirect("procedures:letters", subject.pk)
    first = next(iter(_to_write(reading)), None)
    return page(
        request,
        "letters",
        reading,
        status=422 if form.is_bound and form.errors else 200,
        form=form,
        dates=LetterDateForm(initial={"date": timezone.localdate()}),
        example=letter_of(reading, first) if first else None,
        to_write=len(_to_write(reading)),
        own_template=team_template(reading) is not None,
        unsure=[row for row in reading.rows if row.term.rule and row.term.rule.to_verify],
    )


def _to_write(reading: ConsultationReading) -> list[Row]:
    """Bodies whose file has not left; all of them once it has left for everybody."""
    waiting = [row for row in reading.rows if not row.is_sent]
    return waiting or list(reading.rows)


@require_GET
@require(can_view_procedures)
def letters_file(request: MemberRequest, pk: int, suffix: str) -> HttpResponse:
    """The letters: one Word file of all, or one by body in a ZIP."""
    reading = read_for(request, pk)
    form = LetterDateForm(request.GET)
    day = form.cleaned_data["date"] if form.is_valid() else timezone.localdate()
    rows, now = _to_write(reading), timezone.now()
    if not rows:
        messages.error(request, "La liste est vide : il n’y a aucune lettre à écrire.")
        return redirect("procedures:consultation", pk)
    write = letters_zip if suffix == "zip" else letters_docx
    try:
        data = write(reading, rows, on=day, created_at=now)
    except DocumentError as error:
        messages.error(request, str(error))
        return redirect("procedures:consultation", pk)
    name = safe_file_name(reading.consultation.name)
    return file_response(data, f"lettres-{name}.{suffix}")


@require_GET
@require(can_view_procedures)
def slip(request: MemberRequest, pk: int) -> HttpResponse:
    """The dispatch slip, to print."""
    reading = read_for(request, pk)
    name = safe_file_name(reading.consultation.name)
    return file_response(slip_pdf(reading, created_at=timezone.now()), f"bordereau-{name}.pdf")


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def remind(request: MemberRequest, pk: int) -> HttpResponse:
    """Whom to remind, with which words; POST, once the number is confirmed, queues them."""
    reading = read_for(request, pk)
    planned = reminders.plan(reading)
    leaving = [one for one in planned if one.leaves]
    form = ConfirmForm(request.POST or None, count=len(leaving), noun="message")
    if request.method == "POST" and leaving:
        sent = submitted(
            form, lambda data: reminders.send(reading=reading, confirmed=data["count"])
        )
        if sent is not None:
            words = plural(sent, "relance est prête", "relances sont prêtes")
            messages.success(request, f"{words} dans la boîte d’envoi.")
            return redirect(reading.consultation)
    return page(
        request,
        "reminders",
        reading,
        status=422 if form.is_bound and form.errors else 200,
        planned=planned,
        leaving=leaving,
        form=form,
        delivery=mail.delivery_state(reading.procedure.workspace),
        trail=trail_of(reading.consultation),
    )
