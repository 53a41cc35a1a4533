"""From a standard error to an interval, and what is said when there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, log, sqrt

import numpy as np

from restanque.engine.estimation import messages
from restanque.engine.estimation.arrays import BoolArray, counts
from restanque.engine.estimation.design import Design
from restanque.engine.estimation.distributions import critical_value, logit_interval
from restanque.engine.estimation.linear import Linear, Question, design_effect, notes_of
from restanque.engine.estimation.results import Estimate, Method
from restanque.engine.estimation.variance import degrees_of_freedom, excess_kurtosis, lonely_strata

#: (value, standard error, critical value) -> bounds
Rule = Callable[[float, float, float], tuple[float, float]]


@dataclass(frozen=True)
class Interval:
    """Standard error, bounds (or None), how they were made and what to say."""

    standard_error: float | None
    bounds: tuple[float, float] | None
    method: Method
    notes: tuple[str, ...] = ()
    df: float | None = None  #: degrees of freedom, when made from a variance


def symmetric(value: float, se: float, t: float) -> tuple[float, float]:
    """value ± t se."""
    return value - t * se, value + t * se


def interval_of(
    linear: Linear,
    level: float,
    rule: Rule,
    method: Method,
    *,
    heavy: bool = True,
    df: float | None = None,
) -> Interval:
    """The interval by `rule`, with Student's t on `df`, the effective degrees of freedom if None.

    `heavy`: quantities, whose large values make the variance itself uncertain (not 0/1 answers).
    None when one answer or identical answers leave nothing to measure; a point when all answered.
    """
    question, design = linear.question, linear.question.design
    uncertain = question.rows & design.sampled
    if not uncertain.any():
        return Interval(0.0, (linear.value, linear.value), "census", (messages.CENSUS,))
    if question.n < 2:
        return Interval(None, None, "none", (messages.ONE_ANSWER,))
    answers, parts = design.answers(question.rows), linear.variances
    if answers.max() < 2:
        return Interval(None, None, "none", (messages.NO_FREEDOM,))
    se = sqrt(parts.sum())
    if se <= 1e-12 * abs(linear.value):
        return Interval(0.0, None, "none", (messages.SAME_ANSWERS,))
    if df is None:
        tails = excess_kurtosis(design, linear.scores) if heavy else None
        df = degrees_of_freedom(parts, answers, tails)
    lonely = lonely_strata(design, question.rows)
    notes = (messages.lonely(lonely),) if lonely else ()
    bounds = rule(linear.value, se, critical_value(level, df))
    return Interval(se, bounds, method, notes, df)


def share_interval(linear: Linear, level: float, df: float | None = None) -> Interval:
    """Logit interval of a share, kept inside what is still possible; exact when it is 0 or 1.

    Possible: with every unit in view, the share of the population lies between the `yes` counted
    over N and one less the `no` counted over N."""
    question = linear.question
    if question.n > 1 and (unanimous := _unanimous(question)) is not None:
        if not (question.rows & question.design.sampled).any():
            return interval_of(linear, level, symmetric, "logit")
        most = exact_unseen(question.design, question.rows, level)
        bounds = (1 - most, 1.0) if unanimous else (0.0, most)
        return Interval(0.0, bounds, "exact", (messages.EXACT_SHARE,))
    found = interval_of(linear, level, logit_interval, "logit", heavy=False, df=df)
    if found.bounds is None or not question.whole:
        return found
    yes, population = float(question.y.sum()), question.population
    low, high = yes / population, 1 - (question.n - yes) / population
    bounds = (max(found.bounds[0], low), min(found.bounds[1], high))
    return Interval(found.standard_error, bounds, found.method, found.notes, found.df)


def _unanimous(question: Question) -> bool | None:
    answers = question.y[question.rows]
    return bool(answers[0]) if (answers == answers[0]).all() else None


def exact_unseen(design: Design, rows: BoolArray, level: float) -> float:
    """Largest share of units that could have a trait nobody answered with, shape-free.

    The largest M/N such that drawing n_h of N_h in each stratum and meeting none of the M keeps a
    probability of at least (1 - level)/2. In one stratum that is the hypergeometric bound; over
    several, each further unit goes where it costs the least probability (costs increase inside a
    stratum, so the greedy choice is the maximum). In a domain, N_h is its share, rounded up."""
    size = len(design.stratum_names)
    n = counts(design.strata[rows], size)
    unknown = np.ceil(n * (design.stratum_sizes / design.respondents) - 1e-9)
    totals = np.where(n > 0, unknown, 0)
    budget, placed = -log((1 - level) / 2), np.zeros(size)
    while True:
        left = totals - placed
        cost = np.full(size, inf)
        free = left - n > 0
        cost[free] = -np.log((left[free] - n[free]) / left[free])
        cheapest = int(cost.argmin())
        if cost[cheapest] > budget:
            return float(placed.sum() / totals.sum())
        budget -= float(cost[cheapest])
        placed[cheapest] += 1


def positive_rule(observed: float) -> Rule:
    """Interval of a total of quantities that cannot be negative.

    What was answered is certain; the rest, value - observed, gets an interval on the log scale:
    never below what was counted, and longer upwards, as skewed quantities need."""

    def rule(value: float, se: float, t: float) -> tuple[float, float]:
        rest = value - observed
        if rest <= 0 or t * se > 20 * rest:  # nothing left to scale, or a factor without meaning
            low, high = symmetric(value, se, t)
            return max(low, min(observed, value)), high
        factor = exp(t * se / rest)
        return observed + rest / factor, observed + rest * factor

    return rule


def nothing(question: Question, level: float, note: str) -> Estimate:
    """No figure, and why."""
    return Estimate(
        value=None,
        standard_error=None,
        interval=None,
        n=question.n,
        n_missing=question.n_missing,
        population=question.population,
        population_estimated=not question.whole,
        design_effect=None,
        degrees_of_freedom=None,
        unweighted=None,
        method="none",
        level=level,
        missing_units=question.design.silent,
        notes=(note, *notes_of(question)),
    )


def finish(linear: Linear, found: Interval, level: float, unweighted: float | None) -> Estimate:
    """The estimate with all that goes with it."""
    question = linear.question
    effect = None
    if found.df is not None and found.standard_error is not None:
        effect = design_effect(linear, found.standard_error**2)
    return Estimate(
        value=linear.value,
        standard_error=found.standard_error,
        interval=found.bounds,
        n=question.n,
        n_missing=question.n_missing,
        population=question.population,
        population_estimated=not question.whole,
        design_effect=effect,
        degrees_of_freedom=found.df,
        unweighted=unweighted,
        method=found.method,
        level=level,
        missing_units=question.design.silent,
        notes=(*found.notes, *notes_of(question)),
    )
