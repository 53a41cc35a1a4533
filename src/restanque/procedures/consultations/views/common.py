"""What the pages of a consultation share."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.perms import MemberRequest
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.kit.forms import PAGE, render_form
from restanque.procedures.consultations.perms import get_consultation_for
from restanque.procedures.consultations.reading import ConsultationReading, read_one
from restanque.procedures.models import Consultation, Procedure
from restanque.procedures.perms import can_edit_procedures
from restanque.procedures.views.common import trail

Trail = list[tuple[str, str]]


def trail_of(subject: Procedure | Consultation, *more: tuple[str, str]) -> Trail:
    """Breadcrumb from the room down to a procedure's consultations, then to one."""
    procedure = subject.procedure if isinstance(subject, Consultation) else subject
    found = [
        *trail(procedure),
        ("Consultations", reverse("procedures:consultations", args=[procedure.pk])),
    ]
    if isinstance(subject, Consultation):
        found.append((subject.name, subject.get_absolute_url()))
    return [*found, *more]


def read_for(request: MemberRequest, pk: int) -> ConsultationReading:
    """A consultation the member may see, read today; 404 for anyone else."""
    return read_one(get_consultation_for(request, pk), timezone.localdate())


def page(
    request: MemberRequest,
    template: str,
    reading: ConsultationReading,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """A page about one consultation."""
    context = {
        "reading": reading,
        "consultation": reading.consultation,
        "procedure": reading.procedure,
        "may_edit": can_edit_procedures(request.membership),
        "fictitious": reading.is_fictitious,
        "trail": trail_of(reading.consultation),
        **more,
    }
    return render(request, f"procedures/consultations/{template}.html", context, status=status)


def ask(
    request: MemberRequest, form: Any, *, title: str, lede: str, trail: Trail, back: str,
    submit: str = "Enregistrer",
) -> HttpResponse:  # fmt: skip
    """A page that asks one thing."""
    return render_form(
        request, PAGE, form, title=title, lede=lede, trail=trail, back=back, submit=submit
    )


def public_organisations(request: MemberRequest) -> QuerySet[Organisation]:
    """The organisations of the directory that may be consulted, those the member may see."""
    kinds = (Kind.MAIRIE, Kind.EPCI, Kind.SYNDICAT, Kind.PPA, Kind.OTHER)
    return (
        Organisation.objects.visible_to(request.membership)
        .active()
        .filter(kind__in=kinds)
        .order_by("name_key", "pk")
    )
