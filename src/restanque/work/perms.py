"""Who may see and do what with tasks, working time and calendars."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from restanque.accounts.models import Membership, Role
from restanque.accounts.perms import MemberRequest, can_administer, can_read, can_write
from restanque.work.models import Task


def can_view_tasks(membership: Membership) -> bool:
    """Every member has a list of tasks. What is in it:

    administrators, agents and readers see the tasks of the territories they cover, those of no
    territory, and those they pilot or contribute to. A partner sees only the tasks they pilot.
    """
    return True


def can_view_plan(membership: Membership) -> bool:
    """To see the Gantt of tasks, one must be administrator, agent or reader; never a partner, who
    sees tasks one by one."""
    return can_read(membership)


def can_edit_tasks(membership: Membership) -> bool:
    """To create, change, share or link tasks, one must be administrator or agent, on the tasks one
    sees."""
    return can_write(membership)


def can_advance(membership: Membership, task: Task) -> bool:
    """To say where a task is (started, finished), one must be able to change it, or pilot it:
    a partner or a reader may finish their own task."""
    return can_write(membership) or task.pilot_id == membership.pk


def can_view_workload(membership: Membership) -> bool:
    """To see who is how busy, one must be administrator or agent: it is how the team manages
    itself, neither elected members nor partners read it."""
    return can_write(membership)


def can_edit_working_time(membership: Membership, of: Membership) -> bool:
    """To write when somebody works or is away, one must be that person, as an administrator or
    agent, or administer the workspace."""
    if membership.workspace_id != of.workspace_id or of.role == Role.PARTNER:
        return False
    return can_administer(membership) or (can_write(membership) and membership.pk == of.pk)


def can_subscribe(membership: Membership) -> bool:
    """Every member may open and close the address of their own calendar, and of no other."""
    return True


def get_task_for(request: MemberRequest, pk: int) -> Task:
    """A task the member may see; 404 for anyone else."""
    return get_object_or_404(Task.objects.visible_to(request.membership).to_show(), pk=pk)


def get_editable_task_for(request: MemberRequest, pk: int) -> Task:
    """A task the member may change; 404 for anyone else."""
    if not can_edit_tasks(request.membership):
        raise Http404
    return get_task_for(request, pk)


def get_colleague_for(request: MemberRequest, pk: int) -> Membership:
    """A member whose working time one may write; 404 for anyone else."""
    found = get_object_or_404(
        Membership.objects.active()
        .filter(workspace=request.membership.workspace_id)
        .select_related("user", "workspace"),
        pk=pk,
    )
    if not can_edit_working_time(request.membership, found):
        raise Http404
    return found
