"""Who may see and change what concerns the concertation."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from restanque.accounts.models import Membership
from restanque.accounts.perms import MemberRequest
from restanque.procedures.models import (
    Contribution,
    ContributionAnswer,
    Means,
    Modality,
    Participation,
    Procedure,
    PublicDocument,
    PublicPage,
)
from restanque.procedures.perms import can_edit_procedures, can_view_procedures

M = TypeVar("M", bound=Model)


def can_view_concertation(membership: Membership) -> bool:
    """To read the ledger, the contributions and the answers, one must be administrator, agent or
    reader of the workspace, on the territories one covers. Never a partner."""
    return can_view_procedures(membership)


def can_edit_concertation(membership: Membership) -> bool:
    """To record means, open the public page, read contributions again or answer, one must be
    administrator or agent, on the territories one covers."""
    return can_edit_procedures(membership)


def can_see_contributors(membership: Membership) -> bool:
    """To see who contributed, the joined file and the words that were masked, one must be able to
    moderate: administrator or agent. A reader sees the texts as they may be read."""
    return can_edit_concertation(membership)


def can_read_page(page: PublicPage) -> bool:
    """Anybody may read a public page while it is open; nobody but the team once it is closed."""
    return page.opened


def contributions_of(request: MemberRequest, procedure: Procedure) -> QuerySet[Contribution]:
    """The contributions of a procedure that the member may see."""
    return Contribution.objects.filter(procedure=procedure, procedure__in=_visible(request))


def get_modality_for(request: MemberRequest, pk: int) -> Modality:
    """A modality of a procedure the member may see; 404 for anyone else."""
    return _get(Modality.objects.select_related("act"), request, pk)


def get_means_for(request: MemberRequest, pk: int) -> Means:
    """A means of a procedure the member may see; 404 for anyone else."""
    return _get(Means.objects.all(), request, pk)


def get_contribution_for(request: MemberRequest, pk: int) -> Contribution:
    """A contribution to a procedure the member may see; 404 for anyone else."""
    rows = Contribution.objects.select_related("answer", "participation", "moderated_by")
    return _get(rows.prefetch_related("themes"), request, pk)


def get_answer_for(request: MemberRequest, pk: int) -> ContributionAnswer:
    """An answer of a procedure the member may see; 404 for anyone else."""
    return _get(ContributionAnswer.objects.all(), request, pk)


def get_participation_for(request: MemberRequest, pk: int) -> Participation:
    """A participation of a procedure the member may see; 404 for anyone else."""
    return _get(Participation.objects.all(), request, pk)


def get_document_for(request: MemberRequest, pk: int) -> PublicDocument:
    """A document put online for a procedure the member may see; 404 for anyone else."""
    if not can_view_concertation(request.membership):
        raise Http404
    return get_object_or_404(
        PublicDocument.objects.filter(page__procedure__in=_visible(request)).select_related(
            "page__procedure__territory__workspace"
        ),
        pk=pk,
    )


def _visible(request: MemberRequest) -> QuerySet[Procedure]:
    return Procedure.objects.visible_to(request.membership)


def _get(rows: QuerySet[M], request: MemberRequest, pk: int) -> M:
    if not can_view_concertation(request.membership):
        raise Http404
    of_procedure: dict[str, Any] = {"procedure__in": _visible(request)}
    found: M = get_object_or_404(
        rows.filter(**of_procedure).select_related("procedure__territory__workspace"), pk=pk
    )
    return found
