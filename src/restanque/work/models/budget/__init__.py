"""Tables of budgets."""

from restanque.work.models.budget.budgets import (
    Budget,
    BudgetLine,
    BudgetQuerySet,
    PlannedAmount,
    StaffYear,
)
from restanque.work.models.budget.contracts import Amendment, Contract, Deliverable
from restanque.work.models.budget.spending import Commitment, Invoice
from restanque.work.models.budget.subsidies import Instalment, Subsidy

__all__ = [
    "Amendment",
    "Budget",
    "BudgetLine",
    "BudgetQuerySet",
    "Commitment",
    "Contract",
    "Deliverable",
    "Instalment",
    "Invoice",
    "PlannedAmount",
    "StaffYear",
    "Subsidy",
]
