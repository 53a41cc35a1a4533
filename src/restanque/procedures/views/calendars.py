"""Calendars: one procedure's, and the address that a calendar program subscribes to."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.procedures.calendars import calendar, feed_url, find_feed
from restanque.procedures.models import CalendarFeed, Procedure
from restanque.procedures.perms import (
    can_edit_procedures,
    can_view_procedures,
    get_territory_for,
    territories_of,
)
from restanque.procedures.reading import Reading
from restanque.procedures.services import calendars as services
from restanque.procedures.views.common import read_for, trail


@require_GET
@require(can_view_procedures)
def download(request: MemberRequest, pk: int) -> HttpResponse:
    """One procedure's dates, as a file."""
    reading = read_for(request, pk)
    text = calendar(reading.procedure.name, [reading], fictitious=reading.is_fictitious)
    return _answer(text, f"procedure-{pk}.ics")


@require_GET
@require(can_view_procedures)
def feeds(request: MemberRequest) -> HttpResponse:
    """The calendar of each territory: its address for who may write, open or closed for all."""
    may_edit = can_edit_procedures(request.membership)
    territories = list(territories_of(request.membership))
    opened = {
        feed.territory_id: feed
        for feed in CalendarFeed.objects.filter(territory__in=territories, opened=True)
    }
    rows = [
        (one, feed, feed_url(feed) if feed and may_edit else "")
        for one in territories
        for feed in [opened.get(one.pk)]
    ]
    context = {
        "rows": rows,
        "may_edit": may_edit,
        "trail": trail(),
        "fictitious": request.membership.workspace.fictitious,
    }
    return render(request, "procedures/feeds.html", context)


@require_POST
@require(can_edit_procedures)
def open_feed(request: MemberRequest, territory: int) -> HttpResponse:
    """Give the calendar an address; asked again, the former one no longer opens."""
    subject = get_territory_for(request, territory)
    services.open_feed(territory=subject)
    messages.success(
        request, f"Le calendrier de {subject} a une nouvelle adresse. L’ancienne ne s’ouvre plus."
    )
    return redirect("procedures:feeds")


@require_POST
@require(can_edit_procedures)
def close_feed(request: MemberRequest, territory: int) -> HttpResponse:
    """No address opens any more."""
    subject = get_territory_for(request, territory)
    services.close_feed(territory=subject)
    messages.success(request, f"Le calendrier de {subject} est fermé.")
    return redirect("procedures:feeds")


@login_not_required
@require_http_methods(["GET", "HEAD"])
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What a calendar program reads, without session: 404 for any other address."""
    found = find_feed(slug)
    if found is None:
        raise Http404
    today = timezone.localdate()
    running = Procedure.objects.running().filter(territory=found.territory_id).to_scan()
    readings = [Reading(one, today) for one in running]
    fictitious = found.territory.workspace.fictitious or any(r.is_fictitious for r in readings)
    return _answer(
        calendar(str(found.territory), readings, fictitious=fictitious), "calendrier.ics"
    )


def _answer(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
