"""A member's calendar (RFC 5545): their tasks, and the dates that higher rooms add to it.

A room tells its dates in `AppConfig.ready`:

    calendars.register("procedures.deadlines", member_dates)

where `member_dates(membership, today)` gives `CalendarDate`s, only those that this member may see.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from restanque.accounts.models import Membership
from restanque.engine.deadlines.ics import escaped, folded
from restanque.kit.documents import FICTITIOUS
from restanque.kit.text import format_number
from restanque.work.models import MemberFeed, Task

TOKEN_BYTES = 16  # 128 bits: out of reach of guessing
_SLUG = re.compile(r"([0-9]{1,18})-([A-Za-z0-9_-]{22})")
_HEAD = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Restanque//Agenda de l’équipe//FR",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
)
#: A sitting of unknown length is drawn so long.
USUAL_LENGTH = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """One date of somebody's calendar.

    `uid` names it for good (« sitting/3 »), so that a moved date moves in the calendar. The whole
    `day`, or from `starts_at` (aware) to `ends_at`. `path` is a page of the product.
    """

    uid: str
    day: date
    title: str
    description: str = ""
    path: str = ""
    fictitious: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None


Provider = Callable[[Membership, date], Iterable[CalendarDate]]
_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Add a room's dates to the members' calendars; the same name again replaces it."""
    _providers[name] = provider


def dates_of(membership: Membership, today: date) -> list[CalendarDate]:
    """All the dates of a member, tasks and others, in order."""
    found = [*_tasks(membership)]
    for name in sorted(_providers):
        found += _providers[name](membership, today)
    return sorted(found, key=lambda one: (one.day, one.uid))


def _tasks(membership: Membership) -> Iterator[CalendarDate]:
    """Open tasks that have a date and that the member pilots or contributes to."""
    mine = Task.objects.visible_to(membership).of(membership).open()
    for task in mine.order_by("pk"):
        if task.due_on is None:
            continue
        lines = [f"État : {task.get_state_display()}."]
        if task.effort_days is not None:
            lines.append(f"Charge : {format_number(task.effort_days, 1)} j.")
        if task.subject_label:
            lines.append(f"À propos de : {task.subject_label}.")
        yield CalendarDate(
            uid=f"task/{task.pk}",
            day=task.due_on,
            title=f"Tâche : {task.title}",
            description="\n".join(lines),
            path=task.get_absolute_url(),
            fictitious=task.fictitious,
        )


def calendar_text(name: str, dates: Iterable[CalendarDate], *, today: date) -> str:
    """The file that a calendar program reads: lines end with CRLF, none over 75 octets."""
    lines = [*_HEAD, f"X-WR-CALNAME:{escaped(name)}"]
    for one in dates:
        lines += _event(one, today)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(one: CalendarDate, today: date) -> list[str]:
    # The instance is part of the name: two of them may be subscribed to by one program.
    uid = hashlib.sha256(f"{settings.BASE_URL}/{one.uid}".encode()).hexdigest()[:32]
    mark = f" [{FICTITIOUS.lower()}]" if one.fictitious else ""
    url = f"{settings.BASE_URL}{one.path}" if one.path else ""
    words = "\n".join(part for part in (one.description, url) if part)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid}@restanque",
        f"DTSTAMP:{today:%Y%m%d}T000000Z",
        *_when(one),
        f"SUMMARY:{escaped(one.title + mark)}",
    ]
    if words:
        lines.append(f"DESCRIPTION:{escaped(words)}")
    if url:
        lines.append(f"URL:{url}")
    busy = "OPAQUE" if one.starts_at else "TRANSPARENT"
    return [*lines, f"TRANSP:{busy}", "END:VEVENT"]


def _when(one: CalendarDate) -> tuple[str, str]:
    if one.starts_at is None:
        return (
            f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}",
        )
    end = one.ends_at or one.starts_at + USUAL_LENGTH
    return f"DTSTART:{_utc(one.starts_at)}", f"DTEND:{_utc(end)}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


# The address ------------------------------------------------------------------------------------


def token_of(*, membership: int, generation: int) -> str:
    """What opens a member's calendar: HMAC-SHA256 cut to 128 bits, under a key of its own."""
    key = hashlib.sha256(b"restanque.work.calendars:" + settings.SECRET_KEY.encode()).digest()
    mac = hmac.new(key, f"{membership}:{generation}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:TOKEN_BYTES]).rstrip(b"=").decode()


def slug_of(feed: MemberFeed) -> str:
    """`<membership>-<token>`: the changing part of the address."""
    token = token_of(membership=feed.membership_id, generation=feed.generation)
    return f"{feed.membership_id}-{token}"


def feed_url(feed: MemberFeed) -> str:
    """The absolute address to give to a calendar program."""
    return f"{settings.BASE_URL}{reverse('work:feed', args=[slug_of(feed)])}"


def find_feed(slug: str) -> MemberFeed | None:
    """The feed that an address opens; None for any other text, and for who has left.

    One query whether it exists or not; the token is compared in constant time.
    """
    match = _SLUG.fullmatch(slug)
    if match is None:
        return None
    feed = (
        MemberFeed.objects.select_related("membership__workspace", "membership__user")
        .filter(
            membership=int(match[1]),
            membership__in=Membership.objects.active(),
            opened=True,
        )
        .first()
    )
    expected = token_of(membership=int(match[1]), generation=feed.generation if feed else 0)
    if not constant_time_compare(expected, match[2]):
        return None
    return feed
