"""Conversions and comparisons. Expected results were measured on JavaRosa unless said."""

from __future__ import annotations

import math

import pytest

from restanque.engine.forms.xpath import Value, XDate, to_boolean, to_number, to_string
from tests.engine.forms.xpath.helpers import environment, evaluate


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5.0),
        (" 5 ", 5.0),
        ("-.5", -0.5),
        ("5.", 5.0),
        ("4,6", 4.6),
        (",5", 0.5),
        ("0017.", 17.0),
    ],
)
def test_texts_that_are_numbers(text: str, number: float) -> None:
    assert to_number(text) == number


@pytest.mark.parametrize(
    "text", ["", " ", "-", ".", "+5", "- 4", "1e5", "1,2,3", "1 000", "0x1", "٣"]
)
def test_texts_that_are_not_numbers(text: str) -> None:
    assert math.isnan(to_number(text))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (5.0, "5"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1 / 3, "0.3333333333333333"),
        (123456.789, "123456.789"),
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
    ],
)
def test_texts_of_numbers(number: float, text: str) -> None:
    assert to_string(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(3e9, "3000000000"), (1e21, "1" + "0" * 21), (0.00001, "0.00001"), (5e-324, None)],
)
def test_numbers_are_never_written_with_an_exponent(number: float, text: str | None) -> None:
    """XPath 1.0's rule: JavaRosa writes one, which it then cannot read."""
    written = to_string(number)
    assert "e" not in written.lower()
    assert text is None or written == text
    assert to_number(written) == number


@pytest.mark.parametrize(
    ("source", "truth"),
    [
        ("0", False),
        ("0.0000000000001", False),
        ("0 div 0", False),
        ("-1", True),
        ("''", False),
        ("'0'", True),
        ("'false'", True),
        ("today()", True),
        ("/data/nom", True),
        ("/data/vide", False),
        ("/data/absent", False),
        ("/data/zero", True),
    ],
)
def test_truth(source: str, truth: bool) -> None:
    assert evaluate(f"boolean({source})") is truth


def test_a_numeric_question_answered_zero_is_false_when_types_are_known() -> None:
    world = environment(data_type=lambda node: "int")
    assert evaluate("if(/data/zero, 1, 2)", world=world) == 2.0
    assert evaluate("if(/data/nombre, 1, 2)", world=world) == 1.0


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 = '1.0'", True),
        ("'1' = '1.0'", False),
        ("0.1 + 0.2 = 0.3", True),
        ("1.000000000001 = 1", False),
        ("0.1 + 0.2 <= 0.3", False),
        ("1 < 1.0000000000001", True),
        ("true() = 'a'", True),
        ("true() != 'a'", False),
        ("2 = true()", True),
        ("'' = 0", False),
        ("'' < 1", False),
        ("'b' > 'a'", False),
        ("'10' > '9'", True),
        ("'4,6' = 4.6", True),
        ("0 div 0 = 0 div 0", False),
        ("3 > 2 > 1", False),
        ("1 = 1 = 1", True),
        ("/data/texte = 5", True),
        ("/data/texte = '5'", False),
        ("/data/absent = ''", True),
        ("/data/absent != 'a'", True),
        ("/data/vide != ''", False),
        ("/data/vide < 1", False),
    ],
)
def test_comparisons(source: str, expected: bool) -> None:
    assert evaluate(source) is expected


def test_several_nodes_compare_if_one_does() -> None:
    """XPath 1.0's rule: JavaRosa refuses to compare several nodes."""
    assert evaluate("/data/achat/prix = 2") is True
    assert evaluate("/data/achat/prix != 2") is True
    assert evaluate("2 < /data/achat/prix") is False
    assert evaluate("/data/achat/qui = /data/choix") is False


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("/data/jour < today()", True),
        ("/data/jour + 1", 20485.0),
        ("/data/instant - /data/jour", 0.0),
        ("/data/instant > /data/jour", False),
        ("/data/jour = date('2026-01-31')", True),
        ("/data/instant = date('2026-01-31')", True),
        ("date('2026-01-31') = '2026-01-31'", True),
        ("'2026-01-31T10:20:30' = date('2026-01-31')", False),
        ("date('2026-01-31') = date('2026-01-31T10:20:30')", True),
        ("date('2026-01-01') = 20454", True),
        ("date('2026-01-01') = '20454'", False),
        ("now() = today()", True),
        ("now() > today()", False),
        ("decimal-date-time(now()) > decimal-date-time(today())", True),
    ],
)
def test_dates_count_whole_local_days(source: str, expected: Value) -> None:
    assert evaluate(source) == expected


@pytest.mark.parametrize("source", ["number('2026-01-31')", "'2026-01-31' + 1", "-'2026-01-31'"])
def test_a_quoted_date_is_not_a_number(source: str) -> None:
    value = evaluate(source)
    assert isinstance(value, float)
    assert math.isnan(value)


def test_a_date_time_is_stored_whole_and_read_as_its_date() -> None:
    value = evaluate("now()")
    assert isinstance(value, XDate)
    assert to_string(value) == "2026-07-25T00:30:00.000+02:00"
    assert evaluate("concat(now(), '')") == "2026-07-25"
    assert evaluate("string(now())") == "2026-07-25"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("5 div 0", math.inf),
        ("-5 div 0", -math.inf),
        ("-5 mod 3", -2.0),
        ("5 mod -3", 2.0),
        ("5.5 mod 2", 1.5),
        ("10 mod (1 div 0)", 10.0),
        ("true() + true()", 2.0),
        ("'123' * '456'", 56088.0),
        ("--5", 5.0),
        ("1 - 2 - 3", -4.0),
    ],
)
def test_arithmetic(source: str, expected: float) -> None:
    assert evaluate(source) == expected


@pytest.mark.parametrize("source", ["0 div 0", "5 mod 0", "'' + 1", "-''", "(1 div 0) * 0"])
def test_arithmetic_without_result(source: str) -> None:
    value = evaluate(source)
    assert isinstance(value, float)
    assert math.isnan(value)


def test_conversions_without_an_environment() -> None:
    assert to_boolean("a") is True
    assert to_number(True) == 1.0
    assert to_string([]) == ""
    assert math.isnan(to_number([]))
    assert to_boolean([]) is False
