"""Who may see and change procedures."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from restanque.accounts.models import Membership
from restanque.accounts.perms import MemberRequest, can_read, can_write
from restanque.procedures.models import Procedure, ProcedureFact
from restanque.territories.models import Territory


def can_view_procedures(membership: Membership) -> bool:
    """To read procedures, one must be administrator, agent or reader of the workspace, on the
    territories one covers. Never a partner: risks and proofs are the team's."""
    return can_read(membership)


def can_edit_procedures(membership: Membership) -> bool:
    """To record facts, aim at dates or open a calendar, one must be administrator or agent, on the
    territories one covers."""
    return can_write(membership)


def territories_of(membership: Membership) -> QuerySet[Territory]:
    """The territories whose procedures the member may follow."""
    if not can_read(membership):
        return Territory.objects.none()
    return Territory.objects.visible_to(membership).select_related("workspace")


def get_territory_for(request: MemberRequest, pk: int) -> Territory:
    """A territory the member covers; 404 for anyone else."""
    return get_object_or_404(territories_of(request.membership), pk=pk)


def get_procedure_for(request: MemberRequest, pk: int) -> Procedure:
    """A procedure of a territory the member covers; 404 for anyone else."""
    return get_object_or_404(Procedure.objects.visible_to(request.membership).to_read(), pk=pk)


def get_fact_for(request: MemberRequest, pk: int) -> ProcedureFact:
    """A fact of a procedure the member may see; 404 for anyone else."""
    if not can_read(request.membership):
        raise Http404
    return get_object_or_404(
        ProcedureFact.objects.filter(
            procedure__in=Procedure.objects.visible_to(request.membership)
        ).select_related("procedure__territory__workspace", "act"),
        pk=pk,
    )
