"""What the room shows on pages of others: « Cette semaine »."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.kit import slots
from restanque.kit.slots import Panel
from restanque.kit.text import plural
from restanque.procedures.models import Procedure
from restanque.procedures.near import near_dates
from restanque.procedures.perms import can_view_procedures
from restanque.procedures.reading import SOON, Deadline, Reading
from restanque.work import calendars
from restanque.work.budget.panels import budget_about
from restanque.work.calendars import CalendarDate
from restanque.work.panels import tasks_about

#: More would hide the rest of the week: the list of procedures has them all.
MOST = 6


def register() -> None:
    """Tell the home page and the members' calendars what the room shows there."""
    slots.register("home", "procedures.deadlines", order=10, provider=deadlines)
    slots.register("procedure", "work.budget", order=70, provider=budget)
    slots.register("procedure", "procedures.tasks", order=80, provider=tasks)
    calendars.register("procedures.deadlines", member_dates)


def deadlines(request: HttpRequest, subject: Membership) -> Panel | None:
    """Statutory dates within 60 days whose clock runs, and those just passed without their act.

    Never a date without its article and what happens if it is missed.
    """
    if not can_view_procedures(subject):
        return None
    today = timezone.localdate()
    found = near_dates(subject, today)
    if not found:
        return None
    nearest = {one.procedure for one in found[:MOST]}
    context: dict[str, Any] = {
        "rows": _read(Procedure.objects.filter(pk__in=nearest).to_scan(), today)[:MOST],
        "more": max(0, len(found) - MOST),
        "count": plural(len(found), "date"),
        "link_url": reverse("procedures:list"),
        "link_label": "Toutes les procédures",
        "fictitious": any(one.fictitious for one in found),
    }
    return Panel(
        "Échéances légales des procédures", "procedures/panels/home.html", context, "echeances"
    )


def budget(request: HttpRequest, subject: Procedure) -> Panel | None:
    """What the procedure costs, on its page."""
    return budget_about(
        request, subject.get_absolute_url(), subject.name, territory=subject.territory_id
    )


def tasks(request: HttpRequest, subject: Procedure) -> Panel | None:
    """The team's tasks about the procedure, on its page."""
    return tasks_about(
        request, subject.get_absolute_url(), subject.name, territory=subject.territory_id
    )


def member_dates(membership: Membership, today: date) -> Iterator[CalendarDate]:
    """The statutory dates whose clock runs, of the territories a member covers, for their calendar.

    Never a date without its article and what happens if it is missed.
    """
    if not can_view_procedures(membership):
        return
    for procedure in Procedure.objects.visible_to(membership).running().to_scan():
        reading = Reading(procedure, today)
        for one in reading.firm_deadlines:
            rule = one.found.rule
            what = "Réponse attendue" if one.answer else "Dernier jour"
            mark = " [à vérifier]" if rule.to_verify else ""
            yield CalendarDate(
                uid=f"procedure/{procedure.pk}/{one.state.id}/{rule.id}",
                day=one.day,
                title=f"{what} : {one.state.step.label} ({procedure.name})",
                description=f"{one.found.article}{mark} : {rule.title}. "
                f"{one.found.computation}\nSi ce n’est pas fait : {rule.consequence}",
                path=procedure.get_absolute_url(),
                fictitious=reading.is_fictitious,
            )


def _read(procedures: Iterable[Procedure], today: date) -> list[tuple[Procedure, Deadline]]:
    """The near dates of a few procedures, read afresh with all that is shown of them."""
    found = [
        (procedure, one)
        for procedure in procedures
        for one in Reading(procedure, today).firm_deadlines
        if one.left <= SOON.days
    ]
    return sorted(found, key=lambda pair: (pair[1].day, pair[0].pk))
