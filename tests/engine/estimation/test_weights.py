"""Cells, frames, post-stratification and raking."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from restanque.engine.estimation import (
    Frame,
    InputError,
    Margin,
    RakingError,
    TooFewRespondentsError,
    build_cells,
    mean,
    poststratify,
    quantile,
    rake,
    restricted_to,
    share,
    simple,
    total,
    weigh,
    weigh_together,
)

SIZES = ("petite", "moyenne", "grande")


def frame(n: int, seed: int = 0, cities: int = 1) -> Frame:
    rng = np.random.default_rng(seed)
    return Frame(
        tuple(f"u{i}" for i in range(n)),
        tuple(SIZES[k] for k in rng.integers(0, 3, n)),
        tuple("ens"[k] for k in rng.integers(0, 3, n)),
        SIZES,
        np.arange(n) < cities,
    )


@given(st.integers(5, 60), st.integers(0, 10_000), st.floats(0.05, 1))
def test_every_cell_has_enough_answers_and_every_unit_one_cell(
    n: int, seed: int, rate: float
) -> None:
    people = frame(n, seed)
    responded = np.random.default_rng(seed).random(n) < rate
    others = ~people.self_representing
    if (responded & others).sum() < 5:
        with pytest.raises(TooFewRespondentsError):
            weigh(people, responded)
        return
    made = weigh(people, responded)
    assert made.plan is not None
    assert all(cell.respondents[0] >= 5 for cell in made.plan.cells)
    assert sum(cell.population for cell in made.plan.cells) == n - 1
    assert (made.plan.assignment >= 0).all()
    assert made.design.weights.sum() == pytest.approx(made.design.population)
    assert (made.design.weights >= 1).all()
    assert made.design.silent == (() if responded[0] else ("u0",))


@given(st.integers(0, 10_000))
def test_the_total_of_a_known_constant_is_the_population(seed: int) -> None:
    responded = np.random.default_rng(seed).random(60) < 0.6
    for method in ("cells", "raking"):
        try:
            made = weigh(frame(60, seed), responded, method=method)  # type: ignore[arg-type]
        except RakingError:
            continue
        found = total(made.design, np.ones(made.design.n))
        assert found.value == pytest.approx(made.design.population)
        assert found.standard_error == 0


@given(st.integers(0, 10_000), st.floats(-50, 50), st.floats(0.1, 20))
def test_means_follow_a_change_of_unit(seed: int, shift: float, scale: float) -> None:
    rng = np.random.default_rng(seed)
    made = weigh(frame(40, seed), rng.random(40) < 0.7)
    y = rng.exponential(10, made.design.n)
    one, two = mean(made.design, y), mean(made.design, scale * y + shift)
    assert one.value is not None
    assert one.standard_error is not None
    assert two.value == pytest.approx(scale * one.value + shift)
    assert two.standard_error == pytest.approx(scale * one.standard_error)


def test_merges_are_named() -> None:
    size = ["petite"] * 10 + ["grande"] * 10
    zone = ["est"] * 3 + ["nord"] * 7 + ["est"] * 10
    everybody = np.ones(20, dtype=np.bool_)
    plan = build_cells(size, zone, [everybody], size_order=("petite", "grande"))
    assert [cell.name for cell in plan.cells] == ["petite", "grande"]
    assert plan.merges == (
        "« petite · est » (3 réponses sur 3, minimum 5) est réunie à « petite · nord ».",
    )
    few = everybody.copy()
    few[:7] = False
    plan = build_cells(size, zone, [few], size_order=("petite", "grande"))
    assert [cell.name for cell in plan.cells] == ["petite + grande"]
    assert "« petite » (3 réponses sur 10" in plan.merges[0]


def test_too_few_answers_are_refused_with_the_count() -> None:
    with pytest.raises(TooFewRespondentsError, match="4 réponses pour 20 unités"):
        build_cells(["petite"] * 20, None, [np.arange(20) < 4], size_order=SIZES)


def test_an_unknown_size_class_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="« énorme »"):
        build_cells(["énorme"] * 6, None, [np.ones(6, dtype=np.bool_)], size_order=SIZES)


def test_campaigns_weighted_together_share_their_cells() -> None:
    rng = np.random.default_rng(3)
    masks = [rng.random(60) < 0.7, rng.random(60) < 0.4]
    one, two = weigh_together(frame(60), masks)
    shared = [name for name in one.design.stratum_names if name != "u0"]
    assert shared == [name for name in two.design.stratum_names if name != "u0"]
    assert one.plan is not None
    assert all(min(cell.respondents) >= 5 for cell in one.plan.cells)


def test_raking_meets_every_margin_and_reports() -> None:
    labels = ["a"] * 6 + ["b"] * 4
    others = ["x", "y"] * 5
    margins = [
        Margin.of("taille", labels, {"a": 30, "b": 10}),
        Margin.of("zone", others, {"x": 25, "y": 15}),
    ]
    design, report = rake(simple(10, 40), margins)
    for margin in margins:
        held = np.bincount(margin.codes, weights=design.weights)
        assert held == pytest.approx(margin.totals)
    assert report.converged
    assert report.gap <= 1e-12
    assert report.message.startswith("Calage obtenu en ")


def test_margins_that_no_weights_can_meet_are_refused_by_name() -> None:
    # Every "a" is an "x": "a" cannot weigh more than "x" does.
    margins = [
        Margin.of("taille", ["a", "a", "b", "b"], {"a": 30, "b": 10}),
        Margin.of("zone", ["x", "x", "x", "y"], {"x": 20, "y": 20}),
    ]
    with pytest.raises(RakingError, match=r"n’aboutit pas après 50 itérations : « taille »"):
        rake(simple(4, 40), margins, max_iterations=50)
    margins[1] = Margin.of("zone", ["x", "x", "x", "y"], {"x": 20, "y": 21})
    with pytest.raises(RakingError, match="zone 41"):
        rake(simple(4, 40), margins)


def test_weights_are_calibrated_once() -> None:
    margin = Margin.of("taille", ["a", "b"], {"a": 3, "b": 1})
    once = poststratify(simple(2, 4), margin)
    assert once.weights.tolist() == [3, 1]
    with pytest.raises(InputError, match="déjà calés"):
        poststratify(once, margin)


def test_a_level_never_mixes_a_self_representing_unit_with_others() -> None:
    made = weigh(frame(30, 1), np.ones(30, dtype=np.bool_)).design
    with pytest.raises(InputError, match="sa propre modalité"):
        poststratify(made, Margin.of("tout", ["tout"] * 30, {"tout": 30}))


def test_raking_keeps_the_weight_of_a_self_representing_unit_at_one() -> None:
    rng = np.random.default_rng(8)
    responded = rng.random(80) < 0.6
    responded[0] = True
    made = weigh(frame(80, 8), responded, method="raking")
    assert made.design.weights[0] == pytest.approx(1)
    gone = np.arange(made.design.n) != 0
    without = restricted_to(made.design, gone)
    assert without.silent == ("u0",)
    assert without.weights.sum() == pytest.approx(79)


@given(st.integers(0, 10_000), st.floats(0.3, 1), st.floats(0, 0.2), st.floats(0, 3))
def test_intervals_hold_their_value_whatever_the_answers(
    seed: int, rate: float, blanks: float, spread: float
) -> None:
    rng = np.random.default_rng(seed)
    people, responded = frame(50, seed), rng.random(50) < rate
    answered = responded & (rng.random(50) >= blanks)
    if answered[1:].sum() < 5:
        return
    made = weigh(people, answered)
    y = np.exp(rng.normal(0, spread, made.design.n)) * (rng.random(made.design.n) > 0.2)
    yes = (y > np.median(y)).astype(float)
    group = rng.random(made.design.n) < 0.5
    for found in (
        mean(made.design, y, domain=group),
        total(made.design, y, nonnegative=True),
        share(made.design, yes),
        share(made.design, yes, domain=group),
        quantile(made.design, y, 0.5),
        quantile(made.design, y, 0.9, domain=group),
    ):
        if found.interval is None:
            assert found.notes
            continue
        assert found.value is not None
        slack = 1e-9 * max(1.0, abs(found.value))
        assert found.interval[0] - slack <= found.value <= found.interval[1] + slack
    low, high = share(made.design, yes).interval or (0.0, 1.0)
    assert 0 <= low <= high <= 1
