"""The effort of each person, week by week, against the time they have."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from restanque.engine.workload.days import Calendar, days_between
from restanque.engine.workload.model import Person, Work

#: The key under which effort that nobody bears is counted.
NOBODY = None
_ALL_WEEK = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Misplaced:
    """Effort of somebody on a piece of work whose days are all closed to them: it was put on open
    days all the same (`on_open_days`), or on whatever days there were."""

    work: int
    person: int | None
    on_open_days: bool


@dataclass(slots=True)
class Cell:
    """A person's week: days of work planned, days available (None: not known), what makes it."""

    planned: Fraction = Fraction(0)
    available: Fraction | None = None
    parts: dict[int, Fraction] = field(default_factory=dict)

    @property
    def overload(self) -> Fraction:
        """Days planned beyond those available; 0 when these are not known."""
        if self.available is None:
            return Fraction(0)
        return max(Fraction(0), self.planned - self.available)


@dataclass(slots=True)
class Load:
    """`cells`: (person or None, Monday of the week) → what is planned there, weeks without any
    left out. `undated`: effort that no date places, by person. `unestimated`: works without effort.
    """

    cells: dict[tuple[int | None, date], Cell]
    undated: dict[int | None, Fraction]
    unestimated: tuple[int, ...]
    misplaced: tuple[Misplaced, ...]


def spread(works: Iterable[Work], people: Iterable[Person], calendar: Calendar) -> Load:
    """Spread the effort of the open works evenly over the days when each person works on them.

    A person's days are those of the work's window that are of their weekdays, no holiday, no
    absence. The sum of what is placed and undated is the effort, exactly (fractions). A share for
    somebody who is not among `people` is nobody's.
    """
    known = {person.key: person for person in people}
    open_works = [work for work in works if work.done_on is None]
    load = Load({}, {}, tuple(w.key for w in open_works if w.effort is None), ())
    windows = {work.key: window(work, calendar) for work in open_works}
    ranges = [found for found in windows.values() if found]
    days = _Days(ranges, calendar)
    misplaced = []
    for work in open_works:
        for person, effort in _efforts(work, known):
            found = windows[work.key]
            if found is None:
                load.undated[person] = load.undated.get(person, Fraction(0)) + effort
                continue
            ordinals, wrong = days.of(known.get(person) if person is not None else None, found)
            if wrong is not None:
                misplaced.append(Misplaced(work.key, person, wrong))
            _place(load, work.key, person, effort, ordinals)
    load.misplaced = tuple(misplaced)
    for (key, week), cell in load.cells.items():
        cell.available = capacity(known[key], week, calendar) if key is not None else None
    return load


def window(work: Work, calendar: Calendar) -> tuple[date, date] | None:
    """The days of a work. With one date only, as many open days as days of effort; None without.

    At least one day. Without estimate, the single day that is known.
    """
    if work.starts_on and work.due_on:
        return work.starts_on, work.due_on
    more = max(1, math.ceil(work.effort or 0)) - 1
    if work.due_on:
        return calendar.shift(calendar.last_open(work.due_on), -more), work.due_on
    if work.starts_on:
        return work.starts_on, calendar.shift(calendar.next_open(work.starts_on), more)
    return None


def capacity(person: Person, week: date, calendar: Calendar) -> Fraction | None:
    """Days that somebody can give in the week of that Monday; None when no pattern says it."""
    total = Fraction(0)
    for day in days_between(week, week + timedelta(days=4)):
        pattern = person.pattern_on(day)
        if pattern is None:
            return None
        comes = day.weekday() in pattern.weekdays and not person.is_away(day)
        if comes and not calendar.is_holiday(day):
            total += Fraction(pattern.days_per_week) / len(pattern.weekdays)
    return total


def _efforts(work: Work, known: Mapping[int, Person]) -> list[tuple[int | None, Fraction]]:
    """Each person's part of the effort, nobody's last; parts of zero are left out."""
    if work.effort is None:
        return []
    whole = Fraction(work.effort)
    parts: dict[int | None, Fraction] = {}
    for person, percent in (*work.shares, (NOBODY, 100 - work.given)):
        bearer = person if person in known else NOBODY
        parts[bearer] = parts.get(bearer, Fraction(0)) + whole * percent / 100
    return [(person, effort) for person, effort in parts.items() if effort]


class _Days:
    """The working days of each person over all the windows, as sorted ordinals, made once."""

    def __init__(self, ranges: list[tuple[date, date]], calendar: Calendar) -> None:
        self.open = [ordinal for one in _joined(ranges) for ordinal in calendar.open_days(*one)]
        self.made: dict[int, list[int]] = {}

    def of(self, person: Person | None, found: tuple[date, date]) -> tuple[list[int], bool | None]:
        """The days of a window, and None; or the days taken for want of any, and whether open."""
        first, last = found[0].toordinal(), found[1].toordinal()
        if person is not None:
            own = _within(self._days_of(person), first, last)
            if own:
                return own, None
        opened = _within(self.open, first, last)
        if opened:
            return opened, None if person is None else True
        return list(range(first, last + 1)), False

    def _days_of(self, person: Person) -> list[int]:
        found = self.made.get(person.key)
        if found is None:
            found = self.made[person.key] = [
                ordinal
                for ordinal in self.open
                for day in [date.fromordinal(ordinal)]
                if day.weekday() in _weekdays(person, day) and not person.is_away(day)
            ]
        return found


def _weekdays(person: Person, day: date) -> frozenset[int]:
    pattern = person.pattern_on(day)
    if pattern is None:
        return _ALL_WEEK
    return pattern.weekdays if pattern.days_per_week else frozenset()


def _joined(ranges: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """The same days as ranges that do not overlap."""
    found: list[tuple[date, date]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def _within(ordinals: list[int], first: int, last: int) -> list[int]:
    return ordinals[bisect_left(ordinals, first) : bisect_right(ordinals, last)]


def _place(
    load: Load, work: int, person: int | None, effort: Fraction, ordinals: list[int]
) -> None:
    """Put the effort on the weeks of its days, each in proportion to how many fall in it."""
    # Ordinal 1 is a Monday.
    for monday, count in Counter(ordinal - (ordinal - 1) % 7 for ordinal in ordinals).items():
        part = effort * count / len(ordinals)
        cell = load.cells.setdefault((person, date.fromordinal(monday)), Cell())
        cell.planned += part
        cell.parts[work] = part
