"""Fields and checks shared by needs and offers."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator

from restanque.supply.nomenclature import Weekday

POSITIVE = MinValueValidator(Decimal("0.001"), "Un nombre plus grand que zéro est attendu.")
NOT_NEGATIVE = MinValueValidator(Decimal(0), "Un nombre positif ou nul est attendu.")


def validate_weekdays(value: object) -> None:
    """A list of days by their codes, none twice."""
    if (
        not isinstance(value, list)
        or any(day not in Weekday.values for day in value)
        or len(set(value)) != len(value)
    ):
        raise ValidationError("Choisissez des jours de la semaine, chacun une fois.")


def days_in_words(days: list[str]) -> str:
    """« lundi, mardi et jeudi », in the order of the week; empty when unknown."""
    known = [str(day.label) for day in Weekday if day.value in days]
    return " et ".join(filter(None, [", ".join(known[:-1]), *known[-1:]]))
