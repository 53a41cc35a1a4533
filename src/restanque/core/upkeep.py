"""What the room itself erases, and when."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from restanque.core import tasks_api
from restanque.core.jobs.services import RESULTS_KEPT, erase_results
from restanque.core.models import (
    ImportRow,
    ImportRun,
    Notification,
    OutgoingMessage,
    Purpose,
    RunStatus,
)

CODES_KEPT = timedelta(days=1)  # a sign-in code is valid a few minutes
BODIES_KEPT = timedelta(days=365)  # what was written to whom, during a campaign and its follow-up
TYPED_KEPT = timedelta(days=90)  # time to answer somebody who says that nothing arrived
IMPORT_ROWS_KEPT = timedelta(days=180)  # as long as an import may reasonably be undone
PREVIEWS_KEPT = timedelta(days=30)
NOTICES_KEPT = timedelta(days=90)
TASKS_KEPT = timedelta(days=7)


def erase_codes(today: date) -> int:
    """Account messages: their text holds an access."""
    return OutgoingMessage.objects.filter(
        purpose=Purpose.ACCOUNT, created_at__lt=_start(today, CODES_KEPT)
    ).delete()[0]


def erase_bodies(today: date) -> int:
    """Texts of old messages; that one was sent, when and to whom, stays with its workspace."""
    old = OutgoingMessage.objects.filter(created_at__lt=_start(today, BODIES_KEPT))
    return old.exclude(text="", html="").update(text="", html="", headers={})


def erase_typed_addresses(today: date) -> int:
    """Messages to addresses that a respondent typed (a colleague's, one's own): they are told that
    it served for that message only, so nothing of them stays.
    """
    return OutgoingMessage.objects.filter(
        purpose__in=(Purpose.HANDOVER, Purpose.RECEIPT), created_at__lt=_start(today, TYPED_KEPT)
    ).delete()[0]


def erase_import_rows(today: date) -> int:
    """Rows of old imports (they may name persons); the counts stay."""
    old = ImportRun.objects.filter(
        created_at__lt=_start(today, IMPORT_ROWS_KEPT), rows_erased_at__isnull=True
    )
    erased = ImportRow.objects.filter(run__in=old).delete()[0]
    old.update(rows_erased_at=timezone.now())
    return erased


def erase_previews(today: date) -> int:
    """Imports that nobody confirmed."""
    limit = _start(today, PREVIEWS_KEPT)
    old = ImportRun.objects.filter(status=RunStatus.PREVIEW, created_at__lt=limit)
    return old.delete()[0]


def erase_notices(today: date) -> int:
    """Notices, read or not."""
    limit = _start(today, NOTICES_KEPT)
    return Notification.objects.filter(created_at__lt=limit).delete()[0]


def erase_jobs(today: date) -> int:
    """Finished jobs with their files."""
    return erase_results(_start(today, RESULTS_KEPT))


def erase_tasks(today: date) -> int:
    """The queue's own traces."""
    return tasks_api.forget_finished(_start(today, TASKS_KEPT))


PURGERS = {
    "core.codes": erase_codes,
    "core.bodies": erase_bodies,
    "core.typed_addresses": erase_typed_addresses,
    "core.import_rows": erase_import_rows,
    "core.previews": erase_previews,
    "core.notices": erase_notices,
    "core.jobs": erase_jobs,
    "core.tasks": erase_tasks,
}


def _start(today: date, kept: timedelta) -> datetime:
    return timezone.make_aware(datetime.combine(today - kept, time.min))
