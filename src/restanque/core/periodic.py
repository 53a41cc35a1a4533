"""Regular work: each name's next moment is a stored column, claimed by a conditional update.

Rooms register in `AppConfig.ready`; the worker process calls `run_due` every few seconds. Several
workers, on several machines, never run the same passage twice. `hold` is the same claim, for work
that must have one doer at a time (mail delivery).
"""

import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from restanque.core.models import PeriodicRun

logger = logging.getLogger(__name__)

HOLD = timedelta(minutes=30)  # after which a dead holder is no longer waited for


@dataclass(frozen=True, slots=True)
class Passage:
    """Something to do regularly."""

    name: str
    every: timedelta
    function: Callable[[], object]


@dataclass(slots=True)
class Hold:
    """A row held by this process, until released or not renewed in time."""

    name: str
    holder: str
    span: timedelta

    def renew(self) -> bool:
        """Keep the hold for one more span; False when somebody else took it meanwhile."""
        return bool(
            PeriodicRun.objects.filter(name=self.name, holder=self.holder).update(
                held_until=timezone.now() + self.span
            )
        )


_passages: dict[str, Passage] = {}


def register(name: str, *, every: timedelta, function: Callable[[], object]) -> None:
    """Have a function called every so often, by one worker at a time.

    A passage missed while no worker ran is made up once, not several times.
    """
    _passages[name] = Passage(name, every, function)


def passages() -> list[Passage]:
    """What is registered, in order of name."""
    return [_passages[name] for name in sorted(_passages)]


def run_due() -> list[str]:
    """Run what is due and not held elsewhere; the names run. Failures are logged and kept."""
    ran = []
    for passage in passages():
        _ensure_row(passage.name)
        if not PeriodicRun.objects.filter(name=passage.name, next_at__lte=timezone.now()).exists():
            continue
        with hold(passage.name, span=HOLD, if_due_at=timezone.now()) as held:
            if held is not None:
                _run(passage)
                ran.append(passage.name)
    return ran


@contextmanager
def hold(name: str, *, span: timedelta, if_due_at: datetime | None = None) -> Iterator[Hold | None]:
    """Hold a name for this process, or give None when another one does (or it is not due)."""
    _ensure_row(name)
    now = timezone.now()
    holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{get_random_string(8)}"
    free = PeriodicRun.objects.filter(Q(held_until__isnull=True) | Q(held_until__lt=now), name=name)
    if if_due_at is not None:
        free = free.filter(next_at__lte=if_due_at)
    if not free.update(held_until=now + span, holder=holder, started_at=now):
        yield None
        return
    try:
        yield Hold(name, holder, span)
    finally:
        PeriodicRun.objects.filter(name=name, holder=holder).update(
            held_until=None, holder="", finished_at=timezone.now()
        )


def note_error(name: str, message: str) -> None:
    """Keep the last failure of a name where the pages can show it; "" clears it."""
    PeriodicRun.objects.filter(name=name).update(error=message[:300])


def last_error(name: str) -> str:
    """The last failure kept for a name, or ""."""
    found = PeriodicRun.objects.filter(name=name).values_list("error", flat=True).first()
    return found or ""


def _run(passage: Passage) -> None:
    # The next moment is set first: a passage that kills its process is not tried in a loop.
    PeriodicRun.objects.filter(name=passage.name).update(next_at=timezone.now() + passage.every)
    try:
        passage.function()
    except Exception as error:
        logger.exception("periodic: %s failed", passage.name)
        note_error(passage.name, type(error).__name__)
    else:
        note_error(passage.name, "")


def _ensure_row(name: str) -> None:
    if PeriodicRun.objects.filter(name=name).exists():
        return
    try:
        with transaction.atomic():
            PeriodicRun.objects.create(name=name, next_at=timezone.now())
    except IntegrityError:
        return  # another worker has just made it
