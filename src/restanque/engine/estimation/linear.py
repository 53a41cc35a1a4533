"""Point estimates with their linearised scores: what estimates and comparisons are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from restanque.engine.estimation import messages
from restanque.engine.estimation.arrays import BoolArray, FloatArray, as_mask, as_values
from restanque.engine.estimation.design import Design
from restanque.engine.estimation.variance import residuals, stratum_variances
from restanque.engine.estimation.weights import restricted_to


@dataclass(frozen=True, eq=False)
class Question:
    """One question ready to be estimated: the design of those who answered it, m rows.

    `y`, `x` (m,) are 0 (and 1 for `x`) outside the domain; `rows` (m,) marks the domain."""

    design: Design
    y: FloatArray
    x: FloatArray
    rows: BoolArray
    n_missing: int
    whole: bool  #: no domain: everybody is concerned

    @property
    def n(self) -> int:
        return int(self.rows.sum())

    @property
    def population(self) -> float:
        if self.whole:
            return self.design.population
        return float(self.design.weights[self.rows].sum())

    def restricted_to(self, kept: BoolArray) -> Question:
        """The same question for fewer respondents (only self-representing ones may go)."""
        design = restricted_to(self.design, kept)
        return Question(
            design, self.y[kept], self.x[kept], self.rows[kept], self.n_missing, self.whole
        )


@dataclass(frozen=True, eq=False)
class Linear:
    """A value and the weighted scores (m,) whose sum has its variance, calibration removed.

    `raw` holds the unweighted scores, for the design effect."""

    question: Question
    value: float
    scores: FloatArray
    raw: FloatArray

    @property
    def variances(self) -> FloatArray:
        """(H,): the variance, stratum by stratum."""
        return stratum_variances(self.question.design, self.scores)

    def scaled(self, factor: float, added: float = 0.0) -> Linear:
        """factor × value + added."""
        value = factor * self.value + added
        return Linear(self.question, value, factor * self.scores, factor * self.raw)


def ask(
    design: Design,
    y: npt.ArrayLike,
    x: npt.ArrayLike | None = None,
    domain: npt.ArrayLike | None = None,
) -> Question:
    """Sets apart blanks (NaN in `y` or `x`, inside the domain) and what does not concern.

    `y`, `x`: (n,) floats; `domain`: (n,) booleans. A blank is an item non-response: inside its
    stratum, those who answered stand for it."""
    values, mask = as_values(y, design.n, "y"), as_mask(domain, design.n, "domaine")
    others = np.ones(design.n) if x is None else as_values(x, design.n, "x")
    blank = mask & (np.isnan(values) | np.isnan(others))
    if (blank | ~mask).all():  # nobody answered: no cell can be asked to stand for another
        empty = np.zeros(design.n, dtype=np.bool_)
        return Question(
            design, np.zeros(design.n), empty.astype(float), empty, int(blank.sum()), domain is None
        )
    smaller, kept = restricted_to(design, ~blank), ~blank
    rows = mask[kept]
    return Question(
        smaller,
        np.where(rows, values[kept], 0.0),
        np.where(rows, others[kept], 1.0),
        rows,
        int(blank.sum()),
        domain is None,
    )


def linear_total(question: Question) -> Linear:
    """Σ w y over the domain."""
    return _linear(question, float((question.design.weights * question.y).sum()), question.y)


def linear_ratio(question: Question) -> Linear | None:
    """Σ w y / Σ w x, and a mean when x is 1; None when the denominator is zero.

    Score: (y - R x) / Σ w x (Woodruff 1971)."""
    weights, rows = question.design.weights, question.rows
    denominator = float((weights * question.x)[rows].sum())
    if denominator == 0:
        return None
    value = float((weights * question.y).sum()) / denominator
    raw = np.where(rows, (question.y - value * question.x) / denominator, 0.0)
    return _linear(question, value, raw)


def _linear(question: Question, value: float, raw: FloatArray) -> Linear:
    design = question.design
    scores = residuals(design.weights * raw, design.calibration)
    return Linear(question, value, scores, raw)


def design_effect(linear: Linear, variance: float) -> float | None:
    """Variance over that of a total under simple random sampling without replacement, same n.

    N̂² (1 - n/N̂) S²/n with S² the weighted variance of the scores in the domain (R `deff=TRUE`)."""
    question = linear.question
    weights, raw = question.design.weights[question.rows], linear.raw[question.rows]
    n, population = len(raw), float(weights.sum())
    if n < 2 or population <= n:
        return None
    centre = float((weights * raw).sum()) / population
    spread = float((weights * (raw - centre) ** 2).sum()) / population * n / (n - 1)
    simple = spread * population * (population - n) / n
    return variance / simple if simple > 0 else None


def notes_of(question: Question) -> list[str]:
    """What must be said of the question whatever is estimated."""
    notes = []
    if question.design.silent:
        notes.append(messages.leaving_out(question.design.silent))
    if question.n_missing:
        notes.append(messages.missing_items(question.n_missing))
    if not question.whole:
        notes.append(messages.DOMAIN_SIZE)
    return notes
