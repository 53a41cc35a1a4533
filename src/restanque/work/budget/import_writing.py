"""How a row of a past budget is written, through the services; its journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from restanque.directory.models import Organisation
from restanque.kit.text import search_key
from restanque.work.budget.import_rows import Nature
from restanque.work.budget.nomenclature import Post, Section, SubsidyKind
from restanque.work.budget.services import budgets, contracts, journal, spending, subsidies
from restanque.work.models import Budget, BudgetLine, Contract

Payload = Mapping[str, Any]


def write(budget: Budget, payload: Payload) -> dict[str, Any]:
    """Write one row; the journal that undoes it. LookupError names a contract that has gone."""
    return _WRITERS[Nature(payload["nature"])](budget, payload)


def _planned(budget: Budget, row: Payload) -> dict[str, Any]:
    line, new = _line_named(budget, row)
    year, amount = int(row["year"]), Decimal(row["amount_ht"])
    known = line.amounts.filter(year=year).first()
    before = known.amount_ht if known else None
    budgets.plan_years(line=line, planned={year: amount})
    plan = line.amounts.get(year=year)
    if before is not None:
        return journal.replanned(plan, before)
    return journal.made(*new, plan)


def _contract(budget: Budget, row: Payload) -> dict[str, Any]:
    line, new = _line(budget, row)
    provider = Organisation.objects.filter(workspace=budget.workspace, pk=row["provider"]).first()
    if provider is None:
        raise LookupError("ce prestataire n’est plus dans l’annuaire.")
    one = contracts.add_contract(
        budget=budget,
        line=line,
        provider=provider,
        name=row["label"],
        reference=row["reference"],
        notified_on=_day(row, "day"),
        ends_on=_day(row, "end"),
        amount_ht=Decimal(row["amount_ht"]),
        vat_rate=Decimal(row["vat_rate"]),
    )
    return journal.made(*new, one)


def _amendment(budget: Budget, row: Payload) -> dict[str, Any]:
    one = contracts.add_amendment(
        contract=_contract_named(budget, row["contract"]),
        signed_on=date.fromisoformat(row["day"]),
        name=row.get("label", ""),
        delta_ht=Decimal(row["amount_ht"]),
        new_end=_day(row, "end"),
    )
    return journal.made(one)


def _commitment(budget: Budget, row: Payload) -> dict[str, Any]:
    line, new = _line(budget, row)
    one = spending.add_commitment(
        budget=budget,
        contract=_of_contract(budget, row),
        line=line,
        committed_on=date.fromisoformat(row["day"]),
        name=row.get("label", ""),
        reference=row.get("reference", ""),
        amount_ttc=Decimal(row["amount_ttc"]),
    )
    return journal.made(*new, one)


def _invoice(budget: Budget, row: Payload) -> dict[str, Any]:
    line, new = _line(budget, row)
    one = spending.add_invoice(
        budget=budget,
        contract=_of_contract(budget, row),
        line=line,
        received_on=date.fromisoformat(row["day"]),
        name=row.get("label", ""),
        reference=row.get("reference", ""),
        amount_ht=Decimal(row["amount_ht"]),
        amount_ttc=Decimal(row["amount_ttc"]),
        paid_on=_day(row, "settled_on"),
    )
    return journal.made(*new, one)


def _subsidy(budget: Budget, row: Payload) -> dict[str, Any]:
    amount, paid_on = Decimal(row["amount_ttc"]), _day(row, "settled_on")
    one = subsidies.add_subsidy(
        budget=budget,
        kind=SubsidyKind.OTHER,
        funder_label=row["organisation"][:150],
        name=row.get("label", ""),
        amount=amount,
        granted_on=_day(row, "day"),
        expires_on=_day(row, "end"),
    )
    if paid_on is None or not amount:
        return journal.made(one)
    money = subsidies.add_instalment(subsidy=one, received_on=paid_on, amount=amount)
    return journal.made(one, money)


def _staff(budget: Budget, row: Payload) -> dict[str, Any]:
    cost = Decimal(row["amount_ttc"]) if row["has_amount"] else None
    one = budgets.add_staff(
        budget=budget,
        year=int(row["year"]),
        post_label=row["label"][:120],
        fte=Decimal(row["fte"]),
        cost=cost,
    )
    return journal.made(one)


_WRITERS: Mapping[Nature, Callable[[Budget, Payload], dict[str, Any]]] = {
    Nature.PLANNED: _planned,
    Nature.CONTRACT: _contract,
    Nature.AMENDMENT: _amendment,
    Nature.COMMITMENT: _commitment,
    Nature.INVOICE: _invoice,
    Nature.SUBSIDY: _subsidy,
    Nature.STAFF: _staff,
}


def _line(budget: Budget, row: Payload) -> tuple[BudgetLine | None, list[BudgetLine]]:
    """The line named if any, and the same in a list when it had to be made."""
    return _line_named(budget, row) if row.get("line") else (None, [])


def _line_named(budget: Budget, row: Payload) -> tuple[BudgetLine, list[BudgetLine]]:
    found = budget.lines.filter(label_key=search_key(row["line"])).first()
    if found is not None:
        return found, []
    made = budgets.add_line(
        budget=budget,
        label=row["line"],
        post=row.get("post") or Post.OTHER,
        section=row.get("section") or Section.OPERATING,
        vat_rate=Decimal(row["vat_rate"]),
    )
    return made, [made]


def _of_contract(budget: Budget, row: Payload) -> Contract | None:
    return _contract_named(budget, row["contract"]) if row.get("contract") else None


def _contract_named(budget: Budget, reference: str) -> Contract:
    """The contract of that reference, however it is written; LookupError when it has gone."""
    for one in budget.contracts.all():
        if search_key(one.reference) == search_key(reference):
            return one
    raise LookupError(f"le marché « {reference} » n’est plus dans le budget.")


def _day(row: Payload, name: str) -> date | None:
    return date.fromisoformat(row[name]) if row.get(name) else None
