"""The consultation of the public read on a day: its steps, their dates, what the law says of them.

Every date is the procedure's own: a fact once done, a target while planned. Which ways are open to
a procedure comes from the engine's steps and the regime of its launching act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from restanque.engine.deadlines import Risk, Step, StepState, StepStatus
from restanque.engine.law import Effect, Rule
from restanque.law.evidence import Evidence, evidence_of
from restanque.procedures.concertation.nomenclature import ParticipationWay
from restanque.procedures.models import Participation, Procedure, ProcedureFact
from restanque.procedures.reading import Reading

#: Way → the engine's steps that open and close it.
OPENING = {
    ParticipationWay.PPVE: ("ouverture-ppve", "cloture-ppve"),
    ParticipationWay.ENQUETE: ("ouverture-enquete", "cloture-enquete"),
}
NO_RULE = "La base de droit ne donne pas de délai pour cette étape : seul l’ordre compte."


@dataclass(frozen=True, slots=True)
class WayChoice:
    """A way of consulting the public: open to the procedure, or why not."""

    way: ParticipationWay
    allowed: bool
    reason: str = ""

    @property
    def label(self) -> str:
        """In words."""
        return str(self.way.label)


def ways_of(reading: Reading) -> tuple[WayChoice, ...]:
    """Each way, with what its regime says. Nothing here is decided by a date written in code."""
    kind = reading.procedure.engine_kind
    regime = reading.timeline.regime
    found = []
    for way in ParticipationWay:
        steps = [step for step in kind.steps if step.branch == way]
        if not steps:
            reason = "Cette procédure ne consulte pas le public de cette façon."
            found.append(WayChoice(way, False, reason))
        elif all(step.regime not in (None, regime) for step in steps):
            found.append(WayChoice(way, False, f"{reading.timeline.regime_label}."))
        else:
            found.append(WayChoice(way, True))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class RuleNote:
    """A rule of a step: what it asks, its text, how far it was checked, the arithmetic."""

    rule: Rule
    article: str
    computation: str
    day: date | None
    evidence: Evidence

    @property
    def bound(self) -> str:
        """« au plus tôt » or « au plus tard »."""
        return "au plus tôt" if self.rule.effect is Effect.NOT_BEFORE else "au plus tard"


@dataclass(frozen=True, slots=True)
class StepNote:
    """A step of the participation: planned or done, with its rules and what is wrong."""

    state: StepState
    facts: tuple[ProcedureFact, ...]
    wished: date | None
    rules: tuple[RuleNote, ...]
    risks: tuple[Risk, ...]

    @property
    def step(self) -> Step:
        """The engine's step."""
        return self.state.step

    @property
    def done(self) -> date | None:
        """The day it happened."""
        return self.state.done

    @property
    def day(self) -> date | None:
        """Done, else planned by the team."""
        return self.state.done or self.wished

    def can_record(self, today: date) -> bool:
        """Whether one click may record it: planned by the team, its day come, not done."""
        return self.state.done is None and self.wished is not None and self.wished <= today

    @property
    def badge(self) -> tuple[str, str]:
        """(words, badge)."""
        if self.risks:
            return self.risks[0].kind.label, "retard"
        if self.state.status is StepStatus.DONE:
            return "fait", "fait"
        return ("prévu", "cours") if self.wished else (self.state.status.label, "attente")


def steps_of(reading: Reading, way: str) -> tuple[StepNote, ...]:
    """The steps of one way, in order; empty when the procedure is read on another branch."""
    facts: dict[str, list[ProcedureFact]] = {}
    for fact in reading.procedure.facts.all():
        facts.setdefault(fact.step, []).append(fact)
    wished = {one.step: one.wished_on for one in reading.procedure.targets.all()}
    return tuple(
        StepNote(
            state,
            tuple(facts.get(state.id, ())),
            wished.get(state.id),
            tuple(
                RuleNote(one.rule, one.article, one.computation, one.date, evidence_of(one.rule))
                for one in state.derivations
            ),
            tuple(risk for risk in reading.timeline.risks if risk.step == state.id),
        )
        for state in reading.timeline.steps
        if state.step.branch == way and state.status is not StepStatus.NOT_APPLICABLE
    )


def span_of(procedure: Procedure, way: str) -> tuple[date | None, date | None]:
    """First and last day of the opening: facts, else targets; None when not known."""
    opening, closing = OPENING[ParticipationWay(way)]
    days: dict[str, date] = {one.step: one.wished_on for one in procedure.targets.all()}
    done: dict[str, date] = {}
    for fact in procedure.facts.all():
        if fact.step not in done or fact.happened_on < done[fact.step]:
            done[fact.step] = fact.happened_on
    days |= done
    return days.get(opening), days.get(closing)


def running_online(procedure: Procedure, today: date) -> Participation | None:
    """The electronic participation open that day, to which what the page receives belongs."""
    for one in procedure.participations.all():
        if one.way == ParticipationWay.PPVE:
            first, last = span_of(procedure, one.way)
            if first and first <= today and (last is None or today <= last):
                return one
    return None
