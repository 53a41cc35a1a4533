"""Counts, distributions, cross-tables, and what must not be shown of few units. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from restanque.surveys.analysis.data import Unit, answered, numbers
from restanque.surveys.analysis.numbers import mean, median, quartiles
from restanque.surveys.analysis.questions import DO_NOT_KNOW, Kind, Question

# A cell over fewer units would tell one organisation's answer to people outside the team.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Missing:
    """Why some units say nothing."""

    not_asked: int
    no_answer: int
    do_not_know: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.not_asked + self.no_answer + self.do_not_know


@dataclass(frozen=True, slots=True)
class Line:
    """One choice: how many chose it, and their share of the n answers. None: not shown."""

    code: str
    label: str
    count: int | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Counts of a question with choices. With several choices shares add up to more than 1."""

    n: int
    missing: Missing
    lines: tuple[Line, ...]
    several: bool


@dataclass(frozen=True, slots=True)
class Distribution:
    """A number's distribution; every figure is None when nothing can be shown."""

    n: int
    missing: Missing
    values: tuple[Decimal, ...]
    median: Decimal | None
    first_quartile: Decimal | None
    third_quartile: Decimal | None
    mean: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None


@dataclass(frozen=True, slots=True)
class CrossRow:
    """One group of a cross-table: its n, and a cell a choice (counts, None = hidden)."""

    label: str
    n: int
    cells: tuple[int | None, ...]
    distribution: Distribution | None = None

    @property
    def pairs(self) -> list[tuple[int | None, float | None]]:
        """(count, share of the group's n) of each choice; None where it is hidden."""
        return [
            (cell, cell / self.n if cell is not None and self.n else None) for cell in self.cells
        ]


def tells_few(*counts: int) -> bool:
    """Whether one of these counts is about 1 to 4 units: outside the team it is not said.

    A count of « not asked » tells what the filtering question was answered, as surely as a cell.
    """
    return any(0 < count < FEWEST for count in counts)


def missing_of(units: Sequence[Unit]) -> Missing:
    """Counts of the units without an answer."""
    counts = Counter(unit.status for unit in units)
    return Missing(counts["not_asked"], counts["no_answer"], counts["do_not_know"])


def frequencies(question: Question, units: Sequence[Unit], *, hide_small: bool) -> Frequencies:
    """How many units chose each choice. Choices nobody took are there, with zero."""
    told = answered(units)
    counts = Counter(value for unit in told for value in set(unit.values))
    choices = [(code, label) for code, label in question.choices if code not in DO_NOT_KNOW]
    known = {code for code, _ in choices}
    choices += [(code, code) for code in sorted(set(counts) - known - set(DO_NOT_KNOW))]
    row: list[int | None] = [counts[code] for code, _ in choices]
    if hide_small:
        row = hide_few([row], totals=[len(told)], several=question.kind == Kind.MANY)[0]
    lines = tuple(
        Line(code, label, cell, cell / len(told) if cell is not None and told else None)
        for (code, label), cell in zip(choices, row, strict=True)
    )
    return Frequencies(len(told), missing_of(units), lines, question.kind == Kind.MANY)


def distribution(units: Sequence[Unit], *, hide_small: bool) -> Distribution:
    """Median, quartiles, mean, extremes. Extremes are single units: hidden outside the team."""
    values = tuple(numbers(answered(units)))
    missing, n = missing_of(units), len(values)
    if not values or (hide_small and n < FEWEST):
        return Distribution(n, missing, (), None, None, None, None, None, None)
    low, high = quartiles(values)
    return Distribution(
        n,
        missing,
        () if hide_small else values,
        median(values),
        low,
        high,
        mean(values),
        None if hide_small else min(values),
        None if hide_small else max(values),
    )


def cross_table(
    question: Question,
    units: Sequence[Unit],
    groups: Mapping[int, tuple[Any, str]],
    *,
    hide_small: bool,
) -> tuple[list[tuple[str, str]], list[CrossRow]]:
    """(choices, one row a group in order). For numbers there are no choices but distributions.

    Choices that nobody took are left out.
    """
    by_group: dict[tuple[int, Any, str], list[Unit]] = {}
    for unit in units:
        group = groups.get(unit.row.invitation)
        key = (0, *group) if group is not None else (1, 0, "Non renseigné")
        by_group.setdefault(key, []).append(unit)
    ordered = sorted(by_group.items(), key=lambda item: item[0][:2])
    if question.kind == Kind.NUMBER:
        return [], [
            CrossRow(key[2], found.n, (), found)
            for key, inside in ordered
            if (found := distribution(inside, hide_small=hide_small))
        ]
    choices = [(code, label) for code, label in question.choices if code not in DO_NOT_KNOW]
    matrix: list[list[int | None]] = []
    totals = []
    for _, inside in ordered:
        told = answered(inside)
        counts = Counter(value for unit in told for value in set(unit.values))
        matrix.append([counts[code] for code, _ in choices])
        totals.append(len(told))
    taken = [place for place in range(len(choices)) if any(row[place] for row in matrix)]
    choices = [choices[place] for place in taken]
    matrix = [[row[place] for place in taken] for row in matrix]
    if hide_small:
        matrix = hide_few(matrix, totals=totals, several=question.kind == Kind.MANY)
    rows = [
        CrossRow(key[2], total, tuple(cells))
        for (key, _), total, cells in zip(ordered, totals, matrix, strict=True)
    ]
    return choices, rows


def hide_few(
    matrix: Sequence[Sequence[int | None]], *, totals: Sequence[int], several: bool = False
) -> list[list[int | None]]:
    """Hide counts from 1 to 4, and what would let them be found by subtraction.

    A group of fewer than 5 answers is hidden whole. In a row (or a column) where one single cell
    is hidden, the next smallest non-zero one is hidden too, since row totals are shown. Where
    several choices may be taken (`several`), rows do not add up: a single hidden cell is safe,
    but its complement is not: a choice taken by all but 1 to 4 is hidden as well.
    """
    hidden = [list(row) for row in matrix]
    for row, total in zip(hidden, totals, strict=True):
        for place, cell in enumerate(row):
            few = cell is not None and 0 < cell < FEWEST
            rest = cell is not None and several and 0 < total - cell < FEWEST
            if total < FEWEST or few or rest:
                row[place] = None
    changed = not several
    while changed:
        changed = sum(_complete(row) for row in hidden) > 0
        if len(hidden) > 1 and hidden[0]:
            for place in range(len(hidden[0])):
                column = [row[place] for row in hidden]
                if _complete(column):
                    changed = True
                    for row, cell in zip(hidden, column, strict=True):
                        row[place] = cell
    return hidden


def _complete(cells: list[int | None]) -> bool:
    """Hide one more cell where a single one is hidden; whether something changed."""
    if sum(cell is None for cell in cells) != 1:
        return False
    others = [(cell, place) for place, cell in enumerate(cells) if cell]
    if not others:
        # Zeros everywhere else: the hidden one equals the total. Hide a zero beside it.
        zeros = [place for place, cell in enumerate(cells) if cell == 0]
        if not zeros:
            return False
        cells[zeros[0]] = None
        return True
    cells[min(others)[1]] = None
    return True
