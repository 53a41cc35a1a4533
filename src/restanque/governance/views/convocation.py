"""The convocation: last legal day, verdict, what was sent and what proves it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.core import files, mail
from restanque.governance.convening import mail_count
from restanque.governance.forms import DispatchForm
from restanque.governance.perms import (
    can_edit_governance,
    can_view_governance,
    get_dispatch_for,
    get_sitting_for,
)
from restanque.governance.services import dispatching, sittings
from restanque.governance.views.common import page, read_for, trail
from restanque.governance.views.sittings import attempt
from restanque.kit.forms import PAGE, render_form, submitted
from restanque.kit.text import plural

_LEDE = (
    "La date qui compte est celle de l’envoi : cachet de la poste, dépôt sur la plateforme. Sans "
    "preuve, l’envoi est gardé et signalé comme non prouvé."
)


@require_GET
@require(can_view_governance)
def convocation(request: MemberRequest, pk: int) -> HttpResponse:
    """When it must leave, why, whether it did, and to whom it would be written."""
    reading = read_for(request, pk)
    people = dispatching.recipients_of(reading)
    rows = [
        (one, reading.proofs.get(one.pk, ""), *(mail_count(one) if one.by_mail else (0, 0)))
        for one in reading.dispatches
    ]
    may_send = (
        can_edit_governance(request.membership)
        and reading.sitting.starts_at > timezone.now()
        and reading.sitting.state == "planned"
        and not any(one.by_mail for one in reading.dispatches)
    )
    return page(
        request,
        "governance/convocation.html",
        reading,
        people=people,
        rows=rows,
        may_send=may_send,
        delivery=mail.delivery_state(reading.sitting.workspace),
    )


@require_POST
@require(can_edit_governance)
def send(request: MemberRequest, pk: int) -> HttpResponse:
    """Write to the members who have an address."""
    subject = get_sitting_for(request, pk)
    try:
        made = dispatching.send_convocation(
            sitting=subject, today=timezone.localdate(), by=request.membership.user
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        held = mail.delivery_state(subject.workspace)
        words = plural(made.recipients or 0, "membre titulaire", "membres titulaires")
        if held.can_send:
            messages.success(request, f"La convocation part à {words}. Suivez les messages.")
        else:
            messages.warning(request, f"Messages prêts pour {words}, mais retenus. {held.reason}")
    return redirect("governance:convocation", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def dispatch_add(request: MemberRequest, pk: int) -> HttpResponse:
    """Record a sending made elsewhere."""
    subject = get_sitting_for(request, pk)
    form = DispatchForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        made = submitted(
            form,
            lambda _: sittings.record_dispatch(
                sitting=subject, by=request.membership.user, **form.values()
            ),
        )
        if made is not None:
            messages.success(request, f"Envoi enregistré : {made}.")
            return redirect("governance:convocation", pk=pk)
    return render_form(
        request,
        PAGE,
        form,
        title="Enregistrer l’envoi de la convocation",
        lede=_LEDE,
        trail=trail(subject.body, subject),
        back=subject.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def dispatch_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct a sending, or join its proof."""
    subject = get_dispatch_for(request, pk)
    sitting = subject.sitting
    form = DispatchForm(request.POST or None, request.FILES or None, dispatch=subject)
    if request.method == "POST":
        changed = submitted(
            form,
            lambda _: sittings.update_dispatch(
                dispatch=get_dispatch_for(request, pk), **form.values()
            ),
        )
        if changed is not None:
            messages.success(request, f"Envoi enregistré : {changed}.")
            return redirect("governance:convocation", pk=sitting.pk)
    return render_form(
        request,
        PAGE,
        form,
        title="Corriger un envoi, joindre sa preuve",
        lede=_LEDE,
        trail=trail(sitting.body, sitting),
        back=sitting.get_absolute_url(),
    )


@require_POST
@require(can_edit_governance)
def dispatch_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Take away a sending written by mistake."""
    subject = get_dispatch_for(request, pk)
    attempt(request, lambda: sittings.remove_dispatch(dispatch=subject), "L’envoi est retiré.")
    return redirect("governance:convocation", pk=subject.sitting_id)


@require_GET
@require(can_view_governance)
def dispatch_proof(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Download what proves a sending."""
    subject = get_dispatch_for(request, pk)
    if not subject.proof:
        raise Http404
    return files.serve(subject.proof, name=subject.proof_name)
