"""Big imports, and their undoing, as jobs."""

import logging

from django.db import transaction

from restanque.accounts.models import User
from restanque.core.imports import registry, services
from restanque.core.jobs import JobError, JobProgress, JobResult, job, start_job
from restanque.core.models import ImportRun, RunStatus

logger = logging.getLogger(__name__)

DIRECT_ROWS = 500  # above, the work would hold the request too long
STEP_ROWS = 200


@job
def apply_job(progress: JobProgress, *, run_id: int) -> JobResult | None:
    """Import a claimed run, some rows at a time: a single long transaction would keep everybody
    else, respondents first, from writing. What a crash or a stop leaves can be gone on with.
    """
    run = ImportRun.objects.select_related("workspace").get(
        pk=run_id, workspace=progress.workspace, status=RunStatus.APPLYING
    )
    total = run.change_count
    while not progress.should_stop():
        try:
            looked_at = services.apply_next(run=run, user=progress.requested_by, size=STEP_ROWS)
        except Exception as error:
            logger.exception("import %s (%s) failed", run.pk, run.kind)
            raise JobError(services.give_up(run=run, reason=services.UNEXPECTED).error) from error
        if not looked_at:
            return JobResult(message=services.outcome_sentence(services.conclude(run=run)))
        progress.report(done=total - services.to_write(run).count(), total=total)
    if progress.cancelled:
        services.give_up(run=run, reason="Import arrêté à votre demande.")
    return None


@job
def undo_job(progress: JobProgress, *, run_id: int) -> JobResult:
    """Undo a run."""
    run = ImportRun.objects.get(pk=run_id, workspace=progress.workspace)
    if run.status == RunStatus.UNDONE:
        return JobResult(message="L’import est défait.")
    try:
        services.undo_run(run=run)
    except services.ImportRefused as refusal:
        count = len(refusal.reasons)
        raise JobError(f"{refusal.reasons[0]} ({count} en tout.)") from refusal
    return JobResult(message="L’import est défait.")


@transaction.atomic
def start_apply(*, run: ImportRun, user: User) -> bool:
    """Import now, or by a job when there are many rows; False when somebody has just done it."""
    if not services.claim_run(run=run):
        return False
    run.refresh_from_db()
    if run.change_count > DIRECT_ROWS:
        _as_job(run, user, "import-apply", "Import", apply_job)
    else:
        services.apply_claimed(run=run, user=user)
    return True


@transaction.atomic
def start_undo(*, run: ImportRun, user: User) -> None:
    """Undo now, or by a job when there are many rows. Raises ImportRefused."""
    if run.change_count > DIRECT_ROWS:
        _as_job(run, user, "import-undo", "Retour en arrière", undo_job)
    else:
        services.undo_run(run=run)


def _as_job(run: ImportRun, user: User, kind: str, verb: str, function: object) -> None:
    run.job = start_job(
        workspace=run.workspace,
        kind=kind,
        label=f"{verb} : {registry.title_of(run.kind)} ({run.file_name})",
        task=function,  # type: ignore[arg-type]
        arguments={"run_id": run.pk},
        requested_by=user,
    )
    run.save(update_fields=["job"])
