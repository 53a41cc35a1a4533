"""What names a step that the engine no longer has stays readable, everywhere."""

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from restanque.accounts.models import Membership
from restanque.engine.law import shipped
from restanque.procedures.calendars import slug_of
from restanque.procedures.dossier import services
from restanque.procedures.models import DossierPiece, LegalAdvice, Procedure, ProcedureFact, Target
from restanque.procedures.services import calendars, facts, procedures
from tests.conftest import client_of
from tests.procedures.test_pages import text_of

GONE = "etape-d-autrefois"


@pytest.fixture
def dated(revision: Procedure) -> Procedure:
    """A fact, a target, a question, a piece, a branch and an answer that no version knows now."""
    facts.record_fact(procedure=revision, step="concertation", happened_on=date(2023, 9, 1))
    procedures.set_target(procedure=revision, step="arret", wished_on=date(2027, 6, 1))
    services.open_dossier(procedure=revision, law=shipped())
    services.add_piece(procedure=revision, name="Atlas", step="arret")
    services.record_advice(
        procedure=revision,
        question="Peut-on ?",
        asked_to="Cabinet",
        asked_on=date(2024, 1, 8),
        step="arret",
    )
    ProcedureFact.objects.update(step=GONE)
    Target.objects.update(step=GONE)
    LegalAdvice.objects.update(step=GONE, rule_id="regle.d-autrefois")
    DossierPiece.objects.filter(code="propre-1").update(step=GONE)
    Procedure.objects.update(conditions={"question-d-autrefois": True}, participation="")
    return revision


@pytest.mark.parametrize(
    "name",
    [
        "procedure", "edit", "export", "calendar", "target", "what-if", "objections", "dossier",
        "advices", "studies",
    ],
)  # fmt: skip
def test_no_page_of_the_procedure_fails(dated: Procedure, bob: Membership, name: str) -> None:
    assert client_of(bob).get(reverse(f"procedures:{name}", args=[dated.pk])).status_code == 200


def test_no_page_above_it_fails(dated: Procedure, bob: Membership) -> None:
    client = client_of(bob)
    for url in (reverse("portal:home"), reverse("procedures:list"), reverse("procedures:pieces")):
        assert client.get(url).status_code == 200, url
    feed = calendars.open_feed(territory=dated.territory)
    assert client.get(reverse("procedures:feed", args=[slug_of(feed)])).status_code == 200
    for extension in ("xlsx", "csv", "docx"):
        url = reverse("procedures:dossier-export", args=[dated.pk, extension])
        assert client.get(url).status_code == 200, url


def test_the_fact_is_told_and_can_be_given_another_step(dated: Procedure, bob: Membership) -> None:
    client = client_of(bob)
    words = text_of(client.get(dated.get_absolute_url()))
    assert f"Étape inconnue de cette version ({GONE})" in words
    assert "1 fait d’une étape que cette version ne connaît plus" in words
    book = load_workbook(
        io.BytesIO(client.get(reverse("procedures:export", args=[dated.pk])).content)
    )
    cells = [str(row[0]) for row in book["Faits"].iter_rows(values_only=True)]
    assert any(GONE in cell for cell in cells)
    fact = dated.facts.get()
    url = reverse("procedures:fact-edit", args=[fact.pk])
    assert client.get(url).status_code == 200
    client.post(url, {"step": "concertation", "happened_on": "01/09/2023"})
    assert "ne connaît plus" not in text_of(client.get(dated.get_absolute_url()))


def test_what_is_around_it_can_still_be_changed(dated: Procedure, bob: Membership) -> None:
    client = client_of(bob)
    piece = dated.pieces.get(code="propre-1")
    client.post(piece.get_absolute_url(), {"state": "reviewed"})
    piece.refresh_from_db()
    assert piece.state == "reviewed"
    advice = dated.advices.get()
    url = reverse("procedures:advice-edit", args=[advice.pk])
    page = client.get(url)
    assert "étape inconnue de cette version" in text_of(page)
    form = {"question": "Et pour l’arrêt ?", "asked_to": "Cabinet", "asked_on": "08/01/2024",
            "step": GONE, "rule_id": "regle.d-autrefois"}  # fmt: skip
    client.post(url, form)
    advice.refresh_from_db()
    assert (advice.question, advice.step) == ("Et pour l’arrêt ?", GONE)


def test_unproven_contradictory_and_misordered_facts_are_seen(
    revision: Procedure, bob: Membership
) -> None:
    for step, day in (
        ("concertation", date(2023, 9, 1)),
        ("concertation", date(2023, 10, 1)),
        ("bilan-concertation", date(2023, 8, 1)),
    ):
        facts.record_fact(procedure=revision, step=step, happened_on=day)
    words = text_of(client_of(bob).get(revision.get_absolute_url()))
    assert "porte plusieurs dates" in words
    assert "qui doit le précéder" in words
    assert "n’est pas prouvé" in words
