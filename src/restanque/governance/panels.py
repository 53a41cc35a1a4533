"""What the room shows on pages of others: « Cette semaine », an organisation; calendars."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.core import purge
from restanque.directory.models import Organisation
from restanque.governance.convening import Reading as Convocation
from restanque.governance.models import Body, Mandate, Sitting
from restanque.governance.perms import can_view_governance
from restanque.governance.reading import scan
from restanque.governance.services.bodies import purge_addresses
from restanque.kit import slots
from restanque.kit.slots import Panel
from restanque.kit.text import format_date, plural
from restanque.work import calendars
from restanque.work.calendars import CalendarDate

#: A sitting is shown once its last day of dispatch, or itself, is this near.
SOON = timedelta(days=30)
MOST = 5


def register() -> None:
    """Tell the pages of others what the room shows there, and what it erases."""
    slots.register("home", "governance.sittings", order=12, provider=sittings)
    slots.register("organisation", "governance.mandates", order=60, provider=representatives)
    calendars.register("governance.sittings", member_dates)
    purge.register("governance.addresses", purge_addresses)


def sittings(request: HttpRequest, subject: Membership) -> Panel | None:
    """The sittings to come whose convocation must leave within 30 days, the nearest first."""
    if not can_view_governance(subject):
        return None
    today = timezone.localdate()
    coming = Sitting.objects.visible_to(subject).coming().filter(starts_at__gte=timezone.now())
    rows: list[tuple[Sitting, Convocation, int]] = []
    for one in coming.to_scan().order_by("starts_at", "pk")[: 4 * MOST]:
        found = scan(one, today).convocation
        limit = found.last_dispatch or one.day
        if limit - today <= SOON:
            rows.append((one, found, (limit - today).days))
    if not rows:
        return None
    context: dict[str, Any] = {
        "rows": rows[:MOST],
        "count": plural(len(rows), "séance"),
        "link_url": reverse("governance:list"),
        "link_label": "Toutes les séances",
        "fictitious": any(one.fictitious or one.body.fictitious for one, *_ in rows),
    }
    return Panel("Séances à convoquer", "governance/panels/home.html", context, "seances")


def representatives(request: HttpRequest, subject: Organisation) -> Panel | None:
    """Who represents an organisation in the bodies that the member may see."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    if not can_view_governance(membership):
        return None
    rows = list(
        Mandate.objects.filter(represents=subject, body__in=Body.objects.visible_to(membership))
        .in_office(timezone.localdate())
        .select_related("body")
        .ranked()
    )
    if not rows:
        return None
    context = {"rows": rows, "count": len(rows)}
    return Panel("Dans les instances", "governance/panels/organisation.html", context, "instances")


def member_dates(membership: Membership, today: date) -> Iterator[CalendarDate]:
    """The sittings of a member's calendar, and the last day to send each convocation."""
    if not can_view_governance(membership):
        return
    rows = Sitting.objects.visible_to(membership).exclude(state="cancelled")
    since = timezone.now() - timedelta(days=90)
    for one in rows.filter(starts_at__gte=since).to_scan().order_by("starts_at", "pk"):
        invented = one.fictitious or one.body.fictitious
        yield CalendarDate(
            uid=f"sitting/{one.pk}",
            day=one.day,
            title=one.body.name,
            description=one.place,
            path=one.get_absolute_url(),
            fictitious=invented,
            starts_at=one.starts_at,
        )
        found = scan(one, today).convocation
        if found.found is None or found.verdict.value != "to_send":
            continue
        rule = found.found.derivation
        yield CalendarDate(
            uid=f"sitting/{one.pk}/dispatch",
            day=found.found.last_dispatch,
            title=f"Dernier jour pour convoquer : {one.body.name} du {format_date(one.day)}",
            description=f"{rule.article}. {rule.rule.consequence}",
            path=reverse("governance:convocation", args=[one.pk]),
            fictitious=invented,
        )
