"""Writes on commitments and invoices."""

from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction

from restanque.work.budget.services.budgets import assign
from restanque.work.models import Budget, BudgetLine, Commitment, Contract, Invoice
from restanque.work.services.saving import save


class CommitmentFields(TypedDict, total=False):
    """What may be written of a commitment."""

    contract: Contract | None
    line: BudgetLine | None
    committed_on: date
    name: str
    reference: str
    amount_ttc: Decimal


class InvoiceFields(TypedDict, total=False):
    """What may be written of an invoice."""

    commitment: Commitment | None
    contract: Contract | None
    line: BudgetLine | None
    reference: str
    name: str
    received_on: date
    amount_ht: Decimal | None
    amount_ttc: Decimal
    paid_on: date | None


@transaction.atomic
def add_commitment(*, budget: Budget, **fields: Unpack[CommitmentFields]) -> Commitment:
    """Money set aside for a contract or on a line."""
    return save(assign(Commitment(budget=budget), fields))


@transaction.atomic
def update_commitment(*, commitment: Commitment, **changes: Unpack[CommitmentFields]) -> Commitment:
    """Correct it."""
    return save(assign(commitment, changes))


@transaction.atomic
def add_invoice(*, budget: Budget, **fields: Unpack[InvoiceFields]) -> Invoice:
    """An invoice received."""
    return save(assign(Invoice(budget=budget), fields))


@transaction.atomic
def update_invoice(*, invoice: Invoice, **changes: Unpack[InvoiceFields]) -> Invoice:
    """Correct it, or say when it was paid."""
    return save(assign(invoice, changes))
