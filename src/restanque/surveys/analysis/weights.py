"""The weight of each answer, for exports and for whoever checks."""

from collections.abc import Sequence
from dataclasses import dataclass

from restanque.engine.estimation import Weighting
from restanque.surveys.analysis.data import Row


@dataclass(frozen=True, slots=True)
class Weight:
    """The weight of one answer: None when it stands for nobody. `cell` names its weight cell."""

    row: Row
    value: float | None
    cell: str
    self_representing: bool


def weights_of(
    rows: Sequence[Row], respondents: Sequence[Row], weighting: Weighting | None
) -> tuple[Weight, ...]:
    """One a row, in order; `respondents` are those the weighting was made of, in its order."""
    made: dict[int, Weight] = {}
    if weighting is not None:
        design = weighting.design
        names = [design.stratum_names[code] for code in design.strata]
        for row, value, cell, certain in zip(
            respondents, design.weights, names, design.certain, strict=True
        ):
            made[row.response] = Weight(row, float(value), cell, bool(certain))
    return tuple(made.get(row.response) or Weight(row, None, "", False) for row in rows)
