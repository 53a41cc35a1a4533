"""The room's first pages: the territories, and what is known of one."""

from collections import Counter
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.kit.text import plural
from restanque.supply.models import BakeryOffer, MillOffer, Need, WheatOffer
from restanque.supply.perms import can_edit_supply, can_view_supply, get_territory_for
from restanque.supply.services import offers
from restanque.supply.views.common import sections, trail
from restanque.territories.models import Territory


@require_GET
@require(can_view_supply)
def home(request: MemberRequest) -> HttpResponse:
    """The territories of the member, each with what is known of its bread."""
    territories = Territory.objects.visible_to(request.membership)
    rows = [
        {
            "territory": territory,
            "needs": Need.objects.active().filter(territory=territory).count(),
            "bakeries": BakeryOffer.objects.active().filter(territory=territory).count(),
        }
        for territory in territories
    ]
    context = {"rows": rows, "fictitious": request.membership.workspace.fictitious}
    return render(request, "supply/home.html", context)


HOME = home


@require_GET
@require(can_view_supply)
def overview(request: MemberRequest, territory: int) -> HttpResponse:
    """What is known of one territory's bread, and what to do next."""
    subject = get_territory_for(request, territory)
    needs = list(Need.objects.active().filter(territory=subject).select_related("canteen__commune"))
    observed = [need for need in needs if not need.is_estimate]
    estimated = [need for need in needs if need.is_estimate]
    bakeries = BakeryOffer.objects.active().filter(territory=subject)
    unknown = bakeries.filter(capacity_kg_per_day__isnull=True).count()
    context = {
        "territory": subject,
        "trail": trail(subject)[:1],
        "sections": sections(request, subject),
        "may_edit": can_edit_supply(request.membership),
        "fictitious": any(need.fictitious for need in needs)
        or bakeries.filter(fictitious=True).exists(),
        "observed": _summary(observed),
        "estimated": _summary(estimated),
        "unmatched": sum(1 for n in needs if n.supplier_name and n.supplier_id is None),
        "classes": _classes(needs),
        "bakeries": bakeries.count(),
        "unknown_capacity": unknown,
        "mills": MillOffer.objects.active().filter(territory=subject).count(),
        "wheat": WheatOffer.objects.active().filter(territory=subject).count(),
    }
    return render(request, "supply/overview.html", context)


@require_POST
@require(can_edit_supply)
def draw_offers(request: MemberRequest, territory: int) -> HttpResponse:
    """Take the bakeries and mills of the directory, with what visits observed."""
    subject = get_territory_for(request, territory)
    report = offers.draw_from_directory(territory=subject, today=timezone.localdate())
    messages.success(
        request,
        f"{plural(report.created, 'offre créée', 'offres créées')}, "
        f"{plural(report.updated, 'mise à jour', 'mises à jour')}, "
        f"{plural(report.unchanged, 'sans changement', 'sans changement')}.",
    )
    return redirect("supply:bakeries", territory=subject.pk)


def _summary(needs: list[Need]) -> dict[str, Any]:
    communes = {need.canteen.commune_id for need in needs}
    return {
        "needs": len(needs),
        "communes": len(communes),
        "kilos": sum((need.kg_per_day for need in needs), Decimal(0)) if needs else None,
    }


def _classes(needs: list[Need]) -> list[tuple[str, Decimal, Decimal]]:
    """Kilograms a day by class: bought today, wanted. « Inconnu » where nobody said."""
    today: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for need in needs:
        known = need.get_today_class_display() if need.today_class else "Inconnu"
        today[str(known)] += need.kg_per_day  # type: ignore[assignment]
        wanted[str(need.get_bread_class_display())] += need.kg_per_day  # type: ignore[assignment]
    labels = sorted({*today, *wanted}, key=lambda label: -wanted[label])
    return [(label, Decimal(today[label]), Decimal(wanted[label])) for label in labels]
