"""The one task behind every job."""

from restanque.core.jobs.services import perform
from restanque.core.tasks_api import task


@task
def run_job(job_pk: int) -> None:
    """Do a job; see `core.jobs`."""
    perform(job_pk)
