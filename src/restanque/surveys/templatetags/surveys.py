"""Template tags of the room: addresses of a seat's pages, links to joined files."""

from collections.abc import Mapping, Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from restanque.kit.text import plural
from restanque.surveys.presenting import Step
from restanque.surveys.seats import Seat

register = template.Library()


@register.simple_tag
def respond_url(seat: Seat, name: str, *args: str) -> str:
    """Address of one of the seat's pages."""
    return seat.url(name, *args)


@register.simple_tag
def respond_last(seat: Seat, steps: Sequence[Step]) -> str:
    """Address of the last page that is asked."""
    return seat.url("page", steps[-1].key)


@register.filter
def counted(number: int, words: str) -> str:
    """« 0 organisme », « 2 organismes »: `words` is the singular, or « singular,plural »."""
    singular, _, several = words.partition(",")
    return plural(number, singular, several)


@register.simple_tag
def attached(attachments: Mapping[str, str], name: str) -> str | SafeString:
    """A joined file's name, as a link when the file is there."""
    url = attachments.get(name)
    return format_html('<a href="{}">{}</a>', url, name) if url else name
