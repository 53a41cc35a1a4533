"""Small supply problems drawn at random, and every award of a tiny one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from restanque.engine.supply import Bakeries, Lines, Mills, Problem, Rules, Wheat
from restanque.engine.supply.award.instance import Instance, evaluate

ACCEPTS = np.array([[True, True], [False, True]])


def random_problem(
    seed: int,
    *,
    lines: int = 6,
    bakeries: int = 4,
    tightness: float = 1.2,
    flour: bool = False,
    mills: float = 1.5,
    **rules: object,
) -> Problem:
    """Two classes, two communes with a budget; capacities sum to `tightness` times the need."""
    rng = np.random.default_rng(seed)
    kg = np.round(rng.uniform(1, 12, lines), 1)
    share = rng.dirichlet(np.full(bakeries, 3.0)) if bakeries else np.zeros(0)
    capacity = np.round(share * kg.sum() * tightness, 1)
    makes = np.c_[np.ones(bakeries, bool), rng.random(bakeries) < 0.6]
    price = np.round(rng.uniform(2.5, 4, bakeries)[:, None] + np.array([0.0, 0.6]), 2)
    made = {}
    if flour:
        limit = mills * kg.sum() / 1.3 / 4
        made["mills"] = Mills(
            ("moulin 1", "moulin 2"),
            rng.uniform(0, 20, 2),
            rng.uniform(0, 20, 2),
            np.full(2, np.inf),
            np.full((2, 2), limit),
            np.round(rng.uniform(0.7, 1.2, (2, 2)), 2),
            np.full(2, 0.78),
        )
        made["wheat"] = Wheat(
            ("zone",),
            np.array([10.0]),
            np.array([10.0]),
            np.full((1, 2), kg.sum()),
            np.zeros((1, 2)),
            np.full((1, 2), 4500.0),
        )
    settings: dict[str, object] = {"lot_kg": 6.0, "min_drop_kg": 1.5, "certified_share": 0.3}
    return Problem.of(
        classes=("conventionnel", "bio"),
        communes=("A", "B"),
        canteens=[f"cantine {i}" for i in range(max(lines - 1, 1))],
        bakeries=Bakeries.of(
            [f"fournil {j}" for j in range(bakeries)],
            capacity=capacity,
            price=price.reshape(bakeries, 2),
            makes=makes.reshape(bakeries, 2),
            x=rng.uniform(0, 20, bakeries),
            y=rng.uniform(0, 20, bakeries),
            min_order=np.round(capacity * rng.uniform(0.2, 0.6, bakeries), 1),
            commune=rng.integers(0, 2, bakeries),
        ),
        lines=Lines.of(
            [f"ligne {d}" for d in range(lines)],
            kg=kg,
            x=rng.uniform(0, 20, lines),
            y=rng.uniform(0, 20, lines),
            klass=rng.integers(0, 2, lines),
            canteen=np.minimum(np.arange(lines), max(lines - 2, 0)),
            commune=rng.integers(0, 2, lines),
            current=rng.integers(0, bakeries, lines) if bakeries else -1,
        ),
        rules=Rules(**{**settings, **rules}),  # type: ignore[arg-type]
        accepts=ACCEPTS,
        certified=np.array([False, True]),
        budget=np.array([kg.sum() * 1.4, np.inf]),
        **made,  # type: ignore[arg-type]
    )


def every_award(inst: Instance) -> Iterator[np.ndarray]:
    """All choices of an arc or none for each lot."""
    choices = [
        [-1, *range(int(inst.ptr[lot]), int(inst.ptr[lot + 1]))] for lot in range(len(inst.kg))
    ]
    for choice in product(*choices):
        yield np.array(choice, dtype=np.int64)


def best_of_all(inst: Instance) -> float:
    """The objective of the best award that breaks no rule, by looking at all of them."""
    values = (evaluate(inst, arc) for arc in every_award(inst))
    return min(value.objective for value in values if value.broken == 0)
