"""Writes on organisations."""

from collections.abc import Iterable
from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction

from restanque.accounts.models import Workspace
from restanque.directory.models import Organisation, Tag
from restanque.directory.nomenclature import Kind
from restanque.directory.services.saving import assign, save
from restanque.directory.services.silence import tell_outbox
from restanque.territories.models import Commune


class OrganisationFields(TypedDict, total=False):
    """What may be written of an organisation besides its kind and name."""

    siret: str
    commune: Commune | None
    address: str
    postal_code: str
    phone: str
    email: str
    website: str
    opening_hours: str
    longitude: float | None
    latitude: float | None
    parent: Organisation | None
    notes: str
    source: str
    checked_on: date | None
    is_sole_trader: bool
    purpose: str
    purge_on: date | None
    do_not_contact: bool
    do_not_contact_on: date | None
    do_not_contact_reason: str
    fictitious: bool


class OrganisationChanges(OrganisationFields, total=False):
    """What may be changed of an organisation."""

    kind: Kind
    name: str


@transaction.atomic
def create_organisation(
    *,
    workspace: Workspace,
    kind: Kind,
    name: str,
    tags: Iterable[Tag] = (),
    reason: str = "",
    **fields: Unpack[OrganisationFields],
) -> Organisation:
    """A new organisation. Raises ValidationError, keyed by field, in French."""
    organisation = Organisation(workspace=workspace, kind=kind)
    assign(organisation, {"name": name, **fields})
    save(organisation, reason=reason)
    tell_outbox(organisation, workspace=workspace, was_silent=False)
    organisation.tags.set(tags)
    return organisation


@transaction.atomic
def update_organisation(
    *,
    organisation: Organisation,
    tags: Iterable[Tag] | None = None,
    reason: str = "",
    **changes: Unpack[OrganisationChanges],
) -> Organisation:
    """Change some fields; `tags` replaces them all, None leaves them alone."""
    was_silent = organisation.do_not_contact
    save(assign(organisation, changes), reason=reason)
    tell_outbox(organisation, workspace=organisation.workspace, was_silent=was_silent)
    if tags is not None:
        organisation.tags.set(tags)
    return organisation


@transaction.atomic
def archive_organisation(*, organisation: Organisation, reason: str = "") -> Organisation:
    """Take it out of lists and sendings; nothing is deleted, its links stay."""
    organisation.active = False
    return save(organisation, reason=reason or "archivée")


@transaction.atomic
def restore_organisation(*, organisation: Organisation) -> Organisation:
    """Bring an archived organisation back; a merged one becomes separate again."""
    organisation.active = True
    organisation.merged_into = None
    return save(organisation, reason="remise en service")


@transaction.atomic
def mark_checked(*, organisations: Iterable[Organisation], on: date) -> int:
    """Somebody made sure that these records are right; how many were marked."""
    count = 0
    for organisation in organisations:
        organisation.checked_on = on
        save(organisation, reason="vérifiée")
        count += 1
    return count
