"""Author patterns: Java's dialect, the whole value, bounded."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restanque.engine.forms.xpath import XPathError
from restanque.engine.forms.xpath.regex import MAX_PATTERN, MAX_TEXT, matches


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("^[0-9]{5}$", "13001", True),
        ("[0-9]{5}", "130011", False),
        ("a|ab", "ab", True),
        (r"\w+", "été", False),
        (r"\d", "٣", False),
        (r"\p{L}+", "été", True),
        (r"\p{Alpha}+", "été", False),
        (r"[\p{Alpha}é]+", "été", True),
        (r"\P{Digit}+", "abc", True),
        ("(?i)ABC", "abc", True),
        ("[a-z&&[^b]]+", "abc", False),
        ("[a-z&&[^b]]+", "acd", True),
        ("[a[0-9]]+", "a1", True),
        ("[--/]", "-", True),
        ("[|| ]", "|", True),
        ("a||b", "b", True),
        (r"\Qa.b\E.", "a.bc", True),
        (r"\Qa.b\E", "axb", False),
        (r"[\]~~]+", "]~", True),
    ],
)
def test_dialect(pattern: str, text: str, expected: bool) -> None:
    assert matches(pattern, text, 1.0) is expected


@pytest.mark.parametrize("pattern", ["(a|aa)+$", "(a|a?)+b", "^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_a_pattern_that_explodes_is_stopped_in_time(pattern: str) -> None:
    started = time.perf_counter()
    try:
        outcome: str | bool = matches(pattern, "a" * 60 + "!", 0.1)
    except XPathError as error:
        outcome = error.message
    assert outcome is False or "trop de temps" in str(outcome)
    assert time.perf_counter() - started < 2.0


def test_the_classic_explosion_raises() -> None:
    with pytest.raises(XPathError, match="demande trop de temps"):
        matches("(a|aa)+$", "a" * 60 + "!", 0.05)


@pytest.mark.parametrize(
    "pattern", ["(", "[", "*a", "a{2,1}", "a{99999999999}", "(" * 900, r"\p{Nope}"]
)
def test_an_unreadable_pattern_is_explained(pattern: str) -> None:
    with pytest.raises(XPathError, match="n’est pas une expression régulière valable"):
        matches(pattern, "a", 1.0)


def test_sizes_are_bounded() -> None:
    with pytest.raises(XPathError, match="trop long"):
        matches("a" * (MAX_PATTERN + 1), "a", 1.0)
    with pytest.raises(XPathError, match="trop long"):
        matches("a*", "a" * (MAX_TEXT + 1), 1.0)


@settings(deadline=None)
@given(st.text(alphabet="ab[](){}|*+?\\^$-&~.,0Q E", max_size=25), st.text("ab-", max_size=8))
def test_any_pattern_answers_or_is_an_xpath_error(pattern: str, text: str) -> None:
    try:
        outcome: object = matches(pattern, text, 0.5)
    except XPathError as error:
        outcome = error
    assert isinstance(outcome, (bool, XPathError))
