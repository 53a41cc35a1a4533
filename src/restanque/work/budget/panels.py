"""The budget of a page of a higher room, for that page."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.directory.models import Organisation
from restanque.kit import slots
from restanque.kit.slots import Panel
from restanque.kit.text import clean, plural
from restanque.work.budget.alerts import Gravity
from restanque.work.budget.perms import can_edit_budgets, can_view_budgets
from restanque.work.budget.reading import BudgetReading
from restanque.work.budget.rules import BudgetRules
from restanque.work.budget.views.common import alert_url
from restanque.work.links import LONGEST_LABEL
from restanque.work.models import Budget, Contract

#: More would hide the rest of the week: each budget's page has them all.
MOST = 5


def register() -> None:
    """Tell the home page and an organisation's page what budgets show there."""
    slots.register("home", "work.budget", order=25, provider=to_settle)
    slots.register("organisation", "work.contracts", order=60, provider=contracts_with)


def to_settle(request: HttpRequest, subject: Membership) -> Panel | None:
    """What is to be settled in the budgets one follows: invoices late, lines overrun…

    Only the gravest; what is to be watched is on the page of each budget.
    """
    if not can_view_budgets(subject):
        return None
    today = timezone.localdate()
    found = []
    rules = BudgetRules.of(subject.workspace)
    for one in Budget.objects.visible_to(subject).to_read():
        reading = BudgetReading(one, today, rules)
        grave = [alert for alert in reading.alerts if alert.gravity is Gravity.LATE]
        found += [(reading, alert, alert_url(reading, alert)) for alert in grave]
    if not found:
        return None
    context = {
        "rows": found[:MOST],
        "more": max(0, len(found) - MOST),
        "count": plural(len(found), "point"),
        "link_url": reverse("work:budgets"),
        "link_label": "Tous les budgets",
        "fictitious": any(reading.is_fictitious for reading, _, _ in found),
    }
    return Panel("Budgets à régler", "work/panels/budget_home.html", context, "budgets")


def contracts_with(request: HttpRequest, subject: Organisation) -> Panel | None:
    """The contracts signed with an organisation, in the budgets the member may see."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None or not can_view_budgets(membership):
        return None
    found = Contract.objects.visible_to(membership).filter(provider=subject)
    rows = list(found.select_related("budget__territory__workspace").order_by("-notified_on", "pk"))
    if not rows:
        return None
    context = {
        "contracts": rows,
        "fictitious": any(one.budget.is_fictitious for one in rows),
    }
    return Panel("Marchés", "work/panels/contracts.html", context, "marches")


def budget_about(
    request: HttpRequest, subject_path: str, label: str, *, territory: int | None = None
) -> Panel | None:
    """The budgets that pay for a page, in figures, and the link that opens one.

    `territory`: key of the territory that a budget opened from there would belong to. None for a
    partner, and for a reader when there is none.
    """
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None or not can_view_budgets(membership):
        return None
    today = timezone.localdate()
    found = Budget.objects.visible_to(membership).about(membership.workspace, subject_path)
    rules = BudgetRules.of(membership.workspace)
    readings = [BudgetReading(one, today, rules) for one in found.to_read()]
    add_url = (
        "" if readings or not can_edit_budgets(membership) else _add(subject_path, label, territory)
    )
    if not readings and not add_url:
        return None
    context = {
        "readings": readings,
        "add_url": add_url,
        "fictitious": any(one.is_fictitious for one in readings),
    }
    return Panel("Budget", "work/panels/budget.html", context, "budget", "aside")


def _add(subject_path: str, label: str, territory: int | None) -> str:
    asked = {"objet": subject_path, "nom": clean(label)[:LONGEST_LABEL]}
    if territory is not None:
        asked["territoire"] = str(territory)
    return f"{reverse('work:budget-create')}?{urlencode(asked)}"
