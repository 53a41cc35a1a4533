"""Who may see and change budgets."""

from typing import TypeVar

from django.db import models
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from restanque.accounts.models import Membership
from restanque.accounts.perms import MemberRequest, can_read, can_write
from restanque.directory.models import Organisation
from restanque.territories.models import Territory
from restanque.work.models import Budget, Contract

M = TypeVar("M", bound=models.Model)


def can_view_budgets(membership: Membership) -> bool:
    """To read budgets, their contracts, invoices and subsidies, one must be administrator, agent or
    reader of the workspace, on the territories one covers: elected members vote them. Never a
    partner: it may be the provider itself, or its competitor."""
    return can_read(membership)


def can_view_staff(membership: Membership) -> bool:
    """To read the time and the cost of one post, one must be administrator or agent: behind a post
    there is a person and a salary. Others read the total of each year."""
    return can_write(membership)


def can_edit_budgets(membership: Membership) -> bool:
    """To record, correct, import or remove anything, one must be administrator or agent, on the
    territories one covers."""
    return can_write(membership)


def territories_of(membership: Membership) -> QuerySet[Territory]:
    """The territories whose budgets the member may follow."""
    if not can_read(membership):
        return Territory.objects.none()
    return Territory.objects.visible_to(membership).select_related("workspace")


def organisations_of(membership: Membership) -> QuerySet[Organisation]:
    """The organisations a member may name as provider or funder: those they see."""
    return Organisation.objects.visible_to(membership).active().order_by("name_key", "pk")


def get_budget_for(request: MemberRequest, pk: int) -> Budget:
    """A budget of a territory the member covers, ready to be read; 404 for anyone else."""
    return get_object_or_404(Budget.objects.visible_to(request.membership).to_read(), pk=pk)


def get_contract_for(request: MemberRequest, pk: int) -> Contract:
    """A contract of a budget the member may see; 404 for anyone else."""
    return get_part_for(request, Contract, pk)


def get_part_for(request: MemberRequest, model: type[M], pk: int) -> M:
    """Anything that belongs to a budget the member may see; 404 for anyone else."""
    if not can_read(request.membership):
        raise Http404
    visible = model._default_manager.visible_to(request.membership)  # type: ignore[attr-defined]
    path: str = model.territory_path  # type: ignore[attr-defined]
    found: M = get_object_or_404(visible.select_related(f"{path}__workspace"), pk=pk)
    return found
