"""Which communes a member covers: the one place where the directory meets territories."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.territories.models import Commune, Territory, TerritoryMembership


def in_covered_communes(membership: Membership, field: str) -> Q:
    """Condition on a nullable key to Commune: today in a territory the member covers.

    Who covers the whole workspace sees everything, including what has no commune.
    """
    if membership.all_territories:
        return Q()
    return Q(**{f"{field}__in": covered_codes(membership)})


def covered_codes(membership: Membership) -> QuerySet[TerritoryMembership, Any]:
    """INSEE codes of today's communes of the territories a member covers, as a subquery."""
    return (
        TerritoryMembership.objects.in_force(timezone.localdate())
        .filter(territory__in=Territory.objects.visible_to(membership))
        .order_by()
        .values("commune")
    )


def covered_communes(membership: Membership) -> QuerySet[Commune]:
    """Those communes, in the order of their names."""
    return Commune.objects.filter(pk__in=covered_codes(membership))


def covers_commune(membership: Membership, commune: Commune | None) -> bool:
    """Whether a member may hold a record placed in this commune (None: in no commune)."""
    if membership.all_territories:
        return True
    return commune is not None and covered_communes(membership).filter(pk=commune.pk).exists()
