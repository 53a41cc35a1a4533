"""A procedure read on a day: where it stands, which dates come, what they rest on.

Pure reading of what is recorded through the engine; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from restanque.engine.deadlines import (
    ClockTick,
    Derivation,
    Difference,
    Fact,
    Risk,
    RiskKind,
    StepState,
    StepStatus,
    Timeline,
    aec_clock,
    compare,
    evaluate,
)
from restanque.engine.law import Effect, Rule, RuleSet, Use
from restanque.law.current import law_of
from restanque.law.evidence import Evidence, evidence_of
from restanque.procedures.law_memory import Recalled, recall
from restanque.procedures.models import Procedure, ProcedureFact

#: The home page shows the statutory dates this near.
SOON = timedelta(days=60)
#: How far the double clock of a SCoT-AEC is drawn, in years: once the longest of its periods.
CLOCK_YEARS = 11
_CLOSED = (StepStatus.DONE, StepStatus.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A last day set by a text, for a step not done.

    `answer` is True when somebody else must answer by that day. `firm` is True once the fact that
    starts the clock has happened; before, the date moves with it.
    """

    state: StepState
    found: Derivation
    day: date
    left: int
    answer: bool
    firm: bool

    @property
    def evidence(self) -> Evidence:
        """How far its rule was checked."""
        return evidence_of(self.found.rule)

    @property
    def late(self) -> bool:
        """Passed."""
        return self.left < 0

    @property
    def css(self) -> str:
        """Look of the days left."""
        if self.left < 15:
            return "urgent"
        return "bientot" if self.left <= SOON.days else ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step and what is recorded of it."""

    state: StepState
    badge: str
    facts: tuple[ProcedureFact, ...]
    target: date | None


_STATUS_BADGES = {
    StepStatus.DONE: "fait",
    StepStatus.DUE: "cours",
    StepStatus.LATE: "retard",
    StepStatus.UPCOMING: "attente",
    StepStatus.BLOCKED: "valider",
    StepStatus.NOT_APPLICABLE: "attente",
}


@dataclass(frozen=True)
class Reading:
    """One procedure, one day, one state of the law."""

    procedure: Procedure
    today: date
    given_law: RuleSet | None = None

    @cached_property
    def law(self) -> RuleSet:
        """The law it is read with: the workspace's, unless another is given to compare."""
        return self.given_law or law_of(self.procedure.workspace)

    @cached_property
    def timeline(self) -> Timeline:
        """Every step with its dates, and the risks."""
        return evaluate(self.procedure.as_engine(), today=self.today, ruleset=self.law)

    @cached_property
    def deadlines(self) -> tuple[Deadline, ...]:
        """The statutory last days of steps not done, the soonest first."""
        found = [
            Deadline(
                state,
                one,
                day,
                (day - self.today).days,
                one.rule.effect is Effect.SILENCE,
                fact.happened,
            )
            for state in self.timeline.steps
            if state.status not in _CLOSED
            for one, day, fact in _terms(state)
        ]
        return tuple(sorted(found, key=lambda one: (one.day, one.state.id)))

    @property
    def firm_deadlines(self) -> tuple[Deadline, ...]:
        """Those whose starting fact has happened: their clock runs."""
        return tuple(one for one in self.deadlines if one.firm)

    @property
    def next_deadline(self) -> Deadline | None:
        """The soonest not passed whose clock runs; else the soonest that is planned."""
        coming = [one for one in self.deadlines if not one.late]
        return next((one for one in coming if one.firm), coming[0] if coming else None)

    @property
    def next_steps(self) -> tuple[StepState, ...]:
        """What can be done today, or is late."""
        ready = (StepStatus.DUE, StepStatus.LATE)
        return tuple(state for state in self.timeline.steps if state.status in ready)

    @property
    def last_done(self) -> StepState | None:
        """The last step done by an act: silence is not one."""
        done = [s for s in self.timeline.steps if s.done is not None and not s.tacit]
        return max(done, key=lambda s: s.done or date.min, default=None)

    @property
    def is_finished(self) -> bool:
        """Whether the document is approved."""
        return self.timeline.step(self.procedure.engine_kind.approval).done is not None

    @property
    def status(self) -> tuple[str, str]:
        """(words, badge) of the whole procedure."""
        grave = (RiskKind.ILLEGAL, RiskKind.MISSED)
        if any(risk.kind in grave for risk in self.timeline.risks):
            return "délai manqué ou acte illégal", "retard"
        if self.is_finished:
            return "approuvée", "fait"
        return ("archivée", "attente") if self.procedure.archived else ("en cours", "cours")

    @cached_property
    def rows(self) -> tuple[StepRow, ...]:
        """The steps that apply, in order, with what is recorded of each."""
        facts: dict[str, list[ProcedureFact]] = {}
        for fact in self.procedure.facts.all():
            facts.setdefault(fact.step, []).append(fact)
        wished = {one.step: one.wished_on for one in self.procedure.targets.all()}
        return tuple(
            StepRow(
                state,
                _STATUS_BADGES[state.status],
                tuple(facts.get(state.id, ())),
                wished.get(state.id),
            )
            for state in self.timeline.steps
            if state.status is not StepStatus.NOT_APPLICABLE or state.id in facts
        )

    @property
    def unknown_facts(self) -> tuple[ProcedureFact, ...]:
        """Facts of steps that this version no longer has: kept, and out of the computation."""
        known = self.procedure.engine_kind.by_id
        return tuple(fact for fact in self.procedure.facts.all() if fact.step not in known)

    @property
    def left_out(self) -> tuple[StepState, ...]:
        """The steps that do not apply, each with its reason."""
        gone = StepStatus.NOT_APPLICABLE
        return tuple(state for state in self.timeline.steps if state.status is gone)

    @cached_property
    def rules_to_verify(self) -> tuple[Rule, ...]:
        """The rules of this calendar that nobody has read, or that may have changed."""
        used = {name for name in self.timeline.rule_ids if self.law.rule(name).to_verify}
        return tuple(self.law.rule(name) for name in sorted(used))

    @property
    def clock(self) -> tuple[ClockTick, ...]:
        """The dates of the PCAET and of the SCoT from the approval, done or planned.

        Empty for another kind than a SCoT-AEC.
        """
        if self.procedure.kind != "scot-aec-revision":
            return ()
        state = self.timeline.step(self.procedure.engine_kind.approval)
        if state.day is None:
            return ()
        fact = Fact(state.step.label, state.day, state.proof, happened=state.done is not None)
        last = state.day.replace(year=state.day.year + CLOCK_YEARS, day=min(state.day.day, 28))
        return aec_clock(self.law, fact, until=last)

    def what_if(self, step: str, day: date) -> Difference:
        """What one more wish would change; nothing is written."""
        wished = self.procedure.as_engine(targets={step: day})
        moved = evaluate(wished, today=self.today, ruleset=self.law)
        return compare(self.timeline, moved)

    @cached_property
    def law_change(self) -> tuple[Recalled, Difference] | None:
        """What the law has changed since it was acknowledged; None when it is the same."""
        if self.procedure.law_version == self.law.version:
            return None
        recalled = recall(self.procedure.law_memory, self.law)
        before = evaluate(self.procedure.as_engine(), today=self.today, ruleset=recalled.law)
        difference = compare(before, self.timeline)
        rewritten = recalled.changed or recalled.gone or recalled.lost
        # A text that was only read again moves nothing.
        return (recalled, difference) if rewritten or difference.moved else None

    @property
    def is_fictitious(self) -> bool:
        """Whether anything shown is invented."""
        return (
            self.procedure.workspace.fictitious
            or self.procedure.fictitious
            or any(fact.is_fictitious for fact in self.procedure.facts.all())
        )

    @property
    def doubtful(self) -> tuple[tuple[Rule, str], ...]:
        """Each rule to verify with its articles in words."""
        return tuple((rule, self.law.cite(rule.articles)) for rule in self.rules_to_verify)

    @property
    def aim_label(self) -> str:
        """The step aimed at, in words."""
        return self.label_of(self.timeline.target_step)

    @property
    def shortfall(self) -> int:
        """Days that the texts ask for beyond the date aimed at; 0 when it is allowed."""
        return max(0, -(self.timeline.margin or 0))

    @property
    def aim_day(self) -> date | None:
        """The day of the step aimed at: done, or the soonest that is allowed."""
        return self.timeline.step(self.timeline.target_step).day

    def label_of(self, step: str) -> str:
        """A step in words."""
        return self.timeline.step(step).step.label

    @property
    def risks(self) -> tuple[tuple[Risk, str], ...]:
        """Each risk with the badge of its kind, the gravest first."""
        return tuple((risk, _RISK_BADGES[risk.kind]) for risk in self.timeline.risks)


_RISK_BADGES = {
    RiskKind.ILLEGAL: "retard",
    RiskKind.MISSED: "retard",
    RiskKind.WRONG_ORDER: "retard",
    RiskKind.CONTRADICTORY: "valider",
    RiskKind.AT_RISK: "valider",
    RiskKind.UNPROVEN: "attente",
}


def _terms(state: StepState) -> Iterator[tuple[Derivation, date, Fact]]:
    """The last days that rules give to a step: to act, or to answer."""
    for found in state.derivations:
        ends = found.rule.effect in (Effect.NOT_AFTER, Effect.SILENCE) and found.use is Use.ACT
        if ends and found.date is not None and found.fact is not None:
            yield found, found.date, found.fact
