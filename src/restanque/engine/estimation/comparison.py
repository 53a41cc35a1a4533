"""Two campaigns on the same population: the change, with the covariance of common respondents."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt

from restanque.engine.estimation import messages
from restanque.engine.estimation.arrays import BoolArray, FloatArray
from restanque.engine.estimation.design import Design
from restanque.engine.estimation.distributions import critical_value
from restanque.engine.estimation.errors import EstimationError, InputError
from restanque.engine.estimation.estimates import LEVEL, share
from restanque.engine.estimation.intervals import finish, interval_of, share_interval, symmetric
from restanque.engine.estimation.linear import Linear, Question, ask, linear_ratio, linear_total
from restanque.engine.estimation.results import Estimate
from restanque.engine.estimation.variance import (
    degrees_of_freedom,
    lonely_strata,
    overlap_covariance,
)

Kind = Literal["mean", "total", "share", "ratio"]


@dataclass(frozen=True, eq=False)
class Campaign:
    """The answers of one campaign: as for `mean`, `total`, `share` or `ratio` (`x` for a ratio)."""

    design: Design
    y: npt.ArrayLike
    x: npt.ArrayLike | None = None
    domain: npt.ArrayLike | None = None


@dataclass(frozen=True)
class Comparison:
    """Change between two campaigns, `after` less `before`, over the same population.

    correlation: between the two estimates, from the units that answered both (0 without any).
    n_both: answers common to both. conclusive: the interval of the change leaves zero out; None
    when there is no interval."""

    before: Estimate
    after: Estimate
    change: float
    standard_error: float | None
    interval: tuple[float, float] | None
    correlation: float | None
    n_both: int
    conclusive: bool | None
    level: float
    missing_units: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def compare(
    before: Campaign, after: Campaign, kind: Kind, *, level: float = LEVEL, df: float | None = None
) -> Comparison:
    """Var(after - before) = V1 + V2 - 2 Cov, the covariance stratum by stratum over overlapping
    respondents (see `variance.overlap_covariance`); with the same respondents it is the paired
    variance. Self-representing units silent in one campaign are left out of both.

    Units are matched by name. Both designs must have the same strata (weight cells built together
    with `build_cells`): InputError otherwise. EstimationError when a campaign has no answer."""
    first, second, left_out = _on_common_ground(_question(before, kind), _question(after, kind))
    _same_strata(first.design, second.design)
    lines = _linear(first, kind), _linear(second, kind)
    estimates = _estimate(lines[0], kind, level), _estimate(lines[1], kind, level)
    change = lines[1].value - lines[0].value
    covariance, both = overlap_covariance(
        first.design, lines[0].scores, second.design, lines[1].scores
    )
    notes = [messages.common_units(both)]
    if left_out:
        notes.insert(0, messages.both_without(left_out))
    se, interval, correlation, more = _spread(lines, change, covariance, level, df)
    return Comparison(
        *(estimates[0], estimates[1], change, se, interval, correlation, both),
        None if interval is None else not interval[0] <= 0 <= interval[1],
        level,
        second.design.silent,
        (*notes, *more),
    )


def _question(campaign: Campaign, kind: Kind) -> Question:
    if kind == "share":  # refuses anything but 0, 1 and blanks
        share(campaign.design, campaign.y, domain=campaign.domain)
    if (campaign.x is None) == (kind == "ratio"):
        raise InputError("Un rapport, et lui seul, demande un dénominateur.")
    question = ask(campaign.design, campaign.y, campaign.x, campaign.domain)
    if not question.n:
        raise EstimationError(messages.NO_ANSWER)
    return question


def _on_common_ground(
    first: Question, second: Question
) -> tuple[Question, Question, tuple[str, ...]]:
    """Both questions without the self-representing units that one of them lacks."""
    silent = {*first.design.silent, *second.design.silent}
    kept = [_kept(question, silent) for question in (first, second)]
    if not (kept[0] & first.rows).any() or not (kept[1] & second.rows).any():
        raise EstimationError(messages.NO_ANSWER)
    return first.restricted_to(kept[0]), second.restricted_to(kept[1]), tuple(sorted(silent))


def _kept(question: Question, silent: set[str]) -> BoolArray:
    return np.array([unit not in silent for unit in question.design.units], dtype=np.bool_)


def _same_strata(first: Design, second: Design) -> None:
    one = dict(zip(first.stratum_names, first.stratum_sizes, strict=True))
    two = dict(zip(second.stratum_names, second.stratum_sizes, strict=True))
    if one != two:
        raise InputError(
            "Les deux campagnes ne sont pas pondérées par les mêmes cellules : construisez-les "
            "ensemble pour pouvoir comparer."
        )
    if first.stratum_names != second.stratum_names:
        raise InputError("Les cellules des deux campagnes ne sont pas dans le même ordre.")


def _linear(question: Question, kind: Kind) -> Linear:
    linear = linear_total(question) if kind == "total" else linear_ratio(question)
    if linear is None:
        raise EstimationError(messages.ZERO_DENOMINATOR)
    return linear


def _estimate(linear: Linear, kind: Kind, level: float) -> Estimate:
    if kind == "share":
        return finish(linear, share_interval(linear, level), level, None)
    return finish(linear, interval_of(linear, level, symmetric, "student"), level, None)


def _spread(
    lines: tuple[Linear, Linear],
    change: float,
    covariance: FloatArray,
    level: float,
    df: float | None,
) -> tuple[float | None, tuple[float, float] | None, float | None, list[str]]:
    """Standard error, interval and correlation of the change, or why there is none."""
    designs = [line.question.design for line in lines]
    rows = [line.question.rows for line in lines]
    if not any((r & d.sampled).any() for r, d in zip(rows, designs, strict=True)):
        return 0.0, (change, change), None, [messages.CENSUS]
    if min(line.question.n for line in lines) < 2:
        return None, None, None, [messages.ONE_ANSWER]
    answers = np.minimum(*(d.answers(r) for r, d in zip(rows, designs, strict=True)))
    if answers.max() < 2:
        return None, None, None, [messages.NO_FREEDOM]
    v1, v2 = lines[0].variances, lines[1].variances
    # Estimated on different units, the three parts can contradict each other by chance.
    bound = np.sqrt(v1 * v2)
    covariance = np.clip(covariance, -bound, bound)
    parts = v1 + v2 - 2 * covariance
    parts[parts < 1e-13 * (v1 + v2)] = 0.0  # what rounding leaves of a difference of equals
    variance = float(parts.sum())
    if variance <= 1e-24 * change * change:
        return 0.0, None, None, [messages.SAME_CHANGE]
    lonely = {*lonely_strata(designs[0], rows[0]), *lonely_strata(designs[1], rows[1])}
    se = sqrt(variance)
    df = degrees_of_freedom(parts, answers) if df is None else df
    interval = symmetric(change, se, critical_value(level, df))
    limit = sqrt(float(v1.sum()) * float(v2.sum()))
    correlation = float(covariance.sum()) / limit if limit > 0 else None
    return se, interval, correlation, [messages.lonely(sorted(lonely))] if lonely else []
