"""Today's baker kept, the flour changed: who converts, at what price, from which mill."""

from __future__ import annotations

import numpy as np
import pytest

from restanque.engine.supply import Bakeries, Lines, Mills, Problem, Rules, Wheat, award, check
from restanque.engine.supply.award import NotKept
from tests.engine.supply.award.problems import random_problem


def village(**changes: object) -> Problem:
    """Two canteens of 10 kg wanting organic bread; « Martin » serves both and bakes white bread."""
    fields: dict[str, object] = {"capacity": np.array([30.0, 30.0]), "current": [0, 0]} | changes
    return Problem.of(
        classes=("blanc", "bio"),
        bakeries=Bakeries.of(
            ["Martin", "Durand"],
            capacity=fields["capacity"],  # type: ignore[arg-type]
            price=np.array([[3.0, 3.0], [3.2, 4.5]]),
            makes=np.array([[True, False], [True, True]]),
            x=np.array([0.0, 3.0]),
            y=0.0,
        ),
        lines=Lines.of(
            ["école", "crèche"],
            kg=10.0,
            x=0.0,
            y=0.0,
            klass=1,
            current=fields["current"],  # type: ignore[arg-type]
        ),
        mills=Mills(
            ("moulin",),
            np.array([0.0]),
            np.array([0.0]),
            np.array([np.inf]),
            np.array([[100.0, 100.0]]),
            np.array([[0.7, 1.35]]),
            np.array([0.8]),
        ),
        wheat=Wheat(
            ("plaine",),
            np.array([0.0]),
            np.array([0.0]),
            np.full((1, 2), 500.0),
            np.zeros((1, 2)),
            np.full((1, 2), 3000.0),
        ),
        rules=Rules(lot_kg=10.0, days_per_year=150.0),
    )


def test_the_baker_converts_and_every_figure_follows() -> None:
    plan = award.keep_and_improve(village(), moves=2000, seed=0)
    (one,) = plan.conversions
    assert (one.bakery, one.cls, one.new) == (0, 1, True)
    assert one.kg == pytest.approx(20)
    # 3 € today, and 0,65 € of dearer flour over 1.3 kg of bread for each kg of flour.
    assert one.price == pytest.approx(3.0 + 0.65 / 1.3)
    assert one.surcharge_kg == pytest.approx(0.5)
    assert plan.surcharge == pytest.approx(10.0)
    assert one.flour_kg == pytest.approx(20 / 1.3)
    assert [share.mill for share in one.mills] == [0]
    grain = 20 / 1.3 / 0.8
    assert plan.wheat_kg == pytest.approx([0.0, grain])
    assert plan.hectares[1] == pytest.approx(grain * 150 / 3000)
    assert plan.elsewhere == ()
    assert (plan.kept_kg, plan.unserved_kg) == (20.0, 0.0)
    assert "passerait en «\u00a0bio\u00a0»" in one.sentence
    assert "0,50\u00a0€ de plus par kg" in one.sentence
    assert "10,00\u00a0€ par jour" in plan.sentence


def test_only_what_the_baker_cannot_keep_goes_elsewhere() -> None:
    plan = award.keep_and_improve(village(capacity=np.array([12.0, 30.0])), moves=2000, seed=0)
    (moved,) = plan.elsewhere
    assert moved.reason is NotKept.CAPACITY
    assert moved.bakeries == (1,)
    assert plan.kept_kg == pytest.approx(10)
    assert plan.elsewhere_kg == pytest.approx(10)
    assert "Durand" in moved.sentence


def test_a_baker_who_refuses_the_class_keeps_nothing() -> None:
    refuses = np.zeros((2, 2), dtype=np.bool_)
    plan = award.keep_and_improve(village(), moves=2000, seed=0, can_convert=refuses)
    assert {one.reason for one in plan.elsewhere} == {NotKept.REFUSES_CLASS}
    assert plan.conversions == ()
    assert plan.elsewhere_kg == pytest.approx(20)


def test_without_a_known_baker_the_line_is_looked_at_elsewhere() -> None:
    plan = award.keep_and_improve(village(current=[0, -1]), moves=2000, seed=0)
    (moved,) = plan.elsewhere
    assert (moved.line, moved.reason) == (1, NotKept.UNKNOWN_BAKER)


def test_both_plans_break_no_rule_and_share_the_capacity() -> None:
    for seed in range(12):
        problem = random_problem(seed, lines=12, bakeries=5, tightness=1.1, flour=seed % 2 == 0)
        plan = award.keep_and_improve(problem, moves=1500, seed=seed)
        assert check.verify(plan.problem, plan.kept).violations == ()
        load = np.bincount(plan.problem.arcs.bakery, plan.kept.arc_kg, 5)
        if plan.remaining is not None and plan.elsewhere_plan is not None:
            assert check.verify(plan.remaining, plan.elsewhere_plan).violations == ()
            load += np.bincount(plan.remaining.arcs.bakery, plan.elsewhere_plan.arc_kg, 5)
        assert (load <= problem.bakeries.capacity + 1e-6).all()
        whole = plan.kept_kg + plan.elsewhere_kg + plan.unserved_kg
        assert whole == pytest.approx(problem.lines.kg.sum())
        used = np.flatnonzero(plan.kept.arc_kg > 0)
        lines = plan.problem.arcs.line[used]
        assert (plan.problem.arcs.bakery[used] == problem.lines.current[lines]).all()


def test_the_surcharge_speaks_only_of_partly_known_prices() -> None:
    plan = award.keep_and_improve(
        village(), moves=2000, seed=0, today_price=np.array([2.9, np.nan])
    )
    (one,) = plan.conversions
    assert one.known_kg == pytest.approx(10)
    assert one.today_price == pytest.approx(2.9)
    assert one.surcharge == pytest.approx(10 * (one.price - 2.9))
    assert plan.known_kg == pytest.approx(10)
    unknown = award.keep_and_improve(village(), moves=2000, seed=0, today_price=np.full(2, np.nan))
    assert unknown.conversions[0].surcharge is None
    assert (unknown.surcharge, unknown.known_kg) == (0.0, 0.0)
