"""A task from a procedure's page to a calendar read by another program; then the workload."""

import urllib.request
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.procedures.services.procedures import create_procedure
from restanque.territories.services import create_territory
from tests.journeys.conftest import PHONE, Visitor, plain
from tests.territories.france import load_communes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_task_is_written_shared_ordered_finished_and_subscribed_to(
    visitor: Callable[..., Visitor],
    workspace: Workspace,
    bob: Membership,
    alice: Membership,
    settings: Any,
    tmp_path: Any,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    today = timezone.localdate()
    load_communes({"13004", "13108"})
    scot = create_territory(
        workspace=workspace,
        name="SCoT",
        kind="scot",
        valid_from=date(2024, 1, 1),
        commune_codes=["13004", "13108"],
    )
    revision = create_procedure(
        territory=scot,
        kind="scot-aec-revision",
        name="Révision du SCoT",
        prescribed_on=date(2023, 6, 20),
    )
    someone = visitor()
    someone.enter(bob)
    page = someone.open(revision.get_absolute_url())
    someone.press("Ajouter une tâche")
    assert "À propos de : Révision du SCoT" in someone.text
    page.get_by_label("Que faut-il faire ?").fill("Écrire le diagnostic")
    page.get_by_label("Début").fill((today - timedelta(days=3)).isoformat())
    page.get_by_label("Échéance").fill((today + timedelta(days=6)).isoformat())
    page.get_by_label("Charge, en jours de travail").fill("4,5")
    someone.press("Enregistrer")
    assert someone.title == "Écrire le diagnostic"

    someone.press("Répartir la charge")
    page.get_by_label("Alice").fill("40")
    someone.press("Enregistrer")
    assert "Alice (40 %)" in someone.text

    someone.open("/equipe/taches/ajouter/")
    page.get_by_label("Que faut-il faire ?").fill("Relire le diagnostic")
    page.get_by_label("Échéance").fill((today + timedelta(days=2)).isoformat())
    page.get_by_label("Charge, en jours de travail").fill("1")
    someone.press("Enregistrer")
    someone.press("Ajouter une tâche qui précède")
    page.get_by_label("Tâche qui doit être terminée avant").select_option(
        label="Écrire le diagnostic"
    )
    someone.press("Enregistrer")
    assert "attendra la fin de « Écrire le diagnostic »" in someone.text

    someone.open("/equipe/planning/")
    assert "avant la fin de « Écrire le diagnostic »" in someone.text
    page.locator("#figure-planning summary").focus()
    page.keyboard.press("Enter")
    row = page.locator("#figure-planning tbody tr").filter(has_text="Relire le diagnostic")
    assert "oui" in plain(row.inner_text())
    page.get_by_label("Échelle").select_option("mois")
    someone.press("Afficher")

    someone.open(f"/equipe/temps/{bob.pk}/")
    page.get_by_label("À partir du").fill((today - timedelta(days=90)).isoformat())
    page.get_by_label("Jours par semaine pour l’équipe").fill("0,5")
    someone.press("Enregistrer ce temps")
    assert "0,5 jour à partir du" in someone.text
    someone.open("/equipe/charge/")
    assert "Bob, semaine du" in plain(page.locator("#trop").inner_text())

    someone.open("/equipe/taches/")
    someone.press("Écrire le diagnostic")
    someone.press("Marquer comme terminée")
    assert "« Écrire le diagnostic » : terminée." in someone.text
    someone.press("Annuler : la rouvrir")
    assert "« Écrire le diagnostic » : à faire." in someone.text

    someone.open("/equipe/agenda/")
    someone.press("Ouvrir")
    url = page.get_by_label("Adresse à coller dans votre agenda").input_value()
    with urllib.request.urlopen(url, timeout=10) as answer:
        said = plain(answer.read().decode().replace("\r\n ", ""))
    assert "SUMMARY:Tâche : Relire le diagnostic" in said

    phone = visitor(viewport=PHONE)
    phone.enter(bob)
    for path in ("/", "/equipe/taches/", "/equipe/planning/", "/equipe/charge/"):
        phone.open(path)
    phone.open(revision.get_absolute_url())
    assert "Écrire le diagnostic" in plain(phone.page.locator("#taches").inner_text())
    phone.press("Écrire le diagnostic", inside=phone.page.locator("#taches"))
    without = visitor(scripts=False)
    without.enter(bob)
    without.open("/equipe/taches/?state=retard")
    assert "Rien ne correspond" in without.text
