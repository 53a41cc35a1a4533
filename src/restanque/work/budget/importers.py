"""Import of a past budget from a workbook: one row a fact, whatever it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from restanque.accounts.models import Membership, User, Workspace
from restanque.core.imports import Importer, RowPlan, RowProblem, UndoRefused, register
from restanque.kit.tabular import ValidRow
from restanque.work.budget.import_rows import COLUMNS, Known, Unusable, read
from restanque.work.budget.import_writing import write
from restanque.work.budget.perms import can_edit_budgets
from restanque.work.budget.rules import BudgetRules
from restanque.work.budget.services import journal as journals
from restanque.work.models import Budget


class BudgetImporter(Importer):
    """What was planned, contracts, commitments, invoices, subsidies and the team's time."""

    kind = "budget"
    title = "Budget"
    help = (
        "Une ligne par fait : un montant prévu, un marché, un avenant, un engagement, une facture, "
        "une subvention, du temps de l’équipe. La colonne « Nature » dit lequel ; selon elle, "
        "d’autres colonnes sont nécessaires. Un fait déjà enregistré n’est pas doublé."
    )
    columns = COLUMNS

    def allowed(self, membership: Membership) -> bool:
        """See `perms.can_edit_budgets`."""
        return can_edit_budgets(membership)

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """Into which budget."""
        own = Budget.objects.visible_to(membership).select_related("territory")
        choices = [(str(one.pk), f"{one.name} ({one.territory.name})") for one in own]
        return {
            "budget": forms.ChoiceField(
                label="Budget",
                choices=choices,
                help_text="" if choices else "Ouvrez d’abord un budget, puis revenez ici.",
            )
        }

    def plan(
        self, rows: Sequence[ValidRow], *, workspace: Workspace, context: Mapping[str, Any]
    ) -> list[RowPlan]:
        """What each row would make. Reads only."""
        budget = _budget(workspace, context)
        if budget is None:
            return [RowPlan.error(row.number, "Ce budget n’existe plus.") for row in rows]
        rate = BudgetRules.of(workspace).vat_rate(timezone.localdate())
        known = Known.of(budget, rate)
        return [_plan(row, known) for row in rows]

    def apply(
        self, plan: RowPlan, *, workspace: Workspace, context: Mapping[str, Any], user: User | None
    ) -> dict[str, Any]:
        """Write one row."""
        budget = _budget(workspace, context)
        if budget is None:
            raise RowProblem("ce budget n’existe plus.")
        try:
            return write(budget, plan.payload)
        except LookupError as error:
            raise RowProblem(str(error)) from error

    def undo(self, journal: dict[str, Any], *, workspace: Workspace) -> None:
        """Take one row back, unless it was touched since."""
        try:
            journals.undo(journal, workspace=workspace)
        except journals.ChangedSinceError as error:
            raise UndoRefused(str(error)) from error


def _plan(row: ValidRow, known: Known) -> RowPlan:
    try:
        found = read(row, known)
    except Unusable as error:
        return RowPlan.error(row.number, f"Ligne {row.number}, {error}")
    if found.known:
        return RowPlan.skip(row.number, f"{found.summary} : déjà enregistré")
    if found.changes:
        return RowPlan.update(row.number, found.summary, payload=found.payload)
    return RowPlan.create(row.number, found.summary, payload=found.payload)


def _budget(workspace: Workspace, context: Mapping[str, Any]) -> Budget | None:
    """The budget chosen, within the workspace."""
    chosen = str(context.get("budget", ""))
    if not chosen.isdecimal():
        return None
    own = Budget.objects.filter(territory__workspace=workspace, pk=int(chosen))
    return own.to_read().first()


def register_all() -> None:
    """Offer the import."""
    register(BudgetImporter())
