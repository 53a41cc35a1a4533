"""Groups in which a question is read again: by place, or by the answers to another question."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from restanque.kit.text import format_number
from restanque.surveys.analysis.columns import BoolArray, Column
from restanque.surveys.analysis.population import UNKNOWN_SIZE, Place, Population
from restanque.surveys.analysis.questions import Kind, Question
from restanque.territories.sizes import SIZE_CLASSES


@dataclass(frozen=True, eq=False)
class Group:
    """Respondents of a group: `rows` (n,). `population`: how many communes of the territory are
    in it, None when only answers tell."""

    key: str
    label: str
    rows: BoolArray
    population: int | None = None

    @property
    def n(self) -> int:
        """Respondents."""
        return int(self.rows.sum())


def groups_by_place(
    which: str, population: Population, places: Sequence[Place]
) -> tuple[Group, ...]:
    """« epci », « zone » or « taille » of the commune. A group without respondent is there."""

    def of(place: Place) -> str:
        return {"epci": place.epci, "zone": place.zone, "taille": place.size}[which]

    if which == "taille":
        order = [*(size.label for size in SIZE_CLASSES), UNKNOWN_SIZE]
    else:
        order = sorted({of(place) for place in population.places})
    own = [of(place) for place in places]
    every = [of(place) for place in population.places]
    return tuple(
        Group(label, label, np.array([one == label for one in own], dtype=np.bool_), held)
        for label in order
        if (held := every.count(label))
    )


def groups_by_question(
    question: Question, column: Column, choices: Sequence[tuple[str, str]]
) -> tuple[Group, ...]:
    """One group a choice given; quarters of a number; nothing for texts and dates."""
    if question.kind == Kind.NUMBER:
        return _quarters(question, column)
    groups = []
    for code, label in choices:
        rows = np.array([value is not None and code in value for value in column.values])
        if rows.any():
            groups.append(Group(code, label, rows.astype(np.bool_)))
    return tuple(groups)


def _quarters(question: Question, column: Column) -> tuple[Group, ...]:
    told = column.numbers[~np.isnan(column.numbers)]
    if not told.size:
        return ()
    cuts = sorted({float(cut) for cut in np.quantile(told, (0.25, 0.5, 0.75))})
    bounds = [-np.inf, *cuts, np.inf]
    groups = []
    for rank, (low, high) in enumerate(pairwise(bounds)):
        rows = (column.numbers > low) & (column.numbers <= high)
        if rows.any():
            groups.append(Group(f"q{rank}", _range_words(low, high, question.unit), rows))
    return tuple(groups)


def _range_words(low: float, high: float, unit: str) -> str:
    after = f" {unit}" if unit else ""
    if low == -np.inf:
        return f"jusqu’à {format_number(high, 1)}{after}"
    if high == np.inf:
        return f"plus de {format_number(low, 1)}{after}"
    return f"de {format_number(low, 1)} à {format_number(high, 1)}{after}"
