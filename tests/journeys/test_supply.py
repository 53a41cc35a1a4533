"""From validated answers to the page a mayor reads: needs, offers, a plan, a decision, Word."""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import docx
import pytest
from django.core.cache import cache

from restanque.accounts.models import Membership
from restanque.directory.models import Organisation
from restanque.supply.models import BakeryOffer, Need, Scenario, SupplyPlan
from restanque.supply.nomenclature import BreadClass
from restanque.supply.services import offers, trade_offs
from restanque.supply.services.offers import Proposed
from restanque.supply.showing import PlanView
from restanque.surveys.models import Campaign, Response
from restanque.territories.models import Territory
from tests.journeys.conftest import PHONE, Visitor, plain
from tests.supply.conftest import TODAY, answer, bakery, campaign, communes, territory

__all__ = ["answer", "bakery", "campaign", "communes", "territory"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

B = BreadClass


@pytest.fixture
def bakers(territory: Territory, bakery: Callable[..., Organisation]) -> dict[str, Organisation]:
    """Three bakeries of the directory."""
    return {
        code: bakery(name, code)
        for name, code in (
            ("Fournil de Tarascon", "13108"),
            ("Fournil de Maillane", "13100"),
            ("Fournil d’Eyragues", "13036"),
        )
    }


@pytest.fixture
def answered(
    bakers: dict[str, Organisation], campaign: Campaign, answer: Callable[..., Response]
) -> Campaign:
    """Two mairies told what they buy and want."""
    for code, kilos, baker in (("13108", "22", "Fournil de Tarascon"), ("13036", "11", "")):
        supplier = {"four[1]/nom": baker, "four[1]/prix": "3.1"} if baker else {}
        answer(code, cantine="oui", kg=kilos, repas=200, jours=140, type="courant", **supplier)
    return campaign


def test_from_answers_to_the_page_of_a_mairie(
    visitor: Callable[..., Visitor], answered: Campaign, alice: Membership, territory: Territory
) -> None:
    cache.clear()
    office = visitor()
    office.enter(alice)
    office.open("/approvisionnement/")
    office.press(f"Ouvrir {territory.name}")
    draw_needs(office)
    office.open(f"/approvisionnement/{territory.pk}/")
    draw_offers(office, territory)
    solve(office, territory)
    pin(office)
    leave_out_and_bring_back(office)
    weigh_by_keyboard(office)
    read_the_mayor_s_page(office)
    read_the_reasons(office)
    weigh(office, alice)
    walk_the_room(visitor(viewport=PHONE), alice, territory)
    walk_the_room(office, alice, territory)


def draw_needs(office: Visitor) -> None:
    """What the answers say, drawn and reported."""
    office.press("Tirer les besoins des réponses validées")
    office.page.locator("select[name=campaign]").select_option(index=0)
    office.press("Tirer")
    assert "2 créés" in office.text
    assert Need.objects.get(canteen__commune="13108").kg_per_day == 22


def draw_offers(office: Visitor, territory: Territory) -> None:
    """The bakeries of the directory; visits then told what they can."""
    office.press("Reprendre les offres de l’annuaire")
    assert "3 offres créées" in office.text
    for offer in BakeryOffer.objects.all():
        offers.save_bakery(
            territory=territory,
            offer=offer,
            prices=[Proposed(B.COURANT, Decimal("3.1"))],
            today=TODAY,
            capacity_kg_per_day=Decimal(60),
        )


def solve(office: Visitor, territory: Territory) -> None:
    """A scenario with the usual assumptions: its plan comes at once."""
    office.open(f"/approvisionnement/{territory.pk}/scenarios/")
    office.press("Nouveau scénario")
    office.page.get_by_label("Nom", exact=True).fill("Garder les boulangers")
    office.press("Enregistrer et calculer")
    assert office.title == "Garder les boulangers"
    assert "Le plan est calculé." in office.text
    assert bakers_of("13108") == ["Fournil de Tarascon"]
    assert bakers_of("13036") == ["Fournil d’Eyragues"]


def pin(office: Visitor) -> None:
    """Forbid a link: the plan is solved again without it."""
    name = Need.objects.get(canteen__commune="13036").canteen.name
    label = f"Interdire Fournil d’Eyragues à {name}"
    with office.page.expect_navigation():
        office.page.get_by_label(label, exact=True).click()
    office.inspect()
    assert "Décidé à la main" in office.text
    assert bakers_of("13036") != ["Fournil d’Eyragues"]
    assert SupplyPlan.objects.count() == 2


def leave_out_and_bring_back(office: Visitor) -> None:
    """A canteen left out of the scenario, then back: the plan follows both times."""
    name = Need.objects.get(canteen__commune="13036").canteen.name
    with office.page.expect_navigation():
        office.page.get_by_label(f"Calculer sans {name}", exact=True).click()
    assert "hors de ce scénario" in office.text
    assert bakers_of("13036") == []
    with office.page.expect_navigation():
        office.page.get_by_role("button", name="Remettre").click()
    assert "hors de ce scénario" not in office.text
    assert bakers_of("13036") != []


def weigh_by_keyboard(office: Visitor) -> None:
    """A slider moved by its arrows says where it stands, and the plan is solved with it."""
    slider = office.page.get_by_role("slider", name="Stabilité")
    slider.focus()
    slider.press("ArrowRight")
    assert "0,15" in office.page.locator("#o-stability").inner_text()
    with office.page.expect_navigation():
        office.page.get_by_role("button", name="Recalculer avec ces poids").click()
    office.inspect()
    assert Scenario.objects.get().settings.change == 0.15


def read_the_mayor_s_page(office: Visitor) -> None:
    """The Word page of Tarascon, downloaded and read."""
    data = office.download("Page pour la mairie : Tarascon")
    document = docx.Document(io.BytesIO(data))
    said = plain(
        " ".join(p.text for p in document.paragraphs)
        + " "
        + " ".join(c.text for t in document.tables for row in t.rows for c in row.cells)
    )
    assert "Votre pain demain" in said
    assert "Votre boulanger d’aujourd’hui reste : Fournil de Tarascon, pour 22,0 kg" in said
    assert "3,10 € (inchangé) ; aujourd’hui 3,10 €" in said
    assert "il n’attribue rien" in said


def read_the_reasons(office: Visitor) -> None:
    """Why this baker, and who is next."""
    name = Need.objects.get(canteen__commune="13108").canteen.name
    office.press(f"Le détail pour {name}")
    assert office.title == f"Pourquoi : {name}"
    assert "Les suivantes, si ce seul lot changeait de boulangerie" in office.text


def weigh(office: Visitor, alice: Membership) -> None:
    """The trade-off curve: asked for, then read with its table."""
    scenario = Scenario.objects.get()
    office.open(f"/approvisionnement/scenarios/{scenario.pk}/arbitrages/")
    # The worker solves the curve after each plan: it may be there already.
    ready = "Calculer de nouveau" in office.text
    office.press("Calculer de nouveau" if ready else "Calculer les arbitrages")
    plan = scenario.plans.first()
    assert plan is not None
    if "trade_offs" not in plan.figures:  # the worker of a real site does it
        trade_offs.solve_trade_offs(_Silent(), plan_id=plan.pk)  # type: ignore[arg-type]
    office.open(f"/approvisionnement/scenarios/{scenario.pk}/arbitrages/")
    assert "Ce que coûtent la proximité et la stabilité" in office.text


class _Silent:
    """A job's progress that nobody watches."""

    def report(self, **_: Any) -> None:
        """Say nothing."""

    def should_stop(self) -> bool:
        """Go on."""
        return False


def walk_the_room(person: Visitor, alice: Membership, territory: Territory) -> None:
    """Every page of the room, inspected: axe, the console, the width."""
    person.enter(alice)
    scenario, need = Scenario.objects.get(), Need.objects.order_by("pk").first()
    offer = BakeryOffer.objects.order_by("pk").first()
    assert need is not None
    assert offer is not None
    home = f"/approvisionnement/{territory.pk}"
    for path in (
        "/approvisionnement/",
        f"{home}/",
        f"{home}/besoins/",
        f"{home}/besoins/tirer/",
        f"{home}/besoins/ajouter/",
        f"{home}/boulangeries/",
        f"{home}/boulangeries/ajouter/",
        f"{home}/boulangeries/sans-nom/",
        f"{home}/moulins/",
        f"{home}/moulins/ajouter/",
        f"{home}/ble/",
        f"{home}/ble/ajouter/",
        f"{home}/scenarios/",
        f"{home}/scenarios/ajouter/",
        f"{home}/comparer/",
        need.get_absolute_url(),
        f"{need.get_absolute_url()}modifier/",
        offer.get_absolute_url(),
        f"{offer.get_absolute_url()}modifier/",
        scenario.get_absolute_url(),
        f"{scenario.get_absolute_url()}hypotheses/",
        f"{scenario.get_absolute_url()}copier/",
        f"{scenario.get_absolute_url()}besoins/{need.pk}/",
        f"{scenario.get_absolute_url()}arbitrages/",
        f"{scenario.get_absolute_url()}choix/",
        f"{home}/distances/",
        f"{home}/calendrier/",
        f"{home}/plateformes/",
        f"{home}/plateformes/ajouter/",
    ):
        person.open(path)


def bakers_of(code: str) -> list[str]:
    """Who serves a commune in the latest plan."""
    plan = SupplyPlan.objects.first()
    assert plan is not None
    return [str(link.bakery) for link in PlanView(plan).communes.get(code, [])]
