"""The pieces of a file: the checklist, one piece, its versions, what leaves the house."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.core import files
from restanque.kit import lists
from restanque.kit.documents import file_response
from restanque.kit.forms import PAGE, render_form, submitted
from restanque.kit.text import plural
from restanque.procedures.dossier import exports, services
from restanque.procedures.dossier.forms import OwnPieceForm, PieceFileForm, PieceForm
from restanque.procedures.dossier.perms import (
    deliverables_for,
    get_piece_file_for,
    get_piece_for,
)
from restanque.procedures.dossier.reading import checklist_of
from restanque.procedures.dossier.tables import PieceFilter, PieceTable
from restanque.procedures.models import DossierPiece
from restanque.procedures.perms import (
    can_edit_procedures,
    can_view_procedures,
    get_procedure_for,
)
from restanque.procedures.views.common import page, read_for, trail

#: The page of a piece has two forms with a version and a date: their fields must not be confused.
_FILE_IDS = "id_file_%s"


class PieceList(lists.ListView):
    """The pieces of every running procedure of the territories one covers."""

    title = "Où en sont les pièces de nos dossiers ?"
    lede = "Qui écrit quoi, et ce qui reste à valider."
    noun = ("pièce", "pièces")
    table_class = PieceTable
    filterset_class = PieceFilter
    export_name = "pieces"

    def get_queryset(self) -> QuerySet[DossierPiece]:
        """Those the member may see."""
        membership = self.request.membership  # type: ignore[attr-defined]
        return DossierPiece.objects.visible_to(membership).running().with_writer()

    def get_trail(self) -> list[tuple[str, str]]:
        """Under the procedures."""
        return trail()

    def is_fictitious(self) -> bool:
        """A demonstration's, or a list that holds an invented one."""
        workspace = self.request.membership.workspace  # type: ignore[attr-defined]
        return workspace.fictitious or bool(self.get_queryset().filter(fictitious=True).exists())

    def get_empty(self) -> lists.Empty:
        """The next step."""
        return lists.Empty(
            "Aucune pièce",
            "Ouvrez une procédure, puis son dossier : la liste des pièces en découle.",
        )


LIST = require(can_view_procedures)(PieceList.as_view())


@require_GET
@require(can_view_procedures)
def dossier(request: MemberRequest, pk: int) -> HttpResponse:
    """What the file holds, what it lacks, until when."""
    checklist = checklist_of(read_for(request, pk))
    deliverables = list(deliverables_for(request, checklist.reading.procedure))
    return page(
        request,
        "procedures/dossier/dossier.html",
        checklist.reading,
        checklist=checklist,
        summary=exports.summary(checklist),
        deliverables=deliverables,
        fictitious=checklist.is_fictitious or any(one.budget.fictitious for one in deliverables),
    )


@require_POST
@require(can_edit_procedures)
def open_dossier(request: MemberRequest, pk: int) -> HttpResponse:
    """Put every piece that the law names in the file."""
    reading = read_for(request, pk)
    added = services.open_dossier(procedure=reading.procedure, law=reading.law)
    what = plural(len(added), "pièce ajoutée", "pièces ajoutées")
    messages.success(request, f"Le dossier est à jour : {what}.")
    return redirect("procedures:dossier", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_procedures)
def add(request: MemberRequest, pk: int) -> HttpResponse:
    """A piece of the team's own."""
    subject = get_procedure_for(request, pk)
    form = OwnPieceForm(request.POST or None, procedure=subject)
    if request.method == "POST":
        made = submitted(form, lambda data: services.add_piece(procedure=subject, **data))
        if made is not None:
            messages.success(request, f"« {made} » est dans le dossier.")
            return redirect(made)
    return render_form(
        request,
        PAGE,
        form,
        title="Ajouter une pièce",
        lede="Une pièce que la liste n’a pas : atlas, charte, annexe cartographique…",
        trail=_trail(subject),
        back=reverse("procedures:dossier", args=[pk]),
    )


@require_GET
@require(can_view_procedures)
def export(request: MemberRequest, pk: int, extension: str) -> HttpResponse:
    """The list as a workbook, CSV, or Word to print."""
    checklist = checklist_of(read_for(request, pk))
    name = f"dossier-{pk}-{timezone.localdate():%Y-%m-%d}.{extension}"
    if extension == "docx":
        author = request.membership.workspace.name
        data = exports.word(checklist, author=author, created_at=timezone.now())
    elif extension == "csv":
        data = exports.csv_file(checklist)
    else:
        data = exports.workbook(checklist)
    return file_response(data, name)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_view_procedures)
def piece(request: MemberRequest, pk: int) -> HttpResponse:
    """One piece: its state, who writes it, its versions, the studies that feed it."""
    subject = get_piece_for(request, pk)
    form = None
    if can_edit_procedures(request.membership):
        form = PieceForm(request.POST or None, membership=request.membership, piece=subject)
    if request.method == "POST":
        if form is None:
            raise Http404
        changed = submitted(
            form,
            lambda data: services.update_piece(piece=get_piece_for(request, pk), **data),
        )
        if changed is not None:
            messages.success(request, f"« {changed} » est enregistrée.")
            return redirect(changed)
    return _piece_page(request, subject, form, PieceFileForm(initial=_today(), auto_id=_FILE_IDS))


@require_POST
@require(can_edit_procedures)
def add_file(request: MemberRequest, pk: int) -> HttpResponse:
    """Join a version of a piece."""
    subject = get_piece_for(request, pk)
    form = PieceFileForm(request.POST, request.FILES, auto_id=_FILE_IDS)
    made = submitted(
        form,
        lambda data: services.add_file(piece=subject, by=request.membership.user, **data),
    )
    if made is None:
        own = PieceForm(membership=request.membership, piece=subject)
        return _piece_page(request, subject, own, form, status=422)
    messages.success(request, f"« {made.file_name} » est jointe, version {made.version}.")
    return redirect(subject)


@require_POST
@require(can_edit_procedures)
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Take away a piece of the team's own; the law's stay."""
    subject = get_piece_for(request, pk)
    if not subject.is_own:
        messages.error(request, "Cette pièce est nommée par le droit : marquez-la « sans objet ».")
        return redirect(subject)
    procedure = subject.procedure_id
    services.remove_piece(piece=subject)
    messages.success(request, "La pièce est retirée du dossier.")
    return redirect("procedures:dossier", pk=procedure)


@require_GET
@require(can_view_procedures)
def download(request: MemberRequest, pk: int) -> HttpResponseBase:
    """A version of a piece."""
    found = get_piece_file_for(request, pk)
    return files.serve(found.file, name=found.file_name)


@require_POST
@require(can_edit_procedures)
def remove_file(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a version away."""
    found = get_piece_file_for(request, pk)
    services.remove_file(file=found)
    messages.success(request, "Cette version est retirée.")
    return redirect(found.piece)


def _piece_page(
    request: MemberRequest,
    subject: DossierPiece,
    form: PieceForm | None,
    file_form: PieceFileForm,
    *,
    status: int = 200,
) -> HttpResponse:
    reading = read_for(request, subject.procedure_id)
    checklist = checklist_of(reading)
    row = next(row for row in checklist.rows if row.record == subject)
    versions = list(subject.files.select_related("added_by"))
    errors = bool(form and form.errors)
    return page(
        request,
        "procedures/dossier/piece.html",
        reading,
        status=422 if errors else status,
        piece=subject,
        row=row,
        form=form,
        file_form=file_form,
        versions=versions,
        studies=list(subject.studies.all()),
        fictitious=reading.is_fictitious
        or subject.fictitious
        or any(one.fictitious for one in versions),
        trail=_trail(subject.procedure),
    )


def _trail(procedure: Any) -> list[tuple[str, str]]:
    return [*trail(procedure), ("Dossier", reverse("procedures:dossier", args=[procedure.pk]))]


def _today() -> dict[str, Any]:
    return {"dated_on": timezone.localdate()}
