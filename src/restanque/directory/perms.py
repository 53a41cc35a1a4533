"""Who may see and change the directory."""

from django.shortcuts import get_object_or_404

from restanque.accounts.models import Membership
from restanque.accounts.perms import MemberRequest, can_read, can_write
from restanque.directory.models import Canteen, Certification, Contact, Organisation
from restanque.directory.scope import covers_commune
from restanque.territories.models import Commune


def can_view_directory(membership: Membership) -> bool:
    """To consult the directory, one must read the workspace; partners do not."""
    return can_read(membership)


def can_edit_directory(membership: Membership) -> bool:
    """To change the directory, one must be administrator or agent of the workspace.

    Each record must besides be visible to the member (the getters below), and stay in a commune
    the member covers (`can_place_in`).
    """
    return can_write(membership)


def can_place_in(membership: Membership, commune: Commune | None) -> bool:
    """To put a record in a commune, one must cover it; in none, the whole workspace."""
    return can_edit_directory(membership) and covers_commune(membership, commune)


def can_import_directory(membership: Membership) -> bool:
    """To import into the directory, one must edit it and cover the whole workspace.

    A file may name any commune: somebody limited to one territory would change what they cannot
    see.
    """
    return can_edit_directory(membership) and membership.all_territories


def get_organisation_for(request: MemberRequest, pk: int) -> Organisation:
    """The organisation, if this member may see it; 404 otherwise."""
    return get_object_or_404(
        Organisation.objects.visible_to(request.membership).select_related(
            "commune__epci", "parent", "workspace"
        ),
        pk=pk,
    )


def get_contact_for(request: MemberRequest, pk: int) -> Contact:
    """The contact, if this member may see its organisation; 404 otherwise."""
    return get_object_or_404(
        Contact.objects.visible_to(request.membership).select_related("organisation"), pk=pk
    )


def get_canteen_for(request: MemberRequest, pk: int) -> Canteen:
    """The canteen, if this member may see it; 404 otherwise."""
    return get_object_or_404(
        Canteen.objects.visible_to(request.membership).select_related(
            "commune__epci", "organisation", "workspace"
        ),
        pk=pk,
    )


def get_certification_for(request: MemberRequest, pk: int) -> Certification:
    """The certificate, if this member may see its organisation; 404 otherwise."""
    return get_object_or_404(
        Certification.objects.visible_to(request.membership).select_related("organisation"), pk=pk
    )
