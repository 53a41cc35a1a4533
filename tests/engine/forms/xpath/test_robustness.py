"""Whatever is computed from whatever: a value, or an XPathError."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restanque.engine.forms.xpath import (
    Environment,
    Value,
    XDate,
    XPathError,
    compile_expression,
    references,
    to_boolean,
    to_number,
    to_string,
    usages,
)
from restanque.engine.forms.xpath.functions import FUNCTIONS
from tests.engine.forms.xpath.helpers import PARIS, environment, evaluate

WORLD = environment()
ATOMS = [
    *["''", "'a'", "'0'", "-1", "0.5", "99999999999999999999", "1 div 0", "-1 div 0"],
    *["0 div 0", "true()", "today()", "now()", "'2026-01-31'", "'10:20:30'", "'4,5'", "'MD5'"],
    *["'liste'", "'0 0;0 1;1 1;0 0'", "'[a-z]+'", "'%Y %b'", "'9999-12-31'", "date(0)", "."],
    *[
        "/data/nom",
        "/data/achat",
        "/data/achat/prix",
        "/data/absent",
        "instance('liste')/root/item",
    ],
    *["/", "@id", "//text()", "namespace::*", "current()/..", "/data/achat[2]/following::node()"],
]
ATOM = st.sampled_from(ATOMS)


def call_of(name: str) -> Callable[[st.SearchStrategy[str]], st.SearchStrategy[str]]:
    minimum, maximum = FUNCTIONS[name].arity
    most = minimum + 3 if maximum is None else maximum

    def calls(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        arguments = st.lists(inner, min_size=minimum, max_size=most)
        return arguments.map(lambda texts: f"{name}({', '.join(texts)})")

    return calls


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operator = st.sampled_from(
        ["+", "-", "*", "div", "mod", "=", "!=", "<", ">=", "and", "or", "|"]
    )
    return st.one_of(
        st.sampled_from(sorted(FUNCTIONS)).flatmap(lambda name: call_of(name)(inner)),
        st.builds("({} {} {})".format, inner, operator, inner),
        st.builds("({})[{}]".format, inner, inner),
        st.builds("/data/achat[{}]/prix".format, inner),
        inner.map("-{}".format),
    )


@settings(deadline=None)
@given(st.recursive(ATOM, combined, max_leaves=8))
def test_any_expression_gives_a_value_or_an_xpath_error(source: str) -> None:
    value = attempt(source)
    if isinstance(value, XPathError):
        assert value.source == source
        return
    assert isinstance(value, (list, str, float, bool, XDate))
    assert isinstance(to_string(value, WORLD), str)
    assert isinstance(to_number(value, WORLD), float)
    assert isinstance(to_boolean(value, WORLD), bool)
    expression = compile_expression(source)
    assert isinstance(references(expression, ("data", "nom")), frozenset)
    assert isinstance(usages(expression), list)


def attempt(source: str) -> Value | XPathError:
    try:
        return evaluate(source, world=WORLD)
    except XPathError as error:
        return error


@given(st.floats())
def test_a_number_survives_its_text(number: float) -> None:
    text = to_string(number)
    back = to_number(text)
    if math.isfinite(number):
        assert back == number
    else:
        assert math.isnan(back)


@given(st.text())
def test_any_text_is_a_number_or_nan(text: str) -> None:
    assert isinstance(to_number(text), float)


def test_the_clock_must_know_its_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        Environment(now=datetime(2026, 1, 1), timezone=PARIS)  # noqa: DTZ001


def test_threads_share_an_expression() -> None:
    expression = "sum(/data/achat[prix > 0]/prix) + count(/data/achat)"
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: evaluate(expression), range(200)))
    assert set(map(float, results)) == {6.0}  # type: ignore[arg-type]


def test_a_draw_does_not_change_with_what_was_drawn_elsewhere() -> None:
    assert evaluate("uuid()") == evaluate("uuid()")
