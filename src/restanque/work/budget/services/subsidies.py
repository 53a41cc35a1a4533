"""Writes on subsidies and what came in."""

from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction

from restanque.directory.models import Organisation
from restanque.work.budget.services.budgets import assign
from restanque.work.models import Budget, Instalment, Subsidy
from restanque.work.services.saving import save


class SubsidyFields(TypedDict, total=False):
    """What may be written of a subsidy."""

    kind: str
    funder: Organisation | None
    funder_label: str
    name: str
    amount: Decimal | None
    base: Decimal | None
    rate: Decimal | None
    asked_on: date | None
    granted_on: date | None
    refused_on: date | None
    expires_on: date | None


class InstalmentFields(TypedDict, total=False):
    """What may be written of an instalment."""

    received_on: date
    name: str
    amount: Decimal


@transaction.atomic
def add_subsidy(*, budget: Budget, **fields: Unpack[SubsidyFields]) -> Subsidy:
    """A subsidy to ask, asked, granted or refused."""
    return save(assign(Subsidy(budget=budget), fields))


@transaction.atomic
def update_subsidy(*, subsidy: Subsidy, **changes: Unpack[SubsidyFields]) -> Subsidy:
    """Correct it."""
    return save(assign(subsidy, changes))


@transaction.atomic
def add_instalment(*, subsidy: Subsidy, **fields: Unpack[InstalmentFields]) -> Instalment:
    """Money that came in."""
    return save(assign(Instalment(subsidy=subsidy), fields))


@transaction.atomic
def update_instalment(*, instalment: Instalment, **changes: Unpack[InstalmentFields]) -> Instalment:
    """Correct it."""
    return save(assign(instalment, changes))
