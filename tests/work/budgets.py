"""A small budget that holds one of everything, for the tests of budgets."""

from datetime import date
from decimal import Decimal
from typing import Any

from restanque.accounts.models import Workspace
from restanque.directory import services as directory
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.territories.models import Territory
from restanque.work.budget.nomenclature import Post, SubsidyKind
from restanque.work.budget.reading import BudgetReading
from restanque.work.budget.services import budgets, contracts, spending, subsidies
from restanque.work.models import Budget, BudgetLine, Contract

D = Decimal
TODAY = date(2026, 11, 24)


def provider_of(workspace: Workspace, name: str = "Bureau d’études fictif") -> Organisation:
    """Somebody to sign a contract with."""
    return directory.create_organisation(workspace=workspace, kind=Kind.OTHER, name=name)


def budget_of(territory: Territory, name: str = "Révision du SCoT", **fields: Any) -> Budget:
    """An empty budget."""
    return budgets.create_budget(territory=territory, name=name, opened_in=2024, **fields)


def line_of(budget: Budget, label: str = "Études", **fields: Any) -> BudgetLine:
    """A line that plans nothing unless told."""
    given = {"post": Post.STUDIES, "vat_rate": D(20), **fields}
    return budgets.add_line(budget=budget, label=label, **given)


def contract_of(budget: Budget, **fields: Any) -> Contract:
    """A contract of 40 000 € before tax, notified on 1 March 2025."""
    given: dict[str, Any] = {
        "name": "Diagnostic",
        "reference": "2025-03",
        "notified_on": date(2025, 3, 1),
        "ends_on": date(2027, 3, 1),
        "amount_ht": D(40000),
        "vat_rate": D(20),
        **fields,
    }
    if "provider" not in given:
        given["provider"] = provider_of(budget.workspace)
    return contracts.add_contract(budget=budget, **given)


def full(territory: Territory) -> Budget:
    """Planned, committed, invoiced, half paid, half funded; the team's time known."""
    budget = budget_of(territory)
    line = line_of(budget, planned={2025: D(30000), 2026: D(20000), 2027: D(5000)})
    contract = contract_of(budget, line=line)
    contracts.add_amendment(contract=contract, signed_on=date(2026, 2, 1), delta_ht=D(1000))
    contracts.add_deliverable(contract=contract, name="Phase 1", received_on=date(2026, 6, 1))
    commitment = spending.add_commitment(
        budget=budget, contract=contract, committed_on=date(2025, 3, 1), amount_ttc=D(49200)
    )
    spending.add_invoice(
        budget=budget,
        commitment=commitment,
        reference="F1",
        received_on=date(2026, 6, 10),
        amount_ht=D(10000),
        amount_ttc=D(12000),
        paid_on=date(2026, 7, 1),
    )
    spending.add_invoice(
        budget=budget, contract=contract, received_on=date(2026, 11, 10), amount_ttc=D(6000)
    )
    subsidy = subsidies.add_subsidy(
        budget=budget,
        kind=SubsidyKind.REGION,
        funder_label="Région (fictif)",
        base=D(40000),
        rate=D(50),
        asked_on=date(2025, 1, 10),
        granted_on=date(2025, 4, 1),
        expires_on=date(2028, 4, 1),
    )
    subsidies.add_instalment(subsidy=subsidy, received_on=date(2025, 9, 1), amount=D(6000))
    budgets.add_staff(
        budget=budget, year=2026, post_label="Chargé de mission", fte=D("0.60"), cost=D(30000)
    )
    return budget


def reading_of(budget: Budget, today: date = TODAY) -> BudgetReading:
    """Read afresh."""
    return BudgetReading(Budget.objects.to_read().get(pk=budget.pk), today)
