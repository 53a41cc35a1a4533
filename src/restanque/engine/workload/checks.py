"""Plans that cannot be kept: what contradicts what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from restanque.engine.workload.days import Calendar
from restanque.engine.workload.load import window
from restanque.engine.workload.model import Work
from restanque.engine.workload.schedule import Schedule, duration


class ContradictionKind(Enum):
    """What is wrong with a plan."""

    #: Due before what it waits for ends.
    DUE_FIRST = "due_first"
    #: Planned to start before what it waits for ends.
    STARTS_FIRST = "starts_first"
    #: What comes before it leaves no time to be ready on the day it is due.
    UNREACHABLE = "unreachable"
    #: More days of effort than open days in its window, for one person.
    TOO_MUCH = "too_much"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`work` contradicts `other` (or itself: None). `day` is the work's, `other_day` what it meets:
    the end of the other, or the earliest end that is possible."""

    kind: ContradictionKind
    work: int
    other: int | None
    day: date
    other_day: date


def contradictions(
    works: Iterable[Work], planned: Schedule, calendar: Calendar
) -> list[Contradiction]:
    """All that open works contradict, by work; `planned` is the schedule of the same works."""
    known = {work.key: work for work in works}
    found: list[Contradiction] = []
    for work in known.values():
        if work.done_on is None:
            found += _order_faults(work, known)
            named = {one.kind for one in found if one.work == work.key}
            if ContradictionKind.DUE_FIRST not in named:
                found += _reach_fault(work, known, planned, calendar)
            found += _effort_fault(work, calendar)
    return sorted(found, key=lambda one: (one.work, one.kind.value, one.other or 0))


def _order_faults(work: Work, known: dict[int, Work]) -> list[Contradiction]:
    found = []
    for key in work.after:
        other = known.get(key)
        # What is done no longer holds anything back.
        if other is None or other.done_on is not None or other.due_on is None:
            continue
        end = other.due_on
        if work.due_on is not None and work.due_on < end:
            found.append(
                Contradiction(ContradictionKind.DUE_FIRST, work.key, key, work.due_on, end)
            )
        elif work.starts_on is not None and work.starts_on <= end:
            found.append(
                Contradiction(ContradictionKind.STARTS_FIRST, work.key, key, work.starts_on, end)
            )
    return found


def _reach_fault(
    work: Work, known: dict[int, Work], planned: Schedule, calendar: Calendar
) -> list[Contradiction]:
    """Being late is not a contradiction: what is still to be done before it must be the cause."""
    span = planned.spans[work.key]
    if work.due_on is None or span.driver is None or known[span.driver].done_on is not None:
        return []
    if calendar.shift(span.start, duration(work, calendar) - 1) <= work.due_on:
        return []
    return [
        Contradiction(
            ContradictionKind.UNREACHABLE, work.key, span.driver, work.due_on, span.finish
        )
    ]


def _effort_fault(work: Work, calendar: Calendar) -> list[Contradiction]:
    """The largest share of one person must fit in the open days of the work."""
    days = window(work, calendar)
    if days is None or not work.effort:
        return []
    largest = max([*(percent for _, percent in work.shares), 100 - work.given])
    if work.effort * largest / 100 <= calendar.count(*days):
        return []
    return [Contradiction(ContradictionKind.TOO_MUCH, work.key, None, *days)]
