"""Jobs of the room."""

from django.utils import timezone

from restanque.core.jobs import JobProgress, JobResult, job
from restanque.surveys.models import Sending
from restanque.surveys.models.sendings import LineStatus, SendingStatus
from restanque.surveys.services import sending as sendings


@job
def send_batch(progress: JobProgress, *, sending_id: int) -> JobResult | None:
    """Go through the lines of a sending, within the day's limit. Idempotent: lines remember."""
    sending = Sending.objects.select_related("campaign").get(pk=sending_id)
    lines = sending.lines.filter(status=LineStatus.PENDING).order_by("pk")
    total = sending.lines.count()
    done = total - lines.count()
    for line in list(lines):
        progress.report(done=done, total=total)
        if progress.should_stop():
            return None
        current = Sending.objects.values_list("status", flat=True).get(pk=sending_id)
        if current != SendingStatus.RUNNING:
            break
        if not sendings.messages_left_today(sending.campaign, now=timezone.now()):
            break
        sendings.send_line(line=line)
        done += 1
    sendings.finish_sending(sending=sending)
    return JobResult(message=sendings.summary(sending))
