"""What must be hidden of few before figures are published. Pure.

Three rules, for a table of groups by choices:
1. a group under 5 answers is hidden whole;
2. a choice made by 1 to 4 of the group, or by all but 1 to 4, is hidden;
3. what would give a hidden cell back by subtraction is hidden too: in a row where one choice
   alone is hidden (choices add up), the next smallest; in a column where one group alone is
   hidden (the whole is published), the next smallest. A choice hidden in the whole is hidden in
   every group.
A mean of which one unit makes over 85 % is hidden (dominance), as INSEE does.
"""

from collections.abc import Sequence

FEWEST = 5
DOMINANT = 0.85

Hidden = list[list[bool]]


def hidden_cells(
    counts: Sequence[Sequence[int]],
    totals: Sequence[int],
    *,
    several: bool,
    whole: Sequence[bool] | None = None,
) -> Hidden:
    """Which cells of groups (rows) by choices (columns) are hidden. `totals`: n of each group;
    `whole`: what is hidden in the row of all groups together, when these are its parts.

    `several`: choices do not add up, so that rule 3 does not apply along rows.
    """
    hidden = [
        [
            total < FEWEST or _few(count) or _few(total - count) or bool(whole and whole[place])
            for place, count in enumerate(row)
        ]
        for row, total in zip(counts, totals, strict=True)
    ]
    changed = True
    while changed:
        changed = False
        if not several:
            for row, marks in zip(counts, hidden, strict=True):
                changed |= _complete(row, marks)
        for place in range(len(hidden[0]) if hidden else 0):
            column = [marks[place] for marks in hidden]
            # A group hidden whole is found from the whole and the others just the same.
            if _complete([row[place] for row in counts], column):
                changed = True
                for marks, mark in zip(hidden, column, strict=True):
                    marks[place] = mark
    return hidden


def is_dominated(amounts: Sequence[float]) -> bool:
    """Whether one unit makes most of a sum."""
    whole = sum(abs(amount) for amount in amounts)
    return bool(whole) and max(abs(amount) for amount in amounts) > DOMINANT * whole


def _few(count: int) -> bool:
    return 0 < count < FEWEST


def _complete(counts: Sequence[int], marks: list[bool]) -> bool:
    """Hide a second cell where one alone is hidden; whether it was done."""
    if sum(marks) != 1 or len(marks) < 2:
        return False
    shown = [place for place, mark in enumerate(marks) if not mark]
    # An empty cell is hidden last: nobody stands behind it.
    place = min(shown, key=lambda place: (counts[place] == 0, counts[place]))
    marks[place] = True
    return True
