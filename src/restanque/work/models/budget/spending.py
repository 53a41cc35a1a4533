"""What was committed (engagements) and invoiced, with every tax: what the authority pays."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from restanque.work.models.budget.budgets import Budget, BudgetLine
from restanque.work.models.budget.common import (
    BudgetPartQuerySet,
    check_same_budget,
    money,
    not_negative,
)
from restanque.work.models.budget.contracts import Contract


class CommitmentQuerySet(BudgetPartQuerySet["Commitment"]):
    """Questions asked of commitments."""


class Commitment(models.Model):
    """Money set aside on a day, for a contract or on a line."""

    territory_path = "budget__territory"

    budget = models.ForeignKey(
        Budget, models.CASCADE, related_name="commitments", verbose_name="budget"
    )
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name="marché",
    )
    line = models.ForeignKey(
        BudgetLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name="ligne de budget",
    )
    committed_on = models.DateField("engagé le")
    name = models.CharField("objet", max_length=200, blank=True)
    reference = models.CharField("référence", max_length=80, blank=True)
    amount_ttc = money("montant (€ TTC)", positive=True)

    history = HistoricalRecords()
    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = "engagement"
        ordering = ("budget", "committed_on", "pk")
        constraints = (
            models.CheckConstraint(
                name="work_commitment_positive",
                condition=Q(amount_ttc__gt=0),
                violation_error_message="Un montant plus grand que zéro est attendu.",
            ),
            models.CheckConstraint(
                name="work_commitment_has_place",
                condition=Q(contract__isnull=False) | Q(line__isnull=False),
                violation_error_message="Choisissez un marché ou une ligne de budget.",
            ),
        )

    def __str__(self) -> str:
        what = self.reference or self.name or "engagement"
        return f"{what}, {self.committed_on:%d/%m/%Y}"

    def clean(self) -> None:
        """One budget."""
        check_same_budget(self, "contract", "line")


class InvoiceQuerySet(BudgetPartQuerySet["Invoice"]):
    """Questions asked of invoices."""


class Invoice(models.Model):
    """An invoice received. When it must be paid by is computed from the law, never stored.

    Paid before it was received, or beyond what was committed: it happens, so it is shown as an
    alert and not refused.
    """

    territory_path = "budget__territory"

    budget = models.ForeignKey(
        Budget, models.CASCADE, related_name="invoices", verbose_name="budget"
    )
    commitment = models.ForeignKey(
        Commitment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invoices",
        verbose_name="engagement",
    )
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invoices",
        verbose_name="marché",
    )
    line = models.ForeignKey(
        BudgetLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invoices",
        verbose_name="ligne de budget",
    )
    reference = models.CharField("numéro de facture", max_length=80, blank=True)
    name = models.CharField("objet", max_length=200, blank=True)
    received_on = models.DateField("reçue le")
    amount_ht = money("montant (€ HT)", null=True)
    amount_ttc = money("montant (€ TTC)")
    paid_on = models.DateField("payée le", null=True, blank=True)

    history = HistoricalRecords()
    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "facture"
        ordering = ("budget", "received_on", "pk")
        constraints = (
            not_negative("work_invoice_not_negative", "amount_ht", "amount_ttc"),
            models.CheckConstraint(
                name="work_invoice_taxes_add",
                condition=Q(amount_ht__isnull=True) | Q(amount_ttc__gte=F("amount_ht")),
                violation_error_message="Le montant TTC est plus petit que le montant HT.",
            ),
            models.CheckConstraint(
                name="work_invoice_has_place",
                condition=Q(commitment__isnull=False)
                | Q(contract__isnull=False)
                | Q(line__isnull=False),
                violation_error_message="Choisissez un engagement, un marché ou une ligne.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference or self.name or 'facture'}, {self.received_on:%d/%m/%Y}"

    def clean(self) -> None:
        """One budget."""
        check_same_budget(self, "commitment", "contract", "line")
