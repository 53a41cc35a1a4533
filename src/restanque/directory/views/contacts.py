"""Contacts of an organisation: add, correct, erase."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from restanque.accounts.perms import MemberRequest, require
from restanque.directory import services
from restanque.directory.forms import ContactForm
from restanque.directory.models import Contact, Organisation
from restanque.directory.perms import can_edit_directory, get_contact_for, get_organisation_for
from restanque.directory.views.pages import trail
from restanque.kit.forms import render_form, submitted

PAGE = "directory/contact_form.html"


@require(can_edit_directory)
def contact_add(request: MemberRequest, pk: int) -> HttpResponse:
    """Add a person or a service to an organisation."""
    organisation = get_organisation_for(request, pk)
    form = ContactForm(request.POST or None, instance=Contact(organisation=organisation))
    if request.method == "POST":
        contact = submitted(
            form, lambda data: services.add_contact(organisation=organisation, **data)
        )
        if contact is not None:
            messages.success(request, f"{contact} est dans les contacts.")
            return redirect(organisation)
    return _page(request, form, organisation, f"Ajouter un contact à « {organisation} »")


@require(can_edit_directory)
def contact_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct a contact."""
    contact = get_contact_for(request, pk)
    form = ContactForm(request.POST or None, instance=contact)
    if request.method == "POST":
        changed = submitted(
            form,
            lambda data: services.update_contact(contact=get_contact_for(request, pk), **data),
        )
        if changed is not None:
            messages.success(request, "Le contact est enregistré.")
            return redirect(contact.organisation)
    title = f"Modifier « {contact} »"
    return _page(request, form, contact.organisation, title, contact=contact)


@require(can_edit_directory)
def contact_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Erase a contact and its history, after a page that says so."""
    contact = get_contact_for(request, pk)
    organisation = contact.organisation
    if request.method == "POST":
        services.delete_contact(contact=contact)
        messages.success(request, "Le contact est effacé, historique compris.")
        return redirect(organisation)
    return render_form(
        request,
        "directory/confirm.html",
        ContactForm(instance=contact),
        title=f"Effacer « {contact} » ?",
        lede="Le contact et son historique disparaissent, sans retour possible. Les réponses et "
        "les échanges de l’organisation restent.",
        trail=trail((organisation.name, organisation.get_absolute_url())),
        submit="Effacer le contact",
        back=organisation.get_absolute_url(),
        danger=True,
    )


def _page(
    request: MemberRequest,
    form: ContactForm,
    organisation: Organisation,
    title: str,
    **context: Any,
) -> HttpResponse:
    return render_form(
        request,
        PAGE,
        form,
        title=title,
        trail=trail((organisation.name, organisation.get_absolute_url())),
        back=organisation.get_absolute_url(),
        **context,
    )
