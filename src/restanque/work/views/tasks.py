"""Tasks: the list, the page of one, its form, its state."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, QuerySet, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from restanque.accounts.models import Membership
from restanque.accounts.perms import MemberRequest, can_read, require
from restanque.kit import lists
from restanque.kit.forms import PAGE, render_form, submitted
from restanque.kit.text import plural, record_number
from restanque.work.forms import TaskForm
from restanque.work.links import subject_from
from restanque.work.models import OPEN, Task, TaskState
from restanque.work.perms import (
    can_advance,
    can_edit_tasks,
    can_view_plan,
    can_view_tasks,
    can_view_workload,
    get_editable_task_for,
    get_task_for,
)
from restanque.work.services import tasks as services
from restanque.work.tables import TaskFilter, TaskTable
from restanque.work.views.common import trail

DONE = "terminer"
UNDO = "annuler"


class TaskList(lists.ListView):
    """What is to be done: one's own first, then by date."""

    title = "Qui fait quoi, pour quand ?"
    lede = "Vos tâches d’abord, puis celles de l’équipe, dans l’ordre des échéances."
    noun = ("tâche", "tâches")
    table_class = TaskTable
    filterset_class = TaskFilter
    export_name = "taches"

    def get_queryset(self) -> QuerySet[Task]:
        """Those one may see; finished ones only when a state is asked for."""
        membership = self.request.membership  # type: ignore[attr-defined]
        visible = Task.objects.visible_to(membership)
        if not self.request.GET.get("state"):
            visible = visible.open()
        mine = Task.objects.of(membership).values("pk")
        return (
            visible.to_show()
            .annotate(rank=Case(When(pk__in=mine, then=Value(0)), default=Value(1)))
            .order_by("rank", "due_on", "priority")
        )

    def get_lede(self) -> str:
        """A partner has only their own."""
        if can_read(self.request.membership):  # type: ignore[attr-defined]
            return self.lede
        return "Les tâches que l’équipe vous a confiées, dans l’ordre des échéances."

    def is_fictitious(self) -> bool:
        """A demonstration's, or a list that holds an invented one."""
        workspace = self.request.membership.workspace  # type: ignore[attr-defined]
        return workspace.fictitious or bool(self.get_queryset().filter(fictitious=True).exists())

    def get_actions(self) -> list[lists.Action]:
        """The plan and the workload, one's calendar; a new one, for who may."""
        membership = self.request.membership  # type: ignore[attr-defined]
        actions = []
        if can_view_plan(membership):
            actions.append(lists.Action("Planning", reverse("work:plan")))
        if can_view_workload(membership):
            actions.append(lists.Action("Plan de charge", reverse("work:workload")))
        actions.append(lists.Action("Mon agenda", reverse("work:calendar")))
        if can_edit_tasks(membership):
            url = reverse("work:task-create")
            actions.append(lists.Action("Nouvelle tâche", url, primary=True, icon="plus"))
        return actions

    def get_bulk_actions(self) -> list[lists.BulkAction]:
        """Several may be finished at once."""
        if not can_edit_tasks(self.request.membership):  # type: ignore[attr-defined]
            return []
        return [lists.BulkAction(DONE, "Marquer comme terminées")]

    def run_bulk(self, code: str, rows: QuerySet[Task]) -> str:
        """Finish the open ones among them."""
        found = list(rows.filter(state__in=OPEN))
        for one in found:
            services.set_state(task=one, state=TaskState.DONE)
        return f"{plural(len(found), 'tâche terminée', 'tâches terminées')}."

    def get_empty(self) -> lists.Empty:
        """The next step."""
        if not can_edit_tasks(self.request.membership):  # type: ignore[attr-defined]
            return lists.Empty("Aucune tâche à faire", "Il n’y a rien pour vous en ce moment.")
        return lists.Empty(
            "Aucune tâche à faire",
            "Ajoutez-en une, ou importez la liste que vous tenez dans un tableur.",
            "work:task-create",
            "Nouvelle tâche",
        )


LIST = require(can_view_tasks)(TaskList.as_view())


@require_GET
@require(can_view_tasks)
def task(request: MemberRequest, pk: int) -> HttpResponse:
    """What it is, who has it, what it waits for, what waits for it."""
    found = get_task_for(request, pk)
    membership = request.membership
    visible = Task.objects.visible_to(membership)
    reads = can_read(membership)
    context = {
        "task": found,
        "late": found.is_late(timezone.localdate()),
        "shares": list(found.contributions.select_related("membership__user")),
        "befores": list(
            found.links_before.filter(before__in=visible).select_related("before__pilot__user")
        ),
        "afters": list(
            found.links_after.filter(after__in=visible).select_related("after__pilot__user")
        ),
        "states": [
            (value, TaskState(value).label)
            for value in _states(membership)
            if value not in (found.state, TaskState.DONE)
        ],
        "previous": services.previous_state(found),
        "may_edit": can_edit_tasks(membership),
        "may_advance": can_advance(membership, found),
        # What it is about, and who changed it, are the team's pages.
        "reads": reads,
        "fictitious": found.fictitious,
        "trail": trail(),
    }
    return render(request, "work/task.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_tasks)
def create(request: MemberRequest) -> HttpResponse:
    """A new task; what it is about may come in the address, from the page that links here."""
    membership = request.membership
    path, label = subject_from(request.GET.get("objet", ""), request.GET.get("nom", ""))
    initial: dict[str, Any] = {
        "subject_path": path,
        "subject_label": label,
        "territory": record_number(request.GET.get("territoire", "")),
        "pilot": membership.pk,
    }
    form = TaskForm(request.POST or None, membership=membership, initial=initial)
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: services.create_task(
                workspace=membership.workspace, by=membership.user, **data
            ),
        )
        if made is not None:
            messages.success(request, "La tâche est enregistrée.")
            return redirect(made)
    return render_form(
        request,
        PAGE,
        form,
        title="Nouvelle tâche",
        lede=f"À propos de : {label}" if label else "Ce qu’il faut faire, qui s’en charge, quand.",
        trail=trail(),
        back=path or reverse("work:tasks"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_tasks)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change what is written of it."""
    found = get_editable_task_for(request, pk)
    form = TaskForm(request.POST or None, membership=request.membership, task=found)
    if request.method == "POST":
        changed = submitted(
            form,
            lambda data: services.update_task(task=get_editable_task_for(request, pk), **data),
        )
        if changed is not None:
            messages.success(request, "La tâche est enregistrée.")
            return redirect(changed)
    return render_form(
        request,
        PAGE,
        form,
        title=f"Modifier « {found} »",
        lede=f"À propos de : {found.subject_label}" if found.subject_label else "",
        trail=trail(found),
        back=found.get_absolute_url(),
    )


@require_POST
@require(can_view_tasks)
def state(request: MemberRequest, pk: int) -> HttpResponse:
    """Say where it is; « annuler » goes back to the state before."""
    found = get_task_for(request, pk)
    if not can_advance(request.membership, found):
        raise Http404
    asked = request.POST.get("state", "")
    try:
        if asked == UNDO:
            services.undo_state(task=found)
        elif asked in _states(request.membership):
            services.set_state(task=found, state=asked)
        else:
            raise Http404
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"« {found} » : {found.get_state_display()}.")
    return redirect(found)


def _states(membership: Membership) -> list[str]:
    """What one may say of one's task: to drop it is for who may change it."""
    if can_edit_tasks(membership):
        return list(TaskState.values)
    return [state.value for state in TaskState if state != TaskState.DROPPED]
