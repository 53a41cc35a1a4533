"""Random plans, and a second way to compute everything, day by day."""

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from restanque.engine.workload import Calendar, Pattern, Person, Work

TODAY = date(2026, 11, 24)
ONE = timedelta(days=1)


def people(draw: random.Random, count: int = 4) -> list[Person]:
    """Some without a pattern, some whose pattern changes, some often away."""
    made = []
    for key in range(1, count + 1):
        patterns = tuple(
            Pattern(
                date(2026, 1, 1) + timedelta(begins),
                Decimal(draw.randrange(0, len(weekdays) * 4 + 1)) / 4,
                frozenset(weekdays),
            )
            for begins in draw.sample(range(500), draw.randrange(3))
            for weekdays in [draw.sample(range(5), draw.randrange(1, 6))]
        )
        absences = tuple(
            (first, first + timedelta(draw.randrange(20)))
            for _ in range(draw.randrange(4))
            for first in [TODAY + timedelta(draw.randrange(-20, 120))]
        )
        made.append(Person(key, patterns, absences))
    return made


def works(draw: random.Random, count: int = 12, bearers: int = 5) -> list[Work]:
    """Dates of any kind, shares that leave some to nobody, dependencies without circle."""
    made = []
    for key in range(1, count + 1):
        starts = TODAY + timedelta(draw.randrange(-60, 120)) if draw.random() < 0.7 else None
        due = (starts or TODAY) + timedelta(draw.randrange(45)) if draw.random() < 0.7 else None
        left, shares = 100, []
        for person in draw.sample(range(1, bearers + 1), draw.randrange(bearers)):
            percent = draw.randrange(left + 1)
            left -= percent
            shares.append((person, percent))
        made.append(
            Work(
                key,
                starts,
                due,
                Decimal(draw.randrange(0, 80)) / 4 if draw.random() < 0.8 else None,
                tuple(shares),
                tuple(draw.sample(range(1, key), min(key - 1, draw.randrange(3)))),
                TODAY - timedelta(draw.randrange(30)) if draw.random() < 0.2 else None,
            )
        )
    draw.shuffle(made)
    return made


def naive_days(work: Work, person: Person | None, calendar: Calendar) -> list[date]:
    """The days of a work for one person, found by looking at each day in turn."""
    first, last = work.starts_on, work.due_on
    length = max(1, -(-int(Fraction(work.effort or 0) * 4) // 4))
    if first is None and last is not None:
        first = last
        while (
            sum(calendar.is_open(first + ONE * n) for n in range((last - first).days + 1)) < length
        ):
            first -= ONE
    elif last is None and first is not None:
        last = first
        while (
            sum(calendar.is_open(first + ONE * n) for n in range((last - first).days + 1)) < length
        ):
            last += ONE
    if first is None or last is None:
        return []
    whole = [first + ONE * n for n in range((last - first).days + 1)]
    opened = [day for day in whole if day.weekday() < 5 and not calendar.is_holiday(day)]
    mine = [day for day in opened if person is None or naive_comes(person, day)]
    return mine or opened or whole


def naive_comes(person: Person, day: date) -> bool:
    """Whether somebody works on an open day."""
    if any(first <= day <= last for first, last in person.absences):
        return False
    begun = [one for one in person.patterns if one.valid_from <= day]
    if not begun:
        return True
    last = sorted(begun, key=lambda one: one.valid_from)[-1]
    return bool(last.days_per_week) and day.weekday() in last.weekdays


def naive_load(
    made: list[Work], team: list[Person], calendar: Calendar
) -> tuple[dict[tuple[int | None, date], Fraction], dict[int | None, Fraction]]:
    """What each person does on each day, then added up by week; and what has no date."""
    known = {person.key: person for person in team}
    by_day: dict[tuple[int | None, date], Fraction] = {}
    undated: dict[int | None, Fraction] = {}
    for work in made:
        if work.done_on is not None or not work.effort:
            continue
        rest = 100 - sum(percent for _, percent in work.shares)
        for bearer, percent in [*work.shares, (None, rest)]:
            key = bearer if bearer in known else None
            part = Fraction(work.effort) * percent / 100
            days = naive_days(work, known[key] if key is not None else None, calendar)
            if not part:
                continue
            if not days:
                undated[key] = undated.get(key, Fraction(0)) + part
            for day in days:
                by_day[key, day] = by_day.get((key, day), Fraction(0)) + part / len(days)
    weeks: dict[tuple[int | None, date], Fraction] = {}
    for (key, day), part in by_day.items():
        week = key, day - ONE * day.weekday()
        weeks[week] = weeks.get(week, Fraction(0)) + part
    return weeks, undated
