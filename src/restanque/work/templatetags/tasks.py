"""`{% load tasks %}`: days of work in words."""

from decimal import Decimal
from typing import Any

from django import template

from restanque.kit.text import NO_BREAK_SPACE, UNKNOWN, format_number

register = template.Library()


@register.filter
def days(value: Any) -> str:
    """« 2,5 jours », « 1,5 jour », « 4 jours »: French takes the plural from 2; « – » unknown."""
    if value is None or value == "":
        return UNKNOWN
    rounded = round(Decimal(str(value)), 2).normalize()
    decimals = max(0, -int(rounded.as_tuple().exponent))
    word = "jour" if abs(rounded) < 2 else "jours"
    return f"{format_number(rounded, decimals)}{NO_BREAK_SPACE}{word}"
