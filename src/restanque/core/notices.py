"""Short notices to a member: something is ready, or awaits them."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.core.models import Notification


@transaction.atomic
def notify(*, membership: Membership, text: str, url: str = "") -> Notification:
    """Leave a notice; `url` is a path of ours, opened when the notice is read."""
    notice = Notification(membership=membership, text=text[:300], url=url)
    notice.full_clean()
    notice.save()
    return notice


def unread_notifications(membership: Membership) -> Iterable[Notification]:
    """What a member has not read yet, newest first."""
    return Notification.objects.filter(membership=membership, read_at__isnull=True)


@transaction.atomic
def mark_read(*, notification: Notification) -> None:
    """Read: it leaves the home page. Doing it twice changes nothing."""
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(
        read_at=timezone.now()
    )
