"""Who may see and do what with visits. A visitor has no page: it only speaks through its phone."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from restanque.accounts.perms import MemberRequest, can_read, can_write
from restanque.surveys.models import Visit, Visitor, VisitRound


def get_round_for(request: MemberRequest, pk: int) -> VisitRound:
    """A series of visits of a territory the member covers, as administrator, agent or reader; 404
    for anyone else."""
    if not can_read(request.membership):
        raise Http404
    return get_object_or_404(
        VisitRound.objects.visible_to(request.membership)
        .select_related("territory__workspace", "version__questionnaire")
        .defer("version__source", "version__xform"),
        pk=pk,
    )


def get_editable_round_for(request: MemberRequest, pk: int) -> VisitRound:
    """The same, for who may prepare, enter and review: administrators and agents; else 404."""
    if not can_write(request.membership):
        raise Http404
    return get_round_for(request, pk)


def get_visit_for(request: MemberRequest, pk: int) -> Visit:
    """A visit of such a series, to read over: administrators and agents only, for it may name
    people; 404 for anyone else."""
    if not can_write(request.membership):
        raise Http404
    return get_object_or_404(
        Visit.objects.visible_to(request.membership).select_related(
            "round__territory__workspace",
            "version__questionnaire",
            "organisation__commune",
            "visitor",
            "entered_by",
            "reviewed_by",
        ),
        pk=pk,
    )


def get_visitor_for(request: MemberRequest, pk: int) -> Visitor:
    """A visitor of a territory the member covers. Its page shows its password: administrators and
    agents only; 404 for anyone else."""
    if not can_write(request.membership):
        raise Http404
    return get_object_or_404(
        Visitor.objects.visible_to(request.membership).select_related("territory__workspace"),
        pk=pk,
    )
