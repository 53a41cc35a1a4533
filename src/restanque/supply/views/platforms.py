"""Platforms: known, shown, left out of the plans."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from restanque.accounts.perms import MemberRequest, require
from restanque.kit import lists
from restanque.kit.forms import render_form, submitted
from restanque.supply.forms import PlatformForm, platforms_without_offer
from restanque.supply.models import PlatformOffer
from restanque.supply.perms import (
    can_edit_supply,
    can_view_details,
    get_platform_for,
    get_territory_for,
)
from restanque.supply.services import offers
from restanque.supply.tables import PlatformFilter, PlatformTable
from restanque.supply.views.common import TerritoryList, trail
from restanque.territories.models import Territory


class PlatformList(TerritoryList):
    """The platforms that could carry bread."""

    title = "Qui regroupe et livre ?"
    lede = (
        "Les plateformes du territoire et ce qu’elles transportent. Aucun plan ne les compte : le "
        "calcul mène le pain du fournil à la cantine, et ne sait pas le faire passer par un tiers."
    )
    noun = ("plateforme", "plateformes")
    table_class = PlatformTable
    filterset_class = PlatformFilter
    export_name = "plateformes"
    empty = lists.Empty(
        "Aucune plateforme", "Ajoutez celles de l’annuaire : un plan dira qu’il ne les compte pas."
    )

    def get_queryset(self) -> QuerySet[PlatformOffer]:
        """Those of the territory."""
        return (
            PlatformOffer.objects.visible_to(self.request.membership)  # type: ignore[attr-defined]
            .filter(territory=self.territory)
            .select_related("organisation__commune")
        )

    def get_actions(self) -> list[lists.Action]:
        """What an editor may do."""
        if not self.may_edit:
            return []
        url = self.at("supply:platform-create")
        return [lists.Action("Ajouter", url, primary=True, icon="plus")]


PLATFORMS = require(can_view_details)(PlatformList.as_view())


@require(can_view_details)
def platform(request: MemberRequest, pk: int) -> HttpResponse:
    """One platform: what it says it carries."""
    subject = get_platform_for(request, pk)
    context = {
        "offer": subject,
        "trail": _trail(subject.territory),
        "may_edit": can_edit_supply(request.membership),
    }
    return render(request, "supply/platform.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def create(request: MemberRequest, territory: int) -> HttpResponse:
    """A platform of the directory, with what it says."""
    return _page(request, get_territory_for(request, territory), None)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct what it says."""
    subject = get_platform_for(request, pk)
    return _page(request, subject.territory, subject)


def _page(
    request: MemberRequest, territory: Territory, offer: PlatformOffer | None
) -> HttpResponse:
    form = PlatformForm(
        request.POST or None, platforms=platforms_without_offer(territory), offer=offer
    )
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: offers.save_platform(
                territory=territory,
                offer=offer,
                today=timezone.localdate(),
                **({"organisation": offer.organisation} if offer else {}),
                **data,
            ),
        )
        if made is not None:
            messages.success(request, f"« {made} » est enregistrée.")
            return redirect(made)
    return render_form(
        request,
        "directory/form.html",
        form,
        title=f"Modifier : {offer}" if offer else "Ajouter une plateforme",
        trail=_trail(territory),
        back=offer.get_absolute_url()
        if offer
        else reverse("supply:platforms", args=[territory.pk]),
    )


def _trail(territory: Territory) -> list[tuple[str, str]]:
    return trail(territory, ("Plateformes", reverse("supply:platforms", args=[territory.pk])))
