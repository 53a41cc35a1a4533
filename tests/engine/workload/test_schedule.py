"""What can start when: examples, a second computation by trial, contradictions, circles."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from restanque.engine.workload import (
    Calendar,
    CircleError,
    Schedule,
    Work,
    contradictions,
    find_circle,
    schedule,
)
from tests.engine.workload import samples
from tests.engine.workload.samples import ONE, TODAY

CALENDAR = Calendar()
FRIDAY = date(2026, 11, 27)


def planned(*works: Work) -> Schedule:
    return schedule(works, CALENDAR, today=TODAY)


def test_a_work_starts_on_the_open_day_after_what_it_waits_for() -> None:
    found = planned(Work(1, TODAY, FRIDAY), Work(2, effort=Decimal(2), after=(1,)))
    assert (found.spans[2].start, found.spans[2].finish) == (date(2026, 11, 30), date(2026, 12, 1))
    assert found.spans[2].driver == 1
    assert found.chain == (1, 2)


def test_its_own_date_decides_when_it_comes_later() -> None:
    later = date(2026, 12, 14)
    found = planned(Work(1, TODAY, FRIDAY), Work(2, later, later, after=(1,)))
    assert (found.spans[2].start, found.spans[2].driver) == (later, None)
    assert found.chain == (2,)


def test_slack_counts_open_days_to_the_first_date_that_would_be_missed() -> None:
    # Two has two days and is due on Friday 4: it must begin on Thursday 3, so one ends on the 2nd.
    found = planned(
        Work(1, TODAY, FRIDAY),
        Work(2, due_on=date(2026, 12, 4), effort=Decimal(2), after=(1,)),
        Work(3),
    )
    # Its own date is the nearest.
    assert found.spans[1].slack == 0
    assert found.spans[2].slack == 3
    assert found.spans[3].slack is None
    free = planned(
        Work(1, effort=Decimal(1)),
        Work(2, due_on=date(2026, 12, 4), effort=Decimal(2), after=(1,)),
    )
    assert free.spans[1].slack == 6


def test_a_late_work_ends_today_at_best_and_pushes_what_waits_for_it() -> None:
    past = TODAY - timedelta(days=30)
    found = planned(Work(1, past, past), Work(2, effort=Decimal(1), after=(1,)))
    assert found.spans[1].finish == TODAY
    assert found.spans[1].slack is not None
    assert found.spans[1].slack < 0
    assert found.spans[2].start == TODAY + ONE


def test_done_work_keeps_its_day_and_frees_what_waits() -> None:
    done = Work(1, date(2026, 11, 2), date(2026, 12, 31), done_on=date(2026, 11, 13))
    found = planned(done, Work(2, effort=Decimal(1), after=(1,)))
    assert found.spans[1].finish == date(2026, 11, 13)
    assert found.spans[1].slack is None
    assert found.spans[2].start == TODAY
    assert planned(done).chain == ()
    assert planned(replace(done, done_on=TODAY), Work(2, after=(1,))).chain == (2,)


def test_what_one_may_not_see_is_planned_without() -> None:
    assert planned(Work(2, effort=Decimal(1), after=(99,))).spans[2].start == TODAY


def test_a_circle_is_refused_and_named() -> None:
    with pytest.raises(CircleError) as caught:
        planned(Work(1, after=(3,)), Work(2, after=(1,)), Work(3, after=(2,)), Work(4, after=(3,)))
    assert sorted(set(caught.value.keys)) == [1, 2, 3]
    assert caught.value.keys[0] == caught.value.keys[-1]
    # Each is followed by one that waits for it.
    assert find_circle([(1, 2), (2, 3), (3, 1), (3, 4)]) == caught.value.keys
    assert find_circle([(1, 2), (2, 3)]) == ()


def kinds(*works: Work) -> list[tuple[str, int, int | None]]:
    found = contradictions(works, planned(*works), CALENDAR)
    return [(one.kind.value, one.work, one.other) for one in found]


def test_contradictions_name_both_works() -> None:
    first = Work(1, TODAY, date(2026, 12, 11))
    assert kinds(first, Work(2, due_on=FRIDAY, after=(1,))) == [("due_first", 2, 1)]
    early = Work(2, FRIDAY, date(2026, 12, 18), after=(1,))
    # Two lasts sixteen open days: begun on the 14th it cannot be ready on the 18th either.
    assert kinds(first, early) == [("starts_first", 2, 1), ("unreachable", 2, 1)]
    short = Work(2, due_on=date(2026, 12, 15), effort=Decimal(5), after=(1,))
    assert kinds(first, short) == [("unreachable", 2, 1)]
    assert kinds(first, Work(2, due_on=date(2026, 12, 18), effort=Decimal(5), after=(1,))) == []


def test_more_days_of_effort_than_open_days_is_a_contradiction_for_one_person_only() -> None:
    window = (date(2026, 11, 30), date(2026, 12, 4))
    assert kinds(Work(1, *window, Decimal(8), ((1, 100),))) == [("too_much", 1, None)]
    assert kinds(Work(1, *window, Decimal(8), ((1, 50), (2, 50)))) == []


def test_what_is_done_contradicts_nothing() -> None:
    done = Work(2, due_on=FRIDAY, after=(1,), done_on=TODAY)
    assert kinds(Work(1, TODAY, date(2026, 12, 11)), done) == []
    early = Work(2, date(2026, 11, 9), date(2026, 11, 20), after=(1,))
    assert kinds(Work(1, TODAY, date(2026, 12, 11), done_on=FRIDAY), early) == []


def test_to_be_late_is_not_a_contradiction() -> None:
    late = Work(1, date(2026, 11, 2), date(2026, 11, 13))
    assert kinds(late, Work(2, date(2026, 11, 16), date(2026, 11, 20), after=(1,))) == [
        ("unreachable", 2, 1)
    ]
    assert kinds(Work(2, date(2026, 11, 16), date(2026, 11, 20))) == []


def test_works_that_follow_without_a_day_between_make_a_chain() -> None:
    monday = date(2026, 11, 30)
    found = planned(Work(1, TODAY, FRIDAY), Work(2, monday, date(2026, 12, 4), after=(1,)))
    assert found.spans[2].start == monday
    assert found.chain == (1, 2)


def lasts(work: Work, start: date) -> date:
    """The last day of a work begun that day, by walking."""
    days = 1
    if work.starts_on and work.due_on:
        span = (work.due_on - work.starts_on).days + 1
        days = max(1, sum(CALENDAR.is_open(work.starts_on + ONE * n) for n in range(span)))
    elif work.effort:
        while days < work.effort:
            days += 1
    day = start
    while True:
        days -= CALENDAR.is_open(day)
        if days <= 0 and CALENDAR.is_open(day):
            return day
        day += ONE


def naive_spans(works: list[Work]) -> dict[int, tuple[date, date]]:
    """Push every work day after day until nothing is before what it waits for."""
    known = {work.key: work for work in works}
    spans = {}
    for work in works:
        start = work.starts_on or TODAY
        while not CALENDAR.is_open(start):
            start += ONE
        spans[work.key] = start
        if work.done_on:
            spans[work.key] = min(work.starts_on or work.done_on, work.done_on)

    def end(key: int) -> date:
        work = known[key]
        return work.done_on or max(lasts(work, spans[key]), TODAY)

    moved = True
    while moved:
        moved = False
        for work in works:
            if work.done_on:
                continue
            while any(spans[work.key] <= end(key) for key in work.after if key in known):
                spans[work.key] += ONE
                moved = True
            while not CALENDAR.is_open(spans[work.key]):
                spans[work.key] += ONE
                moved = True
    return {key: (start, end(key)) for key, start in spans.items()}


@pytest.mark.parametrize("seed", range(120))
def test_it_agrees_with_a_push_day_by_day(seed: int) -> None:
    made = samples.works(random.Random(seed))
    found = schedule(made, CALENDAR, today=TODAY)
    assert {k: (s.start, s.finish) for k, s in found.spans.items()} == naive_spans(made)


@pytest.mark.parametrize("seed", range(120))
def test_slack_is_what_a_work_may_lose_before_a_date_is_missed(seed: int) -> None:
    """Moved by its slack, no date is missed downstream that was not; by one more, one is."""
    made = samples.works(random.Random(5000 + seed), count=8)
    found = schedule(made, CALENDAR, today=TODAY)
    for key, span in found.spans.items():
        if span.slack is None or span.slack < 0:
            continue
        assert not missed(made, key, CALENDAR.shift(span.finish, span.slack))
        assert missed(made, key, CALENDAR.shift(span.finish, span.slack + 1))


def missed(made: list[Work], key: int, finish: date) -> set[int]:
    """The works, from `key` down what waits for it, that miss their date if it ends that day.

    Only what `key` pushes is moved: the rest keeps the dates it can have.
    """
    known = {work.key: work for work in made}
    ends = {key: finish}
    late = set()
    while True:
        grown = {
            work.key: max(
                lasts(work, CALENDAR.next_open(ends[one] + ONE))
                for one in work.after
                if one in ends
            )
            for work in made
            if work.done_on is None and work.key != key and any(one in ends for one in work.after)
        }
        if all(ends.get(one) == end for one, end in grown.items()):
            break
        ends |= grown
    for one, end in ends.items():
        due = known[one].due_on
        if due is not None and end > due:
            late.add(one)
    return late
