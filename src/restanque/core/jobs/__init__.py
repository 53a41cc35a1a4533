"""Long work: started in a request, done by the worker, shown with its progress."""

from restanque.core.jobs.progress import JobError, JobProgress, JobResult, job
from restanque.core.jobs.services import cancel_job, start_job

__all__ = ["JobError", "JobProgress", "JobResult", "cancel_job", "job", "start_job"]
