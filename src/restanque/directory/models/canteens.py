"""Canteens, with ma-cantine's field names so that files pass from one to the other."""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Length
from django.db.models.lookups import Exact
from django.urls import reverse
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership, Workspace
from restanque.accounts.perms import can_read
from restanque.directory.identifiers import display_siret
from restanque.directory.models.common import (
    Checked,
    Located,
    point_constraints,
    validate_siren,
    validate_siret,
)
from restanque.directory.models.organisations import Organisation
from restanque.directory.nomenclature import (
    LINE_MINISTRIES,
    EconomicModel,
    ManagementType,
    ProductionType,
    Sector,
)
from restanque.directory.scope import in_covered_communes
from restanque.territories.models import Commune


class CanteenQuerySet(models.QuerySet["Canteen"]):
    """Questions asked of the canteens."""

    def visible_to(self, membership: Membership) -> Self:
        """Those whose commune the member covers; partners see none here."""
        if not can_read(membership):
            return self.none()
        return self.filter(workspace=membership.workspace_id).filter(
            in_covered_communes(membership, "commune")
        )

    def active(self) -> Self:
        """Not archived."""
        return self.filter(active=True)

    def in_sector(self, sector: str) -> Self:
        """Those that feed this public (one of a canteen's one to three sectors)."""
        return self.alias(
            _sectors=Concat(
                Value(","), F("sector_list"), Value(","), output_field=models.CharField()
            )
        ).filter(_sectors__contains=f",{sector},")


def validate_sector_list(value: str) -> None:
    """Refuse codes that are not ma-cantine's, and repeats."""
    codes = value.split(",") if value else []
    unknown = [code for code in codes if code not in Sector.values]
    if unknown:
        raise ValidationError(f"Secteur inconnu : « {', '.join(unknown)} ».")
    if len(codes) != len(set(codes)):
        raise ValidationError("Un secteur est cité deux fois.")


class Canteen(Checked, Located):
    """A place where meals are cooked or served, or a commune's canteens taken together.

    `whole_commune` marks the single record a commune's answer « pour l’ensemble » creates; it has
    neither SIRET nor ma-cantine number, and sits beside the sites without being their sum.
    Meal counts are averages, `None` when unknown.
    """

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="canteens", verbose_name="espace"
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="canteens",
        verbose_name="organisation responsable",
        help_text="Qui en répond : la mairie pour une école, l’établissement pour un collège.",
    )
    name = models.CharField("nom", max_length=200)
    name_key = models.CharField(max_length=200, editable=False, db_index=True)
    commune = models.ForeignKey(
        Commune,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="canteens",
        verbose_name="commune",
    )
    address = models.CharField("adresse", max_length=250, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validate_siret])
    siren_unite_legale = models.CharField(
        "SIREN de l’unité légale",
        max_length=9,
        blank=True,
        validators=[validate_siren],
        help_text="Seulement quand la cantine n’a pas de SIRET à elle.",
    )
    ma_cantine_id = models.PositiveIntegerField("numéro ma-cantine", null=True, blank=True)
    groupe_id = models.PositiveIntegerField("groupe ma-cantine", null=True, blank=True)
    sector_list = models.CharField(
        "secteurs", max_length=400, blank=True, validators=[validate_sector_list]
    )
    line_ministry = models.CharField(
        "ministère de tutelle",
        max_length=120,
        blank=True,
        choices=[(name, name) for name in LINE_MINISTRIES],
    )
    management_type = models.CharField(
        "mode de gestion", max_length=20, blank=True, choices=ManagementType
    )
    production_type = models.CharField(
        "production des repas", max_length=30, blank=True, choices=ProductionType
    )
    economic_model = models.CharField(
        "modèle économique", max_length=20, blank=True, choices=EconomicModel
    )
    central_producer_siret = models.CharField(
        "SIRET de la cuisine centrale", max_length=14, blank=True, validators=[validate_siret]
    )
    daily_meal_count = models.PositiveIntegerField("repas par jour", null=True, blank=True)
    yearly_meal_count = models.PositiveIntegerField("repas par an", null=True, blank=True)
    whole_commune = models.BooleanField("ensemble des cantines de la commune", default=False)
    notes = models.TextField("notes", blank=True)
    active = models.BooleanField("active", default=True)
    fictitious = models.BooleanField("données fictives", default=False)
    created_at = models.DateTimeField("créée le", auto_now_add=True)

    history = HistoricalRecords()
    objects = CanteenQuerySet.as_manager()

    class Meta:
        verbose_name = "cantine"
        ordering = ("name_key", "pk")
        constraints = (
            *point_constraints("directory_canteen"),
            models.CheckConstraint(
                name="directory_canteen_siret_or_siren",
                condition=Q(siret="") | Q(siren_unite_legale=""),
                violation_error_message="Indiquez le SIRET de la cantine ou le SIREN de son unité "
                "légale, pas les deux.",
            ),
            models.CheckConstraint(
                name="directory_canteen_siret_length",
                condition=(Q(siret="") | Q(Exact(Length("siret"), 14)))
                & (Q(siren_unite_legale="") | Q(Exact(Length("siren_unite_legale"), 9)))
                & (Q(central_producer_siret="") | Q(Exact(Length("central_producer_siret"), 14))),
                violation_error_message="Un SIRET a 14 chiffres, un SIREN en a 9.",
            ),
            models.UniqueConstraint(
                fields=("workspace", "siret"),
                condition=~Q(siret=""),
                name="directory_canteen_siret_once",
                violation_error_message="Une cantine de l’annuaire porte déjà ce SIRET.",
            ),
            models.UniqueConstraint(
                fields=("workspace", "ma_cantine_id"),
                name="directory_canteen_ma_cantine_once",
                violation_error_message="Une cantine porte déjà ce numéro ma-cantine.",
            ),
            models.UniqueConstraint(
                fields=("organisation",),
                condition=Q(whole_commune=True),
                name="directory_canteen_whole_once",
                violation_error_message="La commune a déjà sa fiche « ensemble ».",
            ),
            models.CheckConstraint(
                name="directory_canteen_whole_owned",
                condition=Q(whole_commune=False)
                | Q(
                    organisation__isnull=False,
                    commune__isnull=False,
                    siret="",
                    siren_unite_legale="",
                    ma_cantine_id__isnull=True,
                ),
                violation_error_message="La fiche « ensemble » appartient à une organisation et à "
                "une commune, sans SIRET ni numéro ma-cantine.",
            ),
            models.CheckConstraint(
                name="directory_canteen_meals_coherent",
                condition=Q(daily_meal_count__isnull=True)
                | Q(yearly_meal_count__isnull=True)
                | Q(yearly_meal_count__gte=F("daily_meal_count")),
                violation_error_message="Il ne peut y avoir moins de repas par an que par jour.",
            ),
            models.CheckConstraint(
                name="directory_canteen_codes_known",
                condition=Q(management_type__in=["", *ManagementType.values])
                & Q(production_type__in=["", *ProductionType.values])
                & Q(economic_model__in=["", *EconomicModel.values]),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("directory:canteen", args=[self.pk])

    @property
    def city_insee_code(self) -> str | None:
        """ma-cantine's name for the commune's INSEE code."""
        return self.commune_id

    @property
    def sectors(self) -> list[Sector]:
        """Whom it feeds."""
        return [Sector(code) for code in self.sector_list.split(",") if code]

    @property
    def sector_labels(self) -> str:
        """The sectors in words; empty when unknown."""
        return ", ".join(str(sector.label) for sector in self.sectors)

    @property
    def siret_display(self) -> str:
        """The SIRET with the usual spaces."""
        return display_siret(self.siret)
