"""The room's part of the world of tests: objects, arguments of addresses, acts."""

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from restanque.directory import services as directory
from restanque.directory.models import Canteen
from restanque.directory.nomenclature import Kind
from restanque.supply.forms import ScenarioForm
from restanque.supply.models import (
    BakeryOffer,
    LinkKind,
    Need,
    PlatformOffer,
    Scenario,
    SupplyPlan,
)
from restanque.supply.nomenclature import BreadClass
from restanque.supply.services import (
    choices,
    distances,
    needs,
    offers,
    scenarios,
    school,
    trade_offs,
)
from restanque.supply.services.offers import Proposed
from restanque.surveys.models import Response
from restanque.territories.models import Commune

if TYPE_CHECKING:
    from tests.world import World

_SET_BY_HAND = [Proposed(BreadClass.COURANT, Decimal("3.1")), Proposed(BreadClass.LOCAL)]


def build(world: "World", made: dict[str, Any], pat: str, scot: str) -> dict[str, Any]:
    """A need, offers of a bakery, of a mill and of wheat on the PAT; a few on the SCoT."""
    today = timezone.localdate()
    mill = directory.create_organisation(
        workspace=world.workspace,
        kind=Kind.MILL,
        name=f"Moulin {pat}",
        commune=Commune.objects.get(pk="13001"),
        fictitious=made["bakery"].fictitious,
    )
    built: dict[str, Any] = {"mill_organisation": mill}
    for key, territory, canteen, baker, mark in (
        ("need", world.pat, made["canteen"], made["bakery"], pat),
        ("scot_need", world.scot, _scot_canteen(world), made["tarascon"], scot),
    ):
        built[key] = needs.create_need(
            territory=territory,
            canteen=canteen,
            today=today,
            bread_class=BreadClass.LOCAL,
            kg_per_day=Decimal(40),
            supplier=baker,
            note=f"Selon {mark}",
        )
        built[f"{key}_bakery"] = offers.save_bakery(
            territory=territory,
            organisation=baker,
            prices=_SET_BY_HAND,
            today=today,
            capacity_kg_per_day=Decimal(60),
            min_order_kg=Decimal(5),
        )
        offers.save_wheat(
            territory=territory,
            today=today,
            name=f"Plaine {mark}",
            commune=canteen.commune,
            bread_class=BreadClass.LOCAL,
            hectares=Decimal(40),
            yield_t_per_ha=Decimal(4),
            fictitious=made["bakery"].fictitious,
        )
    built["mill"] = offers.save_mill(
        territory=world.pat,
        organisation=mill,
        flours=[Proposed(BreadClass.LOCAL, Decimal("0.8"))],
        today=today,
    )
    built["wheat"] = world.pat.wheat_offers.get()
    directory.create_organisation(
        workspace=world.workspace,
        kind=Kind.MILL,
        name=f"Moulin sans offre {pat}",
        commune=Commune.objects.get(pk="13088"),
        fictitious=made["bakery"].fictitious,
    )
    built["scenario"] = scenarios.create_scenario(
        territory=world.pat, name=f"Garder les boulangers, {pat}", by=world.member("alice").user
    )
    built["plan"] = scenarios.start_plan(scenario=built["scenario"])
    other = scenarios.duplicate_scenario(scenario=built["scenario"], name=f"Libre, {pat}")
    scenarios.start_plan(scenario=other)
    scenarios.create_scenario(territory=world.scot, name=f"Ailleurs, {scot}")
    _decided(other, built)
    built["platform"] = _platform(world, pat, made["bakery"].fictitious)
    built["distances"] = distances.replace_table(
        territory=world.pat,
        name=f"Route {pat}",
        source="essai",
        today=today,
        pairs=[("13001", "13088", 12.0, 15.0)],
    )
    for first, back in (("2025-07-05", "2025-09-01"), ("2026-07-04", None)):
        school.save_break(
            territory=world.pat,
            zone="B",
            name="Vacances d’été (dates d’essai)",
            starts_on=date.fromisoformat(first),
            resumes_on=date.fromisoformat(back) if back else None,
            source="essai",
            today=today,
        )
    return built


def _decided(scenario: Scenario, built: dict[str, Any]) -> None:
    """One of each decision, on the scenario that nobody reads."""
    pair = {"scenario": scenario, "need": built["need"], "bakery": built["need_bakery"]}
    choices.decide_link(**pair, kind=LinkKind.FORCED, why="Essai")
    choices.exclude_need(scenario=scenario, need=built["need"], excluded=True)
    choices.exclude_bakery(scenario=scenario, bakery=built["need_bakery"], excluded=True)
    choices.exclude_mill(scenario=scenario, mill=built["mill"], excluded=True)


def _platform(world: "World", pat: str, fictitious: bool) -> PlatformOffer:
    """A platform with its offer, and another without."""
    known, _ = (
        directory.create_organisation(
            workspace=world.workspace,
            kind=Kind.PLATFORM,
            name=f"{name} {pat}",
            commune=Commune.objects.get(pk="13088"),
            fictitious=fictitious,
        )
        for name in ("Plateforme", "Plateforme sans offre")
    )
    return offers.save_platform(
        territory=world.pat, organisation=known, today=timezone.localdate(), note=f"Selon {pat}"
    )


def routes(world: "World", made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Beginning of a route → values of its parameters."""
    return {
        "approvisionnement/": {"territory": world.pat.pk, "table": made["distances"].pk},
        "approvisionnement/plateformes/": {"pk": made["platform"].pk},
        "approvisionnement/besoins/": {"pk": made["need"].pk},
        "approvisionnement/boulangeries/": {"pk": made["need_bakery"].pk},
        "approvisionnement/moulins/": {"pk": made["mill"].pk},
        "approvisionnement/ble/": {"pk": made["wheat"].pk},
        "approvisionnement/scenarios/": {"pk": made["scenario"].pk, "need": made["need"].pk},
        "approvisionnement/plans/": {
            "pk": made["plan"].pk,
            "file_format": "xlsx",
            "code": made["canteen"].commune_id,
            "bakery": made["need_bakery"].pk,
            "mill": made["mill"].pk,
        },
    }


def acts(world: "World") -> dict[str, dict[str, Any]]:
    """Address name → what somebody who may write would post."""
    free = world.workspace.organisations.filter(kind=Kind.BAKERY, bakery_offers__isnull=True)
    free_platforms = world.workspace.organisations.filter(
        kind=Kind.PLATFORM, platform_offers__isnull=True
    )
    bare = world.workspace.organisations.filter(kind=Kind.MILL, mill_offers__isnull=True)
    canteen = Need.objects.filter(territory=world.pat).order_by("pk").first()
    need = {"bread_class": "bio", "kg_per_day": "12,5", "active": "on"}
    bakery = {"makes_courant": "on", "price_courant": "3,4", "capacity_kg_per_day": "75"}
    mill = {"makes_bio": "on", "price_bio": "1,3", "active": "on"}
    wheat = {
        "name": "Plaine neuve",
        "commune": "13001",
        "bread_class": "bio",
        "hectares": "12",
        "yield_t_per_ha": "3",
        "active": "on",
    }
    link = {
        "need": canteen and canteen.pk,
        "bakery": _first(BakeryOffer.objects.filter(territory=world.pat)),
    }
    settings = ScenarioForm(None)
    scenario = {
        name: field.initial for name, field in settings.fields.items() if field.initial is not None
    } | {"name": "Un scénario neuf", "radius_km": "12", "neutral": ""}
    return {
        "supply:scenario-create": scenario,
        "supply:scenario-edit": scenario,
        "supply:scenario-duplicate": {"name": "Une copie neuve"},
        "supply:scenario-archive": {},
        "supply:scenario-solve": {},
        "supply:plan-communes": {},
        "supply:balance-solve": {},
        "supply:scenario-decide": {**link, "kind": "forbidden"},
        "supply:scenario-leave-out": {"bakery": link["bakery"], "excluded": "1"},
        "supply:scenario-choose": {"need": link["need"], "bakery": link["bakery"]},
        "supply:scenario-weigh": {"proximity": "0.35", "stability": "0.2", "spread": "0.1"},
        "supply:balance-choose": {"point": "0"},
        "supply:distances-forget": {},
        "supply:calendar-check": {"zone": "B", "checked": "1"},
        "supply:calendar-fill": {"zone": "B", "year": "2025-2026", "rhythm": "4"},
        "supply:platform-create": {"organisation": _first(free_platforms), "note": "Un essai"},
        "supply:platform-edit": {"note": "Autre chose", "radius_km": "40"},
        "supply:needs": {"action": "suppliers", "everything": "1"},
        "supply:needs-register": {},
        "supply:needs-draw": {"campaign": world.campaign.pk},
        "supply:need-create": {**need, "canteen": canteen and canteen.canteen_id},
        "supply:need-edit": need,
        "supply:need-forget": {},
        "supply:need-delete": {},
        "supply:offers-draw": {},
        "supply:bakery-create": {**bakery, "organisation": _first(free)},
        "supply:bakery-edit": bakery,
        "supply:bakery-keep": {},
        "supply:placeholders": {"commune": "13001", "count": "2", "source": "BPE 2024"},
        "supply:mill-create": {**mill, "organisation": _first(bare)},
        "supply:mill-edit": mill,
        "supply:wheat-create": wheat,
        "supply:wheat": wheat,
    }


def prepare(name: str, world: "World") -> None:
    """Put the world in the state where an act has something to do."""
    if name == "supply:needs-draw":
        Response.objects.filter(
            invitation__campaign=world.campaign, submitted_at__isnull=False
        ).update(status="validated", submitted_at=timezone.now() - timedelta(hours=1))
    elif name == "supply:needs":
        Need.objects.filter(territory=world.pat).update(supplier=None, supplier_name="Nouveau")
    elif name == "supply:needs-register":
        Need.objects.filter(territory=world.pat).delete()
    elif name == "supply:balance-choose":
        plans = SupplyPlan.objects.filter(scenario__name__startswith="Garder")
        plan = plans.filter(scenario__territory=world.pat).latest("pk")
        trade_offs.keep_trade_offs(plan=plan, should_stop=lambda: False)
    elif name == "supply:need-forget":
        Need.objects.filter(territory=world.pat).update(overrides=["kg_per_day"])


def _scot_canteen(world: "World") -> Canteen:
    """The one of Arles, in the workspace of this world."""
    return Canteen.objects.get(workspace=world.workspace, commune="13004")


def _first(found: Any) -> int | None:
    one = found.order_by("pk").first()
    return None if one is None else one.pk
