"""Problems are refused with the field and the row; candidates are all those that can serve."""

import numpy as np
import pytest

from restanque.engine.supply import Arcs, Bakeries, Lines, Mills, Problem, ProblemError, Rules
from restanque.engine.supply.distances import project
from restanque.engine.supply.lots import cut


def bakeries(**changes) -> Bakeries:
    given = {
        "capacity": [10, 20, 5],
        "price": [[3.0], [2.5], [2.0]],
        "makes": np.ones((3, 1)),
        "x": [0, 3, 30],
        "y": [0, 4, 0],
    }
    return Bakeries.of(["a", "b", "c"], **(given | changes))


def lines(**changes) -> Lines:
    return Lines.of(["l", "m"], **({"kg": [4, 6], "x": [0, 2], "y": [0, 0]} | changes))


def message(**given) -> str:
    with pytest.raises(ProblemError) as refused:
        Problem.of(**({"bakeries": bakeries(), "lines": lines()} | given))
    return str(refused.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"bakeries": bakeries(capacity=[1, -2, 3])}, "bakeries[1].capacity : « b »"),
        ({"bakeries": bakeries(capacity=[1, np.nan, 3])}, "bakeries[1].capacity"),
        ({"bakeries": bakeries(min_order=[0, 21, 0])}, "commande minimale dépasse la capacité"),
        ({"bakeries": bakeries(price=[[1], [np.inf], [1]])}, "bakeries[1].price"),
        ({"bakeries": bakeries(x=[0, np.nan, 1])}, "les deux coordonnées"),
        ({"bakeries": bakeries(commune=[0, 0, 0])}, "bakeries[0].commune"),
        ({"bakeries": bakeries(makes=np.ones((3, 2)))}, "forme (3, 2) reçue, (3, 1) attendue"),
        ({"lines": lines(kg=[1, np.inf])}, "lines[1].kg : « m »"),
        ({"lines": lines(klass=[0, 1])}, "lines[1].class"),
        ({"lines": lines(current=[3, 0])}, "lines[0].current_bakery"),
        ({"lines": Lines.of(["l", "l"], kg=[1, 1])}, "lines[1].id : « l » est déjà"),
        ({"rules": Rules(k=0)}, "rules.k : au moins une boulangerie"),
        ({"rules": Rules(fairness_from=1.5)}, "une part entre 0 et 1"),
        ({"rules": Rules(radius_km=np.nan)}, "rules.radius_km"),
        ({"rules": Rules(detour=0)}, "plus grand que zéro"),
        ({"rules": Rules(forced=((0, 9),))}, "rules.forced[0]"),
        ({"rules": Rules(forced=((0, 1),), forbidden=((0, 1),))}, "« l » – « b »"),
        ({"classes": ()}, "au moins une classe"),
        ({"distances": np.zeros((1, 1))}, "une ligne par demande"),
        ({"arcs": Arcs.none(5)}, "arcs.start"),
    ],
)
def test_a_fault_names_its_field_and_row(given: dict, said: str) -> None:
    assert said in message(**given)


def test_every_fault_is_told_at_once() -> None:
    said = message(bakeries=bakeries(capacity=[-1, -1, 3]), lines=lines(kg=[-1, 1]))
    assert len(said.splitlines()) >= 3


def test_all_within_the_radius_are_candidates() -> None:
    problem = Problem.of(bakeries=bakeries(), lines=lines(), rules=Rules(radius_km=6.5))
    pairs = set(zip(problem.arcs.line, problem.arcs.bakery, strict=True))
    assert pairs == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert problem.arcs.km == pytest.approx([0, 6.5, 2.6, 1.3 * 17**0.5])
    wide = Problem.of(bakeries=bakeries(), lines=lines(), rules=Rules(radius_km=np.inf))
    assert len(wide.arcs) == 6


def test_bakeries_set_their_own_radius_and_lines_their_price() -> None:
    near = bakeries(radius=[1, np.inf, np.inf])
    problem = Problem.of(bakeries=near, lines=lines(max_price=[2.7, 9]))
    assert list(zip(problem.arcs.line, problem.arcs.bakery, strict=True)) == [(0, 1), (1, 1)]


def test_distances_given_replace_the_places() -> None:
    km = np.array([[1, np.inf, 29], [np.nan, 31, 2.0]])
    problem = Problem.of(bakeries=bakeries(), lines=lines(), distances=km)
    assert list(zip(problem.arcs.line, problem.arcs.bakery, strict=True)) == [
        (0, 0),
        (0, 2),
        (1, 2),
    ]


def test_a_forced_pair_passes_the_limits_and_excludes_the_others() -> None:
    rules = Rules(radius_km=6.5, forced=((0, 2),), forbidden=((1, 0),))
    problem = Problem.of(bakeries=bakeries(), lines=lines(max_price=[1, 9]), rules=rules)
    assert list(zip(problem.arcs.line, problem.arcs.bakery, strict=True)) == [(0, 2), (1, 1)]


def test_a_line_takes_the_classes_it_accepts_where_they_are_baked() -> None:
    problem = Problem.of(
        bakeries=bakeries(price=np.full((3, 2), 2.0), makes=[[1, 0], [1, 1], [0, 1]]),
        lines=lines(klass=[0, 1]),
        classes=("blanc", "bio"),
        accepts=np.array([[True, True], [False, True]]),
        rules=Rules(radius_km=6.5),
    )
    assert problem.arcs.cls.tolist() == [0, 0, 1, 1]
    assert problem.arcs.bakery.tolist() == [0, 1, 1, 1]


def test_preferences_want_a_known_commune() -> None:
    given = {"communes": ("x", "y"), "rules": Rules(radius_km=6.5, near_km=3)}
    problem = Problem.of(
        bakeries=bakeries(commune=[0, 1, -1]), lines=lines(commune=[0, -1]), **given
    )
    assert problem.arcs.preference.tolist() == [0, 0.2, 0, 0]
    nobody = Problem.of(bakeries=bakeries(), lines=lines(commune=[0, 1]), **given)
    assert not nobody.arcs.preference.any()


def test_flour_costs_what_the_bread_price_does_not_hold() -> None:
    mills = Mills(
        ("m",), np.array([0.0]), np.array([10.0]), np.array([np.inf]), np.array([[5.0]]),
        np.array([[0.9]]), np.array([0.8]),
    )  # fmt: skip
    problem = Problem.of(
        bakeries=bakeries(mill=[-1, 0, -1]),
        lines=lines(),
        mills=mills,
        flour_reference=np.array([0.8]),
    )
    assert problem.flour_cost()[0, 0, 0] == pytest.approx(0.1 + 0.0006 * 13)


def test_a_large_line_is_cut_into_equal_lots_and_its_canteen_gets_as_many_bakeries() -> None:
    problem = Problem.of(bakeries=bakeries(), lines=lines(kg=[30, 0]), rules=Rules(lot_kg=8, k=2))
    lots = cut(problem)
    assert lots.count.tolist() == [4, 0]
    assert lots.kg.tolist() == [7.5] * 4
    assert lots.most.tolist() == [4, 2]


def test_degrees_become_kilometres() -> None:
    x, y = project(np.array([5.0, 5.0, 6.0, np.nan]), np.array([43.0, 44.0, 43.5, np.nan]))
    assert y[1] - y[0] == pytest.approx(111.2, abs=0.1)
    assert x[2] - x[0] == pytest.approx(111.2 * np.cos(np.radians(43.5)), abs=0.1)
    assert np.isnan(x[3])
