"""500 random problems: the same optimum as HiGHS and as OR-Tools, checked and certified."""

import numpy as np
import pytest

from restanque.engine.supply import Problem, check, potential, transport
from tests.engine.supply.random_problems import in_units, random_problem
from tests.engine.supply.reference import by_glop, by_highs, by_min_cost_flow, written

#: Units in which the engine gets the problem: ordinary, huge, tiny, and both at once.
UNITS = ((1.0, 1.0), (2.0**-30, 1.0), (2.0**30, 1.0), (1.0, 2.0**-20), (2.0**20, 2.0**20))


def agrees(problem: Problem, seed: int, solve, *truths: float) -> None:
    """The plan holds, proves itself, and costs what the others say, whatever the units."""
    kg, cost = UNITS[seed % len(UNITS)]
    given = in_units(problem, kg, cost)
    plan = solve(given)
    report = check.verify(given, plan)
    assert report.violations == ()
    scale = max(abs(report.objective), 1e-12 / (kg * cost))
    assert abs(plan.objective - plan.bound) <= 1e-9 * scale
    for truth in truths:
        assert report.objective * kg * cost == pytest.approx(truth, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("first", range(0, 280, 40))
def test_the_two_level_core_finds_the_optimum(first: int) -> None:
    for seed in range(first, first + 40):
        problem = random_problem(seed, flour=False)
        truths = by_highs(written(problem)), by_min_cost_flow(problem)
        agrees(problem, seed, transport.solve, *truths)


@pytest.mark.parametrize("first", range(1000, 1220, 20))
def test_the_three_stages_find_the_optimum(first: int) -> None:
    for seed in range(first, first + 20):
        problem = random_problem(seed, flour=True)
        programme = written(problem)
        truths = [by_highs(programme)]
        if len(problem.lines):
            truths.append(by_glop(programme))
        agrees(problem, seed, potential.solve, *truths)


def test_random_problems_cover_the_hard_cases() -> None:
    problems = [random_problem(seed, flour=True) for seed in range(1000, 1220)]
    assert any(not len(problem.lines) for problem in problems)
    assert any(not len(problem.arcs) and len(problem.lines) for problem in problems)
    assert any(not problem.has_flour for problem in problems)
    assert any((problem.lines.kg == 0).any() for problem in problems)
    short = [potential.solve(problem).unserved.sum() for problem in problems[:40]]
    assert np.count_nonzero(short) > 10
