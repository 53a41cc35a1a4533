"""The law of a workspace: shipped, changed, read again."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from restanque.accounts.models import Membership, Workspace
from restanque.engine.law import (
    Confidence,
    Evidence,
    Period,
    Rule,
    Status,
    Unit,
    Use,
    content_of,
    shipped,
)
from restanque.law import services
from restanque.law.catalogue import catalogue_of
from restanque.law.codec import from_json, to_json
from restanque.law.current import composed_of, law_of
from restanque.law.models import LawCheck, LawOverride, Table, Verdict

DAY = date(2026, 12, 1)
READ = Evidence(Status.TEXT, Confidence.HIGH, "décret fictif", DAY)
RULE = "scot.avis-arret"
FOUR = {"period": Period(4, Unit.MONTHS), "evidence": READ}


def disputed() -> Rule:
    """The rule on which sources disagree."""
    return next(rule for rule in shipped().rules.values() if rule.candidates)


def change(workspace: Workspace, **more: object) -> LawOverride:
    values = {"table": Table.RULES, "object_id": RULE, "changes": FOUR, "reason": "x", "on": DAY}
    return services.override_law(workspace=workspace, **{**values, **more})  # type: ignore[arg-type]


def read(workspace: Workspace, **more: object) -> LawCheck:
    values = {
        "table": Table.RULES,
        "object_id": RULE,
        "verdict": Verdict.SAME,
        "on": DAY,
        "link": "https://example.org/texte",
    }
    return services.record_check(workspace=workspace, **{**values, **more})  # type: ignore[arg-type]


def test_without_a_word_of_the_team_the_shipped_law_holds(workspace: Workspace) -> None:
    assert law_of(workspace) is shipped()


def test_the_team_s_value_replaces_the_shipped_one_for_it_alone(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    change(workspace)
    assert law_of(workspace).rule(RULE).period == Period(4, Unit.MONTHS)
    assert law_of(workspace).version != shipped().version
    assert law_of(other_workspace) is shipped()


def test_changing_again_replaces_and_the_history_keeps_both(workspace: Workspace) -> None:
    change(workspace)
    kept = change(workspace, changes={"period": Period(5, Unit.MONTHS), "evidence": READ})
    assert LawOverride.objects.count() == 1
    assert law_of(workspace).rule(RULE).period == Period(5, Unit.MONTHS)
    services.withdraw_override(override=kept)
    assert law_of(workspace) is shipped()
    assert [row.history_type for row in LawOverride.history.all()] == ["-", "~", "+"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"changes": {}}, "Rien ne change"),
        ({"reason": " "}, "Dites pourquoi"),
        ({"object_id": "absente"}, "Aucun élément"),
        ({"changes": {"articles": ("x",)}}, "ne se modifie pas"),
        ({"changes": {"period": None}}, "une règle garde un délai"),
        ({"changes": {"period": "4 mois"}}, "autre type"),
        (
            {"changes": {"valid_from": date(2027, 1, 1), "valid_to": date(2026, 1, 1)}},
            "début de validité",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    workspace: Workspace, more: dict[str, object], words: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        change(workspace, **more)
    assert words in str(refused.value)
    assert not LawOverride.objects.exists()


def test_a_text_read_makes_the_rule_proven(workspace: Workspace) -> None:
    before = shipped().rule(RULE)
    read(workspace)
    after = law_of(workspace).rule(RULE)
    assert after.evidence.status is Status.TEXT
    assert not after.to_verify
    assert after.evidence.checked_on == DAY
    assert content_of(after) == content_of(before)


def test_a_text_that_says_something_else_is_a_doubt(workspace: Workspace) -> None:
    read(workspace, verdict=Verdict.DIFFERENT, note="Le texte dit quatre mois", link="")
    after = law_of(workspace).rule(RULE)
    assert after.to_verify
    assert after.evidence.status is shipped().rule(RULE).evidence.status


def test_a_text_not_found_changes_nothing(workspace: Workspace) -> None:
    read(workspace, verdict=Verdict.UNREADABLE, link="")
    assert law_of(workspace).version == shipped().version


def test_the_last_reading_counts(workspace: Workspace) -> None:
    read(workspace, verdict=Verdict.DIFFERENT, note="Autre chose", on=date(2026, 11, 1))
    read(workspace)
    assert not law_of(workspace).rule(RULE).to_verify


def test_a_reading_before_a_change_counts_no_more(workspace: Workspace) -> None:
    read(workspace)
    change(workspace)
    line = catalogue_of(workspace).line("rules", RULE)
    assert line is not None
    assert line.stale
    assert law_of(workspace).rule(RULE).evidence == READ


def test_a_disputed_value_is_chosen_before_it_is_called_read(workspace: Workspace) -> None:
    rule = disputed()
    with pytest.raises(ValidationError) as refused:
        read(workspace, object_id=rule.id)
    assert "choisissez" in str(refused.value)
    period = rule.candidates[0].period
    change(
        workspace,
        object_id=rule.id,
        changes={"period": period, "candidates": (), "evidence": READ},
    )
    read(workspace, object_id=rule.id)
    assert law_of(workspace).rule(rule.id).period_for(Use.WAIT) == period
    assert not law_of(workspace).rule(rule.id).to_verify


@pytest.mark.parametrize(
    "more",
    [
        {"link": ""},
        {"verdict": Verdict.DIFFERENT, "note": ""},
        {"on": date(1990, 1, 1)},
        {"object_id": "absente"},
        {"link": "pas une adresse"},
    ],
)
def test_an_incomplete_reading_is_refused(workspace: Workspace, more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        read(workspace, **more)
    assert not LawCheck.objects.exists()


def test_a_value_that_fits_no_more_is_said_and_the_shipped_one_holds(workspace: Workspace) -> None:
    made = change(workspace)
    LawOverride.objects.filter(pk=made.pk).update(object_id="regle.disparue")
    composed = composed_of(workspace)
    assert composed.law.rule(RULE).period == shipped().rule(RULE).period
    assert [(table, name) for table, name, _ in composed.unfit] == [("rules", "regle.disparue")]


def test_values_survive_the_database(workspace: Workspace) -> None:
    rule = disputed()
    kept = {
        "period": Period(3, Unit.CLEAR_DAYS),
        "evidence": Evidence(Status.MEMORY, Confidence.LOW, "x", None, verify=True),
        "candidates": rule.candidates,
        "valid_from": DAY,
        "valid_to": None,
        "criterion": rule.criterion,
        "start": rule.start,
        "value": 12,
        "carry_over": True,
        "note": "n",
    }
    assert from_json(to_json(kept)) == kept


def test_the_law_of_many_procedures_costs_two_queries(
    workspace: Workspace, django_assert_num_queries: object
) -> None:
    change(workspace)
    read(workspace, table=Table.PARAMETERS, object_id="zan.scot")
    whole = Workspace.objects.prefetch_related("law_overrides", "law_checks").get(pk=workspace.pk)
    with django_assert_num_queries(0):  # type: ignore[operator]
        first = law_of(whole)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert law_of(workspace) is first


def test_every_line_can_be_found(workspace: Workspace, alice: Membership) -> None:
    change(workspace, by=alice.user)
    catalogue = catalogue_of(workspace)
    assert {line.item.id for line in catalogue.found(ours=True)} == {RULE}
    assert {one.item.id for one in catalogue.found(q="L143-28 evaluation", table="rules")} <= {
        one.item.id for one in catalogue.found(q="L143-28")
    }
    doubtful = catalogue.found(evidence="a-verifier")
    assert 20 < len(doubtful) < len(catalogue.lines)
    assert all(one.to_verify for one in doubtful)
