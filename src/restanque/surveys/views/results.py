"""First results: every question, one question in detail, open texts, exports."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from restanque.accounts.perms import MemberRequest, can_read, can_write, require
from restanque.engine.forms import FormError
from restanque.kit import figures
from restanque.kit.documents import file_response
from restanque.kit.figures import Figure
from restanque.kit.text import (
    format_date,
    format_number,
    format_percent,
    parse_date,
    safe_file_name,
    search_key,
)
from restanque.surveys import exports
from restanque.surveys.analysis import figures as drawn
from restanque.surveys.analysis.data import Dataset, Unit, answered
from restanque.surveys.analysis.questions import Kind, Question
from restanque.surveys.analysis.tabulate import (
    FEWEST,
    cross_table,
    distribution,
    frequencies,
    missing_of,
    tells_few,
)
from restanque.surveys.models import Campaign
from restanque.surveys.perms import can_edit_campaign, get_campaign_for
from restanque.surveys.views.common import campaign_context, editable_campaign

GROUPS = (("epci", "intercommunalité"), ("zone", "zone"), ("taille", "taille de commune"))
_MOST_TEXTS = 200


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of the index: what a question says, in a few words. `n` None: not shown."""

    question: Question
    url: str
    n: int | None
    asked: int
    words: str


@require_safe
@require(can_read)
def index(request: MemberRequest, pk: int) -> HttpResponse:
    """Every question with how many answered and its main answer."""
    campaign, dataset = _dataset(request, pk)
    hide = _hides(request, campaign)
    parts: dict[str, list[Summary]] = {}
    for question in dataset.questions:
        if question.is_open and hide:
            continue
        parts.setdefault(question.page, []).append(_summary(request, dataset, question, hide))
    context = _context(request, campaign, dataset) | {"parts": list(parts.items())}
    return render(request, "surveys/results/index.html", context)


@require_safe
@require(can_read)
def question(request: MemberRequest, pk: int, key: str) -> HttpResponse:
    """One question: counts or distribution, by group, on the map, or its texts."""
    campaign, dataset = _dataset(request, pk)
    hide = _hides(request, campaign)
    found = dataset.question(key)
    if found is None or (found.is_open and hide):
        raise Http404
    units = dataset.units(found)
    missing = missing_of(units)
    few = hide and tells_few(
        missing.not_asked, missing.no_answer, missing.do_not_know, len(units) - missing.total
    )
    today = timezone.localdate()
    context = _context(request, campaign, dataset) | {
        "question": found,
        "asked_of": len(units) - missing.not_asked,
        "missing": None if few else missing,
        "units_word": drawn.units_word(found)[1],
        "previous": _neighbour(request, dataset, found, -1, hide),
        "following": _neighbour(request, dataset, found, 1, hide),
    }
    shown: list[Figure] = []
    if found.kind in (Kind.TEXT, Kind.DATE):
        context |= _texts(request, found, units)
    else:
        context |= _counted(dataset, found, units, hide)
        if (chart := _chart(dataset, found, context, said_n=not few)) is not None:
            shown.append(chart)
            context["chart"] = chart
        choice = _choice(request, found)
        if not hide and (panel := drawn.map_panel(dataset, found, units, today, choice=choice)):
            shown.append(panel)
            context |= {"map": panel, "map_choice": choice}
        context |= _crossed(request, dataset, found, units, hide)
    if response := figures.serve(request, *shown):
        return response
    return render(request, "surveys/results/question.html", context)


@require_safe
@require(can_write)
def export(request: MemberRequest, pk: int, file_format: str) -> HttpResponse:
    """Every answer, one by one: for the team that carries the campaign only."""
    campaign = editable_campaign(request, pk)
    makers = {"xlsx": exports.export_xlsx, "zip": exports.export_zip}
    if file_format not in makers:
        raise Http404
    only_validated = request.GET.get("reponses") == "validees"
    try:
        data = makers[file_format](campaign, only_validated=only_validated, today=timezone.now())
    except FormError:
        raise Http404 from None
    return file_response(data, f"reponses-{safe_file_name(campaign.name)}.{file_format}")


def _dataset(request: MemberRequest, pk: int) -> tuple[Campaign, Dataset]:
    campaign = get_campaign_for(request, pk)
    try:
        dataset = Dataset(campaign, only_validated=request.GET.get("reponses") == "validees")
    except FormError:
        raise Http404 from None
    return campaign, dataset


def _hides(request: MemberRequest, campaign: Campaign) -> bool:
    """Few units are hidden from whoever does not carry the campaign (readers, partners)."""
    return not can_edit_campaign(request.membership, campaign)


def _context(request: MemberRequest, campaign: Campaign, dataset: Dataset) -> dict[str, Any]:
    only = request.GET.get("reponses") == "validees"
    return campaign_context(request, campaign, "results") | {
        "n": len(dataset.rows),
        "invited": dataset.invited,
        "rate": len(dataset.rows) / dataset.invited if dataset.invited else None,
        "only_validated": only,
        "kept": "?reponses=validees" if only else "",
        "hides": _hides(request, campaign),
        "fewest": FEWEST,
        "today": timezone.localdate(),
    }


def _summary(request: MemberRequest, dataset: Dataset, one: Question, hide: bool) -> Summary:
    units = dataset.units(one)
    told = answered(units)
    url = reverse("surveys:result", args=[dataset.campaign.pk, one.key])
    kept = "?reponses=validees" if request.GET.get("reponses") == "validees" else ""
    asked = len(units) - missing_of(units).not_asked
    few = hide and tells_few(len(told), asked - len(told), len(units) - asked)
    n = None if few else len(told)
    return Summary(one, f"{url}{kept}", n, asked, _words(one, units, hide))


def _words(one: Question, units: Sequence[Unit], hide: bool) -> str:
    """« Oui, 63 sur 77 (82 %) », « médiane 4,35 €/kg », « texte libre »."""
    if one.kind == Kind.NUMBER:
        found = distribution(units, hide_small=hide)
        if found.median is None:
            return "–"
        return f"médiane {drawn.amount(one, found.median)}"
    if one.choices:
        counted = frequencies(one, units, hide_small=hide)
        best = max(counted.lines, key=lambda line: line.count or 0, default=None)
        if best is None or not best.count:
            return "–"
        share = format_percent(best.share)
        return f"{best.label}, {format_number(best.count)} sur {format_number(counted.n)} ({share})"
    return "dates" if one.kind == Kind.DATE else "texte libre"


def _counted(
    dataset: Dataset, found: Question, units: Sequence[Unit], hide: bool
) -> dict[str, Any]:
    if found.kind == Kind.NUMBER:
        return {
            "distribution": distribution(units, hide_small=hide),
            "decimals": drawn.decimals_of(found),
        }
    return {"frequencies": frequencies(found, units, hide_small=hide)}


def _chart(
    dataset: Dataset, found: Question, context: dict[str, Any], *, said_n: bool
) -> Figure | None:
    today = timezone.localdate()
    if counted := context.get("frequencies"):
        if not counted.n:
            return None
        return drawn.frequencies_panel(dataset, found, counted, today, said_n=said_n)
    spread = context["distribution"]
    if not spread.values:
        return None
    return drawn.distribution_panel(dataset, found, spread, today, said_n=said_n)


def _crossed(
    request: MemberRequest, dataset: Dataset, found: Question, units: Sequence[Unit], hide: bool
) -> dict[str, Any]:
    by = request.GET.get("par", "taille")
    if by not in dict(GROUPS):
        by = "taille"
    groups = dataset.groups(by)
    choices, rows = cross_table(found, units, groups, hide_small=hide)
    return {"by": by, "groups": GROUPS, "cross_choices": choices, "cross_rows": rows}


def _texts(request: MemberRequest, found: Question, units: Sequence[Unit]) -> dict[str, Any]:
    """The texts that hold every word typed, accents aside; dates in their order."""
    typed = request.GET.get("q", "")
    words = search_key(typed).split()
    told = [(unit, _shown(found, unit)) for unit in answered(units)]
    if found.kind == Kind.DATE:
        told.sort(key=lambda pair: pair[0].values[0])
    kept = [
        (unit.row, text)
        for unit, text in told
        if all(word in search_key(f"{unit.row.organisation} {text}") for word in words)
    ]
    return {
        "texts": kept[:_MOST_TEXTS],
        "texts_found": len(kept),
        "texts_all": len(told),
        "q": typed,
    }


def _shown(found: Question, unit: Unit) -> str:
    text = unit.values[0]
    if found.kind == Kind.DATE:
        try:
            return format_date(parse_date(text[:10]), long=True)
        except ValueError:
            return text
    return text


def _choice(request: MemberRequest, found: Question) -> str:
    """The choice to map, for a question with several: asked, else the first."""
    if found.kind != Kind.MANY or not found.choices:
        return ""
    asked = request.GET.get("choix", "")
    return asked if asked in dict(found.choices) else found.choices[0][0]


def _neighbour(
    request: MemberRequest, dataset: Dataset, found: Question, step: int, hide: bool
) -> Summary | None:
    shown = [one for one in dataset.questions if not (one.is_open and hide)]
    place = shown.index(found) + step
    if not 0 <= place < len(shown):
        return None
    one = shown[place]
    url = reverse("surveys:result", args=[dataset.campaign.pk, one.key])
    kept = "?reponses=validees" if request.GET.get("reponses") == "validees" else ""
    return Summary(one, f"{url}{kept}", 0, 0, "")
