"""Typing a visit at the desk, or correcting one that is not yet validated."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from restanque.accounts.perms import MemberRequest, can_write, require
from restanque.engine.forms import FormError, Page, Session
from restanque.surveys.fields import Marks
from restanque.surveys.models import Visit
from restanque.surveys.posting import PagePost
from restanque.surveys.presenting import all_answers, page_content, steps
from restanque.surveys.views.common import read_or_post
from restanque.surveys.visits import entering
from restanque.surveys.visits.entering import Saved
from restanque.surveys.visits.perms import get_editable_round_for, get_visit_for
from restanque.surveys.visits.reading import session_of_visit


@require_POST
@require(can_write)
def start(request: MemberRequest, pk: int) -> HttpResponse:
    """Begin to type a visit."""
    visits = get_editable_round_for(request, pk)
    visit = entering.start_visit(visits=visits, by=request.membership.user)
    return redirect("surveys:visit-entry-first", visit.pk)


@require_safe
@require(can_write)
def first(request: MemberRequest, pk: int) -> HttpResponse:
    """The first page of the form."""
    visit = get_visit_for(request, pk)
    session = _session(visit)
    asked = steps(session)
    if not asked or not (visit.is_draft or visit.is_waiting):
        raise Http404
    return redirect("surveys:visit-entry", visit.pk, asked[0].key)


@read_or_post
@require(can_write)
def page(request: MemberRequest, pk: int, key: str) -> HttpResponse:
    """One page of questions: shown, or saved then followed by the next."""
    visit = get_visit_for(request, pk)
    session = _session(visit)
    wanted = next((one for one in session.form.pages if one.key == key), None)
    if wanted is None or not (visit.is_draft or visit.is_waiting):
        raise Http404
    if request.method != "POST":
        return _show(request, visit, session, wanted)
    action, _, target = request.POST.get("action", "next").partition(":")
    try:
        saved = entering.save_page(
            visit=visit,
            page=wanted.index,
            post=PagePost(dict(request.POST.lists()), _files(request)),
            by=request.membership.user,
            add=target if action == "add" else "",
            remove=target if action == "remove" else "",
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(visit)
    return _after(request, saved, wanted, action, target)


@read_or_post
@require(can_write)
def finish(request: MemberRequest, pk: int) -> HttpResponse:
    """Everything typed, what is missing, and the button that records the visit."""
    visit = get_visit_for(request, pk)
    if not (visit.is_draft or visit.is_waiting):
        raise Http404
    session = _session(visit)
    faults = session.validate()
    if request.method == "POST" and request.POST.get("action") == "discard":
        try:
            entering.discard(visit=visit)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(visit)
        messages.success(request, "La saisie est abandonnée.")
        return redirect(visit.round)
    if request.method == "POST" and (not faults or "anyway" in request.POST):
        entering.finish(visit=visit, by=request.membership.user)
        messages.success(request, "La visite est enregistrée. Relisez-la, puis validez-la.")
        return redirect(visit)
    pages = all_answers(session, faults)
    context = {
        "visit": visit,
        "visits": visit.round,
        "pages": pages,
        "missing": [(answer, one.key) for one in pages for answer in one.answers if answer.fault],
        "posted": request.method == "POST",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "surveys/visits/finish.html", context, status=status)


def _after(
    request: MemberRequest, saved: Saved, wanted: Page, action: str, target: str
) -> HttpResponse:
    visit, session = saved.visit, saved.session
    asked = [step.key for step in steps(session)]
    if saved.file_faults:
        return _show(request, visit, session, wanted, faults=saved.file_faults)
    if action == "goto" and target in asked:
        return redirect("surveys:visit-entry", visit.pk, target)
    if action == "save":
        return redirect(visit.round)
    here = asked.index(wanted.key) if wanted.key in asked else 0
    if action == "prev":
        return redirect("surveys:visit-entry", visit.pk, asked[max(0, here - 1)])
    if action != "next":
        return _show(request, visit, session, wanted, before=saved.shown)
    shown = page_content(session, wanted).shown
    faults = {one.path: one.message for one in session.validate(saved.shown & shown)}
    if faults or shown - saved.shown:
        return _show(request, visit, session, wanted, faults=faults, before=saved.shown)
    if here + 1 < len(asked):
        return redirect("surveys:visit-entry", visit.pk, asked[here + 1])
    return redirect("surveys:visit-entry-finish", visit.pk)


def _show(
    request: MemberRequest,
    visit: Visit,
    session: Session,
    wanted: Page,
    *,
    faults: dict[str, str] | None = None,
    before: frozenset[str] | None = None,
) -> HttpResponse:
    shown = page_content(session, wanted).shown
    marks = Marks(faults=faults or {}, new=shown - before if before is not None else frozenset())
    asked = steps(session, wanted.key)
    context: dict[str, Any] = {
        "visit": visit,
        "visits": visit.round,
        "content": page_content(session, wanted, marks),
        "steps": asked,
        "part": next((step.part for step in asked if step.key == wanted.key), 1),
        "fragment": False,
    }
    return render(request, "surveys/visits/entry.html", context, status=422 if faults else 200)


def _session(visit: Visit) -> Session:
    try:
        return session_of_visit(visit)
    except FormError:
        raise Http404 from None


def _files(request: MemberRequest) -> "dict[str, UploadedFile[Any]]":
    return {name: file for name, file in request.FILES.items() if isinstance(file, UploadedFile)}
