"""What a job's function receives and returns."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string

from restanque.accounts.models import User, Workspace
from restanque.core.models import Job
from restanque.core.tasks_api import stopping

WRITE_EVERY = 0.5  # seconds between two writes of the progress: rows are not written one by one


class JobError(Exception):
    """A failure that the person can understand: its French text is shown to them."""


@dataclass(frozen=True, slots=True)
class JobResult:
    """What a finished job gives back: a sentence, and perhaps a file."""

    message: str = ""
    file: bytes | None = None
    name: str = ""


class JobProgress:
    """Tells how far a job is, and whether it must stop. `cursor` says where to start again."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._written = 0.0
        self._cancelled = False
        self.stopped = False  # the function was told to stop, hence may have returned early
        self.cursor: Any = job.cursor

    @property
    def workspace(self) -> Workspace:
        """The workspace for which the job works: every query is scoped to it."""
        return self._job.workspace

    @property
    def requested_by(self) -> User | None:
        """Who asked; None when the account is gone, or for the machine's own work."""
        return self._job.requested_by

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop this job (as last read by `should_stop`)."""
        return self._cancelled

    def report(
        self,
        *,
        done: int | None = None,
        total: int | None = None,
        message: str | None = None,
        cursor: Any = None,
    ) -> None:
        """Say how far the work is. Written at most twice a second, always at the end.

        Give `cursor` only for what is safely done: an interrupted job starts again there.
        """
        job = self._job
        if total is not None:
            job.total = total
        if done is not None:
            job.done_count = done if job.total is None else min(done, job.total)
        if message is not None:
            job.message = message[:300]
        if cursor is not None:
            self.cursor = job.cursor = cursor
        if time.monotonic() - self._written >= WRITE_EVERY:
            self.write()

    def write(self) -> None:
        """Write the progress now, and learn whether somebody asked to stop."""
        job = self._job
        Job.objects.filter(pk=job.pk).update(
            total=job.total,
            done_count=job.done_count,
            message=job.message,
            cursor=job.cursor,
            alive_at=timezone.now(),
        )
        self._cancelled = Job.objects.filter(pk=job.pk, cancel_requested=True).exists()
        self._written = time.monotonic()

    def should_stop(self) -> bool:
        """True when the job was cancelled or its worker is ending: return at once, cursor said."""
        if not self._cancelled and time.monotonic() - self._written >= WRITE_EVERY:
            self.write()
        self.stopped = self.stopped or self._cancelled or stopping.is_set()
        return self.stopped


_MARK = "is_restanque_job"


def job(function: Callable[..., JobResult | None]) -> Callable[..., JobResult | None]:
    """Mark a module-level function as a job: nothing else can be called by name from a row."""
    setattr(function, _MARK, True)
    return function


def path_of(function: Callable[..., JobResult | None]) -> str:
    """The name under which a job's row keeps its function."""
    if not getattr(function, _MARK, False):
        raise TypeError(f"{function!r} is not marked by core.jobs.job")
    path = f"{function.__module__}.{function.__qualname__}"
    if import_string(path) is not function:
        raise TypeError(f"{path} must be a module-level function")
    return path


def function_at(path: str) -> Callable[..., JobResult | None]:
    """The function of a row; refuses what is not marked as a job."""
    function: Callable[..., JobResult | None] = import_string(path)
    if not getattr(function, _MARK, False):
        raise TypeError(f"{path} is not a job")
    return function


class Heartbeat:
    """Touches the job while its function works, even where it reports nothing for long."""

    EVERY = 20  # seconds

    def __init__(self, job: Job) -> None:
        self._pk = job.pk
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True, name=f"job-{job.pk}")

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join(timeout=5)

    def _beat(self) -> None:
        from django.db import connection

        try:
            while not self._done.wait(self.EVERY):
                Job.objects.filter(pk=self._pk).update(alive_at=timezone.now())
        finally:
            connection.close()
