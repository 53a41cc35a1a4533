"""What the pages answer, to whom, and at what cost."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from restanque.accounts.models import Membership, Workspace
from restanque.engine.law import Override, Period, Unit, merge, shipped
from restanque.procedures.calendars import feed_url, slug_of
from restanque.procedures.models import Procedure
from restanque.procedures.nomenclature import ProofKind
from restanque.procedures.services import calendars, facts, procedures
from restanque.territories.models import Territory
from restanque.territories.services import set_coverage
from tests.conftest import client_of


def text_of(response: Any) -> str:
    """The page with plain spaces."""
    words: str = response.content.decode()
    return words.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def running(revision: Procedure) -> Procedure:
    """A clock runs: the prefect and the region have two months to answer."""
    facts.record_fact(
        procedure=revision,
        step="information-pcaet",
        happened_on=timezone.localdate() - timedelta(days=30),
        proof_kind=ProofKind.RECEIPT,
        proof_reference="AR 7",
    )
    return revision


def test_the_page_answers_the_five_questions(running: Procedure, bob: Membership) -> None:
    words = text_of(client_of(bob).get(running.get_absolute_url()))
    assert "Dernière étape faite" in words
    assert "Réponse attendue au plus tard le" in words
    assert "Ce qui la fait courir" in words
    assert "accusé de réception, AR 7" in words
    assert "Si ce n’est pas fait : " in words
    assert "art. " in words


def test_no_deadline_comes_without_article_nor_consequence(
    running: Procedure, bob: Membership
) -> None:
    page = client_of(bob).get(running.get_absolute_url())
    shown = page.context["first"] + page.context["others"]
    assert shown
    assert all(one.found.article and one.found.rule.consequence for one in shown)
    assert [one.day for one in shown] == sorted(one.day for one in shown)


def test_the_list_says_where_each_one_stands(running: Procedure, bob: Membership) -> None:
    words = text_of(client_of(bob).get(reverse("procedures:list")))
    assert "Information sur les modalités" in words
    assert "Réponses du préfet et de la région" in words


def test_the_cost_of_the_list_does_not_grow(
    running: Procedure, territory: Territory, bob: Membership
) -> None:
    client = client_of(bob)
    url = reverse("procedures:list")
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(6):
        other = procedures.create_procedure(
            territory=territory,
            kind="pcaet",
            name=f"PCAET {number}",
            prescribed_on=date(2025, 1, 6),
        )
        procedures.set_target(procedure=other, step="adoption", wished_on=date(2028, 1, 6))
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


def test_the_cost_of_the_page_does_not_grow(running: Procedure, bob: Membership) -> None:
    client = client_of(bob)
    with CaptureQueriesContext(connection) as few:
        client.get(running.get_absolute_url())
    for step in ("concertation", "porter-a-connaissance", "association", "debat-pas"):
        facts.record_fact(procedure=running, step=step, happened_on=date(2025, 1, 6))
    with CaptureQueriesContext(connection) as many:
        client.get(running.get_absolute_url())
    assert len(many) == len(few)
    assert len(many) <= 25


def test_trying_a_date_writes_nothing_and_tells_what_becomes_illegal(
    running: Procedure, bob: Membership
) -> None:
    client = client_of(bob)
    url = reverse("procedures:what-if", args=[running.pk])
    soon = (timezone.localdate() + timedelta(days=20)).isoformat()
    words = text_of(client.get(url, {"step": "approbation", "day": soon}))
    assert "Ce qui deviendrait illégal ou hors délai" in words
    late = (timezone.localdate() + timedelta(days=1500)).isoformat()
    words = text_of(client.get(url, {"step": "approbation", "day": late}))
    assert "aucun délai connu de la base n’est enfreint" in words
    assert "Étapes qui changent de date" in words
    assert client.get(url, {"step": "ailleurs", "day": soon}).status_code == 422
    assert not running.targets.exists()


def test_june_instead_of_april_is_told_in_plain_words(running: Procedure, bob: Membership) -> None:
    year = timezone.localdate().year + 2
    procedures.set_target(procedure=running, step="arret", wished_on=date(year, 4, 15))
    url = reverse("procedures:what-if", args=[running.pk])
    words = text_of(client_of(bob).get(url, {"step": "arret", "day": f"{year}-06-15"}))
    assert f"« Arrêt du projet » le 15 juin {year} au lieu du 15 avril {year}" in words
    assert "(61 jours plus tard)" in words
    assert "Approbation du SCoT passerait du " in words
    assert "étapes changent de date" in words
    assert "Rien ne deviendrait illégal" in words


def test_the_picture_shows_the_path_to_the_date_aimed_at(
    running: Procedure, bob: Membership
) -> None:
    wished = timezone.localdate() + timedelta(days=30)
    procedures.set_target(procedure=running, step="approbation", wished_on=wished)
    page = client_of(bob).get(running.get_absolute_url())
    words = text_of(page)
    assert "les textes ne permettent pas cette date, il manque" in words
    assert "Chemin critique : les " in words
    on_path = {row[0] for row in page.context["panel"].rows if row[-1] == "oui"}
    path = page.context["timeline"].critical_path
    assert {one.label for one in path} == on_path
    procedures.set_target(
        procedure=running, step="approbation", wished_on=wished + timedelta(days=2000)
    )
    assert "sur le plus tôt permis" in text_of(client_of(bob).get(running.get_absolute_url()))


def test_the_objections_are_those_of_the_scot_only(
    running: Procedure, territory: Territory, bob: Membership, remi: Membership
) -> None:
    url = reverse("procedures:objections", args=[running.pk])
    words = text_of(client_of(bob).get(url))
    assert "loi littoral" in words
    bare = {"rule": "objection.dta", "state": "clear", "evidence": ""}
    refused = client_of(bob).post(url, bare)
    assert refused.status_code == 422
    assert "sur quelle preuve" in text_of(refused)
    assert client_of(remi).post(url, {**bare, "evidence": "x"}).status_code == 404
    client_of(bob).post(url, {**bare, "evidence": "Étude p. 3"})
    assert running.objections.get().evidence == "Étude p. 3"
    plan = procedures.create_procedure(
        territory=territory, kind="pcaet", name="PCAET", prescribed_on=date(2025, 1, 6)
    )
    assert client_of(bob).get(reverse("procedures:objections", args=[plan.pk])).status_code == 404


def test_a_change_of_law_is_shown_then_acknowledged(
    running: Procedure, bob: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = "pcaet.reponse-information"
    change = Override("rules", rule, {"period": Period(3, Unit.MONTHS)}, "x", date(2026, 12, 1))
    new = merge(shipped(), [change])
    monkeypatch.setattr("restanque.law.current.shipped", lambda: new)
    client = client_of(bob)
    words = text_of(client.get(running.get_absolute_url()))
    assert "L’état du droit a changé" in words
    assert " devient " in words
    client.post(reverse("procedures:acknowledge", args=[running.pk]))
    assert "L’état du droit a changé" not in text_of(client.get(running.get_absolute_url()))


def test_the_workbook_holds_deadlines_with_their_articles(
    running: Procedure, bob: Membership
) -> None:
    response = client_of(bob).get(reverse("procedures:export", args=[running.pk]))
    book = load_workbook(io.BytesIO(response.content))
    assert {"Échéances", "Étapes", "Faits", "Risques"} <= set(book.sheetnames)
    rows = list(book["Échéances"].iter_rows(values_only=True))
    at = next(i for i, row in enumerate(rows) if "Article" in row)
    column = rows[at].index("Article")
    first = [row for row in rows[at + 1 :] if row[0] is not None]
    assert first
    assert all(row[column] for row in first if row[1])


# Calendars ------------------------------------------------------------------------------------


def events(text: str) -> list[dict[str, str]]:
    """A small reader of iCalendar, written apart from the one that writes."""
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")
    found: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and ":" in line and line != "END:VEVENT":
            name, _, value = line.partition(":")
            found[-1].setdefault(name.partition(";")[0], value)
    return found


def test_a_subscription_needs_no_session_and_is_revoked_by_a_new_one(
    running: Procedure, territory: Territory, bob: Membership, client: Any
) -> None:
    first = calendars.open_feed(territory=territory)
    path = reverse("procedures:feed", args=[slug_of(first)])
    assert feed_url(first).endswith(path)
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar")
    read = events(response.content.decode())
    answers = [e for e in read if "Réponses du préfet et de la région" in e["SUMMARY"]]
    assert answers
    assert "Révision" in answers[0]["SUMMARY"]
    assert "art. " in answers[0]["DESCRIPTION"]
    assert len({event["UID"] for event in read}) == len(read)
    calendars.open_feed(territory=territory)
    assert client.get(path).status_code == 404
    territory.calendar_feed.refresh_from_db()
    again = reverse("procedures:feed", args=[slug_of(territory.calendar_feed)])
    assert client.get(again).status_code == 200
    calendars.close_feed(territory=territory)
    assert client.get(again).status_code == 404


@pytest.mark.parametrize("slug", ["1", "x-y", "1-AAAAAAAAAAAAAAAAAAAAAA", "99999999-" + "A" * 22])
def test_a_forged_address_opens_nothing(territory: Territory, client: Any, slug: str) -> None:
    calendars.open_feed(territory=territory)
    assert client.get(reverse("procedures:feed", args=[slug])).status_code == 404


def test_a_subscription_without_procedure_is_an_empty_calendar(
    territory: Territory, client: Any
) -> None:
    feed = calendars.open_feed(territory=territory)
    text = client.get(reverse("procedures:feed", args=[slug_of(feed)])).content.decode()
    assert events(text) == []


def test_an_archived_procedure_leaves_the_calendar(
    running: Procedure, territory: Territory, client: Any
) -> None:
    feed = calendars.open_feed(territory=territory)
    procedures.archive_procedure(procedure=running, archived=True)
    text = client.get(reverse("procedures:feed", args=[slug_of(feed)])).content.decode()
    assert events(text) == []


def test_a_fictitious_calendar_says_so_on_each_event(territory: Territory, client: Any) -> None:
    made = procedures.create_procedure(
        territory=territory,
        kind="pcaet",
        name="PCAET",
        prescribed_on=date(2025, 1, 6),
        fictitious=True,
    )
    feed = calendars.open_feed(territory=territory)
    text = client.get(reverse("procedures:feed", args=[slug_of(feed)])).content.decode()
    assert made.fictitious
    assert all("données fictives" in event["SUMMARY"] for event in events(text))


def test_a_reader_does_not_see_the_address(
    territory: Territory, remi: Membership, bob: Membership
) -> None:
    token = slug_of(calendars.open_feed(territory=territory))
    url = reverse("procedures:feeds")
    assert token in text_of(client_of(bob).get(url))
    assert token not in text_of(client_of(remi).get(url))


# Home -----------------------------------------------------------------------------------------


def test_the_week_shows_clocks_that_run_with_article_and_consequence(
    running: Procedure, bob: Membership
) -> None:
    words = text_of(client_of(bob).get(reverse("portal:home")))
    assert "Échéances légales des procédures" in words
    assert "Réponses du préfet et de la région" in words
    assert "art. " in words
    assert "Si ce n’est pas fait : " in words


def test_the_week_is_silent_without_a_running_clock(
    revision: Procedure, territory: Territory, bob: Membership
) -> None:
    words = text_of(client_of(bob).get(reverse("portal:home")))
    assert "Échéances légales des procédures" not in words


def test_who_does_not_cover_the_territory_has_no_business_here(
    running: Procedure, workspace: Workspace, bob: Membership, charlie: Membership
) -> None:
    set_coverage(membership=bob, territories=[])
    for member in (bob, charlie):
        client = client_of(member)
        assert client.get(running.get_absolute_url()).status_code == 404
        assert running.name not in text_of(client.get(reverse("procedures:list")))
        posted = client.post(
            reverse("procedures:fact-add", args=[running.pk]),
            {"step": "arret", "happened_on": "2026-06-01"},
        )
        assert posted.status_code == 404
    assert running.facts.count() == 1
