"""In the room: attendance, powers, presence at each item, votes."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.governance.floor_forms import (
    AttendanceForm,
    NamedVoteForm,
    PresenceForm,
    ProxyForm,
    VoteForm,
)
from restanque.governance.models import AgendaItem
from restanque.governance.perms import can_edit_governance, get_item_for, get_proxy_for
from restanque.governance.services import attendance, voting
from restanque.governance.services import sittings as services
from restanque.governance.views.common import page, read_for, trail
from restanque.governance.views.sittings import attempt
from restanque.kit.forms import submitted


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def present(request: MemberRequest, pk: int) -> HttpResponse:
    """Who is there at the opening."""
    reading = read_for(request, pk)
    form = AttendanceForm(request.POST or None, reading=reading)
    if request.method == "POST":
        done = submitted(
            form,
            lambda _: (attendance.note_attendance(sitting=reading.sitting, lines=form.lines()),),
        )
        if done is not None:
            messages.success(request, "Les présences à l’ouverture sont notées.")
            return redirect(reading.sitting)
    status = 422 if form.is_bound and form.errors else 200
    return page(
        request,
        "governance/present.html",
        reading,
        status=status,
        form=form,
        proxy_form=ProxyForm(reading=reading),
    )


@require_POST
@require(can_edit_governance)
def proxy_add(request: MemberRequest, pk: int) -> HttpResponse:
    """Record a power received."""
    reading = read_for(request, pk)
    form = ProxyForm(request.POST, reading=reading)
    made = submitted(
        form, lambda _: attendance.give_proxy(sitting=reading.sitting, **form.values())
    )
    if made is not None:
        messages.success(request, f"Pouvoir enregistré : {made}.")
        return redirect("governance:present", pk=pk)
    return page(
        request,
        "governance/present.html",
        reading,
        status=422,
        form=AttendanceForm(reading=reading),
        proxy_form=form,
    )


@require_POST
@require(can_edit_governance)
def proxy_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """A power is taken back."""
    subject = get_proxy_for(request, pk)
    attempt(request, lambda: attendance.withdraw_proxy(proxy=subject), "Le pouvoir est retiré.")
    return redirect("governance:present", pk=subject.sitting_id)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def presence(request: MemberRequest, pk: int) -> HttpResponse:
    """Who is in the room at an item."""
    item = get_item_for(request, pk)
    reading = read_for(request, item.sitting_id)
    form = PresenceForm(request.POST or None, reading=reading, item=item)
    if request.method == "POST":
        done = submitted(
            form, lambda _: (attendance.note_presence(item=item, present=form.chosen()),)
        )
        if done is not None:
            messages.success(
                request, "Les arrivées et les départs sont notés à partir de ce point."
            )
            return redirect(item)
    return _asked(
        request,
        item,
        form,
        title="Qui est dans la salle à ce point ?",
        lede="Ce que vous notez vaut pour ce point et les suivants, jusqu’au prochain mouvement.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def vote(request: MemberRequest, pk: int) -> HttpResponse:
    """Count the voices."""
    item = get_item_for(request, pk)
    row = read_for(request, item.sitting_id).row_of(item)
    form = VoteForm(request.POST or None, item=row.item, floor=row.floor)
    if request.method == "POST":
        made = submitted(form, lambda data: voting.record_vote(item=item, **data))
        if made is not None:
            messages.success(request, "Le vote est compté.")
            return redirect(item)
    return _asked(
        request,
        item,
        form,
        title="Compter le vote",
        lede=f"{row.quorum_words} Voix possibles à ce point : {row.floor.voices}.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def vote_by_name(request: MemberRequest, pk: int) -> HttpResponse:
    """Write each voice."""
    item = get_item_for(request, pk)
    reading = read_for(request, item.sitting_id)
    form = NamedVoteForm(request.POST or None, reading=reading, item=item)
    if request.method == "POST":
        made = submitted(
            form, lambda _: voting.record_named_vote(item=item, choices=form.choices())
        )
        if made is not None:
            messages.success(request, "Le vote est compté, nom par nom.")
            return redirect(item)
    return _asked(
        request,
        item,
        form,
        title="Voter nom par nom",
        lede="Une ligne par voix : présents, suppléants et pouvoirs à ce point.",
    )


@require_POST
@require(can_edit_governance)
def vote_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a count back."""
    item = get_item_for(request, pk)
    attempt(request, lambda: voting.cancel_vote(item=item), "Le vote est retiré.")
    return redirect(item)


@require_POST
@require(can_edit_governance)
def debated(request: MemberRequest, pk: int) -> HttpResponse:
    """A debate without vote was held, or was not."""
    item = get_item_for(request, pk)
    held = not item.debated
    attempt(
        request,
        lambda: services.set_debated(item=item, debated=held),
        "Le débat est constaté." if held else "Le débat n’est plus constaté.",
    )
    return redirect("governance:item", pk=pk)


def _asked(
    request: MemberRequest, item: AgendaItem, form: forms.Form, *, title: str, lede: str
) -> HttpResponse:
    """A form about an item."""
    reading = read_for(request, item.sitting_id)
    status = 422 if form.is_bound and form.errors else 200
    return page(
        request,
        "governance/asked.html",
        reading,
        status=status,
        form=form,
        title=title,
        lede=lede,
        item=item,
        trail=[*trail(reading.sitting.body, reading.sitting), (str(item), item.get_absolute_url())],
    )
