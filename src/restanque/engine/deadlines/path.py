"""The chain of steps that sets the soonest date of the step aimed at."""

from __future__ import annotations

from restanque.engine.deadlines.timeline import PathStep, StepState, Timeline


def critical_path(timeline: Timeline) -> tuple[PathStep, ...]:
    """From the last step already done (or the first of all) to the step aimed at.

    Empty once that step is done. A later start of any step of the path puts the end off.
    """
    states = {state.id: state for state in timeline.steps}
    chain: list[PathStep] = []
    state: StepState | None = states[timeline.target_step]
    if state is None or state.done is not None:
        return ()
    while state is not None and state.day is not None:
        rule_id = state.binding[1] if state.binding else None
        words = next(
            (
                d.computation
                for d in reversed(state.derivations)
                if rule_id and d.rule_id == rule_id
            ),
            "",
        )
        chain.append(
            PathStep(state.id, state.step.label, state.day, state.done is not None, rule_id, words)
        )
        if state.done is not None and not state.tacit:
            break
        state = states[state.binding[0]] if state.binding else None
    return tuple(reversed(chain))
