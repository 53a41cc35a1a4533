"""Compare a campaign with an earlier one of the same territory."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from restanque.accounts.perms import MemberRequest, can_read, require
from restanque.engine.forms import FormError
from restanque.kit.text import NO_BREAK_SPACE, format_number, record_number
from restanque.surveys.analysis.comparing import Change, Comparing, Pair, pairs_of, refusal_of
from restanque.surveys.analysis.data import Dataset
from restanque.surveys.analysis.questions import Kind
from restanque.surveys.analysis.readings import decimals_of
from restanque.surveys.analysis.study import Study
from restanque.surveys.models import Campaign
from restanque.surveys.perms import can_edit_campaign, get_campaign_for
from restanque.surveys.views.common import campaign_context, only_validated


@require_safe
@require(can_read)
def compare(request: MemberRequest, pk: int) -> HttpResponse:
    """Choose the earlier campaign, confirm doubtful pairs of questions, read the changes."""
    campaign = get_campaign_for(request, pk)
    others = list(_earlier(request, campaign))
    asked = record_number(request.GET.get("avec", ""))
    before = next((one for one in others if one.pk == asked), None)
    if asked is not None and before is None:
        raise Http404
    context = campaign_context(request, campaign, "results") | {
        "others": others,
        "before": before,
        "only_validated": only_validated(request),
        "today": timezone.localdate(),
    }
    if before is not None:
        context |= _compared(request, campaign, before)
    return render(request, "surveys/results/comparison.html", context)


def _earlier(request: MemberRequest, campaign: Campaign) -> Any:
    """Campaigns of the territory opened before, that the member may see."""
    return (
        Campaign.objects.visible_to(request.membership)
        .filter(territory=campaign.territory_id, opens_on__lt=campaign.opens_on)
        .select_related("version", "territory__workspace")
        .defer("version__source", "version__xform")
    )


def _compared(request: MemberRequest, campaign: Campaign, before: Campaign) -> dict[str, Any]:
    today, only = timezone.localdate(), only_validated(request)
    try:
        later = Study(campaign, today=today, dataset=Dataset(campaign, only_validated=only))
        earlier = Study(
            before,
            today=today,
            dataset=Dataset(before, only_validated=only),
            population=later.population,
        )
    except FormError:
        raise Http404 from None
    refusal = refusal_of((earlier, later))
    pairs = pairs_of(earlier.questions, later.questions)
    confirmed = set(request.GET.getlist("confirme"))
    kept = [pair for pair in pairs if pair.sure or pair.after.key in confirmed]
    hide = not can_edit_campaign(request.membership, campaign)
    comparing = Comparing(earlier, later, hide=hide)
    parts: dict[str, list[dict[str, Any]]] = {}
    for pair in kept if not refusal else ():
        if lines := [_line(pair, change) for change in comparing.changes(pair)]:
            parts.setdefault(pair.after.page, []).append(
                {"question": pair.after, "sure": pair.sure, "lines": lines}
            )
    return {
        "refusal": refusal,
        "parts": list(parts.items()),
        "doubtful": [pair.after for pair in pairs if not pair.sure],
        "confirmed": confirmed,
        "n_before": len(earlier.respondents),
        "n_after": len(later.respondents),
        "n_both": len(set(earlier.answers) & set(later.answers)),
        "population": len(later.population.places),
        "unmatched": sum(
            one.kind in (Kind.ONE, Kind.MANY, Kind.NUMBER) for one in later.questions
        ) - len(pairs),
        "hides": hide,
    }  # fmt: skip


def _line(pair: Pair, change: Change) -> dict[str, Any]:
    """The figures of a change, written."""
    share = pair.after.kind != Kind.NUMBER
    decimals = 0 if share else decimals_of(pair.after)
    unit = "%" if share else pair.after.unit

    def said(value: float | None, unit: str, sign: bool = False) -> str:
        if value is None:
            return "–"
        scaled = round(value * (100 if share else 1), decimals)
        plus = "+" if sign and scaled > 0 else ""
        return f"{plus}{format_number(scaled, decimals)}{NO_BREAK_SPACE}{unit}".rstrip()

    made = change.comparison
    points = "points" if share else unit
    low, high = made.interval if made is not None and made.interval is not None else (None, None)
    return {
        "label": change.label,
        "before": said(made.before.value if made else None, unit),
        "after": said(made.after.value if made else None, unit),
        "change": said(made.change if made else None, points, sign=True),
        "interval": "–"
        if low is None
        else f"de {said(low, '', sign=True)} à {said(high, points, sign=True)}",
        "verdict": change.verdict,
        "conclusive": change.is_conclusive,
        "notes": made.notes if made is not None else (change.refusal,),
    }
