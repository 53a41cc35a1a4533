"""PROBLEM.json and PLAN.json: the schemas hold, faults are pointed at, nothing ever crashes."""

import copy
import json
import random
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from restanque.engine.supply import (
    NotAProblemError,
    Problem,
    ProblemError,
    SupplyError,
    check,
    potential,
)
from restanque.engine.supply.jsonio import plan_as_dict, read_problem, write_plan

DOCS = Path(__file__).parents[3] / "docs" / "supply"
EXAMPLES = sorted((DOCS / "examples").glob("*.json"))
SCHEMA = json.loads((DOCS / "problem.schema.json").read_text("utf-8"))
PLAN_SCHEMA = json.loads((DOCS / "plan.schema.json").read_text("utf-8"))

SMALL: dict[str, Any] = {
    "bakeries": [{"id": "b", "x": 0, "y": 0, "capacity_kg": 9, "price": 3}],
    "lines": [{"id": "l", "x": 1, "y": 0, "kg": 4}],
}


def changed(**changes: Any) -> str:
    """SMALL with some keys at the root, or in its bakery (`b_…`), line (`l_…`), rules (`r_…`)."""
    made = copy.deepcopy(SMALL)
    for key, value in changes.items():
        place, _, name = key.partition("_")
        target = {"b": made["bakeries"][0], "l": made["lines"][0]}.get(place)
        if place == "r":
            target = made.setdefault("rules", {})
        if target is None or not name:
            made[key] = value
        else:
            target[name] = value
    return json.dumps(made)


def solved(problem: Problem) -> dict[str, Any]:
    plan = potential.solve(problem)
    report = check.verify(problem, plan)
    assert report.violations == ()
    return json.loads(write_plan(plan_as_dict(problem, plan, report, times={"solve": 0.1})))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_follow_the_schemas(path: Path) -> None:
    value = json.loads(path.read_text("utf-8"))
    jsonschema.validate(value, SCHEMA)
    assert value["fictitious"] is True
    problem = read_problem(path.read_bytes())
    assert problem.notes == ()
    jsonschema.validate(solved(problem), PLAN_SCHEMA)


def test_the_village_keeps_its_baker_and_changes_its_mill() -> None:
    made = solved(read_problem((DOCS / "examples" / "same-baker-new-flour.json").read_bytes()))
    flow = next(flow for flow in made["flows"] if flow["line"] == "ecole-du-village")
    assert (flow["bakery"], flow["mill"]) == ("boulangerie-du-village", "moulin-bio")
    assert made["wheat"][1]["hectares"] == pytest.approx(12 / 1.3 / 0.76 * 140 / 2900)


def test_the_tight_example_is_short_of_the_far_and_the_poor_lines() -> None:
    made = solved(read_problem((DOCS / "examples" / "too-tight.json").read_bytes()))
    assert {item["line"] for item in made["unserved"]} == {"hameau", "lycee"}
    assert sum(flow["kg"] for flow in made["flows"]) == pytest.approx(18)


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", "3", "{}", '{"lines": NaN}', b"\xff\xfe", "[" * 9999]
)
def test_what_is_no_problem_is_refused_as_such(text: str | bytes) -> None:
    with pytest.raises(NotAProblemError, match="Ce fichier"):
        read_problem(text)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"l_kg": "4"}, "/lines/0/kg : un nombre est attendu, pas un texte"),
        ({"l_kg": -4}, "/lines/0/kg : un nombre positif"),
        ({"l_kg": True}, "/lines/0/kg : un nombre est attendu, pas vrai ou faux"),
        ({"l_kg": None}, "/lines/0/kg : ce nombre manque"),
        ({"l_kg": 10**400}, "/lines/0/kg : ce nombre est trop grand"),
        ({"l_id": None}, "/lines/0/id : cet identifiant manque"),
        ({"l_current_bakery": "z"}, "/lines/0/current_bakery : « z »"),
        ({"l_lon": 5}, "/lines/0/x : donnez lon et lat, ou x et y"),
        ({"l_y": None}, "/lines/0/y : ce nombre manque"),
        ({"b_capacity_kg": {}}, "/bakeries/0/capacity_kg"),
        ({"b_min_order_kg": 10}, "/bakeries/0/min_order_kg : « b » : la commande minimale"),
        ({"b_price": {"bio": "x"}}, "/bakeries/0/price/bio"),
        ({"b_classes": [1]}, "/bakeries/0/classes"),
        ({"b_mill": "m"}, "/bakeries/0/mill"),
        ({"bakeries": 3}, "/bakeries : une liste est attendue, pas le nombre 3"),
        ({"lines": [3]}, "/lines/0 : un objet est attendu, pas le nombre 3"),
        ({"rules": []}, "/rules : un objet est attendu, pas une liste"),
        ({"r_k": 1.5}, "/rules/k : un nombre entier"),
        ({"r_k": 0}, "/rules/k"),
        ({"r_neutral": 1}, "/rules/neutral"),
        ({"r_forced": [["l", "z"]]}, "/rules/forced/0/bakery : « z »"),
        ({"r_forbidden": [3]}, "/rules/forbidden/0"),
        ({"r_accepts": {"pain": ["x"]}}, "/rules/accepts/pain"),
        ({"r_budgets": {"c/d": -1}}, "/rules/budgets/c~1d"),
        ({"r_weights": {"km": "x"}}, "/rules/weights/km"),
        ({"arcs": [{"line": "l", "bakery": "q"}]}, "/arcs/0/bakery : « q »"),
        ({"wheat": [{"id": "w"}]}, "/wheat/0/supply_kg : donnez supply_kg"),
        ({"mills": [{"id": "m", "extraction": 1.2}]}, "/mills/0/extraction"),
    ],
)
def test_a_fault_is_pointed_at(changes: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ProblemError) as refused:
        read_problem(changed(**changes))
    assert pointer in str(refused.value)


def test_two_rows_of_one_name_are_told() -> None:
    twice = copy.deepcopy(SMALL)
    twice["lines"] *= 2
    with pytest.raises(ProblemError, match="/lines/1/id"):
        read_problem(json.dumps(twice))


def test_an_unknown_key_is_noted_not_refused() -> None:
    problem = read_problem(changed(b_capacity=3, r_radius=4, hello=1))
    assert [note.split(" :")[0] for note in problem.notes] == ["/bakeries/0", "/rules", "/"]


def test_an_unknown_price_is_counted_as_zero_and_said() -> None:
    assert "compté à 0" in read_problem(changed(b_price=None)).notes[0]


def test_arcs_given_are_the_only_ones_and_their_cost_the_only_cost() -> None:
    arcs = [{"line": "l", "bakery": "b", "km": 99, "cost": 1.5}]
    problem = read_problem(changed(arcs=arcs))
    assert problem.arcs.cost.tolist() == [1.5]
    assert problem.arcs.price.tolist() == [3]
    assert solved(problem)["objective"] == pytest.approx(6)
    assert len(read_problem(changed(arcs=arcs, r_radius_km=50)).arcs) == 0
    assert len(read_problem(changed(arcs=[])).arcs) == 0
    bare = read_problem(changed(arcs=[{"line": "l", "bakery": "b"}]))
    assert bare.arcs.km == pytest.approx([1.3])


def test_classes_follow_from_what_is_named() -> None:
    problem = read_problem(
        changed(
            l_class="bio", b_price={"bio": 4, "blanc": 3}, r_certified="bio", r_certified_share=1
        )
    )
    assert problem.classes == ("bio", "blanc")
    assert problem.certified.tolist() == [True, False]
    assert problem.arcs.price.tolist() == [4]


def test_whole_numbers_are_fine_identifiers() -> None:
    problem = read_problem(changed(b_id=7, l_id=0, l_current_bakery=7))
    assert problem.lines.current.tolist() == [0]


def test_degrees_are_understood() -> None:
    value = copy.deepcopy(SMALL)
    for row, lon in ((value["bakeries"][0], 5.0), (value["lines"][0], 5.1)):
        del row["x"], row["y"]
        row |= {"lon": lon, "lat": 43.5}
    problem = read_problem(json.dumps(value))
    assert problem.arcs.km == pytest.approx([8.065 * 1.3], rel=1e-3)


ODDITIES = [None, True, -1, 0, 1e308, 1e11, 1e-9, "x", "", [], {}, [[]], {"a": 1}, 3.5, "é" * 50]


def spoilt(value: Any, rng: random.Random) -> Any:
    """The value with one part, somewhere, replaced by an oddity or taken away."""
    if isinstance(value, dict) and value and rng.random() < 0.85:
        key = rng.choice(sorted(value))
        if rng.random() < 0.1:
            return {name: item for name, item in value.items() if name != key}
        return value | {key: spoilt(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.85:
        row = rng.randrange(len(value))
        return [*value[:row], spoilt(value[row], rng), *value[row + 1 :]]
    return rng.choice(ODDITIES)


def test_spoilt_problems_are_refused_or_solved_and_nothing_else() -> None:
    rng, refused, good = random.Random(5), 0, 0
    base = [json.loads(path.read_text("utf-8")) for path in EXAMPLES]
    for _ in range(600):
        value = spoilt(rng.choice(base), rng)
        if rng.random() < 0.3:
            value = spoilt(value, rng)
        try:
            problem = read_problem(json.dumps(value))
            good += 1
            if good % 10 == 0:
                solved(problem)
        except SupplyError:
            refused += 1
    assert refused > 200
    assert good > 50
