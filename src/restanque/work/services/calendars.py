"""Writes on the calendar that a member's own programs subscribe to."""

from django.db import transaction

from restanque.accounts.models import Membership
from restanque.work.models import MemberFeed
from restanque.work.services.saving import save


@transaction.atomic
def open_feed(*, membership: Membership) -> MemberFeed:
    """Give a member's calendar an address; opened again, it is a new one."""
    feed = MemberFeed.objects.select_for_update().filter(membership=membership).first()
    if feed is None:
        return save(MemberFeed(membership=membership))
    feed.generation, feed.opened = feed.generation + 1, True
    return save(feed, reason="adresse renouvelée")


@transaction.atomic
def close_feed(*, membership: Membership) -> None:
    """No address of the member's calendar opens any more."""
    feed = MemberFeed.objects.select_for_update().filter(membership=membership, opened=True).first()
    if feed is not None:
        feed.opened = False
        save(feed, reason="fermé")
