"""Who changed an object, when, and what: read from simple-history's rows, said in French."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils import timezone

from restanque.kit.text import UNKNOWN, format_date

WORDS = {"+": "création", "~": "modification", "-": "suppression"}
LONGEST = 160


@dataclass(frozen=True, slots=True)
class Change:
    """One field: its French name, what it was, what it became."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One moment of an object's life."""

    when: datetime
    who: str
    what: str
    reason: str
    changes: list[Change]


def entries(subject: models.Model, *, limit: int = 20) -> list[Entry]:
    """The latest moments, newest first; saves that changed nothing are left out.

    `subject` is of a model with `history = HistoricalRecords()`.
    """
    rows = subject.history.select_related("history_user").order_by(  # type: ignore[attr-defined]
        "-history_date", "-history_id"
    )
    found = []
    # Each row is compared with the one before it in time, hence one more than shown.
    for row, before in pairwise([*rows[: limit + 1], None]):
        changes = list(_changes(before, row)) if before is not None else []
        if row.history_type == "~" and before is not None and not changes:
            continue
        found.append(
            Entry(
                when=row.history_date,
                who=row.history_user.display_name if row.history_user else "l’application",
                what=WORDS[row.history_type],
                reason=row.history_change_reason or "",
                changes=changes,
            )
        )
    return found[:limit]


def _changes(old: Any, new: Any) -> Iterator[Change]:
    for field in new.tracked_fields:
        before, after = getattr(old, field.attname), getattr(new, field.attname)
        if before != after and field.editable:
            yield Change(
                label=str(field.verbose_name), old=_shown(old, field), new=_shown(new, field)
            )


def _shown(row: Any, field: models.Field[Any, Any]) -> str:
    """A value as a reader of the page would say it."""
    value = getattr(row, field.attname)
    if value is None or value == "":
        return UNKNOWN
    if field.is_relation:
        try:
            value = getattr(row, field.name)
        except ObjectDoesNotExist:
            return "(supprimé)"
    elif field.choices:
        value = getattr(row, f"get_{field.name}_display")()
    elif isinstance(value, bool):
        value = "oui" if value else "non"
    elif isinstance(value, datetime):
        value = f"{format_date(timezone.localdate(value))}, {timezone.localtime(value):%H:%M}"
    elif isinstance(value, date):
        value = format_date(value)
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
