"""Writes on tasks: created, changed, finished, shared, put one after another."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import Membership, Role, User, Workspace
from restanque.territories.models import Territory
from restanque.territories.perms import covers_territory
from restanque.work.links import check_path
from restanque.work.models import Contribution, Priority, Task, TaskLink, TaskState
from restanque.work.models.tasks import OPEN
from restanque.work.services.saving import save


class TaskFields(TypedDict, total=False):
    """What may be changed of a task. Its state has functions of its own."""

    territory: Territory | None
    title: str
    body: str
    pilot: Membership | None
    priority: int
    starts_on: date | None
    due_on: date | None
    effort_days: Decimal | None
    subject_label: str
    subject_path: str


@transaction.atomic
def create_task(
    *,
    workspace: Workspace,
    title: str,
    territory: Territory | None = None,
    body: str = "",
    pilot: Membership | None = None,
    due_on: date | None = None,
    starts_on: date | None = None,
    effort_days: Decimal | None = None,
    priority: int = Priority.NORMAL,
    subject_label: str = "",
    subject_path: str = "",
    by: User | None = None,
    fictitious: bool | None = None,
) -> Task:
    """A new task, to be done. `effort_days`: days of work, None when nobody has estimated it.

    `subject_path` is a page of the product (« /procedures/3/ ») and `subject_label` its name.
    `fictitious` None: as the workspace. ValidationError for a pilot who has left or does not cover
    the territory, dates in the wrong order, a path that is not ours.
    """
    task = Task(
        workspace=workspace,
        created_by=by,
        fictitious=workspace.fictitious if fictitious is None else fictitious,
    )
    return _write(
        task,
        {
            "territory": territory,
            "title": title,
            "body": body,
            "pilot": pilot,
            "priority": priority,
            "starts_on": starts_on,
            "due_on": due_on,
            "effort_days": effort_days,
            "subject_label": subject_label,
            "subject_path": subject_path,
        },
    )


@transaction.atomic
def update_task(*, task: Task, **changes: Unpack[TaskFields]) -> Task:
    """Change what is written of it; what is not named stays."""
    return _write(task, changes)


@transaction.atomic
def set_state(*, task: Task, state: str, on: date | None = None) -> Task:
    """Say where a task is. Finished, it takes the day `on` (None: today); else it has none."""
    if state not in TaskState.values:
        raise ValidationError({"state": "Cet état n’existe pas."})
    task.state = state
    task.done_on = (on or timezone.localdate()) if state == TaskState.DONE else None
    return save(task, reason=f"état : {TaskState(state).label}")


@transaction.atomic
def undo_state(*, task: Task) -> Task:
    """Go back to the state before the last change of state; ValidationError when there is none."""
    before = previous_state(task)
    if before is None:
        raise ValidationError("Cette tâche n’a pas changé d’état.")
    task.state, task.done_on = before
    return save(task, reason="changement d’état annulé")


def previous_state(task: Task) -> tuple[str, date | None] | None:
    """(state, day it ended) before the last change of state; None when it never changed."""
    rows = task.history.order_by("-history_date", "-history_id")
    found: tuple[str, date | None] | None = (
        rows.exclude(state=task.state).values_list("state", "done_on").first()
    )
    return found


@transaction.atomic
def share_effort(*, task: Task, shares: Mapping[Membership, int]) -> None:
    """Who works on it beside the pilot, each for a percentage; replaces what was said before.

    The pilot bears what is left of 100. ValidationError above 100, for a partner (whose time is
    not the team's to plan), for the pilot, for who has left or does not cover the territory.
    """
    if sum(shares.values()) > 100:
        raise ValidationError("Les parts des participants dépassent 100 %.")
    for member in shares:
        _check_member(task, member, "membership")
        if member.role == Role.PARTNER:
            raise ValidationError("Un partenaire ne peut pas être participant, seulement pilote.")
        if member.pk == task.pilot_id:
            raise ValidationError("Le pilote porte déjà le reste de la charge.")
    task.contributions.all().delete()
    for member, percent in shares.items():
        save(Contribution(task=task, membership=member, percent=percent))


@transaction.atomic
def link_tasks(*, before: Task, after: Task) -> TaskLink:
    """`after` will wait for the end of `before`. ValidationError when that makes a circle."""
    if before.workspace_id != after.workspace_id:
        raise ValidationError("Ces deux tâches ne sont pas du même espace.")
    # One writer at a time on the workspace's links: two halves of a circle could cross.
    Workspace.objects.select_for_update().get(pk=before.workspace_id)
    if before.pk == after.pk or before.pk in _followers(after):
        raise ValidationError(
            f"« {before} » attend déjà la fin de « {after} » : l’une ne peut pas précéder l’autre "
            "dans les deux sens."
            if before.pk != after.pk
            else "Une tâche ne dépend pas d’elle-même."
        )
    return save(TaskLink(before=before, after=after))


@transaction.atomic
def unlink_tasks(*, link: TaskLink) -> None:
    """The two tasks no longer wait for one another."""
    link.delete()


@transaction.atomic
def withdraw_task(*, task: Task, versions: int) -> bool:
    """Take away a task just imported; False, and nothing done, when it was touched since.

    `versions`: how many times it had been written when it was imported.
    """
    linked = task.links_before.exists() or task.links_after.exists()
    if linked or task.contributions.exists() or task.history.count() != versions:
        return False
    task._change_reason = "import annulé"  # type: ignore[attr-defined]
    task.delete()
    return True


@transaction.atomic
def release_member(membership: Membership) -> None:
    """Who leaves pilots nothing more: their open tasks wait for somebody else.

    Finished ones keep who did them. Called when a membership ends (`accounts.leaving`).
    """
    for task in Task.objects.filter(pilot=membership, state__in=OPEN):
        task.pilot = None
        save(task, reason="le pilote a quitté l’espace")
    membership.contributions.filter(task__state__in=OPEN).delete()


def _write(task: Task, values: "TaskFields | dict[str, Any]") -> Task:
    for name, value in dict(values).items():
        setattr(task, name, value)
    if task.subject_path:
        check_path(task.subject_path)
    if task.pilot is not None:
        _check_member(task, task.pilot, "pilot")
    saved = save(task)
    # The pilot bears what the contributors leave, hence is none of them.
    saved.contributions.filter(membership=saved.pilot_id).delete()
    return saved


def _check_member(task: Task, member: Membership, field: str) -> None:
    """The pilot or a contributor is of the team, and covers the territory."""
    if member.workspace_id != task.workspace_id or member.ended_at is not None:
        raise ValidationError({field: "Cette personne n’est pas membre de l’espace."})
    if task.territory is not None and not covers_territory(member, task.territory):
        raise ValidationError({field: f"{member.user} ne couvre pas {task.territory}."})


def _followers(task: Task) -> set[int]:
    """All the tasks that wait, one after another, for this one; itself too. One query a step."""
    found: set[int] = set()
    frontier: Iterable[int] = {task.pk}
    while frontier:
        found |= set(frontier)
        nexts = TaskLink.objects.filter(before__in=frontier).values_list("after", flat=True)
        frontier = set(nexts) - found
    return found
