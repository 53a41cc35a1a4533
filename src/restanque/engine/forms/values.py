"""Typed text: what a value of each XForm type looks like, and how people type numbers.

Values are text, as in the ODK XForms specification. Sources: ODK XForms Specification, « Data
Types »; XML Schema part 2 for date, time and dateTime.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
_TYPED_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)", re.ASCII)
_GROUPED = re.compile(
    r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d*)?|[+-]?\d{1,3}(?:,\d{3}){2,}(?:\.\d*)?", re.ASCII
)
_INTEGER = re.compile(r"[+-]?\d{1,10}", re.ASCII)
_LONG_INTEGER = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_OFFSET = r"(?:Z|[+-]\d{2}(?::?\d{2})?)"
_TIME = re.compile(rf"(\d{{1,2}}):(\d{{2}})(?::(\d{{2}})(?:\.\d+)?)?{_OFFSET}?", re.ASCII)
_POINT = re.compile(r"-?\d+(?:\.\d+)?(?:[eE]-?\d+)?", re.ASCII)

MAX_LENGTH = 100_000
"""Longest answer kept, in characters."""

MAX_DECIMAL = 1e15
"""Decimals stay under it: beyond, a double no longer tells units apart, then overflows."""


def normalise_number(text: str) -> str:
    """What people type for a number, as XForms wants it: « 1 234,5 » gives "1234.5".

    Accepts decimal commas, ordinary, no-break and thin spaces, apostrophes, thousands points when
    they are unmistakable. Text that is no number comes back stripped, to be refused by its type.
    """
    stripped = text.strip()
    compact = _SPACES.sub("", stripped).replace("\u2212", "-")
    if _GROUPED.fullmatch(compact) and compact.count(",") <= 1 and compact.count(".") > 1:
        compact = compact.replace(".", "")
    elif _GROUPED.fullmatch(compact) and "," in compact and "." in compact:
        thousands = "." if compact.index(".") < compact.index(",") else ","
        compact = compact.replace(thousands, "")
    if not _TYPED_NUMBER.fullmatch(compact):
        return stripped
    whole, _, fraction = compact.lstrip("+").replace(",", ".").partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole.lstrip("-").lstrip("0") or "0"
    return f"{sign}{digits}.{fraction}" if fraction else f"{sign}{digits}"


def type_fault(type_: str, value: str) -> str:
    """French sentence when `value` is not of this type, "" when it is. Empty is never a fault."""
    if len(value) > MAX_LENGTH:
        return f"Cette réponse est trop longue (au plus {MAX_LENGTH} caractères)."
    check = _CHECKS.get(type_)
    if check is None or value == "":
        return ""
    accepted, sentence = check
    return "" if accepted(value) else sentence


def is_date(value: str) -> bool:
    match = _DATE.fullmatch(value)
    if match is None:
        return False
    try:
        date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return False
    return True


def is_time(value: str) -> bool:
    match = _TIME.fullmatch(value)
    if match is None:
        return False
    return int(match[1]) < 24 and int(match[2]) < 60 and int(match[3] or 0) < 60


def is_date_time(value: str) -> bool:
    day, separator, moment = value.partition("T")
    return is_date(day) and (not separator or is_time(moment))


def is_point(value: str) -> bool:
    """« latitude longitude [altitude [accuracy]] », degrees and metres."""
    numbers = value.split()
    if not 2 <= len(numbers) <= 4 or not all(_POINT.fullmatch(number) for number in numbers):
        return False
    return abs(float(numbers[0])) <= 90 and abs(float(numbers[1])) <= 180


def _is_line(value: str, least: int) -> bool:
    points = [point.strip() for point in value.strip().strip(";").split(";")]
    return len(points) >= least and all(is_point(point) for point in points)


def _is_shape(value: str) -> bool:
    points = [point.strip() for point in value.strip().strip(";").split(";")]
    return _is_line(value, 4) and points[0].split()[:2] == points[-1].split()[:2]


def _is_whole(value: str) -> bool:
    return bool(_INTEGER.fullmatch(value)) and -(2**31) <= int(value) < 2**31


def _is_decimal(value: str) -> bool:
    """A number that a double holds to the unit, as JavaRosa computes: sums and averages stand."""
    return bool(_DECIMAL.fullmatch(value)) and abs(float(value)) < MAX_DECIMAL


_CHECKS: dict[str, tuple[Callable[[str], bool], str]] = {
    "int": (_is_whole, "Un nombre entier est attendu (par exemple 120)."),
    "long": (lambda v: bool(_LONG_INTEGER.fullmatch(v)), "Un nombre entier est attendu."),
    "decimal": (
        _is_decimal,
        "Un nombre est attendu (par exemple 12,5).",
    ),
    "date": (is_date, "Une date est attendue (par exemple 24/11/2026)."),
    "time": (is_time, "Une heure est attendue (par exemple 08:30)."),
    "dateTime": (is_date_time, "Une date et une heure sont attendues."),
    "geopoint": (is_point, "Un point est attendu : latitude puis longitude, en degrés."),
    "geotrace": (lambda v: _is_line(v, 2), "Un tracé d’au moins deux points est attendu."),
    "geoshape": (_is_shape, "Un contour fermé d’au moins trois points est attendu."),
    "boolean": (lambda v: v in ("true", "false", "1", "0"), "Oui ou non est attendu."),
}


def coerce(type_: str, value: object, text: str) -> str:
    """A computed value as its node stores it; `text` is its XPath string.

    As JavaRosa writes them: true and false as 1 and 0, NaN as nothing, a number that is whole to
    1e-9 without decimals. What does not fit its type is left for the type check to refuse.
    """
    if isinstance(value, bool):
        return "1" if value else "0"
    if text in ("NaN", ""):
        return ""
    if type_ == "boolean" and not isinstance(value, str):
        return "1" if text not in ("0", "false") else "0"
    if type_ == "int" and not _INTEGER.fullmatch(text):
        return _whole(text)
    if isinstance(value, float) and abs(value) < 2**53 and abs(value - round(value)) < 1e-9:
        return str(round(value))
    if type_ == "date" and len(text) > 10 and text[10] == "T":
        return text[:10]
    return text


def _whole(text: str) -> str:
    try:
        return str(int(float(text)))
    except (ValueError, OverflowError):
        return text


def shown(type_: str, value: str) -> str:
    """A stored value as people read it in French: 24/11/2026, 08:30, 1 234,5."""
    if type_ == "date" and is_date(value[:10]):
        return f"{value[8:10]}/{value[5:7]}/{value[:4]}" if len(value) >= 10 else value
    if type_ == "time" and is_time(value):
        return value[:5]
    if type_ == "dateTime" and "T" in value:
        try:
            return datetime.fromisoformat(value).strftime("%d/%m/%Y %H:%M")
        except ValueError:
            return value
    if type_ in ("int", "decimal") and _DECIMAL.fullmatch(value) and "e" not in value.lower():
        whole, _, fraction = value.partition(".")
        sign = "-" if whole.startswith("-") else ""
        digits = whole.lstrip("+-")
        grouped = f"{int(digits):,}".replace(",", "\u202f") if digits else "0"
        return f"{sign}{grouped}" + (f",{fraction}" if fraction else "")
    return value
