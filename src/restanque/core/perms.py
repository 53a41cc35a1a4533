"""Who may see and do what in the room: one function a thing, its rule in the docstring."""

from django.db.models import Q, QuerySet

from restanque.accounts.models import Membership
from restanque.accounts.perms import can_administer, can_read, can_write
from restanque.core.models import ImportRun, Job, Notification, OutgoingMessage, SavedView

__all__ = [
    "can_administer",
    "can_import",
    "can_read",
    "can_read_outbox",
    "can_release",
    "can_see_jobs",
    "is_member",
    "own_notifications",
    "own_saved_views",
    "visible_jobs",
    "visible_messages",
    "visible_runs",
]


def is_member(membership: Membership) -> bool:
    """Anyone with a current membership, partners included: for one's own things."""
    return True


def can_read_outbox(membership: Membership) -> bool:
    """To read what the team wrote, and to send a trial to oneself, one must write for it.

    Administrators and agents; not readers nor partners, as messages name contacts.
    """
    return can_write(membership)


def can_release(membership: Membership) -> bool:
    """To let held messages go, send one again, or lift an objection, one must be administrator."""
    return can_administer(membership)


def can_see_jobs(membership: Membership) -> bool:
    """To see jobs at all, one must be a reader at least; which ones: `visible_jobs`."""
    return can_read(membership)


def can_import(membership: Membership) -> bool:
    """To import files, one must write for the team; each importer may ask for more."""
    return can_write(membership)


def visible_messages(membership: Membership) -> QuerySet[OutgoingMessage]:
    """The workspace's messages; for administrators, also the codes sent to its members.

    Not to those who work elsewhere too: an administrator could add anybody's address, then see
    and withdraw codes that open another team's door.

    A message does not say which territory it is about: who does not cover the whole workspace
    sees only what was written to them. A code's text is another matter: see `views.mail.message`.
    """
    seen = Q(workspace=membership.workspace)
    if not membership.all_territories:
        seen &= Q(to_email=membership.user.email)
    if can_administer(membership):
        everybody = Membership.objects.active()
        elsewhere = everybody.exclude(workspace=membership.workspace)
        members = everybody.filter(workspace=membership.workspace).exclude(
            user__in=elsewhere.values("user")
        )
        seen |= Q(workspace__isnull=True, to_email__in=members.values("user__email"))
    return OutgoingMessage.objects.filter(seen)


def visible_jobs(membership: Membership) -> QuerySet[Job]:
    """One's own jobs; all of the workspace's for administrators.

    A result may hold what only its requester's territories allow to see.
    """
    jobs = Job.objects.filter(workspace=membership.workspace)
    return jobs if can_administer(membership) else jobs.filter(requested_by=membership.user)


def visible_runs(membership: Membership) -> QuerySet[ImportRun]:
    """The workspace's imports, for who covers all of it; else one's own only.

    A file may name things of any territory.
    """
    runs = ImportRun.objects.filter(workspace=membership.workspace)
    return runs if membership.all_territories else runs.filter(created_by=membership.user)


def own_notifications(membership: Membership) -> QuerySet[Notification]:
    """One's own notices, in this workspace."""
    return Notification.objects.filter(membership=membership)


def own_saved_views(membership: Membership) -> QuerySet[SavedView]:
    """The views one may delete: one's own; all shared ones of the workspace for administrators."""
    own = Q(user=membership.user)
    if can_administer(membership):
        own |= Q(shared=True)
    return SavedView.objects.filter(own, workspace=membership.workspace)
