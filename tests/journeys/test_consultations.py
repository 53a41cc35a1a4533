"""A consultation of public bodies, from the list that the law proposes to the recorded step."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation, populate_town_halls
from restanque.procedures.services import facts, procedures
from restanque.territories.services import create_territory
from tests.journeys.conftest import PHONE, Visitor, plain
from tests.questions import PDF
from tests.territories.france import load_communes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_consultation_goes_from_the_proposed_list_to_the_recorded_step(
    visitor: Callable[..., Visitor],
    workspace: Workspace,
    bob: Membership,
    settings: Any,
    tmp_path: Any,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    today = timezone.localdate()
    sent, received = today - timedelta(days=30), today - timedelta(days=28)
    load_communes({"13004", "13108"})
    scot = create_territory(
        workspace=workspace,
        name="SCoT",
        kind="scot",
        valid_from=date(2024, 1, 1),
        commune_codes=["13004", "13108"],
    )
    populate_town_halls(workspace=workspace, territory=scot)
    create_organisation(workspace=workspace, kind=Kind.PPA, name="Organisme fictif A")
    revision = procedures.create_procedure(
        territory=scot,
        kind="scot-aec-revision",
        name="Révision du SCoT",
        prescribed_on=date(2023, 6, 20),
    )
    facts.record_fact(procedure=revision, step="arret", happened_on=today - timedelta(days=40))

    # The list that the law base and the directory propose.
    someone = visitor()
    someone.enter(bob)
    page = someone.open(revision.get_absolute_url())
    someone.press("Toutes les consultations")
    someone.press("Ouvrir une consultation")
    page.get_by_label("Étape de la procédure").select_option("consultation-ppa")
    page.get_by_label("Nom de la consultation").fill("Avis sur l’arrêt")
    page.get_by_label("Dossier soumis").fill("projet arrêté, version 1")
    someone.press("Enregistrer")
    assert someone.title == "Qui consulter ?"
    assert "R143-4" in someone.text
    assert "L’annuaire n’a pas" in someone.text
    someone.press("Mettre les organismes cochés dans la liste")
    assert "3 organismes mis à jour" in someone.text
    assert "Aucune différence avec la liste" in someone.text

    # The letters.
    page = someone.open("/procedures/")
    someone.press("Révision du SCoT")
    someone.press("Avis sur l’arrêt")
    consultation = page.url
    someone.press("Lettres (Word)")
    packed = someone.download("Un fichier Word par organisme (ZIP)")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = archive.namelist()
        letter = docx.Document(io.BytesIO(archive.read(names[0])))
    assert len(names) == 3
    assert "délai de 3 mois" in plain(" ".join(one.text for one in letter.paragraphs))

    # The dispatch, its receipts, one of them with its proof joined.
    someone.open(consultation)
    someone.press("Enregistrer un envoi")
    page.get_by_label("Envoyé le").fill(sent.isoformat())
    someone.press("Enregistrer")
    assert "3 organismes" in someone.text
    someone.press("Enregistrer les réceptions")
    for field in page.get_by_label("Reçu le").all():
        field.fill(received.isoformat())
    someone.press("Enregistrer")
    someone.press("Organismes")
    someone.press("Organisme fictif A")
    with page.expect_navigation():
        page.locator("#envois").get_by_text("Corriger").click()
    someone.inspect()
    page.get_by_label("Pièce").set_input_files(
        {"name": "ar.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    someone.press("Enregistrer")
    page.locator("#delai summary").first.click()
    assert "Réception du dossier" in someone.text
    assert "de date à date" in someone.text

    # An opinion, a remark, its reply, the change put in the document.
    someone.press("Enregistrer un avis")
    page.get_by_label("Reçu le").fill(today.isoformat())
    page.get_by_label("Sens").select_option("reserved")
    someone.press("Enregistrer")
    assert "Favorable avec réserves" in someone.text
    someone.press("Ajouter une remarque")
    page.get_by_label("Thème").fill("Eau")
    page.get_by_label("Remarque", exact=True).fill("Dire d’où vient l’eau")
    someone.press("Enregistrer")
    someone.press("Répondre : remarque 1")
    page.get_by_label("Suite donnée").select_option("refused")
    someone.press("Enregistrer la réponse")
    assert "Dites pourquoi" in someone.text
    page.get_by_label("Suite donnée").select_option("accepted")
    page.get_by_label("Pièce modifiée").fill("Diagnostic")
    someone.press("Enregistrer la réponse")
    someone.press("Répondre : remarque 1")
    page.get_by_label("Version du document").fill("v2")
    someone.press("La modification est reportée")
    assert "dans : v2" in someone.text

    # The synthesis, then the step in the procedure.
    someone.open(consultation)
    someone.press("Synthèse des avis")
    assert "acceptée" in someone.text
    document = docx.Document(io.BytesIO(someone.download("Document Word")))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "Dire d’où vient l’eau" in plain(" ".join(cells))
    someone.open(consultation)
    page.locator("#etape button").click()
    page.get_by_text("Enregistré dans la procédure").wait_for()
    someone.inspect()
    fact = revision.facts.get(step="consultation-ppa")
    assert fact.happened_on == received

    phone = visitor(viewport=PHONE)
    phone.enter(bob)
    phone.open(consultation)
    for path in ("organismes/", "synthese/", "liste/", "lettres/", "relances/"):
        phone.open(f"{consultation}{path}")
    phone.open(f"{revision.get_absolute_url()}consultations/")
