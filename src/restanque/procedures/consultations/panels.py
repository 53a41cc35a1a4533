"""What the consultations show on the page of their procedure, and on « Cette semaine »."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.kit import slots
from restanque.kit.slots import Panel
from restanque.kit.text import plural
from restanque.law.current import law_of
from restanque.procedures.consultations.checking import ProcedureInspection
from restanque.procedures.consultations.reading import read_all
from restanque.procedures.models import Consultation, Procedure
from restanque.procedures.perms import can_view_procedures

#: More would crowd the page of the procedure.
MOST = 4


def register() -> None:
    """Tell the page of a procedure and the home page what is shown there."""
    slots.register("procedure", "procedures.consultations", order=30, provider=consultations)
    slots.register("home", "procedures.consultations", order=20, provider=to_remind)


def consultations(request: HttpRequest, subject: Procedure) -> Panel | None:
    """Its consultations, what was answered, and the omissions; None for a kind without any."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None or not can_view_procedures(membership):
        return None
    inspection = ProcedureInspection(subject, timezone.localdate(), law_of(subject.workspace))
    if not inspection.steps:
        return None
    omissions, missing = inspection.omissions, inspection.missing_steps
    return Panel(
        "Consultations",
        "procedures/consultations/panel.html",
        {
            "count": plural(len(inspection.readings), "consultation")
            if inspection.readings
            else "",
            "readings": inspection.readings,
            "omissions": omissions[:MOST],
            "more": max(0, len(omissions) - MOST),
            "missing": missing[:MOST],
            "link_url": reverse("procedures:consultations", args=[subject.pk]),
            "link_label": "Toutes les consultations",
            "fictitious": any(one.is_fictitious for one in inspection.readings),
        },
        "consultations",
    )


def to_remind(request: HttpRequest, subject: Membership) -> Panel | None:
    """The running consultations that have bodies to remind before their term."""
    if not can_view_procedures(subject):
        return None
    awaited = (
        Consultation.objects.visible_to(subject)
        .filter(
            procedure__archived=False,
            consultees__opinion=None,
            consultees__dispatches__isnull=False,
        )
        .distinct()
    )
    found = read_all(awaited, timezone.localdate(), law=law_of(subject.workspace))
    rows = [(one, bodies) for one in found if (bodies := one.to_remind)]
    if not rows:
        return None
    rows.sort(key=lambda row: row[1][0].left or 0)
    context = {
        "rows": rows[:MOST],
        "count": plural(sum(len(bodies) for _, bodies in rows), "organisme"),
        "fictitious": any(one.is_fictitious for one, _ in rows),
    }
    template = "procedures/consultations/home.html"
    return Panel("Organismes à relancer", template, context, "relances-avis")
