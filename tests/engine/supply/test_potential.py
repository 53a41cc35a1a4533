"""The three-stage optimum: prices by their meaning, variants by warm start, small cases."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from bench.supply_instances import problem as territory
from bench.supply_potential import whole
from restanque.engine.supply import (
    Bakeries,
    Lines,
    Mills,
    Plan,
    Problem,
    Rules,
    SupplyError,
    Weights,
    check,
    potential,
    transport,
)
from restanque.engine.supply.scaling import arcs_of
from tests.engine.supply.random_problems import random_problem


@pytest.fixture(scope="module")
def tiny() -> Problem:
    return territory("tiny", seed=4, spare=1.2)


@pytest.fixture(scope="module")
def session(tiny: Problem) -> potential.Session:
    return potential.Session(tiny)


def test_without_flour_it_is_the_two_level_core() -> None:
    for seed in range(12):
        problem = territory("tiny", seed=seed, with_flour=False, spare=1.1)
        problem = replace(problem, budget=np.full(len(problem.budget), np.inf))
        core, plan = transport.solve(problem), potential.solve(problem)
        assert plan.objective == pytest.approx(core.objective, rel=1e-9)


def small(seed: int) -> Problem:
    """Whole kg; one kg of flour makes one kg of bread."""
    rng = np.random.default_rng(seed)
    return Problem.of(
        bakeries=Bakeries.of(
            ["a", "b"],
            capacity=2.0 * rng.integers(1, 3, 2),
            price=rng.integers(1, 6, (2, 1)),
            makes=np.ones((2, 1)),
            x=[0, 10],
            y=[0, 0],
        ),
        mills=Mills(
            ("m", "n"),
            np.array([0.0, 10.0]),
            np.zeros(2),
            np.full(2, np.inf),
            rng.integers(0, 4, (2, 1)).astype(float),
            rng.integers(0, 4, (2, 1)).astype(float),
            np.ones(2),
        ),
        lines=Lines.of(["l", "k"], kg=rng.integers(1, 4, 2), x=[1, 8], y=[0, 0]),
        rules=Rules(
            bread_per_flour=1.0,
            unserved_penalty=7.0,
            fairness=1.0,
            weights=Weights(km=0.1, flour_km=0.05),
        ),
    )


@pytest.mark.parametrize("seed", range(15))
def test_small_cases_have_the_enumerated_optimum(seed: int) -> None:
    problem = small(seed)
    owner = np.repeat(np.arange(2), problem.lines.kg.astype(int))
    ways = [None, *itertools.product(range(2), range(2))]
    best = np.inf
    arcs, flour = problem.arcs, problem.flour_cost()[:, :, 0]
    for choice in itertools.product(ways, repeat=len(owner)):
        load, milled, cost = np.zeros(2), np.zeros(2), 0.0
        for d, way in zip(owner, choice, strict=True):
            if way is None:
                cost += 7
                continue
            j, m = way
            cost += arcs.cost[2 * d + j] + flour[j, m]
            load[j] += 1
            milled[m] += 1
        if (load <= problem.bakeries.capacity).all() and (
            milled <= problem.mills.class_capacity[:, 0]
        ).all():
            beyond = np.maximum(load - problem.bakeries.capacity / 2, 0).sum()
            best = min(best, cost + beyond)
    assert potential.solve(problem).objective == pytest.approx(best, abs=1e-9)


def holds(problem: Problem, plan: Plan) -> None:
    assert check.verify(problem, plan).violations == ()
    assert plan.gap < 1e-9


def test_a_whole_pat_costs_what_highs_finds_in_one_piece() -> None:
    """Large enough for the first prices to come from a thinned problem."""
    problem = territory("dept", nearest=15)
    assert len(problem.lines) > potential.SMALL
    plan = potential.solve(problem)
    holds(problem, plan)
    assert plan.objective == pytest.approx(whole(problem)[1], rel=1e-8)


def closed(problem: Problem, mill: int) -> Problem:
    limit = problem.mills.class_capacity.copy()
    limit[mill] = 0
    return replace(problem, mills=replace(problem.mills, class_capacity=limit))


def variants(problem: Problem) -> dict[str, Problem]:
    bakeries, mills = problem.bakeries, problem.mills
    gone = bakeries.capacity.copy()
    gone[np.argmax(gone)] = 0
    stay = np.flatnonzero(problem.lines.commune != problem.lines.commune[0])
    columns = ("x", "y", "kg", "cls", "canteen", "commune", "current", "max_price", "unserved_cost")
    lines = replace(
        problem.lines,
        ids=tuple(problem.lines.ids[row] for row in stay),
        **{name: getattr(problem.lines, name)[stay] for name in columns},
    )
    return {
        "a mill closes": closed(problem, 0),
        "another": closed(problem, 1),
        "flour + 10 %": replace(problem, mills=replace(mills, price=mills.price * 1.1)),
        "more room": replace(problem, bakeries=replace(bakeries, capacity=bakeries.capacity * 1.1)),
        "a baker leaves": replace(
            problem, bakeries=replace(bakeries, capacity=gone, min_order=0 * gone)
        ),
        "a commune leaves": replace(problem, lines=lines, arcs=arcs_of(problem.arcs, stay)),
        "it joins again": problem,
        "certified wished": replace(
            problem, rules=replace(problem.rules, certified_share=0.8, certified_penalty=0.4)
        ),
        "no budget": replace(problem, budget=np.full(len(problem.budget), np.inf)),
        "back": problem,
    }


def test_a_variant_solved_warm_costs_what_it_costs_cold(
    tiny: Problem, session: potential.Session
) -> None:
    for name, variant in variants(tiny).items():
        warm, cold = session.solve(variant), potential.solve(variant)
        holds(variant, warm)
        assert warm.objective == pytest.approx(cold.objective, rel=1e-9), name


def changed(problem: Problem, rng: np.random.Generator) -> Problem:
    """One or two random changes of a meeting: closures, prices, quantities, wishes."""

    def some(values: np.ndarray, *factors: float) -> np.ndarray:
        made = values.astype(float).copy()
        rows = rng.random(made.shape) < 0.3
        made[rows] *= rng.choice(factors, int(rows.sum()))
        return np.round(made, 3)

    bakeries, mills, wheat, lines = problem.bakeries, problem.mills, problem.wheat, problem.lines
    choices = {
        "room": lambda: {
            "bakeries": replace(bakeries, capacity=some(bakeries.capacity, 0, 0.5, 2))
        },
        "mills": lambda: {
            "mills": replace(mills, class_capacity=some(mills.class_capacity, 0.1, 0.5, 3))
        },
        "flour": lambda: {"mills": replace(mills, price=some(mills.price, 0.9, 1.1))},
        "grain": lambda: {"wheat": replace(wheat, supply=some(wheat.supply, 0, 0.5, 2))},
        "asked": lambda: {"lines": replace(lines, kg=some(lines.kg, 0, 0.5, 2))},
        "budget": lambda: {"budget": some(problem.budget, 0.5, 2)},
        "wish": lambda: {
            "rules": replace(problem.rules, certified_share=float(rng.choice([0, 0.3, 1])))
        },
    }
    made = problem
    for what in rng.choice(list(choices), 2):
        made = replace(made, **choices[what]())
    return made


@pytest.mark.parametrize("first", range(1000, 1025, 5))
def test_a_session_answers_two_hundred_random_changes_as_a_cold_solve(first: int) -> None:
    for seed in range(first, first + 5):
        problem, rng = random_problem(seed, flour=True), np.random.default_rng(seed)
        session = potential.Session(problem)
        for _ in range(8):
            variant = changed(problem, rng)
            warm = session.solve(variant)
            assert check.verify(variant, warm).violations == ()
            cold = potential.solve(variant).objective
            assert warm.objective == pytest.approx(cold, rel=1e-9, abs=1e-9)


def test_a_variant_keeps_the_tables(tiny: Problem, session: potential.Session) -> None:
    with pytest.raises(SupplyError, match="mêmes fournils"):
        session.solve(territory("tiny", seed=5, with_flour=False))


def test_the_same_problem_gives_the_same_bits(tiny: Problem) -> None:
    first, second = potential.solve(tiny), potential.solve(tiny)
    assert first.arc_kg.tobytes() == second.arc_kg.tobytes()
    assert first.work == second.work


STEP = 1e-4


def moved(problem: Problem, what: str, row: tuple[int, ...], step: float) -> Problem:
    """The problem with one limit a little larger."""
    table, column = what.split(".")
    values = getattr(getattr(problem, table), column).copy()
    values[row] += step
    return replace(problem, **{table: replace(getattr(problem, table), **{column: values})})


@pytest.mark.parametrize(
    ("what", "dual", "sign"),
    [
        ("lines.kg", "line_price", 1),
        ("bakeries.capacity", "capacity_rent", -1),
        ("mills.class_capacity", "mill_class_rent", -1),
        ("wheat.supply", "wheat_rent", -1),
    ],
)
def test_a_price_is_what_one_more_unit_changes(what: str, dual: str, sign: int) -> None:
    """Between the slopes on either side, which differ where the optimum turns."""
    seen = 0
    for seed in range(1000, 1060):
        problem = random_problem(seed, flour=True)
        if not len(problem.arcs):
            continue
        plan = potential.solve(problem)
        assert plan.duals is not None
        values = sign * getattr(plan.duals, dual)
        if dual == "line_price":  # one more kg asked also raises the certified bread wished
            values = values + problem.rules.certified_share * plan.duals.certified
        table, column = what.split(".")
        limit = getattr(getattr(problem, table), column)
        rows = np.argwhere((np.abs(values) > 1e-3) & (limit > STEP))[:2]
        for row in map(tuple, rows):
            up = potential.solve(moved(problem, what, row, STEP)).objective - plan.objective
            down = plan.objective - potential.solve(moved(problem, what, row, -STEP)).objective
            low, high = sorted((up / STEP, down / STEP))
            assert low - 1e-5 <= values[row] <= high + 1e-5
            seen += 1
    assert seen > 10


def test_what_is_short_says_so_and_is_never_infeasible(tiny: Problem) -> None:
    nobody = replace(tiny.bakeries, capacity=0 * tiny.bakeries.capacity)
    plan = potential.solve(replace(tiny, bakeries=nobody))
    assert plan.unserved == pytest.approx(tiny.lines.kg)
    limit = 0 * tiny.mills.class_capacity
    no_flour = replace(tiny, mills=replace(tiny.mills, class_capacity=limit))
    plan = potential.solve(no_flour)
    assert plan.unserved == pytest.approx(tiny.lines.kg)
    holds(no_flour, plan)


def test_neutral_mode_counts_no_place_and_no_incumbent(tiny: Problem) -> None:
    neutral = territory("tiny", seed=4, spare=1.2)
    neutral = Problem.of(
        bakeries=neutral.bakeries,
        lines=neutral.lines,
        classes=neutral.classes,
        communes=neutral.communes,
        canteens=neutral.canteens,
        accepts=neutral.accepts,
        rules=replace(neutral.rules, neutral=True),
    )
    assert not neutral.arcs.preference.any()
    assert not neutral.arcs.change.any()
    assert tiny.arcs.preference.any()
    assert tiny.arcs.change.any()


def test_a_year_of_tonnes_is_solved_like_a_day_of_kilograms(tiny: Problem) -> None:
    from tests.engine.supply.random_problems import in_units

    usual = potential.solve(tiny)
    for kg, cost in ((1e-6, 1.0), (1e6, 1.0), (1.0, 1e5), (1e-5, 1e-5)):
        other = potential.solve(in_units(tiny, kg, cost))
        assert other.objective * kg * cost == pytest.approx(usual.objective, rel=1e-8)
