"""What bakeries offer: bread of some classes, so many kilograms, on some days."""

from __future__ import annotations

from typing import Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership
from restanque.accounts.perms import can_read
from restanque.directory.models import Certification, Organisation
from restanque.directory.naming import of_place
from restanque.supply.models.common import (
    NOT_NEGATIVE,
    days_in_words,
    validate_weekdays,
)
from restanque.supply.nomenclature import BreadClass
from restanque.territories.models import Commune, Territory

M = TypeVar("M", bound=models.Model)


class OfferQuerySet(models.QuerySet[M]):
    """Questions asked of the offers of one kind."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the territories a member covers; partners and bakers see none: an offer holds
        the prices and capacities of others."""
        if not can_read(membership):
            return self.none()
        return self.filter(territory__in=Territory.objects.visible_to(membership))

    def active(self) -> Self:
        """Those kept in plans."""
        return self.filter(active=True)


class BakeryOfferQuerySet(OfferQuerySet["BakeryOffer"]):
    """Questions asked of these offers."""


class BakeryOffer(models.Model):
    """What a bakery could bake for canteens, on an average day.

    Unknown is None: a scenario then takes its own assumption and says so. A placeholder stands for
    a bakery that is only known to exist in a commune; it is flagged wherever it appears.
    """

    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="bakery_offers", verbose_name="territoire"
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bakery_offers",
        verbose_name="boulangerie",
    )
    placeholder_commune = models.ForeignKey(
        Commune,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="commune de la boulangerie sans nom",
    )
    placeholder_number = models.PositiveSmallIntegerField("rang", null=True, blank=True)
    capacity_kg_per_day = models.DecimalField(
        "capacité pour les cantines (kg/jour)",
        max_digits=10,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[NOT_NEGATIVE],
    )
    min_order_kg = models.DecimalField(
        "commande minimale (kg/jour)",
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
    delivery_days = models.JSONField(
        "jours de livraison", default=list, blank=True, validators=[validate_weekdays]
    )
    delivery_from = models.TimeField("livraison dès", null=True, blank=True)
    delivery_until = models.TimeField("livraison avant", null=True, blank=True)
    closing_days = models.JSONField(
        "jours de fermeture", default=list, blank=True, validators=[validate_weekdays]
    )
    payment_delay_days = models.PositiveSmallIntegerField(
        "délai de paiement accepté (jours)", null=True, blank=True
    )
    mill = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="bakeries_supplied",
        verbose_name="moulin actuel",
    )
    # None: nobody asked. False: the baker does not want to, and no plan proposes it.
    willing = models.BooleanField("intéressée par les cantines", null=True, blank=True)
    source = models.CharField("source", max_length=200)
    observed_on = models.DateField("constaté le")
    overrides = models.JSONField("champs corrigés à la main", default=list, blank=True)
    active = models.BooleanField("retenue dans les plans", default=True)
    fictitious = models.BooleanField("données fictives", default=False)

    history = HistoricalRecords()
    objects = BakeryOfferQuerySet.as_manager()

    class Meta:
        verbose_name = "offre d’une boulangerie"
        verbose_name_plural = "offres des boulangeries"
        ordering = ("organisation__name_key", "placeholder_commune", "placeholder_number", "pk")
        constraints = (
            models.CheckConstraint(
                name="supply_bakery_named_or_placeholder",
                condition=Q(
                    organisation__isnull=False,
                    placeholder_commune__isnull=True,
                    placeholder_number__isnull=True,
                )
                | Q(
                    organisation__isnull=True,
                    placeholder_commune__isnull=False,
                    placeholder_number__isnull=False,
                ),
                violation_error_message="Une offre est celle d’une boulangerie de l’annuaire ou "
                "d’une boulangerie sans nom d’une commune.",
            ),
            models.UniqueConstraint(
                fields=("territory", "organisation"),
                name="supply_bakery_once",
                violation_error_message="Cette boulangerie a déjà son offre.",
            ),
            models.UniqueConstraint(
                fields=("territory", "placeholder_commune", "placeholder_number"),
                name="supply_placeholder_once",
            ),
            models.CheckConstraint(
                name="supply_bakery_order_fits",
                condition=Q(min_order_kg__isnull=True)
                | Q(capacity_kg_per_day__isnull=True)
                | Q(min_order_kg__lte=models.F("capacity_kg_per_day")),
                violation_error_message="La commande minimale dépasse la capacité.",
            ),
        )

    def __str__(self) -> str:
        if self.organisation is not None:
            return self.organisation.name
        commune = self.placeholder_commune
        where = of_place(commune.name) if commune else ""
        return f"Boulangerie n° {self.placeholder_number} {where} (sans nom)"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("supply:bakery", args=[self.pk])

    def clean(self) -> None:
        """One workspace, and a bakery that is placed."""
        named = self.organisation
        if named is not None and named.workspace_id != self.territory.workspace_id:
            raise ValidationError(
                {"organisation": "Cette boulangerie est celle d’un autre espace."}
            )
        if self.mill is not None and self.mill.workspace_id != self.territory.workspace_id:
            raise ValidationError({"mill": "Ce moulin est celui d’un autre espace."})

    @property
    def is_placeholder(self) -> bool:
        """Whether it stands for a bakery nobody named."""
        return self.organisation_id is None

    @property
    def is_to_complete(self) -> bool:
        """Whether nobody told what it can bake: a plan supposes it."""
        return self.capacity_kg_per_day is None and not self.is_placeholder

    @property
    def commune(self) -> Commune | None:
        """Where it is."""
        return self.organisation.commune if self.organisation else self.placeholder_commune

    @property
    def delivery_days_label(self) -> str:
        """The days in words."""
        return days_in_words(self.delivery_days)


class BakeryPrice(models.Model):
    """One class a bakery makes or would make, its price, its proof."""

    offer = models.ForeignKey(
        BakeryOffer, models.CASCADE, related_name="prices", verbose_name="offre"
    )
    bread_class = models.CharField("classe de pain", max_length=20, choices=BreadClass)
    price_per_kg = models.DecimalField(
        "prix (€/kg HT)",
        max_digits=8,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[NOT_NEGATIVE],
    )
    certification = models.ForeignKey(
        Certification,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="certificat",
    )

    class Meta:
        verbose_name = "classe proposée"
        verbose_name_plural = "classes proposées"
        ordering = ("offer", "bread_class")
        constraints = (
            models.UniqueConstraint(
                fields=("offer", "bread_class"),
                name="supply_bakery_price_once",
                violation_error_message="Cette classe est déjà proposée.",
            ),
            models.CheckConstraint(
                name="supply_bakery_price_class_known",
                condition=Q(bread_class__in=BreadClass.values),
            ),
        )

    def __str__(self) -> str:
        return str(self.get_bread_class_display())
