"""Results: every question, one question in detail, how it was estimated, where bread comes from."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from restanque.accounts.perms import MemberRequest, can_read, can_write, require
from restanque.engine.forms import FormError
from restanque.kit import figures
from restanque.kit.documents import file_response
from restanque.kit.figures import Figure
from restanque.kit.text import safe_file_name
from restanque.surveys import exports
from restanque.surveys.analysis import figures as drawn
from restanque.surveys.analysis.data import Dataset, answered
from restanque.surveys.analysis.groups import Group
from restanque.surveys.analysis.interval_figures import by_group_panel, shares_panel, supply_panel
from restanque.surveys.analysis.questions import Kind, Question
from restanque.surveys.analysis.readings import Crossing, GroupLine, Reading, decimals_of
from restanque.surveys.analysis.study import Study, UnknownQuestionError
from restanque.surveys.analysis.supply import ORIGINS, Supply
from restanque.surveys.analysis.tabulate import FEWEST, distribution, missing_of, tells_few
from restanque.surveys.models import Campaign
from restanque.surveys.perms import can_edit_campaign, get_campaign_for
from restanque.surveys.views.common import campaign_context, editable_campaign, only_validated
from restanque.surveys.views.saved import saved_panel
from restanque.surveys.views.texts import texts_context

PLACES = (("epci", "intercommunalité"), ("zone", "zone"), ("taille", "taille de commune"))
_SEPARATOR = "~"


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
    study = _study(request, pk)
    hide = _hides(request, study.campaign)
    parts: dict[str, list[Summary]] = {}
    for question in study.questions:
        if question.is_open and hide:
            continue
        parts.setdefault(question.page, []).append(_summary(request, study, question, hide))
    context = _context(request, study) | {
        "parts": list(parts.items()),
        "saved": saved_panel(request, study.campaign, query=""),
        "supply": Supply(study).is_asked,
    }
    return render(request, "surveys/results/index.html", context)


@require_safe
@require(can_read)
def question(request: MemberRequest, pk: int, key: str) -> HttpResponse:
    """One question: estimates beside bare figures, by group, on the map, or its texts."""
    study = _study(request, pk)
    hide = _hides(request, study.campaign)
    found = study.dataset.question(key)
    if found is None or (found.is_open and hide):
        raise Http404
    units = study.dataset.units(found)
    missing = missing_of(units)
    few = hide and tells_few(
        missing.not_asked, missing.no_answer, missing.do_not_know, len(units) - missing.total
    )
    context = _context(request, study) | {
        "question": found,
        "asked_of": len(units) - missing.not_asked,
        "missing": None if few else missing,
        "few": few,
        "units_word": drawn.units_word(found)[1],
        "previous": _neighbour(request, study, found, -1, hide),
        "following": _neighbour(request, study, found, 1, hide),
        "saved": saved_panel(request, study.campaign, query=_query_of(request, found)),
    }
    shown: list[Figure] = []
    if found.kind in (Kind.TEXT, Kind.DATE):
        context |= texts_context(request, study.dataset, found, units)
    else:
        within = None if hide else _within(request, study)
        reading = Reading(study, found, hide=hide, within=within)
        context |= _read(request, study, reading, few) | {"within": within}
        shown += [context[name] for name in ("chart", "spread", "group_chart") if context[name]]
        choice = _choice(request, found)
        panel = None
        if not hide:
            panel = drawn.map_panel(
                study.dataset,
                found,
                units,
                study.today,
                choice=choice if found.kind == Kind.MANY else "",
            )
        if panel is not None:
            shown.append(panel)
            context |= {"map": panel}
    if response := figures.serve(request, *shown):
        return response
    return render(request, "surveys/results/question.html", context)


@require_safe
@require(can_read)
def method(request: MemberRequest, pk: int) -> HttpResponse:
    """Population, answers, weights, merges and the assumption behind every estimate."""
    study = _study(request, pk)
    context = _context(request, study) | {"method": study.method}
    return render(request, "surveys/results/method.html", context)


@require_safe
@require(can_read)
def supply(request: MemberRequest, pk: int) -> HttpResponse:
    """Where the bread comes from, in kilos a day. The matrix is for the team."""
    study = _study(request, pk)
    found = Supply(study)
    hide = _hides(request, study.campaign)
    chart = None
    lines = found.lines if found.is_asked else ()
    if hide and any(line.share.n < FEWEST for line in lines):
        lines = ()
    if lines:
        chart = supply_panel(study, lines)
    if response := figures.serve(request, *([chart] if chart else [])):
        return response
    context = _context(request, study) | {
        "lines": lines,
        "chart": chart,
        "origins": [label for _, label in ORIGINS],
        "matrix": found.matrix if found.is_asked and not hide else (),
        "is_asked": found.is_asked,
        "notes": tuple(dict.fromkeys(note for line in lines for note in line.kilos.notes))
        if not hide
        else (),
    }
    return render(request, "surveys/results/supply.html", context)


@require_safe
@require(can_read)
def analysis(request: MemberRequest, pk: int) -> HttpResponse:
    """A saved analysis: its question, with the crossing and filter kept. A link to share."""
    campaign = get_campaign_for(request, pk)
    query = request.GET.copy()
    key = query.pop("question", [""])[0]
    if not key:
        return redirect("surveys:results", campaign.pk)
    try:
        url = reverse("surveys:result", args=[campaign.pk, key])
    except NoReverseMatch:
        raise Http404 from None
    return redirect(f"{url}?{query.urlencode()}" if query else url)


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


def _study(request: MemberRequest, pk: int) -> Study:
    campaign = get_campaign_for(request, pk)
    try:
        dataset = Dataset(campaign, only_validated=only_validated(request))
    except FormError:
        raise Http404 from None
    return Study(campaign, today=timezone.localdate(), dataset=dataset)


def _hides(request: MemberRequest, campaign: Campaign) -> bool:
    """Few units are hidden from whoever does not carry the campaign (readers, partners)."""
    return not can_edit_campaign(request.membership, campaign)


def _context(request: MemberRequest, study: Study) -> dict[str, Any]:
    only = only_validated(request)
    return campaign_context(request, study.campaign, "results") | {
        "n": len(study.dataset.rows),
        "invited": study.dataset.invited,
        "rate": len(study.dataset.rows) / study.dataset.invited if study.dataset.invited else None,
        "study": study,
        "weighted": not study.refusal,
        "only_validated": only,
        "kept": "?reponses=validees" if only else "",
        "hides": _hides(request, study.campaign),
        "fewest": FEWEST,
        "today": study.today,
    }


def _summary(request: MemberRequest, study: Study, one: Question, hide: bool) -> Summary:
    units = study.dataset.units(one)
    told = answered(units)
    asked = len(units) - missing_of(units).not_asked
    few = hide and tells_few(len(told), asked - len(told), len(units) - asked)
    return Summary(one, _url(request, study, one), None if few else len(told), asked,
                   _words(study, one, hide))  # fmt: skip


def _url(request: MemberRequest, study: Study, one: Question) -> str:
    kept = "?reponses=validees" if only_validated(request) else ""
    return f"{reverse('surveys:result', args=[study.campaign.pk, one.key])}{kept}"


def _words(study: Study, one: Question, hide: bool) -> str:
    """« Oui : 82 % (de 74 à 88 %) », « médiane 4,35 €/kg (de 4,10 à 4,60 €/kg) », « texte »."""
    if one.kind not in (Kind.NUMBER, Kind.ONE, Kind.MANY):
        return "dates" if one.kind == Kind.DATE else "texte libre"
    lines = [line for line in Reading(study, one, hide=hide).lines if line.figure is not None]
    if one.kind == Kind.NUMBER:
        lines = [line for line in lines if line.code == "q2"]
    best = max(lines, key=lambda line: (line.figure and line.figure.value) or 0, default=None)
    if best is None or best.figure is None or not best.figure.n:
        return "–"
    said = best.estimate if best.figure.weighted else f"{best.bare}, répondants seulement"
    if best.figure.weighted and best.figure.interval is not None:
        said = f"{said} ({best.interval})"
    return f"{best.label} : {said}"


def _read(request: MemberRequest, study: Study, reading: Reading, few: bool) -> dict[str, Any]:
    """The figures of a counted question, its crossing, and their charts."""
    found, lines = reading.question, reading.lines
    by, label, groups = _groups(request, study)
    crossing = reading.crossing(groups)
    n = None if few else reading.n
    choice = _choice(request, found)
    has = any(line.figure is not None and line.figure.n for line in lines)
    spread = distribution(_inside(study, found, reading.within), hide_small=reading.hide)
    is_number = found.kind == Kind.NUMBER
    code = "q2" if is_number else choice
    return {
        "lines": lines if has else (),
        "chart": shares_panel(study, found, lines, n=n) if has and not is_number else None,
        "spread": drawn.distribution_panel(
            study.dataset, found, spread, study.today, said_n=not few
        )
        if is_number and spread.values
        else None,
        "distribution": spread if is_number else None,
        "decimals": decimals_of(found),
        "notes": reading.notes,
        "by": by,
        "by_label": label,
        "places": PLACES,
        "crossable": _crossable(study, found),
        "crossing": crossing,
        "cross_notes": reading.notes_of(crossing),
        "group_chart": by_group_panel(study, found, crossing, code, by=label, say_n=not few)
        if has
        else None,
        "choice": choice,
        "choices": study.choices(found),
        "group_rows": _group_rows(request, crossing, by),
    }


def _inside(study: Study, found: Question, within: Group | None) -> list[Any]:
    """The units of a question, of a group only when there is one."""
    units = study.dataset.units(found)
    if within is None:
        return units
    kept = {
        row.invitation for row, inside in zip(study.respondents, within.rows, strict=True) if inside
    }
    return [unit for unit in units if unit.row.invitation in kept]


def _groups(request: MemberRequest, study: Study) -> tuple[str, str, tuple[Group, ...]]:
    """(code, label, groups) of the crossing asked: by size when it is not understood."""
    by = request.GET.get("par", "taille")
    if by in dict(PLACES):
        return by, dict(PLACES)[by], study.by(by)
    asked = next((one for one in study.questions if one.key == by and _crosses(one)), None)
    if asked is None:
        return "taille", dict(PLACES)["taille"], study.by("taille")
    return by, f"« {asked.label} »", study.by(asked)


def _crosses(one: Question) -> bool:
    return one.kind in (Kind.ONE, Kind.MANY, Kind.NUMBER)


def _crossable(study: Study, found: Question) -> list[tuple[str, list[Question]]]:
    """The questions that may make groups, by part of the questionnaire."""
    parts: dict[str, list[Question]] = {}
    for one in study.questions:
        if _crosses(one) and one.key != found.key:
            parts.setdefault(one.page, []).append(one)
    return list(parts.items())


def _within(request: MemberRequest, study: Study) -> Group | None:
    """The group to which the reading is narrowed (`parmi=epci~Nom`); None when not understood."""
    which, separator, key = request.GET.get("parmi", "").partition(_SEPARATOR)
    if not separator:
        return None
    try:
        groups = study.by(which)
    except UnknownQuestionError:
        return None
    return next((group for group in groups if group.key == key), None)


def _group_rows(request: MemberRequest, crossing: Crossing, by: str) -> list[tuple[GroupLine, str]]:
    """Each group, and the address of the same page narrowed to it."""
    kept = {key: request.GET[key] for key in ("reponses", "choix") if key in request.GET}
    return [
        (group, "?" + urlencode(kept | {"parmi": f"{by}{_SEPARATOR}{group.key}"}))
        for group in crossing.groups
    ]


def _query_of(request: MemberRequest, found: Question) -> str:
    """What a saved analysis keeps of this page."""
    kept = {
        key: request.GET[key]
        for key in ("par", "parmi", "choix", "reponses", "q", "mot")
        if request.GET.get(key)
    }
    return urlencode({"question": found.key} | kept)


def _choice(request: MemberRequest, found: Question) -> str:
    """The choice shown on the map and by group: the one asked, else the first."""
    if not found.choices:
        return ""
    asked = request.GET.get("choix", "")
    return asked if asked in dict(found.choices) else found.choices[0][0]


def _neighbour(
    request: MemberRequest, study: Study, found: Question, step: int, hide: bool
) -> Summary | None:
    shown = [one for one in study.questions if not (one.is_open and hide)]
    place = shown.index(found) + step
    if not 0 <= place < len(shown):
        return None
    return Summary(shown[place], _url(request, study, shown[place]), 0, 0, "")
