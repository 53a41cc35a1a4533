"""Fictitious offers for the demo: bakers, mills, wheat; and two plans solved from them."""

from datetime import date
from decimal import Decimal
from random import Random

from restanque.accounts.models import User
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.supply.models import BakeryOffer, Need
from restanque.supply.nomenclature import BreadClass
from restanque.supply.services import estimates, needs, offers, scenarios
from restanque.supply.services.offers import Proposed
from restanque.surveys.models import Campaign
from restanque.territories.models import Commune, Territory

_B = BreadClass
# Name, commune, flours, kg a day for canteens.
MILLS = (
    ("Moulin de la Crau (fictif)", "13103", (_B.COURANT, _B.LOCAL, _B.HVE), 900),
    ("Moulin des Cyprès (fictif)", "13108", (_B.COURANT, _B.COMPLET, _B.LOCAL, _B.BIO), 1200),
    ("Moulin du Pays d’Aix (fictif)", "13001",
     (_B.COURANT, _B.LOCAL, _B.EQUITABLE, _B.BIO, _B.BIO_COMPLET), 1500),
)  # fmt: skip
# Zone, commune at its centre, class, hectares, tonnes a hectare.
WHEAT = (
    ("Plaine de la Crau (fictif)", "13103", _B.LOCAL, 120, "4.8"),
    ("Plaine de la Crau (fictif)", "13103", _B.HVE, 60, "4.5"),
    ("Alpilles (fictif)", "13100", _B.BIO, 90, "2.9"),
    ("Alpilles (fictif)", "13100", _B.BIO_COMPLET, 30, "2.9"),
    ("Pays d’Aix (fictif)", "13001", _B.COURANT, 260, "4.8"),
    ("Pays d’Aix (fictif)", "13001", _B.LOCAL, 80, "4.6"),
)
#: A baker for so many inhabitants is a common order of magnitude; at most so many in a city.
INHABITANTS, MOST = 2_500, 12


def play_supply(campaign: Campaign, *, by: User, today: date, seed: int) -> None:
    """Needs from the answers, offers drawn at random, two scenarios and their plans."""
    territory = campaign.territory
    rng = Random(f"{seed}:supply")  # noqa: S311 - a demo, not a secret
    needs.draw_from_campaign(campaign=campaign)
    estimates.estimate_silent(campaign=campaign, today=today)
    for need in Need.objects.filter(territory=territory, supplier_kind="artisan", supplier=None):
        needs.create_supplier(need=need, today=today)
    _mills(territory, today)
    _platform(territory, today)
    offers.draw_from_directory(territory=territory, today=today)
    _bakeries(territory, today, rng)
    for name, code, made, hectares, tonnes in WHEAT:
        offers.save_wheat(
            territory=territory,
            today=today,
            name=name,
            commune=Commune.objects.get(pk=code),
            bread_class=made,
            hectares=Decimal(hectares),
            yield_t_per_ha=Decimal(tonnes),
            fictitious=True,
        )
    keep = scenarios.create_scenario(
        territory=territory,
        name="Garder les boulangers, changer la farine",
        description="Que faut-il pour que chaque commune garde son boulanger et améliore le pain ?",
        by=by,
    )
    free = scenarios.create_scenario(
        territory=territory,
        name="Mode neutre",
        description="Le même territoire sans préférence de commune ni de fournisseur.",
        assumptions={"keep_bakers": False, "neutral": True},
        by=by,
    )
    for scenario in (keep, free):
        # The worker solves them: the first page of the demo does not wait for that.
        scenarios.start_plan(scenario=scenario, by=by, later=True)


def _mills(territory: Territory, today: date) -> None:
    for name, code, classes, kilos in MILLS:
        mill = create_organisation(
            workspace=territory.workspace,
            kind=Kind.MILL,
            name=name,
            commune=Commune.objects.get(pk=code),
            fictitious=True,
        )
        offers.save_mill(
            territory=territory,
            organisation=mill,
            flours=[Proposed(one) for one in classes],
            today=today,
            capacity_kg_per_day=Decimal(kilos),
        )


def _platform(territory: Territory, today: date) -> None:
    """Known, and left out of the plans: the page of a plan says so."""
    platform = create_organisation(
        workspace=territory.workspace,
        kind=Kind.PLATFORM,
        name="Plateforme des Alpilles (fictive)",
        commune=Commune.objects.get(pk="13100"),
        fictitious=True,
    )
    offers.save_platform(
        territory=territory,
        organisation=platform,
        today=today,
        capacity_kg_per_day=Decimal(400),
        radius_km=Decimal(40),
        note="Groupe les livraisons de plusieurs fournils vers des cuisines centrales (fictif).",
    )


def _bakeries(territory: Territory, today: date, rng: Random) -> None:
    """Some bakers were asked what they can; elsewhere only their number is known."""
    for offer in BakeryOffer.objects.filter(territory=territory, capacity_kg_per_day=None):
        if rng.random() < 0.7:
            offers.save_bakery(
                territory=territory,
                offer=offer,
                prices=[
                    Proposed(_B(one.bread_class), one.price_per_kg, one.certification)
                    for one in offer.prices.all()
                ],
                today=today,
                capacity_kg_per_day=Decimal(rng.randrange(40, 160, 10)),
            )
    named = set(
        Organisation.objects.filter(bakery_offers__territory=territory).values_list(
            "commune", flat=True
        )
    )
    for commune in territory.communes_at(today):
        count = min(MOST, round((commune.population or 0) / INHABITANTS))
        if count and commune.pk not in named:
            offers.add_placeholders(
                territory=territory,
                commune=commune,
                count=count,
                source="nombre fictif, un fournil pour 2 500 habitants",
                today=today,
            )
