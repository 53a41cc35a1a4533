"""Home page, search, fiche commune, public pages, health check."""

from datetime import date, timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from restanque import __version__
from restanque.accounts.models import Workspace
from restanque.accounts.perms import MemberRequest, can_read, require
from restanque.core.notices import unread_notifications
from restanque.kit import slots
from restanque.portal.search import search as search_everything
from restanque.territories import services as territories
from restanque.territories.perms import get_commune_for
from restanque.territories.reference.sources import sources as reference_sources


def home(request: HttpRequest) -> HttpResponse:
    """« Cette semaine » for a member; otherwise how to get access."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return render(request, "portal/no_workspace.html")
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    context = {
        "week": today.isocalendar().week,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "panels": slots.panels("home", request, membership) if can_read(membership) else [],
        "notices": unread_notifications(membership),
    }
    return render(request, "portal/home.html", context)


@require(can_read)
def search(request: MemberRequest) -> HttpResponse:
    """Search among what the member may see."""
    query = request.GET.get("q", "").strip()
    groups = search_everything(request.membership, query)
    return render(request, "portal/search.html", {"query": query, "groups": groups})


@require(can_read)
def commune(request: MemberRequest, code: str) -> HttpResponse:
    """The fiche commune: all that the rooms know of one commune, panel by panel."""
    found = get_commune_for(request, code)
    today: date = timezone.localdate()
    panels = slots.panels("commune", request, found)
    town_hall = getattr(found, "town_hall", None)
    context = {
        "commune": found,
        "telephone": town_hall.telephone if town_hall else "",
        "territories": territories.territories_of(
            found, workspace=request.membership.workspace, on=today
        ).visible_to(request.membership),
        "panels": panels,
        "main_panels": [panel for panel in panels if panel.place == "main"],
        "aside_panels": [panel for panel in panels if panel.place == "aside"],
        "wide_panels": [panel for panel in panels if panel.place == "wide"],
        "fictitious": any(panel.context.get("fictitious") for panel in panels),
    }
    return render(request, "portal/commune.html", context)


@login_not_required
def legal(request: HttpRequest) -> HttpResponse:
    """Mentions légales: the software's part, and who publishes this instance."""
    return _public(request, "portal/legal.html", publishers=_publishers())


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    """Confidentialité: what data, why, how long, whose rights."""
    return _public(request, "portal/privacy.html", publishers=_publishers())


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """Déclaration d'accessibilité: says that no audit has been made."""
    return _public(request, "portal/accessibility.html")


@login_not_required
def sources(request: HttpRequest) -> HttpResponse:
    """Sources, vintages and licences of the reference data."""
    return _public(request, "portal/sources.html", sources=reference_sources().values())


@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """200 when the application answers and its database does too, else 503: for a supervisor."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            database = cursor.fetchone() == (1,)
    except DatabaseError:
        database = False
    return JsonResponse({"ok": database, "version": __version__}, status=200 if database else 503)


def _publishers() -> QuerySet[Workspace]:
    """The teams of this instance; the demo's own only where there is no other."""
    real = Workspace.objects.filter(fictitious=False)
    return (real if real.exists() else Workspace.objects.all()).order_by("name", "pk")


def _public(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    """A page that anybody may read, with the team's navigation for those who have one."""
    member = getattr(request, "membership", None) is not None
    frame = "kit/base.html" if member else "kit/plain.html"
    return render(request, template, {"frame": frame, **context})
