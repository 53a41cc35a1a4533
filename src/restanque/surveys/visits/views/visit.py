"""One visit: its answers, faults and photos; where it was; what to conclude."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from restanque.accounts.perms import MemberRequest, can_write, require
from restanque.core.files import serve, show_picture
from restanque.directory.nomenclature import Kind
from restanque.engine.forms import FormError
from restanque.kit.text import plural
from restanque.surveys.models import Visit
from restanque.surveys.posting import readable
from restanque.surveys.presenting import all_answers
from restanque.surveys.visits import reviewing
from restanque.surveys.visits.forms import PlaceForm
from restanque.surveys.visits.gains import gains_of
from restanque.surveys.visits.perms import get_visit_for
from restanque.surveys.visits.reading import awaited_files, session_of_visit, told
from restanque.territories.models import Commune


@require_safe
@require(can_write)
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """Everything of one visit."""
    visit = get_visit_for(request, pk)
    if visit.is_draft:
        return redirect("surveys:visit-entry-first", visit.pk)
    return _page(request, visit)


@require_POST
@require(can_write)
def conclude(request: MemberRequest, pk: int) -> HttpResponse:
    """Validate, set aside, or take the conclusion back."""
    visit = get_visit_for(request, pk)
    by, action = request.membership.user, request.POST.get("action", "")
    try:
        if action == "validate":
            reviewing.validate(visit=visit, by=by)
            applied = visit.applied or {}
            told_ = plural(applied["facts"], "fait noté", "faits notés")
            messages.success(request, f"{visit.place} : visite validée, {told_} dans l’annuaire.")
        elif action == "reject":
            reviewing.reject(visit=visit, by=by, note=readable(request.POST.get("text", "")))
            messages.success(request, f"{visit.place} : visite écartée.")
        elif action == "undo":
            kept = reviewing.undo(visit=visit, by=by)
            messages.success(request, "La visite est de nouveau à relire. " + " ".join(kept))
            return redirect(visit)
        else:
            raise Http404
    except ValidationError as error:
        return _page(request, visit, errors=list(error.messages), action=action)
    following = visit.round.visits.waiting().exclude(pk=visit.pk).order_by("received_at").first()
    return redirect(following or visit.round)


@require_POST
@require(can_write)
def place(request: MemberRequest, pk: int) -> HttpResponse:
    """Say which organisation was visited: one of the directory, or a new record."""
    visit = get_visit_for(request, pk)
    try:
        if request.POST.get("action") == "create":
            kind = request.POST.get("kind", "")
            if kind not in visit.round.kinds:
                raise ValidationError("Dites de quelle nature est cette organisation.")
            made = reviewing.create_place(visit=visit, kind=Kind(kind), by=request.membership.user)
            messages.success(request, f"« {made} » est dans l’annuaire.")
            return redirect(visit)
        form = PlaceForm(request.POST, visit=visit)
        if not form.is_valid():
            raise ValidationError("Choisissez une organisation dans la liste.")
        reviewing.place(visit=visit, organisation=form.cleaned_data["organisation"])
    except ValidationError as error:
        return _page(request, visit, errors=list(error.messages))
    messages.success(request, f"La visite concerne « {visit.organisation} ».")
    return redirect(visit)


@require_safe
@require(can_write)
def file(request: MemberRequest, pk: int, photo: int) -> HttpResponseBase:
    """A joined file: shown when it is a picture, else given as a download that nothing opens."""
    visit = get_visit_for(request, pk)
    found = get_object_or_404(visit.files, pk=photo)
    if found.is_picture and "fichier" not in request.GET:
        with found.file.open("rb") as stream:
            return show_picture(stream.read(), content_type=found.content_type)
    return serve(found.file, name=found.name)


def _page(request: MemberRequest, visit: Visit, **extra: Any) -> HttpResponse:
    files = list(visit.files.all())
    context: dict[str, Any] = {
        "visit": visit,
        "visits": visit.round,
        "files": files,
        "errors": extra.get("errors", []),
        "action": extra.get("action", ""),
        "left": visit.round.visits.waiting().exclude(pk=visit.pk).count(),
        "reviewed_at": visit.reviewed_at,
        "pages": [],
        "gains": None,
        "missing": [],
        "said": None,
    }
    try:
        session = session_of_visit(visit)
    except FormError:
        # It came as it is: the faults say so, and the envelope can be downloaded.
        pass
    else:
        said = told(session)
        received = {one.name for one in files}
        context |= {
            "pages": all_answers(session, session.validate()),
            "gains": gains_of(visit, session) if visit.organisation else None,
            "missing": [name for name in awaited_files(session) if name not in received],
            "said": said,
            "new_commune": Commune.objects.filter(pk=said.new_commune).first(),
        }
    if visit.is_waiting:
        context["place_form"] = PlaceForm(visit=visit, initial={"organisation": visit.organisation})
        context["kinds"] = [(kind, Kind(kind).label) for kind in visit.round.kinds]
    return render(
        request, "surveys/visits/visit.html", context, status=422 if context["errors"] else 200
    )
