"""What deserves to be looked at in a budget, and what does not."""

from datetime import date
from decimal import Decimal

import pytest

from restanque.engine.law import Override, merge, shipped
from restanque.work.budget.alerts import SOON, Alert, Gravity, Kind, Threshold, alerts, euros
from restanque.work.budget.nomenclature import Category
from restanque.work.budget.reckoning import (
    Change,
    Commitment,
    Contract,
    Grant,
    Handover,
    Invoice,
    Ledger,
    Line,
    Planned,
)
from restanque.work.budget.rules import BudgetRules

D = Decimal
TODAY = date(2026, 11, 24)
STUDIES = (Line(1, "Études"),)
RULES = BudgetRules(shipped())
TEN = Threshold(D(10), "repère", "art. R2194-8", "à vérifier", True, "conséquence")


def found(ledger: Ledger, **more: object) -> list[Alert]:
    return alerts(ledger, TODAY, **more)  # type: ignore[arg-type]


def kinds(ledger: Ledger, **more: object) -> set[Kind]:
    return {one.kind for one in found(ledger, **more)}


def commit(amount: int, on: date = date(2026, 3, 1), **more: object) -> Commitment:
    return Commitment(1, "EJ 1", on, D(amount), 1, **more)  # type: ignore[arg-type]


def contract(**more: object) -> Contract:
    given = {"ends_on": date(2027, 1, 1), "notified_on": None, "line": 1} | more
    return Contract(7, "Diagnostic", initial_ht=D(1000), rate=D(20), **given)  # type: ignore[arg-type]


def test_nothing_to_say_of_an_empty_budget() -> None:
    assert found(Ledger()) == []
    assert found(Ledger(STUDIES)) == []


def test_a_line_committed_beyond_its_plan() -> None:
    ledger = Ledger(STUDIES, (Planned(1, 2026, D(100)),), commitments=(commit(130),))
    [alert] = found(ledger)
    assert (alert.kind, alert.gravity) == (Kind.LINE_OVERRUN, Gravity.LATE)
    assert alert.subject == ("line", 1)
    assert "30\u00a0€ de trop" in alert.message
    within = Ledger(STUDIES, (Planned(1, 2026, D(130)),), commitments=(commit(130),))
    assert found(within) == []


def test_a_year_beyond_its_plan_while_the_line_holds() -> None:
    plans = (Planned(1, 2026, D(100)), Planned(1, 2027, D(100)))
    assert kinds(Ledger(STUDIES, plans, commitments=(commit(130),))) == {Kind.YEAR_OVERRUN}


@pytest.mark.parametrize(("year", "said"), [(2025, True), (2026, True), (2027, False)])
def test_a_year_planned_and_not_committed(year: int, said: bool) -> None:
    ledger = Ledger(STUDIES, (Planned(1, year, D(100)),))
    assert (Kind.NOTHING_COMMITTED in kinds(ledger)) == said
    assert kinds(Ledger(STUDIES, (Planned(1, year, D(0)),))) == set()


def test_paid_more_than_committed() -> None:
    bill = Invoice(1, "F1", date(2026, 1, 1), D(50), date(2026, 1, 20), line=1)
    assert kinds(Ledger(STUDIES, invoices=(bill,))) == {Kind.PAID_UNCOMMITTED}
    assert kinds(Ledger(STUDIES, commitments=(commit(50),), invoices=(bill,))) == set()


def test_invoices_beyond_their_commitment() -> None:
    bills = tuple(
        Invoice(key, f"F{key}", date(2026, 11, 1), D(60), line=1, commitment=1) for key in (1, 2)
    )
    [alert] = found(Ledger(STUDIES, commitments=(commit(100),), invoices=bills))
    assert alert.kind is Kind.BEYOND_COMMITMENT
    assert "120\u00a0€ facturés pour 100\u00a0€" in alert.message


@pytest.mark.parametrize(
    ("due_on", "paid_on", "late"),
    [
        (date(2026, 11, 23), None, True),
        (date(2026, 11, 24), None, False),
        (date(2026, 11, 1), date(2026, 11, 20), False),
        (None, None, False),
    ],
)
def test_an_invoice_is_late_the_day_after_its_last_day(
    due_on: date | None, paid_on: date | None, late: bool
) -> None:
    bill = Invoice(1, "F1", date(2026, 10, 1), D(50), paid_on, due_on, line=1)
    ledger = Ledger(STUDIES, commitments=(commit(50),), invoices=(bill,))
    assert (Kind.INVOICE_LATE in kinds(ledger)) == late


def test_a_late_invoice_says_its_article_and_that_interest_is_due() -> None:
    rule = RULES.on("marche.delai-paiement", TODAY)
    assert rule is not None
    bill = Invoice(1, "F1", date(2026, 10, 1), D(50), None, date(2026, 10, 31), line=1)
    ledger = Ledger(STUDIES, commitments=(commit(50),), invoices=(bill,))
    [alert] = found(ledger, payment=RULES.threshold(rule))
    assert "R2192-10" in alert.article
    assert "à vérifier" in alert.evidence
    assert "intérêts" in alert.consequence


def test_paid_before_it_was_received() -> None:
    bill = Invoice(1, "F1", date(2026, 11, 1), D(50), date(2026, 10, 1), line=1)
    ledger = Ledger(STUDIES, commitments=(commit(50),), invoices=(bill,))
    assert kinds(ledger) == {Kind.PAID_EARLY}


def test_a_contract_ended_with_something_left() -> None:
    waiting = Handover("Phase 2", received_on=date(2026, 1, 1))
    ended = contract(ends_on=date(2026, 11, 23), handovers=(waiting,))
    [alert] = found(Ledger(STUDIES, contracts=(ended,)))
    assert alert.kind is Kind.CONTRACT_ENDED
    assert "1\u00a0livrable non accepté" in alert.message
    accepted = Handover("Phase 2", received_on=TODAY, accepted_on=TODAY)
    clean = contract(ends_on=date(2026, 11, 23), handovers=(accepted,))
    assert found(Ledger(STUDIES, contracts=(clean,))) == []
    bill = Invoice(1, "F1", date(2026, 11, 1), D(50), line=1, contract=7)
    owed = Ledger(STUDIES, contracts=(clean,), commitments=(commit(50),), invoices=(bill,))
    assert Kind.CONTRACT_ENDED in kinds(owed)


def test_a_deliverable_that_did_not_come() -> None:
    late = contract(handovers=(Handover("Phase 1", due_on=date(2026, 11, 1)),))
    assert kinds(Ledger(STUDIES, contracts=(late,))) == {Kind.HANDOVER_LATE}
    came = contract(
        handovers=(Handover("Phase 1", due_on=date(2026, 11, 1), received_on=date(2026, 11, 9)),)
    )
    assert found(Ledger(STUDIES, contracts=(came,))) == []


def test_a_contract_notified_and_not_committed() -> None:
    signed = contract(notified_on=date(2026, 1, 1))
    part = Ledger(STUDIES, contracts=(signed,), commitments=(commit(1000, contract=7),))
    [alert] = found(part)
    assert alert.kind is Kind.CONTRACT_UNCOMMITTED
    assert "200\u00a0€" in alert.message
    whole = Ledger(STUDIES, contracts=(signed,), commitments=(commit(1200, contract=7),))
    assert found(whole) == []


@pytest.mark.parametrize(("added", "said"), [(99, False), (100, True), (-500, False)])
def test_amendments_above_a_share_of_the_first_amount(added: int, said: bool) -> None:
    grown = contract(changes=(Change("1", TODAY, D(added)),))
    ledger = Ledger(STUDIES, contracts=(grown,))
    assert (Kind.AMENDMENTS in kinds(ledger, thresholds={7: (TEN,)})) == said
    assert found(ledger) == []


@pytest.mark.parametrize(
    ("expires_on", "kind"),
    [
        (date(2026, 11, 23), Kind.SUBSIDY_EXPIRED),
        (TODAY, Kind.SUBSIDY_EXPIRING),
        (TODAY + SOON, Kind.SUBSIDY_EXPIRING),
        (date(2028, 1, 1), None),
        (None, None),
    ],
)
def test_a_subsidy_to_claim_before_its_last_day(expires_on: date | None, kind: Kind | None) -> None:
    grant = Grant(1, "Région", D(40), D(10), granted=True, expires_on=expires_on)
    assert kinds(Ledger(grants=(grant,))) == ({kind} if kind else set())
    for nothing_left in (
        Grant(1, "Région", D(40), D(40), granted=True, expires_on=expires_on),
        Grant(1, "Région", D(40), expires_on=expires_on),
    ):
        assert found(Ledger(grants=(nothing_left,))) == []


def test_a_subsidy_of_unknown_amount_is_recalled_too() -> None:
    grant = Grant(1, "Région", None, granted=True, expires_on=TODAY)
    [alert] = found(Ledger(grants=(grant,)))
    assert "n’est pas connu" in alert.message


def test_the_gravest_come_first() -> None:
    grants = (
        Grant(1, "A", D(40), granted=True, expires_on=TODAY),
        Grant(2, "B", D(40), granted=True, expires_on=date(2026, 1, 1)),
    )
    ledger = Ledger(STUDIES, (Planned(1, 2026, D(100)),), grants=grants)
    assert [one.gravity for one in found(ledger)] == list(Gravity)


def test_amounts_are_written_the_french_way() -> None:
    assert euros(D(12500)) == "12\u202f500\u00a0€"
    assert euros(D("12500.4")) == "12\u202f500,40\u00a0€"


# The rules of the law base -------------------------------------------------------------------


def test_the_time_to_pay_comes_from_the_law_base() -> None:
    assert RULES.due_on(date(2026, 11, 10)) == date(2026, 12, 10)
    # Before the code de la commande publique, no rule is known: no date is invented.
    assert RULES.due_on(date(2018, 11, 10)) is None


def test_a_workspace_that_changes_the_rule_moves_the_dates() -> None:
    longer = Override(
        "parameters", "marche.delai-paiement", {"value": 45}, "essai", date(2026, 11, 24)
    )
    ours = BudgetRules(merge(shipped(), [longer]))
    assert ours.due_on(date(2026, 11, 10)) == date(2026, 12, 25)


def test_a_rule_ends_on_its_last_day() -> None:
    end = Override(
        "parameters",
        "marche.delai-paiement",
        {"valid_to": date(2026, 6, 30)},
        "essai",
        date(2026, 11, 24),
    )
    ours = BudgetRules(merge(shipped(), [end]))
    assert ours.due_on(date(2026, 6, 30)) is not None
    assert ours.due_on(date(2026, 7, 1)) is None


@pytest.mark.parametrize(
    ("category", "limits"),
    [(Category.SERVICES, {10, 5}), (Category.SUPPLIES, {10, 5}), (Category.WORKS, {15, 5})],
)
def test_thresholds_depend_on_what_is_bought(category: Category, limits: set[int]) -> None:
    thresholds = RULES.thresholds(category, TODAY)
    assert {int(one.limit) for one in thresholds} == limits
    assert all(one.article and one.to_verify for one in thresholds)


def test_every_rule_of_budgets_is_still_to_be_verified_and_says_so() -> None:
    shown = RULES.shown
    assert len(shown) == 6
    assert all(one.to_verify and one.evidence.checked_on is None for one in shown)
