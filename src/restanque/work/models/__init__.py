"""Tables of the room."""

from restanque.work.models.budget import (
    Amendment,
    Budget,
    BudgetLine,
    BudgetQuerySet,
    Commitment,
    Contract,
    Deliverable,
    Instalment,
    Invoice,
    PlannedAmount,
    StaffYear,
    Subsidy,
)
from restanque.work.models.people import (
    WEEKDAYS,
    Absence,
    MemberFeed,
    WorkingTime,
)
from restanque.work.models.tasks import (
    OPEN,
    Contribution,
    Priority,
    Task,
    TaskLink,
    TaskState,
)

__all__ = [
    "OPEN",
    "WEEKDAYS",
    "Absence",
    "Amendment",
    "Budget",
    "BudgetLine",
    "BudgetQuerySet",
    "Commitment",
    "Contract",
    "Contribution",
    "Deliverable",
    "Instalment",
    "Invoice",
    "MemberFeed",
    "PlannedAmount",
    "Priority",
    "StaffYear",
    "Subsidy",
    "Task",
    "TaskLink",
    "TaskState",
    "WorkingTime",
]
