"""What-if, the prefect's possible objections, the law that is still to be verified."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from restanque.accounts.perms import MemberRequest, require
from restanque.engine.deadlines import DeadlineError, zan_dates
from restanque.engine.law import Parameter, Regime, Rule, RuleSet, prefect_objections, to_verify
from restanque.kit.forms import submitted
from restanque.procedures.forms import ObjectionForm, WhatIfForm
from restanque.procedures.law_memory import current_law
from restanque.procedures.models import ObjectionNote
from restanque.procedures.nomenclature import ObjectionState
from restanque.procedures.perms import can_edit_procedures, can_view_procedures
from restanque.procedures.reading import EVIDENCE_BADGES, Evidence, evidence_of
from restanque.procedures.services import procedures as services
from restanque.procedures.views.common import page, read_for, trail

_FIELDS = {"planned": "prévue", "latest": "au plus tard", "earliest": "au plus tôt"}


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
            context |= {
                "asked": True,
                "label": reading.label_of(step),
                "day": day,
                "difference": difference,
                "threats": [r for r in difference.new_risks if r not in difference.new_illegal],
                "moved": [
                    (one, _FIELDS[one.field]) for one in difference.moved if one.field != "earliest"
                ],
            }
    status = 422 if form.is_bound and form.errors else 200
    return page(request, "procedures/what_if.html", reading, status=status, **context)


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


@require_GET
@require(can_view_procedures)
def law(request: MemberRequest) -> HttpResponse:
    """The rules that nobody has read on Légifrance yet, and the dates of the land sobriety law."""
    rules = current_law()
    today = timezone.localdate()
    doubtful = to_verify(rules)
    rows = [
        (
            one.label if isinstance(one, Regime) else one.title,
            _links(rules, one.articles),
            _evidence(one),
            one.evidence.source,
        )
        for one in doubtful
    ]
    context = {
        "rows": rows,
        "total": len(rules.rules) + len(rules.regimes) + len(rules.parameters),
        "version": rules.version,
        "dated": rules.dated,
        "zan": zan_dates(rules, today=today),
        "trail": trail(),
    }
    return render(request, "procedures/law.html", context)


def _evidence(one: Rule | Regime | Parameter) -> tuple[str, str]:
    """(badge, words) of a rule, a regime or a parameter."""
    return EVIDENCE_BADGES[one.evidence.status], one.evidence.status.label


def _links(rules: RuleSet, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """(label, address) of each article."""
    return [(rules.articles[name].label, rules.articles[name].link) for name in names]
