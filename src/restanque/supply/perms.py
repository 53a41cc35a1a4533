"""Who may see and change needs, offers and plans."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from restanque.accounts.models import Membership
from restanque.accounts.perms import MemberRequest, can_read, can_write
from restanque.supply.models import (
    BakeryOffer,
    MillOffer,
    Need,
    PlanStatus,
    PlatformOffer,
    Scenario,
    SupplyPlan,
    WheatOffer,
)
from restanque.territories.models import Territory


def can_view_supply(membership: Membership) -> bool:
    """To read what the canteens ask in all, and the plans, one must be administrator, agent or
    reader of the workspace, on the territories one covers. Never a partner."""
    return can_read(membership)


def can_view_details(membership: Membership) -> bool:
    """To read one canteen's need, its price and supplier, or what a bakery or a mill offers, one
    must be administrator or agent: tenders come after, and an elected member reads the plan."""
    return can_write(membership)


def can_edit_supply(membership: Membership) -> bool:
    """To change them or solve a plan, one must be administrator or agent."""
    return can_write(membership)


def get_territory_for(request: MemberRequest, pk: int) -> Territory:
    """A territory the member covers; 404 for anyone else."""
    if not can_read(request.membership):
        raise Http404
    return get_object_or_404(
        Territory.objects.visible_to(request.membership).select_related("workspace"), pk=pk
    )


def get_need_for(request: MemberRequest, pk: int) -> Need:
    """A need of a territory the member covers; 404 for anyone else."""
    return get_object_or_404(
        Need.objects.visible_to(request.membership).select_related(
            "canteen__commune", "territory__workspace", "supplier", "campaign"
        ),
        pk=pk,
    )


def get_bakery_for(request: MemberRequest, pk: int) -> BakeryOffer:
    """A bakery's offer of a territory the member covers; 404 for anyone else."""
    return get_object_or_404(
        BakeryOffer.objects.visible_to(request.membership).select_related(
            "organisation__commune", "placeholder_commune", "mill", "territory__workspace"
        ),
        pk=pk,
    )


def get_mill_for(request: MemberRequest, pk: int) -> MillOffer:
    """A mill's offer of a territory the member covers; 404 for anyone else."""
    return get_object_or_404(
        MillOffer.objects.visible_to(request.membership).select_related(
            "organisation__commune", "territory__workspace"
        ),
        pk=pk,
    )


def get_platform_for(request: MemberRequest, pk: int) -> PlatformOffer:
    """A platform's offer of a territory the member covers; 404 for anyone else."""
    return get_object_or_404(
        PlatformOffer.objects.visible_to(request.membership).select_related(
            "organisation__commune", "territory__workspace"
        ),
        pk=pk,
    )


def get_wheat_for(request: MemberRequest, pk: int) -> WheatOffer:
    """A wheat offer of a territory the member covers; 404 for anyone else."""
    return get_object_or_404(
        WheatOffer.objects.visible_to(request.membership).select_related(
            "commune", "organisation", "territory__workspace"
        ),
        pk=pk,
    )


def get_scenario_for(request: MemberRequest, pk: int) -> Scenario:
    """A scenario of a territory the member covers; 404 for anyone else."""
    return get_object_or_404(
        Scenario.objects.visible_to(request.membership).select_related("territory__workspace"),
        pk=pk,
    )


def get_plan_for(request: MemberRequest, pk: int) -> SupplyPlan:
    """A plan that is done, of a territory the member covers; 404 for anyone else."""
    return get_object_or_404(
        SupplyPlan.objects.filter(
            scenario__in=Scenario.objects.visible_to(request.membership), status=PlanStatus.DONE
        ).select_related("scenario__territory__workspace"),
        pk=pk,
    )
