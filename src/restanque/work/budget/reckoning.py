"""Adding up a budget: plain values in, plain values out. No Django, no clock, no database.

Everything is in euros with tax (TTC), as Decimal, unless a name says otherwise. A year is that of
the day of the commitment, of the receipt of the invoice, of its payment. None is unknown; 0 is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, TypeVar

ZERO = Decimal(0)
_CENT = Decimal("0.01")

K = TypeVar("K", bound=Hashable)
Column = Literal["planned", "committed", "invoiced", "paid"]


def with_tax(amount: Decimal, rate: Decimal) -> Decimal:
    """An amount before tax, with the tax of `rate` percent, rounded to the cent."""
    return (amount * (100 + rate) / 100).quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Planned:
    """What a line plans for a year."""

    line: int
    year: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the budget."""

    key: int
    label: str


@dataclass(frozen=True, slots=True)
class Handover:
    """What a provider hands over, and where it stands."""

    label: str
    due_on: date | None = None
    received_on: date | None = None
    accepted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One amendment: what it adds to the amount before tax, and the day it was signed."""

    label: str
    signed_on: date
    delta_ht: Decimal


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract; `ends_on` counts the amendments."""

    key: int
    label: str
    line: int | None
    notified_on: date | None
    ends_on: date | None
    initial_ht: Decimal
    rate: Decimal
    changes: tuple[Change, ...] = ()
    handovers: tuple[Handover, ...] = ()

    @property
    def change_ht(self) -> Decimal:
        """What the amendments add in all, before tax."""
        return sum((one.delta_ht for one in self.changes), ZERO)

    @property
    def change_percent(self) -> Decimal | None:
        """The same as a share of the initial amount, in percent; None when that amount is 0."""
        return self.change_ht * 100 / self.initial_ht if self.initial_ht else None

    @property
    def current_ht(self) -> Decimal:
        """The amount with its amendments, before tax."""
        return self.initial_ht + self.change_ht

    @property
    def current(self) -> Decimal:
        """The same with tax."""
        return with_tax(self.current_ht, self.rate)


@dataclass(frozen=True, slots=True)
class Commitment:
    """Money set aside. `line` is the one charged, were it through the contract."""

    key: int
    label: str
    on: date
    amount: Decimal
    line: int | None = None
    contract: int | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice. `due_on` is the last day to pay; None when no rule is known for its day."""

    key: int
    label: str
    received_on: date
    amount: Decimal
    paid_on: date | None = None
    due_on: date | None = None
    line: int | None = None
    contract: int | None = None
    commitment: int | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A subsidy: its amount if known, what came in."""

    key: int
    label: str
    amount: Decimal | None
    received: Decimal = ZERO
    granted: bool = False
    refused: bool = False
    expires_on: date | None = None

    @property
    def left(self) -> Decimal | None:
        """What is still to claim of a granted one; None when its amount is unknown."""
        if not self.granted or self.amount is None:
            return None
        return max(ZERO, self.amount - self.received)


@dataclass(frozen=True, slots=True)
class Staff:
    """The time of a post in a year, in full-time equivalents, and its cost if known."""

    year: int
    fte: Decimal
    cost: Decimal | None


@dataclass(frozen=True)
class Ledger:
    """All that a budget holds."""

    lines: tuple[Line, ...] = ()
    planned: tuple[Planned, ...] = ()
    contracts: tuple[Contract, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    grants: tuple[Grant, ...] = ()
    staff: tuple[Staff, ...] = ()

    def moves(self) -> Iterator[Move]:
        """Every amount once in each of its columns."""
        for plan in self.planned:
            yield Move("planned", plan.line, plan.year, None, plan.amount)
        for one in self.commitments:
            yield Move("committed", one.line, one.on.year, one.contract, one.amount)
        for bill in self.invoices:
            yield Move("invoiced", bill.line, bill.received_on.year, bill.contract, bill.amount)
            if bill.paid_on:
                yield Move("paid", bill.line, bill.paid_on.year, bill.contract, bill.amount)


@dataclass(frozen=True, slots=True)
class Move:
    """One amount, where and when it counts."""

    column: Column
    line: int | None
    year: int
    contract: int | None
    amount: Decimal


@dataclass(slots=True)
class Sums:
    """What was planned (None: nothing was said), committed, invoiced, paid."""

    planned: Decimal | None = None
    committed: Decimal = ZERO
    invoiced: Decimal = ZERO
    paid: Decimal = ZERO

    def add(self, move: Move) -> None:
        """Count one amount more."""
        setattr(self, move.column, (getattr(self, move.column) or ZERO) + move.amount)

    @property
    def remaining(self) -> Decimal | None:
        """Planned and not committed yet: below zero, the line is overrun."""
        return None if self.planned is None else self.planned - self.committed

    @property
    def overrun(self) -> Decimal:
        """Committed beyond what was planned; 0 when nothing was planned or nothing is beyond."""
        return max(ZERO, -(self.remaining or ZERO))

    @property
    def to_pay(self) -> Decimal:
        """Invoiced and not paid yet."""
        return self.invoiced - self.paid


def add_up(moves: Iterable[Move], key: Callable[[Move], K]) -> dict[K, Sums]:
    """Sums of the moves that share a key, in the order they are met."""
    found: dict[K, Sums] = {}
    for move in moves:
        found.setdefault(key(move), Sums()).add(move)
    return found


def total(ledger: Ledger) -> Sums:
    """Of everything."""
    return add_up(ledger.moves(), lambda _: None).get(None, Sums())


def by_line(ledger: Ledger) -> dict[int | None, Sums]:
    """Of each line, those without movement included; None is what bears no line."""
    found = add_up(ledger.moves(), lambda move: move.line)
    known: dict[int | None, Sums] = {line.key: found.pop(line.key, Sums()) for line in ledger.lines}
    return known | found


def by_year(ledger: Ledger) -> dict[int, Sums]:
    """Of each year from the first to the last that has something, without a gap."""
    found = add_up(ledger.moves(), lambda move: move.year)
    if not found:
        return {}
    return {year: found.get(year, Sums()) for year in range(min(found), max(found) + 1)}


def by_line_and_year(ledger: Ledger) -> dict[tuple[int | None, int], Sums]:
    """Of each line in each year where it has something."""
    return add_up(ledger.moves(), lambda move: (move.line, move.year))


def by_contract(ledger: Ledger) -> dict[int, Sums]:
    """Of each contract: committed, invoiced, paid; nothing is planned by contract."""
    found = add_up(ledger.moves(), lambda move: move.contract)
    return {one.key: found.get(one.key, Sums()) for one in ledger.contracts}


def by_commitment(ledger: Ledger) -> dict[int, Decimal]:
    """What was invoiced on each commitment."""
    spent = {one.key: ZERO for one in ledger.commitments}
    for bill in ledger.invoices:
        if bill.commitment is not None:
            spent[bill.commitment] = spent.get(bill.commitment, ZERO) + bill.amount
    return spent


def forecast(ledger: Ledger, this_year: int) -> dict[int | None, Decimal | None]:
    """What each line will have cost at the end.

    Past years: what was committed (what was planned and not committed is not spent). This year and
    the next: the greater of planned and committed. Never less than what is invoiced already. An
    invoice that names no commitment is taken as covered by those of its contract, or of its line;
    where there is none, it counts as committed on the day it was received. None for a line of
    which nothing is known.
    """
    firm = _firm(ledger)
    plans = {(one.line, one.year): one.amount for one in ledger.planned}
    sums = by_line(ledger)
    found: dict[int | None, Decimal | None] = {}
    for line, whole in sums.items():
        years = {year for key, year in (*firm, *plans) if key == line}
        if not years and not whole.invoiced:
            found[line] = None
            continue
        expected = sum((_year_cost(line, y, this_year, firm, plans) for y in years), ZERO)
        found[line] = max(expected, whole.invoiced)
    return found


def _year_cost(
    line: int | None,
    year: int,
    this_year: int,
    firm: dict[tuple[int | None, int], Decimal],
    plans: dict[tuple[int, int], Decimal],
) -> Decimal:
    committed = firm.get((line, year), ZERO)
    if year < this_year or line is None:
        return committed
    return max(committed, plans.get((line, year), ZERO))


def _firm(ledger: Ledger) -> dict[tuple[int | None, int], Decimal]:
    """Commitments, and the invoices that none covers, by line and year."""
    covered = {(one.contract, None if one.contract else one.line) for one in ledger.commitments}
    found: dict[tuple[int | None, int], Decimal] = {}
    for one in ledger.commitments:
        place = one.line, one.on.year
        found[place] = found.get(place, ZERO) + one.amount
    for bill in ledger.invoices:
        cover = bill.contract, None if bill.contract else bill.line
        if bill.commitment is None and cover not in covered:
            place = bill.line, bill.received_on.year
            found[place] = found.get(place, ZERO) + bill.amount
    return found


@dataclass(frozen=True, slots=True)
class Net:
    """What remains to the authority at the end. `amount` is None when a part is unknown."""

    spending: Decimal | None
    staff: Decimal | None
    granted: Decimal | None
    asked: Decimal | None
    unknown: tuple[str, ...] = field(default=())

    @property
    def amount(self) -> Decimal | None:
        """Spending and team, less what was granted; what is only asked is not counted."""
        parts = self.spending, self.staff, self.granted
        if None in parts:
            return None
        spending, staff, granted = (part or ZERO for part in parts)
        return spending + staff - granted


def net_cost(ledger: Ledger, this_year: int) -> Net:
    """What the authority will have paid from its own money, and what is missing to know it."""
    labels = {line.key: line.label for line in ledger.lines}
    lines = forecast(ledger, this_year)
    silent = [labels[key] for key, value in lines.items() if key is not None and value is None]
    granted = [one for one in ledger.grants if one.granted]
    waiting = [one for one in ledger.grants if not one.granted and not one.refused]
    unknown = [f"rien n’est prévu ni engagé sur la ligne « {label} »" for label in silent]
    if any(one.cost is None for one in ledger.staff):
        unknown.append("le coût d’une partie du temps de l’équipe n’est pas connu")
    unknown += [
        f"le montant accordé par « {one.label} » n’est pas connu"
        for one in granted
        if one.amount is None
    ]
    return Net(
        spending=_sum(lines.values()),
        staff=_sum(one.cost for one in ledger.staff),
        granted=_sum(one.amount for one in granted),
        asked=_sum(one.amount for one in waiting),
        unknown=tuple(unknown),
    )


def staff_by_year(ledger: Ledger) -> dict[int, tuple[Decimal, Decimal | None]]:
    """Of each year, in order: full-time equivalents, and their cost (None if a part is unknown)."""
    years = sorted({one.year for one in ledger.staff})
    found = {}
    for year in years:
        mine = [one for one in ledger.staff if one.year == year]
        found[year] = sum((one.fte for one in mine), ZERO), _sum(one.cost for one in mine)
    return found


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; None as soon as one value is unknown."""
    whole = ZERO
    for value in values:
        if value is None:
            return None
        whole += value
    return whole
