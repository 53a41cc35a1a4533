"""What the room's pages share."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.perms import MemberRequest
from restanque.procedures.models import Procedure
from restanque.procedures.perms import can_edit_procedures, get_procedure_for
from restanque.procedures.reading import Reading


def trail(*procedures: Procedure) -> list[tuple[str, str]]:
    """Breadcrumb from the room down."""
    return [
        ("Procédures", reverse("procedures:list")),
        *((one.name, one.get_absolute_url()) for one in procedures),
    ]


def read_for(request: MemberRequest, pk: int) -> Reading:
    """A procedure the member may see, read today; 404 for anyone else."""
    return Reading(get_procedure_for(request, pk), timezone.localdate())


def page(
    request: MemberRequest, template: str, reading: Reading, *, status: int = 200, **more: Any
) -> HttpResponse:
    """A page about one procedure."""
    context = {
        "reading": reading,
        "procedure": reading.procedure,
        "timeline": reading.timeline,
        "may_edit": can_edit_procedures(request.membership),
        "fictitious": reading.is_fictitious,
        "trail": trail(reading.procedure),
        **more,
    }
    return render(request, template, context, status=status)
