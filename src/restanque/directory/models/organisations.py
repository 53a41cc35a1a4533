"""Organisations: everybody the team works with."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership, Workspace
from restanque.accounts.perms import can_read
from restanque.directory.identifiers import display_siret, siren_of
from restanque.directory.models.common import (
    Checked,
    Located,
    Silenceable,
    point_constraints,
    silence_constraint,
    stale_before,
    validate_siret,
)
from restanque.directory.models.tags import Tag
from restanque.directory.nomenclature import Kind
from restanque.directory.scope import in_covered_communes
from restanque.territories.models import Commune


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Questions asked of the directory."""

    def visible_to(self, membership: Membership) -> Self:
        """Those a member may see.

        The workspace's own; for a member who does not cover every territory, only those whose
        commune is today in a territory covered. Partners see none here.
        """
        if not can_read(membership):
            return self.none()
        return self.filter(workspace=membership.workspace_id).filter(
            in_covered_communes(membership, "commune")
        )

    def active(self) -> Self:
        """Neither archived nor merged into another."""
        return self.filter(active=True)

    def stale(self, today: date) -> Self:
        """Never checked, or more than twelve months ago."""
        return self.filter(Q(checked_on__isnull=True) | Q(checked_on__lt=stale_before(today)))

    def with_valid_sign(self, today: date, sign: str = "") -> Self:
        """Holding a certificate in force that day, of this sign when one is named."""
        certificates = self.model._meta.apps.get_model("directory", "Certification").objects
        held = certificates.filter(organisation=OuterRef("pk")).valid_on(today)
        return self.filter(Exists(held.filter(sign=sign) if sign else held))

    def mairies_of(self, workspace: Workspace, commune: Commune) -> Self:
        """The town hall of a commune: normally one, several only while a duplicate waits."""
        return self.filter(
            workspace=workspace, commune=commune, kind=Kind.MAIRIE, active=True
        ).order_by("pk")


class Organisation(Checked, Located, Silenceable):
    """A mairie, a canteen operator, a bakery, a mill… one team's record of it.

    A sole trader (bakers often are) is a person: purpose and purge date are then required. A
    merged organisation stays as an archived record that points to the one which took its place.
    """

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="organisations", verbose_name="espace"
    )
    kind = models.CharField("nature", max_length=20, choices=Kind)
    name = models.CharField("nom", max_length=200)
    name_key = models.CharField(max_length=200, editable=False, db_index=True)
    siret = models.CharField(
        "SIRET", max_length=14, blank=True, validators=[validate_siret], help_text="14 chiffres."
    )
    commune = models.ForeignKey(
        Commune,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name="commune",
    )
    address = models.CharField("adresse", max_length=250, blank=True)
    postal_code = models.CharField("code postal", max_length=10, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    email = models.EmailField(
        "adresse électronique générique",
        blank=True,
        help_text="Celle de l’accueil. L’adresse d’une personne va dans les contacts.",
    )
    website = models.URLField("site", max_length=300, blank=True)
    opening_hours = models.TextField("horaires", blank=True)
    tags = models.ManyToManyField(
        Tag, blank=True, related_name="organisations", verbose_name="étiquettes"
    )
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="rattachée à",
        help_text="Par exemple le siège d’un prestataire, ou la coopérative d’un producteur.",
    )
    notes = models.TextField("notes", blank=True)
    is_sole_trader = models.BooleanField(
        "entreprise individuelle",
        default=False,
        help_text="L’entreprise est une personne : ses coordonnées sont des données personnelles.",
    )
    purpose = models.CharField(
        "finalité",
        max_length=250,
        blank=True,
        help_text="Pourquoi l’équipe garde ces données, en une phrase claire pour la personne.",
    )
    purge_on = models.DateField(
        "à effacer le",
        null=True,
        blank=True,
        help_text="Ce jour-là les données personnelles sont effacées, sauf date repoussée.",
    )
    active = models.BooleanField("active", default=True)
    merged_into = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="absorbed",
        verbose_name="fusionnée dans",
    )
    fictitious = models.BooleanField("données fictives", default=False)
    created_at = models.DateTimeField("créée le", auto_now_add=True)

    history = HistoricalRecords()
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        ordering = ("name_key", "pk")
        indexes = (models.Index(fields=("workspace", "kind"), name="directory_org_by_kind"),)
        constraints = (
            *point_constraints("directory_org"),
            silence_constraint("directory_org"),
            models.UniqueConstraint(
                fields=("workspace", "siret"),
                condition=~Q(siret=""),
                name="directory_org_siret_once",
                violation_error_message="Une organisation de l’annuaire porte déjà ce SIRET.",
            ),
            models.CheckConstraint(
                name="directory_org_siret_length",
                condition=Q(siret="") | Q(Exact(Length("siret"), 14)),
                violation_error_message="Un SIRET a 14 chiffres.",
            ),
            models.CheckConstraint(
                name="directory_org_kind_known",
                condition=Q(kind__in=Kind.values),
                violation_error_message="Cette nature d’organisation n’existe pas.",
            ),
            models.CheckConstraint(
                name="directory_org_person_purged",
                condition=Q(is_sole_trader=False)
                | Q(active=False)
                | (Q(purge_on__isnull=False) & ~Q(purpose="")),
                violation_error_message="Une entreprise individuelle est une personne : "
                "indiquez la finalité et la date d’effacement.",
            ),
            models.CheckConstraint(
                name="directory_org_merged_archived",
                condition=Q(merged_into__isnull=True) | Q(active=False),
                violation_error_message="Une organisation fusionnée est archivée.",
            ),
            models.CheckConstraint(
                name="directory_org_not_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("pk")),
                violation_error_message="Une organisation ne peut être rattachée à elle-même.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("directory:organisation", args=[self.pk])

    @property
    def siren(self) -> str:
        """The legal unit's number, when the SIRET is known."""
        return siren_of(self.siret)

    @property
    def siret_display(self) -> str:
        """The SIRET with the usual spaces."""
        return display_siret(self.siret)

    @property
    def needs_check(self) -> bool:
        """Never checked, or more than twelve months ago, as of today."""
        return self.is_stale(timezone.localdate())
