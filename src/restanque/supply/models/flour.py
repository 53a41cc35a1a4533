"""What mills and fields offer: flour of some classes, wheat from a zone or a cooperative."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from restanque.directory.models import Organisation
from restanque.supply.models.bakeries import OfferQuerySet
from restanque.supply.models.common import NOT_NEGATIVE, POSITIVE
from restanque.supply.nomenclature import BreadClass
from restanque.territories.models import Commune, Territory


class MillOfferQuerySet(OfferQuerySet["MillOffer"]):
    """Questions asked of these offers."""


class MillOffer(models.Model):
    """What a mill can mill, on an average day."""

    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="mill_offers", verbose_name="territoire"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="mill_offers", verbose_name="moulin"
    )
    capacity_kg_per_day = models.DecimalField(
        "farine pour les cantines (kg/jour)",
        max_digits=10,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[NOT_NEGATIVE],
    )
    extraction = models.DecimalField(
        "taux d’extraction",
        max_digits=4,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[POSITIVE, MaxValueValidator(Decimal(1), "Un taux entre 0 et 1 est attendu.")],
        help_text="Kilos de farine pour un kilo de blé, par exemple 0,78.",
    )
    source = models.CharField("source", max_length=200)
    observed_on = models.DateField("constaté le")
    active = models.BooleanField("retenu dans les plans", default=True)
    fictitious = models.BooleanField("données fictives", default=False)

    history = HistoricalRecords()
    objects = MillOfferQuerySet.as_manager()

    class Meta:
        verbose_name = "offre d’un moulin"
        verbose_name_plural = "offres des moulins"
        ordering = ("organisation__name_key", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("territory", "organisation"),
                name="supply_mill_once",
                violation_error_message="Ce moulin a déjà son offre.",
            ),
        )

    def __str__(self) -> str:
        return self.organisation.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("supply:mill", args=[self.pk])

    def clean(self) -> None:
        """One workspace."""
        if self.organisation.workspace_id != self.territory.workspace_id:
            raise ValidationError({"organisation": "Ce moulin est celui d’un autre espace."})


class MillFlour(models.Model):
    """One class of flour a mill sells."""

    offer = models.ForeignKey(
        MillOffer, models.CASCADE, related_name="flours", verbose_name="offre"
    )
    bread_class = models.CharField("classe", max_length=20, choices=BreadClass)
    price_per_kg = models.DecimalField(
        "prix de la farine (€/kg HT)", max_digits=8, decimal_places=3, null=True, blank=True
    )
    capacity_kg_per_day = models.DecimalField(
        "au plus (kg/jour)",
        max_digits=10,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[NOT_NEGATIVE],
    )

    class Meta:
        verbose_name = "farine proposée"
        verbose_name_plural = "farines proposées"
        ordering = ("offer", "bread_class")
        constraints = (
            models.UniqueConstraint(
                fields=("offer", "bread_class"),
                name="supply_mill_flour_once",
                violation_error_message="Cette farine est déjà proposée.",
            ),
            models.CheckConstraint(
                name="supply_mill_flour_class_known",
                condition=Q(bread_class__in=BreadClass.values),
            ),
        )

    def __str__(self) -> str:
        return str(self.get_bread_class_display())


class WheatOfferQuerySet(OfferQuerySet["WheatOffer"]):
    """Questions asked of these offers."""


class WheatOffer(models.Model):
    """Wheat of one class grown in a zone or gathered by a cooperative."""

    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="wheat_offers", verbose_name="territoire"
    )
    name = models.CharField("zone ou coopérative", max_length=150)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="wheat_offers",
        verbose_name="coopérative",
    )
    commune = models.ForeignKey(
        Commune, models.PROTECT, related_name="+", verbose_name="commune au centre de la zone"
    )
    bread_class = models.CharField("classe", max_length=20, choices=BreadClass)
    hectares = models.DecimalField(
        "hectares", max_digits=9, decimal_places=1, validators=[POSITIVE]
    )
    yield_t_per_ha = models.DecimalField(
        "rendement (t/ha)", max_digits=5, decimal_places=2, validators=[POSITIVE]
    )
    price_per_t = models.DecimalField(
        "prix (€/t)", max_digits=8, decimal_places=2, null=True, blank=True
    )
    source = models.CharField("source", max_length=200)
    observed_on = models.DateField("constaté le")
    active = models.BooleanField("retenue dans les plans", default=True)
    fictitious = models.BooleanField("données fictives", default=False)

    history = HistoricalRecords()
    objects = WheatOfferQuerySet.as_manager()

    class Meta:
        verbose_name = "offre de blé"
        verbose_name_plural = "offres de blé"
        ordering = ("name", "bread_class", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("territory", "name", "bread_class"),
                name="supply_wheat_once",
                violation_error_message="Cette zone a déjà une offre de cette classe.",
            ),
            models.CheckConstraint(
                name="supply_wheat_class_known", condition=Q(bread_class__in=BreadClass.values)
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, {self.get_bread_class_display().lower()}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("supply:wheat", args=[self.pk])

    @property
    def tonnes_per_year(self) -> Decimal:
        """Grain of a year."""
        return self.hectares * self.yield_t_per_ha
