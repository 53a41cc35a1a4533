"""Contracts (marchés) with providers: amendments, phases to deliver."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from restanque.core import files
from restanque.directory.models import Organisation
from restanque.work.budget.nomenclature import Category
from restanque.work.models.budget.budgets import Budget, BudgetLine
from restanque.work.models.budget.common import (
    BudgetPartQuerySet,
    check_same_budget,
    money,
    not_negative,
    percent,
)


class ContractQuerySet(BudgetPartQuerySet["Contract"]):
    """Questions asked of contracts."""


class Contract(models.Model):
    """A contract with a provider of the directory. `vat_rate` is the rate written in it."""

    territory_path = "budget__territory"

    budget = models.ForeignKey(
        Budget, models.CASCADE, related_name="contracts", verbose_name="budget"
    )
    line = models.ForeignKey(
        BudgetLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name="ligne de budget",
    )
    provider = models.ForeignKey(
        Organisation, models.PROTECT, related_name="contracts", verbose_name="prestataire"
    )
    name = models.CharField("objet", max_length=200)
    reference = models.CharField("référence", max_length=80, blank=True)
    category = models.CharField(
        "nature", max_length=10, choices=Category, default=Category.SERVICES
    )
    awarding = models.CharField("procédure de passation", max_length=120, blank=True)
    notified_on = models.DateField("notifié le", null=True, blank=True)
    ends_on = models.DateField("fin prévue le", null=True, blank=True)
    amount_ht = money("montant initial (€ HT)")
    vat_rate = percent("taux de TVA (%)")
    note = models.TextField("remarque", blank=True, max_length=4000)

    history = HistoricalRecords()
    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = "marché"
        ordering = ("budget", F("notified_on").asc(nulls_last=True), "name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("budget", "reference"),
                condition=~Q(reference=""),
                name="work_contract_reference_once",
                violation_error_message="Un marché de ce budget porte déjà cette référence.",
            ),
            models.CheckConstraint(
                name="work_contract_category_known",
                condition=Q(category__in=Category.values),
                violation_error_message="Cette nature de marché n’existe pas.",
            ),
            not_negative("work_contract_not_negative", "amount_ht"),
            models.CheckConstraint(
                name="work_contract_rate",
                condition=Q(vat_rate__gte=0, vat_rate__lte=100),
                violation_error_message="Un taux entre 0 et 100 est attendu.",
            ),
            models.CheckConstraint(
                name="work_contract_ends_after_start",
                condition=Q(notified_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("notified_on")),
                violation_error_message="La fin du marché vient avant sa notification.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.reference})" if self.reference else self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("work:contract", args=[self.pk])

    def clean(self) -> None:
        """The line is of the budget, the provider of the workspace."""
        check_same_budget(self, "line")
        if self.provider.workspace_id != self.budget.territory.workspace_id:
            raise ValidationError({"provider": "Ce prestataire est celui d’un autre espace."})


class AmendmentQuerySet(BudgetPartQuerySet["Amendment"]):
    """Questions asked of amendments."""


class Amendment(models.Model):
    """An amendment (avenant): it adds to the amount or takes from it, and may move the end."""

    territory_path = "contract__budget__territory"

    contract = models.ForeignKey(
        Contract, models.CASCADE, related_name="amendments", verbose_name="marché"
    )
    number = models.PositiveSmallIntegerField("numéro")
    signed_on = models.DateField("signé le")
    name = models.CharField("objet", max_length=200, blank=True)
    delta_ht = money("en plus ou en moins (€ HT)", signed=True)
    new_end = models.DateField("nouvelle fin", null=True, blank=True)

    history = HistoricalRecords()
    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = "avenant"
        ordering = ("contract", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("contract", "number"),
                name="work_amendment_once",
                violation_error_message="Cet avenant porte un numéro déjà pris.",
            ),
            models.CheckConstraint(
                name="work_amendment_number_positive",
                condition=Q(number__gte=1),
                violation_error_message="Le premier avenant porte le numéro 1.",
            ),
        )

    def __str__(self) -> str:
        return f"avenant n° {self.number}"

    def clean(self) -> None:
        """It comes after the contract, and leaves it an amount."""
        contract = self.contract
        if contract.notified_on and self.signed_on and self.signed_on < contract.notified_on:
            raise ValidationError({"signed_on": "L’avenant vient avant la notification du marché."})
        if contract.notified_on and self.new_end and self.new_end < contract.notified_on:
            raise ValidationError({"new_end": "Cette fin vient avant la notification du marché."})
        others = contract.amendments.exclude(pk=self.pk).values_list("delta_ht", flat=True)
        left = contract.amount_ht + sum(others, Decimal(0)) + (self.delta_ht or 0)
        if left < 0:
            raise ValidationError(
                {"delta_ht": "Avec cet avenant, le marché aurait un montant négatif."}
            )

    @property
    def budget(self) -> Budget:
        """The budget that pays it."""
        return self.contract.budget


class DeliverableQuerySet(BudgetPartQuerySet["Deliverable"]):
    """Questions asked of deliverables."""


class Deliverable(models.Model):
    """What a provider hands over at a phase: due, received, then accepted."""

    territory_path = "contract__budget__territory"

    contract = models.ForeignKey(
        Contract, models.CASCADE, related_name="deliverables", verbose_name="marché"
    )
    name = models.CharField("phase ou livrable", max_length=200)
    due_on = models.DateField("attendu le", null=True, blank=True)
    received_on = models.DateField("reçu le", null=True, blank=True)
    accepted_on = models.DateField("accepté le", null=True, blank=True)
    file = models.FileField("fichier", upload_to=files.private_path, blank=True)
    file_name = models.CharField("nom du fichier", max_length=120, blank=True, editable=False)

    history = HistoricalRecords()
    objects = DeliverableQuerySet.as_manager()

    class Meta:
        verbose_name = "livrable"
        ordering = ("contract", F("due_on").asc(nulls_last=True), "pk")
        constraints = (
            models.CheckConstraint(
                name="work_deliverable_accepted_once_received",
                condition=Q(accepted_on__isnull=True)
                | (Q(received_on__isnull=False) & Q(accepted_on__gte=F("received_on"))),
                violation_error_message="Un livrable s’accepte une fois reçu.",
            ),
            models.CheckConstraint(
                name="work_deliverable_file_once_received",
                condition=Q(file="") | Q(received_on__isnull=False),
                violation_error_message="Un fichier est joint : dites quand il a été reçu.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def budget(self) -> Budget:
        """The budget that pays it."""
        return self.contract.budget
