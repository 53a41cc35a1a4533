"""Two campaigns: the covariance of common respondents, silence, refusals."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from restanque.engine.estimation import (
    Campaign,
    EstimationError,
    InputError,
    compare,
    simple,
    stratified,
)
from restanque.engine.estimation.linear import ask, linear_total
from restanque.engine.estimation.variance import overlap_covariance


@pytest.mark.parametrize("both", [2, 3])
def test_the_covariance_is_unbiased_over_every_way_of_answering(both: int) -> None:
    one, two = np.array([1.0, 4, 4, 9, 20]), np.array([2.0, 3, 7, 9, 26])
    totals, covariances = [], []
    for order in set(permutations(range(5))):
        # Three answer first; `both` of them answer again, with one newcomer.
        first, second = list(order[:3]), [*order[:both], order[3]]
        designs = [simple(len(s), 5, units=[str(i) for i in s]) for s in (first, second)]
        lines = [
            linear_total(ask(designs[0], one[first])),
            linear_total(ask(designs[1], two[second])),
        ]
        totals.append([line.value for line in lines])
        found, n_both = overlap_covariance(designs[0], lines[0].scores, designs[1], lines[1].scores)
        assert n_both == both
        covariances.append(found.sum())
    assert np.mean(covariances) == pytest.approx(np.cov(np.array(totals).T, ddof=0)[0, 1])


def test_the_same_respondents_are_compared_in_pairs() -> None:
    design = simple(4, 40)
    found = compare(Campaign(design, [1, 5, 9, 20]), Campaign(design, [2, 7, 10, 22]), "mean")
    change = np.array([1, 2, 1, 2])
    assert found.change == pytest.approx(1.5)
    assert found.standard_error == pytest.approx((0.9 * change.var(ddof=1) / 4) ** 0.5)
    assert found.conclusive
    assert found.n_both == 4


def test_different_respondents_are_compared_as_blocks() -> None:
    first, second = simple(3, 40, units=list("abc")), simple(3, 40, units=list("def"))
    found = compare(Campaign(first, [0, 1, 1]), Campaign(second, [1, 0, 1]), "share")
    assert found.n_both == 0
    assert found.correlation == 0
    assert found.conclusive is False
    assert "en bloc" in found.notes[0]


def test_a_silent_self_representing_unit_is_left_out_of_both() -> None:
    sizes = {"Ville": 1.0, "x": 6.0}
    names = ["Ville", "un", "deux", "trois"]
    first = stratified(["Ville", "x", "x", "x"], sizes, units=names, self_representing=["Ville"])
    second = stratified(["x"] * 3, {"x": 6}, units=names[1:], silent=["Ville"])
    found = compare(Campaign(first, [999, 1, 2, 3]), Campaign(second, [2, 2, 5]), "total")
    assert found.change == pytest.approx(6)
    assert found.before.value == pytest.approx(12)
    assert found.missing_units == ("Ville",)
    assert found.notes[0].startswith("Comparaison hors Ville")


def test_campaigns_with_other_cells_are_refused() -> None:
    one, two = simple(3, 40), stratified(["a"] * 3, {"a": 40})
    with pytest.raises(InputError, match="mêmes cellules"):
        compare(Campaign(one, [1, 2, 3]), Campaign(two, [1, 2, 3]), "mean")
    with pytest.raises(InputError, match="dénominateur"):
        compare(Campaign(one, [1, 2, 3]), Campaign(one, [1, 2, 3]), "ratio")
    with pytest.raises(EstimationError, match="Aucune réponse"):
        compare(Campaign(one, [np.nan] * 3), Campaign(one, [1, 2, 3]), "mean")


def test_one_answer_or_the_same_change_gives_no_interval() -> None:
    design = simple(3, 40)
    same = compare(Campaign(design, [1, 2, 3]), Campaign(design, [2, 3, 4]), "mean")
    assert (same.interval, same.conclusive) == (None, None)
    assert "de la même façon" in same.notes[-1]
    lone = compare(Campaign(design, [1, np.nan, np.nan]), Campaign(design, [1, 2, 4]), "mean")
    assert lone.standard_error is None
    census = simple(2, 2)
    exact = compare(Campaign(census, [1, 2]), Campaign(census, [3, 4]), "total")
    assert exact.interval == (4, 4)
