"""What the room's pages share."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.perms import MemberRequest
from restanque.governance.models import Body, Deliberation, Sitting
from restanque.governance.perms import can_edit_governance, get_sitting_for
from restanque.governance.reading import SittingReading

Trail = list[tuple[str, str]]


def trail(*steps: Body | Sitting | Deliberation) -> Trail:
    """Breadcrumb from the room down."""
    first: Trail = [("Gouvernance", reverse("governance:list"))]
    return [*first, *((label_of(one), one.get_absolute_url()) for one in steps)]


def register_trail(*steps: Deliberation) -> Trail:
    """Breadcrumb of the register."""
    return [
        *trail(),
        ("Registre", reverse("governance:acts")),
        *((f"N° {one.number}", one.get_absolute_url()) for one in steps),
    ]


def label_of(one: Body | Sitting | Deliberation) -> str:
    """The short name of a step of the breadcrumb."""
    return f"Séance du {one.day:%d/%m/%Y}" if isinstance(one, Sitting) else str(one)


def read_for(request: MemberRequest, pk: int) -> SittingReading:
    """A sitting the member may see, read today; 404 for anyone else."""
    return SittingReading(get_sitting_for(request, pk), timezone.localdate())


def page(
    request: MemberRequest,
    template: str,
    reading: SittingReading,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """A page about one sitting."""
    sitting = reading.sitting
    context = {
        "reading": reading,
        "sitting": sitting,
        "body": sitting.body,
        "may_edit": can_edit_governance(request.membership),
        "fictitious": reading.is_fictitious,
        "trail": trail(sitting.body, sitting),
        **more,
    }
    return render(request, template, context, status=status)


def is_fictitious(body: Body) -> bool:
    """A demonstration's, or an invented body."""
    return body.fictitious or body.territory.workspace.fictitious
