"""Campaigns: the list, and the steps that prepare one (frame, population, messages, opening)."""

from copy import copy
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, F, FloatField, Q, QuerySet
from django.db.models.functions import Cast, NullIf
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from restanque.accounts.perms import MemberRequest, can_read, can_write, require
from restanque.core import mail
from restanque.kit import lists
from restanque.kit.forms import render_form
from restanque.kit.text import format_date, plural, record_number
from restanque.surveys import trial, wording
from restanque.surveys.campaign_forms import (
    PLACEHOLDERS,
    CampaignForm,
    MessagesForm,
    PopulationForm,
    first_values,
)
from restanque.surveys.models import Campaign, Invitation, QuestionnaireVersion, Response
from restanque.surveys.models.campaigns import InvitationState
from restanque.surveys.models.sendings import SendingKind
from restanque.surveys.population import Criteria, candidates, organisations_of
from restanque.surveys.services import campaigns, invitations
from restanque.surveys.tables_campaigns import CampaignFilter, CampaignTable
from restanque.surveys.views.common import campaign_context, editable_campaign, read_or_post
from restanque.territories.models import Territory

STEPS = (
    ("Cadre", "surveys:campaign-edit"),
    ("Destinataires", "surveys:campaign-population"),
    ("Messages", "surveys:campaign-messages"),
    ("Ouverture et envoi", "surveys:sendings"),
)


class CampaignList(lists.ListView):
    """The campaigns of the territories that the member covers."""

    request: MemberRequest
    title = "Qu’avons-nous demandé, et qui a répondu ?"
    lede = "Une campagne pose un questionnaire à une partie de l’annuaire, entre deux dates."
    noun = ("campagne", "campagnes")
    table_class = CampaignTable
    filterset_class = CampaignFilter
    export_name = "campagnes"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Rates are those of the day."""
        super().setup(request, *args, **kwargs)
        self.source = f"réponses reçues sur invitations, au {format_date(timezone.localdate())}"

    def get_queryset(self) -> QuerySet[Campaign]:
        """With how many are invited and have answered."""
        answered = Q(invitations__response__status__in=("submitted", "validated"))
        return (
            Campaign.objects.visible_to(self.request.membership)
            .select_related("territory")
            .annotate(
                invited=Count("invitations", distinct=True),
                answered=Count("invitations", filter=answered, distinct=True),
            )
            .annotate(rate=Cast(F("answered"), FloatField()) / NullIf(F("invited"), 0))
        )

    def get_actions(self) -> list[lists.Action]:
        """A new one, for writers; the questionnaires."""
        actions = [lists.Action("Questionnaires", reverse("surveys:questionnaires"))]
        if can_write(self.request.membership):
            new = reverse("surveys:campaign-create")
            actions.append(lists.Action("Nouvelle campagne", new, primary=True))
        return actions

    def get_empty(self) -> lists.Empty:
        """The next step, for who may take it."""
        if not can_write(self.request.membership):
            return lists.Empty("Aucune campagne sur vos territoires")
        return lists.Empty(
            "Aucune campagne",
            "Choisissez un questionnaire publié, les mairies à interroger et deux dates.",
            "surveys:campaign-create",
            "Préparer une campagne",
        )

    def is_fictitious(self) -> bool:
        """Marked when the workspace is a demonstration."""
        return self.request.membership.workspace.fictitious


CAMPAIGNS = require(can_read)(CampaignList.as_view())


@read_or_post
@require(can_write)
def create(request: MemberRequest) -> HttpResponse:
    """A new campaign: its frame first; nothing is sent."""
    membership = request.membership
    missing = _missing(request)
    if missing:
        return render(request, "surveys/campaign/missing.html", {"missing": missing})
    form = CampaignForm(
        request.POST or None,
        membership=membership,
        initial=first_values(membership, timezone.localdate()),
    )
    if request.method == "POST" and form.is_valid():
        try:
            new = campaigns.create_campaign(by=membership.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("surveys:campaign-population", new.pk)
    return render_form(
        request,
        "surveys/campaign/create.html",
        form,
        title="Nouvelle campagne",
        steps=_steps(0),
        rgpd=True,
    )


@read_or_post
@require(can_write)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change the frame."""
    campaign = editable_campaign(request, pk)
    names = [name for name in CampaignForm.base_fields if name != "territory"]
    form = CampaignForm(
        request.POST or None,
        membership=request.membership,
        campaign=campaign,
        initial={name: getattr(campaign, name) for name in names},
    )
    answered = Response.objects.filter(invitation__campaign=campaign).exists()
    if answered:
        form.fields["version"].disabled = True
        form.fields["version"].help_text = "Fixé : des réponses existent déjà."
    if request.method == "POST" and form.is_valid():
        try:
            campaigns.update_campaign(campaign=campaign, **_with_notice(campaign, form))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Les réglages sont enregistrés.")
            return redirect(
                "surveys:campaign-population" if _is_new(campaign) else "surveys:campaign",
                campaign.pk,
            )
    return render_form(
        request,
        "surveys/campaign/edit.html",
        form,
        steps=_steps(0) if _is_new(campaign) else None,
        stale_notice=_is_stale(campaign),
        **campaign_context(request, campaign, "settings"),
    )


@read_or_post
@require(can_write)
def population(request: MemberRequest, pk: int) -> HttpResponse:
    """Who is invited: a part of the directory, shown before anybody is added."""
    campaign = editable_campaign(request, pk)
    today = timezone.localdate()
    form = PopulationForm(
        request.GET or {"kind": "mairie"}, campaign=campaign, on=_day_of(campaign, today)
    )
    criteria = _criteria(form)
    found = organisations_of(campaign, request.membership, criteria, _day_of(campaign, today))
    if request.method == "POST":
        numbers = [record_number(text) for text in request.POST.getlist("selected")]
        chosen = found.filter(pk__in=[number for number in numbers if number is not None])
        added = invitations.add_invitations(campaign=campaign, organisations=chosen)
        messages.success(
            request,
            f"{plural(added, 'organisme ajouté', 'organismes ajoutés')} à la campagne. "
            "Rien n’est envoyé pour l’instant.",
        )
        return redirect(request.get_full_path())
    rows = candidates(campaign, found)
    context = campaign_context(request, campaign, "settings") | {
        "form": form,
        "rows": rows,
        "newcomers": sum(not row.invited for row in rows),
        "unreachable": sum(not row.addresses for row in rows),
        "invited": campaign.invitations.count(),
        "steps": _steps(1) if _is_new(campaign) else None,
    }
    return render(request, "surveys/campaign/population.html", context)


@read_or_post
@require(can_write)
def message_templates(request: MemberRequest, pk: int) -> HttpResponse:
    """The words of the invitation, the reminder and the receipt, with what they will look like."""
    campaign = editable_campaign(request, pk)
    initial = {name: getattr(campaign, name) for name in MessagesForm.base_fields}
    form = MessagesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        campaigns.update_campaign(campaign=campaign, **form.cleaned_data)
        messages.success(request, "Les messages sont enregistrés.")
        return redirect("surveys:campaign-messages", campaign.pk)
    example = _example(campaign, request.GET.get("exemple", ""))
    previews = []
    if example is not None:
        example.campaign = campaign
        previews = [(kind.value, kind.label, *trial.preview(example, kind)) for kind in SendingKind]
    return render_form(
        request,
        "surveys/campaign/messages.html",
        form,
        placeholders=PLACEHOLDERS,
        example=example,
        previews=previews,
        delivery=mail.delivery_state(campaign.workspace),
        steps=_steps(2) if _is_new(campaign) else None,
        **campaign_context(request, campaign, "settings"),
    )


@require_POST
@require(can_write)
def send_trial(request: MemberRequest, pk: int) -> HttpResponse:
    """« M’envoyer un essai »: to oneself, with a real organisation's words and no real link."""
    campaign = editable_campaign(request, pk)
    example = _example(campaign, request.POST.get("exemple", ""))
    if example is None:
        messages.error(
            request, "Ajoutez d’abord des destinataires : l’essai en prend un en exemple."
        )
    else:
        example.campaign = campaign
        kind = (
            SendingKind.REMINDER
            if request.POST.get("kind") == "reminder"
            else SendingKind.INVITATION
        )
        message = trial.send_trial(invitation=example, kind=kind, to=request.membership.user)
        held = f" {message.status_reason}" if message.status_reason else ""
        messages.success(request, f"Essai écrit à {request.membership.user.email}.{held}")
    return redirect("surveys:campaign-messages", campaign.pk)


@require_POST
@require(can_write)
def open_it(request: MemberRequest, pk: int) -> HttpResponse:
    """Start taking answers; nothing is sent by that."""
    campaign = editable_campaign(request, pk)
    campaigns.open_campaign(campaign=campaign, by=request.membership.user)
    messages.success(
        request, "La campagne est ouverte. Rien n’est envoyé tant que vous ne le demandez pas."
    )
    return redirect("surveys:sendings", campaign.pk)


@read_or_post
@require(can_write)
def close_it(request: MemberRequest, pk: int) -> HttpResponse:
    """Stop taking answers on line: asked first, with who is still answering."""
    campaign = editable_campaign(request, pk)
    if request.method != "POST":
        progress = campaigns.campaign_progress(campaign)
        context = campaign_context(request, campaign, "settings") | {
            "started": progress.by_state[InvitationState.STARTED],
            "answered": progress.answered,
        }
        return render(request, "surveys/campaign/close.html", context)
    campaigns.close_campaign(campaign=campaign, by=request.membership.user)
    messages.success(request, "La campagne est close. L’équipe peut encore saisir une réponse.")
    return redirect("surveys:campaign", campaign.pk)


def _steps(current: int) -> list[tuple[str, str]]:
    """The stepper of the preparation."""
    return [
        (label, "fait" if rank < current else "ici" if rank == current else "")
        for rank, (label, _) in enumerate(STEPS)
    ]


def _with_notice(campaign: Campaign, form: CampaignForm) -> dict[str, Any]:
    """The frame; a notice left empty is written from it."""
    data: dict[str, Any] = dict(form.cleaned_data)
    if not data["privacy_notice"].strip():
        changed = copy(campaign)
        for name in ("purpose", "purge_on", "reply_to"):
            setattr(changed, name, data[name])
        data["privacy_notice"] = wording.default_notice(campaign.workspace, changed)
    return data


def _is_stale(campaign: Campaign) -> bool:
    """Whether the notice promises another day of erasure than the campaign's."""
    said = " ".join(campaign.privacy_notice.split())
    return " ".join(format_date(campaign.purge_on, long=True).split()) not in said


def _is_new(campaign: Campaign) -> bool:
    return campaign.status == "draft"


def _day_of(campaign: Campaign, today: date) -> date:
    """The perimeter is that of the campaign's opening, or of today when it is later."""
    return max(campaign.opens_on, today)


def _criteria(form: PopulationForm) -> Criteria:
    data: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    tag, epci, zone = (data.get(name) for name in ("tag", "epci", "zone"))
    return Criteria(
        kind=data.get("kind", ""),
        tag=tag.pk if tag else None,
        epci=epci.pk if epci else "",
        zone=zone.pk if zone else None,
        size=data.get("size", ""),
    )


def _example(campaign: Campaign, asked: str) -> Invitation | None:
    found = Invitation.objects.filter(campaign=campaign).select_related("organisation__commune")
    if (number := record_number(asked)) is not None:
        found = found.filter(pk=number)
    return found.order_by("organisation__name_key", "pk").first()


def _missing(request: MemberRequest) -> list[tuple[str, str, str]]:
    """What must exist before a campaign: (sentence, URL name, label)."""
    missing = []
    if not Territory.objects.visible_to(request.membership).exists():
        missing.append(
            (
                "Il faut un territoire : les communes à interroger.",
                "territories:list",
                "Territoires",
            )
        )
    published = QuestionnaireVersion.objects.filter(
        questionnaire__workspace=request.membership.workspace, status="published"
    )
    if not published.exists():
        missing.append(
            (
                "Il faut un questionnaire publié. Celui sur le pain est fourni.",
                "surveys:questionnaires",
                "Questionnaires",
            )
        )
    return missing
