"""Offers drawn from the directory and its facts, typed, placeholders."""

from collections.abc import Callable
from datetime import time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind, Sign
from restanque.directory.services import (
    add_certification,
    create_organisation,
    get_or_create_tag,
    tag_organisations,
)
from restanque.directory.services.facts import Observation, record_facts
from restanque.supply.models import BakeryOffer, MillOffer
from restanque.supply.nomenclature import BreadClass
from restanque.supply.services import offers
from restanque.supply.services.offers import Proposed
from restanque.territories.models import Commune, Territory
from tests.supply.conftest import TODAY

Bakery = Callable[..., Organisation]


def observe(bakery: Organisation, **facts: str) -> None:
    """Facts of a visit, named without their prefix; numbers are numbers."""
    record_facts(
        organisation=bakery,
        observations=[
            Observation(
                name=f"offer.{name}",
                label=name,
                value=value,
                shown=value,
                is_number=value.replace(".", "").isdecimal(),
            )
            for name, value in facts.items()
        ],
        observed_on=TODAY,
        source="visit:1",
        source_label="Visite du 24 nov. 2026",
    )


def test_what_a_visit_observed_becomes_the_offer(territory: Territory, bakery: Bakery) -> None:
    baker = bakery("Fournil du Rhône", "13108")
    mill = create_organisation(
        workspace=territory.workspace, kind=Kind.MILL, name="Moulin Saint-Jean"
    )
    observe(
        baker,
        capacity_kg_per_day="120",
        spare_kg_per_day="45",
        delivery_radius_km="25",
        delivery_days="lundi mardi",
        closing_days="dimanche",
        delivery_from="06:30",
        mill="Moulin Saint-Jean",
        interest="possible",
    )
    report = offers.draw_from_directory(territory=territory, today=TODAY)
    assert report.created == 2
    offer = BakeryOffer.objects.get(organisation=baker)
    assert offer.capacity_kg_per_day == 45  # what is still free, not the whole oven
    assert offer.radius_km == 25
    assert offer.delivery_days == ["lundi", "mardi"]
    assert offer.closing_days == ["dimanche"]
    assert offer.delivery_from == time(6, 30)
    assert offer.mill == mill
    assert offer.willing is True
    assert offer.source == "Visite du 24 nov. 2026"


def test_drawing_again_changes_nothing_and_leaves_what_was_typed(
    territory: Territory, bakery: Bakery
) -> None:
    baker = bakery("Fournil du Rhône", "13108")
    observe(baker, capacity_kg_per_day="120")
    offers.draw_from_directory(territory=territory, today=TODAY)
    report = offers.draw_from_directory(territory=territory, today=TODAY)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
    offers.save_bakery(
        territory=territory,
        offer=BakeryOffer.objects.get(),
        prices=[Proposed(BreadClass.COURANT, Decimal(3))],
        today=TODAY,
        capacity_kg_per_day=Decimal(80),
    )
    offers.draw_from_directory(territory=territory, today=TODAY)
    assert BakeryOffer.objects.get().capacity_kg_per_day == 80


def test_nobody_asked_is_unknown_not_zero(territory: Territory, bakery: Bakery) -> None:
    bakery("Fournil du Rhône", "13108")
    offers.draw_from_directory(territory=territory, today=TODAY)
    offer = BakeryOffer.objects.get()
    assert offer.capacity_kg_per_day is None
    assert offer.willing is None
    assert [one.price_per_kg for one in offer.prices.all()] == [None]


def test_certificates_in_force_and_brands_open_classes(
    territory: Territory, bakery: Bakery
) -> None:
    baker = bakery("Fournil du Rhône", "13108")
    add_certification(
        organisation=baker, sign=Sign.BIO, valid_from=TODAY.replace(year=2025), valid_to=None
    )
    add_certification(
        organisation=baker,
        sign=Sign.HVE,
        valid_from=TODAY.replace(year=2020),
        valid_to=TODAY.replace(year=2021),
    )
    tag = get_or_create_tag(workspace=territory.workspace, name="Lou Pan d’Ici", is_brand=True)
    tag_organisations(organisations=[baker], tag=tag)
    offers.draw_from_directory(territory=territory, today=TODAY)
    made = {one.bread_class: one for one in BakeryOffer.objects.get().prices.all()}
    assert set(made) == {BreadClass.COURANT, BreadClass.BIO, BreadClass.LOCAL}
    assert made[BreadClass.BIO].certification is not None


def test_placeholders_follow_their_number(territory: Territory, communes) -> None:
    commune = communes["13036"]
    for count in (3, 1):
        offers.add_placeholders(
            territory=territory, commune=commune, count=count, source="BPE 2024", today=TODAY
        )
    active = BakeryOffer.objects.active()
    assert [str(one) for one in active] == ["Boulangerie n° 1 d’Eyragues (sans nom)"]
    assert BakeryOffer.objects.count() == 3


def test_an_order_larger_than_the_oven_is_refused(territory: Territory, bakery: Bakery) -> None:
    with pytest.raises(ValidationError, match="commande minimale"):
        offers.save_bakery(
            territory=territory,
            organisation=bakery("Fournil", "13108"),
            prices=[Proposed(BreadClass.COURANT)],
            today=TODAY,
            capacity_kg_per_day=Decimal(10),
            min_order_kg=Decimal(20),
        )


def test_a_mill_of_the_directory_offers_what_its_signs_allow(territory: Territory) -> None:
    mill = create_organisation(
        workspace=territory.workspace,
        kind=Kind.MILL,
        name="Moulin",
        commune=Commune.objects.get(pk="13108"),
    )
    add_certification(organisation=mill, sign=Sign.HVE, valid_from=TODAY.replace(year=2025))
    offers.draw_from_directory(territory=territory, today=TODAY)
    flours = MillOffer.objects.get().flours.values_list("bread_class", flat=True)
    assert set(flours) == {BreadClass.COURANT, BreadClass.HVE}
