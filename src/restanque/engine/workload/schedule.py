"""What can start when, by the dependencies: earliest dates, slack, critical chain."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from restanque.engine.workload.days import ONE_DAY, Calendar
from restanque.engine.workload.model import Work, in_order


@dataclass(frozen=True, slots=True)
class Span:
    """When a work can be done at the earliest, in open days.

    `driver`: the work whose end leaves it no earlier start, None when only its own date (or today)
    decides.
    `slack`: open days it may slip before a date due is missed, its own or that of a work that
    waits for it; negative when one is missed already; None when nothing is due, or it is done.
    """

    key: int
    start: date
    finish: date
    driver: int | None
    slack: int | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """`spans` by key; `chain`: the works that decide together when the last one ends, in order."""

    spans: dict[int, Span]
    chain: tuple[int, ...]


def schedule(works: Iterable[Work], calendar: Calendar, *, today: date) -> Schedule:
    """Earliest start and finish of each work, its slack, and the critical chain.

    A done work keeps its dates. An open one starts at its own date (without: today), never before
    the open day that follows the end of all it waits for; it lasts as many open days as there are
    between its two dates, else as its days of effort, at least one. It cannot end before today.
    CircleError when works wait for each other in a circle.
    """
    known = {work.key: work for work in works}
    order = in_order(known)
    starts: dict[int, tuple[date, date, int | None]] = {}
    for key in order:
        starts[key] = _earliest(known[key], starts, calendar, today)
    latest = _latest(known, order, calendar)
    spans = {
        key: Span(key, start, finish, driver, _slack(latest.get(key), finish, calendar))
        for key, (start, finish, driver) in starts.items()
    }
    return Schedule(spans, _chain(known, spans))


def duration(work: Work, calendar: Calendar) -> int:
    """Open days that a work lasts."""
    if work.starts_on and work.due_on:
        return max(1, calendar.count(work.starts_on, work.due_on))
    return max(1, math.ceil(work.effort or 0))


def _earliest(
    work: Work,
    before: dict[int, tuple[date, date, int | None]],
    calendar: Calendar,
    today: date,
) -> tuple[date, date, int | None]:
    if work.done_on is not None:
        return min(work.starts_on or work.done_on, work.done_on), work.done_on, None
    start, driver = calendar.next_open(work.starts_on or today), None
    for key in sorted(set(work.after) & before.keys()):
        following = calendar.next_open(before[key][1] + ONE_DAY)
        if following > start or (following == start and driver is None):
            start, driver = following, key
    finish = calendar.shift(start, duration(work, calendar) - 1)
    return start, max(finish, calendar.next_open(today)), driver


def _latest(known: dict[int, Work], order: list[int], calendar: Calendar) -> dict[int, date]:
    """The last day on which each open work may end so that no date due is missed."""
    found: dict[int, date] = {}

    def lower(key: int, day: date) -> None:
        if known[key].done_on is None:
            found[key] = min(day, found.get(key, day))

    for key in reversed(order):
        work = known[key]
        if work.done_on is not None:
            continue
        if work.due_on is not None:
            lower(key, work.due_on)
        if key in found:
            end = calendar.last_open(found[key])
            start = calendar.shift(end, 1 - duration(work, calendar))
            for before in work.after:
                if before in known:
                    lower(before, start - ONE_DAY)
    return found


def _slack(latest: date | None, finish: date, calendar: Calendar) -> int | None:
    return None if latest is None else calendar.gap(finish, latest)


def _chain(known: dict[int, Work], spans: dict[int, Span]) -> tuple[int, ...]:
    opened = [key for key, work in known.items() if work.done_on is None]
    if not opened:
        return ()
    key: int | None = max(opened, key=lambda one: (spans[one].finish, -one))
    chain: list[int] = []
    # What is done decides nothing any more.
    while key is not None and known[key].done_on is None:
        chain.append(key)
        key = spans[key].driver
    return tuple(reversed(chain))
