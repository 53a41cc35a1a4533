"""Open days: Monday to Friday without public holidays."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from restanque.engine.deadlines import french_holidays

ONE_DAY = timedelta(days=1)
WEEKEND = 5


def monday_of(day: date) -> date:
    """The Monday of a day's ISO week: what names a week here."""
    return day - timedelta(days=day.weekday())


class Calendar:
    """Which days are open. `closed` gives the public holidays of a year.

    By default those of metropolitan France, without Alsace-Moselle. The open days of each year are
    listed once, when first asked for.
    """

    def __init__(self, closed: Callable[[int], frozenset[date]] = french_holidays) -> None:
        self.closed = lru_cache(maxsize=None)(closed)
        # Ordinals of all the open days of the years listed, which follow one another.
        self._open: list[int] = []
        self._years = range(0)

    def is_holiday(self, day: date) -> bool:
        """A public holiday."""
        return day in self.closed(day.year)

    def is_open(self, day: date) -> bool:
        """Monday to Friday, and no holiday."""
        return day.weekday() < WEEKEND and not self.is_holiday(day)

    def next_open(self, day: date) -> date:
        """That day if it is open, else the first one after it."""
        while not self.is_open(day):
            day += ONE_DAY
        return day

    def last_open(self, day: date) -> date:
        """That day if it is open, else the last one before it."""
        while not self.is_open(day):
            day -= ONE_DAY
        return day

    def open_days(self, first: date, last: date) -> list[int]:
        """The ordinals of the open days from one to the other, both included, in order."""
        self._list(first.year, last.year)
        start = bisect_left(self._open, first.toordinal())
        return self._open[start : bisect_right(self._open, last.toordinal())]

    def count(self, first: date, last: date) -> int:
        """Open days from one to the other, both included; 0 when they are in the wrong order."""
        self._list(first.year, last.year)
        start = bisect_left(self._open, first.toordinal())
        return max(0, bisect_right(self._open, last.toordinal()) - start)

    def shift(self, day: date, days: int) -> date:
        """The open day that comes `days` open days after an open day (before, when negative)."""
        # There are over 200 open days in a year.
        years = abs(days) // 200 + 1
        self._list(day.year - (years if days < 0 else 0), day.year + (years if days > 0 else 0))
        return date.fromordinal(self._open[bisect_left(self._open, day.toordinal()) + days])

    def gap(self, start: date, end: date) -> int:
        """Open days after `start` up to `end`; negative when `end` comes first."""
        if end >= start:
            return self.count(start + ONE_DAY, end)
        return -self.count(end + ONE_DAY, start)

    def _list(self, first: int, last: int) -> None:
        """List the open days of these years, and of all those between them and those known."""
        first, last = min(first, last), max(first, last)
        if first in self._years and last in self._years:
            return
        known = self._years or range(first, first)
        self._years = range(min(first, known.start), max(last + 1, known.stop))
        self._open = [
            day.toordinal()
            for year in self._years
            for day in days_between(date(year, 1, 1), date(year, 12, 31))
            if self.is_open(day)
        ]


def days_between(first: date, last: date) -> list[date]:
    """Every day from one to the other, both included."""
    return [first + timedelta(days=rank) for rank in range((last - first).days + 1)]
