"""Every write on users, workspaces and memberships."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from restanque.accounts import leaving
from restanque.accounts.models import Membership, Role, User, Workspace


@transaction.atomic
def create_workspace(
    *,
    name: str,
    data_controller: str = "",
    dpo_contact: str = "",
    contact_email: str = "",
    fictitious: bool = False,
) -> Workspace:
    """A new, empty workspace; its short name is derived from its name and made unique."""
    base = slugify(name)[:50] or "espace"
    slug, rank = base, 1
    while Workspace.objects.filter(slug=slug).exists():
        rank += 1
        slug = f"{base}-{rank}"
    workspace = Workspace(
        name=name,
        slug=slug,
        data_controller=data_controller,
        dpo_contact=dpo_contact,
        contact_email=contact_email,
        fictitious=fictitious,
    )
    workspace.full_clean()
    workspace.save()
    return workspace


@transaction.atomic
def add_member(
    *,
    workspace: Workspace,
    email: str,
    role: Role,
    full_name: str = "",
    job_title: str = "",
    all_territories: bool | None = None,
    fictitious: bool = False,
) -> Membership:
    """Give a person a role in a workspace, creating the account when the address is new.

    Without `all_territories`, everyone but a partner covers the whole workspace. A membership
    that had ended starts again.
    """
    address = email.strip().lower()
    user = User.objects.filter(email=address).first()
    if user is None:
        user = User.objects.create_user(address, full_name=full_name, fictitious=fictitious)
    membership = Membership.objects.filter(user=user, workspace=workspace).first()
    if membership is not None and membership.ended_at is None and role != Role.ADMINISTRATOR:
        _keep_an_administrator(membership)
    membership = membership or Membership(user=user, workspace=workspace)
    membership.role = role
    membership.job_title = job_title
    membership.ended_at = None
    membership.all_territories = (
        role != Role.PARTNER if all_territories is None else all_territories
    )
    membership.full_clean()
    membership.save()
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: Role) -> Membership:
    """Change what a member may do. The last administrator keeps the role."""
    if role != Role.ADMINISTRATOR:
        _keep_an_administrator(membership)
    membership.role = role
    if role == Role.PARTNER:
        membership.all_territories = False
    membership.full_clean()
    membership.save(update_fields=["role", "all_territories"])
    return membership


@transaction.atomic
def end_membership(*, membership: Membership) -> None:
    """Close a member's access today; what the person wrote stays. Not the last administrator's."""
    _keep_an_administrator(membership)
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    leaving.run(membership)


@transaction.atomic
def update_workspace(
    *, workspace: Workspace, name: str, data_controller: str, dpo_contact: str, contact_email: str
) -> Workspace:
    """Change what notices and e-mails say of the team."""
    workspace.name = name
    workspace.data_controller = data_controller
    workspace.dpo_contact = dpo_contact
    workspace.contact_email = contact_email
    workspace.full_clean()
    workspace.save()
    return workspace


@transaction.atomic
def update_profile(*, user: User, full_name: str) -> User:
    """Change the name under which colleagues see a user."""
    user.full_name = full_name
    user.full_clean()
    user.save(update_fields=["full_name"])
    return user


class LastAdministratorError(ValueError):
    """A workspace must keep somebody who can manage it."""


def _keep_an_administrator(leaving: Membership) -> None:
    others: Iterable[Membership] = (
        Membership.objects.active()
        .filter(workspace=leaving.workspace, role=Role.ADMINISTRATOR)
        .exclude(pk=leaving.pk)
    )
    if leaving.role == Role.ADMINISTRATOR and not list(others):
        raise LastAdministratorError(
            "L’espace doit garder au moins une personne chargée de l’administration."
        )
