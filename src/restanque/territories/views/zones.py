"""Zones of a territory: drawn by lists, previewed before they are applied."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from restanque.accounts.perms import MemberRequest, can_read, can_write, require
from restanque.kit import figures as kit_figures
from restanque.kit import forms
from restanque.kit.text import plural
from restanque.territories import services
from restanque.territories.figures import Group, territory_map, total
from restanque.territories.forms import ZoneForm, ZoneListForm
from restanque.territories.models import Commune, Territory, Zone
from restanque.territories.perms import (
    can_edit_territory,
    get_editable_territory_for,
    get_territory_for,
)
from restanque.territories.views.territories import step_of, trail_of


@require_http_methods(["GET"])
@require(can_read)
def zones(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The zones on the map and in a table."""
    territory = get_territory_for(request, pk)
    today = timezone.localdate()
    communes = list(territory.communes_at(today).select_related("epci", "departement"))
    panel = territory_map(territory, communes, today)
    if (figure := kit_figures.serve(request, panel)) is not None:
        return figure
    where = services.zone_by_commune(territory)
    rows = [(zone, _group(zone, communes, where)) for zone in services.zones_of(territory)]
    context = {
        "territory": territory,
        "rows": rows,
        "left": [commune for commune in communes if commune.code not in where],
        "map": panel,
        "trail": trail_of(step_of(territory)),
        "may_edit": can_edit_territory(request.membership, territory),
    }
    return render(request, "territories/zones.html", context)


def _group(zone: Zone, communes: list[Commune], where: dict[str, Zone]) -> Group:
    inside = [commune for commune in communes if where.get(commune.code) == zone]
    population = total([commune.population for commune in inside])
    return Group(zone.name, "", len(inside), None if population is None else int(population))


@require_http_methods(["GET", "POST"])
@require(can_write)
def zone_create(request: MemberRequest, pk: int) -> HttpResponse:
    """A new zone; its communes are listed next."""
    territory = get_editable_territory_for(request, pk)
    form = ZoneForm(
        request.POST or None,
        territory=territory,
        initial={"colour": services.next_colour(territory)},
    )
    if request.method == "POST" and form.is_valid():
        zone = services.create_zone(territory=territory, **form.cleaned_data)
        return redirect("territories:zone_communes", zone.pk)
    return forms.render_form(
        request,
        forms.PAGE,
        form,
        title="Quelle zone dessiner ?",
        lede=f"Une partie de {territory.name}. Une commune est dans une zone au plus.",
        submit="Continuer avec la liste des communes",
        trail=_trail(territory),
        back=reverse("territories:zones", args=[territory.pk]),
    )


@require_http_methods(["GET", "POST"])
@require(can_write)
def zone_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Rename a zone or change its colour."""
    zone = _get_editable_zone_for(request, pk)
    form = ZoneForm(
        request.POST or None,
        territory=zone.territory,
        zone=zone,
        initial={"name": zone.name, "colour": zone.colour},
    )
    if request.method == "POST" and form.is_valid():
        services.update_zone(zone=zone, **form.cleaned_data)
        messages.success(request, f"La zone « {zone.name} » est enregistrée.")
        return redirect("territories:zones", zone.territory_id)
    return forms.render_form(
        request,
        "territories/zone_form.html",
        form,
        title=f"Modifier la zone « {zone.name} »",
        zone=zone,
        trail=_trail(zone.territory),
        back=reverse("territories:zones", args=[zone.territory_id]),
    )


@require_http_methods(["GET", "POST"])
@require(can_write)
def zone_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Remove a zone, after the number of its communes was typed."""
    zone = _get_editable_zone_for(request, pk)
    count = zone.communes_at(timezone.localdate()).count()
    form = forms.ConfirmForm(request.POST or None, count=count, noun="commune")
    if request.method == "POST" and form.is_valid():
        territory, name = zone.territory_id, zone.name
        services.delete_zone(zone=zone)
        messages.success(request, f"La zone « {name} » est supprimée.")
        return redirect("territories:zones", territory)
    return forms.render_form(
        request,
        forms.PAGE,
        form,
        title=f"Supprimer la zone « {zone.name} » ?",
        lede="Ses communes restent dans le territoire, sans zone.",
        submit="Supprimer la zone",
        danger=True,
        trail=_trail(zone.territory),
        back=reverse("territories:zones", args=[zone.territory_id]),
    )


@require_http_methods(["GET", "POST"])
@require(can_write)
def zone_communes(request: MemberRequest, pk: int) -> HttpResponse:
    """The communes of a zone, as a list: shown before it is applied.

    The first POST previews; the second, with `confirm`, applies the communes understood.
    """
    zone = _get_editable_zone_for(request, pk)
    today = timezone.localdate()
    current = "\n".join(commune.name for commune in zone.communes_at(today))
    form = ZoneListForm(request.POST or None, initial={"communes": current})
    preview = None
    if request.method == "POST" and form.is_valid():
        lines = form.cleaned_data["communes"]
        preview = services.preview_zone(zone=zone, lines=lines, on=today)
        if "confirm" in request.POST:
            communes = preview.resolution.communes
            services.assign_zone(zone=zone, communes=communes, on=today)
            count = plural(len(communes), "commune")
            messages.success(request, f"La zone « {zone.name} » compte {count}.")
            return redirect("territories:zones", zone.territory_id)
    return forms.render_form(
        request,
        "territories/zone_communes.html",
        form,
        title=f"Quelles communes dans « {zone.name} » ?",
        zone=zone,
        preview=preview,
        trail=_trail(zone.territory),
        back=reverse("territories:zones", args=[zone.territory_id]),
    )


def _trail(territory: Territory) -> list[tuple[str, str]]:
    here = ("Zones", reverse("territories:zones", args=[territory.pk]))
    return trail_of(step_of(territory), here)


def _get_editable_zone_for(request: MemberRequest, pk: int) -> Zone:
    """The zone, for those who may change its territory; 404 for anybody else."""
    zone = Zone.objects.filter(pk=pk).select_related("territory__workspace").first()
    if zone is None or not can_edit_territory(request.membership, zone.territory):
        raise Http404
    return zone
