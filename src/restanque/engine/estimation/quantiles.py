"""Quantiles of a question, and their intervals by inverting the distribution (Woodruff 1952)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from restanque.engine.estimation import messages
from restanque.engine.estimation.arrays import FloatArray
from restanque.engine.estimation.design import Design
from restanque.engine.estimation.distributions import critical_value, logit_interval
from restanque.engine.estimation.errors import InputError
from restanque.engine.estimation.estimates import LEVEL
from restanque.engine.estimation.intervals import Interval, finish, interval_of, nothing
from restanque.engine.estimation.linear import Question, ask, linear_ratio
from restanque.engine.estimation.results import Estimate


def quantile(
    design: Design,
    y: npt.ArrayLike,
    probability: float = 0.5,
    *,
    domain: npt.ArrayLike | None = None,
    level: float = LEVEL,
    df: float | None = None,
) -> Estimate:
    """The value under which a share `probability` of the units lies; the median by default.

    Where the cumulated weight hits the probability exactly, half-way to the next value (the school
    median; Hyndman & Fan 1996, type 2). Interval: that of the share of units at or under the
    estimate, on the logit scale, read back as values. Standard error: interval width / 2t."""
    if not 0 < probability < 1:
        raise InputError("Un quantile se demande pour une part strictement entre 0 et 1.")
    question = ask(design, y, None, domain)
    if not question.n:
        return nothing(question, level, messages.NO_ANSWER)
    values, weights = _sorted(question)
    value = weighted_quantile(values, weights, probability)
    bare = weighted_quantile(values, np.ones_like(weights), probability)
    below = Question(
        question.design,
        np.where(question.rows, question.y <= value, False).astype(np.float64),
        question.x,
        question.rows,
        question.n_missing,
        question.whole,
    )
    linear = linear_ratio(below)
    if linear is None:
        return nothing(question, level, messages.ZERO_DENOMINATOR)
    found = _read_back(
        interval_of(linear, level, _logit, "woodruff", heavy=False, df=df), values, weights, value
    )
    if found.bounds is not None and found.df is not None:
        half = (found.bounds[1] - found.bounds[0]) / 2
        found = replace(found, standard_error=half / critical_value(level, found.df))
    return finish(type(linear)(question, value, linear.scores, linear.raw), found, level, bare)


def weighted_quantile(values: FloatArray, weights: FloatArray, probability: float) -> float:
    """Inverse of the weighted distribution of sorted `values` (m,), averaged at its steps."""
    cumulated = np.cumsum(weights)
    target, tolerance = probability * cumulated[-1], 1e-12 * cumulated[-1]
    position = int(np.searchsorted(cumulated, target - tolerance))
    position = min(position, len(values) - 1)
    if abs(cumulated[position] - target) <= tolerance and position + 1 < len(values):
        return float((values[position] + values[position + 1]) / 2)
    return float(values[position])


def _sorted(question: Question) -> tuple[FloatArray, FloatArray]:
    values, weights = question.y[question.rows], question.design.weights[question.rows]
    order = np.argsort(values, kind="stable")
    return values[order], weights[order]


def _logit(value: float, se: float, t: float) -> tuple[float, float]:
    return logit_interval(value, se, t) if 0 < value < 1 else (value, value)


def _read_back(found: Interval, values: FloatArray, weights: FloatArray, value: float) -> Interval:
    if found.method == "census":
        return Interval(0.0, (value, value), "census", found.notes)
    if found.bounds is None or found.bounds[0] == found.bounds[1]:
        notes = found.notes or (messages.EXTREME_QUANTILE,)
        return Interval(None, None, "none", notes)
    low, high = (weighted_quantile(values, weights, bound) for bound in found.bounds)
    return Interval(None, (low, high), "woodruff", found.notes, found.df)
