"""Who may see and change territories. Reference data of France are the same for everybody."""

from typing import TYPE_CHECKING

from django.http import Http404

from restanque.accounts.models import Membership
from restanque.accounts.perms import MemberRequest, can_administer, can_read, can_write
from restanque.territories.models import Commune, OldCommune, Territory

if TYPE_CHECKING:
    from django.db.models import QuerySet


def covers_territory(membership: Membership, territory: Territory) -> bool:
    """To cover a territory: same workspace, and either all its territories or this one given."""
    if membership.workspace_id != territory.workspace_id:
        return False
    return (
        membership.all_territories or territory.accesses.filter(membership=membership.pk).exists()
    )


def can_view_territory(membership: Membership, territory: Territory) -> bool:
    """To see a territory's pages, one must be administrator, agent or reader, and cover it."""
    return can_read(membership) and covers_territory(membership, territory)


def can_edit_territory(membership: Membership, territory: Territory) -> bool:
    """To change its communes and zones, one must be administrator or agent, and cover it."""
    return can_write(membership) and covers_territory(membership, territory)


def can_create_territory(membership: Membership) -> bool:
    """To draw a new territory, one must administer the workspace: coverage is decided on it."""
    return can_administer(membership)


def get_territory_for(request: MemberRequest, pk: int) -> Territory:
    """The territory, for those who may see it; 404 for anybody else."""
    membership = request.membership
    visible: QuerySet[Territory] = Territory.objects.visible_to(membership)
    territory = visible.filter(pk=pk).select_related("workspace").first()
    if territory is None or not can_view_territory(membership, territory):
        raise Http404
    return territory


def get_editable_territory_for(request: MemberRequest, pk: int) -> Territory:
    """The territory, for those who may change it; 404 for anybody else."""
    territory = get_territory_for(request, pk)
    if not can_edit_territory(request.membership, territory):
        raise Http404
    return territory


def get_commune_for(request: MemberRequest, code: str) -> Commune:
    """The commune of a code, with its town hall, EPCI and département; 404 when unknown.

    Communes are public reference data: any reader may open any of them, and each panel of the
    fiche decides what it shows. An old code (merged commune, arrondissement) leads to today's
    commune.
    """
    if not can_read(request.membership):
        raise Http404
    old = OldCommune.objects.filter(code=code).values_list("commune", flat=True).first()
    whole = Commune.objects.select_related("departement__region", "epci", "town_hall", "statistics")
    found = {commune.code: commune for commune in whole.filter(pk__in=filter(None, [code, old]))}
    commune = found.get(code) or found.get(old or "")
    if commune is None:
        raise Http404
    return commune
