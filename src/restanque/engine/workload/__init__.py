"""Who is how busy, what can start when, what contradicts itself. See README.md."""

from restanque.engine.workload.checks import Contradiction, ContradictionKind, contradictions
from restanque.engine.workload.days import Calendar, monday_of
from restanque.engine.workload.load import Cell, Load, Misplaced, capacity, spread, window
from restanque.engine.workload.model import CircleError, Pattern, Person, Work, find_circle
from restanque.engine.workload.schedule import Schedule, Span, schedule

__all__ = [
    "Calendar",
    "Cell",
    "CircleError",
    "Contradiction",
    "ContradictionKind",
    "Load",
    "Misplaced",
    "Pattern",
    "Person",
    "Schedule",
    "Span",
    "Work",
    "capacity",
    "contradictions",
    "find_circle",
    "monday_of",
    "schedule",
    "spread",
    "window",
]
