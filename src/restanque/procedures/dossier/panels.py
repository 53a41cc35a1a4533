"""The card of the file on the page of a procedure."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest

from restanque.kit import slots
from restanque.kit.slots import Panel
from restanque.procedures.dossier.nomenclature import PieceState, StudyState
from restanque.procedures.models import DossierPiece, LegalAdvice, Procedure, Study


def register() -> None:
    """Tell the page of a procedure what the file shows there."""
    slots.register("procedure", "procedures.dossier", order=40, provider=card)


def card(request: HttpRequest, subject: Procedure) -> Panel:
    """Pieces, questions of law, studies: how many, what waits. The page has checked who asks."""
    del request
    own = {"procedure": subject}
    pieces = DossierPiece.objects.filter(**own).aggregate(
        opened=Count("pk"),
        needed=Count("pk", filter=~Q(state=PieceState.NOT_NEEDED)),
        approved=Count("pk", filter=Q(state=PieceState.APPROVED)),
    )
    advices = LegalAdvice.objects.filter(**own).aggregate(
        advices=Count("pk"), waiting=Count("pk", filter=Q(received_on=None))
    )
    studies = Study.objects.filter(**own).aggregate(
        studies=Count("pk"),
        awaited=Count("pk", filter=Q(state__in=[StudyState.PLANNED, StudyState.RUNNING])),
    )
    context: dict[str, Any] = {"procedure": subject, **pieces, **advices, **studies}
    return Panel("Dossier", "procedures/dossier/card.html", context, "dossier", place="aside")
