"""A procedure on a day, under a rule set: what stands, what comes, what is at risk."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from restanque.engine.deadlines.dating import Dated, Dating
from restanque.engine.deadlines.facts import Event, Procedure, checked
from restanque.engine.deadlines.path import critical_path
from restanque.engine.deadlines.risks import WARN_DAYS, find_risks
from restanque.engine.deadlines.steps import ProcedureKind
from restanque.engine.deadlines.timeline import StepState, StepStatus, Timeline
from restanque.engine.law import RuleSet

NO_REGIME = "Aucun changement de régime connu pour cette procédure"


def evaluate(
    procedure: Procedure, *, today: date, ruleset: RuleSet, warn_days: int = WARN_DAYS
) -> Timeline:
    """Date every step of a procedure, and say what is at risk within `warn_days`.

    Raises DeadlineError for an unknown kind, step, branch or condition.
    """
    kind = checked(procedure)
    regime = ruleset.regime_on(kind.family, procedure.prescription) if kind.family else None
    branch = procedure.branch or _branch_of(procedure, kind)
    events, aim = first_events(procedure, kind), _aim(procedure, kind)
    if procedure.prescription > today:
        # A launch to come is a plan, not a fact: the calendar is that of the regime it would have.
        del events[kind.launch]
        targets = {**procedure.targets, kind.launch: procedure.prescription}
        procedure = replace(procedure, targets=targets)
    dating = Dating(procedure, kind, regime, ruleset, today, branch)
    dating.run(events)
    timeline = Timeline(
        kind=kind.id,
        label=kind.label,
        regime=regime.id if regime else None,
        regime_label=regime.label if regime else NO_REGIME,
        ruleset_version=ruleset.version,
        prescription=procedure.prescription,
        today=today,
        branch=branch,
        steps=_states(dating),
        risks=(),
        critical_path=(),
        target_step=aim,
        target=procedure.targets.get(aim),
        notes=(kind.note,) if kind.note else (),
    )
    return replace(
        timeline,
        risks=find_risks(timeline, procedure, kind, ruleset, warn_days),
        critical_path=critical_path(timeline),
    )


def rules_of(kind: ProcedureKind, regime: str | None, ruleset: RuleSet) -> frozenset[str]:
    """Identifiers of every rule that a kind of procedure can meet under a regime, on any branch.

    Rules chosen by the day on which their term falls belong to no regime: all versions are given.
    """
    found: set[str] = set()
    for step in kind.steps:
        if step.regime in (None, regime):
            for key in (*step.rules, *(link.rule for link in step.after if link.rule)):
                found |= {r.id for r in ruleset.versions(key) if r.regime in (None, regime)}
    return frozenset(found)


def first_events(procedure: Procedure, kind: ProcedureKind) -> dict[str, Event]:
    """The event kept for each step: proven ones first, then the earliest. The launch is given."""
    kept: dict[str, Event] = {}
    for event in procedure.events:
        other = kept.get(event.step)
        if other is None or (not event.proof, event.date) < (not other.proof, other.date):
            kept[event.step] = event
    proof = kept[kind.launch].proof if kind.launch in kept else None
    kept[kind.launch] = Event(kind.launch, procedure.prescription, proof)
    return kept


def _branch_of(procedure: Procedure, kind: ProcedureKind) -> str:
    """The branch of the recorded or wished steps, the usual one otherwise."""
    for name in (*(event.step for event in procedure.events), *procedure.targets):
        if kind.by_id[name].branch:
            return kind.by_id[name].branch
    return kind.branches[0]


def _aim(procedure: Procedure, kind: ProcedureKind) -> str:
    """The step aimed at: the approval if it has a target or nothing has; else the last target."""
    if kind.approval in procedure.targets or not procedure.targets:
        return kind.approval
    return max(procedure.targets, key=lambda name: procedure.targets[name])


def _states(dating: Dating) -> tuple[StepState, ...]:
    """The steps in the order of the table; each status needs those of the steps before."""
    status: dict[str, StepStatus] = {}
    for step in dating.kind.ordered:
        status[step.id] = _status(dating, dating.steps[step.id], status)
    return tuple(_state(one, status[one.step.id]) for one in dating.steps.values())


def _status(dating: Dating, one: Dated, status: dict[str, StepStatus]) -> StepStatus:
    if not one.applicable:
        return StepStatus.NOT_APPLICABLE
    if one.done is not None:
        return StepStatus.DONE
    if one.latest is not None and one.latest < dating.today and not one.silent:
        return StepStatus.LATE
    before = (status[link.step] for link in dating.links_of(one))
    waited = [found for found in before if found is not StepStatus.DONE]
    if StepStatus.LATE in waited or StepStatus.BLOCKED in waited:
        return StepStatus.BLOCKED
    if waited or one.silent or (one.earliest is not None and one.earliest > dating.today):
        return StepStatus.UPCOMING
    return StepStatus.DUE


def _state(one: Dated, status: StepStatus) -> StepState:
    return StepState(
        step=one.step,
        status=status,
        earliest=one.earliest,
        latest=one.latest,
        planned=one.planned,
        done=one.done if one.applicable else None,
        proof=one.proof,
        tacit=one.tacit,
        reason=one.reason,
        statutory=one.statutory,
        derivations=tuple(one.derivations),
        binding=one.binding,
        wished_by=one.wished_by if one.wished != one.statutory else None,
    )
