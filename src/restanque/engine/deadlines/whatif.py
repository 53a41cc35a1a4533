"""What moves, and what becomes illegal, when a date moves: the difference of two timelines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from restanque.engine.deadlines.errors import DeadlineError
from restanque.engine.deadlines.timeline import Risk, RiskKind, StepStatus, Timeline

_FIELDS = ("earliest", "latest", "planned", "done")


@dataclass(frozen=True, slots=True)
class Moved:
    """A date that is not the same: `field` is earliest, latest, planned or done."""

    step: str
    label: str
    field: str
    before: date | None
    after: date | None

    @property
    def days(self) -> int | None:
        """Positive when it comes later; None when one of the dates is missing."""
        if self.before is None or self.after is None:
            return None
        return (self.after - self.before).days


@dataclass(frozen=True, slots=True)
class Difference:
    """Two timelines of one kind of procedure, compared."""

    moved: tuple[Moved, ...]
    statuses: tuple[tuple[str, StepStatus, StepStatus], ...]
    new_risks: tuple[Risk, ...]
    gone_risks: tuple[Risk, ...]
    rules_only_before: frozenset[str]
    rules_only_after: frozenset[str]

    @property
    def new_illegal(self) -> tuple[Risk, ...]:
        """What the change would make illegal, missed or out of order."""
        grave = (RiskKind.ILLEGAL, RiskKind.MISSED, RiskKind.WRONG_ORDER)
        return tuple(risk for risk in self.new_risks if risk.kind in grave)


def compare(before: Timeline, after: Timeline) -> Difference:
    """Dates, statuses, risks and rules that differ; DeadlineError for two kinds of procedure.

    A risk is the same when its kind, step and rule are: a new date in its sentence is no new risk.
    """
    if before.kind != after.kind:
        raise DeadlineError("Deux procédures de natures différentes ne se comparent pas.")
    moved, statuses = [], []
    for old, new in zip(before.steps, after.steps, strict=True):
        for name in _FIELDS:
            left, right = getattr(old, name), getattr(new, name)
            if left != right:
                moved.append(Moved(old.id, old.step.label, name, left, right))
        if old.status is not new.status:
            statuses.append((old.id, old.status, new.status))
    known, found = ({_same(r) for r in t.risks} for t in (before, after))
    return Difference(
        tuple(moved),
        tuple(statuses),
        tuple(risk for risk in after.risks if _same(risk) not in known),
        tuple(risk for risk in before.risks if _same(risk) not in found),
        before.rule_ids - after.rule_ids,
        after.rule_ids - before.rule_ids,
    )


def _same(risk: Risk) -> tuple[str, str, str]:
    return risk.kind.value, risk.step, risk.rule_id
