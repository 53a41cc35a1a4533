"""A sitting is validly convened, or not; its quorum counts the present only."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restanque.engine.deadlines import (
    Convening,
    DeadlineError,
    Fact,
    convocation,
    quorum,
)
from restanque.engine.law import shipped
from tests.engine.deadlines.cases import SITTINGS, SittingCase

LAW = shipped()


@pytest.mark.parametrize("case", SITTINGS, ids=lambda case: case.what)
def test_the_last_dispatch_is_that_of_the_table(case: SittingCase) -> None:
    found = convocation(LAW, case.session, convening=Convening(case.kind))
    assert found.last_dispatch == case.last_dispatch
    assert found.regular is None


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 20))
def test_a_dispatch_is_regular_when_five_whole_days_pass(session: date, before: int) -> None:
    sent = Fact("Envoi", session - timedelta(before), "cachet")
    found = convocation(LAW, session, sent=sent)
    whole = [sent.day + timedelta(n) for n in range(1, before)]
    assert found.clear_days == len(whole)
    assert found.regular == (len(whole) >= 5)


def test_the_sentence_says_that_holidays_count() -> None:
    found = convocation(LAW, date(2026, 12, 17))
    assert "dernier envoi le vendredi 11 décembre 2026" in found.sentence
    assert "jours fériés comptent" in found.sentence
    assert found.derivation.rule.to_verify


@pytest.mark.parametrize(("in_office", "needed"), [(27, 14), (26, 14), (1, 1), (2, 2), (3, 2)])
def test_the_quorum_is_more_than_half_of_the_members_in_office(in_office: int, needed: int) -> None:
    assert quorum(LAW, in_office=in_office, present=needed).met
    assert not quorum(LAW, in_office=in_office, present=needed - 1).met
    assert quorum(LAW, in_office=in_office, present=0).needed == needed


@pytest.mark.parametrize(("in_office", "present"), [(0, 0), (3, 4), (3, -1)])
def test_impossible_counts_are_refused(in_office: int, present: int) -> None:
    with pytest.raises(DeadlineError, match="présents"):
        quorum(LAW, in_office=in_office, present=present)
