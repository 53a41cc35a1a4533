"""Every write on jobs, except the progress that the running function reports."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership, User, Workspace
from restanque.core import mail, notices, tasks_api
from restanque.core.files import safe_name
from restanque.core.jobs.progress import (
    Heartbeat,
    JobError,
    JobProgress,
    JobResult,
    function_at,
    path_of,
)
from restanque.core.models import Job, JobStatus, Purpose

logger = logging.getLogger(__name__)

MOST_DEPARTURES = 3
SILENT_AFTER = timedelta(minutes=2)
FORGOTTEN_AFTER = timedelta(minutes=10)
LONG = timedelta(minutes=1)  # beyond, the person is told when it is ready
RESULTS_KEPT = timedelta(days=30)
UNEXPECTED = "Une erreur imprévue a arrêté ce travail. Rien n’est perdu ; vous pouvez le relancer."


@transaction.atomic
def start_job(
    *,
    workspace: Workspace,
    kind: str,
    label: str,
    task: Callable[..., JobResult | None],
    arguments: Mapping[str, Any],
    requested_by: User | None,
) -> Job:
    """Record a job and have the worker start it once the transaction is committed.

    `task` is a function marked by `core.jobs.job`; `arguments` are JSON values.
    """
    new = Job(
        workspace=workspace,
        kind=kind,
        label=label[:200],
        function=path_of(task),
        arguments=dict(arguments),
        requested_by=requested_by,
    )
    new.full_clean()
    new.save()
    _enqueue(new.pk)
    return new


@transaction.atomic
def cancel_job(*, job: Job) -> bool:
    """Ask a job to stop; one that waits is cancelled at once. False when it has finished."""
    now = timezone.now()
    waiting = Job.objects.filter(pk=job.pk, status=JobStatus.WAITING)
    if waiting.update(status=JobStatus.CANCELLED, cancel_requested=True, finished_at=now):
        return True
    running = Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING)
    return bool(running.update(cancel_requested=True))


def perform(job_pk: int) -> None:
    """Do a waiting job, in the worker. Nobody else can have taken it: the claim is conditional."""
    now = timezone.now()
    claimed = Job.objects.filter(pk=job_pk, status=JobStatus.WAITING).update(
        status=JobStatus.RUNNING, started_at=now, alive_at=now, attempts=F("attempts") + 1
    )
    if not claimed:
        return
    job = Job.objects.select_related("workspace", "requested_by").get(pk=job_pk)
    progress = JobProgress(job)
    try:
        with Heartbeat(job):
            result = function_at(job.function)(progress, **job.arguments)
    except JobError as error:
        _finish(job, JobStatus.FAILED, error=str(error))
    except Exception:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        _finish(job, JobStatus.FAILED, error=UNEXPECTED)
    else:
        _conclude(job, progress, result)


def rescue_silent() -> int:
    """Have the jobs of dead processes start again from their cursor; give up after three.

    A job that has waited very long is asked for again too: its request may have been lost between
    the commit and the queue. Asking twice is harmless, as a job is claimed once.
    """
    limit = timezone.now() - SILENT_AFTER
    _ask_again_for_forgotten()
    silent = Job.objects.filter(status=JobStatus.RUNNING, alive_at__lt=limit)
    for job in silent.select_related("workspace", "requested_by"):
        if job.attempts < MOST_DEPARTURES:
            _wait_again(job, limit)
        else:
            _finish(job, JobStatus.FAILED, error="Ce travail a été interrompu plusieurs fois.")
    return len(silent)


def erase_results(before: datetime) -> int:
    """Erase old jobs with their files: what they made can be made again; how many."""
    old = Job.objects.filter(finished_at__lt=before)
    for job in old:
        if job.result_file:
            job.result_file.delete(save=False)
    return old.delete()[0]


def _conclude(job: Job, progress: JobProgress, result: JobResult | None) -> None:
    progress.write()
    if result is not None or not progress.stopped:
        _finish(job, JobStatus.DONE, result=result)
    elif Job.objects.filter(pk=job.pk, cancel_requested=True).exists():
        _finish(job, JobStatus.CANCELLED)
    else:
        # The worker is ending in the middle of the work: the next one goes on from the cursor.
        Job.objects.filter(pk=job.pk).update(attempts=F("attempts") - 1)
        _wait_again(job, timezone.now())


def _finish(
    job: Job, status: JobStatus, *, result: JobResult | None = None, error: str = ""
) -> None:
    result = result or JobResult()
    with transaction.atomic():
        job.status, job.finished_at, job.error = status, timezone.now(), error[:500]
        fields = ["status", "finished_at", "error"]
        if result.message:
            job.message = result.message[:300]
            fields.append("message")
        if result.file is not None:
            job.result_name = safe_name(result.name)
            job.result_file.save(job.result_name, ContentFile(result.file), save=False)
            fields += ["result_file", "result_name"]
        job.save(update_fields=fields)
        if job.started_at and job.finished_at - job.started_at > LONG:
            _tell(job)


def _tell(job: Job) -> None:
    """Tell the requester, who may have left the page."""
    membership = (
        Membership.objects.active()
        .filter(user=job.requested_by, workspace=job.workspace)
        .select_related("user", "workspace")
        .first()
    )
    if membership is None or job.status == JobStatus.CANCELLED:
        return
    path = reverse("core:job", args=[job.pk])
    sentence = f"« {job.label} » : {job.get_status_display()}."
    notices.notify(membership=membership, text=sentence, url=path)
    mail.queue_message(
        workspace=job.workspace,
        to_email=membership.user.email,
        to_name=membership.user.full_name,
        subject=f"{job.label} : {job.get_status_display()}",
        text=(f"Bonjour,\n\n{sentence}\n{job.error or job.message}\n\n{settings.BASE_URL}{path}\n"),
        purpose=Purpose.OTHER,
        subject_key=f"job:{job.pk}",
        idempotency_key=f"job:{job.pk}",
    )


def _ask_again_for_forgotten() -> None:
    now = timezone.now()
    forgotten = Job.objects.filter(status=JobStatus.WAITING).filter(
        Q(alive_at__isnull=True, created_at__lt=now - FORGOTTEN_AFTER)
        | Q(alive_at__lt=now - FORGOTTEN_AFTER)
    )
    for pk in list(forgotten.values_list("pk", flat=True)):
        Job.objects.filter(pk=pk).update(alive_at=now)
        _enqueue(pk)


def _wait_again(job: Job, limit: datetime) -> None:
    with transaction.atomic():
        again = Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING, alive_at__lte=limit)
        if again.update(status=JobStatus.WAITING):
            _enqueue(job.pk)


def _enqueue(job_pk: int) -> None:
    from restanque.core.jobs.tasks import run_job

    tasks_api.enqueue(run_job, job_pk)
