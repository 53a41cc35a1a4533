"""A timeline as plain JSON values: see docs/timeline/timeline.schema.json."""

from __future__ import annotations

from datetime import date
from typing import Any

from restanque.engine.deadlines.clocks import ClockTick
from restanque.engine.deadlines.derivation import Derivation
from restanque.engine.deadlines.timeline import Risk, StepState, Timeline

FORMAT = "restanque-timeline/1"


def to_json(timeline: Timeline, clocks: tuple[ClockTick, ...] = ()) -> dict[str, Any]:
    """Values that `json.dumps` takes: dates in ISO, None for what is not known."""
    return {
        "format": FORMAT,
        "kind": timeline.kind,
        "label": timeline.label,
        "regime": timeline.regime,
        "regime_label": timeline.regime_label,
        "ruleset_version": timeline.ruleset_version,
        "prescription": timeline.prescription.isoformat(),
        "today": timeline.today.isoformat(),
        "participation": timeline.branch,
        "target": {
            "step": timeline.target_step,
            "date": _iso(timeline.target),
            "margin_days": timeline.margin,
        },
        "steps": [_step(state) for state in timeline.steps],
        "risks": [_risk(risk) for risk in timeline.risks],
        "critical_path": [
            {
                "step": one.step,
                "label": one.label,
                "date": one.day.isoformat(),
                "done": one.done,
                "rule_id": one.rule_id,
                "computation": one.computation,
            }
            for one in timeline.critical_path
        ],
        "clocks": [
            {
                "clock": tick.clock,
                "label": tick.label,
                "date": tick.date.isoformat(),
                "rule": _rule(tick.derivation),
            }
            for tick in clocks
        ],
        "notes": list(timeline.notes),
    }


def _step(state: StepState) -> dict[str, Any]:
    return {
        "step": state.id,
        "label": state.step.label,
        "actor": state.step.actor,
        "status": state.status.value,
        "reason": state.reason,
        "earliest": _iso(state.earliest),
        "latest": _iso(state.latest),
        "planned": _iso(state.planned),
        "done": _iso(state.done),
        "tacit": state.tacit,
        "proof": state.proof,
        "expected_proof": state.step.proof,
        "condition": state.step.condition or None,
        "earliest_because": _earliest_because(state),
        "latest_because": _latest_because(state),
        "after": [link.step for link in state.step.after],
        "rules": [_rule(found) for found in state.derivations],
    }


def _earliest_because(state: StepState) -> dict[str, Any] | None:
    """The step and the rule that set the earliest date."""
    if state.binding is None:
        return None
    return {"step": state.binding[0], "rule_id": state.binding[1]}


def _latest_because(state: StepState) -> dict[str, Any] | None:
    """The later step that sets the latest date; None when a text alone does."""
    bound = state.wished_by
    if bound is None or state.latest == state.statutory:
        return None
    return {"step": bound.step, "rule_id": bound.rule_id, "computation": bound.computation}


def _rule(found: Derivation) -> dict[str, Any]:
    rule = found.rule
    return {
        "rule_id": rule.id,
        "title": rule.title,
        "article": found.article,
        "version": found.version,
        "evidence": rule.evidence.tag,
        "evidence_label": rule.evidence.label,
        "to_verify": rule.to_verify,
        "start": rule.start.value if rule.starts_from else None,
        "starts_from": found.starts_from,
        "proof": found.proof,
        "use": found.use.value if found.use else None,
        "date": _iso(found.date),
        "computation": found.computation,
        "silence": rule.silence,
        "consequence": rule.consequence,
        "note": rule.note,
    }


def _risk(risk: Risk) -> dict[str, Any]:
    return {
        "kind": risk.kind.value,
        "step": risk.step,
        "message": risk.message,
        "article": risk.article,
        "rule_id": risk.rule_id,
        "consequence": risk.consequence,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
