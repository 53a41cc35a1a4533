"""Pages printed from a plan: what a mayor, a baker and a miller may read, and nothing more."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import docx
import pytest
from django.test import Client
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.core.models import Job, JobStatus
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services import canteen_for_whole_commune, create_organisation
from restanque.supply.documents import bakery_pages, commune_pages, mill_pages
from restanque.supply.documents.frame import rounded
from restanque.supply.explaining import Study
from restanque.supply.models import BakeryOffer, Distance, DistanceTable, Need, SupplyPlan
from restanque.supply.nomenclature import BreadClass
from restanque.supply.services import choices, needs, offers, scenarios
from restanque.supply.services.offers import Proposed
from restanque.supply.showing import PlanView
from restanque.territories.models import Commune, Territory
from tests.conftest import client_of
from tests.supply.conftest import TODAY, mairie_of

B = BreadClass
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
Bakery = Callable[..., Organisation]


def text_of(data: bytes) -> str:
    """All the words of a Word file, headers included, with plain spaces."""
    document = docx.Document(io.BytesIO(data))
    said = [paragraph.text for paragraph in document.paragraphs]
    said += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    said += [p.text for section in document.sections for p in section.header.paragraphs]
    return "\n".join(said).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def village(territory: Territory, bakery: Bakery) -> dict[str, Any]:
    """Tarascon keeps its baker, who changes flour; Arles asks organic bread that nobody bakes."""
    here, away = bakery("Fournil de Tarascon", "13108"), bakery("Fournil de Maillane", "13100")
    twin = bakery("Fournil voisin", "13108")
    mill = create_organisation(
        workspace=territory.workspace,
        kind=Kind.MILL,
        name="Moulin du Rhône",
        commune=Commune.objects.get(pk="13108"),
    )
    made: dict[str, Any] = {
        name: offers.save_bakery(
            territory=territory,
            organisation=organisation,
            prices=[Proposed(B.COURANT, Decimal(price))],
            today=TODAY,
            capacity_kg_per_day=Decimal(50),
        )
        for name, organisation, price in (
            ("here", here, "3.11"),
            ("away", away, "2.17"),
            ("twin", twin, "3.19"),
        )
    }
    made["mill"] = offers.save_mill(
        territory=territory,
        organisation=mill,
        flours=[Proposed(one) for one in (B.COURANT, B.LOCAL, B.BIO)],
        today=TODAY,
    )
    for code, name, kilos, wanted, supplier in (
        ("13108", "tarascon", 22, B.LOCAL, here),
        ("13036", "eyragues", 11, B.COURANT, None),
        ("13004", "arles", 43, B.BIO, None),
    ):
        made[name] = needs.create_need(
            territory=territory,
            canteen=canteen_for_whole_commune(organisation=mairie_of(territory.workspace, code)),
            today=TODAY,
            bread_class=wanted,
            kg_per_day=Decimal(kilos),
            supplier=supplier,
            price_per_kg=Decimal("3.11") if supplier else None,
            contract_end=date(2027, 8, 31),
            delivery_days=["lundi", "mardi"],
        )
    return made


@pytest.fixture
def plan(territory: Territory, village: dict[str, Any]) -> SupplyPlan:
    scenario = scenarios.create_scenario(
        territory=territory, name="Essai", assumptions={"moves_per_lot": 50}
    )
    return scenarios.start_plan(scenario=scenario)


def page_of(plan: SupplyPlan, *codes: str) -> str:
    communes = [Commune.objects.get(pk=code) for code in codes]
    data = commune_pages(PlanView(plan), communes, study=Study(plan), created_at=NOW)
    return text_of(data)


class TestThePageOfACommune:
    def test_it_says_who_stays_with_which_flour_from_where_and_at_what_price(
        self, plan: SupplyPlan
    ) -> None:
        page = page_of(plan, "13108")
        assert "Votre boulanger d’aujourd’hui reste : Fournil de Tarascon" in page
        assert "votre boulanger d’aujourd’hui, qui changerait de farine" in page
        assert "Moulin du Rhône" in page
        assert "3,41 € (supposé) ; aujourd’hui 3,11 €" in page
        assert "6,60 € de plus par jour de service." in page  # nobody told the days of a year
        assert "Personne n’a vérifié que ce boulanger accepte de changer de farine." in page

    def test_what_is_not_served_is_told_with_what_would_change_it(self, plan: SupplyPlan) -> None:
        page = page_of(plan, "13004")
        assert "aucune boulangerie ne peut le faire" in page
        assert "aucune ne fait ni ne pourrait faire ce pain" in page
        assert "Demander « pain courant »" in page

    def test_it_ends_with_what_to_do_whom_to_ask_and_by_when(self, plan: SupplyPlan) -> None:
        Need.objects.update(days_per_year=140, contract_end=date(2027, 2, 16))
        page = page_of(plan, "13108")
        assert "soit environ 924 € par an pour 140 jours" in page
        assert "Demander à Fournil de Tarascon si un changement de farine lui irait" in page
        assert "Le contrat court jusqu’au 16 févr. 2027" in page
        assert "c’est un achat public, sur des critères licites" in page
        assert "Dire à l’équipe lequel de ces changements étudier" in page_of(plan, "13004")

    def test_without_its_reasons_the_page_still_says_why(self, plan: SupplyPlan) -> None:
        arles = Commune.objects.get(pk="13004")
        page = text_of(commune_pages(PlanView(plan), [arles], study=None, created_at=NOW))
        assert "Les données ont changé depuis ce plan" in page

    def test_a_commune_without_need_has_a_page_that_says_so(self, plan: SupplyPlan) -> None:
        assert "Aucun besoin de pain" in page_of(plan, "13045")

    def test_an_estimate_is_told_as_one(self, plan: SupplyPlan, village: dict[str, Any]) -> None:
        Need.objects.filter(pk=village["eyragues"].pk).update(
            source="estimate", kg_low=5, kg_high=15, basis="essai"
        )
        page = page_of(plan, "13036")
        assert "estimé, entre 5 et 15 kg" in page
        assert "La quantité demandée est estimée" in page

    def test_every_page_tells_its_nature_and_whom_to_ask(
        self, plan: SupplyPlan, territory: Territory
    ) -> None:
        page = page_of(plan, "13108", "13036", "13004")
        assert page.count("Scénario d’approvisionnement et d’allotissement") == 3
        assert page.count(f"Une erreur, une question : {territory.workspace}") == 3

    def test_invented_data_are_marked_on_each_page(self, plan: SupplyPlan) -> None:
        assert "Données fictives" not in page_of(plan, "13108")
        SupplyPlan.objects.update(fictitious=True)
        plan.refresh_from_db()
        data = commune_pages(
            PlanView(plan), [Commune.objects.get(pk="13108")], study=None, created_at=NOW
        )
        (section,) = docx.Document(io.BytesIO(data)).sections
        assert "Données fictives" in [paragraph.text for paragraph in section.header.paragraphs]


class TestThePageOfABakery:
    def test_it_gives_public_needs_and_neither_price_nor_supplier_nor_assignment(
        self, plan: SupplyPlan, village: dict[str, Any]
    ) -> None:
        page = text_of(bakery_pages(plan, [village["away"]], created_at=NOW))
        for told in ("Tarascon", "Farine de marque locale", "20", "lun., mar."):
            assert told in page
        for kept in ("Fournil de Tarascon", "€", "3,11", "2,17", "Moulin", "22", "Essai", "2027"):
            assert kept not in page
        assert "la même pour toutes les boulangeries" in page

    def test_two_bakers_of_one_place_read_the_same_page(
        self, plan: SupplyPlan, village: dict[str, Any]
    ) -> None:
        """One serves Tarascon in the plan, the other nobody: the page does not show it."""
        offer = village["twin"]
        offer.radius_km = 3  # their own wishes change nothing either
        offer.save()
        first, second = (
            text_of(bakery_pages(plan, [one], created_at=NOW)).replace(str(one), "…")
            for one in (village["here"], offer)
        )
        assert first == second

    def test_the_plan_changes_nothing_in_it(
        self, plan: SupplyPlan, village: dict[str, Any], territory: Territory
    ) -> None:
        before = bakery_pages(plan, [village["here"]], created_at=NOW)
        other = scenarios.create_scenario(
            territory=territory, name="Autre", assumptions={"keep_bakers": False}
        )
        choices.exclude_bakery(scenario=other, bakery=village["away"], excluded=True)
        after = bakery_pages(
            scenarios.start_plan(scenario=other), [village["here"]], created_at=NOW
        )
        assert text_of(before) == text_of(after)

    def test_a_total_over_fewer_than_five_needs_is_not_given(
        self, plan: SupplyPlan, village: dict[str, Any], territory: Territory
    ) -> None:
        page = text_of(bakery_pages(plan, [village["here"]], created_at=NOW))
        assert "Moins de 5 besoins, total non publié" in page
        assert "environ" not in page
        for code in ("13027", "13045", "13100", "13108"):
            needs.create_need(
                territory=territory,
                canteen=canteen_for_whole_commune(
                    organisation=mairie_of(territory.workspace, code)
                ),
                today=TODAY,
                bread_class=B.COURANT,
                kg_per_day=Decimal(10),
            )
        page = text_of(bakery_pages(plan, [village["here"]], created_at=NOW))
        assert "Pain courant : environ 50 kg par jour, pour 5 besoins." in page

    def test_the_team_s_table_of_roads_replaces_the_crow_s_flight(
        self, plan: SupplyPlan, village: dict[str, Any], territory: Territory
    ) -> None:
        table = DistanceTable.objects.create(
            territory=territory, name="Routes", source="essai", imported_on=TODAY
        )
        for there, km in (("13036", 27.4), ("13004", 31)):
            Distance.objects.create(table=table, origin_id="13108", destination_id=there, km=km)
        document = docx.Document(io.BytesIO(bakery_pages(plan, [village["here"]], created_at=NOW)))
        rows = [[cell.text for cell in row.cells][:2] for row in document.tables[0].rows[1:]]
        assert rows == [["Tarascon", "0"], ["Eyragues", "27"]]  # Arles is out of the radius

    def test_private_canteens_are_no_public_need(
        self, plan: SupplyPlan, village: dict[str, Any]
    ) -> None:
        canteen = village["arles"].canteen
        canteen.economic_model = "private"
        canteen.save()
        page = text_of(bakery_pages(plan, [village["here"]], created_at=NOW))
        assert "Arles" not in page

    def test_what_is_estimated_is_labelled(self, plan: SupplyPlan, village: dict[str, Any]) -> None:
        Need.objects.filter(pk=village["eyragues"].pk).update(
            source="estimate", kg_low=5, kg_high=15, basis="essai"
        )
        page = text_of(bakery_pages(plan, [village["here"]], created_at=NOW))
        assert "3 besoins, dont 1 estimés" in page


class TestThePageOfAMill:
    def test_bakeries_are_not_named_unless_they_are_its_customers(
        self, plan: SupplyPlan, village: dict[str, Any]
    ) -> None:
        page = text_of(mill_pages(PlanView(plan), [village["mill"]], created_at=NOW))
        assert "Fournil" not in page
        assert "moins de 5 boulangeries" in page
        assert "non publié" in page
        BakeryOffer.objects.filter(pk=village["here"].pk).update(mill=village["mill"].organisation)
        page = text_of(mill_pages(PlanView(plan), [village["mill"]], created_at=NOW))
        assert "Parmi vos clientes d’aujourd’hui : Fournil de Tarascon." in page
        assert "Fournil de Maillane" not in page
        # Only its own customer takes this flour: 22 kg of bread, 16.9 kg of flour.
        assert "15 kg" in page

    def test_a_mill_of_which_nothing_is_asked_reads_so(
        self, plan: SupplyPlan, territory: Territory
    ) -> None:
        other = create_organisation(
            workspace=territory.workspace, kind=Kind.MILL, name="Autre moulin"
        )
        offer = offers.save_mill(
            territory=territory, organisation=other, flours=[Proposed(B.HVE)], today=TODAY
        )
        page = text_of(mill_pages(PlanView(plan), [offer], created_at=NOW))
        assert "ne demande pas de farine à votre moulin" in page


@pytest.mark.parametrize(
    ("kilos", "told"), [(2, "moins de 5 kg"), (5, "5 kg"), (22.4, "20 kg"), (23, "25 kg")]
)
def test_kilos_told_outside_the_team_are_rounded(kilos: float, told: str) -> None:
    assert rounded(kilos).replace("\u00a0", " ") == told


class TestAddresses:
    @pytest.fixture
    def client(self, alice: Membership) -> Client:
        return client_of(alice)

    def test_each_page_is_a_word_file_of_its_subject(
        self, client: Client, plan: SupplyPlan, village: dict[str, Any]
    ) -> None:
        for name, argument, told in (
            ("plan-commune", "13108", "Votre pain demain"),
            ("plan-bakery", village["here"].pk, "Les besoins publics autour de votre fournil"),
            ("plan-mill", village["mill"].pk, "La farine que demanderaient les cantines"),
        ):
            response = client.get(reverse(f"supply:{name}", args=[plan.pk, argument]))
            assert response.status_code == 200
            assert ".docx" in response["Content-Disposition"]
            assert told in text_of(response.content)

    def test_what_is_not_of_the_territory_is_not_found(
        self, client: Client, plan: SupplyPlan
    ) -> None:
        for name, argument in (
            ("plan-commune", "75056"),
            ("plan-bakery", 999_999),
            ("plan-mill", 999_999),
        ):
            assert (
                client.get(reverse(f"supply:{name}", args=[plan.pk, argument])).status_code == 404
            )

    def test_a_bakery_without_a_name_has_no_page(
        self, client: Client, plan: SupplyPlan, territory: Territory
    ) -> None:
        offers.add_placeholders(
            territory=territory,
            commune=Commune.objects.get(pk="13036"),
            count=1,
            source="BPE",
            today=TODAY,
        )
        offer = BakeryOffer.objects.get(organisation=None)
        url = reverse("supply:plan-bakery", args=[plan.pk, offer.pk])
        assert client.get(url).status_code == 404

    def test_the_pages_of_all_communes_come_from_a_job(
        self,
        client: Client,
        plan: SupplyPlan,
        django_capture_on_commit_callbacks: Any,
        settings: Any,
        tmp_path: Any,
    ) -> None:
        settings.MEDIA_ROOT = tmp_path
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("supply:plan-communes", args=[plan.pk]))
        work = Job.objects.get(kind="supply-pages")
        assert work.status == JobStatus.DONE, work.error
        with work.result_file.open() as file:
            page = text_of(file.read())
        assert page.count("Votre pain demain") == 3


def test_a_commune_never_reads_what_a_baker_asks_of_others(
    plan: SupplyPlan, village: dict[str, Any]
) -> None:
    """Eyragues is offered a baker whose price is known from its other customers only."""
    view = PlanView(plan)
    (link,) = view.links_of(Commune.objects.get(pk="13036"))
    assert link.raw["price_known"] or link.bakery.prices.exclude(price_per_kg=None).exists()
    page = page_of(plan, "13036")
    assert "à demander au boulanger" in page
    assert "€/kg" not in page.replace("\xa0", " ").split("Ce que le scénario propose")[1][:600]
