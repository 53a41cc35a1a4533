"""Tables of the room."""

from restanque.procedures.models.calendars import CalendarFeed
from restanque.procedures.models.facts import ObjectionNote, ProcedureFact
from restanque.procedures.models.procedures import Procedure, ProcedureQuerySet, Target

__all__ = [
    "CalendarFeed",
    "ObjectionNote",
    "Procedure",
    "ProcedureFact",
    "ProcedureQuerySet",
    "Target",
]
