"""A budget, its lines, what is planned for each year, and the team's own time."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Workspace
from restanque.kit.text import search_key
from restanque.territories.models import Territory
from restanque.work.budget.nomenclature import Post, Section
from restanque.work.links import LONGEST_PATH
from restanque.work.models.budget.common import (
    BudgetPartQuerySet,
    money,
    not_negative,
    percent,
    year,
    year_constraint,
)

_WHOLE = (
    "lines__amounts",
    "contracts__amendments",
    "contracts__deliverables",
    "contracts__provider",
    "commitments",
    "invoices",
    "subsidies__instalments",
    "subsidies__funder",
    "staff_years",
)


class BudgetQuerySet(BudgetPartQuerySet["Budget"]):
    """Questions asked of budgets."""

    def about(self, workspace: Workspace, subject_path: str) -> Self:
        """Those of the page of the product at that address; none without an address."""
        if not subject_path:
            return self.none()
        return self.filter(territory__workspace=workspace, subject_path=subject_path)

    def to_read(self) -> Self:
        """With all that a reading adds up, in a fixed number of queries."""
        return self.select_related("territory__workspace").prefetch_related(*_WHOLE)


class Budget(models.Model):
    """What one procedure, or one programme, is planned to cost and has cost.

    `subject_path` is the page of what it pays for (« /procedures/3/ »): higher rooms find their
    budget by it, without a key. Everything in a fictitious budget is fictitious.
    """

    territory_path = "territory"

    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="budgets", verbose_name="territoire"
    )
    name = models.CharField("nom", max_length=150)
    name_key = models.CharField(max_length=150, editable=False)
    subject_label = models.CharField("ce qu’il finance", max_length=200, blank=True)
    subject_path = models.CharField("page de ce qu’il finance", max_length=LONGEST_PATH, blank=True)
    opened_in = year("première année")
    note = models.TextField("remarque", blank=True, max_length=4000)
    fictitious = models.BooleanField("données fictives", default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="créé par",
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    history = HistoricalRecords()
    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = "budget"
        ordering = ("name_key", "pk")
        indexes = (models.Index(fields=("subject_path",), name="work_budget_by_subject"),)
        constraints = (
            models.UniqueConstraint(
                fields=("territory", "name_key"),
                name="work_budget_name_once",
                violation_error_message="Un budget de ce territoire porte déjà ce nom.",
            ),
            year_constraint("work_budget_year_plausible", "opened_in"),
            models.CheckConstraint(
                name="work_budget_subject_whole",
                condition=Q(subject_label="", subject_path="")
                | (~Q(subject_label="") & Q(subject_path__startswith="/")),
                violation_error_message="Nommez ce que le budget finance, avec sa page.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("work:budget", args=[self.pk])

    def clean(self) -> None:
        """The searched key follows the name."""
        self.name_key = search_key(self.name)

    @property
    def workspace(self) -> Workspace:
        """The team whose budget it is."""
        return self.territory.workspace

    @property
    def is_fictitious(self) -> bool:
        """Invented, or of a demonstration."""
        return self.fictitious or self.workspace.fictitious

    @property
    def budget(self) -> Budget:
        """Itself: every part of a budget answers so."""
        return self


class BudgetLineQuerySet(BudgetPartQuerySet["BudgetLine"]):
    """Questions asked of lines."""


class BudgetLine(models.Model):
    """One line: what for, in which section, at which rate of VAT."""

    territory_path = "budget__territory"

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="lines", verbose_name="budget")
    label = models.CharField("ligne", max_length=150)
    label_key = models.CharField(max_length=150, editable=False)
    post = models.CharField("poste", max_length=15, choices=Post)
    section = models.CharField("section", max_length=10, choices=Section, default=Section.OPERATING)
    vat_rate = percent("taux de TVA (%)")

    history = HistoricalRecords()
    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne de budget"
        verbose_name_plural = "lignes de budget"
        ordering = ("budget", "post", "label_key", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("budget", "label_key"),
                name="work_line_label_once",
                violation_error_message="Une ligne de ce budget porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="work_line_post_known",
                condition=Q(post__in=Post.values),
                violation_error_message="Ce poste n’existe pas.",
            ),
            models.CheckConstraint(
                name="work_line_section_known",
                condition=Q(section__in=Section.values),
                violation_error_message="Cette section n’existe pas.",
            ),
            models.CheckConstraint(
                name="work_line_rate",
                condition=Q(vat_rate__gte=0, vat_rate__lte=100),
                violation_error_message="Un taux entre 0 et 100 est attendu.",
            ),
        )

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """The searched key follows the label."""
        self.label_key = search_key(self.label)


class PlannedAmount(models.Model):
    """What a line plans for a year, before VAT. No row: nothing was said; 0: nothing planned."""

    territory_path = "line__budget__territory"

    line = models.ForeignKey(
        BudgetLine, models.CASCADE, related_name="amounts", verbose_name="ligne"
    )
    year = year("année")
    amount_ht = money("prévu (€ HT)")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "montant prévu"
        verbose_name_plural = "montants prévus"
        ordering = ("line", "year")
        constraints = (
            models.UniqueConstraint(
                fields=("line", "year"),
                name="work_planned_once",
                violation_error_message="Cette année est déjà prévue sur cette ligne.",
            ),
            not_negative("work_planned_not_negative", "amount_ht"),
            year_constraint("work_planned_year_plausible"),
        )

    def __str__(self) -> str:
        return f"{self.line}, {self.year}"


class StaffYearQuerySet(BudgetPartQuerySet["StaffYear"]):
    """Questions asked of the team's time."""


class StaffYear(models.Model):
    """The time of one post of the team in a year, in full-time equivalents (ETP), and its cost.

    `post_label` names a post, not a person. The cost stays out of the lines: these hold what is
    bought, so that nothing is counted twice. An unknown cost is None.
    """

    territory_path = "budget__territory"

    budget = models.ForeignKey(
        Budget, models.CASCADE, related_name="staff_years", verbose_name="budget"
    )
    year = year("année")
    post_label = models.CharField("poste occupé", max_length=120)
    post_key = models.CharField(max_length=120, editable=False)
    fte = models.DecimalField(
        "équivalents temps plein (ETP)",
        max_digits=5,
        decimal_places=2,
        validators=[
            MinValueValidator(Decimal("0.01"), "Un temps plus grand que zéro est attendu."),
            MaxValueValidator(Decimal(100), "Au plus 100 ETP."),
        ],
    )
    cost = money("coût (€)", null=True)

    history = HistoricalRecords()
    objects = StaffYearQuerySet.as_manager()

    class Meta:
        verbose_name = "temps de l’équipe"
        verbose_name_plural = "temps de l’équipe"
        ordering = ("budget", "year", "post_key", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("budget", "year", "post_key"),
                name="work_staff_once",
                violation_error_message="Ce poste est déjà compté cette année.",
            ),
            models.CheckConstraint(
                name="work_staff_time_positive",
                condition=Q(fte__gt=0, fte__lte=100),
                violation_error_message="Un temps entre 0 et 100 ETP est attendu.",
            ),
            not_negative("work_staff_cost_not_negative", "cost"),
            year_constraint("work_staff_year_plausible"),
        )

    def __str__(self) -> str:
        return f"{self.post_label}, {self.year}"

    def clean(self) -> None:
        """The searched key follows the label; a post has one."""
        self.post_key = search_key(self.post_label)
        if not self.post_key:
            raise ValidationError({"post_label": "Nommez le poste."})
