"""What the players of a script hand to each other: results, verdicts, texts of the recording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree


class Undecided(Exception):
    """The recording lacks what the expectation needs, or asks for no business of an engine."""


class Failed(AssertionError):
    """The engine did not do what the script expects."""


@dataclass
class Mark:
    """What an operation gave back: its kind says which expectations make sense."""

    kind: str
    value: Any = None
    path: str = ""


def text_of(value: Any) -> str:
    """A value of the recording as an answer's text."""
    if isinstance(value, dict):
        if "bigint" in value:
            return str(value["bigint"])
        raise Undecided("a file's content was not recorded")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return " ".join(text_of(item) for item in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def equal(expected: Any, value: Any) -> bool:
    if isinstance(expected, dict):
        if "__ans" not in expected:
            if "special" in expected:
                return str(value) in ("", "NaN")
            raise Undecided("a constant was not recorded")
        kind, expected = expected["__ans"], expected.get("value")
        if kind == "null":
            return not value
    if expected is None:
        return not value
    if isinstance(expected, bool):
        return value is expected or (str(value) in ("1", "true", "OK")) == expected
    if isinstance(expected, (int, float)):
        try:
            return abs(float(value) - float(expected)) < 1e-9
        except (TypeError, ValueError):
            return False
    if isinstance(expected, list):
        return list(value) == expected
    if "/" in str(expected)[:1]:
        return plain(str(expected)) == plain(str(value))
    try:
        return float(value) == float(expected)
    except (TypeError, ValueError):
        return str(value) == str(expected)


def plain(ref: str) -> str:
    return ref.replace("[1]", "")


def wanted_choice(choice: Any) -> tuple[str, str | None]:
    if isinstance(choice, dict) and "value" in choice:
        return text_of(choice["value"]), choice.get("label")
    if isinstance(choice, str):
        return choice, None
    raise Undecided("a constant was not recorded")


def same_choice(wanted: tuple[str, str | None], found: tuple[str, str]) -> bool:
    return wanted[0] == found[0] and wanted[1] in (None, found[1])


def same_xml(expected: str, found: str) -> bool:
    return _shape(etree.fromstring(expected)) == _shape(etree.fromstring(found))


def _shape(node: etree._Element) -> tuple[Any, ...]:
    """Names, attributes, texts; an identifier is an identifier."""
    name = etree.QName(node).localname
    text = (node.text or "").strip() if not len(node) else ""
    if name == "instanceID":
        text = "…"
    attributes = sorted((etree.QName(k).localname, v) for k, v in node.attrib.items() if v)
    return (name, attributes, text, [_shape(child) for child in node])
