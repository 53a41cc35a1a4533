"""Mills' and wheat offers."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from restanque.accounts.perms import MemberRequest, require
from restanque.directory.views.pages import suggestions
from restanque.kit import lists
from restanque.kit.forms import render_form, submitted
from restanque.supply.forms import MillForm, WheatForm, mills_without_offer
from restanque.supply.models import MillOffer, WheatOffer
from restanque.supply.perms import (
    can_edit_supply,
    can_view_details,
    get_mill_for,
    get_territory_for,
    get_wheat_for,
)
from restanque.supply.services import offers
from restanque.supply.tables import MillFilter, MillTable, WheatFilter, WheatTable
from restanque.supply.views.common import TerritoryList, organisations_of, trail
from restanque.territories.models import Territory


class MillList(TerritoryList):
    """The mills that could supply the bakers."""

    title = "Quels moulins pour ce pain ?"
    lede = "Les farines que chaque moulin peut livrer aux boulangers des cantines."
    noun = ("moulin", "moulins")
    table_class = MillTable
    filterset_class = MillFilter
    export_name = "offres-moulins"
    empty = lists.Empty(
        "Aucun moulin", "Reprenez les moulins de l’annuaire depuis la vue d’ensemble."
    )

    def get_queryset(self) -> QuerySet[MillOffer]:
        """Those of the territory."""
        return (
            MillOffer.objects.visible_to(self.request.membership)  # type: ignore[attr-defined]
            .filter(territory=self.territory)
            .select_related("organisation__commune")
            .prefetch_related("flours")
        )

    def get_actions(self) -> list[lists.Action]:
        """What an editor may do."""
        if not self.may_edit:
            return []
        url = self.at("supply:mill-create")
        return [lists.Action("Ajouter", url, primary=True, icon="plus")]


class WheatList(TerritoryList):
    """Where the wheat could come from."""

    title = "Et le blé, d’où viendrait-il ?"
    lede = "Des zones ou des coopératives, classe par classe : hectares et rendement."
    noun = ("offre de blé", "offres de blé")
    table_class = WheatTable
    filterset_class = WheatFilter
    export_name = "offres-ble"
    empty = lists.Empty(
        "Aucune offre de blé", "Sans elle, un plan suppose que les moulins trouvent leur blé."
    )

    def get_queryset(self) -> QuerySet[WheatOffer]:
        """Those of the territory."""
        return (
            WheatOffer.objects.visible_to(self.request.membership)  # type: ignore[attr-defined]
            .filter(territory=self.territory)
            .select_related("commune")
        )

    def get_actions(self) -> list[lists.Action]:
        """What an editor may do."""
        if not self.may_edit:
            return []
        url = self.at("supply:wheat-create")
        return [lists.Action("Ajouter", url, primary=True, icon="plus")]


MILLS = require(can_view_details)(MillList.as_view())
WHEAT = require(can_view_details)(WheatList.as_view())


@require(can_view_details)
def mill(request: MemberRequest, pk: int) -> HttpResponse:
    """One mill's offer."""
    subject = get_mill_for(request, pk)
    context = {
        "offer": subject,
        "flours": subject.flours.all(),
        "trail": _trail(subject.territory, "Moulins", "supply:mills"),
        "may_edit": can_edit_supply(request.membership),
    }
    return render(request, "supply/mill.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def mill_create(request: MemberRequest, territory: int) -> HttpResponse:
    """An offer typed by the team."""
    subject = get_territory_for(request, territory)
    form = MillForm(request.POST or None, mills=mills_without_offer(subject))
    return _mill_page(request, form, subject, None)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def mill_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct an offer."""
    subject = get_mill_for(request, pk)
    form = MillForm(
        request.POST or None, mills=mills_without_offer(subject.territory), offer=subject
    )
    return _mill_page(request, form, subject.territory, subject)


def _mill_page(
    request: MemberRequest, form: MillForm, territory: Territory, offer: MillOffer | None
) -> HttpResponse:
    if request.method == "POST":
        made = submitted(form, lambda data: _save_mill(form, data, territory, offer))
        if made is not None:
            messages.success(request, f"L’offre de « {made} » est enregistrée.")
            return redirect(made)
    return render_form(
        request,
        "directory/form.html",
        form,
        title=f"Modifier : {offer}" if offer else "Ajouter un moulin",
        trail=_trail(territory, "Moulins", "supply:mills"),
        back=reverse("supply:mills", args=[territory.pk]),
        **suggestions(request.membership, organisations_of(request.membership)),
    )


def _save_mill(
    form: MillForm, data: dict[str, Any], territory: Territory, offer: MillOffer | None
) -> MillOffer:
    return offers.save_mill(
        territory=territory,
        organisation=offer.organisation if offer else data["organisation"],
        offer=offer,
        flours=form.proposals(data),
        today=timezone.localdate(),
        **{name: data[name] for name in ("capacity_kg_per_day", "extraction", "active")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def wheat_create(request: MemberRequest, territory: int) -> HttpResponse:
    """Wheat typed by the team."""
    subject = get_territory_for(request, territory)
    return _wheat_page(request, subject, None)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def wheat_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct an offer of wheat."""
    subject = get_wheat_for(request, pk)
    return _wheat_page(request, subject.territory, subject)


def _wheat_page(
    request: MemberRequest, territory: Territory, offer: WheatOffer | None
) -> HttpResponse:
    instance = offer or WheatOffer(territory=territory, source="saisie de l’équipe")
    form = WheatForm(request.POST or None, instance=instance, membership=request.membership)
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: offers.save_wheat(
                territory=territory,
                offer=get_wheat_for(request, offer.pk) if offer else None,
                today=timezone.localdate(),
                **data,
            ),
        )
        if made is not None:
            messages.success(request, f"« {made} » est enregistrée.")
            return redirect("supply:wheat-offers", territory=territory.pk)
    return render_form(
        request,
        "directory/form.html",
        form,
        title=f"Modifier : {offer}" if offer else "Ajouter du blé",
        trail=_trail(territory, "Blé", "supply:wheat-offers"),
        back=reverse("supply:wheat-offers", args=[territory.pk]),
        **suggestions(request.membership, organisations_of(request.membership)),
    )


def _trail(territory: Territory, label: str, name: str) -> list[tuple[str, str]]:
    return trail(territory, (label, reverse(name, args=[territory.pk])))
