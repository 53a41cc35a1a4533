"""Texts: cutting, joining, comparing, patterns."""

from __future__ import annotations

import math
import re

from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.functions.registry import eager
from restanque.engine.forms.xpath.nodes import string_value
from restanque.engine.forms.xpath.regex import matches
from restanque.engine.forms.xpath.values import Value, inner_text, to_number

_BLANKS = re.compile(r"[ \t\r\n]+")


@eager("string", 0, 1, collect=(1, 1))
def _string(context: Context, value: Value | None = None) -> Value:
    return _text_or_self(context, value)


@eager("string-length", 0, 1, collect=(1, 1))
def _string_length(context: Context, value: Value | None = None) -> Value:
    return float(len(_text_or_self(context, value)))


@eager("normalize-space", 0, 1, collect=(1, 1))
def _normalize_space(context: Context, value: Value | None = None) -> Value:
    return _BLANKS.sub(" ", _text_or_self(context, value)).strip(" ")


def _text_or_self(context: Context, value: Value | None) -> str:
    return string_value(context.node) if value is None else inner_text(value)


def _texts(values: tuple[Value, ...]) -> list[str]:
    """One text per value, and one per node of a node-set.

    A node-set alone may be empty; among other values an absent answer is an empty text.
    """
    texts: list[str] = []
    for value in values:
        if isinstance(value, list):
            texts += map(string_value, value) if value or len(values) == 1 else [""]
        else:
            texts.append(inner_text(value))
    return texts


@eager("concat", 0, None)
def _concat(context: Context, *values: Value) -> Value:
    return "".join(_texts(values))


@eager("join", 1, None)
def _join(context: Context, separator: Value, *values: Value) -> Value:
    return inner_text(separator).join(_texts(values))


@eager("contains", 2, 2)
def _contains(context: Context, text: Value, part: Value) -> Value:
    return inner_text(part) in inner_text(text)


@eager("starts-with", 2, 2)
def _starts_with(context: Context, text: Value, start: Value) -> Value:
    return inner_text(text).startswith(inner_text(start))


@eager("ends-with", 2, 2)
def _ends_with(context: Context, text: Value, end: Value) -> Value:
    return inner_text(text).endswith(inner_text(end))


@eager("substring-before", 2, 2)
def _substring_before(context: Context, text: Value, mark: Value) -> Value:
    before, found, _ = _partition(text, mark)
    return before if found else ""


@eager("substring-after", 2, 2)
def _substring_after(context: Context, text: Value, mark: Value) -> Value:
    _, found, after = _partition(text, mark)
    return after if found else ""


def _partition(text: Value, mark: Value) -> tuple[str, bool, str]:
    whole, sought = inner_text(text), inner_text(mark)
    place = whole.find(sought)
    return (whole[:place], True, whole[place + len(sought) :]) if place >= 0 else ("", False, "")


@eager("substr", 2, 3)
def _substr(context: Context, text: Value, start: Value, end: Value | None = None) -> Value:
    """From ``start`` (0 is the first character) to ``end`` left out; negative counts from the
    end; what is not a number is 0."""
    environment = context.environment
    whole = inner_text(text)
    first = _index(to_number(start, environment))
    last = len(whole) if end is None else _index(to_number(end, environment))
    return whole[first:last]


def _index(number: float) -> int:
    return int(max(-1e9, min(1e9, number))) if number == number else 0


@eager("substring", 2, 3, collect=None)
def _substring(context: Context, text: Value, start: Value, length: Value | None = None) -> Value:
    """XPath's own: 1 is the first character, positions are rounded."""
    environment = context.environment
    whole = inner_text(text)
    first = _half_up(to_number(start, environment))
    last = math.inf if length is None else first + _half_up(to_number(length, environment))
    return "".join(character for place, character in enumerate(whole, 1) if first <= place < last)


def _half_up(number: float) -> float:
    return float(math.floor(number + 0.5)) if math.isfinite(number) else number


@eager("translate", 3, 3)
def _translate(context: Context, text: Value, source: Value, target: Value) -> Value:
    replacements = inner_text(target)
    table: dict[int, str | None] = {}
    for place, character in enumerate(inner_text(source)):
        table.setdefault(ord(character), replacements[place] if place < len(replacements) else None)
    return inner_text(text).translate(table)


@eager("regex", 2, 2)
def _regex(context: Context, text: Value, pattern: Value) -> Value:
    return matches(inner_text(pattern), inner_text(text), context.environment.regex_timeout)
