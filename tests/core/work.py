"""Job functions for the tests: at module level, as a job must be."""

from typing import Any

from restanque.core.jobs import JobError, JobProgress, JobResult, job

# What the tests look at, or set, around a run.
seen: list[Any] = []
at_step: dict[int, Any] = {}


@job
def count_to(progress: JobProgress, *, total: int) -> JobResult | None:
    """Count, from the cursor, calling what the test put at a step."""
    for step in range(progress.cursor or 0, total):
        if step in at_step:
            at_step[step]()
        if progress.should_stop():
            return None
        seen.append(step)
        progress.report(done=step + 1, total=total, message=f"étape {step + 1}", cursor=step + 1)
    return JobResult(message="fini", file=b"a;b\r\n1;2\r\n", name="../résultat du jour.csv")


@job
def fail_plainly(progress: JobProgress) -> None:
    """Fail with words for the person."""
    raise JobError("Le fichier de départ n’existe plus.")


@job
def fail_badly(progress: JobProgress) -> None:
    """Fail with words that nobody must read."""
    raise RuntimeError("mairie@arles.fr: secret")


def not_a_job(progress: JobProgress) -> None:
    """Lacks the mark."""
