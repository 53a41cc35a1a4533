"""What a team records of a procedure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from restanque.engine.deadlines.errors import DeadlineError
from restanque.engine.deadlines.procedures import kind_named
from restanque.engine.deadlines.steps import ProcedureKind, Step
from restanque.engine.law import CONDITIONS


@dataclass(frozen=True, slots=True)
class Event:
    """A step that happened: `proof` is None when nothing proves it."""

    step: str
    date: date
    proof: str | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure as recorded.

    `prescription` is the date of the act that launches it (whatever its kind). `targets` are the
    dates wished for steps to come. `conditions` answers the questions of `engine.law.CONDITIONS`;
    absent or None means not known. `branch` is the way of consulting the public, None to deduce it
    from the recorded steps.
    """

    kind: str
    prescription: date
    events: tuple[Event, ...] = ()
    targets: Mapping[str, date] = field(default_factory=dict)
    conditions: Mapping[str, bool | None] = field(default_factory=dict)
    branch: str | None = None


def checked(procedure: Procedure) -> ProcedureKind:
    """The kind of a procedure; DeadlineError names a step, branch or condition unknown to it."""
    kind = kind_named(procedure.kind)
    for name in (*(event.step for event in procedure.events), *procedure.targets):
        known_step(kind, name)
    for name in procedure.conditions:
        if name not in CONDITIONS:
            raise DeadlineError(
                f"La condition « {name} » n’existe pas. Conditions : {', '.join(CONDITIONS)}."
            )
    if procedure.branch is not None and procedure.branch not in kind.branches:
        raise DeadlineError(
            f"« {procedure.branch} » n’est pas une façon de consulter le public pour cette "
            f"procédure. Choix : {', '.join(kind.branches)}."
        )
    return kind


def known_step(kind: ProcedureKind, name: str) -> Step:
    """The step of this name; DeadlineError, with the nearest name, if there is none."""
    if name not in kind.by_id:
        near = get_close_matches(name, kind.by_id, n=1)
        hint = f" Vouliez-vous dire « {near[0]} » ?" if near else ""
        raise DeadlineError(f"L’étape « {name} » n’existe pas dans « {kind.label} ».{hint}")
    return kind.by_id[name]
