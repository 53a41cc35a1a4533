"""Dates of the steps: forward from what is done, backward from what is wished."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from restanque.engine.deadlines.calculus import (
    ONE_DAY,
    carry_back,
    closed_days,
    latest_start,
)
from restanque.engine.deadlines.derivation import Derivation, Fact, derive, select
from restanque.engine.deadlines.facts import Event, Procedure
from restanque.engine.deadlines.steps import Link, ProcedureKind, Step, waits_for
from restanque.engine.deadlines.timeline import Bound
from restanque.engine.deadlines.words import spelled
from restanque.engine.law import Effect, Period, Regime, Rule, RuleSet, Use

_MINIMUM = (Effect.NOT_BEFORE, Effect.SILENCE)


@dataclass
class Dated:
    """A step while it is being dated.

    `wished` is what the target and later steps leave it. `firm` tells whether the fact that starts
    the statutory period has happened: while it is only planned, that last day moves with it.
    """

    step: Step
    reason: str = ""
    done: date | None = None
    proof: str | None = None
    tacit: bool = False
    earliest: date | None = None
    statutory: date | None = None
    firm: bool = False
    wished: date | None = None
    wished_by: Bound | None = None
    planned: date | None = None
    binding: tuple[str, str | None] | None = None
    links: dict[str, Derivation] = field(default_factory=dict)
    derivations: list[Derivation] = field(default_factory=list)

    @property
    def applicable(self) -> bool:
        return not self.reason

    @property
    def day(self) -> date | None:
        """When it happened or is planned."""
        return self.done or self.planned

    @property
    def latest(self) -> date | None:
        """Its last day: the wished one alone while the statutory one still moves."""
        firm = self.statutory if self.firm or self.wished is None else None
        return min((bound for bound in (firm, self.wished) if bound), default=None)

    @property
    def silent(self) -> bool:
        """Does it wait for an answer that silence may replace?"""
        return any(found.rule.effect is Effect.SILENCE for found in self.derivations)


@dataclass(frozen=True)
class Dating:
    """One evaluation: what is given, and the steps by identifier."""

    procedure: Procedure
    kind: ProcedureKind
    regime: Regime | None
    ruleset: RuleSet
    today: date
    branch: str
    steps: dict[str, Dated] = field(default_factory=dict)
    #: Conditions met because an exceptional step of theirs is recorded.
    met: set[str] = field(default_factory=set)

    @property
    def regime_id(self) -> str | None:
        return self.regime.id if self.regime else None

    def run(self, events: dict[str, Event]) -> None:
        """Date every step."""
        self.met.update(
            step.condition for step in self.kind.steps if step.exceptional and step.id in events
        )
        for step in self.kind.steps:
            self.steps[step.id] = self._opened(step, events.get(step.id))
        for step in self.kind.ordered:
            if self.steps[step.id].applicable:
                self._forward(self.steps[step.id])
        for step in reversed(self.kind.ordered):
            if self.steps[step.id].applicable:
                self._backward(self.steps[step.id])

    def links_of(self, one: Dated) -> tuple[Link, ...]:
        """What a step waits for in this procedure."""
        return waits_for(one.step, lambda name: self.steps[name].applicable)

    def _opened(self, step: Step, event: Event | None) -> Dated:
        reason = self._out_of_scope(step, recorded=event is not None)
        opened = Dated(step, reason)
        if event is not None:
            opened.done, opened.proof = event.date, event.proof or None
        return opened

    def _out_of_scope(self, step: Step, *, recorded: bool) -> str:
        """Why a step does not apply, "" when it does. An unknown condition is taken as met."""
        if step.regime is not None and step.regime != self.regime_id:
            return "cette étape n’existe pas sous ce régime"
        if step.branch and step.branch != self.branch:
            return "autre façon de consulter le public"
        answer = step.condition in self.met or self.procedure.conditions.get(step.condition)
        if step.condition and answer is False and not recorded:
            return "condition non remplie"
        if step.exceptional and answer is not True and not recorded:
            return "étape exceptionnelle, non déclarée"
        return ""

    def _rule(self, key: str, fact: date | None) -> Derivation | None:
        """The version of a rule to apply, not yet applied to anything."""
        launch = self.procedure.prescription
        rule = select(self.ruleset, key, regime=self.regime_id, launch=launch, fact=fact)
        return derive(self.ruleset, rule, None) if rule else None

    def _forward(self, one: Dated) -> None:
        """Earliest, statutory and planned dates, from the steps it waits for."""
        for link in self.links_of(one):
            other = self.steps[link.step]
            missing = one.done is not None and other.done is None
            if other.day is not None and not missing:
                self._follow(one, link, other, other.day)
        for key in one.step.rules:
            duty = self._rule(key, None)
            if duty is not None:
                one.derivations.append(duty)
        if one.done is None:
            one.planned = self._plan(one)

    def _follow(self, one: Dated, link: Link, other: Dated, day: date) -> None:
        soonest, rule_id = day, None
        found = self._rule(link.rule, day) if link.rule else None
        if found is not None:
            rule = found.rule
            rule_id = rule.id
            fact = Fact(other.step.label, day, other.proof, happened=other.done is not None)
            if rule.effect is Effect.SILENCE:
                one.derivations.append(derive(self.ruleset, rule, fact, Use.ACT))
            found = derive(self.ruleset, rule, fact)
            one.links[link.step] = found
            one.derivations.append(found)
            if rule.effect in _MINIMUM:
                soonest = found.date or day
            elif found.date and (one.statutory is None or found.date < one.statutory):
                one.statutory, one.firm = found.date, fact.happened
            if rule.effect is Effect.SILENCE and other.done and one.done is None:
                self._keep_silence(one, soonest)
        if one.earliest is None or soonest > one.earliest:
            one.earliest, one.binding = soonest, (link.step, rule_id)

    def _keep_silence(self, one: Dated, acquired: date) -> None:
        """Nobody answered and the period has ended: the law gives the answer."""
        if acquired <= self.today:
            one.done, one.tacit = acquired, True

    def _plan(self, one: Dated) -> date:
        target = self.procedure.targets.get(one.step.id)
        soonest = max(one.earliest or self.today, self.today)
        if target is not None:
            return max(target, soonest)
        to_the_end = one.step.at_term or one.step.awaited
        return max(one.statutory, soonest) if to_the_end and one.statutory else soonest

    def _backward(self, one: Dated) -> None:
        """What the target and the later steps leave to the earlier ones."""
        target = self.procedure.targets.get(one.step.id)
        if one.done is None and target and (one.wished is None or target < one.wished):
            one.wished = target
            one.wished_by = Bound(one.step.id, None, f"date visée : {spelled(target)}", False)
        limit = one.wished if one.done is None else None if one.tacit else one.done
        if limit is None:
            return
        for link in self.links_of(one):
            other = self.steps[link.step]
            if other.done is None:
                found = one.links.get(link.step)
                period = _kept_period(one, found.rule) if found else None
                bound = _room(limit, period, found)
                if other.wished is None or bound < other.wished:
                    other.wished = bound
                    other.wished_by = _bound(one, limit, found.rule if period and found else None)


def _kept_period(one: Dated, rule: Rule) -> Period | None:
    """The period to keep free before a step; None when only the order counts.

    A step that waits for an answer, or for someone else, needs none of it once it is done.
    """
    if rule.effect is Effect.NOT_BEFORE:
        return rule.period_for(Use.WAIT)
    waits = rule.effect is Effect.SILENCE or one.step.awaited
    return rule.period_for(Use.WAIT) if waits and one.done is None else None


def _room(limit: date, period: Period | None, found: Derivation | None) -> date:
    """The last day of the earlier step that leaves its whole period before `limit`."""
    if period is None or found is None:
        return limit
    if found.rule.effect is Effect.SILENCE:
        limit -= ONE_DAY
    if found.rule.carry_over:
        limit = carry_back(limit, closed_days(limit, limit))
    return latest_start(limit, period)


def _bound(one: Dated, limit: date, rule: Rule | None) -> Bound:
    what = "fait" if one.done is not None else "à faire au plus tard"
    words = f"« {one.step.label} » : {what} le {spelled(limit)}"
    overtaken = one.done is not None or (one.wished_by is not None and one.wished_by.overtaken)
    if rule is None:
        return Bound(one.step.id, None, words, overtaken)
    period = rule.period_for(Use.WAIT)
    kept = f" ; {period.label} à laisser avant cette date" if period else ""
    return Bound(one.step.id, rule.id, words + kept, overtaken)
