"""« Exporter »: what each format is for, and the files."""

from itertools import groupby

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from restanque.accounts.perms import MemberRequest, can_write, require
from restanque.core.jobs import start_job
from restanque.engine.forms import FormError
from restanque.kit.documents import file_response
from restanque.surveys.exports import FORMATS, Format, Source, formats, make
from restanque.surveys.models import Campaign, Response
from restanque.surveys.models.answers import ResponseStatus
from restanque.surveys.tasks import make_export
from restanque.surveys.views.common import campaign_context, editable_campaign

VALIDATED = "validees"


@require_safe
@require(can_write)
def index(request: MemberRequest, pk: int) -> HttpResponse:
    """The formats, a sentence each, for the answers that count."""
    campaign = editable_campaign(request, pk)
    only_validated = _only_validated(request.GET.get("reponses"))
    context = {
        **campaign_context(request, campaign, "results"),
        "groups": [
            (heading, list(some))
            for heading, some in groupby(FORMATS.values(), key=lambda one: one.for_whom)
        ],
        "only_validated": only_validated,
        "validated": _count(campaign, only_validated=True),
        "received": _count(campaign, only_validated=False),
        "is_long": _count(campaign, only_validated=only_validated) > formats.AT_ONCE,
        "kept": f"?reponses={VALIDATED}" if only_validated else "?reponses=toutes",
    }
    return render(request, "surveys/exports/index.html", context)


@require_safe
@require(can_write)
def file(request: MemberRequest, pk: int, code: str) -> HttpResponse:
    """A file, made at once; too many answers for that: back to the page, which starts a job."""
    campaign = editable_campaign(request, pk)
    _format_or_404(code)
    only_validated = _only_validated(request.GET.get("reponses"))
    if _count(campaign, only_validated=only_validated) > formats.AT_ONCE:
        return redirect("surveys:export", pk)
    try:
        made = make(code, Source(campaign, only_validated, timezone.now()))
    except FormError:
        raise Http404 from None
    return file_response(made.data, made.name)


@require_POST
@require(can_write)
def start(request: MemberRequest, pk: int, code: str) -> HttpResponse:
    """Have the file made by a job, which says when it is ready."""
    campaign = editable_campaign(request, pk)
    chosen = _format_or_404(code)
    job = start_job(
        workspace=request.membership.workspace,
        kind="answers-export",
        label=f"Export {chosen.title} de «\u00a0{campaign}\u00a0»"[:200],
        task=make_export,
        arguments={
            "campaign_id": campaign.pk,
            "code": code,
            "only_validated": _only_validated(request.POST.get("reponses")),
        },
        requested_by=request.membership.user,
    )
    return redirect("core:job", job.pk)


def _format_or_404(code: str) -> Format:
    if code not in FORMATS:
        raise Http404
    return FORMATS[code]


def _only_validated(choice: str | None) -> bool:
    """Validated answers unless all are asked for: those to validate may still change."""
    return choice != "toutes"


def _count(campaign: Campaign, *, only_validated: bool) -> int:
    statuses = [ResponseStatus.VALIDATED]
    if not only_validated:
        statuses.append(ResponseStatus.SUBMITTED)
    return Response.objects.filter(invitation__campaign=campaign, status__in=statuses).count()
