"""Pages of one canteen."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.directory import services
from restanque.directory.forms import CanteenForm
from restanque.directory.models import Canteen, Organisation
from restanque.directory.perms import can_edit_directory, can_view_directory, get_canteen_for
from restanque.directory.views.pages import suggestions, trail
from restanque.kit import links, slots
from restanque.kit.forms import render_form, submitted
from restanque.kit.text import record_number


def _trail() -> list[tuple[str, str]]:
    return trail(("Cantines", reverse("directory:canteens")))


@require(can_view_directory)
def canteen(request: MemberRequest, pk: int) -> HttpResponse:
    """What the team knows of one canteen."""
    subject = get_canteen_for(request, pk)
    central = None
    if subject.central_producer_siret:
        central = (
            Canteen.objects.visible_to(request.membership)
            .filter(siret=subject.central_producer_siret)
            .first()
        )
    context = {
        "canteen": subject,
        "lede": _lede(subject),
        "central": central,
        "satellites": Canteen.objects.visible_to(request.membership)
        .active()
        .filter(central_producer_siret=subject.siret)
        if subject.siret
        else Canteen.objects.none(),
        "owner_visible": subject.organisation_id is not None
        and Organisation.objects.visible_to(request.membership)
        .filter(pk=subject.organisation_id)
        .exists(),
        "trail": _trail(),
        "panels": slots.panels("canteen", request, subject),
        "may_edit": can_edit_directory(request.membership),
        "commune_url": links.url_of("commune", subject.commune_id) if subject.commune_id else None,
    }
    return render(request, "directory/canteen.html", context)


@require(can_edit_directory)
def canteen_create(request: MemberRequest) -> HttpResponse:
    """Add a canteen; the address may preset who answers for it."""
    workspace = request.membership.workspace
    instance = Canteen(workspace=workspace)
    owner = record_number(request.GET.get("organisation", ""))
    if owner is not None:
        instance.organisation = (
            Organisation.objects.visible_to(request.membership).filter(pk=owner).first()
        )
        instance.commune = instance.organisation.commune if instance.organisation else None
    form = CanteenForm(request.POST or None, instance=instance, membership=request.membership)
    if request.method == "POST":
        created = submitted(
            form, lambda data: services.create_canteen(workspace=workspace, **_values(data))
        )
        if created is not None:
            messages.success(request, f"« {created} » est dans l’annuaire.")
            return redirect(created)
    return _form(request, form, "Ajouter une cantine", reverse("directory:canteens"))


@require(can_edit_directory)
def canteen_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct a canteen."""
    subject = get_canteen_for(request, pk)
    form = CanteenForm(request.POST or None, instance=subject, membership=request.membership)
    if request.method == "POST":
        changed = submitted(
            form,
            lambda data: services.update_canteen(
                canteen=get_canteen_for(request, pk), **_values(data)
            ),
        )
        if changed is not None:
            messages.success(request, "La fiche est enregistrée.")
            return redirect(changed)
    return _form(request, form, f"Modifier « {subject} »", subject.get_absolute_url())


@require(can_edit_directory)
@require_POST
def canteen_archive(request: MemberRequest, pk: int) -> HttpResponse:
    """Archive a canteen, or bring it back."""
    subject = get_canteen_for(request, pk)
    services.archive_canteen(canteen=subject, active=not subject.active)
    state = "de nouveau en service" if subject.active else "archivée"
    messages.success(request, f"« {subject} » est {state}.")
    return redirect(subject)


def _lede(subject: Canteen) -> str:
    """Whom it feeds, and where."""
    parts = [subject.sector_labels, subject.commune.name if subject.commune is not None else ""]
    sentence = ", ".join(part for part in parts if part)
    return f"{sentence}." if sentence else ""


def _values(data: dict[str, Any]) -> dict[str, Any]:
    """The form's values as the services take them."""
    for axis in ("longitude", "latitude"):
        data[axis] = None if data[axis] is None else float(data[axis])
    return data


def _form(request: MemberRequest, form: CanteenForm, title: str, back: str) -> HttpResponse:
    visible = Organisation.objects.visible_to(request.membership).active()
    return render_form(
        request,
        "directory/form.html",
        form,
        title=title,
        trail=_trail(),
        back=back,
        **suggestions(request.membership, visible),
    )
