"""`{% load core %}`: history of an object."""

from typing import Any

from django import template
from django.db import models

from restanque.core.history import entries

register = template.Library()


@register.inclusion_tag("core/history.html")
def history(subject: models.Model, limit: int = 20) -> dict[str, Any]:
    """Who changed this, when, from what to what."""
    return {"entries": entries(subject, limit=limit)}
