"""What the team's pages of the concertation share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from restanque.accounts.perms import MemberRequest
from restanque.kit.forms import PAGE, render_form, submitted
from restanque.procedures.concertation.ledger import Ledger
from restanque.procedures.models import Procedure
from restanque.procedures.views.common import read_for, trail

Trail = list[tuple[str, str]]


def ledger_for(request: MemberRequest, pk: int) -> Ledger:
    """The concertation of a procedure the member may see; 404 for anyone else."""
    return Ledger(read_for(request, pk))


def trail_of(procedure: Procedure, *more: tuple[str, str]) -> Trail:
    """From the room down to the concertation of a procedure."""
    here = ("Concertation", reverse("procedures:concertation", args=[procedure.pk]))
    return [*trail(procedure), here, *more]


def contributions_trail(procedure: Procedure) -> Trail:
    """Down to the list of its contributions."""
    url = reverse("procedures:contributions", args=[procedure.pk])
    return trail_of(procedure, ("Contributions", url))


def page_trail(procedure: Procedure) -> Trail:
    """Down to its public page, as the team prepares it."""
    url = reverse("procedures:public-page", args=[procedure.pk])
    return trail_of(procedure, ("Page publique", url))


def answer_form(
    request: MemberRequest,
    form: forms.BaseForm,
    write: Callable[[dict[str, Any]], Any],
    *,
    done: str,
    to: str,
    **context: Any,
) -> HttpResponse:
    """A page that asks one thing, then goes `to` an address saying that it is `done`."""
    if request.method == "POST":
        made = submitted(form, write)
        if made is not None:
            messages.success(request, done)
            return redirect(to)
    return render_form(request, PAGE, form, back=to, **context)


def confirm(
    request: MemberRequest,
    write: Callable[[], Any],
    *,
    done: str,
    to: str,
    **context: Any,
) -> HttpResponse:
    """Ask before an act: GET shows what it does, POST does it."""
    return answer_form(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        lambda _: (write(),),
        done=done,
        to=to,
        **context,
    )


def uploaded(data: dict[str, Any], name: str) -> dict[str, Any]:
    """The form's values without an empty upload: no new file keeps the one there is."""
    upload = data.pop(name, None)
    return {**data, name: upload} if hasattr(upload, "content_type") else data
