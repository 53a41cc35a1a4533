"""A change of law shows the dates it moves, and is seen once."""

from datetime import date

import pytest

from restanque.engine.law import Override, Period, RuleSet, Unit, merge, shipped
from restanque.procedures import law_memory
from restanque.procedures.models import Procedure
from restanque.procedures.reading import Reading
from restanque.procedures.services import facts, procedures
from tests.procedures.conftest import TODAY

RULE = "scot.avis-arret"


def changed_law() -> RuleSet:
    override = Override(
        "rules", RULE, {"period": Period(4, Unit.MONTHS)}, "décret fictif", date(2026, 12, 1)
    )
    return merge(shipped(), [override])


def read(procedure: Procedure, law: RuleSet) -> Reading:
    return Reading(Procedure.objects.to_read().get(pk=procedure.pk), TODAY, law)


def test_the_same_law_changes_nothing(revision: Procedure) -> None:
    assert revision.law_version == shipped().version
    assert read(revision, shipped()).law_change is None


def test_a_longer_period_shows_what_it_moves(revision: Procedure) -> None:
    facts.record_fact(procedure=revision, step="consultation-ppa", happened_on=date(2026, 11, 2))
    change = read(revision, changed_law()).law_change
    assert change is not None
    recalled, difference = change
    assert [rule.id for rule in recalled.changed] == [RULE]
    assert recalled.lost == ()
    moved = {(one.step, one.field): (one.before, one.after) for one in difference.moved}
    # Silence is acquired the day after the term: three months, then four.
    assert moved["avis-ppa", "earliest"] == (date(2027, 2, 3), date(2027, 3, 3))


def test_a_rule_that_no_longer_exists_is_named(revision: Procedure) -> None:
    memory = law_memory.remember(shipped(), revision.engine_kind)
    memory["rules"]["ancienne.regle"] = memory["rules"][RULE]
    assert law_memory.recall(memory, shipped()).gone == ("ancienne.regle",)


def test_a_rule_that_lost_its_period_is_to_be_read_by_hand(revision: Procedure) -> None:
    memory = law_memory.remember(shipped(), revision.engine_kind)
    memory["rules"][RULE] |= {"period": None, "content": "autre"}
    recalled = law_memory.recall(memory, shipped())
    assert [rule.id for rule in recalled.lost] == [RULE]


def test_the_change_is_acknowledged_once(
    revision: Procedure, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = changed_law()
    monkeypatch.setattr("restanque.law.current.shipped", lambda: new)
    procedures.acknowledge_law(procedure=revision)
    assert revision.law_version == new.version
    assert read(revision, new).law_change is None
