"""Beside the pieces: questions of law asked, studies that other missions carry."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.core import files
from restanque.kit.forms import PAGE, render_form, submitted
from restanque.procedures.dossier import services
from restanque.procedures.dossier.forms import AdviceForm, StudyForm
from restanque.procedures.dossier.perms import get_advice_for, get_study_for
from restanque.procedures.models import LegalAdvice, Procedure
from restanque.procedures.perms import (
    can_edit_procedures,
    can_view_procedures,
    get_procedure_for,
)
from restanque.procedures.reading import Reading
from restanque.procedures.views.common import page, read_for, trail

_ADVICE_LEDE = (
    "Écrivez la question telle qu’elle est posée. Sans réponse, elle reste visible dans la liste."
)
_STUDY_LEDE = (
    "Ce qu’une autre mission étudie et dont ce dossier dépend : on voit ce qu’un retard touche."
)


@require_GET
@require(can_view_procedures)
def advices(request: MemberRequest, pk: int) -> HttpResponse:
    """The questions of law: those that wait first, then the answered ones."""
    reading = read_for(request, pk)
    listed = list(reading.procedure.advices.all())
    shown = [(one, *_about(reading, one)) for one in listed]
    today = timezone.localdate()
    return page(
        request,
        "procedures/dossier/advices.html",
        reading,
        waiting=[(*row, (today - row[0].asked_on).days) for row in shown if row[0].waits],
        answered=[row for row in shown if not row[0].waits],
        fictitious=reading.is_fictitious or any(one.fictitious for one in listed),
    )


def _about(reading: Reading, advice: LegalAdvice) -> tuple[str, str]:
    """(step, rule) in words; an identifier that this version does not know is shown as it is."""
    steps, rules = reading.procedure.engine_kind.by_id, reading.law.rules
    step = steps[advice.step].label if advice.step in steps else advice.step
    rule = advice.rule_id
    if rule in rules:
        rule = f"{rules[rule].title} ({reading.law.cite(rules[rule].articles)})"
    return step, rule


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_procedures)
def add_advice(request: MemberRequest, pk: int) -> HttpResponse:
    """Record a question of law."""
    reading = read_for(request, pk)
    form = AdviceForm(
        request.POST or None,
        request.FILES or None,
        reading=reading,
        initial={"asked_on": timezone.localdate(), "step": request.GET.get("etape", "")},
    )
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: services.record_advice(
                procedure=reading.procedure, by=request.membership.user, **data
            ),
        )
        if made is not None:
            messages.success(request, "La question est enregistrée.")
            return redirect("procedures:advices", pk=pk)
    return render_form(
        request,
        PAGE,
        form,
        title="Noter une question de droit",
        lede=_ADVICE_LEDE,
        trail=_trail(reading.procedure, "advices", "Conseils juridiques"),
        back=reverse("procedures:advices", args=[pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_procedures)
def edit_advice(request: MemberRequest, pk: int) -> HttpResponse:
    """Record the answer, or correct the question."""
    advice = get_advice_for(request, pk)
    reading = read_for(request, advice.procedure_id)
    form = AdviceForm(request.POST or None, request.FILES or None, reading=reading, advice=advice)
    if request.method == "POST":
        changed = submitted(
            form,
            lambda data: services.update_advice(advice=get_advice_for(request, pk), **data),
        )
        if changed is not None:
            messages.success(request, "La question est enregistrée.")
            return redirect("procedures:advices", pk=advice.procedure_id)
    return render_form(
        request,
        PAGE,
        form,
        title="Réponse à une question de droit",
        lede=_ADVICE_LEDE,
        trail=_trail(reading.procedure, "advices", "Conseils juridiques"),
        back=reverse("procedures:advices", args=[advice.procedure_id]),
    )


@require_POST
@require(can_edit_procedures)
def remove_advice(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a question away; the history keeps that it was there."""
    advice = get_advice_for(request, pk)
    procedure = advice.procedure_id
    services.remove_advice(advice=advice)
    messages.success(request, "La question est retirée.")
    return redirect("procedures:advices", pk=procedure)


@require_GET
@require(can_view_procedures)
def advice_file(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The file received with the answer."""
    advice = get_advice_for(request, pk)
    if not advice.file:
        raise Http404
    return files.serve(advice.file, name=advice.file_name)


@require_GET
@require(can_view_procedures)
def studies(request: MemberRequest, pk: int) -> HttpResponse:
    """The studies that others carry, and the pieces that wait for them."""
    reading = read_for(request, pk)
    listed = list(reading.procedure.studies.prefetch_related("feeds"))
    return page(
        request,
        "procedures/dossier/studies.html",
        reading,
        studies=listed,
        fictitious=reading.is_fictitious or any(one.fictitious for one in listed),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_procedures)
def add_study(request: MemberRequest, pk: int) -> HttpResponse:
    """Record a study."""
    subject = get_procedure_for(request, pk)
    form = StudyForm(request.POST or None, procedure=subject)
    if request.method == "POST":
        made = submitted(form, lambda data: services.record_study(procedure=subject, **data))
        if made is not None:
            messages.success(request, f"« {made} » est enregistrée.")
            return redirect("procedures:studies", pk=pk)
    return render_form(
        request,
        PAGE,
        form,
        title="Noter une étude portée par d’autres",
        lede=_STUDY_LEDE,
        trail=_trail(subject, "studies", "Études"),
        back=reverse("procedures:studies", args=[pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_procedures)
def edit_study(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a study."""
    study = get_study_for(request, pk)
    form = StudyForm(request.POST or None, procedure=study.procedure, study=study)
    if request.method == "POST":
        changed = submitted(
            form, lambda data: services.update_study(study=get_study_for(request, pk), **data)
        )
        if changed is not None:
            messages.success(request, f"« {changed} » est enregistrée.")
            return redirect("procedures:studies", pk=study.procedure_id)
    return render_form(
        request,
        PAGE,
        form,
        title=f"Modifier « {study} »",
        lede=_STUDY_LEDE,
        trail=_trail(study.procedure, "studies", "Études"),
        back=reverse("procedures:studies", args=[study.procedure_id]),
    )


@require_POST
@require(can_edit_procedures)
def remove_study(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a study away."""
    study = get_study_for(request, pk)
    procedure = study.procedure_id
    services.remove_study(study=study)
    messages.success(request, "L’étude est retirée.")
    return redirect("procedures:studies", pk=procedure)


def _trail(procedure: Procedure, name: str, label: str) -> list[tuple[str, Any]]:
    return [*trail(procedure), (label, reverse(f"procedures:{name}", args=[procedure.pk]))]
