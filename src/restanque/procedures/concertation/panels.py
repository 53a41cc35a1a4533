"""What the concertation shows elsewhere, and what it erases on its date."""

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.core import purge
from restanque.governance.models import AgendaItem
from restanque.kit import slots
from restanque.kit.slots import Panel
from restanque.kit.text import plural
from restanque.procedures import acts
from restanque.procedures.concertation import importers
from restanque.procedures.concertation.ledger import ARRET, BILAN, Ledger
from restanque.procedures.concertation.nomenclature import ModerationState
from restanque.procedures.concertation.perms import can_edit_concertation, can_view_concertation
from restanque.procedures.concertation.services.purging import purge_expired
from restanque.procedures.models import Procedure
from restanque.procedures.reading import Reading


def register() -> None:
    """Tell the procedure page, « Cette semaine », the daily purge and the imports."""
    slots.register("procedure", "procedures.concertation", order=40, provider=concertation)
    slots.register("agenda-item", "procedures.concertation", order=11, provider=before_bilan)
    slots.register("home", "procedures.contributions", order=20, provider=to_read)
    purge.register("procedures.contributions", purge_expired)
    importers.register_all()


def concertation(request: HttpRequest, subject: Procedure) -> Panel | None:
    """Announced and done, gaps, what waits to be read; the way to the ledger."""
    membership = getattr(request, "membership", None)
    if membership is None or not can_view_concertation(membership):
        return None
    ledger = Ledger(Reading(subject, timezone.localdate()))
    context = {
        "procedure": subject,
        "ledger": ledger,
        "grave": ledger.grave[:3],
        "more": max(0, len(ledger.grave) - 3),
        "counts": ledger.counts,
        "page": ledger.page,
        "fictitious": ledger.is_fictitious,
    }
    return Panel(
        "Concertation et participation du public",
        "procedures/concertation/panel.html",
        context,
        "concertation",
    )


def before_bilan(request: HttpRequest, subject: AgendaItem) -> Panel | None:
    """What is to be settled before the assembly adopts the bilan, or the draft with it."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    found = acts.subject_of(membership, subject.subject_path)
    if found is None or found[1] not in (BILAN, ARRET):
        return None
    one = Procedure.objects.visible_to(membership).to_read().get(pk=found[0].pk)
    ledger = Ledger(Reading(one, timezone.localdate()))
    context = {"ledger": ledger, "fictitious": ledger.is_fictitious}
    template = "procedures/concertation/before.html"
    return Panel("Concertation : à régler avant le bilan", template, context, "avant-le-bilan")


def to_read(request: HttpRequest, subject: Membership) -> Panel | None:
    """Contributions that wait to be read before publication, for who may publish them."""
    if not can_edit_concertation(subject):
        return None
    lines = list(
        Procedure.objects.visible_to(subject)
        .running()
        .annotate(
            waiting=Count("contributions", filter=Q(contributions__state=ModerationState.WAITING))
        )
        .filter(waiting__gt=0)
        .values("pk", "name", "waiting", "fictitious")
    )
    if not lines:
        return None
    context = {
        "lines": lines,
        "count": plural(sum(line["waiting"] for line in lines), "contribution"),
        "fictitious": any(line["fictitious"] for line in lines),
    }
    template = "procedures/concertation/home.html"
    return Panel("Contributions du public à relire", template, context, "contributions")
