"""The consultation of the public after the arrêt: form, dates, what the law says, the facts."""

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from restanque.accounts.perms import MemberRequest, require
from restanque.procedures.concertation.participation import NO_RULE, StepNote, steps_of, ways_of
from restanque.procedures.concertation.participation_forms import (
    ParticipationForm,
    PlanForm,
    RecordForm,
)
from restanque.procedures.concertation.perms import (
    can_edit_concertation,
    can_view_concertation,
    get_participation_for,
)
from restanque.procedures.concertation.services import participations as services
from restanque.procedures.concertation.views.common import answer_form, trail_of, uploaded
from restanque.procedures.models import Contribution, Participation, Procedure
from restanque.procedures.reading import Reading
from restanque.procedures.views.common import read_for

asks = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
@require(can_view_concertation)
def participation(request: MemberRequest, pk: int) -> HttpResponse:
    """Each consultation prepared, its steps with their rules, what may still be prepared."""
    reading = read_for(request, pk)
    procedure = reading.procedure
    prepared = [
        {
            "one": one,
            "steps": steps_of(reading, one.way),
            "received": Contribution.objects.filter(participation=one).count(),
        }
        for one in procedure.participations.all()
    ]
    taken = {item["one"].way for item in prepared}  # type: ignore[attr-defined]
    ways = [way for way in ways_of(reading) if way.way not in taken]
    context = {
        "procedure": procedure,
        "reading": reading,
        "prepared": prepared,
        "ways": ways,
        "can_prepare": any(way.allowed for way in ways),
        "no_rule": NO_RULE,
        "today": reading.today,
        "recordable": {
            note.step.id
            for item in prepared
            for note in item["steps"]  # type: ignore[attr-defined]
            if note.can_record(reading.today)
        },
        "may_edit": can_edit_concertation(request.membership),
        "fictitious": reading.is_fictitious,
        "trail": trail_of(procedure),
    }
    return render(request, "procedures/concertation/participation.html", context)


@asks
@require(can_edit_concertation)
def prepare(request: MemberRequest, pk: int) -> HttpResponse:
    """Choose the form, among those that the regime of the procedure knows."""
    reading = read_for(request, pk)
    procedure = reading.procedure
    taken = set(procedure.participations.values_list("way", flat=True))
    ways = tuple(way for way in ways_of(reading) if way.way not in taken)
    return answer_form(
        request,
        ParticipationForm(request.POST or None, ways=ways),
        lambda data: services.prepare(procedure=procedure, today=timezone.localdate(), **data),
        done="La participation est préparée. Prévoyez ses dates.",
        to=_home(procedure),
        title="Préparer la participation du public",
        lede=f"{reading.timeline.regime_label}.",
        trail=_trail(procedure),
    )


@asks
@require(can_edit_concertation)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct what is known besides the dates."""
    one = get_participation_for(request, pk)
    return answer_form(
        request,
        ParticipationForm(request.POST or None, participation=one),
        lambda data: services.change(participation=get_participation_for(request, pk), **data),
        done="La participation est corrigée.",
        to=_home(one.procedure),
        title=f"Modifier : {one}",
        trail=_trail(one.procedure),
    )


@asks
@require(can_edit_concertation)
def plan(request: MemberRequest, pk: int) -> HttpResponse:
    """Aim at a day for each step not done; the law's minimums are checked at once."""
    one, steps = _steps(request, pk)
    form: forms.Form = PlanForm(request.POST or None, steps=steps)
    return answer_form(
        request,
        form,
        lambda data: (services.plan(participation=one, days=data),),
        done="Les dates sont prévues. Les délais légaux sont recalculés.",
        to=_home(one.procedure),
        title=f"Prévoir les dates : {one}",
        lede="Ces dates deviennent les dates visées de la procédure.",
        trail=_trail(one.procedure),
    )


@asks
@require(can_edit_concertation)
def record(request: MemberRequest, pk: int, step: str) -> HttpResponse:
    """A step is done: its day is the one planned unless it is corrected here."""
    one, steps = _steps(request, pk)
    found = next((note for note in steps if note.step.id == step), None)
    if found is None:
        raise Http404
    form = RecordForm(
        request.POST or None,
        request.FILES or None,
        initial={"happened_on": found.wished or timezone.localdate()},
    )
    return answer_form(
        request,
        form,
        lambda data: services.record_step(
            participation=one, step=step, by=request.membership.user, **uploaded(data, "proof")
        ),
        done=f"Enregistré dans la procédure : {found.step.label}.",
        to=_home(one.procedure),
        title=found.step.label,
        lede=f"Preuve attendue : {found.step.proof}.",
        trail=_trail(one.procedure),
    )


def _steps(request: MemberRequest, pk: int) -> tuple[Participation, tuple[StepNote, ...]]:
    one = get_participation_for(request, pk)
    reading: Reading = read_for(request, one.procedure_id)
    return one, steps_of(reading, one.way)


def _home(procedure: Procedure) -> str:
    return reverse("procedures:participation", args=[procedure.pk])


def _trail(procedure: Procedure) -> list[tuple[str, str]]:
    return trail_of(procedure, ("Participation du public", _home(procedure)))
