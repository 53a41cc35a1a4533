"""Scenarios and their plans."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.kit import figures, lists
from restanque.kit.documents import file_response
from restanque.kit.forms import render_form, submitted
from restanque.kit.text import format_number, record_number
from restanque.supply.assumptions import SETTINGS
from restanque.supply.exports import geojson, workbook
from restanque.supply.figures import key_figures, plan_map
from restanque.supply.forms import ScenarioForm, ScenarioNameForm, WeightsForm
from restanque.supply.models import Need, PlanStatus, PlatformOffer, Scenario, SupplyPlan
from restanque.supply.perms import (
    can_edit_supply,
    can_view_details,
    can_view_supply,
    get_plan_for,
    get_scenario_for,
    get_territory_for,
)
from restanque.supply.services import scenarios as services
from restanque.supply.showing import PlanView
from restanque.supply.tables import ScenarioFilter, ScenarioTable
from restanque.supply.views.common import TerritoryList, sections, trail
from restanque.territories.models import Territory

#: Rows of each table of a plan's page before one asks for all of them.
SHOWN = 25


class ScenarioList(TerritoryList):
    """The scenarios of one territory."""

    title = "Quels plans comparons-nous ?"
    lede = "Un scénario pose une question : ces besoins, ces offres, ces règles. Un plan y répond."
    noun = ("scénario", "scénarios")
    table_class = ScenarioTable
    filterset_class = ScenarioFilter
    export_name = "scenarios"

    def get_queryset(self) -> QuerySet[Scenario]:
        """Those of the territory, archived only when asked for."""
        return Scenario.objects.visible_to(self.request.membership).filter(  # type: ignore[attr-defined]
            territory=self.territory,
            archived=self.request.GET.get("state") == "archived",
        )

    def is_fictitious(self) -> bool:
        """A demonstration's."""
        return self.territory.workspace.fictitious

    def get_actions(self) -> list[lists.Action]:
        """A new one, for who may."""
        actions = [lists.Action("Comparer deux plans", self.at("supply:compare"))]
        if self.may_edit:
            url = self.at("supply:scenario-create")
            actions.append(lists.Action("Nouveau scénario", url, primary=True, icon="plus"))
        return actions

    def get_empty(self) -> lists.Empty:
        """The next step."""
        return lists.Empty(
            "Aucun scénario",
            "Commencez par garder les boulangers d’aujourd’hui et changer la farine.",
        )


SCENARIOS = require(can_view_supply)(ScenarioList.as_view())


@require(can_view_supply)
def scenario(request: MemberRequest, pk: int) -> HttpResponse:
    """A scenario and its latest plan: who delivers whom, at what cost, who is left out."""
    subject = get_scenario_for(request, pk)
    plan = subject.plans.select_related("scenario", "job").first()
    done = subject.plans.filter(status=PlanStatus.DONE).select_related("scenario").first()
    context: dict[str, Any] = {
        "scenario": subject,
        "plan": plan,
        "trail": _trail(subject.territory),
        "sections": sections(request, subject.territory),
        "may_edit": can_edit_supply(request.membership),
        "fictitious": subject.workspace.fictitious or bool(done and done.fictitious),
        "decisions": subject.links.select_related(
            "need__canteen", "bakery__organisation", "bakery__placeholder_commune"
        ),
        "left_out": _left_out(subject),
        "settings": _settings(subject),
        "sliders": WeightsForm(known=subject.settings).sliders(),
        "platforms": PlatformOffer.objects.filter(territory=subject.territory).count(),
    }
    if done is not None:
        today = timezone.localdate()
        view = PlanView(done)
        panel = plan_map(
            view,
            list(subject.territory.communes_at(today)),
            today,
            linked=can_view_details(request.membership),
        )
        if response := figures.serve(request, panel):
            return response
        whole = request.GET.get("tout") == "1"
        context |= {
            "whole": whole,
            "links": view.links if whole else view.links[:SHOWN],
            "bakers": view.by_bakery if whole else view.by_bakery[:SHOWN],
            "done": done,
            "view": view,
            "panel": panel,
            "key_figures": key_figures(view),
        }
    return render(request, "supply/scenario.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def create(request: MemberRequest, territory: int) -> HttpResponse:
    """A new scenario; its plan is solved at once."""
    subject = get_territory_for(request, territory)
    form = ScenarioForm(request.POST or None)
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: services.create_scenario(
                territory=subject,
                name=data["name"],
                description=data["description"],
                assumptions=form.settings(),
                by=request.membership.user,
            ),
        )
        if made is not None:
            return solve_and_tell(request, made)
    back = reverse("supply:scenarios", args=[subject.pk])
    return _form_page(request, form, subject, "Nouveau scénario", back, "Enregistrer et calculer")


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change the words or the settings, and solve again."""
    subject = get_scenario_for(request, pk)
    form = ScenarioForm(request.POST or None, scenario=subject)
    if request.method == "POST":
        changed = submitted(
            form,
            lambda data: services.update_scenario(
                scenario=get_scenario_for(request, pk),
                name=data["name"],
                description=data["description"],
                assumptions=form.settings(),
            ),
        )
        if changed is not None:
            return solve_and_tell(request, changed)
    back = subject.get_absolute_url()
    title = f"Hypothèses de « {subject} »"
    return _form_page(request, form, subject.territory, title, back, "Enregistrer et calculer")


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def duplicate(request: MemberRequest, pk: int) -> HttpResponse:
    """The same question under another name, to change one thing and compare."""
    subject = get_scenario_for(request, pk)
    form = ScenarioNameForm(request.POST or None, initial={"name": f"{subject.name} (copie)"})
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: services.duplicate_scenario(
                scenario=subject, name=data["name"], by=request.membership.user
            ),
        )
        if made is not None:
            messages.success(request, "La copie est prête : changez-y ce que vous voulez essayer.")
            return redirect("supply:scenario-edit", pk=made.pk)
    back = subject.get_absolute_url()
    return _form_page(request, form, subject.territory, f"Copier « {subject} »", back, "Copier")


@require_POST
@require(can_edit_supply)
def archive(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a scenario out of the list, or bring it back."""
    subject = get_scenario_for(request, pk)
    services.archive_scenario(scenario=subject, archived=not subject.archived)
    messages.success(request, f"« {subject} » est {'archivé' if subject.archived else 'rétabli'}.")
    return redirect("supply:scenarios", territory=subject.territory_id)


@require_POST
@require(can_edit_supply)
def solve(request: MemberRequest, pk: int) -> HttpResponse:
    """Solve the scenario as it stands."""
    return solve_and_tell(request, get_scenario_for(request, pk))


@require(can_view_supply)
def compare(request: MemberRequest, territory: int) -> HttpResponse:
    """Two plans side by side: what one gains over the other."""
    subject = get_territory_for(request, territory)
    plans = SupplyPlan.objects.filter(scenario__territory=subject, status=PlanStatus.DONE)
    latest = {plan.scenario_id: plan for plan in reversed(plans.select_related("scenario"))}
    chosen = [
        latest[number]
        for name in ("a", "b")
        if (number := record_number(request.GET.get(name, ""))) in latest
    ]
    context = {
        "territory": subject,
        "trail": _trail(subject),
        "plans": sorted(latest.values(), key=lambda plan: plan.scenario.name_key),
        "chosen": chosen,
        "may_edit": can_view_details(request.membership),
        "rows": _compared(chosen) if len(chosen) == 2 else [],
        "moved": _moved(chosen) if len(chosen) == 2 else [],
        "fictitious": subject.workspace.fictitious,
    }
    return render(request, "supply/compare.html", context)


@require(can_view_details)
def export(request: MemberRequest, pk: int, file_format: str) -> HttpResponse:
    """The plan as a workbook or as GeoJSON."""
    plan = get_plan_for(request, pk)
    view = PlanView(plan)
    if file_format == "geojson":
        return file_response(geojson(view), f"plan-{plan.pk}.geojson")
    return file_response(workbook(view), f"plan-{plan.pk}.xlsx")


def solve_and_tell(request: MemberRequest, subject: Scenario) -> HttpResponse:
    plan = services.start_plan(scenario=subject, by=request.membership.user)
    if plan.status == PlanStatus.FAILED:
        messages.error(request, f"Le plan n’a pas pu être calculé : {plan.message}")
    elif plan.status == PlanStatus.DONE:
        messages.success(request, "Le plan est calculé.")
    else:
        messages.info(request, "Le plan se calcule : cette page le montrera.")
    return redirect(subject)


def _form_page(
    request: MemberRequest, form: Any, territory: Territory, title: str, back: str, do: str
) -> HttpResponse:
    return render_form(
        request,
        "supply/scenario_form.html",
        form,
        title=title,
        trail=_trail(territory),
        back=back,
        submit=do,
    )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a scenario leaves out: its words, and what brings it back."""

    label: str
    kind: str
    pk: int


def _left_out(subject: Scenario) -> list[LeftOut]:
    """Needs, bakeries and mills, in that order."""
    needs = subject.excluded_needs.select_related("need__canteen")
    bakeries = subject.excluded_bakeries.select_related(
        "bakery__organisation", "bakery__placeholder_commune"
    )
    mills = subject.excluded_mills.select_related("mill__organisation")
    return [
        *(LeftOut(str(one.need), "need", one.need_id) for one in needs),
        *(LeftOut(str(one.bakery), "bakery", one.bakery_id) for one in bakeries),
        *(LeftOut(str(one.mill), "mill", one.mill_id) for one in mills),
    ]


def _settings(subject: Scenario) -> list[tuple[str, str, str]]:
    """Label, value in words, where the default comes from."""
    settings = subject.settings
    rows = []
    for name, one in SETTINGS.items():
        value = getattr(settings, name)
        if isinstance(value, bool):
            rows.append((one.label, "oui" if value else "non", one.source))
        elif isinstance(value, int | float):
            shown = f"{value:g}".replace(".", ",")
            rows.append((one.label, f"{shown} {one.unit}".strip(), one.source))
    return rows


_ROWS = (
    ("Pain servi (kg par jour)", "served_kg", 0),
    ("Pain non servi (kg par jour)", "unserved_kg", 0),
    ("Reste chez le boulanger d’aujourd’hui (kg par jour)", "stay_kg", 0),
    ("Boulangeries", "bakeries", 0),
    ("Changements de farine", "conversions", 0),
    ("Prix moyen du plan (€/kg HT)", "price", 2),
    ("Distance moyenne par kilo (km)", "km", 1),
    ("Pain de la commune même (part)", "local_share", 2),
    ("Pain sous signe officiel (part)", "certified_share", 2),
    ("Blé (hectares)", "hectares", 0),
)


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One figure of two plans, in words."""

    label: str
    first: str
    second: str
    gap: str


def _compared(plans: list[SupplyPlan]) -> list[ComparedRow]:
    rows = []
    for label, name, decimals in _ROWS:
        a, b = (plan.figures.get(name) for plan in plans)
        gap = None if a is None or b is None else b - a
        shown = [format_number(value, decimals) for value in (a, b, gap)]
        rows.append(ComparedRow(label, shown[0], shown[1], shown[2]))
    return rows


def _moved(plans: list[SupplyPlan]) -> list[tuple[Need, str, str]]:
    """Needs whose bakers differ between the two plans."""
    bakers: list[dict[int, tuple[Need, str]]] = []
    for plan in plans:
        found: dict[int, tuple[Need, str]] = {}
        for link in PlanView(plan).links:
            before = found.get(link.need.pk)
            names = f"{before[1]}, {link.bakery}" if before else str(link.bakery)
            found[link.need.pk] = (link.need, names)
        bakers.append(found)
    first, second = bakers
    made = []
    for pk in {**first, **second}:
        a, b = first.get(pk), second.get(pk)
        if (a and a[1]) != (b and b[1]):
            need = (a or b)[0]  # type: ignore[index]
            made.append((need, a[1] if a else "personne", b[1] if b else "personne"))
    return sorted(made, key=lambda row: row[0].canteen.name_key)


def _trail(territory: Territory) -> list[tuple[str, str]]:
    return trail(territory, ("Scénarios", reverse("supply:scenarios", args=[territory.pk])))
