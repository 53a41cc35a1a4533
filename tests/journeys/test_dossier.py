"""The file of a procedure: past events from Excel, pieces written and joined, Word to print."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import docx
import pytest
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.kit.documents import Sheet, xlsx_bytes
from restanque.procedures.models import Procedure
from restanque.procedures.services import procedures
from restanque.territories.services import create_territory
from tests.journeys.conftest import PHONE, Visitor
from tests.questions import PDF
from tests.territories.france import load_communes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAST = xlsx_bytes(
    [
        Sheet(
            "Historique",
            ("Étape", "Date", "Preuve"),
            [
                ("Débat PAS", date(2025, 12, 17), "délibération n° 41"),
                ("Enquête publique", date(2026, 2, 1), ""),
            ],
        )
    ]
)


@pytest.fixture
def revision(transactional_db: None, workspace: Workspace) -> Procedure:
    """A revision launched three years ago."""
    load_communes({"13004", "13108"})
    territory = create_territory(
        workspace=workspace,
        name="SCoT",
        kind="scot",
        valid_from=date(2024, 1, 1),
        commune_codes=["13004", "13108"],
    )
    return procedures.create_procedure(
        territory=territory,
        kind="scot-aec-revision",
        name="Révision du SCoT",
        prescribed_on=date(2023, 6, 20),
    )


def test_a_file_is_filled_from_the_past_to_the_last_version(
    visitor: Callable[..., Visitor], revision: Procedure, bob: Membership,
    settings: Any, tmp_path: Any,
) -> None:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path
    someone = visitor()
    someone.enter(bob)
    bring_the_past(someone)

    page = someone.open(reverse("procedures:dossier", args=[revision.pk]))
    assert someone.title == "Que manque-t-il au dossier ?"
    someone.press("Ouvrir le dossier")
    assert "Le dossier est à jour" in someone.text
    someone.press("Document d’orientation et d’objectifs (DOO)")
    page.locator("#versions summary").click()
    upload = {"name": "doo.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.get_by_label("Fichier").set_input_files(upload)
    page.locator("#versions").get_by_label("Version", exact=True).fill("0.3")
    someone.press("Joindre")
    assert "doo.pdf" in someone.text
    assert someone.download("doo.pdf") == PDF
    page.locator("#id_state").select_option("reviewed")
    page.get_by_label("Autre rédacteur").fill("Agence d’urbanisme")
    someone.press("Enregistrer")
    assert "relue" in someone.text

    someone.open(reverse("procedures:dossier", args=[revision.pk]))
    word = docx.Document(io.BytesIO(someone.download("Word, à imprimer")))
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert "Agence d’urbanisme" in cells
    ask_a_lawyer(someone, revision)
    on_a_phone(visitor, revision, bob)


def bring_the_past(someone: Visitor) -> None:
    """A spreadsheet: one event is sure, the other is told."""
    page = someone.open(reverse("core:import_new", args=["procedure-events"]))
    page.locator("input[type=file]").set_input_files(
        {
            "name": "passé.xlsx",
            "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "buffer": PAST,
        }
    )
    someone.press("Relire le fichier")
    assert "Ouverture de l’enquête publique" in someone.text
    someone.press("Importer 1 ligne, laisser 1 ligne à corriger")
    assert "Débat sur les orientations du PAS, 17 déc. 2025" in someone.text


def ask_a_lawyer(someone: Visitor, revision: Procedure) -> None:
    """A question waits for its answer, then has it."""
    page = someone.open(reverse("procedures:advices", args=[revision.pk]))
    someone.press("Noter une question")
    page.get_by_label("Question", exact=True).fill("Le bilan peut-il être voté le même jour ?")
    page.get_by_label("Posée à").fill("Service juridique")
    page.get_by_label("Étape concernée").select_option("bilan-concertation")
    someone.press("Enregistrer")
    assert "Sans réponse 1" in someone.text
    someone.press("Noter la réponse : Le bilan peut-il être voté le même jour ?")
    page.get_by_label("Réponse reçue le").fill(timezone.localdate().isoformat())
    page.locator("#id_answer").fill("Oui, par la même délibération.")
    someone.press("Enregistrer")
    assert "Aucune question n’attend de réponse" in someone.text


def on_a_phone(visitor: Callable[..., Visitor], revision: Procedure, bob: Membership) -> None:
    """The same pages hold in 390 pixels."""
    passer = visitor(viewport=PHONE)
    passer.enter(bob)
    for name in ("dossier", "advices", "studies", "what-if"):
        passer.open(reverse(f"procedures:{name}", args=[revision.pk]))
    passer.open(revision.pieces.get(code="doo").get_absolute_url())
    passer.open(reverse("procedures:pieces"))
