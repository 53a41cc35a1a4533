"""Choice questions as tables of shares: one row for each choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from restanque.engine.estimation.design import Design
from restanque.engine.estimation.errors import InputError
from restanque.engine.estimation.estimates import LEVEL, share
from restanque.engine.estimation.results import Estimate


@dataclass(frozen=True)
class ChoiceRow:
    """One choice: its label, how many answers ticked it, its estimated share."""

    label: str
    count: int
    estimate: Estimate


def single_choice(
    design: Design,
    answers: Sequence[str | None],
    labels: Sequence[str],
    *,
    domain: npt.ArrayLike | None = None,
    level: float = LEVEL,
) -> tuple[ChoiceRow, ...]:
    """Shares of a choose-one question, in the order of `labels`; they add up to 1.

    `answers` (n,) holds a label, or None when the question was left blank."""
    if strangers := sorted({a for a in answers if a is not None} - set(labels)):
        raise InputError(f"« {strangers[0]} » n’est pas un choix de la question.")
    ticks = np.array(
        [[np.nan if a is None else float(a == label) for label in labels] for a in answers]
    ).reshape(len(answers), len(labels))
    return multiple_choice(design, ticks, labels, domain=domain, level=level)


def multiple_choice(
    design: Design,
    ticks: npt.ArrayLike,
    labels: Sequence[str],
    *,
    domain: npt.ArrayLike | None = None,
    level: float = LEVEL,
) -> tuple[ChoiceRow, ...]:
    """Shares of a choose-several question: each choice is a 0/1 question of its own.

    `ticks` (n, k): 1 ticked, 0 not ticked, and a row of NaN when the whole question was left
    blank. Shares may add up to more than 1."""
    array = np.asarray(ticks, dtype=np.float64)
    if array.shape != (design.n, len(labels)):
        raise InputError(f"{design.n} réponses à {len(labels)} choix attendues.")
    blank = np.isnan(array)
    if (blank.any(axis=1) != blank.all(axis=1)).any():
        raise InputError("Une question à choix multiples est laissée en blanc en entier, ou pas.")
    concerned = ~blank.all(axis=1)
    if domain is not None:
        concerned &= np.asarray(domain, dtype=np.bool_)
    return tuple(
        ChoiceRow(
            label,
            int(array[concerned, column].sum()),
            share(design, array[:, column], domain=domain, level=level),
        )
        for column, label in enumerate(labels)
    )
