"""What the room shows on pages of lower rooms: fiche commune, canteen, organisation."""

from django.http import HttpRequest

from restanque.accounts.models import Membership
from restanque.directory.models import Canteen, Organisation
from restanque.kit import slots
from restanque.kit.slots import Panel
from restanque.supply.models import BakeryOffer, MillOffer, Need, PlanStatus, SupplyPlan
from restanque.supply.models.needs import NeedQuerySet
from restanque.supply.perms import can_view_details
from restanque.supply.showing import PlanView
from restanque.territories.models import Commune


def register() -> None:
    """Tell the pages of lower rooms what the room shows there."""
    slots.register("commune", "supply.needs", order=40, provider=commune)
    slots.register("canteen", "supply.needs", order=40, provider=canteen)
    slots.register("organisation", "supply.offers", order=40, provider=organisation)


def commune(request: HttpRequest, subject: Commune) -> Panel | None:
    """The commune's needs, and what the latest plan of each territory proposes."""
    return _needs(request, Need.objects.filter(canteen__commune=subject))


def canteen(request: HttpRequest, subject: Canteen) -> Panel | None:
    """The needs of one canteen."""
    return _needs(request, Need.objects.filter(canteen=subject))


def _needs(request: HttpRequest, chosen: NeedQuerySet) -> Panel | None:
    membership: Membership = request.membership  # type: ignore[attr-defined]
    if not can_view_details(membership):
        return None
    visible = Need.objects.visible_to(membership).filter(pk__in=chosen.values("pk"))
    needs = list(visible.select_related("canteen", "supplier", "territory"))
    if not needs:
        return None
    proposed = _proposed(needs)
    rows = [(need, proposed.get(need.pk)) for need in needs]
    return Panel(
        title="Pain des cantines",
        template="supply/panels/needs.html",
        context={"rows": rows, "count": len(rows)},
        anchor="pain",
    )


def _proposed(needs: list[Need]) -> dict[int, tuple[SupplyPlan, str]]:
    """For each need, the latest plan that serves it and by whom; one plan read a territory."""
    found: dict[int, tuple[SupplyPlan, str]] = {}
    for territory in {need.territory_id for need in needs}:
        plan = (
            SupplyPlan.objects.filter(
                scenario__territory=territory, scenario__archived=False, status=PlanStatus.DONE
            )
            .select_related("scenario")
            .first()
        )
        if plan is None:
            continue
        for link in PlanView(plan).links:
            before = found.get(link.need.pk)
            names = f"{before[1]}, {link.bakery}" if before else str(link.bakery)
            found[link.need.pk] = (plan, names)
    return found


def organisation(request: HttpRequest, subject: Organisation) -> Panel | None:
    """A bakery's or a mill's offers, and the canteens a bakery supplies today."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    if not can_view_details(membership):
        return None
    bakeries = list(
        BakeryOffer.objects.visible_to(membership)
        .filter(organisation=subject)
        .select_related("territory")
    )
    mills = list(
        MillOffer.objects.visible_to(membership)
        .filter(organisation=subject)
        .select_related("territory")
    )
    supplied = list(
        Need.objects.visible_to(membership).filter(supplier=subject).select_related("canteen")
    )
    if not (bakeries or mills or supplied):
        return None
    return Panel(
        title="Approvisionnement",
        template="supply/panels/organisation.html",
        context={"bakeries": bakeries, "mills": mills, "supplied": supplied},
        anchor="approvisionnement",
    )
