"""The two shipped visit forms: what their script makes, what the linter says, what they ask."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from restanque.engine.forms import convert_xlsform, evaluate_answers, lint, parse_form
from restanque.surveys import shipped
from restanque.surveys.models import Visit, VisitFile
from restanque.surveys.visits import purging, reviewing, rounds
from restanque.surveys.visits.authoring.bakery import BAKERY
from restanque.surveys.visits.authoring.book import Book, sheets
from restanque.surveys.visits.authoring.canteen import CANTEEN
from restanque.surveys.visits.lists import EMPTY_LISTS
from tests.surveys.visiting import Ground, photo
from tests.surveys.visits.test_gains import FULL

LISTS = {
    "communes.csv": b"name,label\n13004,Arles\n",
    "organisations.csv": b"name,label,commune\n7,Fournil,13004\n8,Ailleurs,13108\n",
}
BOOKS = (BAKERY, CANTEEN)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.form_id)
def test_the_shipped_file_is_what_the_script_writes(book: Book, tmp_path: Any) -> None:
    path = tmp_path / book.filename
    path.write_bytes(shipped.read(book.filename))
    workbook = load_workbook(path, read_only=True)
    found = {
        sheet.title: [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in workbook
    }
    workbook.close()
    assert found == sheets(book)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.form_id)
def test_the_linter_finds_nothing(book: Book) -> None:
    conversion = convert_xlsform(shipped.read(book.filename), filename=book.filename)
    assert [str(problem) for problem in lint(conversion, media=LISTS)] == []
    assert conversion.media == ("communes.csv", "organisations.csv")
    assert (
        "visit.organisation" in parse_form(conversion.xform or "", media=EMPTY_LISTS).facts.values()
    )


def test_only_the_organisations_of_the_commune_are_offered() -> None:
    conversion = convert_xlsform(shipped.read(BAKERY.filename), filename=BAKERY.filename)
    form = parse_form(conversion.xform or "", media=LISTS)
    answers = {"/data/visite/commune": "13004", "/data/visite/connue": "liste"}
    rows = {
        row["path"]: row
        for row in evaluate_answers(
            form,
            {**answers, "/data/visite/organisation": "7"},
            now=datetime(2026, 11, 24, tzinfo=UTC),
        )
    }
    assert rows["/data/visite/visite_nom"]["value"] == "Fournil"
    assert rows["/data/visite/visite_date"]["value"] == "2026-11-24"
    assert not rows["/data/visite/nouveau_nom"]["relevant"]


@pytest.mark.django_db
def test_what_is_purged_names_nobody_any_more(ground: Ground, bob: Any) -> None:
    visit = ground.received(
        FULL | {"/data/conditions/souhaits": "Voir Mme Martin"}, preuve_jpg=photo()
    )
    reviewing.validate(visit=visit, by=bob.user)
    assert purging.purge_expired(date(2028, 12, 31)) == 0
    assert purging.purge_expired(date(2029, 1, 1)) == 1
    assert purging.purge_expired(date(2029, 1, 1)) == 0
    visit = Visit.objects.get()
    assert (visit.visitor, visit.received_xml) == (None, "")
    assert "Martin" not in visit.instance + str(visit.flat)
    assert visit.flat["/data/fabrication/pain[1]/capacite"] == "120.5"
    assert not VisitFile.objects.exists()


@pytest.mark.django_db
def test_a_questionnaire_that_names_no_place_is_no_visit_form(ground: Ground) -> None:
    from django.core.exceptions import ValidationError

    from restanque.surveys.services.questionnaires import install_shipped_questionnaire

    bread = install_shipped_questionnaire(workspace=ground.workspace)
    with pytest.raises(ValidationError, match="quelle organisation est visitée"):
        rounds.update_round(visits=ground.visits, version=bread)
