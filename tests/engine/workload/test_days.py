"""Open days: counted and shifted, against a walk."""

import random
from datetime import date, timedelta

import pytest

from restanque.engine.workload import Calendar, monday_of
from tests.engine.workload.samples import ONE


def test_weekends_and_holidays_are_closed() -> None:
    calendar = Calendar()
    # Easter Monday 2027 is 29 March; 1 and 8 May 2027 are Saturdays.
    closed = [date(2027, 3, 29), date(2027, 5, 1), date(2026, 12, 25), date(2026, 11, 28)]
    assert not any(calendar.is_open(day) for day in closed)
    assert calendar.is_open(date(2026, 12, 24))
    assert calendar.next_open(date(2026, 12, 25)) == date(2026, 12, 28)
    assert calendar.last_open(date(2026, 12, 27)) == date(2026, 12, 24)
    assert calendar.count(date(2026, 12, 21), date(2026, 12, 31)) == 8
    assert calendar.count(date(2026, 12, 31), date(2026, 12, 21)) == 0
    assert monday_of(date(2027, 1, 1)) == date(2026, 12, 28)


@pytest.mark.parametrize("seed", range(40))
def test_counts_and_shifts_agree_with_a_walk(seed: int) -> None:
    draw = random.Random(seed)
    calendar = Calendar()
    for _ in range(20):
        start = date(2020, 1, 1) + timedelta(draw.randrange(4000))
        end = start + timedelta(draw.randrange(-300, 700))
        span = [start + ONE * n for n in range((end - start).days + 1)]
        assert calendar.count(start, end) == sum(map(calendar.is_open, span))
        opened = calendar.next_open(start)
        days = draw.randrange(-260, 500)
        moved, left = opened, abs(days)
        while left:
            moved += ONE if days > 0 else -ONE
            left -= calendar.is_open(moved)
        assert calendar.shift(opened, days) == moved
        assert calendar.gap(opened, moved) == days


def test_other_holidays_may_be_given() -> None:
    calendar = Calendar(lambda year: frozenset({date(year, 6, 3)}))
    assert not calendar.is_open(date(2026, 6, 3))
    assert calendar.is_open(date(2026, 12, 25))
