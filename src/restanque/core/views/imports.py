"""Imports: choose, fill the template, upload, check, import, report, undo."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.core import perms
from restanque.core.forms import UploadForm
from restanque.core.imports import Importer, registry
from restanque.core.imports import report as reports
from restanque.core.imports.services import (
    ImportRefused,
    can_be_undone,
    outcome_sentence,
    preview_import,
    same_file_before,
)
from restanque.core.imports.work import start_apply, start_undo
from restanque.core.models import ImportRun, JobStatus, RowAction, RunStatus
from restanque.core.tables import JOB_KINDS, RUN_KINDS, RunFilter, RunTable
from restanque.kit import documents, forms, lists, tabular
from restanque.kit.text import plural, search_key

ROWS_SHOWN = 100
REASONS_SHOWN = 10


class RunsView(lists.ListView):
    """What can be imported, and what was."""

    request: MemberRequest
    title = "Que voulez-vous importer ?"
    lede = (
        "Un fichier déposé est d’abord relu et montré ligne à ligne. "
        "Rien n’est écrit avant votre accord, et un import peut être défait."
    )
    noun = ("import", "imports")
    table_class = RunTable
    filterset_class = RunFilter
    template_name = "core/imports.html"
    export_name = "imports"
    empty = lists.Empty("Aucun import", "Choisissez ci-dessus ce que contient votre fichier.")

    def get_queryset(self) -> QuerySet[ImportRun]:
        """The workspace's imports."""
        return perms.visible_runs(self.request.membership).select_related("created_by")

    def get_actions(self) -> Sequence[lists.Action]:
        """Big imports are jobs."""
        return [lists.Action("Travaux en cours", reverse("core:jobs"))]

    def is_fictitious(self) -> bool:
        """A demonstration workspace imports invented data."""
        return self.request.membership.workspace.fictitious

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the kinds on offer."""
        offered = registry.offered_to(self.request.membership)
        return super().get_context_data(importers=offered, **extra)


@require(perms.can_import)
def new(request: MemberRequest, kind: str) -> HttpResponse:
    """Explain what is expected, and take the file."""
    importer = _get_importer_for(request, kind)
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        importer=importer,
        context_fields=importer.context_fields(request.membership),
    )
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            made = preview_import(
                kind=kind,
                data=upload.read(),
                filename=upload.name,
                workspace=request.membership.workspace,
                user=request.membership.user,
                context=form.context,
            )
        except ImportRefused as refusal:
            for reason in refusal.reasons:
                form.add_error("file", reason)
        else:
            return redirect("core:import_run", made.pk)
    return forms.render_form(
        request, "core/import_new.html", form,
        title=f"Importer : {importer.title.lower()}",
        lede=importer.help,
        trail=[("Imports", reverse("core:imports"))],
        submit="Relire le fichier", back=reverse("core:imports"),
        importer=importer, help_rows=tabular.help_rows(importer.columns),
    )  # fmt: skip


@require(perms.can_import)
def template(request: MemberRequest, kind: str) -> HttpResponse:
    """The file to fill."""
    importer = _get_importer_for(request, kind)
    data = tabular.template_workbook(importer.columns, title=importer.title)
    name = search_key(importer.title).replace(" ", "-")
    return documents.file_response(data, f"modele-{name}.xlsx")


@require(perms.can_import)
def run(request: MemberRequest, pk: int) -> HttpResponse:
    """One import: what it will do or did, row by row."""
    shown = _get_run_for(request, pk)
    chosen = request.GET.get("effet", "")
    rows = shown.rows.all()
    if chosen in RowAction.values:
        rows = rows.filter(action=chosen)
    paginator = Paginator(rows.order_by("number", "pk"), ROWS_SHOWN)
    context = {
        "run": shown,
        "title": registry.title_of(shown.kind),
        "badge_kind": RUN_KINDS[RunStatus(shown.status)],
        "tabs": _tabs(shown, chosen),
        "page": paginator.get_page(request.GET.get("page")),
        "same_before": same_file_before(shown).first(),
        "can_apply": _can_apply(shown),
        "can_undo": can_be_undone(shown),
        "job": shown.job,
        "job_kind": JOB_KINDS.get(JobStatus(shown.job.status), "") if shown.job else "",
        "submit": _submit_words(shown),
        "outcome": outcome_sentence(shown),
    }
    return render(request, "core/import_run.html", context)


@require_POST
@require(perms.can_import)
def apply(request: MemberRequest, pk: int) -> HttpResponse:
    """Import the valid rows."""
    shown = _get_run_for(request, pk)
    _get_importer_for(request, shown.kind)
    if not start_apply(run=shown, user=request.membership.user):
        messages.warning(request, "Cet import a déjà été traité.")
        return redirect("core:import_run", pk)
    shown.refresh_from_db()
    if shown.status == RunStatus.APPLIED:
        messages.success(
            request,
            f"Import fait : {plural(shown.change_count, 'ligne écrite', 'lignes écrites')}.",
        )
    elif shown.status == RunStatus.FAILED:
        messages.error(request, shown.error)
    return redirect("core:import_run", pk)


@require_POST
@require(perms.can_import)
def undo(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo an import, or say which rows forbid it."""
    shown = _get_run_for(request, pk)
    _get_importer_for(request, shown.kind)
    try:
        start_undo(run=shown, user=request.membership.user)
    except ImportRefused as refusal:
        messages.error(
            request,
            "L’import n’est pas défait, pour ne pas perdre ce qui a été saisi depuis. "
            + " ".join(_shortened(refusal.reasons)),
        )
    else:
        messages.success(request, "L’import est défait, ou le sera dans un instant.")
    return redirect("core:import_run", pk)


@require(perms.can_import)
def report(request: MemberRequest, pk: int) -> HttpResponse:
    """The file as read with what became of each row."""
    shown = _get_run_for(request, pk)
    return documents.file_response(reports.report(shown), f"rapport-import-{shown.pk}.xlsx")


def _get_importer_for(request: MemberRequest, kind: str) -> Importer:
    try:
        importer = registry.get(kind)
    except LookupError as error:
        raise Http404 from error
    if not importer.allowed(request.membership):
        raise Http404
    return importer


def _get_run_for(request: MemberRequest, pk: int) -> ImportRun:
    return get_object_or_404(
        perms.visible_runs(request.membership).select_related("workspace", "created_by", "job"),
        pk=pk,
    )


def _tabs(shown: ImportRun, chosen: str) -> list[dict[str, Any]]:
    """Links that narrow the rows to one effect, each with its count."""
    counts = {
        "": ("toutes", shown.row_count),
        RowAction.CREATE: ("créations", shown.create_count),
        RowAction.UPDATE: ("modifications", shown.update_count),
        RowAction.SKIP: ("sans effet", shown.skip_count),
        RowAction.ERROR: ("à corriger", shown.error_count),
    }
    return [
        {"code": code, "label": label, "count": count, "current": code == chosen}
        for code, (label, count) in counts.items()
        if count or not code
    ]


def _can_apply(shown: ImportRun) -> bool:
    """Checked and not done yet, or left in the middle by a job that was given up."""
    if shown.status == RunStatus.APPLYING:
        return shown.job is not None and shown.job.is_finished
    return shown.status == RunStatus.PREVIEW and shown.change_count > 0


def _submit_words(shown: ImportRun) -> str:
    words = f"Importer {plural(shown.change_count, 'ligne')}"
    if shown.error_count:
        words += f", laisser {plural(shown.error_count, 'ligne')} à corriger"
    return words


def _shortened(reasons: Sequence[str]) -> list[str]:
    more = len(reasons) - REASONS_SHOWN
    shown = list(reasons[:REASONS_SHOWN])
    return [*shown, f"Et {plural(more, 'autre ligne', 'autres lignes')}."] if more > 0 else shown
