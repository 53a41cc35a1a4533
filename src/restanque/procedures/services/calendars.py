"""Writes on the calendars that other programs subscribe to."""

from django.db import transaction

from restanque.procedures.models import CalendarFeed
from restanque.procedures.services.saving import save
from restanque.territories.models import Territory


@transaction.atomic
def open_feed(*, territory: Territory) -> CalendarFeed:
    """Give a territory's calendar an address; opened again, it is a new one."""
    feed = CalendarFeed.objects.select_for_update().filter(territory=territory).first()
    if feed is None:
        return save(CalendarFeed(territory=territory))
    feed.generation, feed.opened = feed.generation + 1, True
    return save(feed, reason="adresse renouvelée")


@transaction.atomic
def close_feed(*, territory: Territory) -> None:
    """No address of the territory's calendar opens any more."""
    feed = CalendarFeed.objects.select_for_update().filter(territory=territory, opened=True).first()
    if feed is not None:
        feed.opened = False
        save(feed, reason="fermé")
