"""A rule is read on Légifrance, then changed by the team: the dates it moves are seen first."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.law.models import LawOverride
from restanque.procedures.services import facts, procedures
from restanque.territories.services import create_territory
from tests.journeys.conftest import PHONE, Visitor
from tests.territories.france import load_communes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_rule_is_read_then_changed_knowingly(
    visitor: Callable[..., Visitor], workspace: Workspace, alice: Membership
) -> None:
    load_communes({"13004"})
    scot = create_territory(
        workspace=workspace,
        name="SCoT",
        kind="scot",
        valid_from=date(2024, 1, 1),
        commune_codes=["13004"],
    )
    revision = procedures.create_procedure(
        territory=scot,
        kind="scot-aec-revision",
        name="Révision du SCoT",
        prescribed_on=date(2023, 6, 20),
    )
    sent = timezone.localdate() - timedelta(days=5)
    facts.record_fact(procedure=revision, step="consultation-ppa", happened_on=sent)
    someone = visitor()
    someone.enter(alice)
    page = someone.open("/")
    someone.press("Droit")
    page.get_by_label("Chercher", exact=True).fill("scot.avis-arret")
    someone.press("Filtrer")
    page.locator("main tbody a").first.click()
    page.wait_for_url("**/droit/rules/scot.avis-arret/")
    someone.inspect()
    assert "3 mois" in someone.text

    someone.press("J’ai lu ce texte")
    page.get_by_label("le texte dit bien cela").check()
    someone.press("Enregistrer")
    assert "texte lu" in someone.text

    someone.press("Modifier pour notre équipe")
    page.get_by_role("textbox", name="Délai").fill("4")
    page.get_by_label("J’ai lu le texte en vigueur").check()
    page.get_by_role("textbox", name="Source").fill("https://example.org/decret")
    page.get_by_label("Pourquoi cette modification").fill("Décret fictif")
    someone.press("Voir ce que cela change")
    assert "Révision du SCoT" in someone.text
    assert not LawOverride.objects.exists()
    someone.press("Confirmer")
    assert "Valeur d’origine : 3 mois" in someone.text
    someone.open(revision.get_absolute_url())
    someone.press("J’ai vu ces changements")
    assert "L’état du droit a changé" not in someone.text

    phone = visitor(viewport=PHONE)
    phone.enter(alice)
    for path in (
        "",
        "analyse-du-scot/?approved_on=2019-06-20",
        "rules/scot.avis-arret/",
        "rules/scot.avis-arret/retablir/",
    ):
        phone.open(f"/droit/{path}")
    phone.press("Confirmer")
    assert not LawOverride.objects.exists()
