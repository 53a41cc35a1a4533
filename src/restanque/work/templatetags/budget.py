"""`{% load budget %}`: amounts in euros."""

from decimal import Decimal

from django import template

from restanque.kit.text import UNKNOWN
from restanque.work.budget import alerts

register = template.Library()


@register.filter
def euros(value: Decimal | None) -> str:
    """« 12 500 € », « 12 500,40 € »; « – » when unknown."""
    return UNKNOWN if value is None else alerts.euros(value)
