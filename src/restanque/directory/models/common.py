"""What several tables of the directory share: freshness, position, silence, territory."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from restanque.directory import identifiers

STALE_AFTER_YEARS = 1


def stale_before(today: date) -> date:
    """The day before which a check is too old: the same day one year earlier."""
    try:
        return today.replace(year=today.year - STALE_AFTER_YEARS)
    except ValueError:  # 29 February
        return today.replace(year=today.year - STALE_AFTER_YEARS, day=28)


def validate_siret(value: str) -> None:
    """Refuse a SIRET whose length or check digit is wrong."""
    _as_validation(identifiers.clean_siret, value)


def validate_siren(value: str) -> None:
    """Refuse a SIREN whose length or check digit is wrong."""
    _as_validation(identifiers.clean_siren, value)


def _as_validation(clean: object, value: str) -> None:
    try:
        clean(value)  # type: ignore[operator]
    except identifiers.IdentifierError as error:
        raise ValidationError(str(error), code="invalid") from error


def point_constraints(prefix: str) -> tuple[models.CheckConstraint, ...]:
    """A point has both coordinates, in degrees (WGS84), or none."""
    none = Q(longitude__isnull=True, latitude__isnull=True)
    # Without "not null" a comparison with NULL is unknown, and a check lets the unknown pass.
    both = Q(longitude__isnull=False, latitude__isnull=False) & Q(
        longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90
    )
    return (
        models.CheckConstraint(
            name=f"{prefix}_point_whole",
            condition=none | both,
            violation_error_message="Indiquez longitude et latitude en degrés, ou aucune des deux.",
        ),
    )


def silence_constraint(prefix: str) -> models.CheckConstraint:
    """« Ne plus me relancer » always has its date."""
    return models.CheckConstraint(
        name=f"{prefix}_silence_dated",
        condition=Q(do_not_contact=False, do_not_contact_on__isnull=True)
        | Q(do_not_contact=True, do_not_contact_on__isnull=False),
        violation_error_message="Indiquez depuis quand il ne faut plus relancer.",
    )


class Checked(models.Model):
    """Where a record comes from and when somebody last checked it."""

    source = models.CharField("source", max_length=200, blank=True)
    checked_on = models.DateField(
        "vérifiée le",
        null=True,
        blank=True,
        help_text="Dernière fois que quelqu’un s’est assuré que la fiche est juste.",
    )

    class Meta:
        abstract = True

    def is_stale(self, today: date) -> bool:
        """Never checked, or more than twelve months ago."""
        return self.checked_on is None or self.checked_on < stale_before(today)


class Located(models.Model):
    """A point on the map, in degrees (WGS84)."""

    longitude = models.FloatField("longitude", null=True, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def point(self) -> tuple[float, float] | None:
        """(longitude, latitude), or None when the place is unknown."""
        if self.longitude is None or self.latitude is None:
            return None
        return self.longitude, self.latitude


class Silenceable(models.Model):
    """Somebody who may have asked to be left alone."""

    do_not_contact = models.BooleanField(
        "ne plus relancer",
        default=False,
        help_text="Aucun message ni relance ne partira ; la fiche reste dans l’annuaire.",
    )
    do_not_contact_on = models.DateField("demandé le", null=True, blank=True)
    do_not_contact_reason = models.CharField("motif", max_length=200, blank=True)

    class Meta:
        abstract = True
