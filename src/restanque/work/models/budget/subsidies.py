"""Who helps to pay: subsidies asked, granted, received."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from restanque.directory.models import Organisation
from restanque.work.budget.nomenclature import SubsidyKind
from restanque.work.models.budget.budgets import Budget
from restanque.work.models.budget.common import (
    BudgetPartQuerySet,
    money,
    not_negative,
    percent,
)


class SubsidyQuerySet(BudgetPartQuerySet["Subsidy"]):
    """Questions asked of subsidies."""


class Subsidy(models.Model):
    """A subsidy: an amount, or a rate of a base; asked, granted or refused, to claim before a day.

    An amount nobody knows yet is None. `funder` is an organisation of the directory, or
    `funder_label` its name.
    """

    territory_path = "budget__territory"

    budget = models.ForeignKey(
        Budget, models.CASCADE, related_name="subsidies", verbose_name="budget"
    )
    kind = models.CharField("nature", max_length=12, choices=SubsidyKind)
    funder = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="subsidies_given",
        verbose_name="financeur de l’annuaire",
    )
    funder_label = models.CharField("financeur", max_length=150, blank=True)
    name = models.CharField("objet ou dispositif", max_length=200, blank=True)
    amount = money("montant (€)", null=True)
    base = money("dépense retenue (€)", null=True)
    rate = percent("taux (%)", null=True)
    asked_on = models.DateField("demandée le", null=True, blank=True)
    granted_on = models.DateField("accordée le", null=True, blank=True)
    refused_on = models.DateField("refusée le", null=True, blank=True)
    expires_on = models.DateField("à solder avant le", null=True, blank=True)

    history = HistoricalRecords()
    objects = SubsidyQuerySet.as_manager()

    class Meta:
        verbose_name = "subvention"
        ordering = ("budget", "pk")
        constraints = (
            models.CheckConstraint(
                name="work_subsidy_kind_known",
                condition=Q(kind__in=SubsidyKind.values),
                violation_error_message="Cette nature de subvention n’existe pas.",
            ),
            models.CheckConstraint(
                name="work_subsidy_has_funder",
                condition=Q(funder__isnull=False) | ~Q(funder_label=""),
                violation_error_message="Dites qui finance.",
            ),
            not_negative("work_subsidy_not_negative", "amount", "base"),
            models.CheckConstraint(
                name="work_subsidy_rate",
                condition=Q(rate__isnull=True) | Q(rate__gte=0, rate__lte=100),
                violation_error_message="Un taux entre 0 et 100 est attendu.",
            ),
            models.CheckConstraint(
                name="work_subsidy_one_answer",
                condition=Q(granted_on__isnull=True) | Q(refused_on__isnull=True),
                violation_error_message="Une subvention est accordée ou refusée, pas les deux.",
            ),
            models.CheckConstraint(
                name="work_subsidy_asked_first",
                condition=Q(asked_on__isnull=True)
                | Q(granted_on__isnull=True)
                | Q(granted_on__gte=F("asked_on")),
                violation_error_message="La subvention est accordée avant d’être demandée.",
            ),
            models.CheckConstraint(
                name="work_subsidy_expires_after_grant",
                condition=Q(granted_on__isnull=True)
                | Q(expires_on__isnull=True)
                | Q(expires_on__gte=F("granted_on")),
                violation_error_message="La date limite vient avant l’accord.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.funder_name}, {self.name}" if self.name else self.funder_name

    def clean(self) -> None:
        """The funder is of the workspace."""
        if self.funder is None:
            return
        if self.funder.workspace_id != self.budget.territory.workspace_id:
            raise ValidationError({"funder": "Ce financeur est celui d’un autre espace."})

    @property
    def funder_name(self) -> str:
        """Who pays, in words."""
        return self.funder.name if self.funder is not None else self.funder_label

    @property
    def expected(self) -> Decimal | None:
        """Its amount, or the rate of its base; None when neither is known."""
        known: Decimal | None = self.amount
        if known is not None or self.base is None or self.rate is None:
            return known
        return Decimal(self.base * self.rate / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


class InstalmentQuerySet(BudgetPartQuerySet["Instalment"]):
    """Questions asked of instalments."""


class Instalment(models.Model):
    """Money of a subsidy that came in."""

    territory_path = "subsidy__budget__territory"

    subsidy = models.ForeignKey(
        Subsidy, models.CASCADE, related_name="instalments", verbose_name="subvention"
    )
    received_on = models.DateField("reçu le")
    name = models.CharField("nature", max_length=120, blank=True, help_text="Avance, acompte…")
    amount = money("montant (€)", positive=True)

    history = HistoricalRecords()
    objects = InstalmentQuerySet.as_manager()

    class Meta:
        verbose_name = "versement"
        ordering = ("subsidy", "received_on", "pk")
        constraints = (
            models.CheckConstraint(
                name="work_instalment_positive",
                condition=Q(amount__gt=0),
                violation_error_message="Un montant plus grand que zéro est attendu.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name or 'versement'}, {self.received_on:%d/%m/%Y}"

    @property
    def budget(self) -> Budget:
        """The budget it helps."""
        return self.subsidy.budget
