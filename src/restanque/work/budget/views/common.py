"""What the pages of budgets share."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.perms import MemberRequest
from restanque.work.budget.alerts import Alert
from restanque.work.budget.perms import (
    can_edit_budgets,
    can_view_staff,
    get_budget_for,
)
from restanque.work.budget.reading import BudgetReading
from restanque.work.models import Budget, Contract


def trail(*things: Budget | Contract) -> list[tuple[str, str]]:
    """Breadcrumb from the list down."""
    return [
        ("Budgets", reverse("work:budgets")),
        *((one.name, one.get_absolute_url()) for one in things),
    ]


def read_for(request: MemberRequest, pk: int) -> BudgetReading:
    """A budget the member may see, read today; 404 for anyone else."""
    return BudgetReading(get_budget_for(request, pk), timezone.localdate())


def linked(reading: BudgetReading, found: list[Alert]) -> list[tuple[Alert, str]]:
    """Alerts with the address where they are mended."""
    return [(one, alert_url(reading, one)) for one in found]


def alert_url(reading: BudgetReading, alert: Alert) -> str:
    """The page of the contract, or the part of the budget's page."""
    kind, key = alert.subject
    if kind == "contract" and key is not None:
        return reading.contracts[key].get_absolute_url()
    anchor = {
        "line": "lignes",
        "commitment": "engagements",
        "invoice": "factures",
        "subsidy": "subventions",
    }[kind]
    return f"{reading.budget.get_absolute_url()}#{anchor}"


def page(
    request: MemberRequest, template: str, reading: BudgetReading, **more: Any
) -> HttpResponse:
    """A page about one budget."""
    context = {
        "reading": reading,
        "budget": reading.budget,
        "may_edit": can_edit_budgets(request.membership),
        "may_see_staff": can_view_staff(request.membership),
        "fictitious": reading.is_fictitious,
        **more,
    }
    return render(request, template, context)
