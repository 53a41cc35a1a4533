"""Delivery as a job: one waiting request is enough, whoever takes it empties the queue."""

from restanque.core.tasks_api import enqueue_once, task


@task(queue_name="mail")
def deliver_mail() -> int:
    """Send what is due; how many messages left."""
    from restanque.core.mail.delivery import deliver_due

    return deliver_due()


def ask_for_due() -> None:
    """Regular passage: retries whose hour has come, and whatever a crash left behind."""
    from restanque.core.mail.delivery import settle_interrupted
    from restanque.core.models import OutgoingMessage

    settle_interrupted()
    if OutgoingMessage.objects.due().exists():
        enqueue_once(deliver_mail)
