"""Charts and maps of a question, each with its table, its n, its source and its date."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from restanque.kit import charts, links, maps
from restanque.kit.text import NO_BREAK_SPACE, format_number, plural
from restanque.surveys.analysis.candidates import Candidate
from restanque.surveys.analysis.data import Dataset, Unit
from restanque.surveys.analysis.figure import RESPONDENTS_ONLY
from restanque.surveys.analysis.numbers import nice_step
from restanque.surveys.analysis.questions import Kind, Question
from restanque.surveys.analysis.readings import decimals_of
from restanque.surveys.analysis.tabulate import Distribution
from restanque.surveys.board import epci_outlines, named_places
from restanque.surveys.models import CandidateList
from restanque.territories.geo import contours_of

# Beyond, categories can no longer be told apart on a map.
_MOST_CLASSES = 8
# Communes of which the map cannot say anything, and why.
_SILENT = (
    maps.MapClass("silent", "Ne sait pas, sans réponse ou non posée", "none"),
    maps.MapClass("absent", "N’a pas répondu à l’enquête", "attente"),
)
# The legend, then the class and the words of a unit.
Classes = tuple[list[maps.MapClass], Callable[[Unit], str], Callable[[Unit], str]]


def units_word(question: Question) -> tuple[str, str]:
    """What is counted: answers, or turns of a series."""
    if question.repeat:
        return "fiche", "fiches"
    return "réponse", "réponses"


def distribution_panel(
    dataset: Dataset, question: Question, found: Distribution, today: date, *, said_n: bool = True
) -> charts.ChartPanel:
    """Histogram with the median marked."""
    step = nice_step(found.values)
    decimals = max(0, -int(step.normalize().as_tuple().exponent))
    unit = f" ({question.unit})" if question.unit else ""
    middle = found.median or Decimal(0)
    drawing = charts.histogram(
        found.values,
        step=float(step),
        x=f"{question.label}{unit}",
        y=units_word(question)[1].capitalize(),
        decimals=decimals,
        mark=(float(middle), f"médiane {format_number(middle, max(decimals, 1))}"),
    )
    return charts.ChartPanel(
        name="repartition",
        title=question.label,
        chart=drawing,
        description=spread_words(question, found),
        **_said(dataset, question, found.n if said_n else None, today),
    )


def spread_words(question: Question, found: Distribution) -> str:
    """« La moitié des valeurs va de 3,70 à 5,20 €/kg ; médiane 4,35. »"""
    if found.median is None or found.first_quartile is None or found.third_quartile is None:
        return ""
    low, high, middle = (
        amount(question, value)
        for value in (found.first_quartile, found.third_quartile, found.median)
    )
    return f"La moitié des valeurs va de {low} à {high} ; médiane {middle}."


def amount(question: Question, value: Decimal) -> str:
    """A value with its unit; whole numbers carry no « ,0 »."""
    decimals = decimals_of(question)
    if decimals == 1 and value == value.to_integral_value():
        decimals = 0
    unit = f"{NO_BREAK_SPACE}{question.unit}" if question.unit else ""
    return f"{format_number(value, decimals)}{unit}"


def map_panel(
    dataset: Dataset, question: Question, units: Sequence[Unit], today: date, *, choice: str = ""
) -> maps.MapPanel | None:
    """Each commune by its answer; None for texts, series and dates.

    A question with several choices maps one of them (`choice`), yes or no.
    """
    if question.repeat or question.kind in (Kind.TEXT, Kind.DATE):
        return None
    by_commune: dict[str, Unit] = {}
    for unit in units:
        if unit.row.commune is not None:
            by_commune.setdefault(unit.row.commune.code, unit)
    classes, kind_of, words_of = _classes(question, units, choice)
    ground = dataset.communes
    contours = contours_of(ground.values())
    features = []
    for code, commune in ground.items():
        told = by_commune.get(code)
        if code in contours:
            kind = "absent" if told is None else kind_of(told) if _told(told) else "silent"
            words = words_of(told) if told is not None and _told(told) else ""
            url = links.url_of("commune", code) or ""
            features.append(maps.Feature(code, commune.name, contours[code], kind, words, url))
    present = {feature.kind for feature in features}
    label = question.label
    if choice:
        label = f"{label} : {dict(question.choices).get(choice, choice)}"
    answers = sum(_told(unit) for unit in by_commune.values())
    said = _said(dataset, question, answers, today)
    said["n"] = f"{plural(answers, 'commune')} sur {len(ground)}"
    return maps.MapPanel(
        name="carte", title=label, features=features,
        classes=[*classes, *(one for one in _SILENT if one.kind in present)],
        outlines=epci_outlines(ground.values(), contours),
        labels=named_places(ground.values()), value_header="Réponse", **said,
    )  # fmt: skip


def members_map(
    dataset: Dataset, candidate_list: CandidateList, members: Sequence[Candidate], today: date
) -> maps.MapPanel:
    """The communes of a candidates list among those invited."""
    ground = dataset.communes
    contours = contours_of(ground.values())
    on_list = {one.commune.code for one in members if one.commune is not None}
    told = {row.commune.code for row in dataset.rows if row.commune is not None}
    features = []
    for code, commune in ground.items():
        if code in contours:
            kind = "in" if code in on_list else "out" if code in told else "absent"
            url = links.url_of("commune", code) or ""
            features.append(maps.Feature(code, commune.name, contours[code], kind, "", url))
    return maps.MapPanel(
        name="carte",
        title=candidate_list.name,
        features=features,
        classes=[
            maps.MapClass("in", "Sur la liste", "fait"),
            maps.MapClass("out", "A répondu, n’y est pas", "none"),
            maps.MapClass("absent", "N’a pas répondu à l’enquête", "attente"),
        ],
        outlines=epci_outlines(ground.values(), contours),
        labels=named_places(ground.values()),
        n=f"{plural(len(on_list), 'commune')} sur {plural(len(told), 'répondante')}",
        source=dataset.campaign.name,
        date=today,
        fictitious=dataset.campaign.fictitious,
    )


def _classes(question: Question, units: Sequence[Unit], choice: str) -> Classes:
    if question.kind == Kind.NUMBER:
        return _by_amount(question, units)
    if question.kind == Kind.MANY:
        pair = [maps.MapClass("yes", "Oui", "fait"), maps.MapClass("no", "Non", "s2")]

        def chose(unit: Unit) -> str:
            return "yes" if choice in unit.values else "no"

        return pair, chose, lambda unit: _labels(question, unit)
    chosen = [c for c in question.choices if any(c[0] in u.values for u in units if _told(u))]
    named = chosen[: _MOST_CLASSES if len(chosen) <= _MOST_CLASSES else _MOST_CLASSES - 1]
    classes = [maps.MapClass(code, label, f"s{r}") for r, (code, label) in enumerate(named, 1)]
    codes = {code for code, _ in named}
    if len(chosen) > len(named):
        classes.append(maps.MapClass("other", "Autres réponses", f"s{_MOST_CLASSES}"))

    def one(unit: Unit) -> str:
        return unit.values[0] if unit.values[0] in codes else "other"

    return classes, one, lambda unit: _labels(question, unit)


def _by_amount(question: Question, units: Sequence[Unit]) -> Classes:
    """Five classes of about as many communes each, by value."""
    values = sorted({unit.number for unit in units if unit.number is not None})
    decimals = decimals_of(question)
    cuts = [values[len(values) * rank // 5] for rank in range(5)] if values else []
    cuts = sorted(set(cuts))
    classes = [
        maps.MapClass(
            f"q{rank}",
            f"à partir de {format_number(cut, decimals)}"
            + (f"{NO_BREAK_SPACE}{question.unit}" if question.unit else ""),
            f"q{rank}",
        )
        for rank, cut in enumerate(cuts, 1)
    ]

    def amount(unit: Unit) -> str:
        return f"q{sum((unit.number or 0) >= cut for cut in cuts)}"

    return classes, amount, lambda unit: format_number(unit.number, decimals)


def _told(unit: Unit) -> bool:
    return unit.status == "answered"


def _labels(question: Question, unit: Unit) -> str:
    labels = dict(question.choices)
    return ", ".join(labels.get(value, value) for value in unit.values)


def _said(dataset: Dataset, question: Question, n: int | None, today: date) -> dict[str, Any]:
    word, words = units_word(question)
    received = plural(len(dataset.rows), "réponse reçue", "réponses reçues")
    counted = plural(n, word, words) if n is not None else "non communiqué"
    return {
        "n": f"{counted} · {received} sur {plural(dataset.invited, 'invitation')}",
        "source": f"{dataset.campaign.name}, {RESPONDENTS_ONLY}",
        "date": today,
        "fictitious": dataset.campaign.fictitious,
    }
