"""Facts of a procedure, their proof, and the dates aimed at."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from restanque.accounts.perms import MemberRequest, require
from restanque.core import files
from restanque.kit.forms import PAGE, render_form, submitted
from restanque.procedures.forms import FactForm, TargetForm
from restanque.procedures.perms import (
    can_edit_procedures,
    can_view_procedures,
    get_fact_for,
    get_procedure_for,
)
from restanque.procedures.services import facts as services
from restanque.procedures.services import procedures
from restanque.procedures.views.common import read_for, trail

_LEDE = (
    "Une date sans preuve est gardée, et signalée comme non prouvée. Enregistrez la date du fait "
    "lui-même : réception, transmission ou publication."
)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_procedures)
def add(request: MemberRequest, pk: int) -> HttpResponse:
    """Record a step that happened."""
    subject = get_procedure_for(request, pk)
    asked = request.GET.get("etape", "")
    form = FactForm(request.POST or None, request.FILES or None, procedure=subject, step=asked)
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: services.record_fact(
                procedure=subject, by=request.membership.user, **_values(data)
            ),
        )
        if made is not None:
            messages.success(request, f"Enregistré : {made}.")
            return redirect(subject)
    return render_form(
        request,
        PAGE,
        form,
        title="Enregistrer un fait",
        lede=_LEDE,
        trail=trail(subject),
        back=subject.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_procedures)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct a fact, or join its proof. That of an act is corrected where the act is."""
    fact = get_fact_for(request, pk)
    if fact.act is not None:
        messages.info(request, "La date et la preuve de ce fait sont celles de la délibération.")
        return redirect(fact.act)
    subject = fact.procedure
    form = FactForm(request.POST or None, request.FILES or None, procedure=subject, fact=fact)
    if request.method == "POST":
        changed = submitted(
            form,
            lambda data: services.correct_fact(fact=get_fact_for(request, pk), **_values(data)),
        )
        if changed is not None:
            messages.success(request, f"Enregistré : {changed}.")
            return redirect(subject)
    return render_form(
        request,
        PAGE,
        form,
        title="Corriger un fait",
        lede=_LEDE,
        trail=trail(subject),
        back=subject.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_procedures)
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then take a fact away."""
    fact = get_fact_for(request, pk)
    subject = fact.procedure
    if request.method == "POST":
        services.remove_fact(fact=fact)
        messages.success(request, "Le fait est retiré. Les dates sont recalculées.")
        return redirect(subject)
    context = {
        "fact": fact,
        "trail": trail(subject),
        "fictitious": subject.workspace.fictitious or fact.fictitious,
    }
    return render(request, "procedures/fact_remove.html", context)


@require_GET
@require(can_view_procedures)
def proof(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Download the file that proves a fact."""
    fact = get_fact_for(request, pk)
    if not fact.proof:
        raise Http404
    return files.serve(fact.proof, name=fact.proof_name)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_procedures)
def target(request: MemberRequest, pk: int) -> HttpResponse:
    """Aim at a date for a step, or aim no more."""
    reading = read_for(request, pk)
    subject = reading.procedure
    step = request.GET.get("etape", subject.engine_kind.approval)
    known = {one.step: one.wished_on for one in subject.targets.all()}
    initial = {"step": step, "wished_on": known.get(step)}
    form = TargetForm(request.POST or None, reading=reading, initial=initial)
    if request.method == "POST":
        done = submitted(form, lambda data: (procedures.set_target(procedure=subject, **data),))
        if done is not None:
            messages.success(request, "La date visée est enregistrée. Les dates sont recalculées.")
            return redirect(subject)
    return render_form(
        request,
        PAGE,
        form,
        title="Viser une date",
        lede="Les derniers jours des étapes précédentes et le chemin critique s’en déduisent.",
        trail=trail(subject),
        back=subject.get_absolute_url(),
    )


def _values(data: dict[str, Any]) -> dict[str, Any]:
    """The form's values as the services take them; no new file keeps the one there is."""
    proof = data.pop("proof", None)
    return {**data, "proof": proof} if hasattr(proof, "content_type") else data
