"""Jobs of the room."""

from django.utils import timezone

from restanque.accounts.models import User
from restanque.core.jobs import JobError, JobProgress, JobResult, job
from restanque.kit.text import plural
from restanque.surveys.exports import Source, make
from restanque.surveys.models import Campaign, Sending
from restanque.surveys.models.sendings import LineStatus, SendingStatus
from restanque.surveys.services import reports
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


@job
def make_bread_report(
    progress: JobProgress, *, campaign_id: int, user_id: int, only_validated: bool
) -> JobResult | None:
    """Make the report of a campaign. Nothing is kept of an interrupted run: it starts anew."""
    campaign = Campaign.objects.select_related("version__questionnaire", "territory__workspace")
    try:
        reports.make_report(
            campaign=campaign.get(pk=campaign_id),
            by=User.objects.filter(pk=user_id).first(),
            now=timezone.localtime(),
            only_validated=only_validated,
            step=lambda done: progress.report(
                done=done, total=len(reports.STEPS), message=reports.STEPS[done - 1]
            ),
        )
    except reports.ReportRefusedError as error:
        raise JobError(str(error)) from error
    return JobResult(message="Le rapport est prêt, dans la rubrique « Rapport » de la campagne.")


@job
def make_export(
    progress: JobProgress, *, campaign_id: int, code: str, only_validated: bool
) -> JobResult:
    """A campaign's answers in one format. Idempotent: nothing is written but the result."""
    campaign = Campaign.objects.select_related(
        "territory__workspace", "version__questionnaire"
    ).get(pk=campaign_id)
    source = Source(campaign, only_validated, timezone.now())
    progress.report(done=0, total=2, message="Lecture des réponses")
    answers = len(source.rows)
    progress.report(done=1, total=2, message="Écriture du fichier")
    made = make(code, source)
    return JobResult(message=plural(answers, "réponse"), file=made.data, name=made.name)
