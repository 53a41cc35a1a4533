"""Conditions said in words, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restanque.surveys.conditions import Named, in_words

QUESTIONS = {("data", "a"): "question 1", ("data", "g", "b"): "question 2"}
CHOICES = {"oui": "Oui", "non": "Non", "x": "Le x"}
NAMED = Named(QUESTIONS.get, lambda steps, value: CHOICES.get(value))
BASE = ("data", "g", "c")


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("/data/a = 'oui'", "la réponse à la question 1 est «\u00a0Oui\u00a0»"),
        (" /data/a  != 'oui'", "la réponse à la question 1 n’est pas «\u00a0Oui\u00a0»"),
        ("../b = 'x'", "la réponse à la question 2 est «\u00a0Le x\u00a0»"),
        ("/data/a >= 3.5", "la réponse à la question 1 est au moins 3,5"),
        ("not(/data/a > 3)", "la réponse à la question 1 est au plus 3"),
        ("/data/a != ''", "la question 1 a une réponse"),
        ("selected(/data/a, 'x')", "la réponse à la question 1 comporte «\u00a0Le x\u00a0»"),
        (
            "not(selected(/data/a, 'x'))",
            "la réponse à la question 1 ne comporte pas «\u00a0Le x\u00a0»",
        ),
        ("count-selected(/data/a) > 0", "la question 1 a une réponse"),
        ("count-selected(/data/a) > 1", "au moins 2 choix sont cochés à la question 1"),
        (
            "/data/a = 'oui' or /data/a = 'non'",
            "la réponse à la question 1 est «\u00a0Oui\u00a0» ou «\u00a0Non\u00a0»",
        ),
        (
            "/data/a = 'x' and (/data/a = 'oui' or ../b > 2)",
            "la réponse à la question 1 est «\u00a0Le x\u00a0» et (la réponse à la question 1 est "
            "«\u00a0Oui\u00a0» ou la réponse à la question 2 est plus de 2)",
        ),
        (
            "not(/data/a = 'oui' or ../b = 'x')",
            "la réponse à la question 1 n’est pas «\u00a0Oui\u00a0» et "
            "la réponse à la question 2 n’est pas «\u00a0Le x\u00a0»",
        ),
    ],
)
def test_common_conditions_are_said(expression: str, words: str) -> None:
    assert in_words(expression, BASE, NAMED) == words


@pytest.mark.parametrize(
    "expression",
    ["/data/unknown = 'oui'", "/data/a = 'absent'", "position(..) > 1", "/data/a = ../b", "true()",
     "/data/a + 1 > 2", "(/data/a = 'oui'", "", "../../../../x = 1", "'a' = /data/a"],
)  # fmt: skip
def test_others_are_not_said_wrong(expression: str) -> None:
    assert in_words(expression, BASE, NAMED) is None


@given(st.text(alphabet="/data.gb()'= <>!orndselct,12-", max_size=40))
def test_nothing_crashes_it(expression: str) -> None:
    said = in_words(expression, BASE, NAMED)
    assert said is None or said
