"""Scenarios and the plans solved from them."""

from __future__ import annotations

import json
import zlib
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership, Workspace
from restanque.accounts.perms import can_read
from restanque.core.models import Job
from restanque.supply.assumptions import Assumptions
from restanque.supply.models.bakeries import BakeryOffer
from restanque.supply.models.flour import MillOffer
from restanque.supply.models.needs import Need
from restanque.territories.models import Territory


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    """Questions asked of the scenarios."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the territories a member covers; partners see none."""
        if not can_read(membership):
            return self.none()
        return self.filter(territory__in=Territory.objects.visible_to(membership))


class Scenario(models.Model):
    """A question asked of the territory: these needs, these offers, these rules.

    `assumptions` is `assumptions.Assumptions` as JSON. `version` rises at each change of what the
    plan depends on; a plan says which version it solved, so an older one is seen to be older.
    """

    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="supply_scenarios", verbose_name="territoire"
    )
    name = models.CharField("nom", max_length=150)
    name_key = models.CharField(max_length=150, editable=False)
    description = models.TextField("ce qu’on veut savoir", blank=True)
    assumptions = models.JSONField("hypothèses", default=dict)
    version = models.PositiveIntegerField("version", default=1)
    copied_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name="copie de",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="créé par",
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    archived = models.BooleanField("archivé", default=False)

    history = HistoricalRecords()
    objects = ScenarioQuerySet.as_manager()

    class Meta:
        verbose_name = "scénario"
        ordering = ("name_key", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("territory", "name_key"),
                name="supply_scenario_name_once",
                violation_error_message="Un scénario de ce territoire porte déjà ce nom.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("supply:scenario", args=[self.pk])

    def clean(self) -> None:
        """Every setting is in its range."""
        try:
            Assumptions.of(self.assumptions)
        except (ValueError, TypeError) as error:
            raise ValidationError({"assumptions": str(error)}) from error

    @property
    def workspace(self) -> Workspace:
        """The team that asks."""
        return self.territory.workspace

    @property
    def settings(self) -> Assumptions:
        """The settings, checked."""
        return Assumptions.of(self.assumptions)


class LinkKind(models.TextChoices):
    """What a person decided of a link."""

    FORCED = "forced", "imposé"
    FORBIDDEN = "forbidden", "interdit"


class ScenarioLink(models.Model):
    """A link need → bakery imposed or forbidden by hand, with the reason somebody gave."""

    scenario = models.ForeignKey(
        Scenario, models.CASCADE, related_name="links", verbose_name="scénario"
    )
    need = models.ForeignKey(Need, models.CASCADE, related_name="+", verbose_name="besoin")
    bakery = models.ForeignKey(
        BakeryOffer, models.CASCADE, related_name="+", verbose_name="boulangerie"
    )
    kind = models.CharField("décision", max_length=10, choices=LinkKind)
    why = models.CharField("raison", max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="par",
    )
    at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "lien décidé à la main"
        verbose_name_plural = "liens décidés à la main"
        ordering = ("scenario", "need", "bakery")
        constraints = (
            models.UniqueConstraint(
                fields=("scenario", "need", "bakery"),
                name="supply_link_once",
                violation_error_message="Ce lien est déjà décidé : changez d’avis dans la liste.",
            ),
            models.CheckConstraint(
                name="supply_link_kind_known", condition=Q(kind__in=LinkKind.values)
            ),
        )

    def __str__(self) -> str:
        return f"{self.need} – {self.bakery} : {self.get_kind_display()}"


class ExcludedNeed(models.Model):
    """A need left out of one scenario."""

    scenario = models.ForeignKey(
        Scenario, models.CASCADE, related_name="excluded_needs", verbose_name="scénario"
    )
    need = models.ForeignKey(Need, models.CASCADE, related_name="+", verbose_name="besoin")

    class Meta:
        verbose_name = "besoin écarté"
        verbose_name_plural = "besoins écartés"
        ordering = ("scenario", "need")
        constraints = (
            models.UniqueConstraint(fields=("scenario", "need"), name="supply_excluded_need_once"),
        )

    def __str__(self) -> str:
        return str(self.need)


class ExcludedBakery(models.Model):
    """A bakery left out of one scenario (« et si elle fermait ? »)."""

    scenario = models.ForeignKey(
        Scenario, models.CASCADE, related_name="excluded_bakeries", verbose_name="scénario"
    )
    bakery = models.ForeignKey(
        BakeryOffer, models.CASCADE, related_name="+", verbose_name="boulangerie"
    )

    class Meta:
        verbose_name = "boulangerie écartée"
        verbose_name_plural = "boulangeries écartées"
        ordering = ("scenario", "bakery")
        constraints = (
            models.UniqueConstraint(
                fields=("scenario", "bakery"), name="supply_excluded_bakery_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.bakery)


class ExcludedMill(models.Model):
    """A mill left out of one scenario (« et si ce moulin fermait ? »)."""

    scenario = models.ForeignKey(
        Scenario, models.CASCADE, related_name="excluded_mills", verbose_name="scénario"
    )
    mill = models.ForeignKey(MillOffer, models.CASCADE, related_name="+", verbose_name="moulin")

    class Meta:
        verbose_name = "moulin écarté"
        verbose_name_plural = "moulins écartés"
        ordering = ("scenario", "mill")
        constraints = (
            models.UniqueConstraint(fields=("scenario", "mill"), name="supply_excluded_mill_once"),
        )

    def __str__(self) -> str:
        return str(self.mill)


class PlanStatus(models.TextChoices):
    """Where the solving stands."""

    WAITING = "waiting", "en attente"
    DONE = "done", "calculé"
    FAILED = "failed", "en échec"


class SupplyPlan(models.Model):
    """One solving of one version of a scenario: the answer with its reasons.

    `result` is compressed JSON; `figures` the headline numbers.
    """

    scenario = models.ForeignKey(
        Scenario, models.CASCADE, related_name="plans", verbose_name="scénario"
    )
    scenario_version = models.PositiveIntegerField("version du scénario")
    assumptions = models.JSONField("hypothèses", default=dict)
    status = models.CharField("état", max_length=10, choices=PlanStatus, default=PlanStatus.WAITING)
    message = models.TextField("message", blank=True)
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="travail"
    )
    result = models.BinaryField("résultat", default=bytes, blank=True)
    figures = models.JSONField("chiffres", default=dict, blank=True)
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    solved_at = models.DateTimeField("calculé le", null=True, blank=True)
    fictitious = models.BooleanField("données fictives", default=False)

    class Meta:
        verbose_name = "plan d’approvisionnement"
        verbose_name_plural = "plans d’approvisionnement"
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="supply_plan_status_known", condition=Q(status__in=PlanStatus.values)
            ),
            models.CheckConstraint(
                name="supply_plan_done_is_dated",
                condition=~Q(status=PlanStatus.DONE) | Q(solved_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"plan {self.pk} de {self.scenario}"

    @property
    def is_current(self) -> bool:
        """Whether the scenario has not changed since."""
        return self.scenario_version == self.scenario.version

    def read(self, name: str) -> Any:
        """`result` as Python values; None when empty."""
        packed = bytes(getattr(self, name))
        return json.loads(zlib.decompress(packed)) if packed else None


def packed(value: Any) -> bytes:
    """Values as `SupplyPlan.result` keeps them."""
    return zlib.compress(json.dumps(value, ensure_ascii=False).encode(), level=6)
