"""Writes on contacts."""

from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction

from restanque.directory.models import Contact, Organisation
from restanque.directory.services.saving import assign, erase_history, save
from restanque.directory.services.silence import tell_outbox


class ContactFields(TypedDict, total=False):
    """What may be written of a contact besides its name."""

    function: str
    email: str
    phone: str
    is_personal: bool
    purpose: str
    purge_on: date | None
    consent_on: date | None
    do_not_contact: bool
    do_not_contact_on: date | None
    do_not_contact_reason: str
    fictitious: bool


class ContactChanges(ContactFields, total=False):
    """What may be changed of a contact."""

    full_name: str


@transaction.atomic
def add_contact(
    *,
    organisation: Organisation,
    full_name: str,
    reason: str = "",
    **fields: Unpack[ContactFields],
) -> Contact:
    """A new contact. A person needs `purpose` and `purge_on` (ValidationError otherwise)."""
    contact = Contact(organisation=organisation)
    assign(contact, {"full_name": full_name, **fields})
    save(contact, reason=reason)
    tell_outbox(contact, workspace=organisation.workspace, was_silent=False)
    return contact


@transaction.atomic
def update_contact(
    *, contact: Contact, reason: str = "", **changes: Unpack[ContactChanges]
) -> Contact:
    """Change some fields of a contact."""
    was_silent = contact.do_not_contact
    save(assign(contact, changes), reason=reason)
    tell_outbox(contact, workspace=contact.organisation.workspace, was_silent=was_silent)
    return contact


@transaction.atomic
def delete_contact(*, contact: Contact) -> None:
    """Erase a contact and its history: a right of the person, and what purging does."""
    pk = contact.pk
    contact.delete()
    erase_history(contact, pk)
