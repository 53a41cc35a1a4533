"""Telephone and paper entry: the respondent's own pages, opened by a member of the team."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from restanque.accounts.perms import MemberRequest, can_write, require
from restanque.surveys.perms import get_invitation_for
from restanque.surveys.presenting import parts
from restanque.surveys.seats import CHANNEL_SLUGS, Seat
from restanque.surveys.views import answering

P = ParamSpec("P")
SeatView = Callable[Concatenate[HttpRequest, Seat, P], HttpResponseBase]

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


def for_team(view: SeatView[P]) -> Callable[..., HttpResponseBase]:
    """Open an invitation for entry: administrators and agents who cover its territory; 404 else."""

    @wraps(view)
    def opened(
        request: MemberRequest,
        pk: int,
        invitation: int,
        way: str,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> HttpResponseBase:
        channel = CHANNEL_SLUGS.get(way)
        if channel is None:
            raise Http404
        found = get_invitation_for(request, pk, invitation)
        seat = Seat(found, channel=channel, by=request.membership.user)
        return view(request, seat, *args, **kwargs)

    guarded: Callable[..., HttpResponseBase] = opened
    return require(can_write)(guarded)


@require_safe
@require(can_write)
def start(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """By telephone or from paper? and where the answer stands."""
    found = get_invitation_for(request, pk, invitation)
    ways = [
        (way, Seat(found, channel=channel, by=request.membership.user))
        for way, channel in CHANNEL_SLUGS.items()
    ]
    context = {
        "invitation": found,
        "ways": [
            (seat.channel.label, seat.url("page", seat.first_key) if seat.is_writable else "")
            for _, seat in ways
        ],
        "seat": ways[0][1],
        "read_url": ways[0][1].url("read"),
    }
    return render(request, "surveys/entry_start.html", context)


@require_safe
@for_team
def welcome(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Where the entry stands: resume, read again, or what was sent."""
    context = {"seat": seat, "urls": seat.urls}
    if seat.response is not None and not seat.response.is_draft:
        return render(request, "surveys/respond/sent.html", context)
    context["parts"] = parts(seat.session())
    context["start"] = seat.url("page", seat.first_key)
    return render(request, "surveys/respond/welcome.html", context)


@read_or_post
@for_team
def page(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """A page of questions."""
    return answering.page(request, seat, key)


@read_or_post
@for_team
def review(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Read everything again, then record as sent."""
    return answering.review(request, seat)


@require_safe
@for_team
def sent(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What was recorded."""
    return answering.sent(request, seat)


@require_safe
@for_team
def read(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The answers, to read or print."""
    return answering.read(request, seat)


@require_safe
@for_team
def pdf(request: HttpRequest, seat: Seat) -> FileResponse | HttpResponse:
    """The answers as a document."""
    return answering.pdf(request, seat)


@require_safe
@for_team
def attachment(request: HttpRequest, seat: Seat, file: int) -> FileResponse:
    """A joined file."""
    return answering.attachment(request, seat, file)


@require_safe
@for_team
def picture(request: HttpRequest, seat: Seat, name: str) -> HttpResponse:
    """A picture of the questionnaire."""
    return answering.picture(request, seat, name)


@require_safe
@for_team
def ground(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What the map of a place stands on."""
    return answering.ground(request, seat)
