"""XPath values and the conversions between them, by JavaRosa's rules.

A node-set that stands where one value is wanted is the value of its first node; an empty one is
the empty text. The text of a node that looks like a date counts as its number of days (an XForm
node has a type, a literal has none: ``'2026-01-31' + 1`` is NaN here as in ODK Collect).
"""

from __future__ import annotations

import math
import re
from datetime import UTC
from decimal import Decimal
from typing import TypeAlias

from restanque.engine.forms.xpath.context import Environment
from restanque.engine.forms.xpath.dates import XDate, parse_date
from restanque.engine.forms.xpath.errors import XPathError
from restanque.engine.forms.xpath.nodes import Node, string_value

Value: TypeAlias = list[Node] | str | float | bool | XDate

NAN = math.nan
INFINITY = math.inf

#: A decimal comma is read, as JavaRosa does; an exponent is not.
_NUMBER = re.compile(r"\s*(-?(?:\d+(?:[.,]\d*)?|[.,]\d+))\s*", re.ASCII)
#: Two numbers closer than this are equal, and a number closer than this to zero is false.
TOLERANCE = 1e-12


def to_string(value: Value, environment: Environment | None = None) -> str:
    """The text of a value as an answer stores it; a date-time keeps its time."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return string_value(value[0]) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    return value.text


def inner_text(value: Value) -> str:
    """The text of a value inside an expression: as in JavaRosa, a date-time is its date."""
    return value.date_text if isinstance(value, XDate) else to_string(value)


def to_number(value: Value, environment: Environment | None = None) -> float:
    """The number of a value: NaN for what is not a number, days for dates and date answers.

    The environment's time zone places a date-time answer in its day; without it, UTC does.
    """
    if isinstance(value, float):
        return value
    if isinstance(value, str):
        return text_number(value)
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, list):
        return node_number(string_value(value[0]), environment) if value else NAN
    return value.days


def to_boolean(value: Value, environment: Environment | None = None) -> bool:
    """The truth of a value. A node-set is worth its value: unanswered is false, "0" is true
    unless the environment's ``data_type`` says that the node is a number."""
    if isinstance(value, bool):
        return value
    if isinstance(value, list):
        return bool(value) and _node_truth(value[0], environment)
    if isinstance(value, str):
        return value != ""
    if isinstance(value, float):
        return value == value and abs(value) > TOLERANCE
    return True


def nodes_of(value: Value, function: str) -> list[Node]:
    """The node-set, or an error that names the function which wants one."""
    if isinstance(value, list):
        return value
    raise XPathError(f"« {function} » attend des questions (un chemin), pas une valeur calculée.")


def text_number(text: str) -> float:
    """The number a text writes, NaN otherwise."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return NAN
    return float(found[1].replace(",", "."))


def node_number(text: str, environment: Environment | None) -> float:
    """The number of a node's text: like ``text_number``, and a date is its number of days."""
    found = _NUMBER.fullmatch(text)
    if found is not None:
        return float(found[1].replace(",", "."))
    if len(text) >= 8 and "-" in text:
        date = node_date(text, environment)
        if date is not None:
            return date.days
    return NAN


def node_date(text: str, environment: Environment | None) -> XDate | None:
    """The date a node's text writes, in the environment's time zone (UTC without one)."""
    return parse_date(text, UTC if environment is None else environment.timezone)


def number_text(number: float) -> str:
    """Shortest decimal text, never with an exponent: what XPath 1.0 asks, and what any engine
    reads back (JavaRosa writes 1.0E12, which it then reads as NaN)."""
    if number != number:
        return "NaN"
    if number in (INFINITY, -INFINITY):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number):
        return str(int(number)) if abs(number) < 2**53 else format(Decimal(repr(number)), "f")
    text = repr(number)
    return format(Decimal(text), "f") if "e" in text else text


def _node_truth(node: Node, environment: Environment | None) -> bool:
    text = string_value(node)
    if not text:
        return False
    if environment is not None and environment.data_type is not None:
        kind = environment.data_type(node)
        if kind in ("int", "decimal"):
            number = text_number(text)
            return number == number and abs(number) > TOLERANCE
        if kind == "boolean":
            return text in ("true", "1")
    return True
