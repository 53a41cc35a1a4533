"""What changed between two campaigns, and for how sure."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.surveys.analysis.comparing import Comparing, Pair, pairs_of
from restanque.surveys.analysis.study import RECEIVED, Study
from restanque.surveys.models import Campaign, Invitation
from tests.conftest import client_of
from tests.surveys.analysis.conftest import CITY, TODAY, TOWNS, VILLAGES
from tests.surveys.answering import plain, send

pytestmark = pytest.mark.django_db
Ask = Callable[..., dict[str, Invitation]]


def two(ask: Ask, before: int, after: int) -> tuple[Campaign, Campaign]:
    """Twelve communes answer twice; the first `before`, then `after`, of them have a canteen."""
    made = []
    for year, number in ((2025, before), (2026, after)):
        found = ask(year)
        for rank, code in enumerate((*VILLAGES[:7], *TOWNS[:5])):
            send(found[code], a_cantine="oui" if rank < number else "non")
        made.append(found[CITY].campaign)
    return made[0], made[1]


def comparing(before: Campaign, after: Campaign, *, hide: bool = False) -> Comparing:
    later = Study(after, today=TODAY, statuses=RECEIVED)
    earlier = Study(before, today=TODAY, statuses=RECEIVED, population=later.population)
    return Comparing(earlier, later, hide=hide)


def pair(found: Comparing, fact: str) -> Pair:
    return next(
        one
        for one in pairs_of(found.before.questions, found.after.questions)
        if one.after.fact == fact
    )


def test_a_large_change_is_conclusive(ask: Ask) -> None:
    before, after = two(ask, 5, 11)
    found = comparing(before, after)

    yes = found.changes(pair(found, "canteen.has_canteen"))[0]

    assert yes.comparison is not None
    assert yes.comparison.n_both == 12
    assert yes.verdict == "évolution conclusive, en hausse"
    assert yes.comparison.change == pytest.approx(
        (yes.comparison.after.value or 0) - (yes.comparison.before.value or 0)
    )


def test_a_small_change_is_not_conclusive(ask: Ask) -> None:
    before, after = two(ask, 5, 6)
    found = comparing(before, after)

    yes = found.changes(pair(found, "canteen.has_canteen"))[0]

    assert yes.verdict == "évolution non conclusive"


def test_a_choice_too_rare_in_both_campaigns_is_not_concluded_upon(ask: Ask) -> None:
    before, after = two(ask, 12, 9)
    found = comparing(before, after)

    yes, no = found.changes(pair(found, "canteen.has_canteen"))

    assert yes.comparison is not None
    assert {yes.verdict, no.verdict} == {"trop peu de réponses pour conclure"}
    assert not yes.is_conclusive


def test_outside_the_team_few_are_not_compared(ask: Ask) -> None:
    before, after = two(ask, 2, 11)
    found = comparing(before, after, hide=True)
    assert found.changes(pair(found, "canteen.has_canteen")) == ()


def test_questions_are_the_same_by_fact_else_to_confirm(ask: Ask) -> None:
    before, after = two(ask, 5, 6)
    found = comparing(before, after)
    sure = [one.after.key for one in pairs_of(found.before.questions, found.after.questions)
            if one.sure]  # fmt: skip
    doubtful = [one.after.key for one in pairs_of(found.before.questions, found.after.questions)
                if not one.sure]  # fmt: skip
    assert "cantine.a_cantine" in sure
    assert "pain.four.local" in doubtful
    moved = [replace(one, path=one.path + "x", fact="") for one in found.before.questions]
    assert pairs_of(moved, found.after.questions) == []


def test_the_page_says_it_in_plain_words(ask: Ask, bob: Membership) -> None:
    before, after = two(ask, 5, 11)
    client = client_of(bob)
    url = reverse("surveys:comparison", args=[after.pk])

    chosen = plain(client.get(url, {"avec": before.pk}).content.decode())

    assert "évolution conclusive, en hausse" in chosen
    assert "12 ont répondu aux deux, sur 21" in chosen
    assert "Questions à confirmer" in chosen
    assert client.get(url, {"avec": after.pk}).status_code == 404
    assert (
        "Aucune campagne antérieure"
        in client.get(reverse("surveys:comparison", args=[before.pk])).content.decode()
    )
