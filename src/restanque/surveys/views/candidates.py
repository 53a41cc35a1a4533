"""Candidates lists: for the team that carries the campaign, since they name who answered what."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from restanque.accounts.perms import MemberRequest, can_write, require
from restanque.directory.models import Organisation
from restanque.engine.forms import FormError
from restanque.kit import figures, lists
from restanque.kit.forms import render_form
from restanque.surveys.analysis.candidates import Answers, Candidate, members
from restanque.surveys.analysis.conditions import parse_conditions
from restanque.surveys.analysis.figures import members_map
from restanque.surveys.candidate_forms import ListForm
from restanque.surveys.models import Campaign, CandidateList
from restanque.surveys.services import candidates as writes
from restanque.surveys.tables_candidates import CandidateFilter, CandidateTable
from restanque.surveys.views.common import campaign_context, editable_campaign, read_or_post


@require_safe
@require(can_write)
def index(request: MemberRequest, pk: int) -> HttpResponse:
    """The lists of a campaign, with how many each holds today."""
    campaign = editable_campaign(request, pk)
    answers = _answers(campaign)
    lists_there = list(CandidateList.objects.filter(campaign=campaign))
    found = [
        {
            "list": one,
            "count": len(members(one, today=answers.today, answers=answers)),
            "words": answers.words(parse_conditions(one.conditions)),
        }
        for one in lists_there
    ]
    there = {one.shipped_as for one in lists_there}
    context = campaign_context(request, campaign, "results") | {
        "lists": found,
        "n": len(answers.dataset.rows),
        "proposable": any(one.code not in there for one in writes.PROPOSED),
        "today": answers.today,
    }
    return render(request, "surveys/candidates/index.html", context)


class CandidateMembers(lists.ListView):
    """Who is on a list, and why: search, export, map."""

    request: MemberRequest
    noun = ("organisme", "organismes")
    table_class = CandidateTable
    filterset_class = CandidateFilter
    template_name = "surveys/candidates/detail.html"
    export_name = "candidats"
    paginate_by = 150

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign of the address; 404 for whoever does not carry it."""
        return editable_campaign(self.request, self.kwargs["pk"])

    @cached_property
    def candidate_list(self) -> CandidateList:
        """The list of the address."""
        return _list_of(self.campaign, self.kwargs["number"])

    @cached_property
    def answers(self) -> Answers:
        """The answers it reads."""
        return _answers(self.campaign)

    @cached_property
    def members(self) -> dict[int, Candidate]:
        """Organisation → why it is there."""
        found = members(self.candidate_list, today=self.answers.today, answers=self.answers)
        return {one.organisation_pk: one for one in found}

    def get_queryset(self) -> QuerySet[Organisation]:
        """The organisations of the list."""
        return Organisation.objects.filter(
            workspace=self.campaign.workspace, pk__in=list(self.members)
        ).select_related("commune__epci")

    def get_table(self) -> lists.Table:
        """With the reasons."""
        table = super().get_table()
        table.members = self.members
        return table

    def get_title(self) -> str:
        """The list's name."""
        return self.candidate_list.name

    def get_lede(self) -> str:
        """What it serves."""
        return self.candidate_list.description

    def get_trail(self) -> list[tuple[str, str]]:
        """Campaign / lists."""
        return [
            (self.campaign.name, reverse("surveys:campaign", args=[self.campaign.pk])),
            ("Listes de candidats", reverse("surveys:candidates", args=[self.campaign.pk])),
        ]

    def get_actions(self) -> list[lists.Action]:
        """Change it."""
        url = reverse("surveys:candidate-edit", args=[self.campaign.pk, self.candidate_list.pk])
        return [lists.Action("Modifier les conditions", url)]

    def get_empty(self) -> lists.Empty:
        """Nobody for the moment."""
        return lists.Empty(
            "Personne pour le moment",
            "Aucune réponse reçue ne remplit toutes les conditions ; la liste se refait seule "
            "à chaque réponse.",
        )

    def is_fictitious(self) -> bool:
        """As the campaign."""
        return self.campaign.fictitious

    @cached_property
    def panel(self) -> Any:
        """Where they are."""
        return members_map(
            self.answers.dataset, self.candidate_list, list(self.members.values()),
            self.answers.today,
        )  # fmt: skip

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, the export, or the map as a file."""
        return figures.serve(request, self.panel) or super().get(request, *args, **kwargs)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """The campaign's frame, the conditions in words, the map."""
        conditions = parse_conditions(self.candidate_list.conditions)
        return extra | campaign_context(self.request, self.campaign, "results") | {
            "words": self.answers.words(conditions),
            "map": self.panel,
        }  # fmt: skip


CANDIDATE_LIST = require(can_write)(CandidateMembers.as_view())


@read_or_post
@require(can_write)
def create(request: MemberRequest, pk: int) -> HttpResponse:
    """A new list: questions first, then what is sought in each."""
    campaign = editable_campaign(request, pk)
    return _edit(request, campaign, None)


@read_or_post
@require(can_write)
def edit(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    """Change a list's name, words and conditions."""
    campaign = editable_campaign(request, pk)
    return _edit(request, campaign, _list_of(campaign, number))


@read_or_post
@require(can_write)
def delete(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    """Forget a list, after asking."""
    campaign = editable_campaign(request, pk)
    found = _list_of(campaign, number)
    if request.method == "POST":
        writes.delete_list(candidate_list=found)
        messages.success(request, f"La liste « {found.name} » est supprimée.")
        return redirect("surveys:candidates", campaign.pk)
    return render_form(
        request, "kit/form_page.html", forms.Form(),
        title=f"Supprimer « {found.name} » ?",
        lede="Les réponses restent ; seule la liste et ses conditions sont oubliées.",
        submit="Supprimer la liste", danger=True, back=found.get_absolute_url(),
        fictitious=campaign.fictitious,
    )  # fmt: skip


@require_POST
@require(can_write)
def propose(request: MemberRequest, pk: int) -> HttpResponse:
    """Add the default lists that the questionnaire can answer."""
    campaign = editable_campaign(request, pk)
    made = writes.install_proposed(campaign=campaign, by=request.membership.user)
    if made:
        messages.success(request, f"Ajoutées : {', '.join(one.name for one in made)}.")
    else:
        messages.info(request, "Aucune autre liste proposée ne convient à ce questionnaire.")
    return redirect("surveys:candidates", campaign.pk)


def _edit(request: MemberRequest, campaign: Campaign, found: CandidateList | None) -> HttpResponse:
    answers = _answers(campaign)
    form = ListForm.posted(request.POST, answers) if request.method == "POST" else (
        ListForm.of(found, answers)
    )  # fmt: skip
    status = 200
    if request.method == "POST" and request.POST.get("action") == "save":
        form, saved = _saved(request, campaign, found, form)
        if saved is not None:
            messages.success(request, f"La liste « {saved.name} » est enregistrée.")
            return HttpResponseRedirect(saved.get_absolute_url())
        status = 422
    context = campaign_context(request, campaign, "results") | {"form": form, "list": found}
    return render(request, "surveys/candidates/edit.html", context, status=status)


def _saved(
    request: MemberRequest, campaign: Campaign, found: CandidateList | None, form: ListForm
) -> tuple[ListForm, CandidateList | None]:
    """The list as saved, or the form with what to mend."""
    try:
        if found is None:
            return form, writes.create_list(
                campaign=campaign, name=form.name, description=form.description,
                conditions=form.conditions, by=request.membership.user,
            )  # fmt: skip
        return form, writes.update_list(
            candidate_list=found, name=form.name, description=form.description,
            conditions=form.conditions,
        )  # fmt: skip
    except ValidationError as error:
        return replace(form, errors=tuple(_named(error))), None


def _named(error: ValidationError) -> list[str]:
    labels = {"name": "Nom : ", "description": "À quoi sert la liste : "}
    return [
        f"{labels.get(field, '')}{message}"
        for field, found in error.message_dict.items()
        for message in found
    ]


def _answers(campaign: Campaign) -> Answers:
    try:
        return Answers(campaign, today=timezone.localdate())
    except FormError:
        raise Http404 from None


def _list_of(campaign: Campaign, number: int) -> CandidateList:
    found = get_object_or_404(CandidateList, campaign=campaign, pk=number)
    found.campaign = campaign
    return found
