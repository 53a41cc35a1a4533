"""Tables of the room."""

from restanque.governance.models.acts import Deliberation, DeliberationQuerySet
from restanque.governance.models.bodies import Body, BodyQuerySet, Mandate, MandateQuerySet
from restanque.governance.models.sittings import (
    AgendaItem,
    Dispatch,
    Sitting,
    SittingQuerySet,
)
from restanque.governance.models.votes import Attendance, Ballot, Movement, Proxy, Vote

__all__ = [
    "AgendaItem",
    "Attendance",
    "Ballot",
    "Body",
    "BodyQuerySet",
    "Deliberation",
    "DeliberationQuerySet",
    "Dispatch",
    "Mandate",
    "MandateQuerySet",
    "Movement",
    "Proxy",
    "Sitting",
    "SittingQuerySet",
    "Vote",
]
