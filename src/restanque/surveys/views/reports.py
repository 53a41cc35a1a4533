"""The report of a campaign: made, read, published, withdrawn; the team's Word template."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from restanque.accounts.perms import MemberRequest, can_write, require
from restanque.core import files
from restanque.core.models import Job
from restanque.kit.documents import default_template, file_response
from restanque.kit.text import safe_file_name
from restanque.surveys.models import Campaign, Publication, Report, ReportTemplate
from restanque.surveys.services import reports
from restanque.surveys.views.common import campaign_context, editable_campaign, read_or_post

_FILES = {"docx": "word", "pdf": "pdf", "pptx": "slides"}


class TemplateForm(forms.Form):
    """A Word template."""

    file = forms.FileField(
        label="Votre modèle Word",
        help_text="Au format .docx, fait à partir du modèle fourni. Au plus 2 Mo.",
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )

    def clean_file(self) -> tuple[str, bytes]:
        """Its name and bytes, once its kind and size are accepted."""
        upload = self.cleaned_data["file"]
        limit = reports.TEMPLATE_BYTES
        name = files.check_upload(upload, extensions=("docx",), max_bytes=limit)
        return name, upload.read()


@read_or_post
@require(can_write)
def overview(request: MemberRequest, pk: int) -> HttpResponse:
    """The reports made and the public page. POST asks for a new report."""
    campaign = editable_campaign(request, pk)
    if request.method == "POST":
        reports.start_report(
            campaign=campaign,
            by=request.membership.user,
            only_validated=request.POST.get("reponses") == "validees",
        )
        messages.success(request, "Le rapport est demandé : il est prêt en quelques secondes.")
        return redirect("surveys:report", campaign.pk)
    return _page(request, campaign, TemplateForm())


def _page(
    request: MemberRequest, campaign: Campaign, form: TemplateForm, *, status: int = 200
) -> HttpResponse:
    made = Report.objects.filter(campaign=campaign).select_related("made_by").defer("page")
    job = Job.objects.filter(
        workspace=campaign.workspace,
        kind=reports.JOB_KIND,
        arguments__campaign_id=campaign.pk,
        requested_by=request.membership.user,
    ).first()
    publication = Publication.objects.filter(campaign=campaign).select_related("report").first()
    context = campaign_context(request, campaign, "report") | {
        "reports": made,
        "job": job if job is not None and (not job.is_finished or job.error) else None,
        "badge_kind": "retard" if job is not None and job.error else "cours",
        "publication": publication,
        "public_url": _public_url(publication),
        "template": ReportTemplate.objects.filter(workspace=campaign.workspace).first(),
        "form": form,
        "answered": campaign.invitations.filter(response__submitted_at__isnull=False).exists(),
    }
    return render(request, "surveys/report/overview.html", context, status=status)


@require_safe
@require(can_write)
def preview(request: MemberRequest, pk: int, report: int) -> HttpResponse:
    """The public page of a report, before it is public."""
    campaign, found = _get_report_for(request, pk, report)
    publication = Publication.objects.filter(campaign=campaign).first()
    context = campaign_context(request, campaign, "report") | {
        "report": found,
        "is_public": publication is not None
        and publication.is_public
        and publication.report_id == found.pk,
    }
    return render(request, "surveys/report/preview.html", context)


@require_safe
@require(can_write)
def file(request: MemberRequest, pk: int, report: int, suffix: str) -> HttpResponseBase:
    """One of the team's files."""
    campaign, found = _get_report_for(request, pk, report)
    if suffix not in _FILES:
        raise Http404
    day = timezone.localtime(found.made_at).date()
    name = f"rapport-{safe_file_name(campaign.name)}-{day:%Y-%m-%d}.{suffix}"
    return files.serve(getattr(found, _FILES[suffix]), name=name)


@require_POST
@require(can_write)
def publish(request: MemberRequest, pk: int, report: int) -> HttpResponse:
    """Make the page of this report public."""
    campaign, found = _get_report_for(request, pk, report)
    reports.publish_report(report=found, by=request.membership.user, now=timezone.now())
    messages.success(request, "La page est publique : son adresse est ci-dessous.")
    return redirect("surveys:report", campaign.pk)


@require_POST
@require(can_write)
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Take the public page back."""
    campaign = editable_campaign(request, pk)
    publication = get_object_or_404(Publication, campaign=campaign)
    reports.withdraw_publication(publication=publication, now=timezone.now())
    messages.success(request, "La page publique est retirée. Son adresse ne montre plus rien.")
    return redirect("surveys:report", campaign.pk)


@require_POST
@require(can_write)
def deposit(request: MemberRequest, pk: int) -> HttpResponse:
    """Deposit the team's Word template."""
    campaign = editable_campaign(request, pk)
    form = TemplateForm(request.POST, request.FILES)
    if form.is_valid():
        name, data = form.cleaned_data["file"]
        try:
            reports.set_template(
                workspace=campaign.workspace,
                data=data,
                filename=name,
                by=request.membership.user,
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, "Le modèle est gardé : les prochains rapports le suivront.")
            return redirect("surveys:report", campaign.pk)
    return _page(request, campaign, form, status=422)


@require_POST
@require(can_write)
def back_to_ours(request: MemberRequest, pk: int) -> HttpResponse:
    """Go back to the template supplied."""
    campaign = editable_campaign(request, pk)
    reports.remove_template(workspace=campaign.workspace)
    messages.success(request, "Les prochains rapports suivront le modèle fourni.")
    return redirect("surveys:report", campaign.pk)


@require_safe
@require(can_write)
def ours(request: MemberRequest, pk: int) -> HttpResponse:
    """The template supplied, to be restyled."""
    editable_campaign(request, pk)
    return file_response(default_template(), "modele-de-rapport.docx")


def _get_report_for(request: MemberRequest, pk: int, report: int) -> tuple[Campaign, Report]:
    """A report of a campaign that the member may edit; 404 for anyone else."""
    campaign = editable_campaign(request, pk)
    return campaign, get_object_or_404(Report, campaign=campaign, pk=report)


def _public_url(publication: Publication | None) -> str:
    if publication is None:
        return ""
    return f"{settings.BASE_URL}{reverse('publications:report', args=[publication.slug])}"
