"""A revision of a SCoT-AEC as the tests record it."""

from datetime import date
from typing import Any

from restanque.engine.deadlines import Event, Procedure, RiskKind, Timeline, evaluate
from restanque.engine.law import shipped

LAW = shipped()
TODAY = date(2026, 11, 24)
KIND = "scot-aec-revision"


def scot(
    *events: tuple[str, date],
    today: date = TODAY,
    prescription: date = date(2023, 6, 20),
    **more: Any,
) -> Timeline:
    """A revision whose events are all proven."""
    recorded = tuple(Event(step, day, "délibération") for step, day in events)
    procedure = Procedure(KIND, prescription, recorded, **more)
    return evaluate(procedure, today=today, ruleset=LAW)


def kinds_of_risk(timeline: Timeline, step: str) -> set[RiskKind]:
    return {risk.kind for risk in timeline.risks if risk.step == step}
