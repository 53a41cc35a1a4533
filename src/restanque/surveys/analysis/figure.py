"""A figure of the study as pages, reports and exports show it."""

from dataclasses import dataclass

from restanque.engine.estimation import Estimate

# What is said beside every figure for which weights were refused.
RESPONDENTS_ONLY = "répondants seulement"


@dataclass(frozen=True, slots=True)
class Figure:
    """One estimate. Unknown is None.

    value, low, high: the weighted estimate and its interval at 95 %; a share lies between 0 and 1.
    When weights are refused (`weighted` False) `value` is the bare figure of the respondents,
    without interval, and the refusal is the first of `notes`: show « répondants seulement ».
    unweighted: the same figure on the bare answers (a total: their sum).
    n: answers used; n_missing: those who were asked and said nothing, or did not know;
    count: for a share, how many of the n gave this answer. notes: French sentences, shown as
    they are. estimate: what the engine said, None when weights are refused.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    n_missing: int
    unweighted: float | None
    weighted: bool
    notes: tuple[str, ...]
    count: int | None = None
    estimate: Estimate | None = None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Both bounds, or None."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    @property
    def label(self) -> str:
        """« estimation », or « répondants seulement »."""
        return "estimation" if self.weighted else RESPONDENTS_ONLY


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A choice of a question and its share."""

    code: str
    label: str
    figure: Figure
