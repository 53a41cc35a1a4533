"""The preview: a questionnaire as a respondent sees it, without keeping anything."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from restanque.accounts.perms import MemberRequest, require
from restanque.engine.forms import FormError, Page, Session
from restanque.surveys.definitions import form_of
from restanque.surveys.fields import Marks
from restanque.surveys.media import picture_urls
from restanque.surveys.models import QuestionnaireVersion
from restanque.surveys.perms import can_view_questionnaires, get_version_for
from restanque.surveys.posting import PagePost, read_page
from restanque.surveys.presenting import page_content, steps
from restanque.surveys.sessions import session_on


@dataclass(frozen=True, slots=True)
class Move:
    """Where the preview goes after a button: `seen` are the questions the page showed."""

    page: Page
    seen: frozenset[str] | None = None
    faults: dict[str, str] | None = None
    finished: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_view_questionnaires)
def preview(request: MemberRequest, pk: int) -> HttpResponse:
    """Play the form. What is typed travels in the page itself: POST writes nothing."""
    found = get_version_for(request, pk)
    try:
        session, page = _opened(request, found)
    except FormError:
        raise Http404 from None
    move = _moved(request, session, page) if request.method == "POST" else Move(page)
    shown = page_content(session, move.page).shown
    marks = Marks(
        faults=move.faults or {},
        new=shown - move.seen if move.seen is not None else frozenset(),
        pictures=picture_urls(found, lambda name: reverse("surveys:version-file", args=[pk, name])),
    )
    context = {
        "version": found,
        "content": page_content(session, move.page, marks),
        "steps": steps(session, move.page.key),
        "page": move.page,
        "draft": session.to_xml(prune=False),
        "finished": move.finished,
        "troubles": session.troubles,
        "fragment": False,
    }
    return render(request, "surveys/version_preview.html", context)


def _opened(request: MemberRequest, found: QuestionnaireVersion) -> tuple[Session, Page]:
    """The session of the draft that the page carries, and the page it showed."""
    form = form_of(found)
    if not form.pages:
        raise Http404
    session = session_on(found, instance=request.POST.get("draft") or None)
    key = request.POST.get("page", "")
    return session, next((p for p in form.pages if p.key == key), form.pages[0])


def _moved(request: MemberRequest, session: Session, page: Page) -> Move:
    """Apply the posted page, then go where its button says."""
    reading = read_page(session, page.index, PagePost(dict(request.POST.lists())))
    for path, text in reading.values.items():
        session.set(path, text)
    action, _, target = request.POST.get("action", "next").partition(":")
    if action in ("add", "remove"):
        _change_turns(session, action, target)
    asked = {step.key: rank for rank, step in enumerate(steps(session))}
    if action == "goto" and target in asked:
        return Move(_page(session, target))
    here = asked.get(page.key, 0)
    if action == "prev":
        return Move(_page(session, list(asked)[max(0, here - 1)]))
    if action != "next":
        return Move(page, reading.shown)
    shown = page_content(session, page).shown
    faults = {f.path: f.message for f in session.validate(reading.shown & shown)}
    faults = {**reading.doubts, **faults}
    if faults or shown - reading.shown:
        return Move(page, reading.shown, faults)
    if here + 1 < len(asked):
        return Move(_page(session, list(asked)[here + 1]))
    return Move(page, finished=True)


def _change_turns(session: Session, action: str, target: str) -> None:
    try:
        if action == "add":
            session.add_repeat(target)
        else:
            session.remove_repeat(target)
    except FormError:
        return  # a forged series: the page is shown again


def _page(session: Session, key: str) -> Page:
    return next(page for page in session.form.pages if page.key == key)
