"""Writes on a budget, its lines and the team's time."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypedDict, TypeVar, Unpack

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from restanque.accounts.models import User
from restanque.kit.text import plural
from restanque.territories.models import Territory
from restanque.work.budget.rules import BudgetRules
from restanque.work.links import check_path
from restanque.work.models import Budget, BudgetLine, PlannedAmount, StaffYear
from restanque.work.services.saving import save

M = TypeVar("M", bound=models.Model)


class BudgetFields(TypedDict, total=False):
    """What may be written of a budget besides its territory."""

    name: str
    subject_label: str
    subject_path: str
    opened_in: int
    note: str


class LineFields(TypedDict, total=False):
    """What may be written of a line besides what it plans."""

    label: str
    post: str
    section: str
    vat_rate: Decimal


class StaffFields(TypedDict, total=False):
    """What may be written of a post's time."""

    year: int
    post_label: str
    fte: Decimal
    cost: Decimal | None


@transaction.atomic
def create_budget(
    *,
    territory: Territory,
    by: User | None = None,
    fictitious: bool | None = None,
    **fields: Unpack[BudgetFields],
) -> Budget:
    """A new budget. `fictitious` None: as the workspace."""
    made = Budget(
        territory=territory,
        created_by=by,
        fictitious=territory.workspace.fictitious if fictitious is None else fictitious,
    )
    return save(_with_subject(assign(made, fields)))


@transaction.atomic
def update_budget(*, budget: Budget, **changes: Unpack[BudgetFields]) -> Budget:
    """Change what is recorded of it; the territory stays."""
    return save(_with_subject(assign(budget, changes)))


@transaction.atomic
def delete_budget(*, budget: Budget) -> None:
    """Erase a budget with everything in it; the files of its deliverables too."""
    files = [
        one.file
        for contract in budget.contracts.prefetch_related("deliverables")
        for one in contract.deliverables.all()
        if one.file
    ]
    # Its parts protect each other: they go in the order of what rests on what.
    budget.invoices.all().delete()
    budget.commitments.all().delete()
    budget.contracts.all().delete()
    budget.delete()
    for file in files:
        forget_file(file)


@transaction.atomic
def add_line(
    *,
    budget: Budget,
    planned: Mapping[int, Decimal | None] | None = None,
    **fields: Unpack[LineFields],
) -> BudgetLine:
    """A new line, with what it plans before tax by year. Without rate of VAT: the normal one today.

    ValidationError when no rate is given nor known.
    """
    line = BudgetLine(budget=budget)
    if fields.get("vat_rate") is None:
        fields["vat_rate"] = _normal_rate(budget)
    save(assign(line, fields))
    plan_years(line=line, planned=planned or {})
    return line


@transaction.atomic
def update_line(
    *,
    line: BudgetLine,
    planned: Mapping[int, Decimal | None] | None = None,
    **changes: Unpack[LineFields],
) -> BudgetLine:
    """Change a line; of what it plans, only the years named."""
    save(assign(line, changes))
    plan_years(line=line, planned=planned or {})
    return line


@transaction.atomic
def plan_years(*, line: BudgetLine, planned: Mapping[int, Decimal | None]) -> None:
    """What a line plans before tax in these years; None takes away what was said."""
    known = {one.year: one for one in line.amounts.all()}
    for year, amount in planned.items():
        found = known.get(year)
        if amount is None:
            if found is not None:
                found.delete()
            continue
        found = found or PlannedAmount(line=line, year=year)
        if found.pk is None or found.amount_ht != amount:
            found.amount_ht = amount
            save(found)


@transaction.atomic
def add_staff(*, budget: Budget, **fields: Unpack[StaffFields]) -> StaffYear:
    """The time of a post in a year."""
    return save(assign(StaffYear(budget=budget), fields))


@transaction.atomic
def update_staff(*, staff: StaffYear, **changes: Unpack[StaffFields]) -> StaffYear:
    """Correct it."""
    return save(assign(staff, changes))


@transaction.atomic
def remove(*, record: models.Model) -> None:
    """Take one record of a budget away, with its own file; the history keeps that it was there.

    ValidationError, saying what rests on it, when something does.
    """
    record._change_reason = "retiré"  # type: ignore[attr-defined]
    file = getattr(record, "file", None)
    try:
        record.delete()
    except ProtectedError as error:
        count = plural(len(error.protected_objects), "élément")
        first = next(iter(sorted(error.protected_objects, key=lambda one: str(one))))
        raise ValidationError(
            f"{count} s’y rattache encore (par exemple « {first} ») : retirez-le ou déplacez-le "
            "d’abord."
        ) from error
    if file:
        forget_file(file)


def forget_file(file: Any) -> None:
    """Erase a stored file once the transaction is sure."""
    name, storage = file.name, file.storage
    transaction.on_commit(lambda: storage.delete(name))


def assign(record: M, fields: Any) -> M:
    """Set what was given."""
    for name, value in fields.items():
        setattr(record, name, value)
    return record


def _with_subject(budget: Budget) -> Budget:
    if budget.subject_path:
        check_path(budget.subject_path)
    return budget


def _normal_rate(budget: Budget) -> Decimal:
    rate = BudgetRules.of(budget.workspace).vat_rate(timezone.localdate())
    if rate is None:
        raise ValidationError({"vat_rate": "Aucun taux de TVA n’est connu à cette date."})
    return rate
