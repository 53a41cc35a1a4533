"""What a posted page says: only the questions it showed are read, as their types want them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from restanque.engine.forms import Control, Item, Session, normalise_number
from restanque.kit.text import parse_date
from restanque.surveys import places

# One more than the engine accepts, so that the person is told instead of being cut silently.
MAX_LENGTH = 100_001
# A name beside the question's own, which is its path.
PRESENT, REMOVE, CONFLICT, CHOICE, RANK = ".present", ".remove", ".conflict", ".choice", ".rank."
LATITUDE, LONGITUDE = ".lat", ".lon"
# Dates asked in part, and how much of an ISO date they keep.
PARTIAL_DATES = {"month": 7, "year": 4}

_CLOCK = re.compile(r"(\d{1,2})\s*[:hH]\s*(\d{2})?")
_PARTIAL = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{1,2}))?|(?P<first>\d{1,2})[/.](?P<then>\d{4})"
)
EQUAL_RANKS = (
    "Deux lignes avaient le même rang\u00a0: elles ont été rangées l’une après l’autre. "
    "Vérifiez l’ordre, puis continuez."
)
_UNREADABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBERS = ("integer", "decimal", "range")


@dataclass(frozen=True, slots=True)
class PagePost:
    """A posted form as views receive it: every value of every name, and the files."""

    fields: Mapping[str, Sequence[str]]
    files: Mapping[str, "UploadedFile[Any]"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is understood of a posted page.

    `doubts`: understood, but to be shown to the person before going on, with why.
    `undecided`: typed values whose conflict was shown and not settled. `declined`: typed values
    that the person gave up for the one already saved.
    """

    shown: frozenset[str]
    values: Mapping[str, str] = field(default_factory=dict)
    undecided: Mapping[str, str] = field(default_factory=dict)
    declined: Mapping[str, str] = field(default_factory=dict)
    uploads: Mapping[str, "UploadedFile[Any]"] = field(default_factory=dict)
    removals: frozenset[str] = frozenset()
    doubts: Mapping[str, str] = field(default_factory=dict)


def widget_of(control: Control) -> str:
    """What a question is drawn with: the engine's widget, or a date asked in part."""
    if control.widget == "date":
        if "month-year" in control.appearance:
            return "month"
        if "year" in control.appearance:
            return "year"
    return control.widget


def questions(items: Iterable[Item]) -> Iterator[Item]:
    """The questions of a page, in display order."""
    for item in items:
        for inner in item.walk():
            if inner.kind == "question":
                yield inner


def writable(item: Item) -> bool:
    """Whether an answer may be typed there: not a note, not read-only."""
    return item.state is not None and item.control.widget != "note" and not item.state.readonly


def read_page(session: Session, page: int, post: PagePost) -> Reading:
    """Read the questions that this page of this session shows, and nothing else."""
    values: dict[str, str] = {}
    undecided: dict[str, str] = {}
    declined: dict[str, str] = {}
    uploads: dict[str, UploadedFile[Any]] = {}
    removals: set[str] = set()
    doubts: dict[str, str] = {}
    shown = list(questions(session.visible_items(page)))
    for item in filter(writable, shown):
        if item.control.widget == "file":
            if item.path in post.files:
                uploads[item.path] = post.files[item.path]
            elif post.fields.get(item.path + REMOVE):
                removals.add(item.path)
            continue
        text = read_value(item, post.fields)
        if text is None:
            continue
        if item.control.widget == "rank" and _has_equals(item, post.fields):
            doubts[item.path] = EQUAL_RANKS
        chosen = _last(post.fields, item.path + CHOICE)
        if item.path + CONFLICT not in post.fields or chosen == "mine":
            values[item.path] = text
        elif chosen == "theirs":
            declined[item.path] = text
        else:
            undecided[item.path] = text
    return Reading(
        frozenset(item.path for item in shown),
        values,
        undecided,
        declined,
        uploads,
        frozenset(removals),
        doubts,
    )


def read_value(item: Item, fields: Mapping[str, Sequence[str]]) -> str | None:
    """The text of one answer as XForms writes it; None when the page did not ask."""
    widget = widget_of(item.control)
    path = item.path
    if widget == "rank" and path not in fields:
        return _ranked(item, fields)
    if widget == "geopoint" and path + LATITUDE in fields:
        return _place(item, fields)
    if path not in fields and path + PRESENT not in fields:
        return None
    if widget in ("radio", "dropdown", "checkboxes", "acknowledge"):
        return _chosen(item, fields.get(path, ()))
    return as_xforms(widget, _last(fields, path))


def readable(text: str) -> str:
    """The text without what neither XML nor PostgreSQL can hold (NUL, controls, surrogates)."""
    return _UNREADABLE.sub("", text)


def as_xforms(widget: str, typed: str) -> str:
    """What people type, as XForms wants it. What is not understood comes back stripped: the
    engine refuses it by its type, with a sentence, and the person finds it again."""
    text = readable(typed[:MAX_LENGTH]).strip()
    if not text:
        return ""
    if widget in _NUMBERS:
        return normalise_number(text)
    if widget == "date":
        try:
            return parse_date(text).isoformat()
        except ValueError:
            return text
    if widget in PARTIAL_DATES:
        return _as_partial_date(text)
    if widget == "time":
        return _as_time(text)
    if widget == "datetime":
        return _as_moment(text)
    if widget == "geopoint":
        return places.read_point(text) or text
    if widget in ("geotrace", "geoshape"):
        return places.read_line(text, closed=widget == "geoshape")
    return text


def _chosen(item: Item, given: Sequence[str]) -> str:
    if item.control.widget == "acknowledge":
        return "OK" if "OK" in given else ""
    assert item.state is not None  # noqa: S101  (questions have a state; for the type checker)
    wanted = {value for text in given for value in text.split()}
    if item.control.kind == "select":
        return " ".join(c.value for c in item.state.choices if c.value in wanted)
    return next((c.value for c in item.state.choices if c.value in given), "")


def _place(item: Item, fields: Mapping[str, Sequence[str]]) -> str:
    """A point typed in two fields; what a telephone measured beside it is kept when it stays."""
    assert item.state is not None  # noqa: S101
    typed = (_last(fields, item.path + LATITUDE), _last(fields, item.path + LONGITUDE))
    if typed == places.split_fields(item.state.value):
        return item.state.value
    north, east = (readable(text[:MAX_LENGTH]) for text in typed)
    return places.read_fields(north, east)


def _ranked(item: Item, fields: Mapping[str, Sequence[str]]) -> str | None:
    """The choices in the order of their ranks. Of two that bear the same, the one that was just
    given it comes first and the other moves down, as somebody who inserts it expects."""
    assert item.state is not None  # noqa: S101
    before = item.state.value.split()
    ranks: list[tuple[int, bool, int, str]] = []
    asked = False
    for order, choice in enumerate(item.state.choices):
        asked = asked or f"{item.path}{RANK}{choice.value}" in fields
        rank = _rank(item.path, choice.value, fields)
        if rank is not None:
            stays = choice.value in before and before.index(choice.value) + 1 == rank
            ranks.append((rank, stays, order, choice.value))
    return " ".join(value for _, _, _, value in sorted(ranks)) if asked else None


def _has_equals(item: Item, fields: Mapping[str, Sequence[str]]) -> bool:
    assert item.state is not None  # noqa: S101
    given = [_rank(item.path, choice.value, fields) for choice in item.state.choices]
    known = [rank for rank in given if rank is not None]
    return len(set(known)) != len(known)


def _rank(path: str, value: str, fields: Mapping[str, Sequence[str]]) -> int | None:
    text = _last(fields, f"{path}{RANK}{value}").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def _as_partial_date(text: str) -> str:
    """« 2026 », « 11/2026 », « 2026-11 » as the first day of the year or month."""
    match = _PARTIAL.fullmatch(text)
    if match is None:
        return as_xforms("date", text)
    year, month = match["year"] or match["then"], match["month"] or match["first"] or "1"
    return f"{year}-{int(month):02d}-01"


def _as_time(text: str) -> str:
    match = _CLOCK.fullmatch(text)
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return text
    return f"{int(match[1]):02d}:{int(match[2] or 0):02d}:00.000"


def _as_moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return moment.isoformat(timespec="milliseconds")


def _last(fields: Mapping[str, Sequence[str]], name: str) -> str:
    given = fields.get(name) or ("",)
    return given[-1]
