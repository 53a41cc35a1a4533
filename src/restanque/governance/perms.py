"""Who may see and change bodies, sittings and acts."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from restanque.accounts.models import Membership
from restanque.accounts.perms import MemberRequest, can_read, can_write
from restanque.governance.models import (
    AgendaItem,
    Body,
    Deliberation,
    Dispatch,
    Mandate,
    Proxy,
    Sitting,
)
from restanque.territories.models import Territory

M = TypeVar("M", bound=Model)


def can_view_governance(membership: Membership) -> bool:
    """To read bodies, sittings and acts, one must be administrator, agent or reader of the
    workspace, on the territories one covers. Never a partner, even one who sits in a body: the
    agenda and the addresses of members are the team's; a member is written to by convocation."""
    return can_read(membership)


def can_edit_governance(membership: Membership) -> bool:
    """To convene, note attendance and votes, or number an act, one must be administrator or agent,
    on the territories one covers."""
    return can_write(membership)


def territories_of(membership: Membership) -> QuerySet[Territory]:
    """The territories whose bodies the member may follow."""
    if not can_read(membership):
        return Territory.objects.none()
    return Territory.objects.visible_to(membership).select_related("workspace")


def get_body_for(request: MemberRequest, pk: int) -> Body:
    """A body of a territory the member covers; 404 for anyone else."""
    visible = Body.objects.visible_to(request.membership)
    return get_object_or_404(visible.select_related("territory__workspace"), pk=pk)


def get_sitting_for(request: MemberRequest, pk: int) -> Sitting:
    """A sitting of a body the member may see, with all that its reading needs; 404 otherwise."""
    return get_object_or_404(Sitting.objects.visible_to(request.membership).to_read(), pk=pk)


def get_act_for(request: MemberRequest, pk: int) -> Deliberation:
    """An act of a body the member may see; 404 for anyone else."""
    visible = Deliberation.objects.visible_to(request.membership)
    return get_object_or_404(
        visible.select_related("body__territory__workspace", "item__sitting__body"), pk=pk
    )


def get_mandate_for(request: MemberRequest, pk: int) -> Mandate:
    """A member of a body that one may see; 404 for anyone else."""
    rows = Mandate.objects.select_related("body__territory__workspace", "contact")
    return _of_a_body(request, rows, "body", pk)


def get_item_for(request: MemberRequest, pk: int) -> AgendaItem:
    """An item of a sitting that one may see; 404 for anyone else."""
    rows = AgendaItem.objects.select_related("sitting__body__territory__workspace", "act", "vote")
    return _of_a_body(request, rows, "sitting__body", pk)


def get_dispatch_for(request: MemberRequest, pk: int) -> Dispatch:
    """A sending of the convocation of a sitting that one may see; 404 for anyone else."""
    rows = Dispatch.objects.select_related("sitting__body__territory__workspace")
    return _of_a_body(request, rows, "sitting__body", pk)


def get_proxy_for(request: MemberRequest, pk: int) -> Proxy:
    """A proxy of a sitting that one may see; 404 for anyone else."""
    rows = Proxy.objects.select_related("sitting__body__territory__workspace", "giver", "holder")
    return _of_a_body(request, rows, "sitting__body", pk)


def _of_a_body(request: MemberRequest, rows: "QuerySet[M]", path: str, pk: int) -> M:
    if not can_read(request.membership):
        raise Http404
    visible: dict[str, Any] = {f"{path}__in": Body.objects.visible_to(request.membership)}
    return get_object_or_404(rows.filter(**visible), pk=pk)
