"""What an evaluation gives back: steps with their dates, risks, the path to the target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from restanque.engine.deadlines.derivation import Derivation
from restanque.engine.deadlines.steps import Step


class StepStatus(StrEnum):
    """Where a step stands."""

    DONE = "done"
    #: It can be done now.
    DUE = "due"
    #: Its last day has passed.
    LATE = "late"
    #: It waits for other steps, or for the end of a period.
    UPCOMING = "upcoming"
    #: It waits for a step that is late.
    BLOCKED = "blocked"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        return STATUS_LABELS[self]


STATUS_LABELS = {
    StepStatus.DONE: "fait",
    StepStatus.DUE: "à faire",
    StepStatus.LATE: "en retard",
    StepStatus.UPCOMING: "à venir",
    StepStatus.BLOCKED: "bloqué",
    StepStatus.NOT_APPLICABLE: "sans objet",
}


class RiskKind(StrEnum):
    """What is wrong, or may become so."""

    ILLEGAL = "illegal"
    MISSED = "missed"
    WRONG_ORDER = "wrong_order"
    CONTRADICTORY = "contradictory"
    AT_RISK = "at_risk"
    UNPROVEN = "unproven"

    @property
    def label(self) -> str:
        return RISK_LABELS[self]


RISK_LABELS = {
    RiskKind.ILLEGAL: "illégal",
    RiskKind.MISSED: "délai manqué",
    RiskKind.WRONG_ORDER: "ordre ou délai non respecté",
    RiskKind.CONTRADICTORY: "dates contradictoires",
    RiskKind.AT_RISK: "délai menacé",
    RiskKind.UNPROVEN: "non prouvé",
}


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk: its step, what is wrong, the text, what it may cost. `article` may be empty."""

    kind: RiskKind
    step: str
    message: str
    article: str = ""
    rule_id: str = ""
    consequence: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """Why a step has a last day that no text gives: a later step, the rule between them, in words.

    `overtaken` is True when a later step is already done, False when a target is aimed at.
    """

    step: str
    rule_id: str | None
    computation: str
    overtaken: bool


@dataclass(frozen=True, slots=True)
class StepState:
    """A step of one procedure.

    earliest: first day allowed by the steps it waits for, done or planned; None: nothing bars it.
    latest: last day allowed by a text, by a later step already done, or by the target.
    planned: its target, or the soonest allowed date from today; its last day for steps at term.
    done: the day it happened, or the day on which silence was acquired (`tacit`).
    """

    step: Step
    status: StepStatus
    earliest: date | None = None
    latest: date | None = None
    planned: date | None = None
    done: date | None = None
    proof: str | None = None
    tacit: bool = False
    reason: str = ""
    #: The last day given by a text alone, when there is one.
    statutory: date | None = None
    derivations: tuple[Derivation, ...] = ()
    #: Name of the step that sets `earliest`, and the rule that separates them.
    binding: tuple[str, str | None] | None = None
    #: Why `latest` comes before `statutory`, when it does.
    wished_by: Bound | None = None

    @property
    def id(self) -> str:
        return self.step.id

    @property
    def day(self) -> date | None:
        """When it happened or is planned."""
        return self.done or self.planned


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step on the critical path; it waits for the previous one, by a rule or by order."""

    step: str
    label: str
    day: date
    done: bool
    rule_id: str | None
    computation: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A procedure on a day, under a dated rule set."""

    kind: str
    label: str
    regime: str | None
    regime_label: str
    ruleset_version: str
    prescription: date
    today: date
    branch: str
    steps: tuple[StepState, ...]
    risks: tuple[Risk, ...]
    critical_path: tuple[PathStep, ...]
    target_step: str
    target: date | None
    notes: tuple[str, ...] = ()

    def step(self, name: str) -> StepState:
        """The state of a step; KeyError if the procedure has no such step."""
        for state in self.steps:
            if state.step.id == name:
                return state
        raise KeyError(name)

    @property
    def margin(self) -> int | None:
        """Days from the soonest date of the step aimed at to its target; None without target."""
        state = self.step(self.target_step)
        if self.target is None or state.done is not None or state.planned is None:
            return None
        soonest = max(state.earliest or self.today, self.today)
        return (self.target - soonest).days

    @property
    def rule_ids(self) -> frozenset[str]:
        """Every rule applied to a step that is not out of scope."""
        return frozenset(
            found.rule_id
            for state in self.steps
            if state.status is not StepStatus.NOT_APPLICABLE
            for found in state.derivations
        )
