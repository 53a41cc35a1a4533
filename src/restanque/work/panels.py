"""What the room shows on pages of others: « Cette semaine », and the tasks about any page."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.accounts.perms import can_read
from restanque.kit import slots
from restanque.kit.slots import Panel
from restanque.kit.text import plural
from restanque.work.links import add_url
from restanque.work.models import Task
from restanque.work.perms import can_edit_tasks

#: More would hide the rest of the week: the list has them all.
MOST = 8


def register() -> None:
    """Tell the home page what the room shows there."""
    slots.register("home", "work.tasks", order=15, provider=my_week)


def my_week(request: HttpRequest, subject: Membership) -> Panel | None:
    """One's own open tasks that are late, due by Sunday, or begun and without a date due."""
    today = timezone.localdate()
    sunday = today + timedelta(days=6 - today.weekday())
    mine = Task.objects.visible_to(subject).of(subject).open()
    due = mine.filter(Q(due_on__lte=sunday) | Q(due_on__isnull=True, starts_on__lte=today))
    found = list(due.select_related("pilot").order_by("due_on", "priority", "pk"))
    if not found:
        return None
    context: dict[str, Any] = {
        "rows": _with_lateness(found[:MOST], today),
        "more": max(0, len(found) - MOST),
        "count": plural(len(found), "tâche"),
        "may_advance": can_edit_tasks(subject),
        "link_url": f"{reverse('work:tasks')}?pilot=moi",
        "link_label": "Toutes mes tâches",
        "fictitious": any(task.fictitious for task in found),
    }
    return Panel("Ma semaine", "work/panels/home.html", context, "ma-semaine")


def tasks_about(
    request: HttpRequest, subject_path: str, label: str, *, territory: int | None = None
) -> Panel | None:
    """The tasks about a page of a higher room, and the link that adds one; call it from there.

    `territory`: key of the territory that a task added from there belongs to. None for a partner,
    and for a reader when there is no task. Open ones first, by date.
    """
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None or not can_read(membership):
        return None
    found = Task.objects.visible_to(membership).about(membership.workspace, subject_path)
    rows = sorted(found.to_show(), key=lambda task: not task.is_open)
    may_edit = can_edit_tasks(membership)
    if not rows and not may_edit:
        return None
    context = {
        "tasks": _with_lateness(rows, timezone.localdate()),
        "add_url": add_url(subject_path, label, territory=territory) if may_edit else "",
        "fictitious": any(task.fictitious for task in rows),
    }
    return Panel("Tâches", "work/panels/about.html", context, "taches", "aside")


def _with_lateness(tasks: list[Task], today: date) -> list[tuple[Task, bool]]:
    return [(task, task.is_late(today)) for task in tasks]
