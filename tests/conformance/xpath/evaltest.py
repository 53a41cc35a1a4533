"""Replays the cases of JavaRosa's own XPathEvalTest."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any

from lxml import etree

from restanque.engine.forms.xpath import (
    Context,
    Document,
    Environment,
    Value,
    XDate,
    XPathError,
    compile_expression,
    to_boolean,
    to_number,
    to_string,
    usages,
)

Case = dict[str, Any]

#: Stands for the instance that the suite builds in Java: five nodes of one name, two of them
#: unanswered, and a square of one degree.
_INSTANCE = """<data>
<path>one</path><path>two</path><path>three</path><path/><path/>
<geoshape>0 0 0 0; 0 1 0 0; 1 1 0 0; 1 0 0 0; 0 0 0 0</geoshape>
</data>"""
_TOLERANCE = 1e-12


def passes(case: Case) -> bool:
    """Does our engine give the expected result?

    Where JavaRosa refuses an expression that other engines evaluate, ours evaluates it and
    tells the form's author: the case passes if ``usages`` reports the expression unportable.
    """
    primary = Document(etree.fromstring(_INSTANCE))
    environment = Environment(
        now=datetime(2026, 1, 1, tzinfo=UTC), timezone=UTC, primary=primary, random=Random(0)
    )
    try:
        expression = compile_expression(case["expr"], namespaces={"namespace": "urn:any"})
        value = expression.evaluate(Context(primary.root, environment))
    except XPathError:
        return case["type"] == "throws"
    if case["type"] == "throws":
        return any(usage.kind == "unportable" for usage in usages(expression))
    return _agrees(case["type"], case["expected"], value)


def _agrees(kind: str, expected: Any, value: Value) -> bool:
    match kind:
        case "boolean":
            return isinstance(value, bool) and to_boolean(value) is expected
        case "number":
            return isinstance(value, float) and _same_number(to_number(value), expected)
        case "string":
            return isinstance(value, (str, XDate)) and to_string(value) == expected
    raise AssertionError(f"unknown kind of result: {kind}")


def _same_number(number: float, expected: Any) -> bool:
    if isinstance(expected, dict):
        special = expected["special"]
        return number != number if special == "NaN" else number == float(special)
    return number == expected or abs(number - expected) <= _TOLERANCE * max(1.0, abs(expected))
