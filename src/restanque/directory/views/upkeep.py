"""Keeping the directory clean: duplicates, merging, the mairies of day one."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from restanque.accounts.perms import MemberRequest, require
from restanque.directory import services
from restanque.directory.duplicates import likely_duplicates
from restanque.directory.models import Organisation
from restanque.directory.perms import can_edit_directory, get_organisation_for
from restanque.directory.views.pages import sections, trail
from restanque.kit.forms import render_form
from restanque.kit.text import plural
from restanque.territories.models import Territory


@require(can_edit_directory)
def duplicates(request: MemberRequest) -> HttpResponse:
    """Pairs of records that may be the same organisation."""
    visible = Organisation.objects.visible_to(request.membership).active()
    pairs = likely_duplicates(visible.select_related("commune"))
    context = {"pairs": pairs, "trail": trail(), "sections": sections(request, may_edit=True)}
    return render(request, "directory/duplicates.html", context)


@require(can_edit_directory)
def merge(request: MemberRequest, pk: int, other: int) -> HttpResponse:
    """Make one organisation of two: what stays and what moves is shown first."""
    kept = get_organisation_for(request, pk)
    absorbed = get_organisation_for(request, other)
    if kept.pk == absorbed.pk:
        raise Http404
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            merged = services.merge_organisations(kept=kept, absorbed=absorbed)
        except services.MergeError as error:
            form.add_error(None, str(error))
            kept, absorbed = (get_organisation_for(request, key) for key in (pk, other))
        else:
            messages.success(request, f"« {absorbed} » est fusionnée dans cette fiche.")
            return redirect(merged)
    return render_form(
        request,
        "directory/merge.html",
        form,
        title="Fusionner deux fiches",
        trail=trail(("Doublons", reverse("directory:duplicates"))),
        kept=kept,
        absorbed=absorbed,
        rows=_side_by_side(kept, absorbed),
        submit="Fusionner",
        back=reverse("directory:duplicates"),
    )


def _side_by_side(kept: Organisation, absorbed: Organisation) -> list[tuple[str, str, str]]:
    """What each record says, and how many things hang on it."""

    def words(organisation: Organisation) -> dict[str, str]:
        tags = ", ".join(tag.name for tag in organisation.tags.all())
        return {
            "Nature": str(organisation.get_kind_display()),
            "Commune": str(organisation.commune or ""),
            "SIRET": organisation.siret_display,
            "Adresse": organisation.address,
            "Téléphone": organisation.phone,
            "Courriel": organisation.email,
            "Étiquettes": tags,
            "Contacts": str(organisation.contacts.count()),
            "Cantines": str(organisation.canteens.count()),
            "Certifications": str(organisation.certifications.count()),
            "Source": organisation.source,
        }

    stays, goes = words(kept), words(absorbed)
    return [(label, stays[label], goes[label]) for label in stays]


class TownHallsForm(forms.Form):
    """Which territory's mairies to add."""

    territory = forms.ModelChoiceField(
        label="Territoire", queryset=Territory.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, request: MemberRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Territory]", self.fields["territory"])
        field.queryset = Territory.objects.visible_to(request.membership)


@require(can_edit_directory)
def town_halls(request: MemberRequest) -> HttpResponse:
    """Add the mairies of a territory from the directory of the administration."""
    form = TownHallsForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        report = services.populate_town_halls(
            workspace=request.membership.workspace, territory=form.cleaned_data["territory"]
        )
        messages.success(request, _sentence(report))
        return redirect(f"{reverse('directory:organisations')}?kind=mairie")
    return render_form(
        request,
        "kit/form_page.html",
        form,
        title="Ajouter les mairies du territoire",
        lede="Adresse, téléphone, horaires et adresse électronique générique viennent de "
        "l’annuaire de l’administration (DILA). Une mairie déjà présente garde ce que vous y avez "
        "écrit : seules ses cases vides sont remplies.",
        trail=trail(),
        submit="Ajouter les mairies",
        back=reverse("directory:organisations"),
    )


def _sentence(report: services.TownHallReport) -> str:
    parts = [plural(report.created, "mairie ajoutée", "mairies ajoutées")]
    if report.completed:
        parts.append(plural(report.completed, "complétée"))
    if report.unchanged:
        parts.append(plural(report.unchanged, "inchangée"))
    sentence = ", ".join(parts) + "."
    if report.without_email:
        names = ", ".join(report.without_email)
        sentence += f" Sans adresse électronique : {names}."
    return sentence
