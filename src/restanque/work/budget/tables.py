"""The list of budgets."""

from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from restanque.kit import lists
from restanque.kit.text import format_number, plural
from restanque.work.budget.alerts import Gravity
from restanque.work.budget.reading import BudgetReading
from restanque.work.budget.rules import BudgetRules
from restanque.work.models import Budget


class BudgetFilter(lists.FilterSet):
    """By words."""

    q = lists.SearchFilter(fields=["name_key", "territory__name"])

    class Meta:
        model = Budget
        fields = ["q"]


class SumColumn(lists.Column):
    """One of the sums of a budget, in euros; « – » when unknown."""

    attrs = lists.NumberColumn.attrs

    def __init__(self, label: str) -> None:
        super().__init__(verbose_name=f"{label} (€ TTC)", empty_values=(), orderable=False)

    def render(self, record: Budget, bound_column: Any, table: Any) -> str:
        """Whole euros."""
        return format_number(self.value(record, bound_column, table))

    def value(self, record: Budget, bound_column: Any, table: Any) -> Decimal | None:
        """The exact amount."""
        found: Decimal | None = getattr(table.read(record).total, bound_column.name)
        return found


class BudgetTable(lists.Table):
    """One line a budget: planned, committed, paid, what remains, what to look at."""

    name = lists.Column(
        verbose_name="Budget",
        order_by="name_key",
        linkify=lambda record: record.get_absolute_url(),
    )
    territory = lists.Column(
        verbose_name="Territoire", accessor="territory__name", order_by="territory__name"
    )
    subject_label = lists.Column(verbose_name="Ce qu’il finance")
    opened_in = lists.Column(verbose_name="Depuis")
    planned = SumColumn("Prévu")
    committed = SumColumn("Engagé")
    paid = SumColumn("Payé")
    remaining = SumColumn("Reste")
    alerts = lists.Column(verbose_name="À regarder", empty_values=(), orderable=False)
    rules: BudgetRules | None = None

    class Meta:
        model = Budget
        fields = [
            "name", "territory", "subject_label", "opened_in", "planned", "committed", "paid",
            "remaining", "alerts",
        ]  # fmt: skip
        row_header = "name"
        hidden_by_default = ["subject_label", "opened_in"]
        order_by = "name"

    def read(self, record: Budget) -> BudgetReading:
        """The reading of a row, made once for all its columns; the law is read once for all."""
        found: BudgetReading | None = record.__dict__.get("read_today")
        if found is None:
            if self.rules is None:
                self.rules = BudgetRules.of(record.workspace)
            found = BudgetReading(record, timezone.localdate(), self.rules)
            record.__dict__["read_today"] = found
        return found

    def render_alerts(self, record: Budget) -> SafeString | str:
        """How many, with the badge of the gravest."""
        found = self.read(record).alerts
        if not found:
            return "rien"
        label = plural(len(found), "point")
        return render_to_string(
            "kit/badge_cell.html", {"kind": Gravity(found[0].gravity).value, "label": label}
        )

    def value_alerts(self, record: Budget) -> int:
        """How many."""
        return len(self.read(record).alerts)
