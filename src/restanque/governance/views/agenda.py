"""The agenda: its items, their order, the act of each."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.engine.deadlines import derive
from restanque.governance.documents.frame import presence_lines, vote_lines
from restanque.governance.forms import ItemForm
from restanque.governance.perms import (
    can_edit_governance,
    can_view_governance,
    get_item_for,
    get_sitting_for,
)
from restanque.governance.services import acts
from restanque.governance.services import sittings as services
from restanque.governance.views.common import page, read_for, trail
from restanque.governance.views.sittings import attempt
from restanque.kit import slots
from restanque.kit.forms import PAGE, render_form, submitted

MAJORITY = "seance.majorite"


@require_GET
@require(can_view_governance)
def item(request: MemberRequest, pk: int) -> HttpResponse:
    """One item: where it comes from, who is there, the quorum, the vote, the act."""
    subject = get_item_for(request, pk)
    reading = read_for(request, subject.sitting_id)
    row = reading.row_of(subject)
    return page(
        request,
        "governance/item.html",
        reading,
        trail=trail(reading.sitting.body, reading.sitting),
        row=row,
        item=row.item,
        presence=presence_lines(reading, row.floor) if reading.is_known else [],
        voted=vote_lines(reading, row),
        majority=derive(reading.law, reading.law.rule(MAJORITY), None),
        panels=slots.panels("agenda-item", request, row.item),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def add(request: MemberRequest, pk: int) -> HttpResponse:
    """A new item, at the end."""
    sitting = get_sitting_for(request, pk)
    form = ItemForm(request.POST or None, sitting=sitting)
    if request.method == "POST":
        made = submitted(form, lambda data: services.add_item(sitting=sitting, **data))
        if made is not None:
            messages.success(request, f"Le point {made.position} est à l’ordre du jour.")
            return redirect(sitting)
    return render_form(
        request,
        PAGE,
        form,
        title="Ajouter un point",
        lede="Il prend place à la fin de l’ordre du jour.",
        trail=trail(sitting.body, sitting),
        back=sitting.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change the words of an item."""
    subject = get_item_for(request, pk)
    sitting = subject.sitting
    form = ItemForm(request.POST or None, sitting=sitting, item=subject)
    if request.method == "POST":
        changed = submitted(
            form, lambda data: services.update_item(item=get_item_for(request, pk), **data)
        )
        if changed is not None:
            messages.success(request, "Le point est enregistré.")
            return redirect(changed)
    return render_form(
        request,
        PAGE,
        form,
        title=f"Modifier le point {subject.position}",
        lede="La note de synthèse part avec la convocation ; les débats vont au procès-verbal.",
        trail=trail(sitting.body, sitting),
        back=subject.get_absolute_url(),
    )


@require_POST
@require(can_edit_governance)
def move(request: MemberRequest, pk: int) -> HttpResponse:
    """Up or down in the agenda."""
    subject = get_item_for(request, pk)
    up = request.POST.get("way") != "down"
    attempt(
        request,
        lambda: services.move_item(item=subject, up=up),
        f"« {subject.title} » {'monte' if up else 'descend'} d’un rang.",
    )
    return redirect(subject.sitting)


@require_POST
@require(can_edit_governance)
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Off the agenda, or back on it."""
    subject = get_item_for(request, pk)
    off = not subject.withdrawn
    attempt(
        request,
        lambda: services.withdraw_item(item=subject, withdrawn=off),
        "Le point est retiré de l’ordre du jour." if off else "Le point est remis.",
    )
    return redirect("governance:item", pk=pk)


@require_POST
@require(can_edit_governance)
def number(request: MemberRequest, pk: int) -> HttpResponse:
    """Number the deliberation of an item."""
    subject = get_item_for(request, pk)
    try:
        act = acts.number_act(item=subject, by=request.membership.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(subject)
    messages.success(request, f"C’est la délibération n° {act.number}. Relisez son texte.")
    return redirect(act)
