"""What a posted page says: only the questions it showed are read, as their types want them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from restanque.engine.forms import Item, Session, normalise_number
from restanque.kit.text import parse_date

# One more than the engine accepts, so that the person is told instead of being cut silently.
MAX_LENGTH = 100_001
# A name beside the question's own, which is its path.
PRESENT, REMOVE, CONFLICT, CHOICE, RANK = ".present", ".remove", ".conflict", ".choice", ".rank."

_CLOCK = re.compile(r"(\d{1,2})\s*[:hH]\s*(\d{2})?")
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

    `undecided`: typed values whose conflict was shown and not settled. `declined`: typed values
    that the person gave up for the one already saved.
    """

    shown: frozenset[str]
    values: Mapping[str, str] = field(default_factory=dict)
    undecided: Mapping[str, str] = field(default_factory=dict)
    declined: Mapping[str, str] = field(default_factory=dict)
    uploads: Mapping[str, "UploadedFile[Any]"] = field(default_factory=dict)
    removals: frozenset[str] = frozenset()


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
    )


def read_value(item: Item, fields: Mapping[str, Sequence[str]]) -> str | None:
    """The text of one answer as XForms writes it; None when the page did not ask."""
    widget = item.control.widget
    path = item.path
    if widget == "rank":
        return _ranked(item, fields)
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
    if widget == "time":
        return _as_time(text)
    if widget == "datetime":
        return _as_moment(text)
    if widget == "geopoint":
        return " ".join(normalise_number(part) for part in re.split(r"[;\s]+|,\s+", text) if part)
    return text


def _chosen(item: Item, given: Sequence[str]) -> str:
    if item.control.widget == "acknowledge":
        return "OK" if "OK" in given else ""
    assert item.state is not None  # noqa: S101  (questions have a state; for the type checker)
    wanted = {value for text in given for value in text.split()}
    if item.control.kind == "select":
        return " ".join(c.value for c in item.state.choices if c.value in wanted)
    return next((c.value for c in item.state.choices if c.value in given), "")


def _ranked(item: Item, fields: Mapping[str, Sequence[str]]) -> str | None:
    assert item.state is not None  # noqa: S101
    ranks: list[tuple[int, int, str]] = []
    asked = False
    for order, choice in enumerate(item.state.choices):
        name = f"{item.path}{RANK}{choice.value}"
        asked = asked or name in fields
        text = _last(fields, name).strip()
        if text.isascii() and text.isdigit() and len(text) < 5:
            ranks.append((int(text), order, choice.value))
    return " ".join(value for _, _, value in sorted(ranks)) if asked else None


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
