"""Who reads and writes consultations: the rules of the procedures, object by object.

`procedures.perms.can_view_procedures` and `can_edit_procedures` decide: agents who cover the
territory write, readers read, never a partner, because omissions and risks are the team's.
"""

from django.http import Http404
from django.shortcuts import get_object_or_404

from restanque.accounts.perms import MemberRequest, can_read
from restanque.procedures.models import Consultation, Consultee, Dispatch, Remark


def get_consultation_for(request: MemberRequest, pk: int) -> Consultation:
    """A consultation of a procedure the member may see; 404 for anyone else."""
    _members_only(request)
    found = Consultation.objects.visible_to(request.membership)
    return get_object_or_404(
        found.select_related("procedure__territory__workspace").prefetch_related(
            "procedure__facts__act"
        ),
        pk=pk,
    )


def get_consultee_for(request: MemberRequest, pk: int) -> Consultee:
    """A body consulted that the member may see; 404 for anyone else."""
    _members_only(request)
    found = Consultee.objects.visible_to(request.membership).select_related(
        "organisation", "opinion", "consultation__procedure__territory__workspace"
    )
    return get_object_or_404(found, pk=pk)


def get_dispatch_for(request: MemberRequest, pk: int) -> Dispatch:
    """A dispatch to a body that the member may see; 404 for anyone else."""
    _members_only(request)
    own = Consultee.objects.visible_to(request.membership)
    found = Dispatch.objects.filter(consultee__in=own).select_related(
        "consultee__consultation__procedure__territory__workspace"
    )
    return get_object_or_404(found, pk=pk)


def get_remark_for(request: MemberRequest, pk: int) -> Remark:
    """A remark of an opinion that the member may see; 404 for anyone else."""
    _members_only(request)
    found = Remark.objects.visible_to(request.membership).select_related(
        "reply", "opinion__consultee__consultation__procedure__territory__workspace"
    )
    return get_object_or_404(found, pk=pk)


def _members_only(request: MemberRequest) -> None:
    if not can_read(request.membership):
        raise Http404
