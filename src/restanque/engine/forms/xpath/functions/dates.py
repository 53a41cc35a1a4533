"""Dates and times."""

from __future__ import annotations

import re

from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.dates import (
    XDate,
    date_from_days,
    date_part,
    fraction_of_day,
    parse_date,
    parse_time,
    today,
)
from restanque.engine.forms.xpath.errors import XPathError
from restanque.engine.forms.xpath.functions.registry import eager
from restanque.engine.forms.xpath.nodes import string_value
from restanque.engine.forms.xpath.values import NAN, Value, inner_text, text_number

_MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "fr": [
        "janv.",
        "févr.",
        "mars",
        "avr.",
        "mai",
        "juin",
        "juil.",
        "août",
        "sept.",
        "oct.",
        "nov.",
        "déc.",
    ],
}
_DAYS = {
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    "fr": ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."],
}
_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)


@eager("today", 0, 0)
def _today(context: Context) -> Value:
    return today(context.environment.now, context.environment.timezone)


@eager("now", 0, 0)
def _now(context: Context) -> Value:
    environment = context.environment
    return XDate(environment.now.astimezone(environment.timezone), has_time=True)


@eager("date", 1, 1)
def _date(context: Context, value: Value) -> Value:
    """A date from a date, an ISO text or a number of days; empty stays empty.

    Raises XPathError on anything else, as JavaRosa does.
    """
    date = _as_date(context, value, with_time=False)
    return date_part(date, context.environment.timezone) if isinstance(date, XDate) else date


@eager("date-time", 1, 1)
def _date_time(context: Context, value: Value) -> Value:
    return _as_date(context, value, with_time=True)


def _as_date(context: Context, value: Value, *, with_time: bool) -> Value:
    """An XDate, or what has no date to give: an empty text, NaN."""
    zone = context.environment.timezone
    if isinstance(value, XDate):
        return value
    if isinstance(value, list):
        value = _answer(value)
    if isinstance(value, float):
        if value != value:
            return value
        try:
            return date_from_days(value, zone, with_time=with_time)
        except OverflowError:
            raise XPathError(f"« {value:g} » jours ne font pas une date.") from None
    if value == "":
        return ""
    date = parse_date(value, zone) if isinstance(value, str) else None
    if date is None:
        raise XPathError(f"« {inner_text(value)} » n’est pas une date (AAAA-MM-JJ).")
    return date


def _answer(nodes: Value) -> Value:
    """The answer of a question: a number of days if that is what it writes, else a text."""
    text = string_value(nodes[0]) if isinstance(nodes, list) and nodes else ""
    number = text_number(text)
    return number if number == number else text


@eager("decimal-date-time", 1, 1)
def _decimal_date_time(context: Context, value: Value) -> Value:
    date = _as_date(context, value, with_time=True)
    return date.exact_days if isinstance(date, XDate) else date


@eager("decimal-time", 1, 1)
def _decimal_time(context: Context, value: Value) -> Value:
    """The time of day as a share of 24 hours; NaN for what is not a time."""
    environment = context.environment
    if isinstance(value, XDate):
        return fraction_of_day(value.moment)
    text = inner_text(value)
    if text == "":
        return ""
    date = parse_date(text, environment.timezone)
    if date is not None:
        return fraction_of_day(date.moment)
    share = parse_time(text, environment.timezone, environment.now)
    return NAN if share is None else share


def _format(context: Context, value: Value, pattern: Value) -> Value:
    """``%Y %y %m %n %b %d %e %H %h %M %S %3 %a %W %%``; empty for what is not a date.

    Raises XPathError on an unknown directive.
    """
    try:
        date = _as_date(context, value, with_time=True)
    except XPathError:
        return ""
    if not isinstance(date, XDate):
        return ""
    return format_date(date, inner_text(pattern), context.environment.language)


eager("format-date", 2, 2)(_format)
eager("format-date-time", 2, 2)(_format)


def format_date(date: XDate, pattern: str, language: str) -> str:
    """``date`` by ODK's directives. Raises XPathError on an unknown one."""
    moment = date.moment
    known = {
        "Y": f"{moment.year:04}",
        "y": f"{moment.year % 100:02}",
        "m": f"{moment.month:02}",
        "n": str(moment.month),
        "b": _MONTHS.get(language, _MONTHS["en"])[moment.month - 1],
        "d": f"{moment.day:02}",
        "e": str(moment.day),
        "H": f"{moment.hour:02}",
        "h": str(moment.hour),
        "M": f"{moment.minute:02}",
        "S": f"{moment.second:02}",
        "3": f"{moment.microsecond // 1000:03}",
        "a": _DAYS.get(language, _DAYS["en"])[moment.weekday()],
        "W": str(moment.isocalendar().week),
        "%": "%",
    }

    def directive(found: re.Match[str]) -> str:
        if found[1] not in known:
            raise XPathError(f"Format de date : « %{found[1]} » n’existe pas.")
        return known[found[1]]

    return _DIRECTIVE.sub(directive, pattern)
