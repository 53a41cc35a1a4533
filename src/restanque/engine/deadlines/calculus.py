"""Periods: when they end, when they must begin, and how that is counted.

`end_of(start, period)` is the day on which a period ends. `latest_start(end, period)` is its exact
inverse: the last day from which the period ends by that day. No date is ever skipped or clock read.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from restanque.engine.deadlines.errors import DeadlineError
from restanque.engine.law import Period, Unit

PARIS = ZoneInfo("Europe/Paris")
ONE_DAY = timedelta(days=1)


def legal_date(moment: datetime) -> date:
    """The civil date in Paris of a moment; DeadlineError if it has no time zone."""
    if moment.tzinfo is None:
        raise DeadlineError(
            "Une heure sans fuseau horaire ne donne pas de date sûre ; donnez une date seule."
        )
    return moment.astimezone(PARIS).date()


def add_months(start: date, months: int) -> date:
    """From date to date; the last day of the month of arrival where the day is missing there.

    30 November + 3 months is 28 or 29 February, never 2 March. Raises DeadlineError out of years
    1 to 9999.
    """
    position = start.year * 12 + start.month - 1 + months
    year, month = divmod(position, 12)
    if not 1 <= year <= 9999:
        raise DeadlineError(f"Le calcul sort du calendrier (année {year}).")
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def end_of(start: date, period: Period) -> date:
    """The day on which a period that starts with this fact ends.

    Days, months, years: the last day, the starting day not counted. Open days: the last of an
    opening that starts that day. Clear days: the first day *after* them, when the act may
    be done.
    """
    if period.unit in (Unit.MONTHS, Unit.YEARS):
        return add_months(start, _months(period))
    return _shift(start, _days(period))


def latest_start(end: date, period: Period) -> date:
    """The last day from which the period ends on `end` or before."""
    if period.unit not in (Unit.MONTHS, Unit.YEARS):
        return _shift(end, -_days(period))
    start = add_months(end, -_months(period))
    if end.day == monthrange(end.year, end.month)[1]:
        # The end of a short month is where every later day of a longer one arrives.
        return start.replace(day=monthrange(start.year, start.month)[1])
    return start


def clear_days_between(sent: date, held: date) -> int:
    """Whole days strictly between two dates; Saturdays, Sundays and holidays count. At least 0."""
    return max(0, (held - sent).days - 1)


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days during which a period does not run; both ends included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise DeadlineError("Une suspension finit après avoir commencé.")


def end_with(
    start: date,
    period: Period,
    *,
    suspensions: Iterable[Suspension] = (),
    extension: Period | None = None,
) -> date:
    """The end of a period once extended, then put off by each suspended day that it meets.

    A day covered by two suspensions is counted once; days that the period does not count are not.
    """
    end = end_of(start, period)
    if extension is not None:
        end = end_of(end, extension)
    # The first day of an opening counts; that of any other period does not.
    cursor = start - ONE_DAY if period.unit is Unit.OPEN_DAYS else start
    for first, last in _disjoint(suspensions):
        first = max(first, cursor + ONE_DAY)
        if last < first:
            continue
        if first > end:
            break
        end = _shift(end, (last - first).days + 1)
        cursor = last
    return end


def carry_over(day: date, closed: Collection[date] = ()) -> date:
    """The next working day, for the few terms that a text carries over: weekends and `closed`."""
    while day.weekday() >= 5 or day in closed:
        day = _shift(day, 1)
    return day


def carry_back(day: date, closed: Collection[date] = ()) -> date:
    """The last working day up to this one: what a carried-over term may fall on to be kept."""
    while day.weekday() >= 5 or day in closed:
        day = _shift(day, -1)
    return day


@cache
def french_holidays(year: int) -> frozenset[date]:
    """Public holidays of metropolitan France, without those of Alsace-Moselle."""
    return frozenset(holidays.country_holidays("FR", years=year))


def closed_days(first: date, last: date) -> frozenset[date]:
    """Public holidays from the year before the first date to the year after the last."""
    return frozenset().union(*map(french_holidays, range(first.year - 1, last.year + 2)))


def _months(period: Period) -> int:
    return period.amount * (12 if period.unit is Unit.YEARS else 1)


def _days(period: Period) -> int:
    return period.amount + {Unit.CLEAR_DAYS: 1, Unit.OPEN_DAYS: -1}.get(period.unit, 0)


def _shift(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise DeadlineError("Le calcul sort du calendrier.") from None


def _disjoint(suspensions: Iterable[Suspension]) -> list[tuple[date, date]]:
    """The suspended days as ordered ranges that do not touch each other."""
    ranges: list[tuple[date, date]] = []
    for one in sorted(suspensions, key=lambda s: (s.first, s.last)):
        if ranges and one.first <= ranges[-1][1] + ONE_DAY:
            ranges[-1] = ranges[-1][0], max(ranges[-1][1], one.last)
        else:
            ranges.append((one.first, one.last))
    return ranges
