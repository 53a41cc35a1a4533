"""The two-level kernel: guarantees, small cases by enumeration, hard shapes."""

import itertools
import subprocess
import sys

import numpy as np
import pytest

from bench.supply_instances import problem as territory
from restanque.engine.supply import check, transport
from tests.engine.supply.random_problems import random_problem


def tiny(seed: int) -> dict:
    """Whole kg and whole costs, at most five kg in all."""
    rng = np.random.default_rng(seed)
    d, j = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    return {
        "start": np.arange(d + 1) * j,
        "bakery": np.tile(np.arange(j), d),
        "cost": rng.integers(-2, 9, d * j).astype(float),
        "kg": rng.multinomial(5, np.full(d, 1 / d)).astype(float),
        "unserved_cost": rng.integers(0, 12, d).astype(float),
        "capacity": 2.0 * rng.integers(0, 3, j),
        "fairness": float(rng.integers(0, 4)),
        "fairness_from": 0.5,
    }


def enumerated(case: dict) -> float:
    """Least cost over every way of giving each kg to a bakery or to none."""
    d, j = len(case["kg"]), len(case["capacity"])
    owner = np.repeat(np.arange(d), case["kg"].astype(int))
    cost = np.c_[case["cost"].reshape(d, j), case["unserved_cost"]][owner]
    best = np.inf
    for choice in itertools.product(range(j + 1), repeat=len(owner)):
        load = np.bincount(choice, minlength=j + 1)[:j]
        if (load > case["capacity"]).any():
            continue
        beyond = np.maximum(load - 0.5 * case["capacity"], 0).sum()
        best = min(best, cost[np.arange(len(owner)), choice].sum() + case["fairness"] * beyond)
    return float(best)


@pytest.mark.parametrize("seed", range(60))
def test_tiny_cases_have_the_enumerated_optimum(seed: int) -> None:
    case = tiny(seed)
    made = transport.transport(**case)
    assert made.objective == pytest.approx(enumerated(case), abs=1e-9)
    assert made.bound == pytest.approx(made.objective, abs=1e-9)


def test_the_same_problem_gives_the_same_bits() -> None:
    for seed in range(30):
        problem = random_problem(seed, flour=False)
        first, second = transport.solve(problem), transport.solve(problem)
        assert first.arc_kg.tobytes() == second.arc_kg.tobytes()
        assert first.objective == second.objective
        assert first.work == second.work


def test_decimal_quantities_leave_no_crumbs() -> None:
    made = transport.transport(
        np.array([0, 1, 2]),
        np.array([0, 0]),
        np.array([1.0, 1.0]),
        np.array([0.1, 0.2]),
        np.array([9.0, 9.0]),
        np.array([0.3]),
    )
    assert made.arc_kg.tolist() == [0.1, 0.2]
    assert made.unserved.tolist() == [0.0, 0.0]


def test_quantities_that_are_no_decimals_are_shared_to_the_last_bit() -> None:
    rng = np.random.default_rng(3)
    kg, capacity = rng.random(40) / 3, rng.random(7)
    made = transport.transport(
        np.arange(41) * 7,
        np.tile(np.arange(7), 40),
        rng.random(280),
        kg,
        np.full(40, 5.0),
        capacity,
        fairness=0.1,
        fairness_from=1 / 3,
    )
    given = np.add.reduceat(made.arc_kg, np.arange(40) * 7) + made.unserved
    assert given == pytest.approx(kg, abs=1e-13)
    assert made.bound == pytest.approx(made.objective, rel=1e-12)


def test_kilograms_and_tonnes_in_one_problem() -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        kg = 10.0 ** rng.uniform(-6, 6, 12)
        made = transport.transport(
            np.arange(13) * 5,
            np.tile(np.arange(5), 12),
            10.0 ** rng.uniform(-3, 3, 60),
            kg,
            np.full(12, 1e4),
            10.0 ** rng.uniform(-6, 6, 5),
        )
        assert made.bound == pytest.approx(made.objective, rel=1e-9)


def test_nothing_asked_or_nobody_to_ask() -> None:
    nothing = np.zeros(0)
    none = np.zeros(0, dtype=np.int64)
    made = transport.transport(np.array([0]), none, nothing, nothing, nothing, np.array([3.0]))
    assert (made.objective, made.bound) == (0, 0)
    made = transport.transport(
        np.array([0, 0]), none, nothing, np.array([2.0]), np.array([7.0]), nothing
    )
    assert made.unserved.tolist() == [2.0]
    assert made.objective == made.bound == 14


def test_the_price_of_a_bakery_is_what_less_load_saves() -> None:
    """Two lines want the near bakery; the second best costs 2 more."""
    made = transport.transport(
        np.array([0, 2, 4]),
        np.array([0, 1, 0, 1]),
        np.array([1.0, 3.0, 1.0, 4.0]),
        np.array([5.0, 5.0]),
        np.array([9.0, 9.0]),
        np.array([5.0, 10.0]),
    )
    assert made.arc_kg.tolist() == [0, 5, 5, 0]
    assert made.load_price.tolist() == pytest.approx([2, 0])


def test_the_checker_accepts_the_core() -> None:
    problem = random_problem(7, flour=False)
    assert check.verify(problem, transport.solve(problem)).violations == ()


def test_a_region_is_proved_and_obeys_every_rule() -> None:
    problem = territory("region", nearest=20, with_flour=False)
    plan = transport.solve(problem)
    assert check.verify(problem, plan).violations == ()
    assert plan.bound == pytest.approx(plan.objective, rel=1e-12)
    assert plan.unserved.sum() > 0


def test_quantities_out_of_range_are_refused_before_the_kernel() -> None:
    one, first = np.array([1.0]), np.array([0, 1])
    for kg, capacity in ((-one, one), (one, -one), (np.inf * one, one)):
        with pytest.raises(ValueError, match="must be"):
            transport.transport(first, np.array([0]), one, kg, one, capacity)


def test_a_read_only_installation_still_solves(tmp_path) -> None:
    """No folder can be written: compiled in memory, with the same answer."""
    code = (
        "import numba.core.caching as c\n"
        "c.CacheImpl._locator_classes = []\n"
        "import numpy as np\n"
        "from restanque.engine.supply.transport import transport\n"
        "one = np.array([1.0])\n"
        "print(transport(np.array([0, 1]), np.array([0]), one, one, 9 * one, one).objective)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.stdout == "1.0\n", done.stderr
