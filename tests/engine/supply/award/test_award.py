"""Whole lots: optimal where all awards can be looked at, and no rule broken anywhere."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from restanque.engine.supply import award, check, potential
from restanque.engine.supply.award import polish
from restanque.engine.supply.award.bound import first_prices, lower_bound
from restanque.engine.supply.award.columns import Pool, Programme, choose
from restanque.engine.supply.award.instance import Instance, build, evaluate, lot_of_arc
from restanque.engine.supply.award.parts import part, tiles
from restanque.engine.supply.award.pricing import Prices, by_bakery, found, price_all, scratch
from restanque.engine.supply.award.search import Search
from restanque.engine.supply.lots import cut
from tests.engine.supply.award.problems import best_of_all, random_problem


@pytest.mark.parametrize("seed", range(25))
def test_tiny_awards_are_optimal_and_their_bound_is_under_the_optimum(seed: int) -> None:
    problem = random_problem(
        seed, lines=4, bakeries=3, tightness=1.0 + 0.1 * (seed % 6), lot_kg=12.0
    )
    plan = award.solve(problem, moves=4000, seed=seed)
    best = best_of_all(build(problem, cut(problem)))
    assert plan.objective == pytest.approx(best, abs=1e-6)
    assert plan.bound <= best + 1e-6
    assert check.verify(problem, plan).violations == ()


def best_gain(inst: Instance, j: int, prices: Prices) -> float:
    """What bakery j gains at most at these prices, by looking at all its loads."""
    lot_of = lot_of_arc(inst)
    choices = [
        [-1, *(a for a in range(inst.ptr[lot], inst.ptr[lot + 1]) if inst.bakery[a] == j)]
        for lot in range(len(inst.kg))
    ]
    best = 0.0
    for choice in product(*choices):
        arcs = np.array([a for a in choice if a >= 0], dtype=np.int64)
        lots = lot_of[arcs]
        load = float(inst.kg[lots].sum())
        if not len(arcs) or not inst.minimum[j] - 1e-7 <= load <= inst.capacity[j] + 1e-7:
            continue
        gain = (prices.lot[lots] - inst.cost[arcs] + prices.merit[0] * inst.merit[arcs]).sum()
        paid = inst.purse[lots] >= 0
        gain -= (prices.budget[inst.purse[lots][paid]] * inst.spend[arcs][paid]).sum()
        met = np.unique(inst.canteen[lots])
        gain -= (inst.stop[met] + prices.baker[met]).sum()
        best = max(best, gain - inst.slope[j] * max(load - inst.kink[j], 0.0))
    return best


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_the_gain_of_a_bakery_is_that_of_all_its_loads(first: int) -> None:
    """Also where the minimum order makes a lot worth taking that loses a little by itself."""
    for seed in range(first, first + 10):
        problem = random_problem(seed, lines=5, bakeries=4, tightness=2.0, lot_kg=12.0)
        inst, rng = build(problem, cut(problem)), np.random.default_rng(seed)
        near = inst.penalty.copy()
        np.minimum.at(near, lot_of_arc(inst), inst.cost)
        for _ in range(3):
            on = rng.random(3) < 0.5
            prices = Prices(
                near * rng.uniform(0.9, 1.4, len(near)),
                on[0] * rng.random(len(inst.most)),
                on[1] * rng.random(len(inst.budget)),
                on[2] * rng.random(1),
            )
            seen = by_bakery(inst)
            told = price_all(inst, seen, prices, scratch(seen), found(inst, seen))
            truth = sum(best_gain(inst, j, prices) for j in range(len(inst.capacity)))
            assert truth - 1e-6 <= told <= truth * 1.001 + 0.05


KINDS = {
    "loose": {"tightness": 3.0},
    "tight": {"tightness": 1.0},
    "very tight": {"tightness": 0.7},
    "no capacity": {"tightness": 0.0},
    "no baker": {"bakeries": 0},
    "no line": {"lines": 0, "bakeries": 3},
    "out of reach": {"radius_km": 0.001},
    "high minimum": {"min_drop_kg": 9.0},
    "one baker each": {"k": 1, "lot_kg": 100.0},
    "giant lot": {"lot_kg": 1000.0, "tightness": 0.9},
}


@pytest.mark.parametrize("kind", KINDS)
def test_no_rule_is_broken_on_random_problems(kind: str) -> None:
    for seed in range(30):
        options = {"lines": 9, "bakeries": 5, **KINDS[kind]}
        problem = random_problem(seed, **options)  # type: ignore[arg-type]
        plan = award.solve(problem, moves=1500, seed=seed, polish=seed % 3 == 0)
        report = check.verify(problem, plan)
        assert report.violations == (), (kind, seed)
        assert report.objective == pytest.approx(plan.objective, abs=1e-6)
        assert plan.bound <= plan.objective + 1e-6


@pytest.mark.parametrize("mills", [0.4, 0.9, 2.0])
def test_flour_limits_hold_whatever_is_short(mills: float) -> None:
    for seed in range(10):
        problem = random_problem(seed, lines=9, bakeries=5, tightness=1.6, flour=True, mills=mills)
        plan = award.solve(problem, moves=1500, seed=seed)
        report = check.verify(problem, plan)
        assert report.violations == (), (mills, seed)
        assert potential.solve(problem).objective <= plan.objective + 1e-6


def test_all_forbidden_leaves_everything_unserved() -> None:
    problem = random_problem(1)
    pairs = tuple((d, j) for d in range(len(problem.lines)) for j in range(len(problem.bakeries)))
    rules = replace(problem.rules, forbidden=pairs)
    closed = random_problem(1, forbidden=rules.forbidden)
    plan = award.solve(closed, moves=500, seed=0)
    assert plan.unserved == pytest.approx(closed.lines.kg)
    assert plan.arc_kg.sum() == 0


def test_same_seed_same_plan_and_stopping_still_gives_a_valid_plan() -> None:
    problem = random_problem(3, lines=30, bakeries=12)
    first = award.solve(problem, moves=20_000, seed=5)
    second = award.solve(problem, moves=20_000, seed=5)
    assert np.array_equal(first.arc_kg, second.arc_kg)
    assert (first.objective, first.bound) == (second.objective, second.bound)
    stopped = award.solve(problem, moves=20_000, seed=5, should_stop=lambda: True)
    assert check.verify(problem, stopped).violations == ()
    assert any("interrompu" in note for note in stopped.notes)
    seen: list[award.Progress] = []
    award.solve(problem, moves=2000, seed=5, on_progress=seen.append)
    assert seen[-1].share == 1.0
    assert [item.share for item in seen] == sorted(item.share for item in seen)


def test_neutral_mode_counts_no_place_and_no_incumbent() -> None:
    problem = random_problem(4, lines=12, bakeries=6, tightness=2.0, neutral=True)
    moved = replace(
        problem,
        lines=replace(problem.lines, current=np.full(12, -1)),
        bakeries=replace(problem.bakeries, commune=np.full(6, -1)),
    )
    assert not problem.arcs.preference.any()
    assert not problem.arcs.change.any()
    plans = [award.solve(one, moves=5000, seed=1) for one in (problem, moved)]
    assert np.array_equal(plans[0].arc_kg, plans[1].arc_kg)
    assert any("préférence géographique" in note for note in plans[0].notes)


def test_running_sums_agree_with_a_full_evaluation() -> None:
    problem = random_problem(8, lines=40, bakeries=15, min_drop_kg=0.0)
    inst = build(problem, cut(problem))
    search = Search(inst, 2)
    search.run(20_000, should_stop=lambda: False)
    value = evaluate(inst, search.state.arc)
    assert value.broken == 0
    assert search.check_sums() == pytest.approx(value.objective, abs=1e-8)


def test_the_programme_of_patterns_prices_an_award_as_its_evaluation_does() -> None:
    problem = random_problem(9, lines=20, bakeries=8, tightness=1.5)
    inst = build(problem, cut(problem))
    search = Search(inst, 0)
    search.run(5_000, should_stop=lambda: False)
    pool = Pool(inst)
    pool.add_award(search.arc)
    programme = Programme(inst)
    highs = programme.empty()
    programme.add(highs, pool, range(len(pool)))
    for lot in np.flatnonzero(search.arc < 0):
        highs.changeColBounds(int(lot), 1.0, 1.0)
    for lot in np.flatnonzero(search.arc >= 0):
        highs.changeColBounds(int(lot), 0.0, 0.0)
    highs.run()
    assert highs.getInfo().objective_function_value == pytest.approx(search.objective, abs=1e-6)
    prices = lower_bound(inst, first_prices(inst, np.zeros(8)), rounds=30).prices
    assert np.array_equal(choose(pool, prices, search.arc, most=50, nodes=1), search.arc)


def test_what_a_part_gains_the_whole_gains() -> None:
    problem = random_problem(11, lines=40, bakeries=15, tightness=1.4, certified_share=0.6)
    inst = build(problem, cut(problem))
    search = Search(inst, 0)
    search.run(2_000, should_stop=lambda: False)
    rng = np.random.default_rng(0)
    lots = np.flatnonzero(np.isin(inst.canteen, rng.choice(39, 12, replace=False)))
    one = part(inst, lots, search.arc)
    inner = one.inside(search.arc)
    assert np.array_equal(one.outside(search.arc, inner), search.arc)
    before, inside = evaluate(inst, search.arc).objective, evaluate(one.inst, inner).objective
    for lot in range(len(lots)):
        for arc in [-1, *range(int(one.inst.ptr[lot]), int(one.inst.ptr[lot + 1]))]:
            moved = inner.copy()
            moved[lot] = arc
            if evaluate(one.inst, moved).over_capacity:
                continue
            gain = evaluate(one.inst, moved).objective - inside
            whole = evaluate(inst, one.outside(search.arc, moved)).objective - before
            assert gain == pytest.approx(whole, abs=1e-8)


def test_a_large_award_is_polished_by_parts_under_the_same_guarantees(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = replace(polish.PART, tile=30)
    monkeypatch.setattr("restanque.engine.supply.award.polish.PART", small)
    problem = random_problem(12, lines=60, bakeries=25, tightness=1.3)
    whole = award.solve(problem, moves=5_000, seed=0)
    monkeypatch.setattr("restanque.engine.supply.award.solving.PATTERNS", 10)
    parts = award.solve(problem, moves=5_000, seed=0)
    assert check.verify(problem, parts).violations == ()
    assert parts.bound <= whole.objective + 1e-6
    assert whole.bound <= parts.objective + 1e-6
    assert parts.gap < 0.1


def test_tiles_hold_every_point_once() -> None:
    rng = np.random.default_rng(0)
    groups = tiles(rng.random(100), rng.random(100), 7)
    assert max(map(len, groups)) <= 7
    assert sorted(np.concatenate(groups).tolist()) == list(range(100))
