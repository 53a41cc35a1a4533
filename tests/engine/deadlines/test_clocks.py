"""Long clocks: L143-28 by its own term, the 3/6/10 of a SCoT-AEC, PLU regimes, ZAN dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restanque.engine.deadlines import (
    DeadlineError,
    Fact,
    aec_clock,
    by_term,
    deadline,
    plu_compatibility,
    scot_evaluation,
    zan_dates,
)
from restanque.engine.law import (
    NEW_PLU,
    OLD_PLU,
    Override,
    Period,
    Unit,
    Use,
    merge,
    shipped,
)
from tests.engine.deadlines.cases import ANALYSES, CoveredCase

LAW = shipped()
TODAY = date(2026, 11, 24)
APPROVED_2019 = Fact("Approbation du SCoT", date(2019, 6, 20), "délibération")


@pytest.mark.parametrize("case", ANALYSES, ids=lambda case: case.what)
def test_the_analysis_follows_the_rule_of_the_day_its_term_falls(case: CoveredCase) -> None:
    fact = Fact("Approbation", case.approved, "délibération")
    found = deadline(LAW, "scot.analyse", fact)
    assert (found.rule_id, found.date) == (case.rule_id, case.term)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)))
def test_every_scot_has_one_version_and_it_holds_on_its_own_term(approved: date) -> None:
    rule = by_term(LAW, "scot.analyse", approved)
    assert rule is not None
    found = deadline(LAW, "scot.analyse", Fact("Approbation", approved, None))
    assert found.date is not None
    assert rule.holds_on(found.date)
    assert (found.date < date(2026, 5, 26)) == (rule.id == "scot.analyse@6-ans")


def test_a_scot_of_2019_without_deliberation_may_have_lapsed_and_the_doubt_is_told() -> None:
    reading = scot_evaluation(LAW, APPROVED_2019, today=TODAY)
    text = "\n".join(reading.sentences)
    assert reading.verdict == "lapse_feared"
    assert reading.certain is False
    assert reading.derivation.rule_id == "scot.analyse@6-ans"
    assert reading.derivation.date == date(2025, 6, 20)
    for words in (
        "serait donc caduc, faute de délibération au plus tard le 20 juin 2025",
        "L142-4",
        "n’ont pas été lues",
        "ni qu’elle l’exclut",
        "À vérifier d’abord",
    ):
        assert words in text


def test_a_scot_of_2019_kept_in_time_now_runs_for_ten_years() -> None:
    kept = Fact("Délibération de maintien", date(2025, 6, 20), "délibération")
    reading = scot_evaluation(LAW, APPROVED_2019, today=TODAY, deliberation=kept)
    assert reading.verdict == "kept"
    assert reading.next_term is not None
    assert reading.next_term.rule_id == "scot.analyse@10-ans"
    assert reading.next_term.date == date(2035, 6, 20)
    assert reading.certain is False


def test_a_deliberation_one_day_late_does_not_undo_the_lapse() -> None:
    late = Fact("Délibération de maintien", date(2025, 6, 21), "délibération")
    reading = scot_evaluation(LAW, APPROVED_2019, today=TODAY, deliberation=late)
    assert reading.verdict == "lapse_feared"
    assert any("Pas-de-Calais" in sentence for sentence in reading.sentences)


@pytest.mark.parametrize(
    ("today", "verdict"), [(date(2032, 3, 1), "running"), (date(2032, 3, 2), "late")]
)
def test_a_scot_of_2022_runs_to_its_ten_years(today: date, verdict: str) -> None:
    reading = scot_evaluation(LAW, Fact("Approbation", date(2022, 3, 1), "x"), today=today)
    assert reading.verdict == verdict
    assert reading.derivation.date == date(2032, 3, 1)


def test_the_double_clock_ticks_at_3_6_9_10_and_12_years() -> None:
    fact = Fact("Approbation", date(2026, 1, 31), "délibération")
    ticks = aec_clock(LAW, fact, until=date(2038, 1, 31))
    found = [(tick.clock, tick.date.year - 2026, tick.derivation.rule.key) for tick in ticks]
    assert [one for one in found if one[2] != "scot.normes-superieures"] == [
        ("pcaet", 3, "pcaet.rapport"),
        ("pcaet", 6, "pcaet.mise-a-jour"),
        ("pcaet", 9, "pcaet.rapport"),
        ("scot", 10, "scot.analyse"),
        ("pcaet", 12, "pcaet.mise-a-jour"),
    ]
    assert [one[1] for one in found if one[2] == "scot.normes-superieures"] == [3, 6, 9, 12]


def test_a_plu_engaged_before_april_2021_keeps_the_fixed_delays() -> None:
    scot = Fact("SCoT exécutoire", date(2026, 2, 28), "attestation")
    old = plu_compatibility(LAW, engaged_on=date(2021, 3, 31), scot_in_force=scot)
    new = plu_compatibility(LAW, engaged_on=date(2021, 4, 1), scot_in_force=scot)
    assert old.regime.id == OLD_PLU
    assert [(d.rule_id, d.date) for d in old.derivations] == [
        ("plu.compatibilite@1-an", date(2027, 2, 28)),
        ("plu.compatibilite-revision@3-ans", date(2029, 2, 28)),
    ]
    assert new.regime.id == NEW_PLU
    assert [d.rule_id for d in new.derivations] == [
        "plu.analyse@1-an",
        "plu.analyse-periodique@3-ans",
    ]
    assert all(d.rule.to_verify for d in (*old.derivations, *new.derivations))


def test_the_three_year_analysis_starts_from_the_last_one() -> None:
    scot = Fact("SCoT exécutoire", date(2022, 2, 28), "attestation")
    last = Fact("Analyse", date(2025, 5, 31), "délibération")
    found = plu_compatibility(
        LAW, engaged_on=date(2022, 1, 1), scot_in_force=scot, last_analysis=last
    )
    assert found.derivations[1].date == date(2028, 5, 31)


def test_land_sobriety_dates_count_the_days_left_and_follow_an_override() -> None:
    found = {one.parameter.id: one for one in zan_dates(LAW, today=TODAY)}
    assert found["zan.scot"].days_left == 90
    assert "Vérifier l’état du droit" in found["zan.scot"].sentence
    assert "terme passé" in found["zan.sraddet"].sentence
    moved = merge(
        LAW,
        [Override("parameters", "zan.scot", {"value": date(2028, 2, 22)}, "loi nouvelle", TODAY)],
    )
    dates = {one.parameter.id: one.date for one in zan_dates(moved, today=TODAY)}
    assert dates["zan.scot"] == date(2028, 2, 22)


OPINIONS = (
    ("plu.avis-arret", 3),
    ("derogation.avis-scot", 2),
    ("derogation.avis-cdpenaf", 2),
    ("derogation.accord-prefet", 4),
    ("cdac.avis", 2),
    ("plh.avis", 2),
    ("pdm.avis", 3),
    ("sraddet.avis", 3),
    ("scot-voisin.avis", 3),
)


@pytest.mark.parametrize(("key", "months"), OPINIONS)
def test_an_opinion_is_due_so_many_months_after_its_transmission(key: str, months: int) -> None:
    fact = Fact("Transmission", date(2026, 11, 30), "accusé de réception")
    found = deadline(LAW, key, fact)
    assert found.rule.period == Period(months, Unit.MONTHS)
    year, month = divmod(11 + months - 1, 12)
    assert found.date is not None
    assert (found.date.year, found.date.month) == (2026 + year, month + 1)
    acquired = deadline(LAW, key, fact, use=Use.WAIT)
    assert acquired.date == found.date + timedelta(1)
    assert found.proof == "accusé de réception"


def test_a_rule_without_period_gives_no_deadline() -> None:
    with pytest.raises(DeadlineError, match="aucun délai"):
        deadline(LAW, "plu.notification-modification", Fact("Notification", TODAY, None))


def test_a_notified_deadline_keeps_its_version_when_the_rule_changes() -> None:
    fact = Fact("Transmission", date(2026, 11, 30), "accusé de réception")
    before = deadline(LAW, "plu.avis-arret", fact)
    ours = merge(
        LAW,
        [Override("rules", "plu.avis-arret", {"period": Period(4, Unit.MONTHS)}, "décret", TODAY)],
    )
    after = deadline(ours, "plu.avis-arret", fact)
    assert (before.date, after.date) == (date(2027, 2, 28), date(2027, 3, 30))
    assert before.version != after.version
    assert before.version == LAW.version_of(before.rule)


def test_lapse_is_told_of_the_old_rule_only() -> None:
    old = Fact("Délibération", date(2025, 6, 20), "délibération")
    new = Fact("Délibération", date(2030, 1, 15), "délibération")
    before = scot_evaluation(LAW, APPROVED_2019, today=TODAY, deliberation=old)
    approved = Fact("Approbation", date(2021, 3, 1), "délibération")
    after = scot_evaluation(LAW, approved, today=TODAY, deliberation=new)
    assert (before.verdict, after.verdict) == ("kept", "kept")
    assert any("écarte la caducité" in sentence for sentence in before.sentences)
    assert not any("écarte la caducité" in sentence for sentence in after.sentences)
