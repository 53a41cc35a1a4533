"""The respondent's pages: no account, a personal link, JavaScript never needed."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from restanque.surveys import documents, links
from restanque.surveys.models.campaigns import CampaignStatus
from restanque.surveys.presenting import parts
from restanque.surveys.seats import Seat
from restanque.surveys.services import campaigns, invitations
from restanque.surveys.views import answering

P = ParamSpec("P")
SeatView = Callable[Concatenate[HttpRequest, Seat, P], HttpResponseBase]

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


def with_link(view: SeatView[P]) -> Callable[..., HttpResponseBase]:
    """Open the personal link: a seat for the view, or a plain page that says whom to contact.

    A campaign still in preparation answers as an unknown link does: nothing is to be seen.
    No CSRF check: the right comes from the address, not from a cookie that a hostile page could
    use; and town halls that block cookies, or mail programs (RFC 8058), can post all the same.
    """

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def opened(
        request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        invitation = links.find_invitation(slug)
        if invitation is None or invitation.campaign.status == CampaignStatus.DRAFT:
            response: HttpResponseBase = render(
                request, "surveys/respond/unknown_link.html", status=404
            )
        else:
            response = view(request, Seat(invitation), *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return opened


@require_safe
@with_link
def welcome(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Who asks, why, how long, what becomes of the answers; begin, resume, or say no."""
    context = {"seat": seat, "urls": seat.urls}
    if seat.response is not None and not seat.response.is_draft:
        return render(request, "surveys/respond/sent.html", context)
    if not seat.is_writable:
        context["closed_on"] = campaigns.closed_on(seat.campaign)
        return render(request, "surveys/respond/closed.html", context)
    context["parts"] = parts(seat.session())
    context["start"] = seat.url("page", seat.first_key)
    return render(request, "surveys/respond/welcome.html", context)


@read_or_post
@with_link
def page(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """A page of questions."""
    return answering.page(request, seat, key)


@read_or_post
@with_link
def review(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Read everything again, then send."""
    return answering.review(request, seat)


@require_safe
@with_link
def sent(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The receipt."""
    return answering.sent(request, seat)


@require_safe
@with_link
def read(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One's answers, to read or print."""
    return answering.read(request, seat)


@require_safe
@with_link
def pdf(request: HttpRequest, seat: Seat) -> FileResponse | HttpResponse:
    """One's answers, to keep."""
    return answering.pdf(request, seat)


@require_safe
@with_link
def attachment(request: HttpRequest, seat: Seat, pk: int) -> FileResponse:
    """A file one has joined."""
    return answering.attachment(request, seat, pk)


@require_safe
@with_link
def picture(request: HttpRequest, seat: Seat, name: str) -> HttpResponse:
    """A picture of the questionnaire."""
    return answering.picture(request, seat, name)


@require_safe
@with_link
def ground(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What the map of a place stands on."""
    return answering.ground(request, seat)


@require_safe
@with_link
def printable(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The blank questionnaire, to prepare the answer on paper."""
    return documents.blank_pdf(seat.version, fictitious=seat.campaign.fictitious)


@read_or_post
@with_link
def pause(request: HttpRequest, seat: Seat) -> HttpResponse:
    """« Enregistrer et finir plus tard »: the link to come back, and to send oneself."""
    return _address_page(
        request, seat, "surveys/respond/pause.html", invitations.send_link, "Le lien est envoyé."
    )


@read_or_post
@with_link
def handover(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Hand the questionnaire over to a colleague: the same link, to their address."""
    return _address_page(
        request,
        seat,
        "surveys/respond/handover.html",
        invitations.hand_over,
        "Le lien est envoyé à votre collègue.",
    )


def _address_page(
    request: HttpRequest,
    seat: Seat,
    template: str,
    send: Callable[..., object],
    done: str,
) -> HttpResponse:
    """Ask an address and send the link there; the page says what happened."""
    context = {
        "seat": seat,
        "urls": seat.urls,
        "link": links.personal_url(seat.invitation),
        "address": "",
        "problem": "",
        "done": "",
    }
    if not seat.is_writable:
        return redirect(seat.url("welcome"))
    if request.method != "POST":
        return render(request, template, context)
    address = request.POST.get("address", "").strip()
    problem = invitations.address_fault(address)
    if not problem:
        try:
            send(invitation=seat.invitation, address=address)
        except invitations.TooManyMessagesError as error:
            problem = str(error)
    context |= {"address": address, "problem": problem, "done": "" if problem else done}
    return render(request, template, context, status=422 if problem else 200)


@read_or_post
@with_link
def refuse(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Not to answer, not to be reminded, or to change one's mind: each by its button."""
    if request.method == "POST":
        acts: dict[str, Callable[..., object]] = {
            "refuse": invitations.refuse,
            "answer": invitations.lift_refusal,
            "stop": invitations.stop_reminders,
            "remind": invitations.accept_reminders,
        }
        act = acts.get(request.POST.get("action", ""))
        if act is not None:
            act(invitation=seat.invitation)
        return redirect(seat.url("refuse"))
    return render(request, "surveys/respond/refuse.html", {"seat": seat, "urls": seat.urls})


@read_or_post
@with_link
def no_reminder(request: HttpRequest, seat: Seat) -> HttpResponse:
    """« Ne plus me relancer »: also the one-click POST of mail programs (RFC 8058). Doing it twice
    changes nothing; GET only shows the button."""
    if request.method == "POST":
        invitations.stop_reminders(invitation=seat.invitation)
    context = {"seat": seat, "urls": seat.urls}
    return render(request, "surveys/respond/no_reminder.html", context)
