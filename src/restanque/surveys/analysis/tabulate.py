"""Counts, distributions, cross-tables, and what must not be shown of few units. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from restanque.surveys.analysis.data import Unit, answered, numbers
from restanque.surveys.analysis.numbers import mean, median, quartiles

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


def tells_few(*counts: int) -> bool:
    """Whether one of these counts is about 1 to 4 units: outside the team it is not said.

    A count of « not asked » tells what the filtering question was answered, as surely as a cell.
    """
    return any(0 < count < FEWEST for count in counts)


def missing_of(units: Sequence[Unit]) -> Missing:
    """Counts of the units without an answer."""
    counts = Counter(unit.status for unit in units)
    return Missing(counts["not_asked"], counts["no_answer"], counts["do_not_know"])


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
