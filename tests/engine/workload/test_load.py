"""Who is how busy: examples one can check by hand, properties, a second computation."""

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from restanque.engine.workload import Calendar, Pattern, Person, Work, capacity, spread
from tests.engine.workload import samples

CALENDAR = Calendar()
MONDAY = date(2026, 11, 30)
ALWAYS = date(2020, 1, 1)
FULL = Person(1, (Pattern(ALWAYS, Decimal(5), frozenset(range(5))),))


def planned(work: Work, *team: Person) -> dict[tuple[int | None, date], Fraction]:
    load = spread([work], team, CALENDAR)
    return {place: cell.planned for place, cell in load.cells.items()}


def test_the_effort_is_even_over_the_working_days_of_the_window() -> None:
    # Monday of one week to Friday of the next: ten days, five in each.
    work = Work(1, MONDAY, date(2026, 12, 11), Decimal(4), ((1, 100),))
    assert planned(work, FULL) == {(1, MONDAY): 2, (1, date(2026, 12, 7)): 2}


def test_a_holiday_and_a_weekend_bear_nothing() -> None:
    # 25 December 2026 is a Friday: four days then five.
    work = Work(1, date(2026, 12, 21), date(2027, 1, 1), Decimal(8), ((1, 100),))
    assert planned(work, FULL) == {(1, date(2026, 12, 21)): 4, (1, date(2026, 12, 28)): 4}


def test_each_bears_a_share_on_their_own_days_and_the_rest_is_nobody_s() -> None:
    away = Person(2, (), ((MONDAY, date(2026, 12, 4)),))
    work = Work(1, MONDAY, date(2026, 12, 11), Decimal(10), ((1, 50), (2, 30)))
    assert planned(work, FULL, away) == {
        (1, MONDAY): Fraction(5, 2),
        (1, date(2026, 12, 7)): Fraction(5, 2),
        (2, date(2026, 12, 7)): 3,
        (None, MONDAY): 1,
        (None, date(2026, 12, 7)): 1,
    }


def test_somebody_who_is_not_of_the_team_leaves_the_share_to_nobody() -> None:
    work = Work(1, MONDAY, MONDAY, Decimal(1), ((9, 100),))
    assert planned(work, FULL) == {(None, MONDAY): 1}


def test_a_person_always_away_works_on_open_days_and_it_is_said() -> None:
    away = Person(1, (), ((date(2026, 1, 1), date(2027, 12, 31)),))
    load = spread([Work(7, MONDAY, MONDAY, Decimal(1), ((1, 100),))], [away], CALENDAR)
    assert load.cells[1, MONDAY].planned == 1
    assert [(one.work, one.person, one.on_open_days) for one in load.misplaced] == [(7, 1, True)]


def test_a_work_of_one_sunday_stays_there_and_it_is_said() -> None:
    sunday = date(2026, 12, 6)
    load = spread([Work(7, sunday, sunday, Decimal(1), ((1, 100),))], [FULL], CALENDAR)
    assert load.cells[1, MONDAY].planned == 1
    assert [one.on_open_days for one in load.misplaced] == [False]


def test_one_date_is_enough_to_place_as_many_days_as_the_effort() -> None:
    due = Work(1, due_on=date(2026, 12, 1), effort=Decimal("2.5"), shares=((1, 100),))
    assert planned(due, FULL) == {
        (1, date(2026, 11, 23)): Fraction(5, 6),
        (1, MONDAY): Fraction(5, 3),
    }
    saturday = Work(1, due_on=date(2026, 12, 5), effort=Decimal(1), shares=((1, 100),))
    assert spread([saturday], [FULL], CALENDAR).misplaced == ()


def test_without_any_date_the_effort_is_apart_and_without_estimate_it_is_unknown() -> None:
    load = spread(
        [Work(1, effort=Decimal(3), shares=((1, 40),)), Work(2, MONDAY)], [FULL], CALENDAR
    )
    assert load.cells == {}
    assert load.undated == {1: Fraction(6, 5), None: Fraction(9, 5)}
    assert load.unestimated == (2,)


def test_what_is_done_weighs_nothing() -> None:
    done = Work(1, MONDAY, MONDAY, Decimal(1), ((1, 100),), done_on=MONDAY)
    assert spread([done], [FULL], CALENDAR).cells == {}


def test_the_time_available_follows_the_pattern_of_each_day() -> None:
    ann = Person(
        1,
        (
            Pattern(ALWAYS, Decimal(2), frozenset({0, 1, 2, 3})),
            Pattern(date(2026, 12, 2), Decimal(5), frozenset(range(5))),
        ),
        ((date(2026, 12, 4), date(2026, 12, 4)),),
    )
    # Two half days, then Wednesday and Thursday whole, Friday away.
    assert capacity(ann, MONDAY, CALENDAR) == 3
    assert capacity(FULL, date(2026, 12, 21), CALENDAR) == 4


def test_time_that_nobody_gave_is_unknown_and_never_overloaded() -> None:
    work = Work(1, MONDAY, MONDAY, Decimal(30), ((1, 100),))
    cell = spread([work], [Person(1)], CALENDAR).cells[1, MONDAY]
    assert cell.available is None
    assert cell.overload == 0
    assert spread([work], [FULL], CALENDAR).cells[1, MONDAY].overload == 25


@pytest.mark.parametrize("seed", range(150))
def test_it_agrees_with_a_count_day_by_day(seed: int) -> None:
    draw = random.Random(seed)
    team, made = samples.people(draw), samples.works(draw)
    load = spread(made, team, CALENDAR)
    expected, undated = samples.naive_load(made, team, CALENDAR)
    assert {place: cell.planned for place, cell in load.cells.items()} == expected
    assert load.undated == undated


@pytest.mark.parametrize("seed", range(150))
def test_effort_is_conserved_and_nothing_falls_on_closed_days_unsaid(seed: int) -> None:
    draw = random.Random(1000 + seed)
    team, made = samples.people(draw), samples.works(draw)
    load = spread(made, team, CALENDAR)
    given = sum(Fraction(work.effort or 0) for work in made if work.done_on is None)
    placed = sum(cell.planned for cell in load.cells.values())
    assert placed + sum(load.undated.values()) == given
    for cell in load.cells.values():
        assert sum(cell.parts.values()) == cell.planned
    said = {(one.work, one.person) for one in load.misplaced}
    by_key = {person.key: person for person in team}
    for (person, week), cell in load.cells.items():
        for work in cell.parts:
            if (work, person) in said:
                continue
            days = [week + timedelta(days=n) for n in range(5)]
            assert any(
                CALENDAR.is_open(day)
                and (person is None or samples.naive_comes(by_key[person], day))
                for day in days
            )


@pytest.mark.parametrize("seed", range(60))
def test_time_available_agrees_with_a_count_day_by_day(seed: int) -> None:
    draw = random.Random(seed)
    for person in samples.people(draw):
        for number in range(-5, 30):
            week = MONDAY + timedelta(weeks=number)
            days = [week + timedelta(days=n) for n in range(5)]
            patterns = [person.pattern_on(day) for day in days]
            expected: Fraction | None = Fraction(0)
            for day, pattern in zip(days, patterns, strict=True):
                if pattern is None:
                    expected = None
                    break
                comes = CALENDAR.is_open(day) and samples.naive_comes(person, day)
                assert expected is not None
                if comes:
                    expected += Fraction(pattern.days_per_week) / len(pattern.weekdays)
            assert capacity(person, week, CALENDAR) == expected
