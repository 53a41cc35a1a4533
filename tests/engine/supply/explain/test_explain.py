"""Reasons are exact: regrets, shadow prices, remedies and conflicts, each against a new solve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from restanque.engine.supply import award, explain, potential
from restanque.engine.supply.award.instance import evaluate
from restanque.engine.supply.explain import Lever, Obstacle, Reason, Rule, Scarce
from restanque.engine.supply.explain.why import Exchange, market_flour
from restanque.engine.supply.problem import Problem
from tests.engine.supply.award.problems import random_problem


def solved(seed: int, **options: object) -> tuple[Problem, potential.Session]:
    problem = random_problem(seed, **options)  # type: ignore[arg-type]
    return problem, potential.Session(problem)


@pytest.mark.parametrize("flour", [False, True])
def test_a_regret_is_the_difference_of_two_full_evaluations(flour: bool) -> None:
    tried = 0
    for seed in range(6):
        problem, session = solved(seed, lines=14, bakeries=7, tightness=2.0, flour=flour)
        plan = award.solve(problem, moves=4000, seed=0)
        assert session.plan.duals is not None
        price = market_flour(problem, session.plan.duals)
        exchange = Exchange.of(problem, plan, price)
        inst, arc = exchange.inst, exchange.state.arc.copy()
        before = evaluate(inst, arc)
        assert before.broken == 0
        for lot in range(len(inst.kg)):
            for x in range(int(inst.ptr[lot]), int(inst.ptr[lot + 1])):
                regret, obstacle = exchange.regret(lot, x)
                moved = arc.copy()
                moved[lot] = x
                after = evaluate(inst, moved)
                if obstacle is Obstacle.NONE:
                    assert after.broken == 0
                    assert regret == pytest.approx(after.objective - before.objective, abs=1e-8)
                else:
                    assert after.broken > 0
                tried += 1
    assert tried > 300


def test_the_next_best_is_the_least_regret_and_the_sentence_says_it() -> None:
    problem, session = solved(2, lines=12, bakeries=8, tightness=3.0)
    plan = award.solve(problem, moves=6000, seed=0)
    reasons = explain.explain(problem, plan, session=session)
    assert sum(link.kg for link in reasons.links) == pytest.approx(plan.arc_kg.sum())
    shown = [link for link in reasons.links if link.next_best is not None]
    assert shown
    for link in shown:
        assert link.next_best is not None
        assert link.next_best.bakery != link.bakery
        assert f"{abs(link.next_best.regret or 0.0):.2f}".replace(".", ",") in link.sentence
        assert problem.bakeries.ids[link.next_best.bakery] in link.sentence
        arc = np.flatnonzero(
            (problem.arcs.line == link.line)
            & (problem.arcs.bakery == link.bakery)
            & (problem.arcs.cls == link.cls)
        )[0]
        assert link.parts.total == pytest.approx(problem.arcs.cost[arc])


def test_in_a_potential_plan_the_baker_chosen_has_the_least_reduced_cost() -> None:
    problem, session = solved(3, lines=12, bakeries=8, tightness=1.5, flour=True)
    reasons = explain.explain(problem, session.plan, session=session)
    for link in reasons.links:
        for other in link.candidates:
            assert other.regret is not None
            assert other.regret >= -1e-7


def test_the_worth_of_a_capacity_is_what_one_more_kilogram_saves() -> None:
    checked = 0
    for seed in range(8):
        problem, session = solved(seed, lines=12, bakeries=6, tightness=0.9, certified_share=0.0)
        for one in explain.explain(problem, session.plan, session=session).worths:
            if one.kind is not Scarce.BAKERY:
                continue
            step = 1e-3
            capacity = problem.bakeries.capacity.copy()
            # The fairness threshold follows the capacity: hold it where it is.
            capacity[one.position] += step
            more = replace(problem, bakeries=replace(problem.bakeries, capacity=capacity))
            saved = (session.plan.objective - potential.solve(more).objective) / step
            slack = problem.rules.fairness * problem.rules.fairness_from + 1e-6
            assert one.saves - 1e-6 <= saved + slack
            assert saved <= one.saves + slack
            checked += 1
    assert checked > 10


def place(problem: Problem, **rules: object) -> Problem:
    """The same tables, arcs made again."""
    return Problem.of(
        classes=problem.classes,
        communes=problem.communes,
        canteens=problem.canteens,
        bakeries=problem.bakeries,
        lines=problem.lines,
        rules=replace(problem.rules, **rules),  # type: ignore[arg-type]
        accepts=problem.accepts,
        certified=problem.certified,
        mills=problem.mills,
        wheat=problem.wheat,
    )


def one_line(**changes: object) -> Problem:
    """One line of 10 kg of class « bio », two bakeries 5 and 40 km away."""
    from restanque.engine.supply import Bakeries, Lines, Rules

    fields: dict[str, object] = {
        "capacity": np.array([20.0, 20.0]),
        "makes": np.array([[True, True], [True, True]]),
        "min_order": np.zeros(2),
        "max_price": np.inf,
        "rules": {},
        "mills": None,
    }
    fields |= changes
    rules: dict[str, object] = {"detour": 1.0, "lot_kg": 10.0} | dict(fields["rules"])  # type: ignore[call-overload]
    return Problem.of(
        classes=("conventionnel", "bio"),
        bakeries=Bakeries.of(
            ["près", "loin"],
            capacity=fields["capacity"],  # type: ignore[arg-type]
            price=np.array([[3.0, 4.0], [3.0, 4.0]]),
            makes=fields["makes"],  # type: ignore[arg-type]
            x=np.array([5.0, 40.0]),
            y=0.0,
            min_order=fields["min_order"],  # type: ignore[arg-type]
        ),
        lines=Lines.of(
            ["école"],
            kg=10.0,
            x=0.0,
            y=0.0,
            klass=1,
            max_price=fields["max_price"],  # type: ignore[arg-type]
        ),
        rules=Rules(**rules),  # type: ignore[arg-type]
        mills=fields["mills"],  # type: ignore[arg-type]
    )


NO_BIO = np.array([[True, False], [True, True]])

CASES = {
    Reason.NO_BAKERY: ({"rules": {"radius_km": 2.0}}, Lever.KM, 5.0, Rule.RADIUS),
    Reason.NO_CLASS: ({"makes": NO_BIO}, Lever.CLASS, 0.0, Rule.CLASSES),
    Reason.PRICE: ({"max_price": 3.5}, Lever.PRICE, 4.0, Rule.PRICE),
    Reason.FORBIDDEN: ({"rules": {"forbidden": ((0, 0),)}}, Lever.KM, 40.0, Rule.PAIRS),
    Reason.FULL: ({"capacity": np.array([4.0, 20.0])}, Lever.CAPACITY, 10.0, Rule.CAPACITY),
}


@pytest.mark.parametrize("reason", CASES)
@pytest.mark.parametrize("model", ["award", "potential"])
def test_an_unserved_line_has_its_reason_and_the_smallest_remedy(
    reason: Reason, model: str
) -> None:
    changes, lever, after, _ = CASES[reason]
    problem = one_line(**changes)
    session = potential.Session(problem)
    plan = award.solve(problem, moves=500, seed=0) if model == "award" else session.plan
    (found,) = explain.explain(problem, plan, session=session).unserved
    assert found.reason is reason
    assert "école" in found.sentence
    remedy = next(one for one in found.remedies if one.lever is lever)
    assert remedy.after == pytest.approx(after)
    assert "recalculé" in remedy.sentence


def test_a_minimum_order_that_cannot_be_met_is_the_reason_of_an_award() -> None:
    problem = one_line(min_order=np.array([15.0, 0.0]))
    plan = award.solve(problem, moves=500, seed=0)
    (found,) = explain.explain(problem, plan).unserved
    assert found.reason is Reason.MINIMUM
    remedy = next(one for one in found.remedies if one.lever is Lever.MINIMUM)
    assert (remedy.before, remedy.after) == (15.0, 10.0)
    clash = explain.conflict(problem, whole_lots=True)
    assert clash is not None
    assert Rule.MINIMUM in clash.rules


@pytest.mark.parametrize("reason", CASES)
def test_a_conflict_is_minimal_and_lifting_any_of_its_rules_serves(reason: Reason) -> None:
    changes, _, _, rule = CASES[reason]
    clash = explain.conflict(one_line(**changes), whole_lots=False)
    assert clash is not None
    assert rule in clash.rules
    assert explain.conflict(one_line(), whole_lots=False) is None


@pytest.mark.parametrize("whole_lots", [False, True])
def test_two_rules_that_contradict_are_both_needed_and_proven_so(whole_lots: bool) -> None:
    tight: dict[str, object] = {"capacity": np.array([4.0, 20.0]), "rules": {"radius_km": 10.0}}
    clash = explain.conflict(one_line(**tight), whole_lots=whole_lots)
    assert clash is not None
    assert set(clash.rules) == {Rule.RADIUS, Rule.CAPACITY}
    assert clash.proven
    for without in ({"rules": {"radius_km": 50.0}}, {"capacity": np.array([20.0, 20.0])}):
        assert explain.conflict(one_line(**tight | without), whole_lots=whole_lots) is None


def test_a_conflict_found_in_too_little_time_is_said_not_proven() -> None:
    asked = iter([False, False, *[True] * 50])
    clash = explain.conflict(
        one_line(rules={"radius_km": 2.0}), whole_lots=False, should_stop=lambda: next(asked)
    )
    assert clash is not None
    assert not clash.proven
    assert "non prouvé minimal" in clash.sentence


def test_what_ifs_are_the_difference_of_two_cold_solves() -> None:
    problem, session = solved(5, lines=15, bakeries=7, tightness=1.6, flour=True)
    base = session.plan
    cases = {
        "closes": explain.mill_closes(problem, 0),
        "dearer": explain.flour_dearer(problem, 0.1),
        "leaves": explain.baker_leaves(problem, 1),
        "joins": explain.commune_joins(
            problem, 1, 2 * problem.lines.kg[problem.lines.commune == 1]
        ),
    }
    for name, changed in cases.items():
        told = explain.what_if(session, base, changed, name)
        cold = potential.solve(changed).objective - base.objective
        assert told.objective == pytest.approx(cold, abs=1e-6)
        assert told.sentence.startswith(name)
    worst = explain.mill_criticality(session, base)
    assert [one.objective for one in worst] == sorted((w.objective for w in worst), reverse=True)


def test_alternatives_stay_within_the_limit_and_improve_on_their_aim() -> None:
    problem, session = solved(6, lines=25, bakeries=12, tightness=2.5)
    base = session.plan
    before = explain.figures(problem, base)
    found = {one.aim: one for one in explain.alternatives(session, base, within=0.05)}
    for one in found.values():
        assert one.extra <= 0.05 + 1e-6
        assert one.solves <= 9
    assert (found[explain.Aim.NEAR].figures.km or 0) <= (before.km or 0) + 1e-9
    assert (found[explain.Aim.KEEP].figures.kept or 0) >= (before.kept or 0) - 1e-9
    assert found[explain.Aim.SPREAD].figures.over <= before.over + 1e-6
    curve = explain.trade_offs(session, local=(0.0, 1.0), keep=(0.0, 1.0))
    assert curve[0].figures.cost == min(point.figures.cost for point in curve)
    assert (curve[1].figures.kept or 0) >= (curve[0].figures.kept or 0)
    neutral = place(problem, neutral=True)
    quiet = potential.Session(neutral)
    assert explain.trade_offs(quiet) == ()
    aims = {one.aim for one in explain.alternatives(quiet, quiet.plan, within=0.05)}
    assert aims <= {explain.Aim.SPREAD}


def test_a_link_is_counted_in_the_replicates_where_the_plan_has_it() -> None:
    problem, session = solved(7, lines=8, bakeries=5, tightness=2.0)
    same = np.tile(problem.lines.kg, (4, 1))
    told = explain.robustness(session, session.plan, same)
    planned = [one for one in told.links if one.planned]
    assert planned
    assert all(one.share == 1.0 and one.n == 4 for one in planned)
    none = np.vstack([same, np.zeros((1, 8))])
    again = explain.robustness(session, session.plan, none)
    assert all(one.n == 4 for one in again.links)
