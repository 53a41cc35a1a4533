"""What plans are measured with: road distances and the school calendar."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.kit.text import plural
from restanque.supply.forms import ServiceDaysForm
from restanque.supply.models import DistanceTable, Need, SchoolBreak
from restanque.supply.perms import can_edit_supply, can_view_details, get_territory_for
from restanque.supply.routing import Router, RoutingError
from restanque.supply.school import Rhythm, ServiceDays, Zone, school_years, service_days
from restanque.supply.services import distances as distance_services
from restanque.supply.services import school as school_services
from restanque.supply.views.common import sections, trail
from restanque.territories.models import Territory


@require_GET
@require(can_view_details)
def distances(request: MemberRequest, territory: int) -> HttpResponse:
    """The tables of road distances: whose, from when, which one scenarios read."""
    subject = get_territory_for(request, territory)
    tables = [
        (table, table.rows.count()) for table in DistanceTable.objects.filter(territory=subject)
    ]
    context = {
        **_page(request, subject),
        "tables": tables,
        "service": _service(),
    }
    return render(request, "supply/distances.html", context)


@require_POST
@require(can_edit_supply)
def ask(request: MemberRequest, territory: int) -> HttpResponse:
    """Have the instance's service asked, by a job that shows its progress."""
    subject = get_territory_for(request, territory)
    if _service() is None:
        raise Http404
    work = distance_services.start_routing(territory=subject, by=request.membership.user)
    return redirect("core:job", pk=work.pk)


@require_POST
@require(can_edit_supply)
def forget(request: MemberRequest, territory: int, table: int) -> HttpResponse:
    """Take a table away."""
    subject = get_territory_for(request, territory)
    found = get_object_or_404(DistanceTable, territory=subject, pk=table)
    distance_services.delete_table(table=found)
    messages.success(request, f"La table « {found} » est retirée. Calculez de nouveau les plans.")
    return redirect("supply:distances", territory=subject.pk)


@require_GET
@require(can_view_details)
def calendar(request: MemberRequest, territory: int) -> HttpResponse:
    """The school calendar brought by the team, and the days of service it gives."""
    subject = get_territory_for(request, territory)
    breaks = list(SchoolBreak.objects.filter(territory=subject))
    counted = _counted(breaks)
    form = ServiceDaysForm(
        zones=list(counted), years=[days.year for rows in counted.values() for days in rows]
    )
    needs = Need.objects.active().filter(territory=subject)
    context = {
        **_page(request, subject),
        "zones": [
            {
                "zone": zone,
                "label": Zone(zone).label,
                "breaks": [one for one in breaks if one.zone == zone],
                "checked": all(one.checked for one in breaks if one.zone == zone),
                "days": [(days, Rhythm(days.rhythm).label) for days in counted.get(zone, [])],
            }
            for zone in dict.fromkeys(one.zone for one in breaks)
        ],
        "form": form,
        "counted": bool(counted),
        "unknown": needs.filter(days_per_year__isnull=True).count(),
        "from_calendar": needs.exclude(days_basis="").count(),
    }
    return render(request, "supply/calendar.html", context)


@require_POST
@require(can_edit_supply)
def check(request: MemberRequest, territory: int) -> HttpResponse:
    """Say that a zone's dates were compared with the published calendar."""
    subject = get_territory_for(request, territory)
    zone = request.POST.get("zone", "")
    if zone not in Zone.values:
        raise Http404
    checked = request.POST.get("checked") == "1"
    school_services.check_calendar(territory=subject, zone=zone, checked=checked)
    told = "vérifiées" if checked else "à vérifier"
    messages.success(request, f"Les dates de la {Zone(zone).label} sont marquées {told}.")
    return redirect("supply:calendar", territory=subject.pk)


@require_POST
@require(can_edit_supply)
def fill(request: MemberRequest, territory: int) -> HttpResponse:
    """Give the days of the calendar to the needs whose days nobody told."""
    subject = get_territory_for(request, territory)
    counted = _counted(list(SchoolBreak.objects.filter(territory=subject)))
    form = ServiceDaysForm(
        request.POST,
        zones=list(counted),
        years=[days.year for rows in counted.values() for days in rows],
    )
    chosen = _chosen(form, counted)
    if chosen is None:
        messages.error(request, "Cette année scolaire n’est pas entière dans le calendrier.")
    else:
        zone, days = chosen
        changed = school_services.fill_days(territory=subject, zone=zone, days=days)
        told = plural(changed, "besoin a reçu", "besoins ont reçu")
        messages.success(request, f"{told} {days.whole} jours par an.")
    return redirect("supply:calendar", territory=subject.pk)


def _chosen(
    form: ServiceDaysForm, counted: dict[str, list[ServiceDays]]
) -> tuple[str, ServiceDays] | None:
    if not form.is_valid():
        return None
    data = form.cleaned_data
    for days in counted.get(data["zone"], []):
        if days.year.label == data["year"] and days.rhythm == data["rhythm"]:
            return data["zone"], days
    return None


def _counted(breaks: list[SchoolBreak]) -> dict[str, list[ServiceDays]]:
    """Days of every whole school year, by zone and rhythm."""
    found: dict[str, list[ServiceDays]] = {}
    for zone in dict.fromkeys(one.zone for one in breaks):
        dates = [one.dates for one in breaks if one.zone == zone]
        rows = [
            service_days(year, dates, rhythm)
            for year in school_years(dates)
            for rhythm in Rhythm.values
        ]
        if rows:
            found[zone] = rows
    return found


def _service() -> Router | None:
    """The instance's service; None when there is none, or when its address is no address."""
    try:
        return distance_services.router()
    except RoutingError:
        return None


def _page(request: MemberRequest, subject: Territory) -> dict[str, Any]:
    return {
        "territory": subject,
        "trail": trail(subject),
        "sections": sections(request, subject),
        "may_edit": can_edit_supply(request.membership),
        "today": timezone.localdate(),
        "fictitious": subject.workspace.fictitious,
    }
