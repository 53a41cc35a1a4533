"""Territories: the list, the page, the communes, the perimeter through time."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_GET, require_http_methods

from restanque.accounts.perms import MemberRequest, can_administer, can_read, can_write, require
from restanque.kit import figures as kit_figures
from restanque.kit import forms, lists
from restanque.kit.text import format_date, plural
from restanque.territories import services
from restanque.territories.figures import (
    key_figures,
    lede_of,
    source_of,
    territory_map,
)
from restanque.territories.forms import NewTerritoryForm, PerimeterForm, TerritoryForm
from restanque.territories.geo import geojson_for
from restanque.territories.models import Commune, Territory
from restanque.territories.perms import (
    can_create_territory,
    can_edit_territory,
    get_editable_territory_for,
    get_territory_for,
)
from restanque.territories.reference import tables
from restanque.territories.tables import CommuneFilter, CommuneTable, with_zone

ROOT = ("Territoire", "territories:list")


def trail_of(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """Breadcrumb from the room's first page."""
    return [(ROOT[0], reverse(ROOT[1])), *steps]


def step_of(territory: Territory) -> tuple[str, str]:
    """A territory in a breadcrumb."""
    return (territory.name, territory.get_absolute_url())


@require_GET
@require(can_read)
def territory_list(request: MemberRequest) -> HttpResponse:
    """The territories that the member covers."""
    today = timezone.localdate()
    rows = [
        (territory, key_figures(_members(territory)))
        for territory in Territory.objects.visible_to(request.membership)
    ]
    context = {
        "rows": rows,
        "today": today,
        "can_create": can_create_territory(request.membership),
        "can_administer": can_administer(request.membership),
        "population_source": source_of(tables.COMMUNES),
    }
    return render(request, "territories/list.html", context)


@require_GET
@require(can_read)
def detail(request: MemberRequest, pk: int) -> HttpResponseBase:
    """A territory: its map, its figures, its EPCI."""
    territory = get_territory_for(request, pk)
    communes = _members(territory)
    panel = territory_map(territory, communes, timezone.localdate())
    if (figure := kit_figures.serve(request, panel)) is not None:
        return figure
    figures = key_figures(communes)
    context = {
        "territory": territory,
        "figures": figures,
        "lede": lede_of(figures),
        "map": panel,
        "trail": trail_of(),
        "population_source": source_of(tables.COMMUNES),
        "epci_source": source_of(tables.EPCI),
        "may_edit": can_edit_territory(request.membership, territory),
        "changes": _changes(territory),
    }
    return render(request, "territories/detail.html", context)


class CommuneList(lists.ListView):
    """The communes of a territory today."""

    request: MemberRequest
    noun = ("commune", "communes")
    table_class = CommuneTable
    export_name = "communes"
    paginate_by = 100

    @cached_property
    def territory(self) -> Territory:
        """The territory of the address."""
        return get_territory_for(self.request, self.kwargs["pk"])

    @cached_property
    def filterset(self) -> CommuneFilter:
        """The filters, with the choices of this territory."""
        return CommuneFilter(
            data=self.request.GET or None,
            queryset=self.get_queryset(),
            request=self.request,
            territory=self.territory,
            day=timezone.localdate(),
        )

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Name the source of the figures."""
        super().setup(request, *args, **kwargs)
        self.source = source_of(tables.COMMUNES).vintage

    def get_queryset(self) -> QuerySet[Commune]:
        """Today's members."""
        communes = self.territory.communes_at(timezone.localdate())
        return with_zone(
            communes.select_related("epci", "departement", "town_hall"), self.territory
        )

    def get_title(self) -> str:
        """What the list holds."""
        return "Les communes du territoire"

    def get_lede(self) -> str:
        """Whose communes, and on which day."""
        return f"{self.territory.name}, au {format_date(timezone.localdate())}."

    def get_table(self) -> lists.Table:
        """The table, without its zone column as long as no zone is drawn."""
        table = super().get_table()
        if "zone" not in self.filterset.filters:
            table.columns.hide("zone_name")
        return table

    def get_trail(self) -> list[tuple[str, str]]:
        """Territoire / its name."""
        return trail_of(step_of(self.territory))

    def get_actions(self) -> list[lists.Action]:
        """What one may do from here."""
        zones = reverse("territories:zones", args=[self.territory.pk])
        actions = [lists.Action("Zones", zones)]
        if can_edit_territory(self.request.membership, self.territory):
            change = reverse("territories:perimeter", args=[self.territory.pk])
            actions.append(lists.Action("Faire entrer ou sortir des communes", change))
        return actions


@require_GET
@require(can_read)
def geojson(request: MemberRequest, pk: int) -> JsonResponse:
    """The contours of today's communes, for maps and for GIS software."""
    territory = get_territory_for(request, pk)
    zones = services.zone_by_commune(territory)

    def properties(commune: Commune) -> dict[str, Any]:
        zone = zones.get(commune.code)
        return {
            "population": commune.population,
            "epci": commune.epci_id,
            "zone": zone.name if zone else None,
        }

    return JsonResponse(
        geojson_for(_members(territory), properties),
        content_type="application/geo+json",
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )


@require_http_methods(["GET", "POST"])
@require(can_create_territory)
def create(request: MemberRequest) -> HttpResponse:
    """Draw a territory from EPCI and communes."""
    form = NewTerritoryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            territory = services.create_territory(
                workspace=request.membership.workspace,
                name=data["name"],
                kind=data["kind"],
                description=data["description"],
                valid_from=data["valid_from"],
                epci_sirens=data["epci"],
                commune_codes=data["communes"],
            )
        except (services.PerimeterError, ValidationError) as error:
            add_error(form, error)
        else:
            messages.success(request, f"Le territoire « {territory.name} » est créé.")
            return redirect(territory)
    return forms.render_form(
        request,
        forms.PAGE,
        form,
        title="Quel territoire ajouter ?",
        lede="Un territoire est un ensemble de communes, daté : un PAT, un SCoT, un bassin.",
        submit="Créer le territoire",
        trail=trail_of(),
        back=reverse("territories:list"),
    )


@require_http_methods(["GET", "POST"])
@require(can_write)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Rename a territory, or describe it."""
    territory = get_editable_territory_for(request, pk)
    initial = {
        "name": territory.name,
        "kind": territory.kind,
        "description": territory.description,
    }
    form = TerritoryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_territory(territory=territory, **form.cleaned_data)
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, "Le territoire est enregistré.")
            return redirect(territory)
    return forms.render_form(
        request,
        forms.PAGE,
        form,
        title=f"Modifier « {initial['name']} »",
        trail=trail_of((initial["name"], territory.get_absolute_url())),
        back=territory.get_absolute_url(),
    )


@require_http_methods(["GET", "POST"])
@require(can_write)
def perimeter(request: MemberRequest, pk: int) -> HttpResponse:
    """Make communes enter or leave on a day."""
    territory = get_editable_territory_for(request, pk)
    form = PerimeterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sentence = _change_perimeter(territory, form)
        except services.PerimeterError as error:
            add_error(form, error)
        else:
            messages.success(request, sentence)
            return redirect(territory)
    return forms.render_form(
        request,
        "territories/perimeter.html",
        form,
        title="Quelles communes entrent ou sortent ?",
        lede=f"Aujourd’hui, {territory.name} compte {plural(len(_members(territory)), 'commune')}. "
        "Rien n’est effacé : chaque commune garde ses dates.",
        trail=trail_of(step_of(territory)),
        back=territory.get_absolute_url(),
        changes=_changes(territory),
    )


def _change_perimeter(territory: Territory, form: PerimeterForm) -> str:
    """Apply the form; return the sentence that says what was done."""
    data = form.cleaned_data
    entering = data["move"] == PerimeterForm.ADD
    write = services.add_communes if entering else services.remove_communes
    change = write(territory=territory, codes=data["communes"], on=data["on"])
    if entering:
        what = plural(len(change.changed), "commune entre", "communes entrent")
        idle = plural(len(change.unchanged), "y était déjà", "y étaient déjà")
    else:
        what = plural(len(change.changed), "commune sort", "communes sortent")
        idle = plural(len(change.unchanged), "n’en était pas", "n’en étaient pas")
    tail = f" ; {idle}" if change.unchanged else ""
    return f"{what} à partir du {format_date(data['on'])}{tail}."


def _members(territory: Territory) -> list[Commune]:
    today = timezone.localdate()
    return list(territory.communes_at(today).select_related("epci", "departement"))


def _changes(territory: Territory) -> list[tuple[Any, str, list[Commune]]]:
    """Entries and exits by day, the latest first: (day, « entrent » or « sortent », communes)."""
    found: dict[tuple[Any, str], list[Commune]] = {}
    rows = territory.memberships.select_related("commune").order_by("commune__name_key", "pk")
    for row in rows:
        found.setdefault((row.valid_from, "entrée"), []).append(row.commune)
        if row.valid_to:
            found.setdefault((row.valid_to, "sortie"), []).append(row.commune)
    return [(day, what, communes) for (day, what), communes in sorted(found.items(), reverse=True)]


def add_error(form: Any, error: Exception) -> None:
    """Show a service's refusal in the form, beside its field where there is one."""
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        for field, problems in error.error_dict.items():
            form.add_error(field if field in form.fields else None, problems)
    elif isinstance(error, ValidationError):
        form.add_error(None, error.messages)
    else:
        form.add_error(None, str(error))
