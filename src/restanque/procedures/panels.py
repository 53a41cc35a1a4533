"""What the room shows on pages of others: « Cette semaine »."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.kit import slots
from restanque.kit.slots import Panel
from restanque.kit.text import plural
from restanque.procedures.models import Procedure
from restanque.procedures.perms import can_view_procedures
from restanque.procedures.reading import SOON, Deadline, Reading

#: More would hide the rest of the week: the list of procedures has them all.
MOST = 6


def register() -> None:
    """Tell the home page what the room shows there."""
    slots.register("home", "procedures.deadlines", order=10, provider=deadlines)


def deadlines(request: HttpRequest, subject: Membership) -> Panel | None:
    """Statutory dates within 60 days whose clock runs, and those just passed without their act.

    Never a date without its article and what happens if it is missed.
    """
    if not can_view_procedures(subject):
        return None
    today = timezone.localdate()
    found: list[tuple[Procedure, Deadline]] = []
    for procedure in Procedure.objects.visible_to(subject).running().to_scan():
        reading = Reading(procedure, today)
        found += [(procedure, one) for one in reading.firm_deadlines if one.left <= SOON.days]
    if not found:
        return None
    found.sort(key=lambda pair: (pair[1].day, pair[0].pk))
    context: dict[str, Any] = {
        "rows": found[:MOST],
        "more": max(0, len(found) - MOST),
        "count": plural(len(found), "date"),
        "link_url": reverse("procedures:list"),
        "link_label": "Toutes les procédures",
        "fictitious": any(procedure.fictitious for procedure, _ in found),
    }
    return Panel(
        "Échéances légales des procédures", "procedures/panels/home.html", context, "echeances"
    )
