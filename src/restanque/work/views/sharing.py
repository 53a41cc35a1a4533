"""Who works on a task, and what it comes after."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.kit.forms import PAGE, render_form, submitted
from restanque.work.forms import LinkForm, SharesForm
from restanque.work.perms import can_edit_tasks, get_editable_task_for
from restanque.work.services import tasks as services
from restanque.work.views.common import trail


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_tasks)
def shares(request: MemberRequest, pk: int) -> HttpResponse:
    """Who works on it beside the pilot, for which part."""
    task = get_editable_task_for(request, pk)
    form = SharesForm(request.POST or None, task=task)
    if request.method == "POST":
        done = submitted(form, lambda _: (services.share_effort(task=task, shares=form.shares),))
        if done is not None:
            messages.success(request, "La répartition est enregistrée.")
            return redirect(task)
    who = f"{task.pilot.user} porte le reste." if task.pilot else "Le reste n’est à personne."
    return render_form(
        request,
        PAGE,
        form,
        title=f"Qui participe à « {task} »",
        lede=f"La part de la charge de chacun, en pourcentage. {who}",
        trail=trail(task),
        back=task.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_tasks)
def link(request: MemberRequest, pk: int) -> HttpResponse:
    """What must be finished before it."""
    task = get_editable_task_for(request, pk)
    form = LinkForm(request.POST or None, membership=request.membership, task=task)
    if request.method == "POST":
        made = submitted(form, lambda data: services.link_tasks(before=data["before"], after=task))
        if made is not None:
            messages.success(request, f"« {task} » attendra la fin de « {made.before} ».")
            return redirect(task)
    return render_form(
        request,
        PAGE,
        form,
        title=f"Avant « {task} »",
        lede="Quelle tâche doit être terminée avant que celle-ci commence ?",
        trail=trail(task),
        back=task.get_absolute_url(),
    )


@require_POST
@require(can_edit_tasks)
def unlink(request: MemberRequest, pk: int, before: int) -> HttpResponse:
    """It need not wait for that one any more."""
    task = get_editable_task_for(request, pk)
    found = task.links_before.filter(before=get_editable_task_for(request, before)).first()
    if found is None:
        raise Http404
    services.unlink_tasks(link=found)
    messages.success(request, "La dépendance est retirée.")
    return redirect(task)
