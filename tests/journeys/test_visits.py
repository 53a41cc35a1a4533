"""From nothing to a fact on a baker's record: prepare, give a code, receive, read over, undo."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from restanque.accounts.models import Membership, Workspace
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.surveys.models import Visit
from restanque.surveys.models import Visitor as FieldVisitor
from restanque.surveys.visits import visitors
from restanque.territories import services as territories
from tests.conformance.collect.client import Phone
from tests.conformance.collect.test_session import filled
from tests.journeys.conftest import PHONE, Visitor
from tests.surveys.visiting import build_ground, communes_of_tests, photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_team_visits_a_baker(
    visitor: Callable[..., Visitor],
    workspace: Workspace,
    bob: Membership,
    settings: Any,
    tmp_path: Any,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    communes = communes_of_tests()
    territory = territories.create_territory(
        workspace=workspace,
        name="PAT",
        kind="pat",
        valid_from=date(2026, 1, 1),
        commune_codes=[commune.pk for commune in communes],
    )
    bakery = create_organisation(
        workspace=workspace, kind=Kind.BAKERY, name="Fournil des Arènes", commune=communes[0]
    )
    bob_at_work = visitor()
    bob_at_work.enter(bob)
    bob_at_work.open("/enquetes/visites/")
    bob_at_work.press("Installer les deux formulaires")
    page = bob_at_work.page
    page.get_by_label("Nom", exact=True).fill("Boulangeries 2026")
    page.get_by_label("Formulaire de visite").select_option(
        label="Visite de boulangerie · version 1"
    )
    page.get_by_label("Boulangerie", exact=True).check()
    page.get_by_label("À quoi servent les visites").fill("Savoir qui pourrait fournir.")
    bob_at_work.press("Enregistrer")
    assert bob_at_work.title == "Boulangeries 2026"
    bob_at_work.press("Nouveau visiteur")
    page.get_by_label("Nom affiché").fill("Stagiaire 2026")
    bob_at_work.press("Créer et voir le code")
    assert page.locator("svg.rq-code").is_visible()
    code_page = page.url

    trainee = FieldVisitor.objects.get(territory=territory)
    phone = Phone.from_code(visitors.settings_code(trainee))
    got = phone.download(phone.form_list()[0])
    xml, _ = filled(got.xform, got.media, bakery.pk)
    phone.send(xml, {"1732440000001.jpg": photo()})

    bob_at_work.open("/")
    assert "Visites à relire" in bob_at_work.text
    bob_at_work.open(Visit.objects.get().get_absolute_url())
    assert "certification : Agriculture biologique (AB)" in bob_at_work.text
    bob_at_work.press("Valider")
    bob_at_work.open(bakery.get_absolute_url())
    assert "Capacité de production, pain courant" in bob_at_work.text
    assert "120,5 kg/jour" in bob_at_work.text
    bob_at_work.open(Visit.objects.get().get_absolute_url())
    bob_at_work.press("Annuler cette conclusion")
    bob_at_work.open(bakery.get_absolute_url())
    assert "Constaté" not in bob_at_work.text

    on_the_go = visitor(viewport=PHONE)
    on_the_go.enter(bob)
    on_the_go.open("/enquetes/visites/visiteurs/")
    on_the_go.open(Visit.objects.get().get_absolute_url())
    on_the_go.press("Corriger")
    on_the_go.press("Enregistrer et fermer")
    on_the_go.open(code_page)
    on_the_go.press("Retirer l’accès")
    assert "Plus de code" in on_the_go.text


@pytest.mark.parametrize("scripts", [True, False])
def test_a_visit_is_typed_at_the_desk_with_or_without_scripts(
    visitor: Callable[..., Visitor], workspace: Workspace, bob: Membership, scripts: bool
) -> None:
    ground = build_ground(workspace)
    desk = visitor(scripts=scripts)
    desk.enter(bob)
    desk.open(ground.visits.get_absolute_url())
    desk.press("Saisir une visite")
    page = desk.page
    page.get_by_label("Dans quelle commune").select_option("13004")
    page.get_by_label("Oui, elle est dans la liste").check()
    desk.press("Continuer")
    page.get_by_label("Quelle boulangerie").select_option(label="Fournil des Arènes")
    desk.press("Continuer")
    assert desk.title == "Fabrication et capacité"
    for _ in range(5):
        desk.press("Continuer")
    assert desk.title == "Terminer la saisie"
    desk.press("Enregistrer la visite")
    assert Visit.objects.get().organisation == ground.organisations["arles"]
