"""Asking the engine for one figure, and what to do when it refuses. Pure."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from restanque.engine.estimation import (
    Design,
    EmptyCellError,
    Estimate,
    EstimationError,
    Frame,
    Weighting,
    ratio,
    weigh,
)
from restanque.surveys.analysis.columns import BoolArray, FloatArray
from restanque.surveys.analysis.figure import Figure


class Rule(Protocol):
    """An estimator of the engine: `mean`, `share`, `total`…"""

    def __call__(self, design: Design, y: FloatArray, /, *, domain: BoolArray | None) -> Estimate:
        """The estimate of y (n,) inside the domain (n,)."""


class Estimator:
    """The figures of one set of weights. `responded` (N,): who answered the campaign."""

    def __init__(
        self, frame: Frame, responded: BoolArray, weighting: Weighting | None, refusal: str
    ) -> None:
        self.frame, self.responded = frame, responded
        self.weighting, self.refusal = weighting, refusal
        self._again: dict[bytes, Weighting] = {}

    def figure(
        self,
        y: FloatArray,
        domain: BoolArray,
        rule: Rule,
        bare: Callable[[FloatArray], float],
        *,
        count: int | None = None,
    ) -> Figure:
        """One figure of y (n,), NaN where blank, inside the domain (n,); `bare` without weights."""
        told = domain & ~np.isnan(y)
        plain = bare(y[told]) if told.any() else None

        def run(design: Design, kept: BoolArray) -> Estimate:
            return rule(design, y[kept], domain=None if domain.all() else domain[kept])

        return self._made(run, domain, told, plain, count)

    def ratio(self, y: FloatArray, x: FloatArray, domain: BoolArray) -> Figure:
        """Σ w y / Σ w x inside the domain; both are NaN where one is blank."""
        told = domain & ~np.isnan(y)
        divisor = float(x[told].sum())
        plain = float(y[told].sum()) / divisor if divisor else None

        def run(design: Design, kept: BoolArray) -> Estimate:
            return ratio(design, y[kept], x[kept], domain=domain[kept])

        return self._made(run, domain, told, plain, None)

    def _made(
        self,
        run: Callable[[Design, BoolArray], Estimate],
        domain: BoolArray,
        told: BoolArray,
        plain: float | None,
        count: int | None,
    ) -> Figure:
        n, missing = int(told.sum()), int((domain & ~told).sum())
        try:
            estimate, more = self._estimate(run, told | ~domain)
        except EstimationError as error:
            why = (str(error),)
            return Figure(plain, None, None, n, missing, plain, False, why, count)
        low, high = estimate.interval or (None, None)
        bare = plain if estimate.unweighted is None else estimate.unweighted
        notes = (*estimate.notes, *more)
        return Figure(estimate.value, low, high, n, missing, bare, True, notes, count, estimate)

    def _estimate(
        self, run: Callable[[Design, BoolArray], Estimate], usable: BoolArray
    ) -> tuple[Estimate, tuple[str, ...]]:
        """With the campaign's weights; with new ones where a cell has no answer to the question."""
        if self.weighting is None:
            raise EstimationError(self.refusal)
        try:
            return run(self.weighting.design, np.ones(len(usable), dtype=np.bool_)), ()
        except EmptyCellError:
            again = self._weigh_again(usable)
            missing = int((~usable).sum())
            who = f"{missing} répondants n’ont" if missing > 1 else "1 répondant n’a"
            note = (
                f"{who} pas rempli cette question, et une cellule de poids n’a plus de réponse : "
                "les cellules ont été refaites pour elle."
            )
            merges = again.plan.merges if again.plan is not None else ()
            return run(again.design, usable), (note, *merges)

    def _weigh_again(self, usable: BoolArray) -> Weighting:
        """Weights of those who can be used for one question; cells are merged anew."""
        key = usable.tobytes()
        if key not in self._again:
            mask = self.responded.copy()
            mask[np.flatnonzero(mask)[~usable]] = False
            self._again[key] = weigh(self.frame, mask)
        return self._again[key]
