"""The file of a procedure: pieces, versions, questions of law, studies of others."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from restanque.accounts.models import Membership
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.engine.law import DEPOSIT, Piece, pieces, shipped
from restanque.procedures.dossier import exports, services
from restanque.procedures.dossier.reading import GONE_PART, Checklist, checklist_of
from restanque.procedures.models import DossierPiece, LegalAdvice, PieceFile, Procedure, Study
from restanque.procedures.reading import Reading
from restanque.procedures.services import facts, procedures
from restanque.territories.models import Territory
from restanque.work.budget.services.budgets import create_budget
from restanque.work.budget.services.contracts import add_contract, add_deliverable
from tests.conftest import client_of
from tests.procedures.conftest import TODAY
from tests.procedures.test_pages import text_of
from tests.questions import PDF

LAW = shipped()
NAMED = pieces(LAW, "scot-aec-revision")


def pdf(name: str = "doo.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


def checklist(procedure: Procedure, today: date = TODAY) -> Checklist:
    return checklist_of(Reading(Procedure.objects.to_read().get(pk=procedure.pk), today))


@pytest.fixture
def opened(revision: Procedure) -> Procedure:
    services.open_dossier(procedure=revision, law=LAW)
    return revision


def piece(procedure: Procedure, code: str = "doo") -> DossierPiece:
    return procedure.pieces.get(code=code)


# Pieces -----------------------------------------------------------------------------------------


def test_the_law_says_what_the_file_is_made_of(revision: Procedure) -> None:
    before = checklist(revision)
    assert not before.is_open
    assert [row.law for row in before.rows] == list(NAMED)
    services.open_dossier(procedure=revision, law=LAW)
    assert services.open_dossier(procedure=revision, law=LAW) == []
    after = checklist(revision)
    assert after.to_add == ()
    assert after.approved == 0
    assert len(after.needed) == len(NAMED)


def test_a_piece_is_due_at_its_step_and_late_once_it_is_done(opened: Procedure) -> None:
    row = next(row for row in checklist(opened).rows if row.law and row.law.id == "doo")
    assert row.step
    assert row.step.id == "arret"
    assert not row.is_late
    facts.record_fact(procedure=opened, step="arret", happened_on=date(2026, 11, 2))
    late = {row.law.id for row in checklist(opened).late if row.law}
    assert "doo" in late
    assert "reponse-avis" not in late
    services.update_piece(piece=piece(opened), state="approved")
    assert "doo" not in {row.law.id for row in checklist(opened).late if row.law}


def test_a_piece_left_out_says_why_and_leaves_the_count(opened: Procedure) -> None:
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        services.update_piece(piece=piece(opened, "bilan-pcaet"), state="not_needed")
    services.update_piece(
        piece=piece(opened, "bilan-pcaet"), state="not_needed", reason="Premier PCAET"
    )
    read = checklist(opened)
    assert len(read.needed) == len(NAMED) - 1
    assert {one.state for one in read.deposit if one.document.id == "bilan"} == {"sans objet"}
    again = services.update_piece(piece=piece(opened, "bilan-pcaet"), state="writing")
    assert again.reason == ""
    with pytest.raises(IntegrityError), transaction.atomic():
        DossierPiece.objects.filter(code="doo").update(state="not_needed")


def test_the_deposit_is_ready_when_all_that_feeds_a_document_is(opened: Procedure) -> None:
    states = {one.document.id: one.state for one in checklist(opened).deposit}
    assert set(states) == {document.id for document in DEPOSIT}
    assert set(states.values()) == {"à compléter"}
    services.update_piece(piece=piece(opened, "plan-actions"), state="approved")
    states = {one.document.id: one.state for one in checklist(opened).deposit}
    assert states["plan-actions"] == "prêt"
    assert states["strategie"] == "à compléter"


def test_a_piece_of_the_team_s_own_comes_after_and_can_go(opened: Procedure) -> None:
    first = services.add_piece(procedure=opened, name="Atlas", step="arret")
    assert services.add_piece(procedure=opened, name="Charte").code == "propre-2"
    assert checklist(opened).parts[-1].rows[0].record == first
    with pytest.raises(ValidationError, match="porte déjà ce nom"):
        services.add_piece(procedure=opened, name="ATLAS")
    with pytest.raises(ValidationError, match="n’existe pas"):
        services.add_piece(procedure=opened, name="Plan", step="ailleurs")
    services.remove_piece(piece=first)
    with pytest.raises(ValidationError, match="sans objet"):
        services.remove_piece(piece=piece(opened))


def test_a_piece_that_the_law_no_longer_names_stays_and_says_so(opened: Procedure) -> None:
    DossierPiece.objects.filter(code="daacl").update(code="ancienne-piece")
    read = checklist(opened)
    part = next(part for part in read.parts if part.title == GONE_PART)
    assert [row.name for row in part.rows] == [_law("daacl").label]
    assert [row.law.id for row in read.to_add if row.law] == ["daacl"]


def _law(name: str) -> Piece:
    return next(one for one in NAMED if one.id == name)


def test_a_version_gives_the_piece_its_number_and_its_file(
    opened: Procedure, django_capture_on_commit_callbacks: Any
) -> None:
    doo = piece(opened)
    newest = services.add_file(piece=doo, upload=pdf(), version="0.3", dated_on=date(2026, 3, 2))
    services.add_file(piece=doo, upload=pdf(), version="0.1", dated_on=date(2025, 3, 2))
    doo.refresh_from_db()
    assert (doo.version, doo.dated_on, doo.state) == ("0.3", date(2026, 3, 2), "writing")
    stored = Path(newest.file.path)
    assert stored.exists()
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_file(file=newest)
    assert not stored.exists()
    assert PieceFile.history.filter(history_type="-").count() == 1
    with pytest.raises(ValidationError, match="type accepté"):
        services.add_file(
            piece=doo,
            upload=SimpleUploadedFile("doo.exe", b"MZ"),
            version="1",
            dated_on=TODAY,
        )


def test_a_writer_is_of_the_workspace(opened: Procedure, charlie: Membership) -> None:
    with pytest.raises(ValidationError) as refused:
        services.update_piece(piece=piece(opened), writer_member=charlie)
    assert "writer_member" in refused.value.message_dict


def test_where_the_base_names_no_piece_the_team_adds_its_own(territory: Territory) -> None:
    plan = procedures.create_procedure(
        territory=territory, kind="plh", name="PLH", prescribed_on=date(2025, 1, 6)
    )
    assert services.open_dossier(procedure=plan, law=LAW) == []
    services.add_piece(procedure=plan, name="Diagnostic de l’habitat")
    read = checklist(plan)
    assert read.deposit == ()
    assert "0 pièce validée" in exports.summary(read).replace("\u00a0", " ")
    assert exports.csv_file(read).decode("utf-8-sig").startswith("Partie;Pièce")


# Questions of law, studies ------------------------------------------------------------------------


def test_an_answer_has_its_date_and_comes_after_the_question(revision: Procedure) -> None:
    asked = {"question": "Peut-on ?", "asked_to": "Cabinet", "asked_on": date(2026, 5, 4)}
    advice = services.record_advice(procedure=revision, step="arret", **asked)
    assert advice.waits
    with pytest.raises(ValidationError, match="sa date et son texte"):
        services.update_advice(advice=advice, answer="Oui.")
    advice = LegalAdvice.objects.get()
    with pytest.raises(ValidationError, match="précéder"):
        services.update_advice(advice=advice, answer="Oui.", received_on=date(2026, 5, 1))
    advice = LegalAdvice.objects.get()
    services.update_advice(advice=advice, received_on=date(2026, 5, 9), upload=pdf("avis.pdf"))
    assert not LegalAdvice.objects.get().waits
    with pytest.raises(ValidationError, match="n’existe pas"):
        services.record_advice(procedure=revision, step="ailleurs", **asked)


def test_a_study_feeds_pieces_of_this_file_only(opened: Procedure, territory: Territory) -> None:
    other = procedures.create_procedure(
        territory=territory, kind="pcaet", name="PCAET", prescribed_on=date(2025, 1, 6)
    )
    services.open_dossier(procedure=other, law=LAW)
    with pytest.raises(ValidationError) as refused:
        services.record_study(
            procedure=opened, title="Étude", carrier="Mission", feeds=[other.pieces.first()]
        )
    assert "feeds" in refused.value.message_dict
    study = services.record_study(
        procedure=opened, title="Étude", carrier="Mission", feeds=[piece(opened)]
    )
    with pytest.raises(ValidationError, match="sa date"):
        services.update_study(study=study, state="delivered", feeds=[])
    study = Study.objects.get()
    services.update_study(
        study=study, state="delivered", delivered_on=TODAY, feeds=[piece(opened, "pas")]
    )
    assert [one.code for one in Study.objects.get().feeds.all()] == ["pas"]


# Pages --------------------------------------------------------------------------------------------


def test_the_page_shows_pieces_before_they_are_opened(
    revision: Procedure, bob: Membership, remi: Membership
) -> None:
    url = reverse("procedures:dossier", args=[revision.pk])
    words = text_of(client_of(remi).get(url))
    assert "Document d’orientation et d’objectifs (DOO)" in words
    assert "article non relevé" in words
    assert "Ouvrir le dossier" not in words
    assert not revision.pieces.exists()
    client_of(bob).post(reverse("procedures:dossier-open", args=[revision.pk]))
    assert revision.pieces.count() == len(NAMED)
    words = text_of(client_of(bob).get(url))
    assert f"Validées : 0 sur {len(NAMED)}" in words
    assert "Ce que demande le dépôt PCAET de l’État" in words


def test_a_piece_is_changed_by_who_may_write(
    opened: Procedure, bob: Membership, remi: Membership
) -> None:
    doo = piece(opened)
    changes = {"state": "reviewed", "version": "1.0", "dated_on": "2026-09-01"}
    assert client_of(remi).post(doo.get_absolute_url(), changes).status_code == 404
    refused = client_of(bob).post(doo.get_absolute_url(), {"state": "not_needed"})
    assert refused.status_code == 422
    assert "Dites pourquoi" in text_of(refused)
    client_of(bob).post(doo.get_absolute_url(), {**changes, "writer_member": bob.pk})
    doo.refresh_from_db()
    assert (doo.state, doo.version, doo.writers) == ("reviewed", "1.0", str(bob.user))
    upload = {"upload": pdf(), "version": "1.1", "dated_on": "2026-10-01"}
    client_of(bob).post(reverse("procedures:piece-file-add", args=[doo.pk]), upload)
    kept = doo.files.get()
    served = client_of(remi).get(reverse("procedures:piece-file", args=[kept.pk]))
    assert b"".join(served.streaming_content) == PDF


def test_unanswered_questions_come_first_with_how_long(
    revision: Procedure, bob: Membership
) -> None:
    services.record_advice(
        procedure=revision,
        question="Le bilan peut-il être dans la délibération d’arrêt ?",
        asked_to="Service juridique",
        asked_on=date(2026, 1, 5),
        step="arret",
        rule_id="scot.arret",
    )
    words = text_of(client_of(bob).get(reverse("procedures:advices", args=[revision.pk])))
    assert "sans réponse" in words
    assert "Étape : Arrêt du projet" in words
    assert "Règle : Le comité syndical arrête le projet (art. L143-20" in words
    card = text_of(client_of(bob).get(revision.get_absolute_url()))
    assert "1 sans réponse" in card


def test_a_study_says_which_piece_waits_for_it(opened: Procedure, bob: Membership) -> None:
    url = reverse("procedures:study-add", args=[opened.pk])
    form = {"title": "Étude foncière", "carrier": "Mission foncier", "state": "running",
            "expected_on": "2026-01-31", "feeds": [piece(opened).pk]}  # fmt: skip
    client_of(bob).post(url, form)
    words = text_of(client_of(bob).get(reverse("procedures:studies", args=[opened.pk])))
    assert "Étude foncière" in words
    assert "en retard" in words
    assert "Étude foncière" in text_of(client_of(bob).get(piece(opened).get_absolute_url()))


def test_the_cost_of_the_page_does_not_grow(opened: Procedure, bob: Membership) -> None:
    client, url = client_of(bob), reverse("procedures:dossier", args=[opened.pk])
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for one in opened.pieces.all()[:8]:
        services.add_file(piece=one, upload=pdf(), version="1", dated_on=TODAY)
        services.update_piece(piece=one, writer_member=bob)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few) <= 20


def test_the_list_gathers_the_pieces_of_every_procedure(opened: Procedure, bob: Membership) -> None:
    words = text_of(client_of(bob).get(reverse("procedures:pieces"), {"q": "orientation"}))
    assert "Document d’orientation et d’objectifs (DOO)" in words
    assert "Rapport environnemental" not in words


# What leaves the house ----------------------------------------------------------------------------


def test_the_workbook_names_the_documents_of_the_deposit(
    opened: Procedure, bob: Membership
) -> None:
    response = client_of(bob).get(reverse("procedures:dossier-export", args=[opened.pk, "xlsx"]))
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames[:2] == ["Dépôt PCAET", "Pièces"]
    cells = [row[0] for row in book["Dépôt PCAET"].iter_rows(values_only=True)]
    for document in DEPOSIT:
        assert document.label in cells
    csv = client_of(bob).get(reverse("procedures:dossier-export", args=[opened.pk, "csv"]))
    assert "Dispositif de suivi et d’évaluation;obligatoire" in csv.content.decode("utf-8-sig")


def test_the_word_form_lists_every_piece(opened: Procedure, bob: Membership) -> None:
    services.update_piece(piece=piece(opened), writer_label="Agence d’urbanisme", version="0.3")
    response = client_of(bob).get(reverse("procedures:dossier-export", args=[opened.pk, "docx"]))
    document = docx.Document(io.BytesIO(response.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    for one in NAMED:
        assert one.label in cells
    assert "Agence d’urbanisme" in cells
    assert "Données fictives" not in [p.text for p in document.paragraphs]


def test_the_deliverables_of_the_procedure_s_contracts_are_shown(
    opened: Procedure, bob: Membership, paula: Membership
) -> None:
    budget = create_budget(
        territory=opened.territory,
        name="Budget du SCoT",
        opened_in=2026,
        subject_label=opened.name,
        subject_path=opened.get_absolute_url(),
    )
    agency = create_organisation(
        workspace=opened.workspace, kind=Kind.OTHER, name="Agence", address="1 rue du Test"
    )
    contract = add_contract(
        budget=budget,
        provider=agency,
        name="Évaluation environnementale",
        amount_ht=Decimal(1000),
        vat_rate=Decimal(20),
    )
    add_deliverable(contract=contract, name="Rapport provisoire", due_on=date(2026, 1, 5))
    url = reverse("procedures:dossier", args=[opened.pk])
    words = text_of(client_of(bob).get(url))
    assert "Rapport provisoire en retard" in " ".join(BeautifulSoup(words, "lxml").text.split())
    assert "Évaluation environnementale" in words
    assert client_of(paula).get(url).status_code == 403
