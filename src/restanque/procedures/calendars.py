"""Calendars (RFC 5545): one procedure, or all those of a territory under an address of its own."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from restanque.engine.deadlines import StepStatus, to_ics
from restanque.kit.documents import FICTITIOUS
from restanque.procedures.models import CalendarFeed
from restanque.procedures.reading import Reading

TOKEN_BYTES = 16  # 128 bits: out of reach of guessing
_SLUG = re.compile(r"([0-9]{1,18})-([A-Za-z0-9_-]{22})")
_BEGIN, _END = "BEGIN:VEVENT\r\n", "END:VCALENDAR\r\n"


def token_of(*, territory: int, generation: int) -> str:
    """What opens a territory's calendar: HMAC-SHA256 cut to 128 bits, under a key of its own."""
    key = hashlib.sha256(b"restanque.procedures.calendars:" + settings.SECRET_KEY.encode()).digest()
    mac = hmac.new(key, f"{territory}:{generation}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:TOKEN_BYTES]).rstrip(b"=").decode()


def slug_of(feed: CalendarFeed) -> str:
    """`<territory>-<token>`: the changing part of the address."""
    token = token_of(territory=feed.territory_id, generation=feed.generation)
    return f"{feed.territory_id}-{token}"


def feed_url(feed: CalendarFeed) -> str:
    """The absolute address to give to a calendar program."""
    return f"{settings.BASE_URL}{reverse('procedures:feed', args=[slug_of(feed)])}"


def find_feed(slug: str) -> CalendarFeed | None:
    """The feed that an address opens; None for any other text.

    One query whether it exists or not; the token is compared in constant time.
    """
    match = _SLUG.fullmatch(slug)
    if match is None:
        return None
    feed = (
        CalendarFeed.objects.select_related("territory__workspace")
        .filter(territory=int(match[1]), opened=True)
        .first()
    )
    expected = token_of(territory=int(match[1]), generation=feed.generation if feed else 0)
    if not constant_time_compare(expected, match[2]):
        return None
    return feed


def calendar(name: str, readings: Iterable[Reading], *, fictitious: bool) -> str:
    """One calendar of several procedures; each event says which, and whether it is invented."""
    mark = f" [{FICTITIOUS.lower()}]" if fictitious else ""
    head, events = "", ""
    for reading in readings:
        text = _one(reading, name, mark)
        start = text.find(_BEGIN)
        head = head or text[: start if start >= 0 else -len(_END)]
        events += text[start : -len(_END)] if start >= 0 else ""
    return f"{head or _EMPTY}{events}{_END}"


def _one(reading: Reading, name: str, mark: str) -> str:
    """The engine's calendar of a procedure, whose name follows each step."""
    timeline, subject = reading.timeline, reading.procedure.name
    steps = tuple(
        replace(state, step=replace(state.step, label=f"{state.step.label} ({subject}){mark}"))
        for state in timeline.steps
        if state.status is not StepStatus.NOT_APPLICABLE
    )
    shown = replace(timeline, label=f"{name}{mark}", steps=steps)
    return to_ics(shown, name=f"procedure/{reading.procedure.pk}")


#: A calendar without any event: its program keeps the subscription.
_EMPTY = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Restanque//Calendrier des procédures//FR\r\n"
