"""What moves when a date moves, and what differs between the two bodies of rules."""

from datetime import date

import pytest

from restanque.engine.deadlines import (
    DeadlineError,
    Procedure,
    RiskKind,
    StepStatus,
    compare,
    evaluate,
    kind_named,
    rules_of,
)
from restanque.engine.law import AFTER, BEFORE
from tests.engine.deadlines.samples import KIND, LAW, TODAY, kinds_of_risk, scot

# What-if


def test_moving_the_draft_says_what_moves_and_what_becomes_illegal() -> None:
    debate = ("debat-pas", date(2026, 12, 10))
    april = scot(debate, today=date(2026, 12, 15), targets={"arret": date(2027, 4, 10)})
    march = scot(debate, today=date(2026, 12, 15), targets={"arret": date(2027, 3, 10)})
    june = scot(debate, today=date(2026, 12, 15), targets={"arret": date(2027, 6, 10)})
    later = compare(april, june)
    moved = {(one.step, one.field): one.days for one in later.moved}
    assert moved[("arret", "planned")] == 61
    assert ("approbation", "planned") in moved
    assert later.new_illegal == ()
    sooner = compare(april, march)
    assert [risk.rule_id for risk in sooner.new_illegal] == ["scot.debat-pas"]
    assert compare(march, april).gone_risks == sooner.new_risks


def test_a_timeline_does_not_differ_from_itself() -> None:
    timeline = scot(("debat-pas", date(2026, 10, 31)))
    found = compare(timeline, timeline)
    assert found.moved == found.statuses == found.new_risks == found.gone_risks == ()


def test_two_kinds_of_procedure_are_not_compared() -> None:
    other = evaluate(Procedure("plh", date(2025, 1, 1)), today=TODAY, ruleset=LAW)
    with pytest.raises(DeadlineError, match="natures"):
        compare(scot(), other)


# Regimes


def test_the_same_revision_under_both_regimes_differs_by_these_rules() -> None:
    kind = kind_named(KIND)
    before, after = (rules_of(kind, regime, LAW) for regime in (BEFORE, AFTER))
    assert before - after == {"scot.participation@avant"}
    assert after - before == {
        "scot.champ-revision@2026",
        "scot.participation@2026",
        "ppve.avis",
        "ppve.duree",
    }
    assert len(before & after) > 25


def test_the_rules_of_two_evaluated_timelines_differ_by_the_launch_only() -> None:
    old, new = scot(prescription=date(2026, 5, 25)), scot(prescription=date(2026, 5, 26))
    found = compare(old, new)
    assert found.rules_only_before == {"scot.participation@avant"}
    assert found.rules_only_after == {"scot.champ-revision@2026", "scot.participation@2026"}
    assert (old.regime, new.regime) == (BEFORE, AFTER)


def test_electronic_participation_is_illegal_before_the_reform() -> None:
    timeline = scot(("ouverture-ppve", date(2026, 6, 1)))
    assert kinds_of_risk(timeline, "ouverture-ppve") == {RiskKind.ILLEGAL}


def test_electronic_participation_replaces_the_inquiry_after_the_reform() -> None:
    timeline = scot(
        prescription=date(2026, 6, 1),
        branch="ppve",
        today=date(2026, 6, 2),
        targets={"approbation": date(2029, 6, 30)},
    )
    assert timeline.step("ouverture-enquete").status is StepStatus.NOT_APPLICABLE
    assert timeline.step("cloture-ppve").latest == date(2029, 6, 30)
    assert timeline.step("ouverture-ppve").latest == date(2029, 6, 1)
    assert timeline.step("avis-ppve").latest == date(2029, 5, 17)


def test_facts_of_both_ways_of_consulting_contradict_each_other() -> None:
    timeline = scot(
        ("ouverture-ppve", date(2026, 10, 1)),
        ("ouverture-enquete", date(2026, 10, 2)),
        prescription=date(2026, 6, 1),
    )
    assert RiskKind.CONTRADICTORY in kinds_of_risk(timeline, "ouverture-enquete")


@pytest.mark.parametrize("kind", ["plu-revision-allegee", "scot-modification-simplifiee"])
def test_a_suppressed_procedure_is_illegal_when_launched_since_the_reform(kind: str) -> None:
    old, new = (
        evaluate(Procedure(kind, day), today=TODAY, ruleset=LAW)
        for day in (date(2026, 5, 25), date(2026, 5, 26))
    )
    assert not [risk for risk in old.risks if risk.kind is RiskKind.ILLEGAL]
    assert "2025-1129" in next(r for r in new.risks if r.kind is RiskKind.ILLEGAL).article


def test_a_plan_without_known_regime_says_so() -> None:
    timeline = evaluate(Procedure("plh", date(2026, 6, 1)), today=TODAY, ruleset=LAW)
    assert timeline.regime is None
    assert "Aucun changement de régime connu" in timeline.regime_label
