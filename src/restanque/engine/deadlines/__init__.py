"""Statutory dates of planning procedures, each with its derivation. Dates in, dates out."""

from restanque.engine.deadlines.calculus import (
    PARIS,
    Suspension,
    add_months,
    carry_back,
    carry_over,
    clear_days_between,
    closed_days,
    end_of,
    end_with,
    french_holidays,
    latest_start,
    legal_date,
)
from restanque.engine.deadlines.clocks import (
    ClockTick,
    EvaluationReading,
    FixedDate,
    PluReading,
    aec_clock,
    plu_compatibility,
    scot_evaluation,
    zan_dates,
)
from restanque.engine.deadlines.derivation import Derivation, Fact, by_term, deadline, derive
from restanque.engine.deadlines.errors import CycleError, DeadlineError, UnknownKindError
from restanque.engine.deadlines.evaluate import evaluate, rules_of
from restanque.engine.deadlines.export import to_json
from restanque.engine.deadlines.facts import Event, Procedure
from restanque.engine.deadlines.ics import to_ics
from restanque.engine.deadlines.procedures import kind_named, kinds
from restanque.engine.deadlines.reading import read_date, read_events
from restanque.engine.deadlines.sessions import (
    Convening,
    Convocation,
    Quorum,
    convocation,
    quorum,
)
from restanque.engine.deadlines.steps import Link, ProcedureKind, Step, order
from restanque.engine.deadlines.text import to_text
from restanque.engine.deadlines.timeline import (
    PathStep,
    Risk,
    RiskKind,
    StepState,
    StepStatus,
    Timeline,
)
from restanque.engine.deadlines.whatif import Difference, Moved, compare
from restanque.engine.deadlines.words import spelled, with_weekday

__all__ = [
    "PARIS",
    "ClockTick",
    "Convening",
    "Convocation",
    "CycleError",
    "DeadlineError",
    "Derivation",
    "Difference",
    "EvaluationReading",
    "Event",
    "Fact",
    "FixedDate",
    "Link",
    "Moved",
    "PathStep",
    "PluReading",
    "Procedure",
    "ProcedureKind",
    "Quorum",
    "Risk",
    "RiskKind",
    "Step",
    "StepState",
    "StepStatus",
    "Suspension",
    "Timeline",
    "UnknownKindError",
    "add_months",
    "aec_clock",
    "by_term",
    "carry_back",
    "carry_over",
    "clear_days_between",
    "closed_days",
    "compare",
    "convocation",
    "deadline",
    "derive",
    "end_of",
    "end_with",
    "evaluate",
    "french_holidays",
    "kind_named",
    "kinds",
    "latest_start",
    "legal_date",
    "order",
    "plu_compatibility",
    "quorum",
    "read_date",
    "read_events",
    "rules_of",
    "scot_evaluation",
    "spelled",
    "to_ics",
    "to_json",
    "to_text",
    "with_weekday",
    "zan_dates",
]
