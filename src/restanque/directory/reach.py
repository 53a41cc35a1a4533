"""Who of an organisation may be written to or called. Reads only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from restanque.accounts.models import Workspace
from restanque.core.models import MailSuppression
from restanque.directory.identifiers import clean_phone
from restanque.directory.models import Contact, Organisation


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who may receive a message for an organisation."""

    name: str
    email: str
    is_personal: bool


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """A number that may be called for an organisation."""

    name: str
    number: str
    is_personal: bool


def recipients_for(organisation: Organisation) -> list[Recipient]:
    """Contacts who may be written to, else the generic address, else nobody.

    Left out: archived organisations, organisations and contacts that asked for silence, and
    addresses the workspace no longer writes to. An address appears once; silence wins over a
    second record of the same address.
    """
    return recipients_by_organisation([organisation])[organisation.pk]


def recipients_by_organisation(
    organisations: Iterable[Organisation],
) -> dict[int, list[Recipient]]:
    """`recipients_for` of many organisations of one workspace, in two queries."""
    subjects = list(organisations)
    contacts: dict[int, list[Contact]] = defaultdict(list)
    for contact in Contact.objects.filter(organisation__in=subjects).exclude(email=""):
        contacts[contact.organisation_id].append(contact)
    suppressed = _suppressed_addresses({subject.workspace_id for subject in subjects})
    return {
        subject.pk: _recipients(subject, contacts[subject.pk], suppressed[subject.workspace_id])
        for subject in subjects
    }


def _suppressed_addresses(workspaces: set[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = MailSuppression.objects.filter(workspace__in=workspaces)
    for workspace, email in rows.values_list("workspace", "email"):
        found[workspace].add(email.lower())
    return found


def _recipients(
    organisation: Organisation, contacts: list[Contact], suppressed: set[str]
) -> list[Recipient]:
    if not organisation.active or organisation.do_not_contact:
        return []
    refused = suppressed | {c.email.lower() for c in contacts if c.do_not_contact}
    found: dict[str, Recipient] = {}
    for contact in contacts:
        address = contact.email.lower()
        if address not in refused:
            found.setdefault(address, Recipient(contact.full_name, address, contact.is_personal))
    generic = organisation.email.lower()
    if not found and generic and generic not in refused:
        found[generic] = Recipient(organisation.name, generic, organisation.is_sole_trader)
    return list(found.values())


def phones_for(organisation: Organisation) -> list[PhoneLine]:
    """Numbers that may be called: the switchboard, then the contacts who did not refuse."""
    if not organisation.active or organisation.do_not_contact:
        return []
    lines: dict[str, PhoneLine] = {}
    if organisation.phone:
        lines[organisation.phone] = PhoneLine(
            organisation.name, organisation.phone, organisation.is_sole_trader
        )
    for contact in organisation.contacts.all():
        if contact.phone and not contact.do_not_contact:
            lines.setdefault(
                contact.phone, PhoneLine(contact.full_name, contact.phone, contact.is_personal)
            )
    return list(lines.values())


def find_by_phone(workspace: Workspace, text: str) -> list[Organisation]:
    """The organisations a number belongs to, by their switchboard or a contact."""
    try:
        number = clean_phone(text)
    except ValueError:
        return []
    if not number:
        return []
    own = Organisation.objects.active().filter(workspace=workspace)
    by_contact = Contact.objects.filter(organisation__in=own, phone=number)
    pks = set(own.filter(phone=number).values_list("pk", flat=True))
    pks |= set(by_contact.values_list("organisation", flat=True))
    return list(own.filter(pk__in=pks))
