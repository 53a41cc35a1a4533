"""The pages of an answer, whoever types it. Each view takes a `Seat` and is framed by it."""

from collections.abc import Mapping
from dataclasses import replace

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from restanque.core.files import serve
from restanque.engine.forms import Page, Session
from restanque.surveys import documents, media
from restanque.surveys.fields import Marks
from restanque.surveys.models import Attachment
from restanque.surveys.posting import PagePost
from restanque.surveys.presenting import (
    Step,
    all_answers,
    minutes_left,
    page_content,
    steps,
)
from restanque.surveys.seats import Seat
from restanque.surveys.services import answers, invitations
from restanque.surveys.services.answers import AnswerClosedError, Saved, TooManySavesError
from restanque.territories.geo import geojson_for

PAGE = "surveys/respond/page.html"
FRAGMENT = f"{PAGE}#questionnaire"
# What the hidden first button does: Enter in a field goes on.
NEXT = "next"


def page(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """One page of questions: shown, or saved then followed by the next."""
    if request.method != "POST" and not seat.is_writable:
        return redirect(seat.url("welcome"))
    wanted = next((p for p in seat.form.pages if p.key == key), None)
    if wanted is None:
        raise Http404
    if request.method != "POST":
        return _show(request, seat, seat.session(), wanted)
    return _save(request, seat, wanted)


def _save(request: HttpRequest, seat: Seat, wanted: Page) -> HttpResponse:
    action, _, target = request.POST.get("action", NEXT).partition(":")
    post = PagePost(
        dict(request.POST.lists()),
        {name: file for name, file in request.FILES.items() if isinstance(file, UploadedFile)},
    )
    try:
        saved = answers.save_page(
            invitation=seat.invitation,
            page=wanted.index,
            post=post,
            channel=seat.channel,
            by=seat.by,
            base_revision=_revision(request),
            author=_author(request, seat),
            page_key=wanted.key,
            add=target if action == "add" else "",
            remove=target if action == "remove" else "",
        )
    except AnswerClosedError:
        return redirect(seat.url("welcome"))
    except TooManySavesError as error:
        return HttpResponse(str(error), status=429, content_type="text/plain; charset=utf-8")
    if saved.conflicts:
        return _show_saved(request, seat, wanted, saved, status=409)
    if saved.page_faults and action != "autosave":
        return _show_saved(request, seat, wanted, saved, faults=saved.page_faults, status=422)
    return _after_save(request, seat, wanted, saved, action, target)


def _after_save(
    request: HttpRequest, seat: Seat, wanted: Page, saved: Saved, action: str, target: str
) -> HttpResponse:
    if action in ("add", "remove"):
        return redirect(_turn_url(seat, wanted, saved.session, action, target))
    if action == "goto":
        return redirect(seat.url("page", _known_key(seat, target, wanted)))
    if action == "save":
        return redirect(seat.url("welcome" if seat.is_team else "pause"))
    if action == "review":
        return redirect(seat.url("review"))
    asked = steps(saved.session, wanted.key)
    if action == "prev":
        return redirect(_neighbour_url(seat, asked, wanted.key, -1))
    if action in ("refresh", "autosave"):
        return _show_saved(request, seat, wanted, saved, faults=saved.page_faults)
    content = page_content(saved.session, wanted)
    faults = {
        fault.path: fault.message for fault in saved.session.validate(saved.shown & content.shown)
    }
    if faults:
        return _show_saved(request, seat, wanted, saved, faults=faults, status=422)
    if content.shown - saved.shown:
        return _show_saved(request, seat, wanted, saved)
    return redirect(_neighbour_url(seat, asked, wanted.key, 1))


def _show_saved(
    request: HttpRequest,
    seat: Seat,
    wanted: Page,
    saved: Saved,
    *,
    faults: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = page_content(saved.session, wanted).shown
    marks = Marks(
        faults=faults or {},
        conflicts={conflict.path: conflict for conflict in saved.conflicts},
        new=shown - saved.shown,
    )
    return _show(request, seat, saved.session, wanted, marks=marks, status=status)


def _show(
    request: HttpRequest,
    seat: Seat,
    session: Session,
    wanted: Page,
    *,
    marks: Marks | None = None,
    status: int = 200,
) -> HttpResponse:
    pictures = media.picture_urls(seat.version, lambda name: seat.url("picture", name))
    content = page_content(session, wanted, replace(marks or Marks(), pictures=pictures))
    asked = steps(session, wanted.key)
    part = next((step.part for step in asked if step.key == wanted.key), None)
    if part is None:
        # The page is no longer asked: an old address, or an answer changed elsewhere.
        return redirect(_neighbour_url(seat, asked, wanted.key, 0))
    context = {
        "seat": seat,
        "urls": seat.urls,
        "content": content,
        "ground": seat.url("ground") if asks_places(wanted) else "",
        "action": seat.url("page", wanted.key),
        "steps": asked,
        "part": part,
        "is_last": part == len(asked),
        "minutes_left": minutes_left(asked, seat.campaign.minutes),
        "saved_at": seat.response.updated_at if seat.response is not None else None,
        "filled": [step for step in asked if step.answered and step.key != wanted.key],
    }
    fragment = "X-Autosave" in request.headers
    # The script swaps the questionnaire's part in place: same template, nothing else around.
    template = FRAGMENT if fragment else PAGE
    return render(request, template, {**context, "fragment": fragment}, status=status)


def review(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All the answers before sending, what is missing, and the button that sends."""
    if not seat.is_writable:
        return redirect(seat.url("welcome"))
    receipt_to = request.POST.get("receipt_to", "").strip()
    problem = invitations.address_fault(receipt_to) if receipt_to else ""
    if request.method == "POST" and not problem:
        try:
            outcome = answers.submit(
                invitation=seat.invitation,
                channel=seat.channel,
                by=seat.by,
                receipt_to=receipt_to,
            )
        except AnswerClosedError:
            return redirect(seat.url("welcome"))
        if outcome.accepted:
            return redirect(seat.url("sent"))
    session = seat.session()
    faults = session.validate()
    pages = all_answers(session, faults)
    context = {
        "seat": seat,
        "urls": seat.urls,
        "pages": pages,
        "missing": [
            (answer, page.key) for page in pages for answer in page.answers if answer.fault
        ],
        "steps": steps(session),
        "receipt_to": receipt_to or _contact_email(session),
        "receipt_problem": problem,
        "posted": request.method == "POST",
        "attachments": _attachments(seat),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "surveys/respond/review.html", context, status=status)


def sent(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What was sent, and when; how to read, keep or correct it."""
    if seat.response is None or seat.response.is_draft:
        return redirect(seat.url("welcome"))
    return render(request, "surveys/respond/sent.html", {"seat": seat, "urls": seat.urls})


def read(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The answers to read or print, whatever their state."""
    if seat.response is None:
        return redirect(seat.url("welcome"))
    context = {
        "seat": seat,
        "urls": seat.urls,
        "pages": all_answers(seat.session()),
        "attachments": _attachments(seat),
    }
    return render(request, "surveys/respond/read.html", context)


def pdf(request: HttpRequest, seat: Seat) -> FileResponse | HttpResponse:
    """The answers as a PDF to keep."""
    if seat.response is None:
        return redirect(seat.url("welcome"))
    return documents.answers_pdf(seat.invitation, seat.session())


def attachment(request: HttpRequest, seat: Seat, pk: int) -> FileResponse:
    """A joined file, to whoever may read the answer."""
    found = get_object_or_404(Attachment, response__invitation=seat.invitation, pk=pk)
    return serve(found.file, name=found.name)


def picture(request: HttpRequest, seat: Seat, name: str) -> HttpResponse:
    """A picture that the questionnaire shows."""
    return media.show(seat.version, name)


def ground(request: HttpRequest, seat: Seat) -> JsonResponse:
    """The communes of the territory: what the map of a place stands on, without any tile server."""
    communes = seat.campaign.territory.communes_at(timezone.localdate())
    response = JsonResponse(geojson_for(communes))
    response["Cache-Control"] = "private, max-age=86400"
    return response


def asks_places(page: Page) -> bool:
    """Whether a page may ask for a point of the map, now or after an answer."""
    return any(control.widget == "geopoint" for top in page.controls for control in top.walk())


def _attachments(seat: Seat) -> dict[str, str]:
    """Name of each joined file → its address."""
    if seat.response is None:
        return {}
    return {
        found.name: seat.url("attachment", found.pk) for found in seat.response.attachments.all()
    }


def _revision(request: HttpRequest) -> int:
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _author(request: HttpRequest, seat: Seat) -> str:
    """One browser on one answer, from the cookie that every page sets; "" without cookies.

    A keyed digest: it says nothing of the person, and differs from one answer to another.
    """
    secret = request.META.get("CSRF_COOKIE", "")
    if not secret:
        return ""
    return salted_hmac("restanque.surveys.author", f"{seat.invitation.pk}:{secret}").hexdigest()


def _known_key(seat: Seat, key: str, default: Page) -> str:
    return key if any(page.key == key for page in seat.form.pages) else default.key


def _neighbour_url(seat: Seat, asked: list[Step], key: str, move: int) -> str:
    """The page before or after among those asked; the review after the last one."""
    order = {page.key: page.index for page in seat.form.pages}
    here = order[key]
    if move > 0:
        after = [step.key for step in asked if order[step.key] > here]
        return seat.url("page", after[0]) if after else seat.url("review")
    before = [step.key for step in asked if order[step.key] < here]
    if before:
        return seat.url("page", before[-1])
    return seat.url("page", asked[0].key) if asked and move == 0 else seat.url("welcome")


def _turn_url(seat: Seat, wanted: Page, session: Session, action: str, target: str) -> str:
    """The page, at the turn just added, or at the series from which one was removed."""
    content = page_content(session, wanted)
    series = target if action == "add" else target.rpartition("[")[0]
    blocks = list(content.blocks)
    while blocks:
        block = blocks.pop()
        blocks.extend(block.blocks)
        if block.kind == "repeat" and block.path == series:
            turns = [inner for inner in block.blocks if inner.kind == "instance"]
            place = turns[-1].id if action == "add" and turns else block.id
            return f"{seat.url('page', wanted.key)}#{place}"
    return seat.url("page", wanted.key)


def _contact_email(session: Session) -> str:
    facts = {name: value for name, _, value in session.facts()}
    return facts.get("contact.email", "")
