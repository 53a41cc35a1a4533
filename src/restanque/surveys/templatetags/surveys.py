"""Template tags of the room: addresses of a seat's pages, links to joined files."""

from collections.abc import Mapping, Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from restanque.kit.text import plural
from restanque.surveys import markup
from restanque.surveys.fields import Option
from restanque.surveys.presenting import Step
from restanque.surveys.seats import Seat

_SELECTED = mark_safe(" selected")

register = template.Library()
register.filter("inline_markup", markup.inline)
register.filter("block_markup", markup.block)
register.filter("plain_markup", markup.plain)


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


@register.simple_tag
def choice_options(options: Sequence[Option]) -> SafeString:
    """The options of a list to open: in one go, for lists of thousands of communes."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((one.value, _SELECTED if one.checked else "", markup.plain(one.label)) for one in options),
    )
