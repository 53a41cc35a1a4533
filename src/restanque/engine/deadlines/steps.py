"""What a procedure is made of: steps, and what each waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError as _Cycle
from graphlib import TopologicalSorter

from restanque.engine.deadlines.errors import CycleError, DeadlineError


@dataclass(frozen=True, slots=True)
class Link:
    """This step comes after `step`; `rule` is the key of the rule that says by how much.

    Without rule, only the order counts, and the same day is allowed. The effect of the rule tells
    whether its period is a minimum, a maximum, or the time left to someone to answer. The link
    falls when the step `unless`, which takes the place of the other, applies.
    """

    step: str
    rule: str | None = None
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who acts, what proves it, what it waits for, the rules it must respect.

    `condition` names a condition of `engine.law.CONDITIONS`; `exceptional` steps exist only when
    their condition is met or when they are recorded; `branch` and `regime` restrict the step to one
    way of consulting the public, to one body of rules. `at_term` steps are planned for their
    deadline, not as soon as possible. `awaited` steps are someone else's: they are planned for the
    end of the time that the text leaves them, and the steps before keep that time free.
    """

    id: str
    label: str
    actor: str
    proof: str
    after: tuple[Link, ...] = ()
    rules: tuple[str, ...] = ()
    condition: str = ""
    exceptional: bool = False
    branch: str = ""
    regime: str | None = None
    at_term: bool = False
    awaited: bool = False


def waits_for(step: Step, applies: Callable[[str], bool]) -> tuple[Link, ...]:
    """The links of a step that hold, given which steps apply."""
    return tuple(
        link
        for link in step.after
        if applies(link.step) and not (link.unless and applies(link.unless))
    )


@dataclass(frozen=True)
class ProcedureKind:
    """A kind of procedure. `regimes` is empty when it exists under every regime of its family.

    `family` is None when no change of regime is known for it. `launch` is the step that gives the
    prescription its date, `approval` the step aimed at by default.
    """

    id: str
    label: str
    document: str
    steps: tuple[Step, ...]
    launch: str
    approval: str
    family: str | None = None
    regimes: tuple[str, ...] = ()
    branches: tuple[str, ...] = ("",)
    note: str = ""

    @cached_property
    def by_id(self) -> dict[str, Step]:
        """Steps by identifier."""
        return {step.id: step for step in self.steps}

    @cached_property
    def ordered(self) -> tuple[Step, ...]:
        """Steps, each after those it waits for; CycleError if there is no such order.

        Steps that do not depend on each other keep the order of the table.
        """
        return order(self.steps)


def order(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps in an order that respects their links; see `ProcedureKind.ordered`."""
    listed = tuple(steps)
    by_id = {step.id: step for step in listed}
    if len(by_id) != len(listed):
        raise DeadlineError("Deux étapes portent le même identifiant.")
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for step in listed:
        for link in step.after:
            if link.step not in by_id:
                raise DeadlineError(f"L’étape « {step.id} » attend « {link.step} », inconnue.")
        sorter.add(step.id, *(link.step for link in step.after))
    try:
        sorter.prepare()
    except _Cycle as cycle:
        path = " → ".join(cycle.args[1])
        raise CycleError(f"Ces étapes s’attendent l’une l’autre : {path}.") from None
    position = {step.id: number for number, step in enumerate(listed)}
    done: list[Step] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=lambda name: position[name])
        done += [by_id[name] for name in ready]
        sorter.done(*ready)
    return tuple(done)
