"""Who is called next and why; what a call changes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.directory.services import update_organisation
from restanque.surveys.followup import calls_to_make
from restanque.surveys.models import CallLog, Invitation
from restanque.surveys.models.followup import CallOutcome
from restanque.surveys.ranking import Situation, call_order, reason_to_call
from restanque.surveys.services import calls, invitations
from restanque.territories.models import Commune
from tests.conftest import client_of

TODAY = date(2026, 11, 24)


def situation(**changes: Any) -> Situation:
    """A town hall invited ten days ago, silent, with an address and a telephone."""
    values: dict[str, Any] = {
        "pk": 1, "name": "arles", "state": "sent", "population": 1000, "has_address": True,
        "has_phone": True, "sent_on": TODAY - timedelta(days=10), "started_on": None,
        "call_back_on": None, "last_call_on": None, "last_outcome": "", "messages": 1,
    }  # fmt: skip
    return Situation(**(values | changes))


# What is known → the rank of the reason (None: not to be called now).
CASES = [
    ({}, 4),
    ({"sent_on": TODAY - timedelta(days=6)}, None),
    ({"sent_on": TODAY - timedelta(days=7)}, 4),
    ({"sent_on": None}, None),
    ({"sent_on": None, "has_address": False}, 3),
    ({"state": "bounced"}, 3),
    ({"state": "started", "started_on": TODAY - timedelta(days=3)}, 2),
    ({"state": "started", "started_on": TODAY - timedelta(days=2)}, None),
    ({"call_back_on": TODAY}, 1),
    ({"call_back_on": TODAY - timedelta(days=4)}, 1),
    ({"call_back_on": TODAY + timedelta(days=1)}, None),
    ({"call_back_on": TODAY, "last_call_on": TODAY}, None),
    ({"last_call_on": TODAY}, None),
]


@pytest.mark.parametrize(("known", "rank"), CASES)
def test_the_rule(known: dict[str, Any], rank: int | None) -> None:
    reason = reason_to_call(situation(**known), TODAY)
    assert (reason.rank if reason else None) == rank


def test_big_communes_come_first_within_a_rank_and_those_without_a_number_last() -> None:
    order = call_order(
        [
            situation(pk=1, population=200),
            situation(pk=2, population=50_000),
            situation(pk=3, population=900_000, has_phone=False),
            situation(pk=4, population=10, call_back_on=TODAY),
            situation(pk=5, population=None),
        ],
        TODAY,
    )
    assert [one.pk for one, _ in order] == [4, 2, 1, 5, 3]


@pytest.fixture
def silent(invitation: Invitation) -> Iterator[Invitation]:
    """Ten days after the invitation, Tarascon the most populated."""
    with time_machine.travel(datetime(2026, 11, 24, 11, tzinfo=UTC), tick=True):
        moment = timezone.now() - timedelta(days=10)
        for one in invitation.campaign.invitations.all():
            invitations.mark_sent(invitation=one, at=moment, recipients=["m@example.org"])
        for code, population in (("13004", 50_000), ("13108", 60_000), ("13036", 4_000)):
            Commune.objects.filter(pk=code).update(population=population)
        update_organisation(organisation=invitation.organisation, phone="04 90 49 36 36")
        invitation.refresh_from_db()
        yield invitation


def names(invitation: Invitation) -> list[str]:
    """The calls of the day."""
    return [str(line.invitation.organisation) for line in calls_to_make(invitation.campaign, TODAY)]


def test_a_call_leaves_the_list_for_the_day(silent: Invitation, bob: Membership) -> None:
    assert names(silent) == ["Mairie d’Arles", "Mairie d’Tarascon", "Mairie d’Eyragues"]

    calls.log_call(invitation=silent, outcome=CallOutcome.NO_ANSWER, by=bob.user)

    assert names(silent) == ["Mairie d’Tarascon", "Mairie d’Eyragues"]


def test_a_promise_brings_it_back_first_on_its_day(silent: Invitation, bob: Membership) -> None:
    other = silent.campaign.invitations.get(organisation__commune="13036")
    calls.log_call(
        invitation=other,
        outcome=CallOutcome.CALL_BACK,
        by=bob.user,
        call_back_at=timezone.now() + timedelta(days=1),
    )

    assert "Mairie d’Eyragues" not in names(silent)
    lines = calls_to_make(silent.campaign, TODAY + timedelta(days=1))
    assert str(lines[0].invitation.organisation) == "Mairie d’Eyragues"
    assert "Rappel promis" in lines[0].reason.words


def test_a_refusal_on_the_telephone_stops_everything(silent: Invitation, bob: Membership) -> None:
    calls.log_call(invitation=silent, outcome=CallOutcome.REFUSED, by=bob.user)

    silent.refresh_from_db()
    assert silent.refused_at is not None
    assert silent.no_reminder
    assert "Mairie d’Arles" not in names(silent)


def test_a_call_to_make_again_needs_a_day_to_come(silent: Invitation, bob: Membership) -> None:
    client = client_of(bob)
    url = reverse("surveys:call", args=[silent.campaign_id, silent.pk])
    for typed in ({}, {"call_back_on": "2026-11-23"}, {"call_back_on": "demain"}):
        answer = client.post(url, {"outcome": "call_back", **typed})
        assert answer.status_code == 422
    assert not CallLog.objects.exists()

    answer = client.post(
        url,
        {
            "outcome": "call_back",
            "call_back_on": "2026-11-26",
            "call_back_at": "14:30",
            "next": "1",
        },
    )
    assert answer.headers["Location"].endswith(
        f"/appels/{silent.campaign.invitations.get(organisation__commune='13108').pk}/"
    )
    call = CallLog.objects.get()
    assert call.by == bob.user
    assert call.call_back_at is not None
    assert f"{timezone.localtime(call.call_back_at):%d %H:%M}" == "26 14:30"


def test_calls_are_dealt_like_cards(silent: Invitation, alice: Membership, bob: Membership) -> None:
    ranked = [line.invitation for line in calls_to_make(silent.campaign, TODAY)]

    assert calls.share(campaign=silent.campaign, ranked=ranked, among=[alice.user, bob.user]) == 3

    given = [one.assigned_to for one in ranked]
    assert given == [alice.user, bob.user, alice.user]
    # Shared again among others, what is somebody's stays so.
    assert calls.share(campaign=silent.campaign, ranked=ranked, among=[bob.user]) == 0


def test_only_writers_of_the_territory_are_given_calls(
    silent: Invitation,
    alice: Membership,
    bob_elsewhere: Membership,
    remi: Membership,
    charlie: Membership,
) -> None:
    assert calls.callers(silent.campaign) == [alice.user]
    for outsider in (bob_elsewhere, remi, charlie):
        with pytest.raises(ValidationError):
            calls.assign(invitation=silent, to=outsider.user)


def test_the_page_shows_the_number_and_the_way_to_enter(
    silent: Invitation, bob: Membership
) -> None:
    page = client_of(bob).get(reverse("surveys:call", args=[silent.campaign_id, silent.pk]))
    text = page.content.decode()

    assert 'href="tel:0490493636"' in text
    entry = reverse("surveys:entry-welcome", args=[silent.campaign_id, silent.pk, "telephone"])
    assert entry in text


def test_the_rule_is_shown_in_words(silent: Invitation, bob: Membership) -> None:
    text = client_of(bob).get(reverse("surveys:calls", args=[silent.campaign_id])).content.decode()
    assert "les communes les plus peuplées d’abord" in text
    assert "Sans réponse depuis 10 jours" in text
