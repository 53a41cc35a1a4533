"""What-if, and the prefect's possible objections."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from restanque.accounts.perms import MemberRequest, require
from restanque.engine.deadlines import DeadlineError, Difference
from restanque.engine.law import Rule, RuleSet, prefect_objections
from restanque.kit.forms import submitted
from restanque.kit.text import plural
from restanque.law.evidence import Evidence, evidence_of
from restanque.procedures.forms import ObjectionForm, WhatIfForm
from restanque.procedures.models import ObjectionNote
from restanque.procedures.nomenclature import ObjectionState
from restanque.procedures.perms import can_edit_procedures, can_view_procedures
from restanque.procedures.reading import Reading
from restanque.procedures.services import procedures as services
from restanque.procedures.views.common import page, read_for


@require_GET
@require(can_view_procedures)
def what_if(request: MemberRequest, pk: int) -> HttpResponse:
    """« Et si l’arrêt était en juin ? »: what moves, what becomes illegal. Nothing is written."""
    reading = read_for(request, pk)
    asked = "step" in request.GET
    form = WhatIfForm(request.GET if asked else None, reading=reading)
    context: dict[str, Any] = {"form": form, "asked": False}
    if asked and form.is_valid():
        step, day = form.cleaned_data["step"], form.cleaned_data["day"]
        try:
            difference = reading.what_if(step, day)
        except DeadlineError as error:
            form.add_error(None, str(error))
        else:
            context |= {"asked": True, **_told(reading, step, day, difference)}
    status = 422 if form.is_bound and form.errors else 200
    return page(request, "procedures/what_if.html", reading, status=status, **context)


def _told(reading: Reading, step: str, day: date, difference: Difference) -> dict[str, Any]:
    """The difference in words: the day tried, what follows, the last days it leaves, the risks."""
    timeline = reading.timeline
    shifted = {
        name: [(one, _shift(one.days)) for one in difference.moved if one.field == name]
        for name in ("planned", "latest")
    }
    before, end = timeline.step(step).day, reading.procedure.engine_kind.approval
    return {
        "label": reading.label_of(step),
        "day": day,
        "before": before,
        "shift": _shift((day - before).days if before else None),
        "end": reading.label_of(end),
        "aim": next((row for row in shifted["planned"] if row[0].step == end != step), None),
        "planned": [row for row in shifted["planned"] if row[0].step != step],
        "latest": shifted["latest"],
        "difference": difference,
        "threats": [risk for risk in difference.new_risks if risk not in difference.new_illegal],
    }


def _shift(days: int | None) -> str:
    """« 61 jours plus tard »."""
    if not days:
        return ""
    return f"{plural(abs(days), 'jour')} plus {'tard' if days > 0 else 'tôt'}"


@dataclass(frozen=True)
class Objection:
    """A possible objection, what was noted of it, and the form to note it."""

    rule: Rule
    article: str
    evidence: Evidence
    note: ObjectionNote | None
    form: ObjectionForm


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_view_procedures)
def objections(request: MemberRequest, pk: int) -> HttpResponse:
    """What the prefect may object to (L143-25), point by point, with the evidence kept."""
    reading = read_for(request, pk)
    subject = reading.procedure
    if subject.engine_kind.document != "scot":
        raise Http404
    posted = request.POST.get("rule", "") if request.method == "POST" else ""
    notes = {note.rule_id: note for note in subject.objections.all()}
    found = [
        _objection(reading.law, rule, notes, request, posted)
        for rule in prefect_objections(reading.law)
    ]
    if request.method == "POST":
        return _note(request, pk, found, posted) or page(
            request, "procedures/objections.html", reading, status=422, objections=found
        )
    return page(request, "procedures/objections.html", reading, objections=found)


def _objection(
    law: RuleSet, rule: Rule, notes: dict[str, ObjectionNote], request: MemberRequest, posted: str
) -> Objection:
    note = notes.get(rule.id)
    initial = {"state": note.state, "evidence": note.evidence} if note else {}
    form = ObjectionForm(
        request.POST if posted == rule.id else None,
        initial=initial,
        auto_id=f"id_{rule.id.replace('.', '-')}_%s",
    )
    return Objection(rule, law.cite(rule.articles), evidence_of(rule), note, form)


def _note(
    request: MemberRequest, pk: int, found: list[Objection], posted: str
) -> HttpResponse | None:
    """Keep what was noted of one point; None when the form must be corrected."""
    if not can_edit_procedures(request.membership):
        raise Http404
    one = next((one for one in found if one.rule.id == posted), None)
    if one is None:
        raise Http404
    subject = read_for(request, pk).procedure
    made = submitted(
        one.form,
        lambda data: services.note_objection(
            procedure=subject,
            rule_id=one.rule.id,
            state=ObjectionState(data["state"]),
            evidence=data["evidence"],
            by=request.membership.user,
        ),
    )
    if made is None:
        return None
    messages.success(request, "L’examen de ce point est enregistré.")
    return redirect("procedures:objections", pk=pk)
