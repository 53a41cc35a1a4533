"""The ledger: announced, done, proven; and the documents drawn from it."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from restanque.accounts.perms import MemberRequest, require
from restanque.core import files
from restanque.kit.documents import file_response
from restanque.procedures.concertation import documents
from restanque.procedures.concertation.forms import MeansForm, ModalityForm
from restanque.procedures.concertation.participation import ways_of
from restanque.procedures.concertation.perms import (
    can_edit_concertation,
    can_view_concertation,
    get_means_for,
    get_modality_for,
)
from restanque.procedures.concertation.services import ledger as services
from restanque.procedures.concertation.views.common import (
    answer_form,
    confirm,
    ledger_for,
    trail_of,
    uploaded,
)
from restanque.procedures.models import Procedure
from restanque.procedures.perms import get_procedure_for
from restanque.procedures.views.common import trail

asks = require_http_methods(["GET", "HEAD", "POST"])
_MEANS_LEDE = (
    "Rattachez ce moyen aux modalités qu’il met en œuvre, et joignez ce qui le prouve. Un moyen "
    "sans preuve est gardé, et signalé."
)


@require_GET
@require(can_view_concertation)
def ledger(request: MemberRequest, pk: int) -> HttpResponse:
    """What was announced, what was done, what is missing and what it may cost."""
    found = ledger_for(request, pk)
    context = {
        "ledger": found,
        "procedure": found.procedure,
        "page": found.page,
        "today": found.reading.today,
        "ways": ways_of(found.reading),
        "participations": list(found.procedure.participations.all()),
        "may_edit": can_edit_concertation(request.membership),
        "fictitious": found.is_fictitious,
        "trail": trail(found.procedure),
    }
    return render(request, "procedures/concertation/ledger.html", context)


@asks
@require(can_edit_concertation)
def add_modality(request: MemberRequest, pk: int) -> HttpResponse:
    """Record what the act announces."""
    procedure = get_procedure_for(request, pk)
    return answer_form(
        request,
        ModalityForm(request.POST or None, procedure=procedure),
        lambda data: services.announce(procedure=procedure, **data),
        done="La modalité est enregistrée. Rattachez-lui les moyens qui la mettent en œuvre.",
        to=_home(procedure),
        title="Ajouter une modalité annoncée",
        lede="Les modalités fixées doivent être suivies : recopiez-les de la délibération.",
        trail=trail_of(procedure),
    )


@asks
@require(can_edit_concertation)
def edit_modality(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct what was recorded of it."""
    one = get_modality_for(request, pk)
    return answer_form(
        request,
        ModalityForm(request.POST or None, procedure=one.procedure, modality=one),
        lambda data: services.change_modality(modality=get_modality_for(request, pk), **data),
        done="La modalité est corrigée.",
        to=_home(one.procedure),
        title="Corriger une modalité annoncée",
        trail=trail_of(one.procedure),
    )


@asks
@require(can_edit_concertation)
def remove_modality(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then take it away."""
    one = get_modality_for(request, pk)
    return confirm(
        request,
        lambda: services.remove_modality(modality=one),
        done="La modalité est retirée ; ses moyens restent.",
        to=_home(one.procedure),
        title="Retirer cette modalité ?",
        lede=f"« {one} » ne sera plus comparée à ce qui est fait. Ses moyens restent enregistrés.",
        submit="Retirer",
        danger=True,
        trail=trail_of(one.procedure),
    )


@asks
@require(can_edit_concertation)
def add_means(request: MemberRequest, pk: int) -> HttpResponse:
    """Record something done, or planned."""
    procedure = get_procedure_for(request, pk)
    asked = request.GET.get("modalite", "")
    initial = {"modalities": [asked]} if asked.isdigit() else {}
    chosen = procedure.modalities.filter(pk=int(asked[:18])).first() if initial else None
    if chosen is not None:
        initial["kind"] = chosen.kind  # type: ignore[assignment]
    form = MeansForm(
        request.POST or None,
        request.FILES or None,
        procedure=procedure,
        initial={"count": 1, **initial},
    )
    return answer_form(
        request,
        form,
        lambda data: services.carry_out(procedure=procedure, **uploaded(data, "proof")),
        done="Le moyen est enregistré.",
        to=_home(procedure),
        title="Ajouter un moyen",
        lede=_MEANS_LEDE,
        trail=trail_of(procedure),
    )


@asks
@require(can_edit_concertation)
def edit_means(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct it, or join its proof."""
    one = get_means_for(request, pk)
    form = MeansForm(
        request.POST or None, request.FILES or None, procedure=one.procedure, means=one
    )
    return answer_form(
        request,
        form,
        lambda data: services.change_means(
            means=get_means_for(request, pk), **uploaded(data, "proof")
        ),
        done="Le moyen est corrigé.",
        to=_home(one.procedure),
        title="Corriger un moyen",
        lede=_MEANS_LEDE,
        trail=trail_of(one.procedure),
    )


@asks
@require(can_edit_concertation)
def remove_means(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then take it away with its file."""
    one = get_means_for(request, pk)
    return confirm(
        request,
        lambda: services.remove_means(means=one),
        done="Le moyen est retiré, avec sa pièce.",
        to=_home(one.procedure),
        title="Retirer ce moyen ?",
        lede=f"« {one} » ne comptera plus parmi ce qui est fait. Sa pièce est effacée.",
        submit="Retirer",
        danger=True,
        trail=trail_of(one.procedure),
    )


@require_GET
@require(can_view_concertation)
def proof(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Download the file that proves a means."""
    one = get_means_for(request, pk)
    if not one.proof:
        raise Http404
    return files.serve(one.proof, name=one.proof_name)


@require_GET
@require(can_view_concertation)
def bilan(request: MemberRequest, pk: int) -> HttpResponse:
    """The draft of the bilan, for the public, in Word."""
    found = ledger_for(request, pk)
    data = documents.bilan(found, now=timezone.localtime())
    return file_response(data, f"bilan-concertation-{pk}.docx")


@require_GET
@require(can_view_concertation)
def note(request: MemberRequest, pk: int) -> HttpResponse:
    """The note to the team: what the bilan does not hide, and what to settle before it."""
    found = ledger_for(request, pk)
    data = documents.team_note(found, now=timezone.localtime())
    return file_response(data, f"note-equipe-concertation-{pk}.docx")


def _home(procedure: Procedure) -> str:
    return reverse("procedures:concertation", args=[procedure.pk])
