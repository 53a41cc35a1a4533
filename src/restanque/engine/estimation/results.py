"""What an estimator gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Method = Literal["student", "logit", "log", "exact", "woodruff", "census", "none"]


@dataclass(frozen=True)
class Estimate:
    """One figure, with all that must be shown beside it. Unknown is None.

    value: the estimate, in the unit of the question (a share is between 0 and 1).
    standard_error: same unit; None when it cannot be measured.
    interval: bounds at `level`, or None, and then `notes` says why.
    n: answers used. n_missing: respondents concerned who left the question blank.
    population: units spoken of, silent self-representing ones left out; inside a domain whose
    size is unknown, its estimate (`population_estimated`).
    design_effect: variance over that of a simple random sample of the same size, None if undefined.
    degrees_of_freedom: effective ones of the standard error, None when there is none.
    unweighted: the same figure on the bare answers, for comparison (a total has none).
    method: how the interval was made. missing_units: self-representing units without an answer.
    notes: French sentences for the reader.
    """

    value: float | None
    standard_error: float | None
    interval: tuple[float, float] | None
    n: int
    n_missing: int
    population: float
    population_estimated: bool
    design_effect: float | None
    degrees_of_freedom: float | None
    unweighted: float | None
    method: Method
    level: float
    missing_units: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def relative_error(self) -> float | None:
        """Standard error over value (coefficient of variation)."""
        if self.value is None or self.standard_error is None or self.value == 0:
            return None
        return abs(self.standard_error / self.value)
