"""From what a deliberation announces to the bilan: the team, then somebody without JavaScript."""

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from django.core.cache import cache
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.procedures.concertation import gate
from restanque.procedures.models import Contribution
from restanque.procedures.services import procedures
from restanque.territories.services import create_territory
from tests.conftest import client_of
from tests.journeys.conftest import PHONE, Visitor
from tests.questions import PDF
from tests.territories.france import load_communes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAID = "Il manque un bus le soir. Mon voisin Untel le dit aussi."


@pytest.fixture(autouse=True)
def _apart(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    # The browser of a test types faster than anybody.
    monkeypatch.setattr(gate, "QUICKEST", 0)
    cache.clear()
    yield
    cache.clear()


def test_what_is_announced_is_done_said_answered_and_drafted(
    visitor: Callable[..., Visitor], workspace: Workspace, bob: Membership
) -> None:
    today = timezone.localdate()
    load_communes({"13004", "13108"})
    scot = create_territory(
        workspace=workspace,
        name="SCoT",
        kind="scot",
        valid_from=date(2024, 1, 1),
        commune_codes=["13004", "13108"],
    )
    one = procedures.create_procedure(
        territory=scot,
        kind="scot-aec-revision",
        name="Révision du SCoT",
        prescribed_on=date(2025, 6, 20),
        prescription_proof="délibération n° 12",
    )

    # The drawing of the timeline starts a library that takes seconds: not within a click.
    client_of(bob).get(one.get_absolute_url())
    agent = visitor()
    agent.enter(bob)
    page = agent.open(one.get_absolute_url())
    agent.press("Registre de la concertation")
    agent.press("Ajouter une modalité")
    page.get_by_label("Ce qui est annoncé").fill("Au moins une réunion publique")
    page.get_by_label("Nature").select_option("meeting")
    page.get_by_label("Nombre annoncé").fill("1")
    agent.press("Enregistrer")
    assert "« Au moins une réunion publique » n’est pas encore réalisé." in agent.text
    assert "Annulation possible" in agent.text

    agent.press("Ajouter un moyen")
    page.get_by_label("Ce qui est fait").fill("Réunion publique à Arles")
    page.get_by_label("Nature").select_option("meeting")
    page.get_by_label("Au moins une réunion publique").check()
    page.get_by_label("Date ou début").fill((today - timedelta(days=3)).isoformat())
    page.get_by_label("Lieu ou support").fill("Salle des fêtes")
    page.get_by_label("Participants").fill("42")
    page.get_by_label("Montrer dans le calendrier").check()
    page.locator("#id_proof_kind").select_option("minutes")
    page.get_by_label("Pièce").set_input_files(
        {"name": "cr.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    agent.press("Enregistrer")
    assert "Tout ce qui est annoncé est fait à ce jour, et prouvé." in agent.text

    agent.open(f"/procedures/{one.pk}/concertation/page/")
    agent.press("Préparer la page")
    page.get_by_label("Adresse de contact montrée").fill("scot@example.org")
    page.get_by_label("Conservation des données personnelles").fill(
        (today + timedelta(days=700)).isoformat()
    )
    agent.press("Enregistrer")
    agent.press("Modifier les thèmes")
    page.get_by_label("Thèmes, un par ligne").fill("Mobilités\nEau")
    agent.press("Enregistrer")
    agent.press("Mettre un document en ligne")
    page.get_by_label("Titre").fill("Diagnostic")
    page.get_by_label("Fichier").set_input_files(
        {"name": "diagnostic.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    agent.press("Enregistrer")
    agent.press("Ouvrir la page")
    agent.press("Ouvrir la page", inside=page.locator("main form"))
    assert "La page est ouverte" in agent.text

    neighbour = visitor(viewport=PHONE, scripts=False)
    public = neighbour.open("/concertation/revision-du-scot/")
    assert "Réunion publique à Arles" in neighbour.text
    assert "Diagnostic" in neighbour.text
    neighbour.press("Donner mon avis")
    public.get_by_label("Votre contribution").fill(SAID)
    public.get_by_label("Mobilités").check()
    public.get_by_label("Votre nom").fill("Camille Dupont")
    neighbour.press("Envoyer")
    assert neighbour.title == "Votre contribution est reçue"
    assert "Elle porte le numéro 1." in neighbour.text

    agent.open(f"/procedures/{one.pk}/concertation/contributions/")
    with page.expect_navigation():
        page.locator("tbody a").first.click()
    agent.inspect()
    assert "Camille Dupont" in agent.text
    page.get_by_label("Texte montré").fill("Il manque un bus le soir. […]")
    page.get_by_label("publiée", exact=True).check()
    agent.press("Enregistrer la relecture")
    assert "est relue" in agent.text
    agent.press("Répondre")
    page.get_by_label("Réponse", exact=True).fill("Une desserte du soir est étudiée.")
    page.get_by_label("Montrer cette réponse au public").check()
    agent.press("Enregistrer")
    assert "La réponse est donnée à 1 contribution." in agent.text

    neighbour.open("/concertation/revision-du-scot/")
    assert "Une desserte du soir est étudiée." in neighbour.text
    for kept in ("Untel", "Camille"):
        assert kept not in neighbour.text
    # The same pages with scripts, for what axe and the CSP find there.
    curious = visitor(viewport=PHONE)
    for path in ("", "contribuer/", "contributions/"):
        curious.open(f"/concertation/revision-du-scot/{path}")
    curious.page.keyboard.press("Tab")
    assert "Aller au contenu" in curious.page.evaluate("() => document.activeElement.innerText")

    agent.open(f"/procedures/{one.pk}/concertation/")
    draft = docx.Document(io.BytesIO(agent.download("Projet de bilan (Word)")))
    words = " ".join(
        [paragraph.text for paragraph in draft.paragraphs]
        + [cell.text for table in draft.tables for row in table.rows for cell in row.cells]
    )
    for part in ("Au moins une réunion publique", "Salle des fêtes", "desserte du soir"):
        assert part in words
    assert "Camille" not in words

    phone = visitor(viewport=PHONE)
    phone.enter(bob)
    said = Contribution.objects.get()
    for path in (
        f"/procedures/{one.pk}/concertation/",
        f"/procedures/{one.pk}/concertation/page/",
        f"/procedures/{one.pk}/concertation/contributions/",
        f"/procedures/{one.pk}/concertation/participation/",
        said.get_absolute_url(),
    ):
        phone.open(path)
    phone.open(f"/procedures/{one.pk}/concertation/participation/preparer/")
    phone.press("Annuler")
