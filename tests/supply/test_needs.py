"""Needs drawn from answers, corrected by hand, estimated for the silent."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from restanque.accounts.models import Membership
from restanque.directory.models import Organisation
from restanque.directory.services import create_canteen
from restanque.supply.models import Need, NeedSource
from restanque.supply.nomenclature import BreadClass
from restanque.supply.services import estimates, needs
from restanque.surveys.models import Campaign, Response
from restanque.surveys.services import review
from restanque.territories.models import Commune, Territory
from restanque.territories.services import add_communes
from tests.supply.conftest import CODES, TODAY, mairie_of
from tests.territories.france import load_communes

Answer = Callable[..., Response]


class TestDrawing:
    def test_a_validated_answer_becomes_a_need_of_the_commune(
        self, campaign: Campaign, answer: Answer, bakery: Callable[..., Organisation]
    ) -> None:
        baker = bakery("Boulangerie du Rhône", "13108")
        answer(
            "13108", cantine="oui", kg="12.5", repas=250, jours=140, type="courant",
            **{"four[1]/nom": "Fournil du Rhône", "four[1]/prix": "3.1"},
        )  # fmt: skip
        report = needs.draw_from_campaign(campaign=campaign)
        assert (report.created, report.updated, report.unread) == (1, 0, [])
        need = Need.objects.get()
        assert need.canteen.whole_commune
        assert need.canteen.daily_meal_count == 250
        assert need.kg_per_day == Decimal("12.5")
        assert need.kg_per_year == Decimal("1750")
        assert need.grams_per_meal == 50
        assert need.supplier == baker
        assert need.price_per_kg == Decimal("3.1")
        assert need.source == NeedSource.ANSWER

    def test_what_is_not_validated_is_not_drawn(self, campaign: Campaign, answer: Answer) -> None:
        answer("13108", validated=False, cantine="oui", kg="12")
        assert needs.draw_from_campaign(campaign=campaign).created == 0

    def test_drawing_twice_changes_nothing(self, campaign: Campaign, answer: Answer) -> None:
        answer("13108", cantine="oui", kg="12")
        needs.draw_from_campaign(campaign=campaign)
        report = needs.draw_from_campaign(campaign=campaign)
        assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
        assert Need.history.count() == 1

    def test_a_correction_of_the_answer_is_followed(
        self, campaign: Campaign, answer: Answer, alice: Membership
    ) -> None:
        response = answer("13108", cantine="oui", kg="12", bio="non")
        needs.draw_from_campaign(campaign=campaign)
        response.refresh_from_db()
        review.correct(
            response=response,
            values={"/data/pain/kg": "15", "/data/pain/bio": "oui"},
            by=alice.user,
        )
        assert needs.draw_from_campaign(campaign=campaign).updated == 1
        need = Need.objects.get()
        assert (need.kg_per_day, need.bread_class) == (Decimal(15), BreadClass.BIO)

    def test_what_was_corrected_by_hand_stays_until_the_correction_is_withdrawn(
        self, campaign: Campaign, answer: Answer
    ) -> None:
        answer("13108", cantine="oui", kg="12")
        needs.draw_from_campaign(campaign=campaign)
        need = needs.update_need(need=Need.objects.get(), today=TODAY, kg_per_day=Decimal(20))
        assert need.overrides == ["kg_per_day"]
        needs.draw_from_campaign(campaign=campaign)
        assert Need.objects.get().kg_per_day == 20
        needs.forget_overrides(need=Need.objects.get())
        needs.draw_from_campaign(campaign=campaign)
        assert Need.objects.get().kg_per_day == 12

    def test_what_could_not_be_read_is_reported_with_whose_it_is(
        self, campaign: Campaign, answer: Answer
    ) -> None:
        answer("13108", cantine="oui", repas=100)
        answer("13036", cantine="non")
        report = needs.draw_from_campaign(campaign=campaign)
        assert report.without_need == 2
        (unread,) = report.unread
        assert unread.organisation.name == "Mairie de Tarascon"
        assert "quantité" in unread.message

    def test_two_bakeries_of_one_name_are_not_guessed_between(
        self, campaign: Campaign, answer: Answer, bakery: Callable[..., Organisation]
    ) -> None:
        bakery("Fournil des Alpilles", "13004")
        bakery("Boulangerie des Alpilles", "13036")
        answer("13108", cantine="oui", kg="12", **{"four[1]/nom": "Les Alpilles"})
        answer("13036", cantine="oui", kg="9", **{"four[1]/nom": "Les Alpilles"})
        needs.draw_from_campaign(campaign=campaign)
        by_commune = {need.canteen.commune_id: need for need in Need.objects.all()}
        assert by_commune["13108"].supplier is None
        assert by_commune["13108"].supplier_name == "Les Alpilles"
        assert by_commune["13036"].supplier is not None

    def test_an_observation_takes_the_place_of_an_estimate(
        self, campaign: Campaign, answer: Answer, estimated: Need
    ) -> None:
        code = estimated.canteen.commune_id
        answer(code, cantine="oui", kg="7")
        assert needs.draw_from_campaign(campaign=campaign).updated == 1
        estimated.refresh_from_db()
        assert estimated.source == NeedSource.ANSWER
        assert (estimated.kg_per_day, estimated.kg_low) == (7, None)


class TestEstimates:
    def test_a_silent_commune_is_estimated_from_five_others(self, estimated: Need) -> None:
        assert estimated.source == NeedSource.ESTIMATE
        assert estimated.kg_low <= estimated.kg_per_day <= estimated.kg_high
        assert "5 communes" in estimated.basis

    def test_under_five_observed_needs_nobody_is_estimated(
        self, campaign: Campaign, answer: Answer
    ) -> None:
        answer("13108", cantine="oui", kg="12")
        needs.draw_from_campaign(campaign=campaign)
        mairie_of(campaign.workspace, "13036")
        report = estimates.estimate_silent(campaign=campaign, today=TODAY)
        assert report.created == 0
        assert any("moins de 5 communes" in why for _, why in report.left_out)

    def test_a_corrected_estimate_is_no_longer_an_estimate(self, estimated: Need) -> None:
        need = needs.update_need(need=estimated, today=TODAY, kg_per_day=Decimal(3))
        assert need.source == NeedSource.TYPED
        assert need.kg_low is None

    def test_an_estimate_is_brought_up_to_date_not_doubled(
        self, campaign: Campaign, estimated: Need
    ) -> None:
        report = estimates.estimate_silent(campaign=campaign, today=TODAY)
        assert (report.created, report.updated) == (0, 1)


def test_the_register_gives_an_estimate_where_nothing_better_is(territory: Territory) -> None:
    create_canteen(
        workspace=territory.workspace,
        name="École Jean-Jaurès",
        commune=Commune.objects.get(pk="13027"),
        daily_meal_count=200,
    )
    assert needs.draw_from_register(territory=territory, today=TODAY).created == 1
    need = Need.objects.get()
    assert (need.kg_low, need.kg_per_day, need.kg_high) == (6, 10, 14)
    assert need.is_estimate
    assert needs.draw_from_register(territory=territory, today=TODAY).created == 0


def test_a_typed_need_is_checked(territory: Territory) -> None:
    canteen = create_canteen(
        workspace=territory.workspace, name="École", commune=Commune.objects.get(pk="13027")
    )
    with pytest.raises(ValidationError) as caught:
        needs.create_need(
            territory=territory,
            canteen=canteen,
            today=TODAY,
            bread_class="brioche",
            kg_per_day=Decimal(0),
            delivery_days=["lundi", "lundi"],
        )
    assert set(caught.value.message_dict) >= {"bread_class", "kg_per_day", "delivery_days"}


def test_the_database_refuses_an_estimate_without_interval(estimated: Need) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.filter(pk=estimated.pk).update(kg_low=None)


def test_a_canteen_of_another_workspace_is_refused(
    territory: Territory, charlie: Membership
) -> None:
    canteen = create_canteen(workspace=charlie.workspace, name="Ailleurs")
    with pytest.raises(ValidationError, match="autre espace"):
        needs.create_need(
            territory=territory,
            canteen=canteen,
            today=TODAY,
            bread_class=BreadClass.COURANT,
            kg_per_day=Decimal(1),
        )


@pytest.fixture
def estimated(campaign: Campaign, answer: Answer, communes: dict[str, Commune]) -> Need:
    """The estimate of a commune whose five neighbours answered."""
    load_communes((*CODES, "13010"))
    commune = Commune.objects.get(pk="13010")
    add_communes(territory=campaign.territory, codes=["13010"], on=TODAY.replace(month=1))
    mairie_of(campaign.workspace, commune.pk)
    for code in CODES:
        answer(code, cantine="oui", kg="12", repas=200)
    needs.draw_from_campaign(campaign=campaign)
    assert Need.objects.count() == len(CODES)
    report = estimates.estimate_silent(campaign=campaign, today=TODAY)
    assert report.created == 1, report
    return Need.objects.get(source=NeedSource.ESTIMATE)


class TestSuppliers:
    def test_a_supplier_only_written_joins_the_directory_in_the_commune_where_it_bakes(
        self, campaign: Campaign, answer: Answer
    ) -> None:
        answer("13108", cantine="oui", kg="12", **{"four[1]/nom": "Fournil du Marché"})
        needs.draw_from_campaign(campaign=campaign)
        Need.objects.update(supplier_here=True)
        organisation = needs.create_supplier(need=Need.objects.get(), today=TODAY)
        assert organisation.commune_id == "13108"
        assert Need.objects.get().supplier == organisation
        with pytest.raises(ValidationError, match="pas de fournisseur"):
            needs.create_supplier(need=Need.objects.get(), today=TODAY)

    def test_a_known_one_is_tied_not_doubled(
        self, campaign: Campaign, answer: Answer, bakery: Callable[..., Organisation]
    ) -> None:
        answer("13108", cantine="oui", kg="12", **{"four[1]/nom": "Fournil du Marché"})
        needs.draw_from_campaign(campaign=campaign)
        known = bakery("Boulangerie du Marché", "13108")
        assert needs.create_supplier(need=Need.objects.get(), today=TODAY) == known


def test_a_later_campaign_holds_and_an_earlier_one_does_not_come_back(
    campaign: Campaign, answer: Answer
) -> None:
    response = answer("13108", cantine="oui", kg="12")
    needs.draw_from_campaign(campaign=campaign)
    Need.objects.update(response=None, observed_on=TODAY.replace(year=2030))
    report = needs.draw_from_campaign(campaign=campaign)
    assert (report.superseded, report.updated) == (1, 0)
    Need.objects.update(observed_on=TODAY.replace(year=2020))
    assert needs.draw_from_campaign(campaign=campaign).updated == 1
    assert Need.objects.get().response == response


def test_a_class_already_typed_by_hand_is_reported_not_overwritten(
    campaign: Campaign, answer: Answer, alice: Membership
) -> None:
    response = answer("13108", cantine="oui", kg="12", bio="non")
    needs.draw_from_campaign(campaign=campaign)
    needs.create_need(
        territory=campaign.territory,
        canteen=Need.objects.get().canteen,
        today=TODAY,
        bread_class=BreadClass.BIO,
        kg_per_day=Decimal(2),
    )
    response.refresh_from_db()
    review.correct(response=response, values={"/data/pain/bio": "oui"}, by=alice.user)
    report = needs.draw_from_campaign(campaign=campaign)
    assert [one.message for one in report.unread] == [
        "Cette cantine a déjà un besoin de cette classe de pain\xa0: modifiez-le."
    ]
    assert Need.objects.get(bread_class=BreadClass.BIO).kg_per_day == 2
    assert Need.objects.get(bread_class=BreadClass.COURANT).kg_per_day == 12


def test_a_homonym_of_another_commune_is_not_the_baker_of_this_one(
    campaign: Campaign, answer: Answer, bakery: Callable[..., Organisation]
) -> None:
    bakery("Boulangerie de la Place", "13004")
    answer("13108", cantine="oui", kg="12", **{"four[1]/nom": "Boulangerie de la Place"})
    needs.draw_from_campaign(campaign=campaign)
    need = Need.objects.get()
    assert need.supplier is not None  # nothing says where it bakes
    Need.objects.update(supplier=None, supplier_here=True)
    made = needs.create_supplier(need=Need.objects.get(), today=TODAY)
    assert made.commune_id == "13108"
