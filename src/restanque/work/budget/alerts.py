"""What deserves to be looked at in a budget, the gravest first. Plain values, no clock.

An alert says a fact with its figures; it never says that somebody did wrong. What the law holds
(time to pay, amendments) comes with its article and how far it was checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from restanque.kit.text import NO_BREAK_SPACE, format_date, format_number, plural
from restanque.work.budget.reckoning import (
    ZERO,
    Contract,
    Grant,
    Invoice,
    Ledger,
    by_commitment,
    by_contract,
    by_line,
    by_line_and_year,
)

#: How long before its last day a subsidy is recalled: a choice of the screen, not of a text.
SOON = timedelta(days=120)


class Gravity(StrEnum):
    """How pressing it is, and the badge that says so."""

    LATE = "retard"
    NEAR = "cours"
    NOTE = "attente"

    @property
    def label(self) -> str:
        """The word of the badge."""
        return {"retard": "à régler", "cours": "à surveiller", "attente": "à savoir"}[self.value]


class Kind(StrEnum):
    """What an alert is about."""

    LINE_OVERRUN = "line-overrun"
    YEAR_OVERRUN = "year-overrun"
    BEYOND_COMMITMENT = "beyond-commitment"
    PAID_UNCOMMITTED = "paid-uncommitted"
    NOTHING_COMMITTED = "nothing-committed"
    CONTRACT_ENDED = "contract-ended"
    CONTRACT_UNCOMMITTED = "contract-uncommitted"
    HANDOVER_LATE = "handover-late"
    AMENDMENTS = "amendments"
    INVOICE_LATE = "invoice-late"
    PAID_EARLY = "paid-early"
    SUBSIDY_EXPIRING = "subsidy-expiring"
    SUBSIDY_EXPIRED = "subsidy-expired"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A share of the initial amount, in percent, that amendments are compared with."""

    limit: Decimal
    title: str
    article: str
    evidence: str
    to_verify: bool
    consequence: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One fact. `subject` is ("line", key), ("contract", key)…: what to open."""

    kind: Kind
    gravity: Gravity
    message: str
    subject: tuple[str, int | None]
    article: str = ""
    evidence: str = ""
    consequence: str = ""


def euros(amount: Decimal) -> str:
    """« 12 500 € », with cents only when there are some."""
    decimals = 0 if amount == amount.to_integral_value() else 2
    return f"{format_number(amount, decimals)}{NO_BREAK_SPACE}€"


def alerts(
    ledger: Ledger,
    today: date,
    *,
    thresholds: Mapping[int, tuple[Threshold, ...]] | None = None,
    payment: Threshold | None = None,
) -> list[Alert]:
    """Everything to look at on that day. `thresholds` by contract; `payment` says the words of the
    time to pay (its limit is already in each invoice's `due_on`)."""
    found = [
        *_lines(ledger, today),
        *_commitments(ledger),
        *_contracts(ledger, today, thresholds or {}),
        *_invoices(ledger, today, payment),
        *_grants(ledger, today),
    ]
    order = list(Gravity)
    # The sort is stable: within a gravity, the order above.
    return sorted(found, key=lambda one: order.index(one.gravity))


def _lines(ledger: Ledger, today: date) -> Iterator[Alert]:
    labels = {line.key: line.label for line in ledger.lines}
    whole = by_line(ledger)
    for key, sums in whole.items():
        label = labels[key] if key is not None else "sans ligne"
        subject = ("line", key)
        if sums.overrun:
            message = (
                f"Ligne « {label} » : {euros(sums.committed)} engagés pour "
                f"{euros(sums.planned or ZERO)} prévus, soit {euros(sums.overrun)} de trop."
            )
            yield Alert(Kind.LINE_OVERRUN, Gravity.LATE, message, subject)
        if sums.paid > sums.committed:
            message = (
                f"Ligne « {label} » : {euros(sums.paid)} payés pour {euros(sums.committed)} "
                "engagés. Enregistrez les engagements qui manquent."
            )
            yield Alert(Kind.PAID_UNCOMMITTED, Gravity.NEAR, message, subject)
    for (key, year), sums in by_line_and_year(ledger).items():
        if key is None or sums.planned is None:
            continue
        label = labels[key]
        if sums.overrun and not whole[key].overrun:
            message = (
                f"Ligne « {label} », {year} : {euros(sums.committed)} engagés pour "
                f"{euros(sums.planned)} prévus cette année-là."
            )
            yield Alert(Kind.YEAR_OVERRUN, Gravity.NOTE, message, ("line", key))
        if sums.planned and not sums.committed and year <= today.year:
            message = f"Ligne « {label} » : {euros(sums.planned)} prévus en {year}, rien d’engagé."
            yield Alert(Kind.NOTHING_COMMITTED, Gravity.NOTE, message, ("line", key))


def _commitments(ledger: Ledger) -> Iterator[Alert]:
    spent = by_commitment(ledger)
    for one in ledger.commitments:
        if spent[one.key] > one.amount:
            message = (
                f"Engagement « {one.label} » : {euros(spent[one.key])} facturés pour "
                f"{euros(one.amount)} engagés."
            )
            yield Alert(Kind.BEYOND_COMMITMENT, Gravity.LATE, message, ("commitment", one.key))


def _contracts(
    ledger: Ledger, today: date, thresholds: Mapping[int, tuple[Threshold, ...]]
) -> Iterator[Alert]:
    sums = by_contract(ledger)
    for one in ledger.contracts:
        subject = ("contract", one.key)
        waiting = [h for h in one.handovers if not h.accepted_on]
        unpaid = sums[one.key].to_pay
        if one.ends_on and one.ends_on < today and (waiting or unpaid):
            yield Alert(
                Kind.CONTRACT_ENDED, Gravity.LATE, _ended(one, len(waiting), unpaid), subject
            )
        late = [h for h in waiting if not h.received_on and h.due_on and h.due_on < today]
        for handover in late:
            message = (
                f"Marché « {one.label} » : « {handover.label} » était attendu le "
                f"{format_date(handover.due_on)}, il n’est pas reçu."
            )
            yield Alert(Kind.HANDOVER_LATE, Gravity.NEAR, message, subject)
        if one.notified_on and one.current > sums[one.key].committed:
            left = one.current - sums[one.key].committed
            message = (
                f"Marché « {one.label} » : {euros(left)} du montant notifié ne sont pas engagés."
            )
            yield Alert(Kind.CONTRACT_UNCOMMITTED, Gravity.NOTE, message, subject)
        yield from _amendments(one, thresholds.get(one.key, ()))


def _ended(contract: Contract, waiting: int, unpaid: Decimal) -> str:
    rest = []
    if waiting:
        rest.append(plural(waiting, "livrable non accepté", "livrables non acceptés"))
    if unpaid:
        rest.append(f"{euros(unpaid)} facturés non payés")
    return (
        f"Marché « {contract.label} » : fini le {format_date(contract.ends_on)}, il reste "
        f"{' et '.join(rest)}."
    )


def _amendments(contract: Contract, thresholds: tuple[Threshold, ...]) -> Iterator[Alert]:
    share = contract.change_percent
    if share is None:
        return
    for one in thresholds:
        if share >= one.limit:
            message = (
                f"Marché « {contract.label} » : les avenants ajoutent {format_number(share, 1)}"
                f"{NO_BREAK_SPACE}% au montant initial, pour un repère de "
                f"{format_number(one.limit)}{NO_BREAK_SPACE}%."
            )
            yield Alert(
                Kind.AMENDMENTS,
                Gravity.NEAR,
                message,
                ("contract", contract.key),
                one.article,
                one.evidence,
                one.consequence,
            )


def _invoices(ledger: Ledger, today: date, payment: Threshold | None) -> Iterator[Alert]:
    for one in ledger.invoices:
        subject = ("invoice", one.key)
        if is_late(one, today):
            message = (
                f"Facture « {one.label} » de {euros(one.amount)} : à payer au plus tard le "
                f"{format_date(one.due_on)}, elle n’est pas payée."
            )
            yield Alert(
                Kind.INVOICE_LATE,
                Gravity.LATE,
                message,
                subject,
                payment.article if payment else "",
                payment.evidence if payment else "",
                payment.consequence if payment else "",
            )
        if one.paid_on and one.paid_on < one.received_on:
            message = (
                f"Facture « {one.label} » : payée le {format_date(one.paid_on)}, avant d’être "
                f"reçue le {format_date(one.received_on)}. Vérifiez ces dates."
            )
            yield Alert(Kind.PAID_EARLY, Gravity.NOTE, message, subject)


def is_late(invoice: Invoice, today: date) -> bool:
    """Not paid, and its last day has passed."""
    return invoice.paid_on is None and invoice.due_on is not None and invoice.due_on < today


def _grants(ledger: Ledger, today: date) -> Iterator[Alert]:
    for one in ledger.grants:
        if not one.granted or one.expires_on is None or one.left == ZERO:
            continue
        subject = ("subsidy", one.key)
        rest = _rest(one)
        if one.expires_on < today:
            message = (
                f"Subvention « {one.label} » : elle était à solder au plus tard le "
                f"{format_date(one.expires_on)}, il reste {rest}."
            )
            yield Alert(Kind.SUBSIDY_EXPIRED, Gravity.LATE, message, subject)
        elif one.expires_on - today <= SOON:
            message = (
                f"Subvention « {one.label} » : {rest} à demander au plus tard le "
                f"{format_date(one.expires_on)}."
            )
            yield Alert(Kind.SUBSIDY_EXPIRING, Gravity.NEAR, message, subject)


def _rest(grant: Grant) -> str:
    return "un montant qui n’est pas connu" if grant.left is None else euros(grant.left)
