"""The pages of the consultations, their documents, imports and reminders."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from restanque.accounts.models import Membership, Workspace
from restanque.core.imports import run_import
from restanque.core.imports.services import ImportRefused, undo_run
from restanque.core.models import ImportRun, MessageStatus, OutgoingMessage
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services import add_contact, create_organisation, update_organisation
from restanque.procedures.consultations import reminders
from restanque.procedures.consultations.exports import synthesis_docx, synthesis_xlsx
from restanque.procedures.consultations.letters import letter_of, letters_docx
from restanque.procedures.consultations.reading import read_one
from restanque.procedures.consultations.services import dispatches, lists, opinions
from restanque.procedures.consultations.synthesis import synthesis_of
from restanque.procedures.models import Consultation, Consultee, Procedure, Remark
from restanque.procedures.services import procedures
from restanque.surveys.services import reports
from tests.conftest import client_of

STEP = "consultation-ppa"
WATER = "Dire d’où vient l’eau"
NOW = timezone.now


def plain(text: str) -> str:
    """With plain spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def town(workspace: Workspace) -> Organisation:
    """An organisation with a generic address and a person."""
    return create_organisation(
        workspace=workspace, kind=Kind.PPA, name="Organisme fictif A", email="a@example.org",
        address="1 place Neuve", postal_code="13200",
    )  # fmt: skip


@pytest.fixture
def consultation(revision: Procedure, town: Organisation) -> Consultation:
    """Three bodies: one near its term, one that answered with two remarks, one not written to."""
    today = timezone.localdate()
    one = lists.open_consultation(
        procedure=revision, step=STEP, name="Avis sur l’arrêt", subject="Projet, v1",
        opened_on=today - timedelta(days=200),
    )  # fmt: skip
    near = lists.add_consultee(consultation=one, organisation=town, law_ids=["scot.ppa"])
    answered = lists.add_consultee(
        consultation=one, name="Organisme fictif B", law_ids=["scot.ppa"]
    )
    lists.add_consultee(consultation=one, name="Organisme fictif C", law_ids=["scot.hlm"])
    for body, days in ((near, 80), (answered, 120)):
        day = today - timedelta(days=days)
        dispatches.record_dispatch(
            consultee=body, sent_on=day, sent_by="registered", received_on=day,
            proof_kind="receipt", proof_reference="2C 12",
        )  # fmt: skip
    opinion = opinions.record_opinion(
        consultee=answered, received_on=today - timedelta(days=60), sense="reserved"
    )
    first = opinions.add_remark(
        opinion=opinion, topic="Eau", page="3", text="Dire d’où vient l’eau"
    )
    opinions.reply_to(remark=first, decision="refused", why="Hors du SCoT", decided_by="le bureau")
    opinions.add_remark(opinion=opinion, topic="Foncier", text="Compter les friches")
    return one


def body(consultation: Consultation, letter: str) -> Consultee:
    """One of its bodies."""
    return consultation.consultees.get(name=f"Organisme fictif {letter}")


# Pages --------------------------------------------------------------------------------------------


def test_the_page_of_a_body_shows_the_whole_derivation(
    consultation: Consultation, bob: Membership
) -> None:
    words = plain(client_of(bob).get(body(consultation, "A").get_absolute_url()).content.decode())
    for said in (
        "Répondre au plus tard le", "Ce qui la fait courir", "Réception du dossier", "2C 12",
        "de date à date", "R143-4", "texte lu", "réputé favorable",
    ):  # fmt: skip
        assert said in words


def test_the_page_of_a_procedure_shows_its_consultations_and_omissions(
    consultation: Consultation, bob: Membership
) -> None:
    words = plain(client_of(bob).get(consultation.procedure.get_absolute_url()).content.decode())
    assert "2 consultés sur 3, 1 avis reçu" in words
    assert "Organisme fictif C n’est pas encore consulté" in words


def test_readers_read_and_write_nothing(consultation: Consultation, remi: Membership) -> None:
    client = client_of(remi)
    remark = Remark.objects.filter(reply__isnull=False).get()
    for url in (
        consultation.get_absolute_url(),
        reverse("procedures:consultees", args=[consultation.pk]),
        reverse("procedures:synthesis", args=[consultation.pk]),
        remark.get_absolute_url(),
    ):
        page = client.get(url)
        assert page.status_code == 200
        words = page.content.decode()
        assert not any(said in words for said in ("Enregistrer un", "Enregistrer la", "/envois/"))
    refused = client.post(remark.get_absolute_url(), {"decision": "noted"})
    assert refused.status_code == 404


def test_the_synthesis_filters_what_has_no_reply_and_a_topic(
    consultation: Consultation, bob: Membership
) -> None:
    client = client_of(bob)
    url = reverse("procedures:synthesis", args=[consultation.pk])

    def shown(**query: str) -> set[str]:
        return {row.record.text for row in client.get(url, query).context["table"].rows}

    assert len(shown()) == 2
    assert shown(decision="none") == {"Compter les friches"}
    assert shown(decision="refused") == {"Dire d’où vient l’eau"}
    assert shown(topic="eau") == {"Dire d’où vient l’eau"}
    assert shown(q="friches") == {"Compter les friches"}
    assert shown(carried="todo") == set()


def test_the_cost_of_the_pages_does_not_grow(consultation: Consultation, bob: Membership) -> None:
    client = client_of(bob)
    urls = [
        consultation.get_absolute_url(),
        reverse("procedures:consultees", args=[consultation.pk]),
        reverse("procedures:synthesis", args=[consultation.pk]),
        reverse("procedures:consultations", args=[consultation.procedure_id]),
        consultation.procedure.get_absolute_url(),
    ]

    def costs() -> list[int]:
        found = []
        for url in urls:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            found.append(len(asked))
        return found

    costs()
    few = costs()
    opinion = body(consultation, "B").opinion
    for number in range(12):
        other = lists.add_consultee(
            consultation=consultation, name=f"Commune fictive {number}", law_ids=["scot.membres"]
        )
        dispatches.record_dispatch(consultee=other, sent_on=timezone.localdate(), sent_by="email")
        opinions.add_remark(opinion=opinion, text=f"Remarque {number}")
    assert costs() == few


def test_many_bodies_are_recorded_at_once_then_their_receipts(
    consultation: Consultation, bob: Membership
) -> None:
    client = client_of(bob)
    lists.add_consultee(consultation=consultation, name="Organisme fictif D", law_ids=[])
    url = reverse("procedures:dispatches", args=[consultation.pk])
    today = timezone.localdate().strftime("%d/%m/%Y")
    client.post(url, {"sent_on": today, "sent_by": "registered", "everyone": "on"})
    fresh = [body(consultation, letter).dispatches.get() for letter in ("C", "D")]
    assert client.get(url).context["form"].fields["consultees"].queryset.count() == 0
    url = reverse("procedures:receipts", args=[consultation.pk])
    early = (timezone.localdate() - timedelta(days=3)).strftime("%d/%m/%Y")
    bad = client.post(url, {f"day_{fresh[0].pk}": early})
    assert bad.status_code == 422
    assert "Organisme fictif C" in bad.content.decode()
    client.post(url, {f"day_{fresh[0].pk}": today, f"reference_{fresh[0].pk}": "2C 99"})
    fresh[0].refresh_from_db()
    assert fresh[0].is_proven
    assert fresh[0].proof_reference == "2C 99"


def test_the_same_file_sent_twice_on_a_day_names_the_body(consultation: Consultation) -> None:
    one = body(consultation, "A")
    day = one.dispatches.get().sent_on
    with pytest.raises(ValidationError, match="Organisme fictif A"):
        dispatches.record_dispatches(
            consultation=consultation, consultees=[one], sent_on=day, sent_by="registered"
        )


# Letters ------------------------------------------------------------------------------------------


def test_each_letter_bears_its_own_title_and_term(consultation: Consultation) -> None:
    reading = read_one(consultation, timezone.localdate())
    letter = letter_of(reading, reading.row_of(body(consultation, "A").pk))
    words = plain("\n".join(letter.paragraphs))
    assert "dans un délai de 3 mois à compter de la transmission" in words
    assert "R143-4" in words
    assert "réputé favorable" in words
    assert letter.recipient == ("Organisme fictif A", "1 place Neuve", "13200")
    assert "⟦" not in words


def test_a_letter_writes_no_period_that_nobody_has_read(revision: Procedure) -> None:
    one = lists.open_consultation(
        procedure=revision, step="saisine-prefet-region", name="Saisine", subject="Projet, v1",
        own_term=date(2027, 1, 15), opened_on=date(2026, 11, 1),
    )  # fmt: skip
    asked = lists.add_consultee(
        consultation=one, name="Organisme fictif", law_ids=["scot.prefet-region"]
    )
    reading = read_one(one, timezone.localdate())
    words = plain("\n".join(letter_of(reading, reading.row_of(asked.pk)).paragraphs))
    assert " mois" not in words
    assert "le délai que fixent ces textes : art. R229-54" in words
    assert "15 janvier 2027" in words


def test_a_mark_that_nothing_fills_is_refused(consultation: Consultation, bob: Membership) -> None:
    url = reverse("procedures:letters", args=[consultation.pk])
    answer = client_of(bob).post(url, {"letter_subject": "Objet", "letter_body": "⟦maire⟧"})
    assert answer.status_code == 422
    assert "⟦maire⟧" in answer.content.decode()


def test_the_letters_are_one_file_or_one_by_body(
    consultation: Consultation, bob: Membership, workspace: Workspace
) -> None:
    client = client_of(bob)
    whole = client.get(
        reverse("procedures:letters-word", args=[consultation.pk]), {"date": "2026-12-01"}
    )
    text = plain("\n".join(one.text for one in docx.Document(io.BytesIO(whole.content)).paragraphs))
    assert "Le 1er décembre 2026" in text or "Le 1 décembre 2026" in text
    assert "Organisme fictif C" in text
    assert "Organisme fictif A" not in text  # written to already
    dispatches.record_dispatch(
        consultee=body(consultation, "C"), sent_on=timezone.localdate(), sent_by="email"
    )
    packed = client.get(reverse("procedures:letters-zip", args=[consultation.pk]))
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert archive.namelist() == [
            "001-organisme-fictif-a.docx", "002-organisme-fictif-b.docx",
            "003-organisme-fictif-c.docx",
        ]  # fmt: skip
        assert "Organisme fictif B" in _words(archive.read(archive.namelist()[1]))


def _words(data: bytes) -> str:
    return plain("\n".join(one.text for one in docx.Document(io.BytesIO(data)).paragraphs))


def test_the_letters_follow_the_team_s_own_template(
    consultation: Consultation, workspace: Workspace
) -> None:
    from restanque.kit.documents import default_template

    own = docx.Document(io.BytesIO(default_template()))
    own.sections[0].header.paragraphs[0].text = "En-tête de l’équipe"
    out = io.BytesIO()
    own.save(out)
    reports.set_template(workspace=workspace, data=out.getvalue(), filename="m.docx", by=None)
    reading = read_one(consultation, timezone.localdate())
    data = letters_docx(reading, reading.rows, on=date(2026, 12, 1), created_at=NOW())
    header = docx.Document(io.BytesIO(data)).sections[0].header
    assert header.paragraphs[0].text == "En-tête de l’équipe"


def test_the_slip_lists_every_body(consultation: Consultation, bob: Membership) -> None:
    answer = client_of(bob).get(reverse("procedures:slip", args=[consultation.pk]))
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert all(f"Organisme fictif {letter}" in plain(text) for letter in "ABC")


# Synthesis ----------------------------------------------------------------------------------------


def test_the_synthesis_is_the_same_in_word_and_excel(consultation: Consultation) -> None:
    found = synthesis_of(read_one(consultation, timezone.localdate()))
    document = docx.Document(io.BytesIO(synthesis_docx(found, created_at=NOW())))
    section = document.sections[0]
    assert section.page_width > section.page_height
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    words = plain("\n".join([*cells, *(one.text for one in document.paragraphs)]))
    for said in (
        "Dire d’où vient l’eau (p. 3)",
        "refusée",
        "Hors du SCoT",
        "sans réponse à ce jour",
    ):
        assert said in words
    assert "2 organismes consultés : 1 avis reçu, 0 silences acquis" in words or (
        "2 organismes consultés : 1 avis reçu, 0 silence acquis" in words
    )
    book = load_workbook(io.BytesIO(synthesis_xlsx(found)))
    rows = list(book["Remarques"].iter_rows(values_only=True))
    assert [row[5] for row in rows[1:]] == ["Dire d’où vient l’eau", "Compter les friches"]
    assert {row[0] for row in book["Organismes"].iter_rows(min_row=2, values_only=True)} == {
        f"Organisme fictif {letter}" for letter in "ABC"
    }


def test_documents_of_a_fictitious_consultation_say_so(
    consultation: Consultation, bob: Membership
) -> None:
    Consultation.objects.filter(pk=consultation.pk).update(fictitious=True)
    client = client_of(bob)
    for name in ("letters-word", "synthesis-word"):
        data = client.get(reverse(f"procedures:{name}", args=[consultation.pk])).content
        assert "Données fictives" in _words(data)
    data = client.get(reverse("procedures:synthesis-xlsx", args=[consultation.pk])).content
    assert load_workbook(io.BytesIO(data))["Remarques"]["A1"].value == "Données fictives"
    page = client.get(reverse("procedures:consultees", args=[consultation.pk]))
    assert "données fictives" in plain(page.content.decode()).lower()


# Reminders ----------------------------------------------------------------------------------------


def test_a_reminder_leaves_only_once_confirmed_and_once_a_day(
    consultation: Consultation, bob: Membership
) -> None:
    client = client_of(bob)
    url = reverse("procedures:consultation-reminders", args=[consultation.pk])
    page = client.get(url)
    assert [one.row.consultee.name for one in page.context["leaving"]] == ["Organisme fictif A"]
    assert not OutgoingMessage.objects.exists()
    assert client.post(url, {"count": "2"}).status_code == 422
    assert not OutgoingMessage.objects.exists()
    client.post(url, {"count": "1"})
    message = OutgoingMessage.objects.get()
    assert message.to_email == "a@example.org"
    assert message.status == MessageStatus.HELD  # no server in tests
    assert "Nous attendons votre réponse avant la fin du" in message.text
    assert client.get(url).context["leaving"] == []
    assert client.get(url).context["planned"][0].why_not == "déjà relancé aujourd’hui"


def test_a_reminder_of_fictitious_data_never_leaves(
    consultation: Consultation, settings: Any
) -> None:
    settings.EMAIL_DELIVERY, settings.EMAIL_HOST = True, "127.0.0.1"
    Consultation.objects.filter(pk=consultation.pk).update(fictitious=True)
    reading = read_one(consultation, timezone.localdate())
    assert reminders.send(reading=reading, confirmed=1) == 1
    assert OutgoingMessage.objects.get().status == MessageStatus.HELD


def test_the_chosen_contact_is_written_to_and_silence_is_respected(
    consultation: Consultation, town: Organisation
) -> None:
    one = body(consultation, "A")
    person = add_contact(
        organisation=town,
        full_name="Service planification",
        email="plan@example.org",
        is_personal=False,
    )
    add_contact(
        organisation=town, full_name="Accueil", email="accueil@example.org", is_personal=False
    )
    lists.update_consultee(consultee=one, law_ids=one.law_ids, contact=person)
    today = timezone.localdate()
    found = reminders.plan(read_one(consultation, today))[0]
    assert found.recipient is not None
    assert found.recipient.email == "plan@example.org"
    update_organisation(
        organisation=town, do_not_contact=True, do_not_contact_on=today,
        do_not_contact_reason="à sa demande",
    )  # fmt: skip
    found = reminders.plan(read_one(consultation, today))[0]
    assert not found.leaves
    assert "à appeler" in found.why_not


# Imports ------------------------------------------------------------------------------------------


def _import(kind: str, text: str, consultation: Consultation, *, dry: bool = False) -> ImportRun:
    return run_import(
        kind=kind, data=text.encode(), filename="avis.csv",
        workspace=consultation.workspace, dry_run=dry,
        context={"consultation": str(consultation.pk)},
    )  # fmt: skip


def test_opinions_come_from_a_file_and_go_back(consultation: Consultation) -> None:
    today = timezone.localdate().strftime("%d/%m/%Y")
    text = (
        "Organisme;Reçu le;Sens;Signé par\n"
        f"organisme fictif A;{today};Favorable;Le président\n"
        f"Organisme inconnu;{today};favorable;\n"
        f"Organisme fictif B;{today};peut-être;\n"
    )
    run = _import("consultation-opinions", text, consultation)
    assert body(consultation, "A").opinion.sense == "favourable"
    assert body(consultation, "B").opinion.sense == "reserved"
    problems = " ".join(run.rows.values_list("problem", flat=True))
    assert "Organisme inconnu" in problems
    undo_run(run=run)
    assert not hasattr(body(consultation, "A"), "opinion")


def test_remarks_come_with_their_replies_once(consultation: Consultation) -> None:
    text = (
        "Organisme;Thème;Remarque;Suite donnée;Réponse et motif;Pièce modifiée;Page ou article\n"
        "Organisme fictif B;Énergie;Chiffrer le programme;acceptée;Fait;Programme d’actions;p. 4\n"
        "Organisme fictif B;Eau;Dire d'où vient l'eau;;;;\n"
        "Organisme fictif B;Eau;Une autre;refusée;;;\n"
        "Organisme fictif C;Eau;Sans avis;;;;\n"
    )
    run = _import("consultation-remarks", text, consultation)
    made = Remark.objects.get(topic="Énergie")
    assert (made.reply.decision, made.reply.place) == ("accepted", "Programme d’actions, p. 4")
    assert made.order == 3
    assert Remark.objects.count() == 3
    undo_run(run=run)
    assert Remark.objects.count() == 2


def test_a_remark_changed_since_is_not_taken_back(consultation: Consultation) -> None:
    text = "Organisme;Remarque\nOrganisme fictif B;Une remarque neuve\n"
    run = _import("consultation-remarks", text, consultation)
    made = Remark.objects.get(text="Une remarque neuve")
    opinions.reply_to(remark=made, decision="noted")
    with pytest.raises(ImportRefused):
        undo_run(run=run)
    assert Remark.objects.filter(pk=made.pk).exists()


def test_a_file_for_another_team_finds_nothing(
    consultation: Consultation, other_workspace: Workspace
) -> None:
    run = run_import(
        kind="consultation-remarks",
        data=b"Organisme;Remarque\nOrganisme fictif B;Intrusion\n",
        filename="avis.csv", workspace=other_workspace, dry_run=False,
        context={"consultation": str(consultation.pk)},
    )  # fmt: skip
    assert not Remark.objects.filter(text="Intrusion").exists()
    assert run is not None


def test_a_procedure_without_consultees_shows_no_panel(territory: Any, bob: Membership) -> None:
    one = procedures.create_procedure(
        territory=territory, kind="scot-modification", name="Modification",
        prescribed_on=date(2025, 7, 1),
    )  # fmt: skip
    page = client_of(bob).get(one.get_absolute_url())
    assert 'id="consultations"' not in page.content.decode()


def test_the_week_tells_whom_to_remind(
    consultation: Consultation, bob: Membership, paula: Membership
) -> None:
    week = reverse("portal:home")
    words = plain(client_of(bob).get(week).content.decode())
    assert "Organismes à relancer" in words
    assert "1 organisme à relancer" in words
    assert reverse("procedures:consultation-reminders", args=[consultation.pk]) in words
    assert "Organismes à relancer" not in client_of(paula).get(week).content.decode()
    opinions.record_opinion(
        consultee=body(consultation, "A"), received_on=timezone.localdate(), sense="favourable"
    )
    assert "Organismes à relancer" not in client_of(bob).get(week).content.decode()


def test_a_body_is_told_or_asked_as_the_text_says(revision: Procedure) -> None:
    made = {
        step: lists.open_consultation(
            procedure=revision, step=step, name=step, subject="Dossier", opened_on=date(2026, 11, 1)
        )
        for step in ("information-pcaet", "accord-prefet-maritime")
    }
    assert "portons à votre connaissance" in made["information-pcaet"].letter_body
    assert "Votre organisme est consulté" in made["accord-prefet-maritime"].letter_body
    told = lists.add_consultee(
        consultation=made["information-pcaet"],
        name="Région fictive",
        law_ids=["scot.information-region"],
    )
    reading = read_one(told.consultation, timezone.localdate())
    words = plain("\n".join(letter_of(reading, reading.row_of(told.pk)).paragraphs))
    assert "dans un délai de 2 mois" in words
    assert "silence" not in words
