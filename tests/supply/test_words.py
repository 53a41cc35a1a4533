"""French typography of sentences made of pieces."""

import pytest

from restanque.supply.words import listed, tidy


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Trois pains : deux ; lesquels ?", "Trois pains\u00a0: deux\u202f; lesquels\u202f?"),
        ("« Le pain »", "«\u00a0Le pain\u00a0»"),
        ("12,5 kg à 3 km pour 4 €", "12,5\u00a0kg à 3\u00a0km pour 4\u00a0€"),
        ("à 12 h 30, en 2026", "à 12 h 30, en 2026"),
        ("déjà\u00a0: bien\u202f; fait", "déjà\u00a0: bien\u202f; fait"),
    ],
)
def test_no_break_spaces_are_put_where_french_wants_them(typed: str, told: str) -> None:
    assert tidy(typed) == told
    assert tidy(told) == told


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B", "C"], "A, B et C"),
        (list("ABCDEFG"), "A, B, C, D, E et 2 autres"),
    ],
)
def test_names_are_listed_as_one_says_them(names: list[str], told: str) -> None:
    assert listed(names) == told
