"""What a silent commune is estimated from: comparable communes, at least five of them."""

import pytest

from restanque.supply.services.estimates import FEWEST, ratio_of, ratios

ORDER = ("petite", "moyenne", "grande")


def test_fewer_than_five_communes_say_nothing() -> None:
    assert ratio_of([1.0] * (FEWEST - 1), "petite") is None


def test_the_interval_holds_the_middle_eight_tenths() -> None:
    made = ratio_of([float(value) for value in range(1, 12)], "petite")
    assert made is not None
    assert (made.low, made.middle, made.high, made.n) == (2.0, 6.0, 10.0, 11)


def test_a_class_with_five_uses_its_own_only() -> None:
    found = ratios({"petite": [1.0] * 5, "grande": [9.0] * 5}, ORDER)
    assert (found["petite"].middle, found["grande"].middle) == (1.0, 9.0)
    assert found["petite"].among == "petite"


def test_a_class_short_of_five_joins_its_neighbours_and_names_them() -> None:
    found = ratios({"petite": [1.0] * 3, "moyenne": [3.0] * 3}, ORDER)
    assert found["petite"].n == 6
    assert found["petite"].among == "petite à moyenne"
    assert found["grande"].n == 6


def test_nobody_answered() -> None:
    assert ratios({}, ORDER) == {}


@pytest.mark.parametrize("size", ORDER)
def test_low_middle_high_are_ordered(size: str) -> None:
    made = ratios({"moyenne": [0.02, 0.05, 0.03, 0.09, 0.01]}, ORDER)[size]
    assert made.low <= made.middle <= made.high
