"""Every write on reports: made, published, withdrawn; the team's Word template."""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from restanque.accounts.models import User, Workspace
from restanque.core.jobs import start_job
from restanque.core.models import Job
from restanque.kit.documents import DocumentError, check_template
from restanque.kit.text import safe_file_name
from restanque.surveys.analysis.data import RECEIVED
from restanque.surveys.analysis.study import Study
from restanque.surveys.models import Campaign, Publication, Report, ReportTemplate
from restanque.surveys.models.answers import ResponseStatus
from restanque.surveys.report import page, pdf, slides, word
from restanque.surveys.report.content import build_report
from restanque.surveys.report.parts import Audience

JOB_KIND = "bread-report"
# Reports kept for a campaign, beside the published one: each can be made again.
KEPT = 5
TEMPLATE_BYTES = 2 * 1024 * 1024
# Steps that a person sees pass.
STEPS = ("Lecture des réponses", "Document Word", "Document PDF", "Diapositives", "Page publique")


class ReportRefusedError(ValueError):
    """The report cannot be made or published; `str()` is a French sentence that says why."""


def start_report(*, campaign: Campaign, by: User, only_validated: bool = False) -> Job:
    """Ask the worker for a report: some seconds of drawing."""
    from restanque.surveys.tasks import make_bread_report

    return start_job(
        workspace=campaign.workspace,
        kind=JOB_KIND,
        label=f"Rapport : {campaign.name}",
        task=make_bread_report,
        arguments={
            "campaign_id": campaign.pk,
            "user_id": by.pk,
            "only_validated": only_validated,
        },
        requested_by=by,
    )


def make_report(
    *,
    campaign: Campaign,
    by: User | None,
    now: datetime,
    only_validated: bool = False,
    step: Callable[[int], None] = lambda done: None,
) -> Report:
    """Draw the four writings of the report and keep them. `step(done)` is told after each.

    ReportRefusedError when nobody answered. Nothing is kept of a report that stops half-way.
    """
    statuses = (ResponseStatus.VALIDATED.value,) if only_validated else RECEIVED
    study = Study(campaign, today=now.date(), statuses=statuses)
    if not study.respondents:
        raise ReportRefusedError("Aucune mairie n’a répondu : il n’y a rien à rapporter encore.")
    content = build_report(study, audience=Audience.TEAM, made_at=now)
    public = build_report(study, audience=Audience.PUBLIC, made_at=now)
    step(1)
    template = ReportTemplate.objects.filter(workspace=campaign.workspace).first()
    files = {}
    writers: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
        ("word", "docx", lambda: word.render(content, template=_content(template))),
        ("pdf", "pdf", lambda: pdf.render(content)),
        ("slides", "pptx", lambda: slides.render(content)),
    )
    for done, (name, suffix, write) in enumerate(writers, 2):
        files[name] = ContentFile(write(), name=f"rapport.{suffix}")
        step(done)
    report = Report(
        campaign=campaign,
        made_at=now,
        made_by=by,
        answers=len(study.respondents),
        only_validated=only_validated,
        title=public.title,
        subtitle=public.subtitle,
        page=page.render(public),
        fictitious=campaign.fictitious,
        **files,
    )
    _keep(report)
    step(len(STEPS))
    return report


def _content(template: ReportTemplate | None) -> bytes | None:
    return bytes(template.content) if template is not None else None


@transaction.atomic
def _keep(report: Report) -> None:
    report.full_clean()
    report.save()
    old = Report.objects.filter(campaign=report.campaign, publications=None)
    for one in list(old.order_by("-made_at", "-pk")[KEPT:]):
        _erase(one)


def _erase(report: Report) -> None:
    """The row now, the bytes when the transaction commits."""
    files = [(one.storage, one.name or "") for one in (report.word, report.pdf, report.slides)]
    report.delete()

    def erase_bytes() -> None:
        for storage, name in files:
            storage.delete(name)

    transaction.on_commit(erase_bytes)


@transaction.atomic
def publish_report(*, report: Report, by: User, now: datetime) -> Publication:
    """Make the page of this report public, at the campaign's address, in place of another."""
    campaign = Campaign.objects.select_for_update().get(pk=report.campaign_id)
    found = Publication.objects.filter(campaign=campaign).first()
    publication = found or Publication(campaign=campaign, slug=_new_slug(campaign))
    publication.report, publication.published_by = report, by
    publication.published_at, publication.withdrawn_at = now, None
    publication.full_clean()
    publication.save()
    return publication


@transaction.atomic
def withdraw_publication(*, publication: Publication, now: datetime) -> Publication:
    """The page answers from now on that it was withdrawn; its address is kept for another."""
    if publication.is_public:
        publication.withdrawn_at = max(now, publication.published_at)
        publication.full_clean()
        publication.save()
    return publication


def _new_slug(campaign: Campaign) -> str:
    """Readable, and not to be guessed from the campaign's name."""
    return f"{safe_file_name(campaign.name)[:50].strip('-')}-{secrets.token_hex(6)}"


@transaction.atomic
def set_template(
    *, workspace: Workspace, data: bytes, filename: str, by: User | None
) -> ReportTemplate:
    """Keep the team's Word template. ValidationError (French) when a style is missing."""
    if len(data) > TEMPLATE_BYTES:
        raise ValidationError("Le modèle pèse plus de 2 Mo : retirez-en les images trop lourdes.")
    try:
        check_template(data)
    except DocumentError as error:
        raise ValidationError(str(error)) from error
    found = ReportTemplate.objects.filter(workspace=workspace).first()
    template = found or ReportTemplate(workspace=workspace)
    template.content, template.filename, template.deposited_by = data, filename[:150], by
    template.full_clean()
    template.save()
    return template


@transaction.atomic
def remove_template(*, workspace: Workspace) -> bool:
    """Go back to ours; whether there was another."""
    return bool(ReportTemplate.objects.filter(workspace=workspace).delete()[0])
