"""Tables of the room."""

from restanque.procedures.models.calendars import CalendarFeed
from restanque.procedures.models.concertation import Means, Modality
from restanque.procedures.models.consultations import (
    Consultation,
    Consultee,
    Dispatch,
    SetAside,
)
from restanque.procedures.models.contributions import (
    Contribution,
    ContributionAnswer,
    Participation,
    PublicDocument,
    PublicPage,
    Theme,
)
from restanque.procedures.models.dossier import (
    DossierPiece,
    LegalAdvice,
    PieceFile,
    Study,
)
from restanque.procedures.models.facts import ObjectionNote, ProcedureFact
from restanque.procedures.models.opinions import Opinion, Remark, Reply
from restanque.procedures.models.procedures import Procedure, ProcedureQuerySet, Target

__all__ = [
    "CalendarFeed",
    "Consultation",
    "Consultee",
    "Contribution",
    "ContributionAnswer",
    "Dispatch",
    "DossierPiece",
    "LegalAdvice",
    "Means",
    "Modality",
    "ObjectionNote",
    "Opinion",
    "Participation",
    "PieceFile",
    "Procedure",
    "ProcedureFact",
    "ProcedureQuerySet",
    "PublicDocument",
    "PublicPage",
    "Remark",
    "Reply",
    "SetAside",
    "Study",
    "Target",
    "Theme",
]
