"""Certificates of an organisation and their proof."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from restanque.accounts.perms import MemberRequest, require
from restanque.core import files
from restanque.directory import services
from restanque.directory.forms import CertificationForm
from restanque.directory.models import Certification, Organisation
from restanque.directory.nomenclature import Sign
from restanque.directory.perms import (
    can_edit_directory,
    can_view_directory,
    get_certification_for,
    get_organisation_for,
)
from restanque.directory.views.pages import trail
from restanque.kit.forms import render_form, submitted


@require(can_edit_directory)
def certification_add(request: MemberRequest, pk: int) -> HttpResponse:
    """Record a sign an organisation carries."""
    organisation = get_organisation_for(request, pk)
    form = CertificationForm(
        request.POST or None,
        request.FILES or None,
        instance=Certification(organisation=organisation),
    )
    if request.method == "POST":
        added = submitted(
            form,
            lambda data: services.add_certification(organisation=organisation, **_values(data)),
        )
        if added is not None:
            messages.success(request, f"{added} : la certification est enregistrée.")
            return redirect(organisation)
    return _page(request, form, organisation, f"Ajouter une certification à « {organisation} »")


@require(can_edit_directory)
def certification_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct a certificate, replace its proof, or (button) erase it."""
    certification = get_certification_for(request, pk)
    organisation = certification.organisation
    if request.method == "POST" and "erase" in request.POST:
        services.delete_certification(certification=certification)
        messages.success(request, "La certification est effacée, avec sa preuve.")
        return redirect(organisation)
    form = CertificationForm(request.POST or None, request.FILES or None, instance=certification)
    if request.method == "POST":
        changed = submitted(
            form,
            lambda data: services.update_certification(
                certification=get_certification_for(request, pk), **_values(data)
            ),
        )
        if changed is not None:
            messages.success(request, "La certification est enregistrée.")
            return redirect(organisation)
    return _page(
        request, form, organisation, f"Modifier « {certification} »", certification=certification
    )


@require(can_view_directory)
def certification_proof(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Download the proof."""
    certification = get_certification_for(request, pk)
    if not certification.proof:
        raise Http404
    return files.serve(certification.proof, name=certification.proof_name)


def _values(data: dict[str, Any]) -> dict[str, Any]:
    """The form's values as the services take them; no new file keeps the one there is."""
    proof = data.pop("proof", None)
    if hasattr(proof, "content_type"):
        data["proof"] = proof
    return {**data, "sign": Sign(data["sign"])}


def _page(
    request: MemberRequest,
    form: CertificationForm,
    organisation: Organisation,
    title: str,
    **context: Any,
) -> HttpResponse:
    return render_form(
        request,
        "directory/certification_form.html",
        form,
        title=title,
        lede="Le signe porté et ce qui le prouve. Une marque comme « Lou Pan d’Ici » n’est pas un "
        "signe officiel : posez une étiquette.",
        trail=trail((organisation.name, organisation.get_absolute_url())),
        back=organisation.get_absolute_url(),
        **context,
    )
