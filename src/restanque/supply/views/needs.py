"""Needs: the list, one need, drawing from answers, estimating."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.directory.views.pages import suggestions
from restanque.kit import lists
from restanque.kit.forms import PAGE, render_form, submitted
from restanque.kit.text import plural
from restanque.supply.forms import DrawForm, NeedForm, canteens_of
from restanque.supply.models import Need
from restanque.supply.perms import (
    can_edit_supply,
    can_view_details,
    get_need_for,
    get_territory_for,
)
from restanque.supply.services import estimates
from restanque.supply.services import needs as services
from restanque.supply.tables import NeedFilter, NeedTable
from restanque.supply.views.common import TerritoryList, organisations_of, trail
from restanque.surveys.models import Campaign
from restanque.territories.models import Territory


class NeedList(TerritoryList):
    """The needs of one territory."""

    title = "De quel pain les cantines ont-elles besoin ?"
    lede = (
        "Un besoin par cantine et par classe de pain, pour un jour de service moyen. Les "
        "estimations se distinguent des réponses et portent leur intervalle."
    )
    noun = ("besoin", "besoins")
    table_class = NeedTable
    filterset_class = NeedFilter
    export_name = "besoins-de-pain"

    def get_queryset(self) -> QuerySet[Need]:
        """Those of the territory."""
        return (
            Need.objects.visible_to(self.request.membership)  # type: ignore[attr-defined]
            .filter(territory=self.territory)
            .select_related("canteen__commune", "supplier")
        )

    def get_actions(self) -> list[lists.Action]:
        """What an editor may do."""
        if not self.may_edit:
            return []
        return [
            lists.Action("Tirer des réponses", self.at("supply:needs-draw"), primary=True),
            lists.Action("Estimer les communes sans réponse", self.at("supply:needs-estimate")),
            lists.Action("Ajouter", self.at("supply:need-create"), icon="plus"),
        ]

    def get_empty(self) -> lists.Empty:
        """The next step: an answered campaign."""
        text = "Les réponses validées d’une campagne donnent les besoins, sans rien ressaisir."
        return lists.Empty("Aucun besoin connu", text)

    def get_bulk_actions(self) -> list[lists.BulkAction]:
        """For needs whose supplier is only written."""
        if not self.may_edit:
            return []
        return [lists.BulkAction("suppliers", "Mettre leur fournisseur dans l’annuaire")]

    def run_bulk(self, code: str, queryset: QuerySet[Need]) -> str:
        """Create or tie the suppliers of the chosen needs."""
        waiting = queryset.filter(supplier__isnull=True).exclude(supplier_name="")
        made = {
            services.create_supplier(need=need, today=timezone.localdate()).pk for need in waiting
        }
        if not made:
            return "Aucun de ces besoins n’a de fournisseur à créer."
        return f"{plural(len(made), 'fournisseur')} dans l’annuaire, relié à ses besoins."


NEEDS = require(can_view_details)(NeedList.as_view())


@require(can_view_details)
def need(request: MemberRequest, pk: int) -> HttpResponse:
    """One need: what is wanted, what is bought, where each figure comes from."""
    subject = get_need_for(request, pk)
    context = {
        "need": subject,
        "trail": _trail(subject.territory),
        "may_edit": can_edit_supply(request.membership),
        "corrected": [
            str(Need._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            for name in subject.overrides
        ],
    }
    return render(request, "supply/need.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def create(request: MemberRequest, territory: int) -> HttpResponse:
    """A need typed by the team."""
    subject = get_territory_for(request, territory)
    form = _form(request, subject, None)
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: _created(subject, data),
        )
        if made is not None:
            messages.success(request, f"Le besoin de « {made.canteen} » est enregistré.")
            return redirect(made)
    return _page(request, form, subject, "Ajouter un besoin", "supply:needs", subject.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct a need by hand."""
    subject = get_need_for(request, pk)
    form = _form(request, subject.territory, subject)
    if request.method == "POST":
        changed = submitted(
            form,
            lambda data: services.update_need(
                need=get_need_for(request, pk), today=timezone.localdate(), **data
            ),
        )
        if changed is not None:
            messages.success(request, "Le besoin est enregistré. Les réponses ne l’écraseront pas.")
            return redirect(changed)
    return _page(request, form, subject.territory, f"Modifier : {subject}", "supply:need", pk)


@require_POST
@require(can_edit_supply)
def forget(request: MemberRequest, pk: int) -> HttpResponse:
    """Let the answers speak again."""
    subject = services.forget_overrides(need=get_need_for(request, pk))
    messages.success(request, "Au prochain tirage, la réponse remplacera vos corrections.")
    return redirect(subject)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a need away, after asking."""
    subject = get_need_for(request, pk)
    territory = subject.territory
    if request.method == "POST":
        services.delete_need(need=subject)
        messages.success(request, "Le besoin est supprimé.")
        return redirect("supply:needs", territory=territory.pk)
    context = {"need": subject, "trail": _trail(territory)}
    return render(request, "supply/need_delete.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def draw(request: MemberRequest, territory: int) -> HttpResponse:
    """Draw needs from the validated answers of a campaign, and say what could not be read."""
    subject = get_territory_for(request, territory)
    form = DrawForm(request.POST or None, campaigns=_campaigns(request, subject))
    if request.method == "POST" and form.is_valid():
        campaign = form.cleaned_data["campaign"]
        report = services.draw_from_campaign(campaign=campaign)
        context = {
            "territory": subject,
            "campaign": campaign,
            "report": report,
            "trail": _trail(subject),
            "fictitious": campaign.fictitious,
        }
        return render(request, "supply/drawn.html", context)
    lede = (
        "Chaque réponse validée donne un besoin. Vous pouvez recommencer à tout moment : les "
        "corrections faites à la main restent."
    )
    return _ask(request, form, subject, "Tirer les besoins des réponses", lede, "Tirer")


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_supply)
def estimate(request: MemberRequest, territory: int) -> HttpResponse:
    """Estimate the needs of the communes that did not answer a campaign."""
    subject = get_territory_for(request, territory)
    form = DrawForm(request.POST or None, campaigns=_campaigns(request, subject))
    if request.method == "POST" and form.is_valid():
        campaign = form.cleaned_data["campaign"]
        report = estimates.estimate_silent(campaign=campaign, today=timezone.localdate())
        messages.success(
            request,
            f"{plural(report.created, 'estimation créée', 'estimations créées')}, "
            f"{plural(report.updated, 'mise à jour', 'mises à jour')}.",
        )
        for name, why in report.left_out[:10]:
            messages.warning(request, f"{name} n’est pas estimée : {why}.")
        return redirect("supply:needs", territory=subject.pk)
    lede = (
        "Une commune sans réponse reçoit le pain que des communes comparables achètent par "
        "habitant de moins de 20 ans, avec un intervalle. C’est une estimation, jamais une "
        "observation."
    )
    return _ask(request, form, subject, "Estimer les communes sans réponse", lede, "Estimer")


@require_POST
@require(can_edit_supply)
def register(request: MemberRequest, territory: int) -> HttpResponse:
    """Estimate the needs of known canteens from their meals, where nothing better is known."""
    subject = get_territory_for(request, territory)
    report = services.draw_from_register(territory=subject, today=timezone.localdate())
    made = plural(report.created, "estimation créée", "estimations créées")
    messages.success(request, f"{made} d’après les repas des cantines de l’annuaire.")
    return redirect("supply:needs", territory=subject.pk)


def _created(territory: Territory, data: dict[str, Any]) -> Need:
    """From the kilos told, else from the portion and the meals."""
    if data["kg_per_day"] is not None:
        return services.create_need(territory=territory, today=timezone.localdate(), **data)
    del data["kg_per_day"]
    return services.need_from_meals(territory=territory, today=timezone.localdate(), **data)


def _campaigns(request: MemberRequest, territory: Territory) -> QuerySet[Campaign]:
    return Campaign.objects.visible_to(request.membership).filter(territory=territory)


def _form(request: MemberRequest, territory: Territory, subject: Need | None) -> NeedForm:
    return NeedForm(
        request.POST or None,
        canteens=canteens_of(territory, territory.communes_at(timezone.localdate())),
        suppliers=organisations_of(request.membership),
        need=subject,
    )


def _page(
    request: MemberRequest, form: NeedForm, territory: Territory, title: str, back: str, pk: int
) -> HttpResponse:
    offered = suggestions(request.membership, organisations_of(request.membership))
    return render_form(
        request,
        "directory/form.html",
        form,
        title=title,
        trail=_trail(territory),
        back=reverse(back, args=[pk]),
        **offered,
    )


def _ask(
    request: MemberRequest, form: DrawForm, territory: Territory, title: str, lede: str, do: str
) -> HttpResponse:
    return render_form(
        request,
        PAGE,
        form,
        title=title,
        lede=lede,
        submit=do,
        trail=_trail(territory),
        back=reverse("supply:needs", args=[territory.pk]),
    )


def _trail(territory: Territory) -> list[tuple[str, str]]:
    return trail(territory, ("Besoins", reverse("supply:needs", args=[territory.pk])))
