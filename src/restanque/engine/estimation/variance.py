"""Design-based variance of a weighted sum: Taylor scores, calibration residuals, strata, FPC.

`scores` is always the weighted linearised variable w_i z_i of shape (n,), zero outside the domain,
such that the estimator's variance is that of its sum.
"""

from __future__ import annotations

import numpy as np

from restanque.engine.estimation.arrays import BoolArray, FloatArray, counts, sums
from restanque.engine.estimation.design import Calibration, Design

#: Rounds of projection for raked weights: R survey's number, so that both give the same figures.
RAKING_ROUNDS = 10


def residuals(scores: FloatArray, calibration: Calibration | None) -> FloatArray:
    """Removes from the scores what calibration leaves no room for.

    Post-stratification: the mean of each level, weighted by the starting weights (Särndal, Swensson
    & Wretman 1992, 7.6). Raking: alternating projections on the margins, level by level, a fixed
    number of rounds (Lumley, R `survey`): close to, and converging on, the joint regression
    residuals of Deville & Särndal (1992)."""
    if calibration is None:
        return scores
    if not calibration.is_raking:
        margin = calibration.margins[0]
        before, after = calibration.before[0], calibration.after[0]
        levels = len(margin.levels)
        held = sums(margin.codes, before, levels)
        means = sums(margin.codes, scores * before / after, levels) / held
        return scores - means[margin.codes] * after
    sizes = [counts(margin.codes, len(margin.levels)) for margin in calibration.margins]
    for _ in range(RAKING_ROUNDS):
        for margin, after, size in zip(calibration.margins, calibration.after, sizes, strict=True):
            means = sums(margin.codes, scores / after, len(size)) / size
            scores = scores - after * means[margin.codes]
    return scores


def stratum_variances(design: Design, scores: FloatArray) -> FloatArray:
    """(H,): (1 - n_h/N_h) n_h/(n_h - 1) Σ_i (u_i - ū_h)² (Cochran 1977, 5A); their sum is
    the variance.

    A stratum with one respondent out of several units has no spread to show: its score is compared
    with zero instead of with its own mean, which errs on the wide side (R's "adjust")."""
    size, n = len(design.stratum_names), design.respondents
    means = np.where(n > 1, sums(design.strata, scores, size) / n, 0.0)
    spread = sums(design.strata, (scores - means[design.strata]) ** 2, size)
    factor = (1 - n / design.stratum_sizes) * np.where(n > 1, n / np.maximum(n - 1, 1), 1.0)
    parts: FloatArray = factor * spread
    return parts


def excess_kurtosis(design: Design, scores: FloatArray) -> FloatArray:
    """(H,): Fisher's unbiased-for-normal G2 of the scores in each stratum, at least 0.

    0 as well under four answers, where it does not exist."""
    size, n = len(design.stratum_names), design.respondents
    apart = scores - (sums(design.strata, scores, size) / n)[design.strata]
    m2, m4 = (sums(design.strata, apart**power, size) / n for power in (2, 4))
    known = (n > 3) & (m2 > 0)
    k = np.where(known, n, 4.0)
    plain = np.where(known, m4 / np.where(known, m2, 1.0) ** 2 - 3, 0.0)
    unbiased = (k - 1) / ((k - 2) * (k - 3)) * ((k + 1) * plain + 6)
    return np.where(known, np.maximum(unbiased, 0.0), 0.0)


def degrees_of_freedom(
    parts: FloatArray, respondents: FloatArray, kurtosis: FloatArray | None = None
) -> float:
    """Effective degrees of freedom of a variance that is a sum of stratum parts.

    Matches the spread of the variance estimate (Satterthwaite 1946; Cochran 1977, 5.4), each part
    v_h having relative variance 2/(n_h - 1) + κ_h/n_h, κ_h its excess kurtosis (Cramér 1946, 27.4):
    2 (Σ v_h)² / Σ v_h² (2/(n_h - 1) + κ_h/n_h), between 1 and Σ (n_h - 1). When a few large strata
    or a few large answers make most of the variance, they are what it is known from: all
    respondents less all strata, R's default, is then too confident (see bench/)."""
    most = float(np.maximum(respondents - 1, 0).sum())
    held = parts > 0
    if not held.any() or most < 1:
        return 0.0
    n = np.maximum(respondents[held], 2)
    spread = 2 / (n - 1) + (0.0 if kurtosis is None else kurtosis[held] / n)
    effective = 2 * parts.sum() ** 2 / (parts[held] ** 2 * spread).sum()
    return float(min(max(effective, 1.0), most))


def lonely_strata(design: Design, rows: BoolArray) -> list[str]:
    """Strata where one unit answered among several, and where `rows` reaches."""
    lonely = (design.respondents == 1) & (design.stratum_sizes > 1)
    return [design.stratum_names[h] for h in np.unique(design.strata[rows]) if lonely[h]]


def overlap_covariance(
    before: Design, u_before: FloatArray, after: Design, u_after: FloatArray
) -> tuple[FloatArray, int]:
    """(H,) covariance of two weighted sums over overlapping respondents, by stratum, and how many
    answered both.

    Given n1, n2 and n12 answers of the N units of a stratum, every assignment being equally likely,
    Cov(ȳ1, ȳ2) = (n12/(n1 n2) - 1/N) S12 (Tam 1984); S12 is estimated without bias on the n12
    units. Strata with fewer than two common answers add nothing.
    Both designs have the same strata."""
    place = {unit: row for row, unit in enumerate(before.units)}
    pairs = [(place[unit], row) for row, unit in enumerate(after.units) if unit in place]
    if not pairs:
        return np.zeros(len(after.stratum_names)), 0
    rows = np.array(pairs, dtype=np.intp)
    u1, u2, strata = u_before[rows[:, 0]], u_after[rows[:, 1]], after.strata[rows[:, 1]]
    size = len(after.stratum_names)
    both = counts(strata, size)
    safe = np.maximum(both, 1)
    m1, m2 = sums(strata, u1, size) / safe, sums(strata, u2, size) / safe
    products = sums(strata, (u1 - m1[strata]) * (u2 - m2[strata]), size)
    s12 = np.where(both > 1, products / np.maximum(both - 1, 1), 0.0)
    factor = both - before.respondents * after.respondents / after.stratum_sizes
    covariance: FloatArray = factor * s12
    return covariance, len(pairs)
