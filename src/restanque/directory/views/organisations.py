"""Pages of one organisation: its page, its forms, its archive."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.directory import services
from restanque.directory.forms import OrganisationForm
from restanque.directory.models import Canteen, Organisation, Tag
from restanque.directory.nomenclature import Kind
from restanque.directory.perms import (
    can_edit_directory,
    can_view_directory,
    get_organisation_for,
)
from restanque.directory.reach import recipients_for
from restanque.directory.views.pages import suggestions, trail
from restanque.kit import links, slots
from restanque.kit.forms import render_form, submitted


@require(can_view_directory)
def organisation(request: MemberRequest, pk: int) -> HttpResponse:
    """What the team knows of one organisation."""
    subject = get_organisation_for(request, pk)
    seen = Organisation.objects.visible_to(request.membership)
    kept = seen.filter(absorbed=subject).first()
    if kept is not None:
        # Old links keep working; a member who does not see the other stays here.
        messages.info(request, f"« {subject} » a été fusionnée dans cette fiche.")
        return redirect(kept)
    today = timezone.localdate()
    visible = Canteen.objects.visible_to(request.membership).active()
    context = {
        "organisation": subject,
        "lede": _lede(subject),
        "trail": trail(),
        "contacts": subject.contacts.all(),
        "recipients": recipients_for(subject),
        "canteens": visible.filter(organisation=subject).select_related("commune"),
        "certifications": [(c, c.is_valid_on(today)) for c in subject.certifications.all()],
        "children": seen.active().filter(parent=subject),
        "parent": seen.filter(children=subject).first(),
        "tags": subject.tags.all(),
        "panels": slots.panels("organisation", request, subject),
        "may_edit": can_edit_directory(request.membership),
        "commune_url": links.url_of("commune", subject.commune_id) if subject.commune_id else None,
    }
    return render(request, "directory/organisation.html", context)


@require(can_edit_directory)
def organisation_create(request: MemberRequest) -> HttpResponse:
    """Add an organisation; the address may preset its kind and commune."""
    initial = {key: request.GET[key] for key in ("kind", "commune", "name") if key in request.GET}
    form = OrganisationForm(
        request.POST or None,
        initial=initial,
        instance=Organisation(workspace=request.membership.workspace),
        membership=request.membership,
    )
    if request.method == "POST":
        created = submitted(
            form,
            lambda data: services.create_organisation(
                workspace=request.membership.workspace, **_values(request, data)
            ),
        )
        if created is not None:
            messages.success(request, f"« {created} » est dans l’annuaire.")
            return redirect(created)
    return _form(request, form, "Ajouter une organisation", reverse("directory:organisations"))


@require(can_edit_directory)
def organisation_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct an organisation."""
    subject = get_organisation_for(request, pk)
    form = OrganisationForm(request.POST or None, instance=subject, membership=request.membership)
    if request.method == "POST":
        changed = submitted(
            form,
            lambda data: services.update_organisation(
                organisation=get_organisation_for(request, pk), **_values(request, data)
            ),
        )
        if changed is not None:
            messages.success(request, "La fiche est enregistrée.")
            return redirect(changed)
    return _form(request, form, f"Modifier « {subject} »", subject.get_absolute_url())


@require(can_edit_directory)
@require_POST
def organisation_archive(request: MemberRequest, pk: int) -> HttpResponse:
    """Take an organisation out of lists and sendings; it can be brought back."""
    subject = services.archive_organisation(organisation=get_organisation_for(request, pk))
    messages.success(request, f"« {subject} » est archivée : elle ne recevra plus rien.")
    return redirect(subject)


@require(can_edit_directory)
@require_POST
def organisation_restore(request: MemberRequest, pk: int) -> HttpResponse:
    """Bring an archived organisation back."""
    subject = services.restore_organisation(organisation=get_organisation_for(request, pk))
    messages.success(request, f"« {subject} » est de nouveau dans l’annuaire.")
    return redirect(subject)


@require(can_edit_directory)
@require_POST
def organisation_checked(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that the record is right today."""
    subject = get_organisation_for(request, pk)
    services.mark_checked(organisations=[subject], on=timezone.localdate())
    messages.success(request, "La fiche est marquée comme vérifiée aujourd’hui.")
    return redirect(subject)


def _lede(subject: Organisation) -> str:
    """What it is, where, and how to reach it, in one sentence."""
    place = subject.commune.name if subject.commune is not None else ""
    what = ", ".join(part for part in (str(subject.get_kind_display()), place) if part)
    return f"{what}. Téléphone : {subject.phone}." if subject.phone else f"{what}."


def _values(request: MemberRequest, data: dict[str, Any]) -> dict[str, Any]:
    """The form's values as the services take them."""
    names = data.pop("new_tags")
    tags = list(data.pop("tags", Tag.objects.none()))
    workspace = request.membership.workspace
    tags += [services.get_or_create_tag(workspace=workspace, name=name) for name in names]
    for axis in ("longitude", "latitude"):
        data[axis] = float(data[axis]) if isinstance(data[axis], Decimal) else None
    return {**data, "kind": Kind(data["kind"]), "tags": tags}


def _form(request: MemberRequest, form: OrganisationForm, title: str, back: str) -> HttpResponse:
    visible = Organisation.objects.visible_to(request.membership).active()
    return render_form(
        request,
        "directory/form.html",
        form,
        title=title,
        trail=trail(),
        back=back,
        **suggestions(request.membership, visible),
    )
