"""A workspace's perimeters: territories of dated communes, their zones, who covers them."""

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership, Workspace
from restanque.territories.models.reference import Commune, CommuneQuerySet

# Categorical colours of kit's maps, s1 to s8, and the order in which they are proposed: the
# lightest first, so that names written on large areas stay readable.
COLOURS = range(1, 9)
COLOUR_ORDER = (4, 2, 3, 6, 5, 8, 7, 1)


class TerritoryKind(models.TextChoices):
    """Why the perimeter exists."""

    PAT = "pat", "Projet alimentaire territorial (PAT)"
    SCOT = "scot", "Schéma de cohérence territoriale (SCoT)"
    OTHER = "other", "Autre périmètre"


class TerritoryQuerySet(models.QuerySet["Territory"]):
    """Named questions on territories."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the workspace that the membership covers: all of them, or the chosen ones."""
        own = self.filter(workspace=membership.workspace_id)
        return own if membership.all_territories else own.filter(accesses__membership=membership)


class Territory(models.Model):
    """A perimeter of a workspace: any dated set of communes."""

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="territories", verbose_name="espace"
    )
    name = models.CharField("nom", max_length=150)
    kind = models.CharField("nature", max_length=5, choices=TerritoryKind)
    description = models.TextField("description", blank=True)

    objects = TerritoryQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "territoire"
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "name"),
                name="territories_territory_name_once",
                violation_error_message="Un territoire de l’espace porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="territories_territory_kind_known",
                condition=Q(kind__in=TerritoryKind.values),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("territories:detail", args=[self.pk])

    def communes_at(self, day: date) -> CommuneQuerySet:
        """The communes that are members on that day, in the order of their names."""
        members = self.memberships.in_force(day).values("commune")
        return Commune.objects.filter(pk__in=members)


class TerritoryMembershipQuerySet(models.QuerySet["TerritoryMembership"]):
    """Named questions on dated memberships."""

    def in_force(self, day: date) -> Self:
        """Those that hold on that day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)

    def ending_after(self, day: date) -> Self:
        """Those in force that day or later."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))


class TerritoryMembership(models.Model):
    """A commune is of the territory from `valid_from`, and no longer from `valid_to` on.

    The first day out is `valid_to`: a commune that leaves on 1 January 2027 is still a member on
    31 December 2026.
    """

    territory = models.ForeignKey(
        Territory, models.CASCADE, related_name="memberships", verbose_name="territoire"
    )
    commune = models.ForeignKey(
        Commune, models.PROTECT, related_name="territory_memberships", verbose_name="commune"
    )
    valid_from = models.DateField("membre depuis le")
    valid_to = models.DateField("n’est plus membre à partir du", null=True, blank=True)

    objects = TerritoryMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "commune membre"
        verbose_name_plural = "communes membres"
        ordering = ("territory_id", "commune_id", "valid_from")
        constraints = (
            models.CheckConstraint(
                name="territories_membership_dates_ordered",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                violation_error_message="Une commune ne peut sortir qu’après être entrée.",
            ),
            models.UniqueConstraint(
                fields=("territory", "commune"),
                condition=Q(valid_to__isnull=True),
                name="territories_membership_open_once",
                violation_error_message="Cette commune est déjà membre du territoire.",
            ),
            models.UniqueConstraint(
                fields=("territory", "commune", "valid_from"),
                name="territories_membership_start_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.commune} · {self.territory}"


class Zone(models.Model):
    """A part of a territory, drawn by a list of communes (« Pays d’Aix », « Crau »)."""

    territory = models.ForeignKey(
        Territory, models.CASCADE, related_name="zones", verbose_name="territoire"
    )
    name = models.CharField("nom", max_length=100)
    colour = models.PositiveSmallIntegerField(
        "couleur sur la carte",
        default=1,
        validators=[MinValueValidator(COLOURS[0]), MaxValueValidator(COLOURS[-1])],
    )
    communes = models.ManyToManyField(
        Commune, through="ZoneCommune", related_name="zones", verbose_name="communes"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "zone"
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("territory", "name"),
                name="territories_zone_name_once",
                violation_error_message="Une zone du territoire porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="territories_zone_colour_known",
                condition=Q(colour__gte=COLOURS[0], colour__lte=COLOURS[-1]),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def communes_at(self, day: date) -> CommuneQuerySet:
        """The zone's communes that are members of the territory on that day."""
        chosen = self.zone_communes.values("commune")
        return self.territory.communes_at(day).filter(pk__in=chosen)


class ZoneCommune(models.Model):
    """A commune in a zone; in at most one zone of a territory, so that zones can be added up."""

    territory = models.ForeignKey(
        Territory, models.CASCADE, related_name="zone_communes", verbose_name="territoire"
    )
    zone = models.ForeignKey(
        Zone, models.CASCADE, related_name="zone_communes", verbose_name="zone"
    )
    commune = models.ForeignKey(
        Commune, models.PROTECT, related_name="zone_communes", verbose_name="commune"
    )

    class Meta:
        verbose_name = "commune d’une zone"
        verbose_name_plural = "communes d’une zone"
        ordering = ("zone_id", "commune_id")
        constraints = (
            models.UniqueConstraint(
                fields=("territory", "commune"),
                name="territories_zone_commune_once",
                violation_error_message="Cette commune est déjà dans une zone du territoire.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.commune} · {self.zone}"


class TerritoryAccess(models.Model):
    """A territory that a member covers, when the member does not cover the whole workspace."""

    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="territory_accesses", verbose_name="membre"
    )
    territory = models.ForeignKey(
        Territory, models.CASCADE, related_name="accesses", verbose_name="territoire"
    )

    class Meta:
        verbose_name = "territoire couvert"
        verbose_name_plural = "territoires couverts"
        ordering = ("membership_id", "territory_id")
        constraints = (
            models.UniqueConstraint(
                fields=("membership", "territory"), name="territories_access_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.membership} · {self.territory}"
