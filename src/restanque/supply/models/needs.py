"""What a canteen asks for: so many kilograms a day of one class of bread, and under which terms."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership, Workspace
from restanque.accounts.perms import can_read
from restanque.directory.models import Canteen, Organisation
from restanque.supply.models.common import (
    NOT_NEGATIVE,
    POSITIVE,
    days_in_words,
    validate_weekdays,
)
from restanque.supply.nomenclature import BreadClass
from restanque.surveys.models import Campaign, Response
from restanque.territories.models import Territory


class NeedSource(models.TextChoices):
    """Where a need comes from. An estimate is never shown as an observation."""

    ANSWER = "answer", "réponse à l’enquête"
    REGISTER = "register", "registre ma-cantine"
    TYPED = "typed", "saisie de l’équipe"
    ESTIMATE = "estimate", "estimation"


class NeedQuerySet(models.QuerySet["Need"]):
    """Questions asked of the needs."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the territories a member covers; partners see none."""
        if not can_read(membership):
            return self.none()
        return self.filter(territory__in=Territory.objects.visible_to(membership))

    def active(self) -> Self:
        """Those kept in plans."""
        return self.filter(active=True)

    def observed(self) -> Self:
        """Without estimates."""
        return self.exclude(source=NeedSource.ESTIMATE)


class Need(models.Model):
    """A canteen's need of one class of bread, on an average day of service.

    `bread_class` is what is wanted, `today_class` what is bought; prices are €/kg before tax.
    `overrides` names the fields a person changed by hand: drawing the answers again leaves them.
    An estimate has an interval (`kg_low`, `kg_high`) and says on what it rests.
    """

    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="needs", verbose_name="territoire"
    )
    canteen = models.ForeignKey(
        Canteen, models.PROTECT, related_name="needs", verbose_name="cantine"
    )
    bread_class = models.CharField("pain souhaité", max_length=20, choices=BreadClass)
    kg_per_day = models.DecimalField(
        "kilos par jour", max_digits=10, decimal_places=3, validators=[POSITIVE]
    )
    days_per_year = models.PositiveSmallIntegerField("jours par an", null=True, blank=True)
    # Filled when days were counted on a school calendar; empty when answered or typed.
    days_basis = models.CharField("d’où viennent les jours", max_length=200, blank=True)
    today_class = models.CharField(
        "pain d’aujourd’hui", max_length=20, choices=BreadClass, blank=True
    )
    price_per_kg = models.DecimalField(
        "prix actuel (€/kg HT)",
        max_digits=8,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[NOT_NEGATIVE],
    )
    supplier = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="needs_supplied",
        verbose_name="fournisseur actuel",
    )
    supplier_name = models.CharField("fournisseur, tel qu’écrit", max_length=200, blank=True)
    # As answered (artisan, industriel…); None: nobody said whether it bakes in the commune.
    supplier_kind = models.CharField("nature du fournisseur", max_length=30, blank=True)
    supplier_here = models.BooleanField("fournisseur de la commune", null=True, blank=True)
    contract_end = models.DateField("fin du contrat", null=True, blank=True)
    max_price = models.DecimalField(
        "prix accepté (€/kg HT)",
        max_digits=8,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[NOT_NEGATIVE],
    )
    max_suppliers = models.PositiveSmallIntegerField("fournisseurs acceptés", null=True, blank=True)
    portion_g = models.PositiveSmallIntegerField("portion (g)", null=True, blank=True)
    meals_per_day = models.PositiveIntegerField("repas par jour", null=True, blank=True)
    delivery_days = models.JSONField(
        "jours de livraison", default=list, blank=True, validators=[validate_weekdays]
    )
    delivery_from = models.TimeField("livraison dès", null=True, blank=True)
    delivery_until = models.TimeField("livraison avant", null=True, blank=True)
    source = models.CharField("source", max_length=10, choices=NeedSource)
    campaign = models.ForeignKey(
        Campaign,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="needs",
        verbose_name="campagne",
    )
    response = models.ForeignKey(
        Response,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="needs",
        verbose_name="réponse",
    )
    observed_on = models.DateField("constaté le")
    kg_low = models.DecimalField(
        "au moins (kg/jour)", max_digits=10, decimal_places=3, null=True, blank=True
    )
    kg_high = models.DecimalField(
        "au plus (kg/jour)", max_digits=10, decimal_places=3, null=True, blank=True
    )
    basis = models.CharField("fondement de l’estimation", max_length=300, blank=True)
    overrides = models.JSONField("champs corrigés à la main", default=list, blank=True)
    note = models.TextField("remarque", blank=True)
    active = models.BooleanField("retenu dans les plans", default=True)
    fictitious = models.BooleanField("données fictives", default=False)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    history = HistoricalRecords()
    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = "besoin de pain"
        verbose_name_plural = "besoins de pain"
        ordering = ("canteen__name_key", "bread_class", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("territory", "canteen", "bread_class"),
                name="supply_need_once",
                violation_error_message="Cette cantine a déjà un besoin de cette classe de pain : "
                "modifiez-le.",
            ),
            models.CheckConstraint(
                name="supply_need_codes_known",
                condition=Q(bread_class__in=BreadClass.values)
                & Q(today_class__in=["", *BreadClass.values])
                & Q(source__in=NeedSource.values),
            ),
            models.CheckConstraint(
                name="supply_need_positive",
                condition=Q(kg_per_day__gt=0),
                violation_error_message="Un besoin de zéro kilo ne s’enregistre pas.",
            ),
            models.CheckConstraint(
                name="supply_need_estimate_has_interval",
                condition=(
                    Q(source=NeedSource.ESTIMATE)
                    & Q(kg_low__isnull=False, kg_high__isnull=False)
                    & Q(kg_low__lte=F("kg_per_day"), kg_high__gte=F("kg_per_day"))
                    & ~Q(basis="")
                )
                | (~Q(source=NeedSource.ESTIMATE) & Q(kg_low__isnull=True, kg_high__isnull=True)),
                violation_error_message="Une estimation a son intervalle et son fondement, une "
                "observation n’en a pas.",
            ),
            models.CheckConstraint(
                name="supply_need_suppliers_positive",
                condition=Q(max_suppliers__isnull=True) | Q(max_suppliers__gte=1),
                violation_error_message="Au moins un fournisseur.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.canteen}, {self.get_bread_class_display().lower()}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("supply:need", args=[self.pk])

    def clean(self) -> None:
        """The canteen and the territory are of one workspace, the hours in their order."""
        if self.canteen.workspace_id != self.territory.workspace_id:
            raise ValidationError({"canteen": "Cette cantine est celle d’un autre espace."})
        if self.delivery_from and self.delivery_until and self.delivery_from >= self.delivery_until:
            raise ValidationError(
                {"delivery_until": "La fin de livraison doit suivre le début, le même jour."}
            )

    @property
    def workspace(self) -> Workspace:
        """The team that follows it."""
        return self.territory.workspace

    @property
    def is_estimate(self) -> bool:
        """Whether nobody of the canteen said it."""
        return self.source == NeedSource.ESTIMATE

    @property
    def kg_per_year(self) -> Decimal | None:
        """Bread of a year; None without the number of days."""
        return None if self.days_per_year is None else self.kg_per_day * self.days_per_year

    @property
    def grams_per_meal(self) -> Decimal | None:
        """Bread for a meal; None when either is unknown. To compare with `portion_g`."""
        return self.kg_per_day * 1000 / self.meals_per_day if self.meals_per_day else None

    @property
    def portion_differs(self) -> bool:
        """Whether the portion told and the kilos told are more than a quarter apart."""
        grams, told = self.grams_per_meal, self.portion_g
        if grams is None or not told:
            return False
        return abs(grams / told - 1) > Decimal("0.25")

    @property
    def delivery_days_label(self) -> str:
        """The days in words."""
        return days_in_words(self.delivery_days)
