"""Answers of a question as arrays over the respondents: what the estimators read. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from restanque.surveys.analysis.data import Unit
from restanque.surveys.analysis.questions import DO_NOT_KNOW, Kind, Question

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Column:
    """One question over n respondents.

    `concerned` (n,): those who were asked. `values`: the codes of each, None where it says
    nothing. `numbers` (n,): the amount, NaN where there is none. A question of a series counts
    once for each respondent: every code given in one turn at least, the mean of the amounts.
    """

    concerned: BoolArray
    values: tuple[frozenset[str] | None, ...]
    numbers: FloatArray

    @property
    def told(self) -> BoolArray:
        """(n,): those who gave an answer."""
        return np.array([value is not None for value in self.values], dtype=np.bool_)

    def ticks(self, code: str) -> FloatArray:
        """(n,): 1 where the code was given, 0 where others were, NaN where nothing was."""
        return np.array(
            [np.nan if value is None else float(code in value) for value in self.values]
        )


def column_of(
    question: Question, invitations: Sequence[int], units: Mapping[int, Sequence[Unit]]
) -> Column:
    """The column of a question, from the units of each invitation."""
    concerned = np.zeros(len(invitations), dtype=np.bool_)
    numbers = np.full(len(invitations), np.nan)
    values: list[frozenset[str] | None] = []
    for place, invitation in enumerate(invitations):
        asked = [unit for unit in units.get(invitation, ()) if unit.status != "not_asked"]
        told = [unit for unit in asked if unit.status == "answered"]
        concerned[place] = bool(asked)
        amounts = [float(unit.number) for unit in told if unit.number is not None]
        if amounts:
            numbers[place] = sum(amounts) / len(amounts)
        codes = {code for unit in told for code in unit.values if code not in DO_NOT_KNOW}
        values.append(frozenset(codes) if told else None)
    return Column(concerned, tuple(values), numbers)


def choices_of(question: Question, column: Column) -> list[tuple[str, str]]:
    """(code, label) of what may be counted: « ne sait pas » is no answer on the subject."""
    if question.kind not in (Kind.ONE, Kind.MANY):
        return []
    known = [(code, label) for code, label in question.choices if code not in DO_NOT_KNOW]
    given = {code for value in column.values if value is not None for code in value}
    return known + [(code, code) for code in sorted(given - {code for code, _ in known})]
