"""Columns that show values the French way and export them raw.

`render` is what the page shows, `value` what a spreadsheet receives: numbers stay numbers and
dates stay dates, so that a reader can sum and sort them.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import django_tables2
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from restanque.kit.text import NO_BREAK_SPACE, format_date, format_number, format_percent


class Column(django_tables2.Column):
    """A plain value."""


NUMERIC = {"cell": {"class": "rq-num"}}


class NumberColumn(Column):
    """A number, right-aligned; `unit` follows it on the page only."""

    attrs = NUMERIC

    def __init__(self, *args: Any, decimals: int = 0, unit: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decimals = decimals
        self.unit = unit

    def render(self, value: Any) -> str:
        """« 1 234,5 kg »."""
        shown = format_number(value, self.decimals)
        return f"{shown}{NO_BREAK_SPACE}{self.unit}" if self.unit else shown

    def value(self, value: Any) -> Any:
        """The number itself."""
        return value


class PercentColumn(NumberColumn):
    """A share between 0 and 1, shown as « 45 % » and exported as the share."""

    def render(self, value: Any) -> str:
        """« 45 % »."""
        return format_percent(value, self.decimals)


class DateColumn(Column):
    """A day, « 24 nov. 2026 »."""

    attrs = {"cell": {"class": "rq-nb"}}

    def render(self, value: dt.date) -> str:
        """The day in words."""
        return format_date(value)

    def value(self, value: dt.date) -> dt.date:
        """The day itself."""
        return value


class DateTimeColumn(DateColumn):
    """A moment, in the site's time zone: « 24 nov. 2026, 9 h 05 »."""

    def render(self, value: dt.date) -> str:
        """The day and the hour."""
        local = self._local(value)
        return f"{format_date(local)}, {local.hour}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{local:%M}"

    def value(self, value: dt.date) -> dt.date:
        """The local moment without zone, as spreadsheets have none."""
        return self._local(value).replace(tzinfo=None)

    def _local(self, value: dt.date) -> dt.datetime:
        if not isinstance(value, dt.datetime):
            raise TypeError("DateTimeColumn needs a datetime; use DateColumn for a day.")
        return timezone.localtime(value) if timezone.is_aware(value) else value


class BooleanColumn(Column):
    """oui, non, or « – » when unknown."""

    def render(self, value: bool) -> str:
        """The word."""
        return "oui" if value else "non"

    def value(self, value: bool) -> str:
        """The same word in exports."""
        return self.render(value)


class BadgeColumn(Column):
    """A state as a badge (shape and word); `kinds` gives the badge of each raw value.

    The raw value is the accessor's, before `get_…_display`.
    """

    def __init__(self, *args: Any, kinds: Mapping[Any, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString:
        """The badge."""
        raw = bound_column.accessor.resolve(record)
        context = {"kind": self.kinds.get(raw, ""), "label": value}
        return render_to_string("kit/badge_cell.html", context)

    def value(self, value: Any) -> str:
        """The word."""
        return str(value)
