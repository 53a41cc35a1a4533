"""Estimators: worked figures, unknowns, silence of the units that stand only for themselves."""

from __future__ import annotations

from itertools import combinations
from math import nan

import numpy as np
import pytest

from restanque.engine.estimation import (
    EmptyCellError,
    EstimationError,
    InputError,
    mean,
    multiple_choice,
    quantile,
    ratio,
    share,
    simple,
    single_choice,
    stratified,
    total,
    total_by_ratio,
)

TWO = stratified(["a", "a", "b", "b"], {"a": 4, "b": 10})
CITY = stratified(
    ["Ville", "x", "x", "x"],
    {"Ville": 1, "x": 6},
    units=["Ville", "un", "deux", "trois"],
    self_representing=["Ville"],
)


def test_a_stratified_mean_is_the_weighted_mean_with_its_finite_population_variance() -> None:
    found = mean(TWO, [1, 3, 10, 14])
    assert found.value == pytest.approx((4 * 2 + 10 * 12) / 14)
    # Cochran 1977, 5A: sum of (N_h/N)^2 (1 - f_h) s_h^2 / n_h
    variance = (4 / 14) ** 2 * 0.5 * 2 / 2 + (10 / 14) ** 2 * 0.8 * 8 / 2
    assert found.standard_error == pytest.approx(variance**0.5)
    assert (found.n, found.n_missing, found.population) == (4, 0, 14)
    assert found.unweighted == 7


def test_the_variance_of_a_total_is_unbiased_over_every_possible_sample() -> None:
    y = np.array([1.0, 4, 4, 9, 20, 2])
    totals, variances = [], []
    for chosen in combinations(range(6), 3):
        found = total(simple(3, 6), y[list(chosen)])
        assert found.value is not None
        totals.append(found.value)
        variances.append((found.standard_error or 0.0) ** 2)
    assert np.mean(totals) == pytest.approx(y.sum())
    assert np.mean(variances) == pytest.approx(np.var(totals))


def test_when_everybody_answered_the_figure_is_exact() -> None:
    found = total(simple(3, 3), [1, 2, 6])
    assert (found.value, found.standard_error, found.interval) == (9, 0, (9, 9))
    assert found.method == "census"
    assert found.design_effect is None


@pytest.mark.parametrize(
    ("answers", "value", "words"),
    [
        ([nan, nan, nan], None, "Aucune réponse"),
        ([5.0, nan, nan], 5.0, "Une seule réponse"),
        ([5.0, 5.0, 5.0], 5.0, "identiques"),
    ],
)
def test_without_spread_there_is_no_interval_and_it_says_why(
    answers: list[float], value: float | None, words: str
) -> None:
    for found in (mean(simple(3, 10), answers), quantile(simple(3, 10), answers)):
        assert found.value == value
        assert found.interval is None
        assert found.method == "none"
        assert words in found.notes[0] or "quantile" in found.notes[0]
        assert found.n + found.n_missing == 3


def test_one_answer_in_each_cell_gives_no_interval() -> None:
    found = mean(stratified(["a", "b"], {"a": 3, "b": 3}), [1, 2])
    assert found.interval is None
    assert "par cellule" in found.notes[0]


def test_blanks_are_not_zero_and_the_others_of_the_cell_stand_for_them() -> None:
    found = total(TWO, [1, nan, 10, 14])
    assert found.value == pytest.approx(4 * 1 + 10 * 12)
    assert (found.n, found.n_missing) == (3, 1)
    assert any("n’a pas rempli" in note for note in found.notes)


def test_a_blank_widens_the_interval_even_when_every_unit_answered_the_survey() -> None:
    full = stratified(["a"] * 4, {"a": 4})
    found = mean(full, [1, 2, 4, nan])
    assert found.standard_error is not None
    assert found.standard_error > 0


def test_a_cell_whose_answers_are_all_blank_is_refused_by_name() -> None:
    with pytest.raises(EmptyCellError, match="« b »") as refusal:
        total(TWO, [1, 2, nan, nan])
    assert refusal.value.cells == ("b",)


def test_a_blank_outside_the_domain_is_no_missing_answer() -> None:
    found = mean(TWO, [1, 3, nan, 14], domain=np.array([True, True, False, True]))
    assert (found.n, found.n_missing) == (3, 0)
    assert found.population_estimated


def test_a_self_representing_unit_counts_for_itself_only() -> None:
    found = total(CITY, [1000, 1, 2, 3])
    assert found.value == pytest.approx(1000 + 6 * 2)
    assert found.missing_units == ()
    assert CITY.weights[0] == 1


def test_a_self_representing_unit_that_left_a_blank_is_never_imputed() -> None:
    found = total(CITY, [nan, 1, 2, 3])
    assert found.value == pytest.approx(12)
    assert found.population == 6
    assert found.missing_units == ("Ville",)
    assert any(note.startswith("Hors Ville") for note in found.notes)


def test_totals_by_ratio_add_the_self_representing_unit_as_answered() -> None:
    found = total_by_ratio(CITY, [1000, 1, 2, 3], [9999, 10, 20, 30], 200)
    assert found.value == pytest.approx(1000 + 200 * 6 / 60)
    silent = total_by_ratio(CITY, [nan, 1, 2, 4], [9999, 10, 20, 30], 200)
    assert silent.value == pytest.approx(200 * 7 / 60)
    assert silent.missing_units == ("Ville",)


def test_the_interval_of_a_quantity_never_goes_under_what_was_counted() -> None:
    y = [0.0, 0.0, 1.0, 90.0]
    bare, kept = total(simple(4, 9), y), total(simple(4, 9), y, nonnegative=True)
    assert bare.interval is not None
    assert kept.interval is not None
    assert bare.interval[0] < 91 < kept.interval[0]
    with pytest.raises(InputError, match="négative"):
        total(simple(2, 9), [1, -1], nonnegative=True)


def test_a_unanimous_share_gets_the_exact_hypergeometric_bound() -> None:
    found = share(simple(10, 20), np.zeros(10))
    # P(none of M among 10 of 20) >= 2.5 % holds up to M = 4 (0.043), not 5 (0.016).
    assert found.interval == (0, 4 / 20)
    assert found.method == "exact"
    yes = share(simple(10, 20), np.ones(10))
    assert yes.interval == (1 - 4 / 20, 1)


def test_a_share_stays_inside_what_is_still_possible() -> None:
    found = share(simple(18, 20), [1.0] * 17 + [0.0])
    assert found.interval is not None
    assert 17 / 20 <= found.interval[0] < found.interval[1] <= 19 / 20
    with pytest.raises(InputError, match="0 et des 1"):
        share(simple(2, 4), [0.5, 1])


def test_a_null_denominator_is_told() -> None:
    found = ratio(simple(2, 4), [1, 2], [0, 0])
    assert found.value is None
    assert "dénominateur" in found.notes[0]


def test_choices_are_shares_of_those_who_answered_the_question() -> None:
    rows = single_choice(simple(4, 8), ["oui", "non", None, "oui"], ["oui", "non", "autre"])
    assert [row.count for row in rows] == [2, 1, 0]
    assert sum(row.estimate.value or 0 for row in rows) == pytest.approx(1)
    assert {row.estimate.n_missing for row in rows} == {1}
    many = multiple_choice(simple(3, 8), [[1, 1], [0, 1], [nan, nan]], ["local", "bio"])
    assert [row.estimate.value for row in many] == [0.5, 1]
    with pytest.raises(InputError, match="en blanc"):
        multiple_choice(simple(1, 8), [[1, nan]], ["local", "bio"])
    with pytest.raises(InputError, match="« peut-être »"):
        single_choice(simple(1, 8), ["peut-être"], ["oui"])


def test_the_median_of_an_even_number_of_equal_weights_is_half_way() -> None:
    assert quantile(simple(4, 40), [1, 2, 4, 9]).value == 3
    weighted = stratified(["a", "b", "b"], {"a": 6, "b": 2})
    assert quantile(weighted, [5, 1, 2]).value == 5


def test_arrays_of_the_wrong_length_and_infinities_are_refused() -> None:
    with pytest.raises(EstimationError, match="4 valeurs attendues"):
        mean(TWO, [1, 2])
    with pytest.raises(EstimationError, match="infinie à la ligne 2"):
        mean(TWO, [1, np.inf, 2, 3])
    with pytest.raises(EstimationError, match="jamais inconnu"):
        mean(TWO, [1, 2, 3, 4], domain=[1, nan, 0, 1])


def test_designs_that_cannot_be_are_refused() -> None:
    with pytest.raises(EmptyCellError, match="« b »"):
        stratified(["a"], {"a": 3, "b": 2})
    with pytest.raises(InputError, match="2 répondants pour 1"):
        stratified(["a", "a"], {"a": 1})
    with pytest.raises(InputError, match="« c »"):
        stratified(["c"], {"a": 3})
    with pytest.raises(InputError, match="effectif 1"):
        stratified(["a"], {"a": 3}, self_representing=["a"])
