"""A slip of the hand in the law never closes the pages of a team."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from restanque.accounts.models import Membership, Workspace
from restanque.engine.deadlines import Convening, convocation
from restanque.engine.law import (
    AFTER,
    BEFORE,
    PROCEDURE,
    Confidence,
    Evidence,
    Period,
    Status,
    Unit,
    shipped,
)
from restanque.law import services
from restanque.law.codec import to_json
from restanque.law.current import composed_of, law_of
from restanque.law.models import LawOverride, Table
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 1)
EVIDENCE = Evidence(Status.TEXT, Confidence.HIGH, "décret fictif", DAY)
RULE, CONVENING = "scot.avis-arret", Convening.ORDINARY.value
PAYMENT = "marche.delai-paiement"


def change(workspace: Workspace, table: Table, name: str, **changes: object) -> LawOverride:
    return services.override_law(
        workspace=workspace,
        table=table,
        object_id=name,
        changes={**changes, "evidence": EVIDENCE},
        reason="essai",
        on=DAY,
    )


@pytest.mark.parametrize(
    "period", [Period(31, Unit.YEARS), Period(3650, Unit.MONTHS), Period(10**12, Unit.DAYS)]
)
def test_a_period_of_centuries_is_refused(workspace: Workspace, period: Period) -> None:
    with pytest.raises(ValidationError, match="trente ans"):
        change(workspace, Table.RULES, RULE, period=period)


def test_a_period_of_centuries_that_was_kept_holds_no_more(workspace: Workspace) -> None:
    LawOverride.objects.create(
        workspace=workspace,
        table=Table.RULES,
        object_id=RULE,
        changes=to_json({"period": Period(3650, Unit.YEARS), "evidence": EVIDENCE}),
        reason="essai",
        made_on=DAY,
    )
    composed = composed_of(workspace)
    assert composed.law.rules[RULE] == shipped().rules[RULE]
    assert [one[:2] for one in composed.unfit] == [("rules", RULE)]


@pytest.mark.parametrize("value", [-1, 10**20])
def test_a_number_out_of_the_calendar_is_refused(workspace: Workspace, value: int) -> None:
    name = next(one for one in shipped().parameters if one.startswith(PAYMENT))
    with pytest.raises(ValidationError, match="entre 0 et"):
        change(workspace, Table.PARAMETERS, name, value=value)


@pytest.mark.parametrize(
    ("table", "name", "changes"),
    [
        (Table.REGIMES, BEFORE, {"valid_to": date(2020, 1, 1)}),
        (Table.REGIMES, AFTER, {"valid_from": date(2030, 1, 1)}),
        (Table.REGIMES, AFTER, {"valid_to": date(2030, 1, 1)}),
        (Table.RULES, CONVENING, {"valid_to": date(2020, 1, 1)}),
    ],
)
def test_dates_that_leave_a_day_without_any_version_are_refused(
    workspace: Workspace, table: Table, name: str, changes: dict[str, date]
) -> None:
    with pytest.raises(ValidationError, match="plus aucune version"):
        change(workspace, table, name, **changes)
    assert not workspace.law_overrides.exists()


def test_a_change_of_regime_is_moved_by_its_two_ends(workspace: Workspace) -> None:
    """The later one first: for a while both hold, never none."""
    change(workspace, Table.REGIMES, BEFORE, valid_to=date(2026, 6, 30))
    kept = change(workspace, Table.REGIMES, AFTER, valid_from=date(2026, 7, 1))
    assert law_of(workspace).regime_on(PROCEDURE, date(2026, 6, 30)).id == BEFORE
    assert law_of(workspace).regime_on(PROCEDURE, date(2026, 7, 1)).id == AFTER

    # Taking back the first alone would leave June without law: the other is then set aside.
    services.withdraw_override(override=workspace.law_overrides.get(object_id=BEFORE))
    composed = composed_of(workspace)
    assert composed.law.regime_on(PROCEDURE, date(2026, 6, 15)).id == AFTER
    assert [one[:2] for one in composed.unfit] == [(kept.table, kept.object_id)]


def test_a_rule_that_is_no_longer_needed_may_end(workspace: Workspace) -> None:
    change(workspace, Table.RULES, RULE, valid_to=date(2027, 1, 1))
    assert law_of(workspace).rules[RULE].valid_to == date(2027, 1, 1)
    assert convocation(law_of(workspace), DAY).last_dispatch < DAY


def test_the_form_says_that_a_period_is_too_long(alice: Membership) -> None:
    answer = client_of(alice).post(
        f"/droit/rules/{RULE}/modifier/",
        {"amount": "3650", "unit": "years", "status": "T", "source": "x", "reason": "x"},
    )
    assert answer.status_code == 422
    assert "trente ans" in answer.content.decode()
    assert not LawOverride.objects.exists()
