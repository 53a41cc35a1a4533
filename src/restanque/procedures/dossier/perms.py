"""Who may see and change the file of a procedure: as the procedure itself (`procedures.perms`)."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from restanque.accounts.models import Membership
from restanque.accounts.perms import MemberRequest
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.procedures.models import DossierPiece, LegalAdvice, PieceFile, Procedure, Study
from restanque.work.budget.perms import can_view_budgets
from restanque.work.models import Budget, Deliverable

#: Who is offered as a writer: not the hundreds of town halls and bakeries of the directory.
WRITERS = (Kind.EPCI, Kind.SYNDICAT, Kind.PPA, Kind.OTHER)


def get_piece_for(request: MemberRequest, pk: int) -> DossierPiece:
    """A piece of a procedure the member may see; 404 for anyone else."""
    pieces = DossierPiece.objects.visible_to(request.membership).with_writer()
    return get_object_or_404(pieces, pk=pk)


def get_piece_file_for(request: MemberRequest, pk: int) -> PieceFile:
    """A version of a piece the member may see; 404 for anyone else."""
    pieces = DossierPiece.objects.visible_to(request.membership)
    found = PieceFile.objects.filter(piece__in=pieces)
    return get_object_or_404(found.select_related("piece__procedure__territory__workspace"), pk=pk)


def get_advice_for(request: MemberRequest, pk: int) -> LegalAdvice:
    """A legal advice of a procedure the member may see; 404 for anyone else."""
    return get_object_or_404(
        LegalAdvice.objects.filter(procedure__in=_visible(request)).select_related(
            "procedure__territory__workspace"
        ),
        pk=pk,
    )


def get_study_for(request: MemberRequest, pk: int) -> Study:
    """A study of a procedure the member may see; 404 for anyone else."""
    return get_object_or_404(
        Study.objects.filter(procedure__in=_visible(request)).select_related(
            "procedure__territory__workspace"
        ),
        pk=pk,
    )


def writers_of(membership: Membership) -> QuerySet[Organisation]:
    """The organisations that may be named as writers."""
    return Organisation.objects.visible_to(membership).active().filter(kind__in=WRITERS)


def deliverables_for(request: MemberRequest, procedure: Procedure) -> QuerySet[Deliverable]:
    """What providers hand over for a procedure: those of the contracts of its budgets, for who may
    read budgets."""
    if not can_view_budgets(request.membership):
        return Deliverable.objects.none()
    own = Budget.objects.about(procedure.workspace, procedure.get_absolute_url())
    return (
        Deliverable.objects.visible_to(request.membership)
        .filter(contract__budget__in=own)
        .select_related("contract__provider", "contract__budget")
    )


def _visible(request: MemberRequest) -> QuerySet[Procedure]:
    return Procedure.objects.visible_to(request.membership)
