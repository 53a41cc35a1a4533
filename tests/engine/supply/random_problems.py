"""Small random problems of every temper: ordinary, degenerate, empty, short of all, uneven."""

from dataclasses import replace

import numpy as np

from restanque.engine.supply import (
    Arcs,
    Bakeries,
    Lines,
    Mills,
    Problem,
    Rules,
    Weights,
    Wheat,
    link,
)
from restanque.engine.supply.scaling import Units

TEMPERS = ("ordinary", "degenerate", "scarce", "uneven", "few", "empty")


def _quantities(rng: np.random.Generator, temper: str, n: int, most: float) -> np.ndarray:
    if temper == "degenerate":
        return rng.integers(0, 4, n).astype(float)
    kg = np.round(rng.uniform(0.1, most, n), 1)
    if temper == "uneven":
        kg = np.round(kg * 10.0 ** rng.integers(-1, 4, n), 1)
    if temper == "scarce":
        kg = np.where(rng.random(n) < 0.3, 0.0, kg)
    return kg


def _costs(rng: np.random.Generator, temper: str, *shape: int) -> np.ndarray:
    if temper == "degenerate":
        return rng.integers(1, 4, shape).astype(float)
    return np.round(rng.uniform(1, 9, shape), 2)


def random_problem(seed: int, *, flour: bool) -> Problem:
    """Decimal kg (0.1) and costs (0.01), so that integer solvers say the same."""
    rng = np.random.default_rng(seed)
    temper = TEMPERS[seed % len(TEMPERS)]
    k = int(rng.integers(1, 4)) if flour else 1
    size = 3 if temper == "few" else 14
    d, j = int(rng.integers(0 if temper == "empty" else 1, size)), int(rng.integers(1, size))
    communes = int(rng.integers(1, 4))
    makes = rng.random((j, k)) < 0.8
    capacity = _quantities(rng, temper, j, 5 if temper == "scarce" else 25)
    upstream = _flour(rng, temper, k) if flour else {}
    bakeries = Bakeries.of(
        [f"b{row}" for row in range(j)],
        capacity=capacity,
        price=_costs(rng, temper, j, k),
        makes=makes,
        mill=rng.integers(-1, 1, j) if flour and len(upstream["mills"]) else -1,
    )
    lines = Lines.of(
        [f"l{row}" for row in range(d)],
        kg=_quantities(rng, temper, d, 20),
        klass=rng.integers(0, k, d),
        commune=rng.integers(-1, communes, d),
        unserved_cost=np.where(rng.random(d) < 0.3, np.round(rng.uniform(2, 12, d), 2), np.nan),
    )
    rules = Rules(
        fairness=float(rng.choice([0, 0.15, 1])),
        fairness_from=float(rng.choice([0, 0.5, 1])),
        unserved_penalty=20,
        certified_share=float(rng.choice([0, 0.5, 1])) if flour else 0.0,
        certified_penalty=2.5,
        weights=Weights(mill_change=float(rng.choice([0, 0.1]))),
    )
    given = {
        "bakeries": bakeries,
        "lines": lines,
        "classes": tuple(f"q{row}" for row in range(k)),
        "communes": tuple(f"c{row}" for row in range(communes)),
        "rules": rules,
        "accepts": np.eye(k, dtype=bool) | (rng.random((k, k)) < 0.3),
        "certified": rng.random(k) < 0.5,
    }
    if flour:
        given |= upstream
        given["budget"] = np.where(
            rng.random(communes) < 0.5, rng.integers(0, 90, communes), np.inf
        )
    draft = Problem.of(**given, arcs=Arcs.none(d))
    line, bakery = np.nonzero(rng.random((d, j)) < rng.choice([0.3, 0.8, 1]))
    km = np.round(rng.uniform(0, 25, len(line)), 1)
    cost = np.round(_costs(rng, temper, len(line)) + 0.5 * (rng.random(len(line)) < 0.3), 2)
    return Problem.of(**given, arcs=link(draft, line, bakery, km, cost=cost))


def _flour(rng: np.random.Generator, temper: str, k: int) -> dict:
    m, f = int(rng.integers(0, 4)), int(rng.integers(0, 4))
    joint = np.where(rng.random(m) < 0.5, _quantities(rng, temper, m, 40), np.inf)
    each = np.where(rng.random((m, k)) < 0.4, np.inf, np.round(rng.uniform(0, 20, (m, k)), 1))
    each[rng.random((m, k)) < 0.15] = 0
    return {
        "mills": Mills(
            tuple(f"m{row}" for row in range(m)),
            rng.uniform(0, 30, m),
            rng.uniform(0, 30, m),
            joint,
            each,
            _costs(rng, temper, m, k) / 10,
            np.round(rng.uniform(0.7, 1, m), 2),
        ),
        "wheat": Wheat(
            tuple(f"w{row}" for row in range(f)),
            rng.uniform(0, 30, f),
            rng.uniform(0, 30, f),
            np.round(rng.uniform(0, 25, (f, k)), 1),
            np.round(rng.uniform(0, 0.3, (f, k)), 2),
            np.full((f, k), 4000.0),
        ),
        "flour_reference": np.round(rng.uniform(0, 0.6, k), 2),
    }


def in_units(problem: Problem, kg: float, cost: float) -> Problem:
    """The same problem where one kg is written `1 / kg` and one €/kg `1 / cost`."""
    made = Units(kg, cost).apply(problem)
    return replace(made, lines=replace(made.lines, max_price=made.lines.max_price / cost))
