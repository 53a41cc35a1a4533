"""Platforms: those that group orders and deliveries. Known, shown, and left out of the plans."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from restanque.directory.models import Organisation
from restanque.supply.models.bakeries import OfferQuerySet
from restanque.supply.models.common import NOT_NEGATIVE, days_in_words, validate_weekdays
from restanque.territories.models import Territory


class PlatformOfferQuerySet(OfferQuerySet["PlatformOffer"]):
    """Questions asked of these offers."""


class PlatformOffer(models.Model):
    """What a platform (grouping of producers, MIN, wholesaler) could carry to canteens.

    No plan uses it: the engine carries bread straight from an oven to a canteen, and a platform
    written as a bakery would hide who bakes. A plan that ignores platforms says so and names them.
    """

    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="platform_offers", verbose_name="territoire"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="platform_offers", verbose_name="plateforme"
    )
    capacity_kg_per_day = models.DecimalField(
        "pain transporté (kg/jour)",
        max_digits=10,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[NOT_NEGATIVE],
    )
    radius_km = models.DecimalField(
        "rayon de livraison (km)",
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[NOT_NEGATIVE],
    )
    fee_per_kg = models.DecimalField(
        "coût du service (€/kg HT)",
        max_digits=8,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[NOT_NEGATIVE],
    )
    delivery_days = models.JSONField(
        "jours de livraison", default=list, blank=True, validators=[validate_weekdays]
    )
    note = models.TextField("remarque", blank=True)
    source = models.CharField("source", max_length=200)
    observed_on = models.DateField("constaté le")
    fictitious = models.BooleanField("données fictives", default=False)

    history = HistoricalRecords()
    objects = PlatformOfferQuerySet.as_manager()

    class Meta:
        verbose_name = "offre d’une plateforme"
        verbose_name_plural = "offres des plateformes"
        ordering = ("organisation__name_key", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("territory", "organisation"),
                name="supply_platform_once",
                violation_error_message="Cette plateforme a déjà son offre.",
            ),
        )

    def __str__(self) -> str:
        return self.organisation.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("supply:platform", args=[self.pk])

    def clean(self) -> None:
        """One workspace."""
        if self.organisation.workspace_id != self.territory.workspace_id:
            raise ValidationError({"organisation": "Cette plateforme est d’un autre espace."})

    @property
    def delivery_days_label(self) -> str:
        """The days in words."""
        return days_in_words(self.delivery_days)
