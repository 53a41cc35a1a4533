"""Charts of estimates with their intervals, each with the table of the same numbers."""

from collections.abc import Sequence
from typing import Any

from restanque.kit import charts
from restanque.kit.interval_charts import Span, interval_bars
from restanque.kit.text import plural
from restanque.surveys.analysis.figure import RESPONDENTS_ONLY, Figure
from restanque.surveys.analysis.questions import Question
from restanque.surveys.analysis.readings import Crossing, Line, decimals_of
from restanque.surveys.analysis.study import Study
from restanque.surveys.analysis.supply import OriginLine


def shares_panel(
    study: Study,
    question: Question,
    lines: Sequence[Line],
    *,
    name: str = "repartition",
    title: str = "",
    n: int | None,
    category: str = "Réponse",
    description: str = "",
) -> charts.ChartPanel:
    """One bar a line with its interval, in points of a hundred. `n` None: not to be said."""
    drawing = interval_bars(
        [_span(line.label, line.figure, 100, say_n=n is not None) for line in lines],
        category=category,
        value="Part",
        unit="%",
        maximum=100,
    )
    return charts.ChartPanel(
        name=name,
        title=title or question.label,
        chart=drawing,
        description=description,
        **said(study, n),
    )


def by_group_panel(
    study: Study, question: Question, crossing: Crossing, code: str, *, by: str, say_n: bool = True
) -> charts.ChartPanel | None:
    """One choice by group, or the quartiles of a number by group. None when nothing is shown."""
    shown = [group for group in crossing.groups if group.lines]
    codes = [head for head, _ in crossing.headers]
    if not shown or code not in codes:
        return None
    title = f"{question.label}, par {by}"
    sizes = [group.n for group in shown]
    n = sum(size or 0 for size in sizes) if say_n and None not in sizes else None
    place = codes.index(code)
    if code != "q2":
        label = dict(crossing.headers)[code]
        lines = [_as(group.label, group.lines[place]) for group in shown]
        return shares_panel(
            study, question, lines, name="groupes", title=f"{title} : {label}", n=n,
            category="Groupe",
        )  # fmt: skip
    spans = []
    for group in shown:
        first, middle, third = (line.figure for line in group.lines[:3])
        spans.append(
            Span(
                group.label,
                middle.value if middle else None,
                first.value if first else None,
                third.value if third else None,
                middle.n if middle and n is not None else None,
            )
        )
    drawing = interval_bars(
        spans, category="Groupe", value="Médiane", unit=question.unit,
        decimals=decimals_of(question), bounds=("Premier quartile", "Troisième quartile"),
        shape="range",
    )  # fmt: skip
    return charts.ChartPanel(
        name="groupes", title=title, chart=drawing,
        description="Le trait est la médiane, la bande va du premier au troisième quartile.",
        **said(study, n),
    )  # fmt: skip


def supply_panel(study: Study, lines: Sequence[OriginLine]) -> charts.ChartPanel:
    """The share of each origin in the kilos of bread."""
    drawing = interval_bars(
        [_span(line.label, line.share, 100) for line in lines],
        category="Origine",
        value="Part des kilos",
        unit="%",
        maximum=100,
    )
    n = max(line.share.n for line in lines)
    return charts.ChartPanel(
        name="origine", title="D’où vient le pain", chart=drawing, **said(study, n)
    )


def said(study: Study, n: int | None) -> dict[str, Any]:
    """n, source and date under a figure of the study."""
    population = plural(len(study.population.places), "commune")
    counted = "non communiqué" if n is None else plural(n, "réponse")
    how = RESPONDENTS_ONLY if study.refusal else "estimation pondérée, intervalle à 95 %"
    told = plural(len(study.respondents), "commune répondante", "communes répondantes")
    return {
        "n": f"{counted} · {told} sur {population}",
        "source": f"{study.campaign.name}, {how}",
        "date": study.today,
        "fictitious": study.campaign.fictitious,
    }


def _span(label: str, figure: Figure | None, scale: int, *, say_n: bool = True) -> Span:
    if figure is None:
        return Span(label, None)

    def scaled(value: float | None) -> float | None:
        return None if value is None else scale * value

    return Span(
        label,
        scaled(figure.value),
        scaled(figure.low),
        scaled(figure.high),
        figure.n if say_n else None,
    )


def _as(label: str, line: Line) -> Line:
    return Line(line.code, label, line.figure, line.scale, line.decimals, line.unit)
