"""The consultations of a procedure, one consultation, its list proposed, its step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.engine.law import RuleSet
from restanque.kit.forms import submitted
from restanque.kit.text import plural
from restanque.law.current import law_of
from restanque.procedures.consultations.checking import Inspection, ProcedureInspection
from restanque.procedures.consultations.forms import ConsultationForm, SetAsideForm
from restanque.procedures.consultations.perms import get_consultation_for
from restanque.procedures.consultations.proposing import Category, draft
from restanque.procedures.consultations.reading import evidence_words
from restanque.procedures.consultations.services import lists, steps
from restanque.procedures.consultations.views.common import ask, page, read_for, trail_of
from restanque.procedures.models import Procedure
from restanque.procedures.perms import (
    can_edit_procedures,
    can_view_procedures,
    get_procedure_for,
)
from restanque.procedures.views.common import trail
from restanque.work.panels import tasks_about

_BOTH = ["GET", "HEAD", "POST"]


@require_GET
@require(can_view_procedures)
def overview(request: MemberRequest, pk: int) -> HttpResponse:
    """Who must be consulted in a procedure, step by step, and what is missing."""
    subject = get_procedure_for(request, pk)
    law = law_of(subject.workspace)
    inspection = ProcedureInspection(subject, timezone.localdate(), law)
    fictitious = subject.fictitious or subject.workspace.fictitious
    context = {
        "procedure": subject,
        "inspection": inspection,
        "steps": inspection.steps,
        "may_edit": can_edit_procedures(request.membership),
        "fictitious": fictitious or any(one.is_fictitious for one in inspection.readings),
        "trail": trail(subject),
    }
    return render(request, "procedures/consultations/overview.html", context)


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def open_(request: MemberRequest, pk: int) -> HttpResponse:
    """Begin a consultation at a step."""
    subject = get_procedure_for(request, pk)
    step = request.GET.get("etape", "")
    known = subject.engine_kind.by_id.get(step)
    initial = {
        "step": step,
        "name": known.label[:150] if known else "",
        "opened_on": timezone.localdate(),
    }
    form = ConsultationForm(
        request.POST or None, steps=_steps(subject, law_of(subject.workspace)), initial=initial
    )
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: lists.open_consultation(
                procedure=subject, by=request.membership.user, **data
            ),
        )
        if made is not None:
            messages.success(request, "La consultation est ouverte. Voici qui la loi désigne.")
            return redirect("procedures:consultation-list", made.pk)
    return ask(
        request,
        form,
        title="Ouvrir une consultation",
        lede="Une consultation par étape et par version du dossier : l’arrêt, l’autorité "
        "environnementale, la CDPENAF… La liste des organismes vous sera proposée.",
        trail=trail_of(subject),
        back=reverse("procedures:consultations", args=[subject.pk]),
    )


def _steps(procedure: Procedure, law: RuleSet) -> list[tuple[str, str]]:
    """Steps at which the law base names somebody first, then the others."""
    named = {one.step for one in law.consultees if procedure.kind in one.kinds}
    every = procedure.engine_kind.steps
    first = [(one.id, one.label) for one in every if one.id in named]
    return first + [(one.id, one.label) for one in every if one.id not in named]


@require_GET
@require(can_view_procedures)
def consultation(request: MemberRequest, pk: int) -> HttpResponse:
    """Where a consultation stands: who was consulted, who answered, what is missing."""
    reading = read_for(request, pk)
    inspection = Inspection(reading)
    return page(
        request,
        "consultation",
        reading,
        inspection=inspection,
        counts=reading.counts,
        step_date=steps.step_date(reading),
        tasks=tasks_about(
            request,
            reading.consultation.get_absolute_url(),
            reading.consultation.name,
            territory=reading.procedure.territory_id,
        ),
        trail=trail_of(reading.procedure),
    )


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change the frame of a consultation."""
    subject = get_consultation_for(request, pk)
    form = ConsultationForm(request.POST or None, steps=(), consultation=subject)
    if request.method == "POST":
        done = submitted(
            form,
            lambda data: lists.update_consultation(
                consultation=get_consultation_for(request, pk), **data
            ),
        )
        if done is not None:
            messages.success(request, "La consultation est modifiée.")
            return redirect(subject)
    return ask(
        request, form, title="Modifier la consultation", lede=subject.step_label,
        trail=trail_of(subject), back=subject.get_absolute_url(),
    )  # fmt: skip


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then take away a consultation opened by mistake."""
    subject = get_consultation_for(request, pk)
    if request.method == "POST":
        procedure = subject.procedure
        try:
            lists.remove_consultation(consultation=subject)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(subject)
        messages.success(request, "La consultation est retirée.")
        return redirect("procedures:consultations", procedure.pk)
    return confirm(
        request,
        title="Retirer cette consultation ?",
        text="Rien n’en est parti : sa liste et sa lettre seront effacées.",
        back=subject.get_absolute_url(),
        trail=trail_of(subject),
        fictitious=subject.is_fictitious,
    )


def confirm(
    request: MemberRequest, *, title: str, text: str, back: str, **more: Any
) -> HttpResponse:
    """A page that asks before something is taken away."""
    context = {"title": title, "text": text, "back": back, **more}
    return render(request, "procedures/consultations/confirm.html", context)


@require_http_methods(_BOTH)
@require(can_edit_procedures)
def proposal(request: MemberRequest, pk: int) -> HttpResponse:
    """Whom the law base and the directory propose, what differs from the list, what is missing."""
    subject = get_consultation_for(request, pk)
    law = law_of(subject.workspace)
    found = draft(subject, law, request.membership)
    if request.method == "POST":
        asked = set(request.POST.getlist("organisation"))
        chosen = [one for pk_, one in found.proposals.items() if str(pk_) in asked]
        try:
            added = lists.add_proposed(consultation=subject, chosen=chosen)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            words = plural(added, "organisme mis à jour", "organismes mis à jour")
            messages.success(request, f"La liste a changé : {words}.")
        return redirect("procedures:consultation-list", subject.pk)
    context = {
        "consultation": subject,
        "draft": found,
        "categories": [
            (one, _aside_form(number, one), evidence_words(one.legal))
            for number, one in enumerate(found.categories)
        ],
        "trail": trail_of(subject),
        "fictitious": subject.is_fictitious,
        "law": law.version,
    }
    return render(request, "procedures/consultations/proposal.html", context)


def _aside_form(number: int, category: Category) -> SetAsideForm:
    reason = category.set_aside.reason if category.set_aside else ""
    return SetAsideForm(auto_id=f"ecarter-{number}-%s", initial={"reason": reason})


@require_POST
@require(can_edit_procedures)
def set_aside(request: MemberRequest, pk: int) -> HttpResponse:
    """Say why a legal category is not consulted, or take it back."""
    subject = get_consultation_for(request, pk)
    try:
        kept = lists.set_aside_category(
            consultation=subject,
            law_id=request.POST.get("law_id", ""),
            reason=request.POST.get("reason", ""),
            by=request.membership.user,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        said = "Le motif est noté." if kept else "La catégorie est de nouveau due."
        messages.success(request, said)
    return redirect("procedures:consultation-list", subject.pk)


@require_POST
@require(can_edit_procedures)
def record(request: MemberRequest, pk: int) -> HttpResponse:
    """Record the step in the procedure, from the receipts."""
    reading = read_for(request, pk)
    try:
        fact = steps.record_step(reading=reading, by=request.membership.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(reading.consultation)
    messages.success(request, f"Enregistré dans la procédure : {fact}.")
    return redirect(reading.consultation)
