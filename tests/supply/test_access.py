"""An elected member reads the plan; prices, suppliers and offers stay with the team."""

from typing import Any

import pytest
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.supply.services import scenarios
from restanque.territories.models import Territory
from tests.conftest import client_of
from tests.supply.test_plans import village as village


def test_a_reader_reads_plans_without_prices_nor_suppliers(
    territory: Territory, village: dict[str, Any], remi: Membership
) -> None:
    scenario = scenarios.create_scenario(territory=territory, name="Lu par les élus")
    scenarios.start_plan(scenario=scenario)
    client = client_of(remi)
    page = client.get(scenario.get_absolute_url()).content.decode()
    assert "Qui livrerait qui" in page
    assert "Commune par commune" not in page
    assert "fournit déjà cette cantine" not in page
    for url in (
        reverse("supply:needs", args=[territory.pk]),
        reverse("supply:bakeries", args=[territory.pk]),
        reverse("supply:mills", args=[territory.pk]),
        village["tarascon"].get_absolute_url(),
        village["here"].get_absolute_url(),
        reverse("supply:plan-export", args=[scenario.plans.get().pk, "xlsx"]),
        reverse("supply:plan-commune", args=[scenario.plans.get().pk, "13108"]),
    ):
        assert client.get(url).status_code in (403, 404), url


@pytest.mark.parametrize("name", ["commune", "canteen"])
def test_the_panels_of_needs_are_for_the_team(
    territory: Territory, village: dict[str, Any], remi: Membership, alice: Membership, name: str
) -> None:
    canteen = village["tarascon"].canteen
    url = (
        reverse("portal:commune", args=["13108"])
        if name == "commune"
        else canteen.get_absolute_url()
    )
    assert "Pain des cantines" in client_of(alice).get(url).content.decode()
    assert "Pain des cantines" not in client_of(remi).get(url).content.decode()
