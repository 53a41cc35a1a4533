"""What may be written of a budget, and what cannot be."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, models, transaction

from restanque.accounts.models import Workspace
from restanque.territories.models import Territory
from restanque.work.budget.services import budgets, contracts, spending, subsidies
from restanque.work.models import (
    Amendment,
    Budget,
    BudgetLine,
    Commitment,
    Contract,
    Deliverable,
    Instalment,
    Invoice,
    PlannedAmount,
    StaffYear,
    Subsidy,
)
from tests.questions import PDF
from tests.work.budgets import budget_of, contract_of, full, line_of, provider_of, reading_of

D = Decimal


@pytest.fixture
def budget(scot: Territory) -> Budget:
    return full(scot)


def refused(model: type[models.Model], **changes: Any) -> bool:
    """Whether the database itself refuses these values, whoever writes them."""
    try:
        with transaction.atomic():
            model._default_manager.update(**changes)
    except IntegrityError:
        return True
    return False


def test_a_full_budget_adds_up(budget: Budget) -> None:
    reading = reading_of(budget)
    assert reading.total.planned == D(66000)
    assert reading.total.committed == D(49200)
    assert reading.total.invoiced == D(18000)
    assert reading.total.paid == D(12000)
    assert reading.total.remaining == D(16800)
    # 2025: committed 49 200; 2026: planned 24 000; 2027: planned 6 000.
    assert reading.forecast == D(79200)
    assert reading.net.amount == D(79200) + D(30000) - D(20000)
    assert reading.received == D(6000)
    [contract] = reading.contract_rows
    assert contract.value.current == D(49200)
    assert (contract.sums.committed, contract.sums.invoiced) == (D(49200), D(18000))
    assert reading.size == 10


def test_amounts_are_exact_to_the_cent(scot: Territory) -> None:
    budget = budget_of(scot)
    line = line_of(budget, vat_rate=D("5.5"), planned={2026: D("0.10"), 2027: D("0.20")})
    for _ in range(10):
        spending.add_commitment(
            budget=budget, line=line, committed_on=date(2026, 1, 1), amount_ttc=D("0.10")
        )
    reading = reading_of(budget)
    assert reading.total.committed == D("1.00")
    assert reading.total.planned == D("0.11") + D("0.21")


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (PlannedAmount, {"amount_ht": D(-1)}),
        (PlannedAmount, {"year": 1900}),
        (BudgetLine, {"vat_rate": D(120)}),
        (BudgetLine, {"post": "autre-chose"}),
        (Contract, {"amount_ht": D(-1)}),
        (Contract, {"ends_on": date(2020, 1, 1)}),
        (Contract, {"category": "inconnu"}),
        (Amendment, {"number": 0}),
        (Deliverable, {"accepted_on": date(2026, 5, 1)}),
        (Deliverable, {"received_on": None, "accepted_on": date(2026, 5, 1)}),
        (Deliverable, {"received_on": None, "file": "work/x.pdf"}),
        (Commitment, {"amount_ttc": D(0)}),
        (Commitment, {"contract": None, "line": None}),
        (Invoice, {"amount_ttc": D(-1)}),
        (Invoice, {"amount_ht": D(20000)}),
        (Invoice, {"commitment": None, "contract": None, "line": None}),
        (Subsidy, {"rate": D(101)}),
        (Subsidy, {"amount": D(-1)}),
        (Subsidy, {"funder_label": ""}),
        (Subsidy, {"refused_on": date(2026, 1, 1)}),
        (Subsidy, {"granted_on": date(2024, 1, 1)}),
        (Subsidy, {"expires_on": date(2025, 3, 1)}),
        (Instalment, {"amount": D(0)}),
        (StaffYear, {"fte": D(0)}),
        (StaffYear, {"cost": D(-1)}),
        (Budget, {"opened_in": 1900}),
        (Budget, {"subject_path": "/procedures/3/"}),
        (Budget, {"subject_label": "x", "subject_path": "https://ailleurs.example"}),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "-".join(value),
)
def test_the_database_refuses_what_cannot_be(
    budget: Budget, model: type[models.Model], changes: dict[str, Any]
) -> None:
    assert refused(model, **changes)


def test_what_may_happen_is_kept_and_said(budget: Budget) -> None:
    """Paid before it was received, beyond what was committed: alerts, not refusals."""
    invoice = budget.invoices.get(reference="F1")
    spending.update_invoice(
        invoice=invoice, paid_on=date(2026, 6, 1), amount_ht=None, amount_ttc=D(50000)
    )
    kinds = {one.kind.value for one in reading_of(budget).alerts}
    assert {"paid-early", "beyond-commitment"} <= kinds


def test_an_amendment_may_lower_the_amount_but_not_below_zero(budget: Budget) -> None:
    contract = budget.contracts.get()
    contracts.add_amendment(contract=contract, signed_on=date(2026, 3, 1), delta_ht=D(-41000))
    with pytest.raises(ValidationError, match="négatif"):
        contracts.add_amendment(contract=contract, signed_on=date(2026, 4, 1), delta_ht=D("-0.01"))
    with pytest.raises(ValidationError, match="négatif"):
        contracts.update_contract(contract=contract, amount_ht=D(100))
    assert reading_of(budget).contract_rows[0].value.current_ht == 0


def test_amendments_are_numbered_in_turn(budget: Budget) -> None:
    contract = budget.contracts.get()
    made = contracts.add_amendment(contract=contract, signed_on=date(2026, 3, 1), delta_ht=D(0))
    assert made.number == 2
    with pytest.raises(ValidationError, match="déjà pris"):
        contracts.add_amendment(
            contract=contract, signed_on=date(2026, 3, 1), delta_ht=D(0), number=2
        )
    with pytest.raises(ValidationError, match="avant la notification"):
        contracts.add_amendment(contract=contract, signed_on=date(2024, 3, 1), delta_ht=D(0))


def test_the_end_of_a_contract_follows_its_last_amendment(budget: Budget) -> None:
    contract = budget.contracts.get()
    for number, end in ((2, date(2027, 9, 1)), (3, None)):
        contracts.add_amendment(
            contract=contract,
            signed_on=date(2026, number, 1),
            delta_ht=D(0),
            number=number,
            new_end=end,
        )
    assert reading_of(budget).contract_rows[0].value.ends_on == date(2027, 9, 1)


def test_a_line_takes_the_normal_rate_when_none_is_given(scot: Territory) -> None:
    line = budgets.add_line(budget=budget_of(scot), label="Études", post="studies")
    assert line.vat_rate == D(20)


def test_planning_a_year_again_changes_it_and_nothing_takes_it_away(scot: Territory) -> None:
    line = line_of(budget_of(scot), planned={2025: D(1), 2026: D(2), 2027: None})
    budgets.update_line(line=line, planned={2025: D(0), 2026: None})
    assert list(line.amounts.values_list("year", "amount_ht")) == [(2025, D(0))]


def test_two_things_of_one_name_are_refused(scot: Territory, budget: Budget) -> None:
    with pytest.raises(ValidationError, match="porte déjà ce nom"):
        budget_of(scot, "revision du scot")
    with pytest.raises(ValidationError, match="porte déjà ce nom"):
        line_of(budget, "ETUDES")
    with pytest.raises(ValidationError, match="déjà cette référence"):
        contract_of(budget, provider=budget.contracts.get().provider)
    with pytest.raises(ValidationError, match="déjà compté"):
        budgets.add_staff(budget=budget, year=2026, post_label="chargé de MISSION", fte=D(1))


def test_parts_of_two_budgets_are_not_mixed(scot: Territory, budget: Budget) -> None:
    other = budget_of(scot, "Autre")
    line = line_of(other)
    with pytest.raises(ValidationError, match="même budget"):
        contracts.update_contract(contract=budget.contracts.get(), line=line)
    with pytest.raises(ValidationError, match="même budget"):
        spending.add_commitment(
            budget=budget, line=line, committed_on=date(2026, 1, 1), amount_ttc=D(1)
        )
    with pytest.raises(ValidationError, match="même budget"):
        spending.add_invoice(
            budget=budget, line=line, received_on=date(2026, 1, 1), amount_ttc=D(1)
        )


def test_providers_and_funders_are_of_the_workspace(
    budget: Budget, other_workspace: Workspace
) -> None:
    stranger = provider_of(other_workspace, "Ailleurs")
    with pytest.raises(ValidationError, match="autre espace"):
        contracts.update_contract(contract=budget.contracts.get(), provider=stranger)
    with pytest.raises(ValidationError, match="autre espace"):
        subsidies.update_subsidy(subsidy=budget.subsidies.get(), funder=stranger)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"amount": D(5), "base": D(100), "rate": D(50)}, D(5)),
        ({"amount": None, "base": D("33.33"), "rate": D("33.33")}, D("11.11")),
        ({"amount": None, "base": D(100), "rate": None}, None),
        ({"amount": None, "base": None, "rate": D(50)}, None),
        ({"amount": None, "base": D(0), "rate": D(50)}, D(0)),
    ],
)
def test_a_subsidy_is_an_amount_or_a_rate(
    budget: Budget, fields: dict[str, Any], expected: Decimal | None
) -> None:
    subsidy = subsidies.update_subsidy(subsidy=budget.subsidies.get(), **fields)
    assert subsidy.expected == expected


def test_a_budget_is_about_a_page_that_exists(scot: Territory) -> None:
    for path in ("//ailleurs.example/", "/nulle-part/", "https://ailleurs.example/"):
        with pytest.raises(ValidationError, match="page"):
            budget_of(scot, subject_label="x", subject_path=path)
    made = budget_of(scot, subject_label="Territoire", subject_path="/territoires/")
    workspace = scot.workspace
    assert list(Budget.objects.about(workspace, "/territoires/")) == [made]
    assert not Budget.objects.about(workspace, "").exists()


def test_what_others_rest_on_is_not_removed(budget: Budget) -> None:
    with pytest.raises(ValidationError, match="s’y rattache encore"):
        budgets.remove(record=budget.contracts.get())
    with pytest.raises(ValidationError, match="s’y rattache encore"):
        budgets.remove(record=budget.lines.get())
    for one in (*budget.invoices.all(), *budget.commitments.all(), budget.contracts.get()):
        budgets.remove(record=one)
    budgets.remove(record=budget.lines.get())
    assert not budget.lines.exists()
    assert BudgetLine.history.filter(budget=budget.pk, history_type="-").exists()


def test_a_deliverable_keeps_its_file_until_another_or_none(
    budget: Budget, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    one = budget.contracts.get().deliverables.get()

    def kept() -> int:
        return len([path for path in tmp_path.rglob("*") if path.is_file()])

    with django_capture_on_commit_callbacks(execute=True):
        contracts.update_deliverable(deliverable=one, upload=SimpleUploadedFile("a.pdf", PDF))
    assert (one.file_name, kept()) == ("a.pdf", 1)
    with django_capture_on_commit_callbacks(execute=True):
        contracts.update_deliverable(deliverable=one, upload=SimpleUploadedFile("b.pdf", PDF))
    assert (one.file_name, kept()) == ("b.pdf", 1)
    with pytest.raises(ValidationError, match="type accepté"):
        contracts.update_deliverable(deliverable=one, upload=SimpleUploadedFile("c.exe", b"MZ"))
    with django_capture_on_commit_callbacks(execute=True):
        budgets.remove(record=Deliverable.objects.get(pk=one.pk))
    assert kept() == 0


def test_a_budget_goes_with_everything_in_it(
    budget: Budget, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    one = budget.contracts.get().deliverables.get()
    contracts.update_deliverable(deliverable=one, upload=SimpleUploadedFile("a.pdf", PDF))
    with django_capture_on_commit_callbacks(execute=True):
        budgets.delete_budget(budget=budget)
    for model in (Budget, BudgetLine, Contract, Invoice, Subsidy, StaffYear, Deliverable):
        assert not model._default_manager.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_fictitious_follows_the_workspace_unless_said(
    scot: Territory, workspace: Workspace
) -> None:
    assert budget_of(scot).fictitious is False
    assert budget_of(scot, "Inventé", fictitious=True).fictitious is True
