"""What is missed, illegal, threatened, contradictory, out of order or unproven."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from restanque.engine.deadlines.derivation import Derivation
from restanque.engine.deadlines.facts import Procedure
from restanque.engine.deadlines.steps import Link, ProcedureKind, waits_for
from restanque.engine.deadlines.timeline import Risk, RiskKind, StepState, StepStatus, Timeline
from restanque.engine.deadlines.words import spelled
from restanque.engine.law import Effect, RuleSet

#: A statutory date this near is shown as threatened.
WARN_DAYS = 60


def find_risks(
    timeline: Timeline,
    procedure: Procedure,
    kind: ProcedureKind,
    ruleset: RuleSet,
    warn_days: int = WARN_DAYS,
) -> tuple[Risk, ...]:
    """Every risk, the gravest kind first, in the order of the steps inside a kind."""
    finder = _Finder(timeline, procedure, kind, ruleset, warn_days)
    rank = {risk_kind: number for number, risk_kind in enumerate(RiskKind)}
    return tuple(sorted(finder.all(), key=lambda risk: rank[risk.kind]))


@dataclass(frozen=True)
class _Finder:
    timeline: Timeline
    procedure: Procedure
    kind: ProcedureKind
    ruleset: RuleSet
    warn_days: int

    def all(self) -> Iterator[Risk]:
        states = {state.id: state for state in self.timeline.steps}
        yield from self._wrong_regime()
        for state in self.timeline.steps:
            yield from self._of_events(state)
            if state.status is StepStatus.NOT_APPLICABLE:
                continue
            if state.done is not None and not state.tacit:
                yield from self._of_order(state, states)
                yield from self._of_periods(state)
            elif state.done is None:
                yield from self._of_what_comes(state, states)

    def _wrong_regime(self) -> Iterator[Risk]:
        if self.kind.regimes and self.timeline.regime not in self.kind.regimes:
            regime = self.ruleset.regimes[str(self.timeline.regime)]
            yield Risk(
                RiskKind.ILLEGAL,
                self.kind.launch,
                f"Cette procédure n’existe plus pour un acte de lancement du "
                f"{spelled(self.timeline.prescription)} ({regime.label}).",
                self.ruleset.cite(regime.articles),
                consequence="Choisissez une procédure de ce régime.",
            )

    def _of_events(self, state: StepState) -> Iterator[Risk]:
        events = [event for event in self.procedure.events if event.step == state.id]
        days = {event.date for event in events}
        if state.id == self.kind.launch and state.done is not None:
            days.add(self.timeline.prescription)
        if state.status is StepStatus.NOT_APPLICABLE and events:
            gone = state.step.regime is not None and state.step.regime != self.timeline.regime
            yield Risk(
                RiskKind.ILLEGAL if gone else RiskKind.CONTRADICTORY,
                state.id,
                f"« {state.step.label} » est enregistré, mais {state.reason}.",
            )
        if len(days) > 1:
            listed = ", ".join(spelled(day) for day in sorted(days))
            yield Risk(
                RiskKind.CONTRADICTORY,
                state.id,
                f"« {state.step.label} » porte plusieurs dates : {listed}. Gardez la bonne.",
            )
        for day in sorted(days):
            if day > self.timeline.today:
                yield Risk(
                    RiskKind.CONTRADICTORY,
                    state.id,
                    f"« {state.step.label} » est enregistré au {spelled(day)}, qui n’est pas "
                    "encore "
                    "passé.",
                )

    def _of_order(self, state: StepState, states: dict[str, StepState]) -> Iterator[Risk]:
        for link in _links(state, states):
            other = states[link.step]
            if state.done is None:
                continue
            if other.done is None:
                name = other.step.condition
                unsure = (
                    f" Si elle n’était pas due, dites-le (condition « {name} »)." if name else ""
                )
                yield _with_text(
                    other,
                    RiskKind.UNPROVEN,
                    f"« {other.step.label} » n’a pas de date, alors que « {state.step.label} », "
                    "qui "
                    f"vient après, est fait.{unsure}",
                )
            elif state.done < other.done and not other.tacit:
                yield _with_text(
                    state,
                    RiskKind.WRONG_ORDER,
                    f"« {state.step.label} » ({spelled(state.done)}) vient avant « "
                    f"{other.step.label} » ({spelled(other.done)}), qui doit le précéder.",
                )
            elif state.done < other.done:
                yield _with_text(
                    other,
                    RiskKind.WRONG_ORDER,
                    f"« {state.step.label} » ({spelled(state.done)}) est fait avant la fin du "
                    "délai "
                    f"de réponse (silence acquis le {spelled(other.done)}).",
                )
        if state.proof is None:
            yield self._unproven(state, state.done or self.timeline.today)

    def _unproven(self, state: StepState, done: date) -> Risk:
        """A fact without proof; graver where it starts the clock of a silence."""
        message = (
            f"« {state.step.label} » du {spelled(done)} n’est pas prouvé. Preuve attendue : "
            f"{state.step.proof}."
        )
        for later in self.timeline.steps:
            waits = any(link.step == state.id for link in later.step.after)
            for found in later.derivations if waits else ():
                if found.rule.effect is Effect.SILENCE:
                    return Risk(
                        RiskKind.UNPROVEN,
                        state.id,
                        message,
                        found.article,
                        found.rule_id,
                        "Sans preuve de la transmission, le silence ne peut pas être opposé "
                        "(à vérifier).",
                    )
        return _with_text(state, RiskKind.UNPROVEN, message)

    def _of_periods(self, state: StepState) -> Iterator[Risk]:
        """Recorded dates against the periods that the texts set."""
        for found in state.derivations:
            if found.date is None or found.fact is None or state.done is None:
                continue
            if not found.fact.happened or state.done < found.fact.day:
                continue
            effect, last = found.rule.effect, found.use == "wait"
            if effect is Effect.NOT_BEFORE and state.done < found.date:
                yield _of_rule(
                    state,
                    found,
                    RiskKind.WRONG_ORDER,
                    f"« {state.step.label} » ({spelled(state.done)}) vient trop tôt : pas avant "
                    "le "
                    f"{spelled(found.date)}.",
                )
            elif effect is Effect.NOT_AFTER and state.done > found.date:
                yield _of_rule(
                    state,
                    found,
                    RiskKind.MISSED,
                    f"« {state.step.label} » ({spelled(state.done)}) vient trop tard : au plus "
                    "tard "
                    f"le {spelled(found.date)}.",
                )
            elif effect is Effect.SILENCE and last and state.done >= found.date:
                yield _of_rule(
                    state,
                    found,
                    RiskKind.MISSED,
                    f"« {state.step.label} » ({spelled(state.done)}) : la réponse est arrivée "
                    "après "
                    f"le terme. {found.rule.silence}",
                )

    def _of_what_comes(self, state: StepState, states: dict[str, StepState]) -> Iterator[Risk]:
        if state.statutory is not None:
            yield from self._of_statutory(state, state.statutory)
        target = self.procedure.targets.get(state.id)
        if target is not None:
            yield from self._of_target(state, target, states)
        elif state.wished_by is not None and state.latest != state.statutory:
            yield from self._of_wish(state, states)

    def _of_wish(self, state: StepState, states: dict[str, StepState]) -> Iterator[Risk]:
        """A last day that comes from later steps: told once, where the chain can still start."""
        bound, latest = state.wished_by, state.latest
        if bound is None or latest is None or not self._can_start(state, states):
            return
        if latest >= max(self.timeline.today, state.earliest or self.timeline.today):
            return
        if not bound.overtaken:
            yield Risk(
                RiskKind.AT_RISK,
                state.id,
                f"Pour tenir la date visée, « {state.step.label} » devait être fait au plus tard "
                "le "
                f"{spelled(latest)}.",
            )
        elif states[bound.step].done is None:
            # Where the next step is done, its own reading tells it: see _of_order.
            yield _with_text(
                state,
                RiskKind.UNPROVEN,
                f"« {state.step.label} » n’a pas de date, alors qu’une étape qui vient après est "
                "faite.",
            )

    def _can_start(self, state: StepState, states: dict[str, StepState]) -> bool:
        return all(states[link.step].status is StepStatus.DONE for link in _links(state, states))

    def _of_statutory(self, state: StepState, limit: date) -> Iterator[Risk]:
        found = next(
            d for d in state.derivations if d.date == limit and d.rule.effect is Effect.NOT_AFTER
        )
        if found.fact is not None and not found.fact.happened:
            return
        left = (limit - self.timeline.today).days
        if left < 0:
            yield _of_rule(
                state,
                found,
                RiskKind.MISSED,
                f"« {state.step.label} » devait être fait au plus tard le {spelled(limit)}.",
            )
        elif left <= self.warn_days:
            yield _of_rule(
                state,
                found,
                RiskKind.AT_RISK,
                f"« {state.step.label} » doit être fait au plus tard le {spelled(limit)} : "
                f"{_days_left(left)}.",
            )

    def _of_target(
        self, state: StepState, target: date, states: dict[str, StepState]
    ) -> Iterator[Risk]:
        if state.earliest is not None and target < state.earliest:
            found = _barring(state, states)
            message = (
                f"« {state.step.label} » est visé le {spelled(target)}, avant la première date "
                "permise, "
                f"le {spelled(state.earliest)}."
            )
            if found is not None:
                yield _of_rule(state, found, RiskKind.ILLEGAL, message)
            else:
                yield Risk(RiskKind.AT_RISK, state.id, message)
        elif target < self.timeline.today:
            yield Risk(
                RiskKind.AT_RISK,
                state.id,
                f"La date visée pour « {state.step.label} », le {spelled(target)}, est passée.",
            )
        if state.statutory is not None and target > state.statutory:
            found = next(d for d in state.derivations if d.date == state.statutory)
            yield _of_rule(
                state,
                found,
                RiskKind.ILLEGAL,
                f"« {state.step.label} » est visé le {spelled(target)}, après la dernière date "
                "permise, "
                f"le {spelled(state.statutory)}.",
            )


def _links(state: StepState, states: dict[str, StepState]) -> tuple[Link, ...]:
    """What a step waits for in this procedure."""
    return waits_for(state.step, lambda name: states[name].status is not StepStatus.NOT_APPLICABLE)


def _barring(state: StepState, states: dict[str, StepState]) -> Derivation | None:
    """The last legal period on the chain that sets the earliest date; None when none is on it."""
    while state.binding is not None and (state.done is None or state.tacit):
        step, rule_id = state.binding
        found = next((d for d in reversed(state.derivations) if d.rule_id == rule_id), None)
        if found is not None and (found.rule.effect is not Effect.NOT_AFTER or state.step.awaited):
            return found
        state = states[step]
    return None


def _of_rule(state: StepState, found: Derivation, kind: RiskKind, message: str) -> Risk:
    return Risk(kind, state.id, message, found.article, found.rule_id, found.rule.consequence)


def _with_text(state: StepState, kind: RiskKind, message: str) -> Risk:
    """A risk on a step as a whole: its text is the first of its duties, or of its rules."""
    if not state.derivations:
        return Risk(kind, state.id, message)
    duty = (found for found in state.derivations if found.rule.effect is Effect.DUTY)
    return _of_rule(state, next(duty, state.derivations[0]), kind, message)


def _days_left(days: int) -> str:
    if days == 0:
        return "aujourd'hui"
    return "reste 1 jour" if days == 1 else f"restent {days} jours"
