"""Fields and checks shared by the tables of a budget."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from restanque.accounts.models import Membership
from restanque.accounts.perms import can_read
from restanque.territories.models import Territory

M = TypeVar("M", bound=models.Model)

FIRST_YEAR, LAST_YEAR = 1990, 2150
_YEAR_WORDS = f"Donnez une année entre {FIRST_YEAR} et {LAST_YEAR}."
NOT_NEGATIVE = MinValueValidator(Decimal(0), "Un montant positif ou nul est attendu.")
POSITIVE = MinValueValidator(Decimal("0.01"), "Un montant plus grand que zéro est attendu.")
PERCENT = MaxValueValidator(Decimal(100), "Un taux entre 0 et 100 est attendu.")


class BudgetPartQuerySet(models.QuerySet[M]):
    """Questions asked of what belongs to a budget.

    `territory_path`, on the model, leads from the row to its territory.
    """

    def visible_to(self, membership: Membership) -> Self:
        """Those of the territories a member covers; partners see none."""
        if not can_read(membership):
            return self.none()
        path: str = self.model.territory_path  # type: ignore[attr-defined]
        territories = Territory.objects.visible_to(membership)
        return self.filter(**{f"{path}__in": territories})


def money(
    label: str, *, null: bool = False, signed: bool = False, positive: bool = False
) -> models.DecimalField[Any, Any]:
    """Euros and cents; never negative unless `signed`."""
    sign = [] if signed else [POSITIVE if positive else NOT_NEGATIVE]
    return models.DecimalField(
        label, max_digits=12, decimal_places=2, null=null, blank=null, validators=sign
    )


def percent(label: str, *, null: bool = False) -> models.DecimalField[Any, Any]:
    """A rate in percent, 0 to 100."""
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=2,
        null=null,
        blank=null,
        validators=[MinValueValidator(Decimal(0), "Un taux positif ou nul est attendu."), PERCENT],
    )


def year(label: str) -> models.PositiveSmallIntegerField[Any, Any]:
    """A year of four digits."""
    return models.PositiveSmallIntegerField(
        label,
        validators=[
            MinValueValidator(FIRST_YEAR, _YEAR_WORDS),
            MaxValueValidator(LAST_YEAR, _YEAR_WORDS),
        ],
    )


def year_constraint(name: str, field: str = "year") -> models.CheckConstraint:
    """The database refuses what the form refuses."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__gte": FIRST_YEAR, f"{field}__lte": LAST_YEAR}),
        violation_error_message=_YEAR_WORDS,
    )


def not_negative(name: str, *fields: str) -> models.CheckConstraint:
    """No amount below zero; unknown ones are left alone."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__gte": 0}) | Q(**{f"{field}__isnull": True})
    return models.CheckConstraint(
        name=name,
        condition=condition,
        violation_error_message="Un montant négatif n’est pas accepté ici.",
    )


def check_same_budget(record: models.Model, *names: str) -> None:
    """Each record named belongs to the same budget: ValidationError at its field."""
    budget = record.budget_id  # type: ignore[attr-defined]
    for name in names:
        other = getattr(record, name)
        if other is not None and other.budget_id != budget:
            raise ValidationError({name: "Choisissez dans le même budget."})
