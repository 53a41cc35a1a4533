"""Dates as XPath values: reading them, their number of days, their text.

Follows JavaRosa: a date, even one that carries a time, is worth its whole number of days since
1 January 1970 in the respondent's time zone; ``decimal-date-time()`` gives the fraction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

_DATE = re.compile(r"(\d{1,5})-(\d\d?)-(\d\d?)", re.ASCII)
_DATE_TIME = re.compile(
    r"(\d{1,5})-(\d\d?)-(\d\d?)T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = EPOCH.toordinal()
_DAY = timedelta(days=1)
_MAX_OFFSET_HOURS = 14


@dataclass(frozen=True, slots=True)
class XDate:
    """A date, or a date and time (``has_time``), in the time zone of the respondent."""

    moment: datetime
    has_time: bool

    @property
    def days(self) -> float:
        """Whole days since 1970-01-01, local."""
        return float(self.moment.toordinal() - _EPOCH_DAY)

    @property
    def exact_days(self) -> float:
        """Days and fraction of a day since 1970-01-01T00:00:00Z."""
        return (self.moment - EPOCH) / _DAY

    @property
    def date_text(self) -> str:
        """``AAAA-MM-JJ``."""
        return f"{self.moment.year:04}-{self.moment.month:02}-{self.moment.day:02}"

    @property
    def text(self) -> str:
        """ISO 8601 as an XForm answer writes it, with milliseconds and offset if it has a time."""
        return self.moment.isoformat(timespec="milliseconds") if self.has_time else self.date_text


def parse_date(text: str, zone: tzinfo) -> XDate | None:
    """An ISO date or date-time as local time; None when the text is not one."""
    try:
        found = _DATE.fullmatch(text)
        if found:
            year, month, day = map(int, found.groups())
            return XDate(datetime(year, month, day, tzinfo=zone), has_time=False)
        found = _DATE_TIME.fullmatch(text)
        if found is None:
            return None
        year, month, day, hour, minute = map(int, found.group(1, 2, 3, 4, 5))
        offset = _offset(found[8], zone)
        if offset is None:
            return None
        moment = datetime(
            year, month, day, hour, minute, int(found[6] or 0), _microseconds(found[7]), offset
        )
        # By way of UTC: an hour that summer time skips is moved, as clocks are.
        return XDate(moment.astimezone(UTC).astimezone(zone), has_time=True)
    except (ValueError, OverflowError):
        return None


def date_from_days(days: float, zone: tzinfo, *, with_time: bool) -> XDate:
    """The date that many days after 1970-01-01. Raises OverflowError outside years 1 to 9999."""
    if with_time:
        return XDate((EPOCH + timedelta(days=days)).astimezone(zone), has_time=True)
    day = EPOCH + timedelta(days=int(days))
    return XDate(day.replace(tzinfo=zone), has_time=False)


def date_part(value: XDate, zone: tzinfo) -> XDate:
    """``value`` read as a date; the time it carries stays known to decimal-date-time()."""
    return XDate(value.moment.astimezone(zone), has_time=False)


def today(now: datetime, zone: tzinfo) -> XDate:
    """The local date of an instant."""
    local = now.astimezone(zone)
    return XDate(datetime(local.year, local.month, local.day, tzinfo=zone), has_time=False)


def fraction_of_day(moment: datetime) -> float:
    """Time of day as a share of 24 hours."""
    seconds = moment.second + moment.microsecond / 1e6
    return (moment.hour + moment.minute / 60 + seconds / 3600) / 24


def parse_time(text: str, zone: tzinfo, reference: datetime) -> float | None:
    """An ISO time as a share of a local day; None when it is not one.

    An offset is applied on the day of ``reference``, since a zone's own offset changes with
    the season.
    """
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    offset = _offset(found[5], zone)
    if offset is None:
        return None
    local = reference.astimezone(zone)
    moment = datetime(
        local.year, local.month, local.day, hour, minute, second, _microseconds(found[4]), offset
    )
    return fraction_of_day(moment.astimezone(zone))


def _microseconds(fraction: str | None) -> int:
    return int((fraction or ".0")[1:7].ljust(6, "0"))


def _offset(text: str | None, zone: tzinfo) -> tzinfo | None:
    """The zone an ISO suffix names; the local one without suffix; None if it cannot be."""
    if not text:
        return zone
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > _MAX_OFFSET_HOURS or minutes > 59:
        return None
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(-shift if text[0] == "-" else shift)
