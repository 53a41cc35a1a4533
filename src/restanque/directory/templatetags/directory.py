"""`{% load directory %}`: addresses that fit."""

from django import template

from restanque.directory import display

register = template.Library()


@register.filter
def breakable(address: str) -> str:
    """An e-mail or web address that may be broken at its signs."""
    return display.breakable(address or "")
