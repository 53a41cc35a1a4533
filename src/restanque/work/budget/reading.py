"""A budget loaded once, added up and read at a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from restanque.work.budget import reckoning
from restanque.work.budget.alerts import Alert, Threshold, alerts, is_late
from restanque.work.budget.reckoning import Ledger, Net, Sums
from restanque.work.budget.rules import PAYMENT, BudgetRules
from restanque.work.models import (
    Amendment,
    Budget,
    BudgetLine,
    Commitment,
    Contract,
    Deliverable,
    Invoice,
    StaffYear,
    Subsidy,
)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line (None: what bears no line) with its sums and its forecast."""

    line: BudgetLine | None
    sums: Sums
    forecast: Decimal | None


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract with what was committed, invoiced and paid on it."""

    contract: Contract
    value: reckoning.Contract
    sums: Sums


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice, the last day to pay it, and whether that day has passed."""

    invoice: Invoice
    due_on: date | None
    late: bool
    purpose: str

    @property
    def paid_late(self) -> bool:
        """Paid after its last day."""
        paid_on = self.invoice.paid_on
        return paid_on is not None and self.due_on is not None and paid_on > self.due_on


@dataclass(frozen=True, slots=True)
class SubsidyRow:
    """A subsidy with what came in and what is left to claim."""

    subsidy: Subsidy
    value: reckoning.Grant


class BudgetReading:
    """Everything a page, an export or a list says of a budget.

    `budget` must come from `Budget.objects.to_read()`: reading it then asks the database nothing
    more, whatever the size, but for the law of the workspace.
    """

    def __init__(self, budget: Budget, today: date, rules: BudgetRules | None = None) -> None:
        self.budget = budget
        self.today = today
        self.rules = rules or BudgetRules.of(budget.workspace)
        self.lines = {one.pk: one for one in budget.lines.all()}
        self.contracts = {one.pk: one for one in budget.contracts.all()}
        self.commitments = {one.pk: one for one in budget.commitments.all()}
        self.invoices = {one.pk: one for one in budget.invoices.all()}
        self.subsidies = {one.pk: one for one in budget.subsidies.all()}
        self.staff = list(budget.staff_years.all())

    @cached_property
    def ledger(self) -> Ledger:
        """The budget as plain values."""
        return Ledger(
            lines=tuple(reckoning.Line(one.pk, one.label) for one in self.lines.values()),
            planned=tuple(
                reckoning.Planned(
                    line.pk, plan.year, reckoning.with_tax(plan.amount_ht, line.vat_rate)
                )
                for line in self.lines.values()
                for plan in line.amounts.all()
            ),
            contracts=tuple(_contract(one) for one in self.contracts.values()),
            commitments=tuple(self._commitment(one) for one in self.commitments.values()),
            invoices=tuple(self._invoice(one) for one in self.invoices.values()),
            grants=tuple(_grant(one) for one in self.subsidies.values()),
            staff=tuple(reckoning.Staff(one.year, one.fte, one.cost) for one in self.staff),
        )

    def _commitment(self, one: Commitment) -> reckoning.Commitment:
        return reckoning.Commitment(
            one.pk,
            str(one),
            one.committed_on,
            one.amount_ttc,
            one.line_id or self._line_of_contract(one.contract_id),
            one.contract_id,
        )

    def _invoice(self, one: Invoice) -> reckoning.Invoice:
        commitment = self.commitments.get(one.commitment_id or 0)
        found = self.contract_of(one)
        contract = found.pk if found else None
        line = one.line_id or (commitment.line_id if commitment else None)
        return reckoning.Invoice(
            one.pk,
            str(one),
            one.received_on,
            one.amount_ttc,
            one.paid_on,
            self.rules.due_on(one.received_on),
            line or self._line_of_contract(contract),
            contract,
            one.commitment_id,
        )

    def _line_of_contract(self, key: int | None) -> int | None:
        contract = self.contracts.get(key or 0)
        return contract.line_id if contract else None

    @property
    def is_fictitious(self) -> bool:
        """A demonstration's, or invented."""
        return self.budget.is_fictitious

    def label_of_line(self, key: int | None) -> str:
        """The name of a line; empty without one."""
        return self.lines[key].label if key else ""

    def label_of_contract(self, key: int | None) -> str:
        """The name of a contract; empty without one."""
        return str(self.contracts[key]) if key else ""

    def is_late(self, invoice: reckoning.Invoice) -> bool:
        """Still to pay although its last day has passed."""
        return is_late(invoice, self.today)

    def contract_of(self, invoice: Invoice) -> Contract | None:
        """The contract an invoice is of, were it through its commitment."""
        commitment = self.commitments.get(invoice.commitment_id or 0)
        key = invoice.contract_id or (commitment.contract_id if commitment else None)
        return self.contracts.get(key or 0)

    @property
    def size(self) -> int:
        """How many records it holds."""
        contracts = self.contracts.values()
        return sum(
            (
                len(self.lines),
                len(self.contracts),
                sum(len(one.amendments.all()) + len(one.deliverables.all()) for one in contracts),
                len(self.commitments),
                len(self.invoices),
                len(self.subsidies),
                sum(len(one.instalments.all()) for one in self.subsidies.values()),
                len(self.staff),
            )
        )

    @cached_property
    def is_empty(self) -> bool:
        """Nothing is recorded yet."""
        return not (self.lines or self.contracts or self.subsidies or self.staff)

    @cached_property
    def total(self) -> Sums:
        """Of everything."""
        return reckoning.total(self.ledger)

    @cached_property
    def years(self) -> dict[int, Sums]:
        """Of each year."""
        return reckoning.by_year(self.ledger)

    @cached_property
    def line_rows(self) -> list[LineRow]:
        """Lines in order, then what bears no line."""
        costs = reckoning.forecast(self.ledger, self.today.year)
        return [
            LineRow(self.lines.get(key or 0), sums, costs[key])
            for key, sums in reckoning.by_line(self.ledger).items()
        ]

    @cached_property
    def forecast(self) -> Decimal | None:
        """What everything bought will have cost at the end; None when a line is unknown."""
        return self.net.spending

    @cached_property
    def net(self) -> Net:
        """What remains to the authority."""
        return reckoning.net_cost(self.ledger, self.today.year)

    @cached_property
    def contract_rows(self) -> list[ContractRow]:
        """Contracts in order."""
        sums = reckoning.by_contract(self.ledger)
        return [
            ContractRow(self.contracts[value.key], value, sums[value.key])
            for value in self.ledger.contracts
        ]

    @cached_property
    def commitment_rows(self) -> list[tuple[Commitment, str]]:
        """Commitments, the newest first, with what they are for."""
        return [
            (
                self.commitments[one.key],
                self.label_of_contract(one.contract) or self.label_of_line(one.line),
            )
            for one in reversed(self.ledger.commitments)
        ]

    @cached_property
    def invoice_rows(self) -> list[InvoiceRow]:
        """Invoices: those to pay first, by their last day; then the paid ones, newest first."""
        rows = [
            InvoiceRow(
                self.invoices[one.key],
                one.due_on,
                is_late(one, self.today),
                self.label_of_contract(one.contract) or self.label_of_line(one.line),
            )
            for one in self.ledger.invoices
        ]
        waiting = [row for row in rows if row.invoice.paid_on is None]
        paid = [row for row in rows if row.invoice.paid_on is not None]
        waiting.sort(key=lambda row: (row.due_on or date.max, row.invoice.pk))
        return waiting + paid[::-1]

    @cached_property
    def subsidy_rows(self) -> list[SubsidyRow]:
        """Subsidies in order."""
        return [SubsidyRow(self.subsidies[one.key], one) for one in self.ledger.grants]

    @cached_property
    def received(self) -> Decimal:
        """Subsidies that came in."""
        return sum((one.received for one in self.ledger.grants), Decimal(0))

    @cached_property
    def staff_years(self) -> dict[int, tuple[Decimal, Decimal | None]]:
        """ETP and cost of each year."""
        return reckoning.staff_by_year(self.ledger)

    @cached_property
    def staff_rows(self) -> list[tuple[int, Decimal, Decimal | None, list[StaffYear]]]:
        """Of each year: ETP, cost, and the posts."""
        return [
            (year, fte, cost, [one for one in self.staff if one.year == year])
            for year, (fte, cost) in self.staff_years.items()
        ]

    def thresholds_of(self, contract: Contract) -> tuple[Threshold, ...]:
        """What its amendments are compared with, at its notification."""
        return self.rules.thresholds(contract.category, contract.notified_on or self.today)

    @cached_property
    def payment(self) -> Threshold | None:
        """The words of the time to pay, today."""
        rule = self.rules.on(PAYMENT, self.today)
        return None if rule is None else self.rules.threshold(rule)

    @cached_property
    def alerts(self) -> list[Alert]:
        """What deserves to be looked at, the gravest first."""
        thresholds = {key: self.thresholds_of(one) for key, one in self.contracts.items()}
        return alerts(self.ledger, self.today, thresholds=thresholds, payment=self.payment)


def _contract(one: Contract) -> reckoning.Contract:
    changes: list[Amendment] = list(one.amendments.all())
    handovers: list[Deliverable] = list(one.deliverables.all())
    ends = [change.new_end for change in changes if change.new_end]
    return reckoning.Contract(
        key=one.pk,
        label=str(one),
        line=one.line_id,
        notified_on=one.notified_on,
        ends_on=ends[-1] if ends else one.ends_on,
        initial_ht=one.amount_ht,
        rate=one.vat_rate,
        changes=tuple(
            reckoning.Change(str(change), change.signed_on, change.delta_ht) for change in changes
        ),
        handovers=tuple(
            reckoning.Handover(each.name, each.due_on, each.received_on, each.accepted_on)
            for each in handovers
        ),
    )


def _grant(one: Subsidy) -> reckoning.Grant:
    return reckoning.Grant(
        key=one.pk,
        label=str(one),
        amount=one.expected,
        received=sum((each.amount for each in one.instalments.all()), Decimal(0)),
        granted=one.granted_on is not None,
        refused=one.refused_on is not None,
        expires_on=one.expires_on,
    )
