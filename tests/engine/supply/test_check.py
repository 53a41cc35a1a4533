"""The checker sees every rule broken: a good plan is spoilt one rule at a time."""

from dataclasses import replace

import numpy as np
import pytest

from restanque.engine.supply import (
    Bakeries,
    FlourFlow,
    Lines,
    Plan,
    Problem,
    Rules,
    check,
    potential,
)
from tests.engine.supply.random_problems import random_problem


def village(**rules) -> Problem:
    """Two bakeries, one canteen of two lines, one of one; every pair within reach."""
    return Problem.of(
        bakeries=Bakeries.of(
            ["a", "b"],
            capacity=[10, 10],
            min_order=[4, 4],
            price=[[3, 4], [2, 3]],
            makes=np.ones((2, 2)),
            x=[0, 2],
            y=[0, 0],
        ),
        lines=Lines.of(
            ["l", "m", "n"],
            kg=[6, 2, 4],
            x=[0, 0, 2],
            y=[0, 0, 0],
            canteen=[0, 0, 1],
            klass=[0, 0, 1],
        ),
        canteens=["ecole", "creche"],
        classes=("blanc", "bio"),
        rules=Rules(k=1, lot_kg=8, stop_cost=1, **rules),
    )


def plan(problem: Problem, given: dict[tuple[int, int], float], model="award") -> Plan:
    """kg by (line, bakery); the rest unserved; the objective is the checker's own."""
    arcs = problem.arcs
    kg = np.zeros(len(arcs))
    for (line, bakery), amount in given.items():
        kg[np.flatnonzero((arcs.line == line) & (arcs.bakery == bakery))[0]] = amount
    left = problem.lines.kg - np.bincount(arcs.line, kg, len(problem.lines))
    made = Plan(model, kg, left, 0.0, -np.inf)
    return replace(made, objective=check.verify(problem, made).objective)


def broken(problem: Problem, made: Plan) -> set[str]:
    return {violation.rule for violation in check.verify(problem, made).violations}


GOOD = {(0, 0): 6.0, (1, 0): 2.0, (2, 1): 4.0}


def test_a_good_award_breaks_nothing() -> None:
    assert broken(village(), plan(village(), GOOD)) == set()


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({(0, 0): 6.0, (1, 1): 2.0, (2, 1): 4.0}, "boulangeries par cantine"),
        ({(0, 0): 3.0, (1, 0): 2.0, (2, 1): 4.0}, "lot entier"),
        ({(0, 0): 6.0, (1, 0): 2.0, (2, 0): 4.0}, "capacité"),
        ({(1, 0): 2.0, (2, 1): 4.0}, "commande minimale"),
        ({(0, 0): 7.0, (1, 0): 2.0, (2, 1): 4.0}, "non servi négatif"),
    ],
)
def test_rules_of_the_award(given: dict, rule: str) -> None:
    problem = village()
    assert rule in broken(problem, plan(problem, given))


def test_a_drop_too_small() -> None:
    problem = village(min_drop_kg=7)
    assert "livraison minimale" in broken(problem, plan(problem, {(0, 0): 6.0, (2, 1): 4.0}))


def test_pairs_prices_and_radius() -> None:
    problem = village()
    made = plan(problem, GOOD)
    rules = problem.rules
    assert broken(replace(problem, rules=replace(rules, forbidden=((0, 0),))), made) == {
        "lien interdit"
    }
    assert broken(replace(problem, rules=replace(rules, forced=((0, 1),))), made) == {"lien imposé"}
    dear = replace(problem, lines=replace(problem.lines, max_price=np.array([2.5, 9, 9])))
    assert broken(dear, made) == {"prix accepté"}
    far = plan(problem, {(2, 0): 4.0})
    assert "rayon" in broken(replace(problem, rules=replace(rules, radius_km=1)), far)
    assert "classe" in broken(replace(problem, accepts=np.zeros((2, 2), dtype=bool)), made)


def test_figures_announced_must_be_true() -> None:
    problem = village()
    made = plan(problem, GOOD)
    assert broken(problem, replace(made, objective=made.objective * 1.01)) == {"objectif"}
    assert broken(problem, replace(made, bound=made.objective * 1.01)) == {"borne"}
    assert "bilan de la ligne" in broken(problem, replace(made, unserved=made.unserved + 1))
    with pytest.raises(ValueError, match="not one of this problem"):
        check.verify(problem, replace(made, unserved=np.zeros(1)))


def test_flour_and_grain_are_followed_to_the_field() -> None:
    faults = set()
    for seed in range(1000, 1080):
        problem = random_problem(seed, flour=True)
        made = potential.solve(problem)
        assert check.verify(problem, made).violations == ()
        if not len(made.flour.kg):
            continue
        flour = made.flour
        more = FlourFlow(flour.bakery, flour.mill, flour.cls, flour.kg + 50)
        faults |= broken(problem, replace(made, flour=more))
        if len(made.wheat.kg):
            faults |= broken(
                problem, replace(made, wheat=replace(made.wheat, kg=made.wheat.kg + 50))
            )
            faults |= broken(
                problem, replace(made, wheat=replace(made.wheat, kg=made.wheat.kg / 2))
            )
    assert {
        "farine du fournil",
        "capacité du moulin",
        "grain du moulin",
        "blé disponible",
    } <= faults
