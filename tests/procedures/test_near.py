"""The dates that are near: found again without computing them, never stale."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.procedures import near
from restanque.procedures.models import Procedure
from restanque.procedures.nomenclature import ProofKind
from restanque.procedures.reading import SOON, Reading
from restanque.procedures.services import facts, procedures
from restanque.territories.models import Territory
from tests.conftest import client_of

TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def running(revision: Procedure) -> Procedure:
    """The prefect and the region have two months to answer, a month ago."""
    facts.record_fact(
        procedure=revision,
        step="information-pcaet",
        happened_on=TODAY - timedelta(days=30),
        proof_kind=ProofKind.RECEIPT,
    )
    return revision


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The procedures whose dates were computed, one by one."""
    seen: list[int] = []
    plain = near._days

    def days(procedure: Procedure, today: date) -> list[date]:
        seen.append(procedure.pk)
        return plain(procedure, today)

    monkeypatch.setattr(near, "_days", days)
    return seen


def straight(member: Membership, today: date = TODAY) -> list[tuple[date, int]]:
    """The same found by evaluating everything."""
    return sorted(
        (one.day, procedure.pk)
        for procedure in Procedure.objects.visible_to(member).running().to_read()
        for one in Reading(procedure, today).firm_deadlines
        if one.left <= SOON.days
    )


def found(member: Membership, today: date = TODAY) -> list[tuple[date, int]]:
    return [(one.day, one.procedure) for one in near.near_dates(member, today)]


def test_it_finds_what_evaluating_everything_finds(running: Procedure, bob: Membership) -> None:
    assert found(bob) == straight(bob) != []


def test_nothing_is_computed_again_while_nothing_changes(
    running: Procedure, bob: Membership, counted: list[int]
) -> None:
    first = found(bob)
    assert counted == [running.pk]
    assert found(bob) == first
    assert counted == [running.pk]
    found(bob, TODAY + timedelta(days=1))
    assert counted == [running.pk, running.pk]


def _correct(procedure: Procedure) -> None:
    fact = procedure.facts.get()
    facts.correct_fact(fact=fact, step=fact.step, happened_on=fact.happened_on - timedelta(days=3))


CHANGES: dict[str, Callable[[Procedure], object]] = {
    "a fact corrected": _correct,
    "a fact removed": lambda one: facts.remove_fact(fact=one.facts.get()),
    "a fact to confirm": lambda one: one.facts.update(to_confirm=True),
    "its proof": lambda one: one.facts.update(proof_kind=ProofKind.LETTER),
    "a new fact": lambda one: facts.record_fact(
        procedure=one, step="concertation", happened_on=TODAY
    ),
    "a target": lambda one: procedures.set_target(
        procedure=one, step="arret", wished_on=TODAY + timedelta(days=400)
    ),
    "the launch": lambda one: procedures.update_procedure(
        procedure=one, prescribed_on=date(2026, 6, 1)
    ),
    "a question answered": lambda one: procedures.update_procedure(
        procedure=one, conditions={"littoral": False}
    ),
    "a write that no service made": lambda one: one.facts.update(own_date=TODAY),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_is_seen_at_the_next_visit(
    running: Procedure, bob: Membership, counted: list[int], name: str
) -> None:
    found(bob)
    CHANGES[name](running)
    assert found(bob) == straight(bob)
    assert counted == [running.pk, running.pk]


def test_only_what_changed_is_computed_again(
    running: Procedure, territory: Territory, bob: Membership, counted: list[int]
) -> None:
    other = procedures.create_procedure(
        territory=territory, kind="pcaet", name="PCAET", prescribed_on=date(2025, 1, 6)
    )
    found(bob)
    counted.clear()
    facts.record_fact(procedure=other, step="information-pcaet", happened_on=TODAY)
    assert found(bob) == straight(bob)
    assert counted == [other.pk]


def test_another_law_computes_again(
    running: Procedure, bob: Membership, counted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    found(bob)
    monkeypatch.setattr(near, "_program", lambda: "une autre version")
    found(bob)
    assert counted == [running.pk, running.pk]


def test_an_archived_procedure_and_another_s_are_not_shown(
    running: Procedure, bob: Membership, charlie: Membership, paula: Membership
) -> None:
    assert found(bob)
    assert found(charlie) == []
    assert found(paula) == []
    procedures.archive_procedure(procedure=running, archived=True)
    assert found(bob) == []


def test_the_cost_of_the_home_page_does_not_grow(
    running: Procedure, territory: Territory, bob: Membership
) -> None:
    client, url = client_of(bob), reverse("portal:home")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(8):
        other = procedures.create_procedure(
            territory=territory,
            kind="pcaet",
            name=f"PCAET {number}",
            prescribed_on=date(2025, 1, 6),
        )
        facts.record_fact(
            procedure=other, step="information-pcaet", happened_on=TODAY - timedelta(days=number)
        )
    client.get(url)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


def test_finding_them_again_takes_few_queries(running: Procedure, bob: Membership) -> None:
    found(bob)
    with CaptureQueriesContext(connection) as queries:
        found(bob)
    # Two for the law, one for facts, targets and procedures each.
    assert len(queries) == 5
