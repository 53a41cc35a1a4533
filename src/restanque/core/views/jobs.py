"""Long work: progress, cancel, result."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.core import files, perms
from restanque.core.jobs import cancel_job
from restanque.core.models import Job, JobStatus
from restanque.core.tables import JOB_KINDS, JobFilter, JobTable
from restanque.kit import lists
from restanque.kit.text import plural


class JobsView(lists.ListView):
    """What the machine is doing, or did, for the team."""

    request: MemberRequest
    title = "Travaux en cours"
    noun = ("travail", "travaux")
    table_class = JobTable
    filterset_class = JobFilter
    export_name = "travaux"
    empty = lists.Empty(
        "Aucun travail",
        "Exports longs, grands imports et calculs apparaîtront ici avec leur avancement.",
    )

    def get_queryset(self) -> QuerySet[Job]:
        """One's own; everyone's for administrators."""
        return perms.visible_jobs(self.request.membership).select_related("requested_by")

    def get_lede(self) -> str:
        """How many are not finished."""
        active = (JobStatus.WAITING, JobStatus.RUNNING)
        count = self.get_queryset().filter(status__in=active).count()
        return f"{plural(count, 'travail', 'travaux')} en cours ou en attente."

    def is_fictitious(self) -> bool:
        """A demonstration workspace's work is on invented data."""
        return self.request.membership.workspace.fictitious


@require(perms.can_see_jobs)
def job(request: MemberRequest, pk: int) -> HttpResponse:
    """One job. HTMX asks again for its progress until it is finished; reloading does the same."""
    shown = _get_job_for(request, pk)
    context = {"job": shown, "badge_kind": JOB_KINDS.get(JobStatus(shown.status), "")}
    if request.htmx and request.htmx.target == "avancement":
        response = render(request, "core/job_progress.html", context)
        if shown.is_finished and request.htmx.current_url_abs_path != request.path:
            # The progress was shown inside another page, which has something new to say.
            response["HX-Refresh"] = "true"
        return response
    return render(request, "core/job.html", context)


@require_POST
@require(perms.can_see_jobs)
def job_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask the job to stop."""
    if cancel_job(job=_get_job_for(request, pk)):
        messages.success(request, "L’arrêt est demandé.")
    else:
        messages.warning(request, "Ce travail est déjà fini.")
    return redirect("core:job", pk)


@require(perms.can_see_jobs)
def job_result(request: MemberRequest, pk: int) -> FileResponse:
    """The file that the job made, for its requester and the administrators."""
    shown = _get_job_for(request, pk)
    name = shown.result_file.name
    if not name or not shown.result_file.storage.exists(name):
        raise Http404
    return files.serve(shown.result_file, name=shown.result_name)


def _get_job_for(request: MemberRequest, pk: int) -> Job:
    return get_object_or_404(
        perms.visible_jobs(request.membership).select_related("requested_by"), pk=pk
    )
