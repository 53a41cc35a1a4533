"""On the fiche commune: the candidates lists that its organisations are on, and why."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.accounts.perms import can_write
from restanque.engine.forms import FormError
from restanque.kit import slots
from restanque.kit.slots import Panel
from restanque.kit.text import plural
from restanque.surveys.analysis.candidates import Answers, members
from restanque.surveys.analysis.data import RECEIVED, Dataset
from restanque.surveys.models import Campaign
from restanque.territories.models import Commune


def register() -> None:
    """Tell the fiche commune."""
    slots.register("commune", "surveys.candidates", order=31, provider=commune)


def commune(request: HttpRequest, subject: Commune) -> Panel | None:
    """For whoever carries the campaigns: one line a list, campaign by campaign."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    if not can_write(membership):
        return None
    answered = (
        Campaign.objects.visible_to(membership)
        .filter(
            invitations__organisation__commune=subject,
            invitations__response__status__in=RECEIVED,
            candidate_lists__isnull=False,
        )
        .select_related("version", "territory__workspace")
        .defer("version__source", "version__xform")
        .distinct()
    )
    rows = [row for campaign in answered for row in _rows(campaign, subject)]
    if not rows:
        return None
    context = {
        "rows": rows,
        "count": plural(len(rows), "liste"),
        "fictitious": any(row["list"].fictitious for row in rows),
    }
    return Panel(
        "Listes de candidats", "surveys/panels/candidates.html", context, "candidats", place="main"
    )


def _rows(campaign: Campaign, subject: Commune) -> list[dict[str, Any]]:
    today = timezone.localdate()
    try:
        dataset = Dataset(campaign, commune=subject.code)
    except FormError:
        return []
    answers = Answers(campaign, today=today, dataset=dataset)
    rows: list[dict[str, Any]] = []
    for one in campaign.candidate_lists.all():
        one.campaign = campaign
        found = members(one, today=today, answers=answers)
        rows += [{"list": one, "candidate": candidate} for candidate in found]
    return rows
