"""A procedure on a day: statuses, dates, risks, the path to the target."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restanque.engine.deadlines import (
    CycleError,
    DeadlineError,
    Event,
    Link,
    Procedure,
    RiskKind,
    Step,
    StepStatus,
    UnknownKindError,
    evaluate,
    kind_named,
    kinds,
    order,
)
from restanque.engine.law import AFTER, Effect, Override, merge
from tests.engine.deadlines.samples import KIND, LAW, TODAY, kinds_of_risk, scot


def test_four_months_pass_between_the_debate_and_the_draft() -> None:
    timeline = scot(("debat-pas", date(2026, 10, 31)))
    arret = timeline.step("arret")
    assert arret.earliest == date(2027, 2, 28)
    assert arret.status is StepStatus.UPCOMING
    found = next(d for d in arret.derivations if d.rule_id == "scot.debat-pas")
    assert found.article == "art. L143-18 du code de l’urbanisme"
    assert found.proof == "délibération"
    assert "31 octobre 2026 + 4 mois" in found.computation
    assert found.rule.to_verify


def test_a_draft_voted_too_early_is_out_of_order() -> None:
    timeline = scot(("debat-pas", date(2025, 1, 15)), ("arret", date(2025, 3, 1)))
    risk = next(r for r in timeline.risks if r.rule_id == "scot.debat-pas")
    assert risk.kind is RiskKind.WRONG_ORDER
    assert risk.consequence == "Risque d’annulation."
    assert "15 mai 2025" in risk.message


def test_a_draft_voted_on_the_very_day_is_in_order() -> None:
    timeline = scot(("debat-pas", date(2025, 1, 15)), ("arret", date(2025, 5, 15)))
    assert RiskKind.WRONG_ORDER not in kinds_of_risk(timeline, "arret")


SENT = (("arret", date(2026, 6, 1)), ("consultation-ppa", date(2026, 6, 10)))


@pytest.mark.parametrize(
    ("today", "status"),
    [(date(2026, 9, 10), StepStatus.UPCOMING), (date(2026, 9, 11), StepStatus.DONE)],
)
def test_silence_is_acquired_the_day_after_the_term(today: date, status: StepStatus) -> None:
    avis = scot(*SENT, today=today).step("avis-ppa")
    assert avis.status is status
    assert avis.earliest == date(2026, 9, 11)
    assert avis.tacit == (status is StepStatus.DONE)


def test_an_answer_before_the_term_ends_the_wait() -> None:
    timeline = scot(*SENT, ("avis-ppa", date(2026, 7, 1)))
    assert timeline.step("avis-ppa").done == date(2026, 7, 1)
    assert not timeline.step("avis-ppa").tacit
    assert kinds_of_risk(timeline, "avis-ppa") == set()


def test_an_answer_after_the_term_is_told_too_late() -> None:
    timeline = scot(*SENT, ("avis-ppa", date(2026, 9, 11)))
    assert kinds_of_risk(timeline, "avis-ppa") == {RiskKind.MISSED}


def test_the_prefect_of_the_region_has_two_dates_and_the_prudent_one_is_kept_for_each_use() -> None:
    timeline = scot(("arret", date(2026, 6, 1)), ("saisine-prefet-region", date(2026, 6, 10)))
    avis = timeline.step("avis-prefet-region")
    dates = {str(d.use): d.date for d in avis.derivations}
    assert dates == {"act": date(2026, 8, 10), "wait": date(2026, 9, 11)}
    assert all("sources en désaccord" in d.computation for d in avis.derivations)


def test_between_the_two_disputed_terms_nothing_is_acquired() -> None:
    timeline = scot(
        ("arret", date(2026, 6, 1)),
        ("saisine-prefet-region", date(2026, 6, 10)),
        today=date(2026, 8, 20),
    )
    assert timeline.step("avis-prefet-region").status is StepStatus.UPCOMING


def test_a_dispatch_without_proof_weakens_the_silence() -> None:
    procedure = Procedure(KIND, date(2023, 6, 20), (Event("consultation-ppa", date(2026, 6, 10)),))
    timeline = evaluate(procedure, today=TODAY, ruleset=LAW)
    risk = next(
        r for r in timeline.risks if r.step == "consultation-ppa" and r.rule_id == "scot.avis-arret"
    )
    assert risk.kind is RiskKind.UNPROVEN
    assert "silence" in risk.consequence
    assert timeline.step("avis-ppa").derivations[0].proof == "non prouvé"


def test_a_step_that_waits_for_a_late_one_is_blocked() -> None:
    timeline = scot(("debat-pas", date(2025, 1, 15)), ("arret", date(2025, 6, 1)))
    assert timeline.step("information-pcaet").status is StepStatus.LATE
    assert timeline.step("reponses-information-pcaet").status is StepStatus.BLOCKED


def test_what_others_must_do_is_planned_for_the_end_of_their_time() -> None:
    timeline = scot(("cloture-enquete", date(2026, 11, 20)))
    rapport = timeline.step("rapport-enquete")
    assert (rapport.earliest, rapport.planned) == (date(2026, 11, 20), date(2026, 12, 20))
    assert timeline.step("pv-synthese").planned == date(2026, 11, 28)


def test_a_report_is_in_time_on_its_last_day_and_late_the_next() -> None:
    closed = ("cloture-enquete", date(2026, 5, 1))
    on_time = scot(closed, ("rapport-enquete", date(2026, 5, 31)))
    late = scot(closed, ("rapport-enquete", date(2026, 6, 1)))
    assert RiskKind.MISSED not in kinds_of_risk(on_time, "rapport-enquete")
    assert RiskKind.MISSED in kinds_of_risk(late, "rapport-enquete")


def test_an_answer_of_the_tribunal_may_come_early() -> None:
    timeline = scot(
        ("demande-commissaire", date(2026, 6, 1)), ("designation-commissaire", date(2026, 6, 4))
    )
    assert kinds_of_risk(timeline, "designation-commissaire") == set()


def test_executory_waits_for_transmission_and_publication() -> None:
    approved = ("approbation", date(2026, 1, 10)), ("transmission-prefet", date(2026, 1, 31))
    without = scot(*approved).step("executoire")
    assert without.earliest == TODAY
    published = scot(*approved, ("publication-gpu", date(2026, 2, 5))).step("executoire")
    assert published.earliest == date(2026, 3, 31)
    assert published.status is StepStatus.DUE


APPROVED = (
    ("approbation", date(2026, 1, 10)),
    ("transmission-prefet", date(2026, 1, 31)),
)


def test_the_prefects_objections_hold_the_executory_date_back() -> None:
    published = ("publication-gpu", date(2026, 2, 5))
    timeline = scot(*APPROVED, published, ("objections-prefet", date(2026, 3, 20)))
    assert timeline.step("modifications-demandees").status is StepStatus.DUE
    assert timeline.step("executoire").status is StepStatus.UPCOMING
    assert timeline.step("executoire").earliest == TODAY
    mended = ("modifications-demandees", date(2026, 9, 1))
    answered = scot(*APPROVED, published, ("objections-prefet", date(2026, 3, 20)), mended)
    assert answered.step("executoire").earliest == date(2026, 9, 1)
    assert answered.step("executoire").status is StepStatus.DUE


def test_a_publication_of_last_resort_makes_it_executory_and_starts_six_months() -> None:
    timeline = scot(*APPROVED, ("publication-repli", date(2026, 2, 10)))
    assert timeline.step("executoire").status is StepStatus.DUE
    assert timeline.step("executoire").earliest == date(2026, 3, 31)
    portal = timeline.step("publication-gpu")
    assert portal.latest == date(2026, 8, 10)
    assert portal.status is StepStatus.LATE
    assert RiskKind.MISSED in kinds_of_risk(timeline, "publication-gpu")


def test_objections_after_two_months_are_told_late() -> None:
    timeline = scot(
        ("approbation", date(2026, 1, 10)),
        ("transmission-prefet", date(2026, 1, 31)),
        ("objections-prefet", date(2026, 4, 1)),
    )
    assert RiskKind.MISSED in kinds_of_risk(timeline, "objections-prefet")


def test_a_condition_not_met_takes_its_steps_away() -> None:
    timeline = scot(conditions={"littoral": False, "reduit-espaces": False})
    for name in ("accord-prefet-maritime", "saisine-cdpenaf", "avis-agricole"):
        assert timeline.step(name).status is StepStatus.NOT_APPLICABLE
        assert timeline.step(name).reason == "condition non remplie"


def test_an_unknown_condition_is_taken_as_met() -> None:
    assert scot().step("saisine-cdpenaf").status is StepStatus.UPCOMING


def test_the_follow_up_is_planned_for_its_terms() -> None:
    timeline = scot(("approbation", date(2026, 1, 31)))
    planned = {name: timeline.step(name).planned for name in ("rapport-pcaet", "analyse-scot")}
    assert planned == {"rapport-pcaet": date(2029, 1, 31), "analyse-scot": date(2036, 1, 31)}
    assert timeline.step("mise-a-jour-pcaet").latest == date(2032, 1, 31)
    assert timeline.step("normes-superieures").latest == date(2029, 1, 31)


def test_a_missed_report_names_its_article_and_its_consequence() -> None:
    timeline = scot(("approbation", date(2020, 1, 31)), prescription=date(2015, 1, 1))
    risk = next(r for r in timeline.risks if r.step == "rapport-pcaet")
    assert risk.kind is RiskKind.MISSED
    assert "R229-51" in risk.article
    assert timeline.step("rapport-pcaet").status is StepStatus.LATE


def test_a_near_term_is_at_risk_until_its_last_day() -> None:
    approved = date(2024, 1, 31)
    for today, kind in (
        (date(2026, 12, 2), RiskKind.AT_RISK),
        (date(2027, 1, 31), RiskKind.AT_RISK),
    ):
        timeline = scot(("approbation", approved), today=today)
        assert kinds_of_risk(timeline, "rapport-pcaet") == {kind}
    assert kinds_of_risk(scot(("approbation", approved), today=TODAY), "rapport-pcaet") == set()


# Contradictions


def test_two_dates_for_one_step_contradict_each_other() -> None:
    timeline = scot(("debat-pas", date(2025, 1, 15)), ("debat-pas", date(2025, 1, 16)))
    assert RiskKind.CONTRADICTORY in kinds_of_risk(timeline, "debat-pas")
    assert timeline.step("debat-pas").done == date(2025, 1, 15)


def test_a_proven_date_is_kept_over_an_earlier_unproven_one() -> None:
    events = Event("debat-pas", date(2025, 1, 1)), Event("debat-pas", date(2025, 1, 9), "délib.")
    timeline = evaluate(Procedure(KIND, date(2023, 6, 20), events), today=TODAY, ruleset=LAW)
    assert timeline.step("debat-pas").done == date(2025, 1, 9)


def test_the_same_date_twice_is_no_contradiction() -> None:
    timeline = scot(("debat-pas", date(2025, 1, 15)), ("debat-pas", date(2025, 1, 15)))
    assert kinds_of_risk(timeline, "debat-pas") == set()


def test_a_launch_to_come_is_planned_under_its_own_regime() -> None:
    timeline = scot(prescription=date(2027, 6, 1))
    launch = timeline.step("prescription")
    assert (launch.done, launch.planned) == (None, date(2027, 6, 1))
    assert timeline.regime == AFTER
    assert timeline.step("debat-pas").planned == date(2027, 6, 1)
    assert timeline.step("arret").derivations[0].proof == "à venir"
    assert timeline.risks == ()


def test_another_prescription_date_is_contradictory() -> None:
    timeline = scot(("prescription", date(2023, 6, 21)))
    assert RiskKind.CONTRADICTORY in kinds_of_risk(timeline, "prescription")


def test_a_fact_of_tomorrow_is_contradictory() -> None:
    timeline = scot(("debat-pas", TODAY + timedelta(1)))
    assert RiskKind.CONTRADICTORY in kinds_of_risk(timeline, "debat-pas")


def test_a_step_before_its_predecessor_is_out_of_order() -> None:
    timeline = scot(("debat-pas", date(2023, 6, 19)))
    assert RiskKind.WRONG_ORDER in kinds_of_risk(timeline, "debat-pas")


def test_a_skipped_step_is_told_with_its_article() -> None:
    timeline = scot(("debat-pas", date(2025, 1, 15)), ("arret", date(2026, 1, 15)))
    risk = next(r for r in timeline.risks if r.step == "bilan-concertation")
    assert risk.kind is RiskKind.UNPROVEN
    assert "L103-6" in risk.article


# Targets


def test_a_target_before_the_soonest_legal_date_is_illegal() -> None:
    timeline = scot(*SENT, today=date(2026, 7, 1), targets={"ouverture-enquete": date(2026, 8, 1)})
    risk = next(r for r in timeline.risks if r.step == "ouverture-enquete")
    assert risk.kind is RiskKind.ILLEGAL
    assert risk.article
    assert timeline.margin is not None
    assert timeline.margin < 0


def test_the_last_day_of_each_step_leaves_every_period_before_the_target() -> None:
    timeline = scot(targets={"approbation": date(2028, 6, 30)})
    latest = {state.id: state.latest for state in timeline.steps}
    assert latest["rapport-enquete"] == date(2028, 6, 30)
    assert latest["cloture-enquete"] == date(2028, 5, 31)
    assert latest["ouverture-enquete"] == date(2028, 5, 2)
    assert latest["avis-enquete"] == date(2028, 4, 17)
    assert latest["consultation-ppa"] == date(2028, 2, 1)
    assert latest["saisine-agricole"] == date(2028, 3, 1)
    assert latest["debat-pas"] == date(2027, 10, 1)
    because = timeline.step("debat-pas").wished_by
    assert because is not None
    assert because.rule_id == "scot.debat-pas"


@settings(deadline=None, max_examples=60)
@given(st.dates(date(2028, 1, 1), date(2035, 12, 31)))
def test_starting_each_step_on_its_last_day_still_meets_the_target(target: date) -> None:
    """Backwards then forwards: the latest dates, taken as facts, break no rule."""
    asked = scot(targets={"approbation": target})
    # Answers and reports are left to silence and to their own terms.
    others = (Effect.NOT_AFTER, Effect.SILENCE)
    events = [
        (state.id, state.latest)
        for state in asked.steps
        if state.status is not StepStatus.NOT_APPLICABLE
        and state.latest is not None
        and not any(d.rule.effect in others for d in state.derivations)
    ]
    played = scot(*events, today=target)
    grave = {RiskKind.WRONG_ORDER, RiskKind.ILLEGAL}
    assert [risk for risk in played.risks if risk.kind in grave] == []
    assert played.step("avis-ppa").tacit


def test_the_critical_path_is_contiguous_and_ends_at_the_target() -> None:
    timeline = scot(("debat-pas", date(2026, 10, 31)), targets={"approbation": date(2028, 6, 30)})
    names = [one.step for one in timeline.critical_path]
    assert names[0] == "debat-pas"
    assert names[-1] == "approbation"
    for before, after in pairwise(names):
        assert before in {link.step for link in kind_named(KIND).by_id[after].after}
    days = [one.day for one in timeline.critical_path]
    assert days == sorted(days)


def test_delaying_a_step_of_the_path_delays_the_end_by_as_much() -> None:
    plain = scot(("debat-pas", date(2026, 10, 31)))
    late = scot(("debat-pas", date(2026, 10, 31)), targets={"arret": date(2027, 4, 10)})
    assert late.step("arret").planned == date(2027, 4, 10)
    before, after = (t.step("approbation").planned for t in (plain, late))
    assert before is not None
    assert after is not None
    assert after > before


def test_nothing_is_left_on_the_path_once_approved() -> None:
    assert scot(("approbation", date(2026, 1, 10))).critical_path == ()


# Every kind


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.id)
@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 6, 1)])
def test_every_kind_is_dated_with_rules_that_exist(kind: Any, day: date) -> None:
    timeline = evaluate(Procedure(kind.id, day), today=date(2026, 11, 24), ruleset=LAW)
    for state in timeline.steps:
        applies = state.status is not StepStatus.NOT_APPLICABLE
        assert (state.day is not None) == applies, state.id
        for found in state.derivations:
            assert found.article
            assert found.rule.consequence
            assert (found.date is None) == (found.computation == "")
    for step in kind.steps:
        for key in (*step.rules, *(link.rule for link in step.after if link.rule)):
            assert LAW.versions(key)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([step.id for step in kind_named(KIND).steps]),
            st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        ),
        max_size=60,
    ),
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
)
def test_no_pile_of_facts_breaks_the_evaluation(facts: list[tuple[str, date]], today: date) -> None:
    timeline = scot(*facts, today=today)
    for state in timeline.steps:
        if state.status is StepStatus.UPCOMING and state.earliest and state.planned:
            assert state.planned >= state.earliest


def test_steps_that_wait_for_each_other_are_refused() -> None:
    one = Step("a", "A", "", "", after=(Link("b"),))
    two = Step("b", "B", "", "", after=(Link("a"),))
    with pytest.raises(CycleError, match="s’attendent"):
        order([one, two])


def test_a_step_that_waits_for_nothing_known_is_refused() -> None:
    with pytest.raises(DeadlineError, match="inconnue"):
        order([Step("a", "A", "", "", after=(Link("z"),))])


def test_two_steps_of_one_name_are_refused() -> None:
    with pytest.raises(DeadlineError, match="même identifiant"):
        order([Step("a", "A", "", ""), Step("a", "B", "", "")])


def test_an_unknown_kind_suggests_the_nearest() -> None:
    with pytest.raises(UnknownKindError, match="scot-aec-revision"):
        kind_named("scot-aec-revison")


def test_a_workspace_rule_that_carries_over_moves_dates_forth_and_back() -> None:
    """Christmas 2027 is a Saturday: a term on it goes to Monday 27, and back to Friday 24."""
    why = "arrêté"
    ours = merge(
        LAW,
        [Override("rules", "scot.debat-pas", {"carry_over": True}, why, TODAY)],
    )
    kept = Event("debat-pas", date(2027, 8, 25), "délibération")
    timeline = evaluate(
        Procedure(KIND, date(2023, 6, 20), (kept,)), today=date(2027, 9, 1), ruleset=ours
    )
    arret = timeline.step("arret")
    assert arret.earliest == date(2027, 12, 27)
    assert "premier jour ouvré" in arret.derivations[0].computation
    aimed = evaluate(
        Procedure(KIND, date(2023, 6, 20), (), {"arret": date(2027, 12, 26)}),
        today=TODAY,
        ruleset=ours,
    )
    assert aimed.step("debat-pas").latest == date(2027, 8, 24)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"targets": {"aret": date(2027, 1, 1)}}, "arret"),
        ({"conditions": {"montagne": True}}, "montagne"),
        ({"branch": "referendum"}, "referendum"),
    ],
)
def test_unknown_names_are_refused_in_words(more: dict[str, Any], message: str) -> None:
    with pytest.raises(DeadlineError, match=message):
        scot(**more)
