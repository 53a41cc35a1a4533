"""The only module that imports django-tasks, so that moving to Django 6's own is one edit."""

import threading
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus, task
from django_tasks.base import Task

__all__ = ["QueueWorker", "Task", "enqueue", "enqueue_once", "forget_finished", "stopping", "task"]

# Set when the worker process must end: long tasks look at it between two steps.
stopping = threading.Event()


def uses_database() -> bool:
    """Whether jobs are rows of our own database (not the tests' immediate execution)."""
    backend: str = settings.TASKS["default"]["BACKEND"]
    return backend.startswith("django_tasks_db.")


def enqueue(work: Task[Any, Any], *arguments: Any) -> None:
    """Ask for a task once the present transaction is committed (at once outside of any)."""
    transaction.on_commit(lambda: _enqueue_now(work, arguments))


def enqueue_once(work: Task[Any, Any]) -> None:
    """Ask for a task without arguments, unless the same one already waits for its turn.

    A waiting one will start after this commit, hence see what was just written.
    """
    transaction.on_commit(lambda: None if _is_waiting(work) else _enqueue_now(work, ()))


def forget_finished(before: datetime) -> int:
    """Erase the queue's rows of work finished before a moment; how many."""
    if not uses_database():
        return 0
    from django_tasks_db.models import DBTaskResult

    return DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()[0]


class QueueWorker(threading.Thread):
    """A thread that does the work of some queues until `stop` is called."""

    def __init__(self, *queues: str, interval: float = 0.5) -> None:
        super().__init__(name=f"worker-{'-'.join(queues)}", daemon=True)
        from django_tasks_db.management.commands.db_worker import Worker

        self._worker = Worker(
            queue_names=list(queues),
            interval=interval,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Work; a failure of the queue itself is kept for the process to see, and end."""
        try:
            self._worker.run()
        except BaseException as error:
            self.failure = error
            raise
        finally:
            connection.close()

    def stop(self) -> None:
        """Take no other task; the present one sees `stopping` and ends at its next step."""
        self._worker.running = False


def _enqueue_now(work: Task[Any, Any], arguments: tuple[Any, ...]) -> None:
    work.enqueue(*arguments)


def _is_waiting(work: Task[Any, Any]) -> bool:
    if not uses_database():
        return False
    from django_tasks_db.models import DBTaskResult

    return DBTaskResult.objects.filter(
        status=TaskResultStatus.READY, task_path=work.module_path
    ).exists()
