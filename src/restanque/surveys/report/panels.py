"""Charts and maps of the report, made from the figures of the study."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from shapely.geometry.base import BaseGeometry

from restanque.kit import charts, maps
from restanque.kit.interval_charts import Span, interval_bars
from restanque.kit.text import NO_BREAK_SPACE, format_percent, plural
from restanque.surveys.analysis import figures as results
from restanque.surveys.analysis.figure import Figure
from restanque.surveys.analysis.study import Study
from restanque.surveys.board import epci_outlines, named_places
from restanque.territories.geo import contours_of, outline_of
from restanque.territories.models import Commune

_LEGAL_FORM = re.compile(r"^(?:CA|CC|CU|Métropole) (?:de la |de |du |des |d['’])?")

# A line of a chart: its words and its figure, None when it must not be shown.
Line = tuple[str, Figure | None]

_RATES = (
    maps.MapClass("r4", f"75{NO_BREAK_SPACE}% et plus", "q5"),
    maps.MapClass("r3", f"de 50 à 74{NO_BREAK_SPACE}%", "q4"),
    maps.MapClass("r2", f"de 25 à 49{NO_BREAK_SPACE}%", "q2"),
    maps.MapClass("r1", f"moins de 25{NO_BREAK_SPACE}%", "q1"),
    maps.MapClass("few", "moins de 5 réponses, non publié", "none"),
)


def source_of(study: Study) -> str:
    """What stands under every figure."""
    return f"enquête «{NO_BREAK_SPACE}{study.campaign.name}{NO_BREAK_SPACE}»"


def share_chart(
    study: Study, name: str, title: str, lines: Sequence[Line], *, category: str, description: str
) -> charts.ChartPanel:
    """Shares with their intervals, in points of a hundred."""
    spans = [
        Span(label, _hundred(f.value), _hundred(f.low), _hundred(f.high), f.n)
        if f is not None
        else Span(label, None)
        for label, f in lines
    ]
    drawing = interval_bars(spans, category=category, value="Part", unit="%", maximum=100)
    if any(figure is None for _, figure in lines):
        description = f"{description} Un tiret : moins de 5 réponses, non publié.".strip()
    return _panel(study, name, title, drawing, lines, description)


def range_chart(
    study: Study,
    name: str,
    title: str,
    lines: Sequence[tuple[str, tuple[Figure, Figure, Figure] | None]],
    *,
    category: str,
    description: str,
) -> charts.ChartPanel:
    """Prices per kilo: the median between quartiles."""
    spans = [
        Span(label, found[1].value, found[0].value, found[2].value, found[1].n)
        if found is not None
        else Span(label, None)
        for label, found in lines
    ]
    drawing = interval_bars(
        spans, category=category, value="Prix médian", unit="€/kg", decimals=2,
        bounds=("Premier quart", "Dernier quart"), shape="range",
    )  # fmt: skip
    told = [(label, found[1] if found is not None else None) for label, found in lines]
    return _panel(study, name, title, drawing, told, description)


def _panel(
    study: Study,
    name: str,
    title: str,
    drawing: charts.Drawing,
    lines: Sequence[Line],
    description: str,
) -> charts.ChartPanel:
    n = max((figure.n for _, figure in lines if figure is not None), default=0)
    weighted = all(figure.weighted for _, figure in lines if figure is not None)
    return charts.ChartPanel(
        name=name,
        title=title,
        chart=drawing,
        n=f"{plural(n, 'commune')}{'' if weighted else ', répondants seulement'}",
        source=source_of(study),
        date=study.today,
        description=description,
        fictitious=study.campaign.fictitious,
    )


def _hundred(share: float | None) -> float | None:
    return None if share is None else 100 * share


def participation_map(study: Study) -> maps.MapPanel:
    """The team's: which communes answered."""
    communes = _communes(study)
    contours = contours_of(communes.values())
    features = [
        maps.Feature(code, one.name, contours[code], "yes" if code in study.answers else "no")
        for code, one in communes.items()
        if code in contours
    ]
    return maps.MapPanel(
        name="participation",
        title="Communes qui ont répondu",
        features=features,
        classes=[
            maps.MapClass("yes", "A répondu", "fait"),
            maps.MapClass("no", "N’a pas répondu", "attente"),
        ],
        outlines=epci_outlines(communes.values(), contours),
        labels=named_places(communes.values()),
        n=f"{len(study.answers)} communes sur {len(communes)}",
        source=f"{source_of(study)}, contours IGN",
        date=study.today,
        fictitious=study.campaign.fictitious,
    )


def choice_map(study: Study, name: str, title: str, which: str) -> maps.MapPanel | None:
    """The team's: what each commune answered, as the results' page draws it."""
    question = study.question(which)
    units = study.dataset.units(question)
    panel = results.map_panel(study.dataset, question, units, study.today)
    return None if panel is None else replace(panel, name=name, title=title)


def rate_map(
    study: Study,
    name: str,
    title: str,
    rates: Mapping[str, float | None],
    description: str,
    *,
    n: str,
) -> maps.MapPanel:
    """The public's: one area an intercommunalité, by the class of a share; None: not published."""
    shapes = _epci_shapes(study)
    features = []
    for epci, rate in rates.items():
        if epci in shapes:
            value = format_percent(rate) if rate is not None else ""
            features.append(
                maps.Feature(epci, _short(epci), shapes[epci], _rate_class(rate), value)
            )
    present = {feature.kind for feature in features}
    return maps.MapPanel(
        name=name,
        title=title,
        features=features,
        classes=[one for one in _RATES if one.kind in present],
        outlines=list(shapes.values()),
        labels=[feature.id for feature in features],
        feature_header="Intercommunalité",
        value_header="Part",
        description=description,
        n=n,
        source=f"{source_of(study)}, contours IGN",
        date=study.today,
        fictitious=study.campaign.fictitious,
    )


def _short(epci: str) -> str:
    """« Terre de Provence » for « CA Terre de Provence »: a name that fits on its area."""
    bare = _LEGAL_FORM.sub("", epci).partition(" (")[0]
    return bare or epci


def _rate_class(rate: float | None) -> str:
    if rate is None:
        return "few"
    return next(kind for kind, low in (("r4", 0.75), ("r3", 0.5), ("r2", 0.25), ("r1", -1.0))
                if rate >= low)  # fmt: skip


def _communes(study: Study) -> dict[str, Commune]:
    codes = [place.code for place in study.population.places]
    found = Commune.objects.filter(pk__in=codes).select_related("epci").order_by("name_key")
    return {commune.code: commune for commune in found}


def _epci_shapes(study: Study) -> dict[str, BaseGeometry]:
    communes = _communes(study)
    contours = contours_of(communes.values())
    groups: dict[str, list[BaseGeometry]] = {}
    for place in study.population.places:
        if place.code in contours:
            groups.setdefault(place.epci, []).append(contours[place.code])
    return {epci: outline_of(shapes) for epci, shapes in groups.items()}
