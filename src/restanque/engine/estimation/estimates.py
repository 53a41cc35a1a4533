"""Mean, total, ratio and share of a question, for everybody or inside a domain.

Common arguments: `design` (n respondents); `domain` (n,) booleans; `level` of the interval; `df`,
degrees of freedom to use for it instead of the effective ones (see `variance.degrees_of_freedom`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from restanque.engine.estimation import messages
from restanque.engine.estimation.arrays import as_mask, as_values
from restanque.engine.estimation.design import Design
from restanque.engine.estimation.errors import InputError
from restanque.engine.estimation.intervals import (
    finish,
    interval_of,
    nothing,
    positive_rule,
    share_interval,
    symmetric,
)
from restanque.engine.estimation.linear import Question, ask, linear_ratio, linear_total, notes_of
from restanque.engine.estimation.results import Estimate

LEVEL = 0.95


def mean(
    design: Design,
    y: npt.ArrayLike,
    *,
    domain: npt.ArrayLike | None = None,
    level: float = LEVEL,
    df: float | None = None,
) -> Estimate:
    """Mean for each unit: Σ w y / Σ w.

    `y` (n,), NaN where the question was left blank; `domain` (n,) booleans."""
    return _ratio(ask(design, y, None, domain), level, df)


def ratio(
    design: Design,
    y: npt.ArrayLike,
    x: npt.ArrayLike,
    *,
    domain: npt.ArrayLike | None = None,
    level: float = LEVEL,
    df: float | None = None,
) -> Estimate:
    """Ratio of two totals, Σ w y / Σ w x (a price for each kg, kg for each pupil).

    `y`, `x` (n,); a unit blank in one is left out of both."""
    return _ratio(ask(design, y, x, domain), level, df)


def _ratio(question: Question, level: float, df: float | None) -> Estimate:
    if not question.n:
        return nothing(question, level, messages.NO_ANSWER)
    linear = linear_ratio(question)
    if linear is None:
        return nothing(question, level, messages.ZERO_DENOMINATOR)
    found = interval_of(linear, level, symmetric, "student", df=df)
    bare = float(question.x[question.rows].sum())
    unweighted = float(question.y.sum()) / bare if bare else None
    return finish(linear, found, level, unweighted)


def total(
    design: Design,
    y: npt.ArrayLike,
    *,
    domain: npt.ArrayLike | None = None,
    level: float = LEVEL,
    df: float | None = None,
    nonnegative: bool = False,
) -> Estimate:
    """Total Σ w y over the population that answers stand for (« hors X » when X is silent).

    `nonnegative`: the quantity cannot be negative (kg, meals, euros): the interval then never goes
    under what was counted. Raises InputError if an answer is."""
    question = ask(design, y, None, domain)
    if not question.n:
        return nothing(question, level, messages.NO_ANSWER)
    if not nonnegative:
        linear = linear_total(question)
        return finish(linear, interval_of(linear, level, symmetric, "student", df=df), level, None)
    _refuse_negative(question.y)
    linear = linear_total(question)
    rule = positive_rule(float(question.y.sum()))
    return finish(linear, interval_of(linear, level, rule, "log", df=df), level, None)


def total_by_ratio(
    design: Design,
    y: npt.ArrayLike,
    size: npt.ArrayLike,
    known_total: float,
    *,
    level: float = LEVEL,
    df: float | None = None,
    nonnegative: bool = False,
) -> Estimate:
    """Total of `y` by its ratio to a known quantity, for a `y` that goes with size.

    Units that represent only themselves are added as answered; the others' total is
    `known_total` × Σ w y / Σ w size. `size` (n,) is known for everyone (inhabitants, pupils);
    `known_total` is its sum over all units of the population that are not self-representing."""
    sizes = as_values(size, design.n, "taille")
    if np.isnan(sizes).any() or not known_total > 0:
        raise InputError("La taille doit être connue de tous, et son total positif.")
    question = ask(design, y, sizes, None)
    if not question.n:
        return nothing(question, level, messages.NO_ANSWER)
    certain = question.design.certain
    sure = float(question.y[certain].sum())
    others = Question(
        question.design,
        np.where(certain, 0.0, question.y),
        question.x,
        ~certain,
        question.n_missing,
        False,
    )
    part = linear_ratio(others) if others.n else None
    if part is None:
        return nothing(question, level, messages.ZERO_DENOMINATOR)
    if nonnegative:
        _refuse_negative(question.y)
    linear = part.scaled(known_total, sure)
    rule = positive_rule(float(question.y.sum())) if nonnegative else symmetric
    found = interval_of(linear, level, rule, "log" if nonnegative else "student", df=df)
    return replace(
        finish(linear, found, level, None),
        n=question.n,
        population=question.population,
        population_estimated=False,
        notes=(*found.notes, *notes_of(question)),
    )


def share(
    design: Design,
    yes: npt.ArrayLike,
    *,
    domain: npt.ArrayLike | None = None,
    level: float = LEVEL,
    df: float | None = None,
) -> Estimate:
    """Share of units that answered yes; `yes` (n,) holds 1, 0 and NaN (blank)."""
    values = as_values(yes, design.n, "réponses")
    mask = as_mask(domain, design.n, "domaine")
    if (~np.isin(values[mask & ~np.isnan(values)], (0.0, 1.0))).any():
        raise InputError("Une part se calcule sur des 0 et des 1.")
    question = ask(design, values, None, domain)
    if not question.n:
        return nothing(question, level, messages.NO_ANSWER)
    linear = linear_ratio(question)
    if linear is None:
        return nothing(question, level, messages.ZERO_DENOMINATOR)
    unweighted = float(question.y.sum()) / question.n
    return finish(linear, share_interval(linear, level, df), level, unweighted)


def _refuse_negative(values: npt.NDArray[np.float64]) -> None:
    if (values < 0).any():
        raise InputError("Une quantité déclarée positive contient une valeur négative.")
