"""What a person decides of a scenario by screen: needs and offers in or out, weights, a point."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.core.jobs.services import perform
from restanque.core.models import Job, JobStatus
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.supply.forms import WeightsForm
from restanque.supply.models import MillOffer, Need, PlanStatus, PlatformOffer, Scenario, SupplyPlan
from restanque.supply.nomenclature import BreadClass
from restanque.supply.services import choices, needs, offers, scenarios, trade_offs
from restanque.supply.services.offers import Proposed
from restanque.supply.showing import PlanView
from restanque.territories.models import Territory
from tests.conftest import client_of
from tests.supply.conftest import TODAY
from tests.supply.test_plans import village as village

FEW = {"moves_per_lot": 50}


@pytest.fixture
def scenario(territory: Territory, village: dict[str, Any]) -> Scenario:
    """A scenario with its plan."""
    made = scenarios.create_scenario(territory=territory, name="Essai", assumptions=FEW)
    scenarios.start_plan(scenario=made)
    return made


@pytest.fixture
def office(alice: Membership) -> Client:
    """An agent's browser."""
    return client_of(alice)


@pytest.fixture
def mill(territory: Territory) -> MillOffer:
    """A mill of the territory."""
    return offers.save_mill(
        territory=territory,
        organisation=create_organisation(
            workspace=territory.workspace,
            kind=Kind.MILL,
            name="Moulin du Rhône",
            commune=territory.communes_at(TODAY).get(pk="13108"),
        ),
        flours=[Proposed(BreadClass.COURANT), Proposed(BreadClass.LOCAL)],
        today=TODAY,
    )


def latest(scenario: Scenario) -> PlanView:
    plan = SupplyPlan.objects.filter(scenario=scenario, status=PlanStatus.DONE).first()
    assert plan is not None
    return PlanView(plan)


class TestLeavingOut:
    def test_a_need_is_left_out_and_brought_back_from_the_page(
        self, scenario: Scenario, village: dict[str, Any], office: Client
    ) -> None:
        url = reverse("supply:scenario-leave-out", args=[scenario.pk])
        office.post(url, {"need": village["eyragues"].pk, "excluded": "1"})
        assert {link.need for link in latest(scenario).links} == {village["tarascon"]}
        page = office.get(scenario.get_absolute_url()).content.decode()
        assert "hors de ce scénario" in page
        office.post(url, {"need": village["eyragues"].pk, "excluded": "0"})
        assert len(latest(scenario).links) == 2
        assert Need.objects.get(pk=village["eyragues"].pk).active

    def test_a_mill_that_closes_takes_its_flour_away(
        self, scenario: Scenario, mill: MillOffer, office: Client
    ) -> None:
        scenarios.start_plan(scenario=scenario)
        assert [one for one, _, _ in latest(scenario).by_mill] == [mill]
        url = reverse("supply:scenario-leave-out", args=[scenario.pk])
        office.post(url, {"mill": mill.pk, "excluded": "1"})
        assert latest(scenario).by_mill == []
        copy = scenarios.duplicate_scenario(scenario=scenario, name="Copie")
        assert copy.excluded_mills.get().mill == mill

    def test_all_is_chosen_on_one_page(
        self, scenario: Scenario, village: dict[str, Any], mill: MillOffer, office: Client
    ) -> None:
        url = reverse("supply:scenario-choose", args=[scenario.pk])
        page = office.get(url).content.decode()
        assert page.count(" checked") == 5
        office.post(url, {"need": [village["tarascon"].pk], "bakery": [village["here"].pk]})
        view = latest(scenario)
        assert {link.need for link in view.links} == {village["tarascon"]}
        assert {link.bakery for link in view.links} == {village["here"]}
        assert office.get(url).content.decode().count(" checked") == 2

    def test_choosing_the_same_solves_nothing_again(
        self, scenario: Scenario, village: dict[str, Any], office: Client
    ) -> None:
        kept = {
            "need": [village["tarascon"].pk, village["eyragues"].pk],
            "bakery": [village["here"].pk, village["away"].pk],
        }
        office.post(reverse("supply:scenario-choose", args=[scenario.pk]), kept)
        assert scenario.plans.count() == 1
        scenario.refresh_from_db()
        assert scenario.version == 1

    def test_what_is_of_another_territory_is_refused(
        self, scenario: Scenario, village: dict[str, Any], mill: MillOffer
    ) -> None:
        other = Scenario(territory=Territory(pk=scenario.territory_id + 1), name="Ailleurs")
        with pytest.raises(ValidationError, match="autre territoire"):
            choices.exclude_need(scenario=other, need=village["tarascon"], excluded=True)
        with pytest.raises(ValidationError, match="autre territoire"):
            choices.exclude_mill(scenario=other, mill=mill, excluded=True)


class TestDecidingFromTheReasons:
    def test_any_bakery_may_be_imposed_with_a_reason_and_freed(
        self, scenario: Scenario, village: dict[str, Any], office: Client
    ) -> None:
        page = reverse("supply:scenario-need", args=[scenario.pk, village["tarascon"].pk])
        assert "Décider pour cette cantine" in office.get(page).content.decode()
        url = reverse("supply:scenario-decide", args=[scenario.pk])
        pair = {"need": village["tarascon"].pk, "bakery": village["away"].pk}
        office.post(url, {**pair, "kind": "forced", "why": "Accord du conseil"})
        assert {
            link.bakery for link in latest(scenario).links if link.need == village["tarascon"]
        } == {village["away"]}
        assert "Accord du conseil" in office.get(page).content.decode()
        office.post(url, {**pair, "kind": ""})
        assert not scenario.links.exists()


class TestWeights:
    def test_the_sliders_change_the_weights_and_solve_again(
        self, scenario: Scenario, office: Client
    ) -> None:
        page = office.get(scenario.get_absolute_url()).content.decode()
        assert page.count('type="range"') == 3
        url = reverse("supply:scenario-weigh", args=[scenario.pk])
        office.post(url, {"proximity": "0.4", "stability": "0.3", "spread": "0"})
        scenario.refresh_from_db()
        known = scenario.settings
        assert (known.elsewhere, known.neighbour) == (0.4, 0.1)
        assert (known.change, known.fairness) == (0.3, 0.0)
        assert scenario.plans.count() == 2

    @pytest.mark.parametrize("value", ["", "-1", "beaucoup", "21", "nan"])
    def test_a_weight_that_is_none_changes_nothing(
        self, scenario: Scenario, office: Client, value: str
    ) -> None:
        url = reverse("supply:scenario-weigh", args=[scenario.pk])
        answer = office.post(
            url, {"proximity": value, "stability": "0", "spread": "0"}, follow=True
        )
        assert "Un poids est un nombre" in answer.content.decode()
        assert scenario.plans.count() == 1

    @pytest.mark.parametrize(
        ("value", "most", "step"),
        [(0.2, "1.2", "0.05"), (0.15, "1.2", "0.05"), (0.12, "1.2", "any"), (3.0, "3", "0.05")],
    )
    def test_a_slider_stands_exactly_where_the_scenario_is(
        self, scenario: Scenario, value: float, most: str, step: str
    ) -> None:
        changed = scenarios.set_weights(scenario=scenario, weights={"change": value})
        (one,) = (
            slider
            for slider in WeightsForm(known=changed.settings).sliders()
            if slider["name"] == "stability"
        )
        assert (one["most"], one["step"]) == (most, step)
        assert float(one["value"]) == value

    def test_a_reader_sees_no_slider(self, scenario: Scenario, remi: Membership) -> None:
        page = client_of(remi).get(scenario.get_absolute_url()).content.decode()
        assert 'type="range"' not in page


class TestTheCurve:
    def test_it_is_solved_after_each_plan_without_being_asked(
        self, scenario: Scenario, office: Client
    ) -> None:
        work = Job.objects.get(kind="supply-trade-offs")
        perform(work.pk)
        work.refresh_from_db()
        assert work.status == JobStatus.DONE, work.error
        page = office.get(reverse("supply:balance", args=[scenario.pk])).content.decode()
        assert page.count("Essayer dans une copie") == len(trade_offs.WEIGHTS)

    def test_a_plan_solved_by_the_worker_comes_with_its_curve(
        self, territory: Territory, village: dict[str, Any]
    ) -> None:
        made = scenarios.create_scenario(territory=territory, name="Plus tard", assumptions=FEW)
        plan = scenarios.start_plan(scenario=made, later=True)
        assert plan.job is not None
        perform(plan.job.pk)
        plan.refresh_from_db()
        assert len(plan.figures["trade_offs"]) == len(trade_offs.WEIGHTS)

    @pytest.mark.parametrize("assumptions", [{"neutral": True, "keep_bakers": False}])
    def test_neutral_mode_has_none(
        self, territory: Territory, village: dict[str, Any], assumptions: dict[str, Any]
    ) -> None:
        made = scenarios.create_scenario(
            territory=territory, name="Neutre", assumptions={**FEW, **assumptions}
        )
        scenarios.start_plan(scenario=made)
        assert not Job.objects.filter(kind="supply-trade-offs").exists()

    def test_a_point_is_tried_in_a_copy_when_bakers_are_kept_first(
        self, scenario: Scenario, office: Client
    ) -> None:
        plan = scenario.plans.get()
        trade_offs.keep_trade_offs(plan=plan, should_stop=lambda: False)
        url = reverse("supply:balance-choose", args=[scenario.pk])
        for _ in range(2):
            answer = office.post(url, {"point": "4"}, follow=True)
        assert "voici une copie à comparer" in answer.content.decode()
        first, second = Scenario.objects.filter(copied_from=scenario).order_by("pk")
        assert first.name == "Essai, arbitrage à 0,30 €"
        assert second.name == "Essai, arbitrage à 0,30 € (2)"
        known = first.settings
        assert (known.neighbour, known.elsewhere, known.change) == (0.3, 0.3, 0.3)
        assert not known.keep_bakers
        assert latest(first).links
        scenario.refresh_from_db()
        assert scenario.version == 1

    def test_a_point_becomes_the_scenario_where_bakers_are_free(
        self, territory: Territory, village: dict[str, Any], office: Client
    ) -> None:
        made = scenarios.create_scenario(
            territory=territory, name="Libre", assumptions={**FEW, "keep_bakers": False}
        )
        plan = scenarios.start_plan(scenario=made)
        trade_offs.keep_trade_offs(plan=plan, should_stop=lambda: False)
        office.post(reverse("supply:balance-choose", args=[made.pk]), {"point": "6"})
        made.refresh_from_db()
        assert made.settings.change == 1.2
        assert made.plans.count() == 2
        assert {link.bakery for link in latest(made).links if link.need == village["tarascon"]} == {
            village["here"]
        }

    @pytest.mark.parametrize("point", ["", "99", "-1"])
    def test_a_point_that_is_not_on_the_curve_is_refused(
        self, scenario: Scenario, office: Client, point: str
    ) -> None:
        answer = office.post(
            reverse("supply:balance-choose", args=[scenario.pk]), {"point": point}, follow=True
        )
        assert "pas sur la courbe" in answer.content.decode()
        assert Scenario.objects.count() == 1


def test_a_canteen_given_more_bakers_than_it_accepts_is_named(
    territory: Territory, village: dict[str, Any]
) -> None:
    needs.update_need(
        need=village["tarascon"], today=TODAY, kg_per_day=Decimal(90), max_suppliers=1
    )
    made = scenarios.create_scenario(
        territory=territory, name="Un seul", assumptions={**FEW, "keep_bakers": False}
    )
    scenarios.start_plan(scenario=made)
    view = latest(made)
    bakers = {link.bakery for link in view.links if link.need == village["tarascon"]}
    told = [note for note in view.result["notes"] if "accepterait" in note]
    assert len(bakers) == 2
    assert len(told) == 1
    assert "1 fournisseur au plus" in told[0].replace("\xa0", " ")


class TestPlatforms:
    def test_a_platform_is_recorded_shown_and_left_out_of_the_plan(
        self, territory: Territory, scenario: Scenario, office: Client
    ) -> None:
        known = create_organisation(
            workspace=territory.workspace, kind=Kind.PLATFORM, name="Plateforme du Pays"
        )
        url = reverse("supply:platform-create", args=[territory.pk])
        office.post(url, {"organisation": known.pk, "radius_km": "40", "fee_per_kg": "0,25"})
        offer = PlatformOffer.objects.get()
        assert offer.fee_per_kg == Decimal("0.25")
        assert "Aucun plan ne la compte" in office.get(offer.get_absolute_url()).content.decode()
        office.post(reverse("supply:platform-edit", args=[offer.pk]), {"radius_km": "50"})
        offer.refresh_from_db()
        assert offer.radius_km == 50
        before = scenario.plans.get().read("result")["links"]
        after = scenarios.start_plan(scenario=scenario).read("result")["links"]
        assert before == after
        page = office.get(scenario.get_absolute_url()).content.decode()
        assert "1 plateforme connue, que ce plan ne compte pas" in page

    def test_the_same_platform_is_recorded_once(self, territory: Territory) -> None:
        known = create_organisation(
            workspace=territory.workspace, kind=Kind.PLATFORM, name="Plateforme du Pays"
        )
        offers.save_platform(territory=territory, organisation=known, today=TODAY)
        with pytest.raises(ValidationError, match="déjà son offre"):
            offers.save_platform(territory=territory, organisation=known, today=TODAY)
