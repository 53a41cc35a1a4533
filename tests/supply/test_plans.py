"""From needs and offers to a plan: the baker kept first, what is assumed, who is left out."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from restanque.accounts.models import Membership
from restanque.core.jobs.services import perform
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services import canteen_for_whole_commune, create_organisation
from restanque.supply.building import build
from restanque.supply.models import BakeryOffer, LinkKind, Need, PlanStatus, Scenario, SupplyPlan
from restanque.supply.nomenclature import BreadClass
from restanque.supply.services import choices, needs, offers, scenarios
from restanque.supply.services.offers import Proposed
from restanque.supply.showing import PlanView
from restanque.territories.models import Territory
from tests.supply.conftest import TODAY, mairie_of

B = BreadClass
Bakery = Callable[..., Organisation]


@pytest.fixture
def village(territory: Territory, bakery: Bakery) -> dict[str, Any]:
    """Tarascon buys from its baker and wants local flour; Eyragues has none but a neighbour."""
    here, away = bakery("Fournil de Tarascon", "13108"), bakery("Fournil de Maillane", "13100")
    made: dict[str, Any] = {
        "here": offers.save_bakery(
            territory=territory,
            organisation=here,
            prices=[Proposed(B.COURANT, Decimal("3.0"))],
            today=TODAY,
            capacity_kg_per_day=Decimal(50),
        ),
        "away": offers.save_bakery(
            territory=territory,
            organisation=away,
            prices=[Proposed(B.COURANT, Decimal("2.0")), Proposed(B.LOCAL, Decimal("2.1"))],
            today=TODAY,
            capacity_kg_per_day=Decimal(50),
        ),
    }
    for code, name, kilos, supplier in (
        ("13108", "tarascon", 20, here),
        ("13036", "eyragues", 10, None),
    ):
        made[name] = needs.create_need(
            territory=territory,
            canteen=canteen_for_whole_commune(organisation=mairie_of(territory.workspace, code)),
            today=TODAY,
            bread_class=B.LOCAL,
            kg_per_day=Decimal(kilos),
            supplier=supplier,
            price_per_kg=Decimal("3.0") if supplier else None,
        )
    return made


def solved(territory: Territory, name: str = "Essai", **assumptions: Any) -> PlanView:
    scenario = scenarios.create_scenario(
        territory=territory, name=name, assumptions={"moves_per_lot": 50, **assumptions}
    )
    plan = scenarios.start_plan(scenario=scenario)
    assert plan.status == PlanStatus.DONE, plan.message
    view = PlanView(SupplyPlan.objects.get(pk=plan.pk))
    assert view.result["violations"] == []
    return view


def bakers(view: PlanView) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for link in view.links:
        found.setdefault(link.need.pk, []).append(str(link.bakery))
    return found


class TestKeepingTheBaker:
    def test_today_s_baker_stays_although_another_is_cheaper_and_changes_flour(
        self, territory: Territory, village: dict[str, Any]
    ) -> None:
        view = solved(territory)
        link = next(one for one in view.links if one.need == village["tarascon"])
        assert link.bakery == village["here"]
        assert link.state == "flour"
        assert link.raw["price"] == pytest.approx(3.3)  # 3.00 and the surcharge of the class
        assert link.surcharge == pytest.approx(0.3)
        assert not link.raw["price_known"]
        assert "changer de farine" in link.raw["why"]
        assert view.figures["conversions"] == 1

    def test_who_has_no_known_baker_is_looked_for_elsewhere(
        self, territory: Territory, village: dict[str, Any]
    ) -> None:
        view = solved(territory)
        assert bakers(view)[village["eyragues"].pk] == ["Fournil de Maillane"]
        assert view.short == []

    def test_an_unwilling_baker_keeps_only_what_it_serves(
        self, territory: Territory, village: dict[str, Any]
    ) -> None:
        BakeryOffer.objects.update(willing=False)
        view = solved(territory)
        assert set(bakers(view)) == {village["tarascon"].pk}
        assert [one.need for one in view.short] == [village["eyragues"]]

    def test_a_price_nobody_accepts_leaves_the_canteen_and_says_so(
        self, territory: Territory, village: dict[str, Any]
    ) -> None:
        needs.update_need(need=village["tarascon"], today=TODAY, max_price=Decimal("1.5"))
        (short,) = solved(territory).short
        assert short.need == village["tarascon"]
        assert "1,50" in short.why


def test_without_preference_the_cheapest_serves_in_neutral_mode(
    territory: Territory, village: dict[str, Any]
) -> None:
    view = solved(territory, keep_bakers=False, neutral=True, fairness=0.0)
    assert set(bakers(view)[village["tarascon"].pk]) == {"Fournil de Maillane"}
    assert all(
        link.raw["parts"]["preference"] == link.raw["parts"]["change"] == 0 for link in view.links
    )
    assert view.result["gap"] is not None


def test_a_bakery_closed_on_a_day_of_delivery_is_never_proposed(
    territory: Territory, village: dict[str, Any]
) -> None:
    needs.update_need(need=village["eyragues"], today=TODAY, delivery_days=["lundi"])
    BakeryOffer.objects.update(closing_days=["lundi"])
    (short,) = solved(territory).short
    assert short.need == village["eyragues"]
    assert "lundi" in short.why


def test_unknown_capacity_and_price_are_assumed_and_said(
    territory: Territory, village: dict[str, Any], bakery: Bakery
) -> None:
    offers.save_bakery(
        territory=territory,
        organisation=bakery("Fournil muet", "13004"),
        prices=[Proposed(B.COURANT)],
        today=TODAY,
    )
    view = solved(territory)
    said = " ".join(view.result["assumed"])
    assert "Capacité inconnue de 1 boulangerie" in said.replace("\xa0", " ")
    assert "Prix inconnu de 1 boulangerie" in said.replace("\xa0", " ")


def test_estimates_can_be_left_out(territory: Territory, village: dict[str, Any]) -> None:
    Need.objects.filter(pk=village["eyragues"].pk).update(
        source="estimate", kg_low=5, kg_high=15, basis="essai"
    )
    assert len(solved(territory).links) == 2
    assert len(solved(territory, "Sans", include_estimates=False).links) == 1


class TestDecisions:
    def test_a_forced_link_is_kept_and_a_forbidden_one_never_used(
        self, territory: Territory, village: dict[str, Any], alice: Membership
    ) -> None:
        scenario = scenarios.create_scenario(territory=territory, name="À la main")
        choices.decide_link(
            scenario=scenario,
            need=village["eyragues"],
            bakery=village["here"],
            kind=LinkKind.FORCED,
            by=alice.user,
        )
        plan = scenarios.start_plan(scenario=scenario)
        view = PlanView(plan)
        assert bakers(view)[village["eyragues"].pk] == ["Fournil de Tarascon"]
        assert scenario.version == 2
        choices.decide_link(
            scenario=scenario,
            need=village["eyragues"],
            bakery=village["here"],
            kind=LinkKind.FORBIDDEN,
        )
        view = PlanView(scenarios.start_plan(scenario=scenario))
        assert bakers(view)[village["eyragues"].pk] == ["Fournil de Maillane"]
        choices.decide_link(
            scenario=scenario, need=village["eyragues"], bakery=village["here"], kind=None
        )
        assert not scenario.links.exists()

    def test_a_bakery_left_out_of_a_scenario_stays_in_others(
        self, territory: Territory, village: dict[str, Any]
    ) -> None:
        scenario = scenarios.create_scenario(territory=territory, name="Et si elle fermait")
        choices.exclude_bakery(scenario=scenario, bakery=village["away"], excluded=True)
        view = PlanView(scenarios.start_plan(scenario=scenario))
        assert village["away"].pk not in {link.bakery.pk for link in view.links}
        assert village["away"].pk in {link.bakery.pk for link in solved(territory).links}

    def test_a_copy_takes_the_decisions_along(
        self, territory: Territory, village: dict[str, Any]
    ) -> None:
        scenario = scenarios.create_scenario(territory=territory, name="Premier")
        choices.decide_link(
            scenario=scenario,
            need=village["eyragues"],
            bakery=village["here"],
            kind=LinkKind.FORBIDDEN,
        )
        copy = scenarios.duplicate_scenario(scenario=scenario, name="Second")
        assert copy.links.get().kind == LinkKind.FORBIDDEN
        assert copy.copied_from == scenario


def test_the_same_scenario_gives_the_same_plan(
    territory: Territory, village: dict[str, Any]
) -> None:
    scenario = scenarios.create_scenario(territory=territory, name="Deux fois")
    first, second = (scenarios.start_plan(scenario=scenario).read("result") for _ in range(2))
    assert first == second


def test_a_territory_without_bakery_leaves_everybody_unserved(
    territory: Territory, village: dict[str, Any]
) -> None:
    BakeryOffer.objects.all().delete()
    view = solved(territory)
    assert len(view.short) == 2
    assert view.figures["served_kg"] == 0


@pytest.mark.parametrize(
    ("name", "value"), [("radius_km", 0), ("k", 0), ("certified_share", 2), ("seed", -1)]
)
def test_a_setting_out_of_its_range_is_refused_in_words(
    territory: Territory, name: str, value: float
) -> None:
    with pytest.raises(ValidationError, match="est attendue"):
        scenarios.create_scenario(territory=territory, name="Non", assumptions={name: value})
    assert not Scenario.objects.exists()


def test_building_reads_in_few_queries(
    territory: Territory, village: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    scenario = scenarios.create_scenario(territory=territory, name="Requêtes")
    with django_assert_max_num_queries(12):
        build(scenario)


class TestWheat:
    def test_flour_that_claims_its_origin_needs_wheat_of_the_zones(
        self, territory: Territory, village: dict[str, Any]
    ) -> None:
        self._mill_and_wheat(territory, hectares="0.1")
        view = solved(territory)
        assert view.figures["served_kg"] < 10

    def test_other_flour_is_bought_on_the_market_and_counted_apart(
        self, territory: Territory, village: dict[str, Any]
    ) -> None:
        Need.objects.update(bread_class=B.COURANT)
        self._mill_and_wheat(territory, hectares="0.1")
        view = solved(territory)
        assert view.figures["served_kg"] == pytest.approx(30)
        assert view.figures["wheat_tonnes"] > view.figures["wheat_local_tonnes"]

    def _mill_and_wheat(self, territory: Territory, hectares: str) -> None:
        mill = create_organisation(
            workspace=territory.workspace,
            kind=Kind.MILL,
            name="Moulin",
            commune=territory.communes_at(TODAY).get(pk="13108"),
        )
        offers.save_mill(
            territory=territory,
            organisation=mill,
            flours=[Proposed(B.COURANT), Proposed(B.LOCAL)],
            today=TODAY,
        )
        offers.save_wheat(
            territory=territory,
            today=TODAY,
            name="Crau",
            commune=territory.communes_at(TODAY).get(pk="13108"),
            bread_class=B.LOCAL,
            hectares=Decimal(hectares),
            yield_t_per_ha=Decimal(5),
        )


def test_a_plan_that_may_wait_is_solved_by_the_worker(
    territory: Territory, village: dict[str, Any], alice: Membership
) -> None:
    scenario = scenarios.create_scenario(territory=territory, name="Plus tard")
    plan = scenarios.start_plan(scenario=scenario, by=alice.user, later=True)
    assert plan.status == PlanStatus.WAITING
    assert plan.job is not None
    perform(plan.job.pk)
    plan.refresh_from_db()
    assert plan.status == PlanStatus.DONE
    assert len(PlanView(plan).links) == 2
