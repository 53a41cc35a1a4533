"""The team composes a list of candidates, with and without scripts."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.surveys.models import Campaign, CandidateList
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_list_is_composed_in_two_steps(
    visitor: Callable[..., Visitor], campaign: Campaign, alice: Membership, scripts: bool
) -> None:
    office = visitor(scripts=scripts)
    office.enter(alice)
    office.open(reverse("surveys:candidates", args=[campaign.pk]))
    assert "Souhaitent du pain bio et n’en ont pas" in office.text

    office.press("Nouvelle liste")
    office.page.get_by_label("Nom de la liste").fill("Bio, mais pas de charte")
    for rank, label in enumerate(
        ("Servir davantage de pain bio", "Signer une charte d’engagement sur le pain"), 1
    ):
        office.page.locator(f"#question-{rank}").select_option(label=label)
    office.press("Afficher les réponses possibles")
    conditions = office.page.locator("fieldset.rq-panneau")
    conditions.nth(0).get_by_label("Oui").check()
    conditions.nth(1).locator("#operator-2").select_option("is_not")
    conditions.nth(1).get_by_label("Oui").check()
    office.press("Enregistrer la liste")

    assert office.title == "Bio, mais pas de charte"
    assert "« Servir davantage de pain bio » est « Oui »" in office.text
    assert "Personne pour le moment" in office.text
    made = CandidateList.objects.get(name="Bio, mais pas de charte")
    assert [part["operator"] for part in made.conditions["all"]] == ["is", "is_not"]
