"""Template tags and filters of the kit (built in: no `{% load %}` needed)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms, template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from restanque.kit.forms import style_widget
from restanque.kit.text import UNKNOWN, format_date, format_number, format_percent

register = template.Library()

# Strokes of the few icons in use, on a 24 × 24 grid (drawn for Restanque).
ICONS = {
    "search": "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM15.5 15.5 20 20",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "print": "M7 8V4h10v4M7 17H4v-7h16v7h-3M7 14h10v6H7Z",
    "download": "M12 4v11M7 10.5l5 5 5-5M5 20h14",
    "upload": "M12 16V5M7 9.5l5-5 5 5M5 20h14",
    "plus": "M12 5v14M5 12h14",
    "phone": "M6 4h4l1.5 4-2.2 1.6a11 11 0 0 0 5.1 5.1L16 12.5l4 1.5v4c0 1-1 2-2 2"
    "C11 20 4 13 4 6c0-1 1-2 2-2Z",
    "mail": "M4 6h16v12H4ZM4 7l8 6 8-6",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon; the words beside it carry the meaning."""
    return format_html(
        '<svg class="rq-i" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', ICONS[name]
    )


@register.filter
def number(value: Any, decimals: int = 0) -> str:
    """A number as French readers write it: « 1 234,5 »; « – » when unknown."""
    return format_number(value, decimals)


@register.filter
def percent(value: Any, decimals: int = 0) -> str:
    """A share between 0 and 1 as « 45 % »; « – » when unknown (no denominator)."""
    return format_percent(value, decimals)


@register.filter
def day(value: Any, style: str = "") -> str:
    """A day as « 24 nov. 2026 » (`long` for the whole month); « – » when unknown."""
    return format_date(value or None, long=style == "long")


@register.filter
def cell(value: Any) -> str:
    """A value of a data table: numbers and days the French way, « – » when unknown."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dt.date):
        return format_date(value)
    if isinstance(value, int | float | Decimal):
        return format_number(value, 0 if value == int(value) else 2)
    return str(value)


@register.filter
def dress(field: forms.BoundField) -> forms.BoundField:
    """A form field whose widget has the look's classes, red when it has errors."""
    style_widget(field.field.widget, invalid=bool(field.errors))
    return field


@register.filter
def is_box(field: forms.BoundField) -> bool:
    """True for a single box to tick: its label stands after it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def row_name(row: Any) -> Any:
    """What names a table's row: its header cell, without the query `str(record)` could cost."""
    return row.get_cell_value(row.table.row_header)


@register.simple_tag(takes_context=True)
def querystring_with(context: template.Context, **changes: Any) -> str:
    """The page's query string with some parameters changed; None removes one."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"
