"""Bakeries' offers: the list, one offer, placeholders."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.views.pages import suggestions
from restanque.kit import lists
from restanque.kit.forms import render_form, submitted
from restanque.kit.text import plural
from restanque.supply.forms import BakeryForm, PlaceholderForm, bakeries_without_offer
from restanque.supply.models import BakeryOffer
from restanque.supply.perms import (
    can_edit_supply,
    can_view_details,
    get_bakery_for,
    get_territory_for,
)
from restanque.supply.services import offers
from restanque.supply.tables import BakeryFilter, BakeryTable
from restanque.supply.views.common import TerritoryList, organisations_of, trail
from restanque.territories.models import Territory


class BakeryList(TerritoryList):
    """The bakeries that could bake for canteens."""

    title = "Qui pourrait faire le pain des cantines ?"
    lede = (
        "Ce que l’on sait de chaque boulangerie, avec sa date. L’inconnu reste inconnu : un "
        "scénario dit ce qu’il suppose à sa place."
    )
    noun = ("boulangerie", "boulangeries")
    table_class = BakeryTable
    filterset_class = BakeryFilter
    export_name = "offres-boulangeries"

    def get_queryset(self) -> QuerySet[BakeryOffer]:
        """Those of the territory."""
        return (
            BakeryOffer.objects.visible_to(self.request.membership)  # type: ignore[attr-defined]
            .filter(territory=self.territory)
            .select_related("organisation__commune", "placeholder_commune")
            .prefetch_related("prices")
        )

    def get_actions(self) -> list[lists.Action]:
        """What an editor may do."""
        if not self.may_edit:
            return []
        return [
            lists.Action("Boulangeries sans nom", self.at("supply:placeholders")),
            lists.Action("Ajouter", self.at("supply:bakery-create"), primary=True, icon="plus"),
        ]

    def get_empty(self) -> lists.Empty:
        """The next step."""
        return lists.Empty(
            "Aucune offre de boulangerie",
            "Reprenez celles de l’annuaire depuis la vue d’ensemble, ou ajoutez-en une.",
        )


BAKERIES = require(can_view_details)(BakeryList.as_view())


@require(can_view_details)
def bakery(request: MemberRequest, pk: int) -> HttpResponse:
    """One bakery's offer."""
    subject = get_bakery_for(request, pk)
    context = {
        "offer": subject,
        "prices": subject.prices.select_related("certification"),
        "trail": _trail(subject.territory),
        "may_edit": can_edit_supply(request.membership),
    }
    return render(request, "supply/bakery.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def create(request: MemberRequest, territory: int) -> HttpResponse:
    """An offer typed by the team."""
    subject = get_territory_for(request, territory)
    form = BakeryForm(
        request.POST or None,
        bakeries=bakeries_without_offer(subject),
        mills=_mills(request),
    )
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: offers.save_bakery(
                territory=subject,
                prices=form.proposals(data),
                today=timezone.localdate(),
                **form.values(),
            ),
        )
        if made is not None:
            messages.success(request, f"L’offre de « {made} » est enregistrée.")
            return redirect(made)
    back = reverse("supply:bakeries", args=[subject.pk])
    return _page(request, form, subject, "Ajouter une boulangerie", back)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct an offer by hand."""
    subject = get_bakery_for(request, pk)
    form = BakeryForm(
        request.POST or None,
        bakeries=bakeries_without_offer(subject.territory),
        mills=_mills(request),
        offer=subject,
    )
    if request.method == "POST":
        changed = submitted(
            form,
            lambda data: offers.save_bakery(
                territory=subject.territory,
                offer=get_bakery_for(request, pk),
                prices=form.proposals(data),
                today=timezone.localdate(),
                **form.values(),
            ),
        )
        if changed is not None:
            messages.success(request, "L’offre est enregistrée.")
            return redirect(changed)
    return _page(
        request, form, subject.territory, f"Modifier : {subject}", subject.get_absolute_url()
    )


@require_POST
@require(can_edit_supply)
def keep(request: MemberRequest, pk: int) -> HttpResponse:
    """Leave an offer out of the plans, or bring it back."""
    subject = get_bakery_for(request, pk)
    offers.set_active(offer=subject, active=not subject.active)
    state = "retenue dans les plans" if subject.active else "écartée des plans"
    messages.success(request, f"« {subject} » est {state}.")
    return redirect(subject)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def placeholders(request: MemberRequest, territory: int) -> HttpResponse:
    """Bakeries known by their number only."""
    subject = get_territory_for(request, territory)
    form = PlaceholderForm(request.POST or None, membership=request.membership)
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: offers.add_placeholders(
                territory=subject, today=timezone.localdate(), **data
            ),
        )
        if made is not None:
            count = form.cleaned_data["count"]
            messages.success(request, f"{plural(count, 'boulangerie sans nom')} dans les plans.")
            return redirect("supply:bakeries", territory=subject.pk)
    back = reverse("supply:bakeries", args=[subject.pk])
    return _page(request, form, subject, "Boulangeries connues par leur seul nombre", back)


def _mills(request: MemberRequest) -> QuerySet[Organisation]:
    return organisations_of(request.membership).filter(kind=Kind.MILL)


def _page(
    request: MemberRequest,
    form: BakeryForm | PlaceholderForm,
    territory: Territory,
    title: str,
    back: str,
) -> HttpResponse:
    return render_form(
        request,
        "directory/form.html",
        form,
        title=title,
        trail=_trail(territory),
        back=back,
        **suggestions(request.membership, _mills(request)),
    )


def _trail(territory: Territory) -> list[tuple[str, str]]:
    return trail(territory, ("Boulangeries", reverse("supply:bakeries", args=[territory.pk])))
