"""What is erased of visits on their date: photos, free texts, who visited; the figures stay."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from restanque.engine.forms import Control, FormError
from restanque.surveys.models import Visit, VisitRound
from restanque.surveys.models.answers import ResponseStatus
from restanque.surveys.visits.entering import delete_visit
from restanque.surveys.visits.reading import session_of_visit
from restanque.surveys.visits.reception import erase_file

_FREE_TEXTS = ("orientation.comment", "offer.wishes")


def purge_expired(today: date) -> int:
    """Erase, for series past their date, what may name somebody; how many visits. Safe to repeat.

    Erased: files, the phone's own envelope, texts that feed no fact, contact facts, drafts, who
    visited. What the directory has gained is its own record, with its own dates.
    """
    erased = 0
    for visits in VisitRound.objects.filter(purge_on__lt=today).order_by("pk"):
        erased += _purge_round(visits)
    return erased


@transaction.atomic
def _purge_round(visits: VisitRound) -> int:
    for draft in visits.visits.filter(status=ResponseStatus.DRAFT):
        delete_visit(draft)
    telling = ~Q(received_xml="") | Q(visitor__isnull=False) | Q(entered_by__isnull=False)
    full = (
        visits.visits.filter(telling | Q(files__isnull=False))
        .select_related("round__territory__workspace", "version", "organisation")
        .distinct()
    )
    return sum(_forget(visit) for visit in full)


def _forget(visit: Visit) -> int:
    for file in visit.files.all():
        erase_file(file)
    try:
        session = session_of_visit(visit)
    except FormError:
        visit.instance, visit.flat = "", {}
    else:
        for state in session.states():
            if state.value and state.control is not None and _is_personal(state.control):
                session.set(state.path, "")
        session.recompute()
        visit.instance, visit.flat = session.to_xml(prune=False), session.flat()
    visit.received_xml, visit.visitor, visit.entered_by = "", None, None
    visit.save()
    return 1


def _is_personal(control: Control) -> bool:
    if control.fact:
        return control.fact.startswith("contact.") or control.fact in _FREE_TEXTS
    return control.widget in ("text", "multiline", "file")
