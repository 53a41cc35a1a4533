"""Jobs: progress, cancel, results, failures, and what happens when a process dies."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.core import tasks_api
from restanque.core.jobs import cancel_job, progress, services, start_job
from restanque.core.models import Job, JobStatus, Notification, OutgoingMessage
from tests.core import work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bench(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A clean bench, files in a folder of the test, progress written at every step."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(progress, "WRITE_EVERY", 0.0)
    work.seen.clear()
    work.at_step.clear()
    yield
    tasks_api.stopping.clear()


def start(member: Membership, task: Any = work.count_to, **arguments: Any) -> Job:
    return start_job(
        workspace=member.workspace,
        kind="essai",
        label="Compter",
        task=task,
        arguments=arguments or ({"total": 3} if task is work.count_to else {}),
        requested_by=member.user,
    )


def run(job: Job) -> Job:
    services.perform(job.pk)
    job.refresh_from_db()
    return job


def test_a_job_starts_at_commit_and_keeps_its_result(
    bob: Membership, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = start(bob)
        assert job.status == JobStatus.WAITING
    job.refresh_from_db()

    assert (job.status, job.done_count, job.total, job.message) == (JobStatus.DONE, 3, 3, "fini")
    assert job.result_name == "résultat du jour.csv"
    with job.result_file.open() as result:
        assert result.read() == b"a;b\r\n1;2\r\n"
    assert "résultat" not in job.result_file.name
    assert job.finished_at is not None


def test_progress_is_visible_while_it_works(bob: Membership) -> None:
    job = start(bob)
    states = []

    def look() -> None:
        states.append(Job.objects.values_list("status", "done_count", "message").get(pk=job.pk))

    work.at_step[2] = look
    run(job)

    assert states == [(JobStatus.RUNNING, 2, "étape 2")]


def test_a_waiting_job_is_cancelled_at_once(bob: Membership) -> None:
    job = start(bob)

    assert cancel_job(job=job)
    assert run(job).status == JobStatus.CANCELLED
    assert work.seen == []
    assert not cancel_job(job=job)


def test_a_running_job_stops_at_its_next_step(bob: Membership) -> None:
    job = start(bob, total=10)
    work.at_step[4] = lambda: cancel_job(job=job)

    assert run(job).status == JobStatus.CANCELLED
    assert work.seen == [0, 1, 2, 3]
    assert not job.result_file


def test_a_failure_says_the_words_meant_for_the_person(bob: Membership) -> None:
    job = run(start(bob, work.fail_plainly))

    assert (job.status, job.error) == (JobStatus.FAILED, "Le fichier de départ n’existe plus.")


def test_an_unexpected_failure_discloses_nothing(bob: Membership) -> None:
    job = run(start(bob, work.fail_badly))

    assert job.status == JobStatus.FAILED
    assert job.error == services.UNEXPECTED


def test_a_job_is_done_once_however_often_it_is_taken(bob: Membership) -> None:
    job = start(bob)
    run(job)
    run(job)

    assert work.seen == [0, 1, 2]


def test_when_the_worker_stops_the_next_one_goes_on_from_the_cursor(
    bob: Membership, django_capture_on_commit_callbacks: Any
) -> None:
    job = start(bob, total=6)
    work.at_step[3] = tasks_api.stopping.set
    assert run(job).status == JobStatus.WAITING
    assert (job.cursor, job.attempts) == (3, 0)

    work.at_step.clear()
    tasks_api.stopping.clear()
    assert run(job).status == JobStatus.DONE
    assert work.seen == [0, 1, 2, 3, 4, 5]


def test_when_its_process_dies_a_job_starts_again_from_the_cursor(
    bob: Membership, django_capture_on_commit_callbacks: Any
) -> None:
    class Killed(BaseException):
        """The process dies here."""

    def die() -> None:
        raise Killed

    job = start(bob, total=5)
    work.at_step[2] = die
    with pytest.raises(Killed):
        run(job)
    job.refresh_from_db()
    assert job.status == JobStatus.RUNNING
    services.rescue_silent()
    job.refresh_from_db()
    assert job.status == JobStatus.RUNNING  # perhaps only slow

    work.at_step.clear()
    Job.objects.update(alive_at=timezone.now() - timedelta(minutes=3))
    with django_capture_on_commit_callbacks(execute=True):
        services.rescue_silent()
    job.refresh_from_db()

    assert job.status == JobStatus.DONE
    assert work.seen == [0, 1, 2, 3, 4]


def test_a_job_whose_request_was_lost_is_asked_for_again(
    bob: Membership, django_capture_on_commit_callbacks: Any
) -> None:
    job = start(bob)  # as if the process had died right after the commit
    with django_capture_on_commit_callbacks(execute=True):
        services.rescue_silent()
    job.refresh_from_db()
    assert job.status == JobStatus.WAITING  # perhaps only queued behind others

    Job.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    with django_capture_on_commit_callbacks(execute=True):
        services.rescue_silent()
    job.refresh_from_db()
    assert job.status == JobStatus.DONE


def test_a_job_that_kills_every_process_is_given_up(bob: Membership) -> None:
    job = start(bob)
    Job.objects.update(
        status=JobStatus.RUNNING, attempts=3, alive_at=timezone.now() - timedelta(minutes=3)
    )

    services.rescue_silent()
    job.refresh_from_db()

    assert job.status == JobStatus.FAILED
    assert "plusieurs fois" in job.error


def test_only_marked_functions_can_be_called_from_a_row(bob: Membership) -> None:
    with pytest.raises(TypeError, match="not marked"):
        start(bob, work.not_a_job)

    job = start(bob)
    Job.objects.filter(pk=job.pk).update(function="os.getcwd")
    assert run(job).status == JobStatus.FAILED


def test_a_long_job_tells_its_requester(bob: Membership) -> None:
    job = start(bob)
    long_ago = timezone.now() - timedelta(minutes=5)
    work.at_step[0] = lambda: None
    Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, started_at=long_ago)
    job.refresh_from_db()

    services._finish(job, JobStatus.DONE)

    notice = Notification.objects.get()
    message = OutgoingMessage.objects.get()
    assert notice.membership == bob
    assert notice.url == f"/travaux/{job.pk}/"
    assert message.to_email == bob.user.email
    assert f"/travaux/{job.pk}/" in message.text


def test_a_short_job_bothers_nobody(bob: Membership) -> None:
    run(start(bob))

    assert not Notification.objects.exists()
    assert not OutgoingMessage.objects.exists()


def test_old_results_are_erased_with_their_files(bob: Membership) -> None:
    job = run(start(bob))
    storage, name = job.result_file.storage, job.result_file.name
    Job.objects.update(finished_at=timezone.now() - timedelta(days=31))

    services.erase_results(timezone.now() - services.RESULTS_KEPT)

    assert not Job.objects.exists()
    assert not storage.exists(name)


@pytest.mark.parametrize(
    "impossible",
    [
        {"total": 2, "done_count": 3},
        {"status": "done", "finished_at": None},
        {"status": "paused"},
    ],
)
def test_impossible_states_are_refused(
    workspace: Workspace, bob: Membership, impossible: dict[str, Any]
) -> None:
    job = start(bob)

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**impossible)
