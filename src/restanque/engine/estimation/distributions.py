"""Quantiles of the Student law, without scipy.

The distribution function comes from the regularised incomplete beta function, as the continued
fraction of Abramowitz & Stegun (1964) 26.5.8 evaluated by Lentz's method; the quantile is found by
Newton steps kept inside a bracket. Checked against R's `qt` to 1e-10 relative.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, pi
from statistics import NormalDist

_TINY = 1e-300


def _beta_fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > _TINY else _TINY)
    value = d
    for m in range(1, 10_000):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 + numerator * d
            c = 1.0 + numerator / c
            d = 1.0 / (d if abs(d) > _TINY else _TINY)
            c = c if abs(c) > _TINY else _TINY
            value *= d * c
        if abs(d * c - 1.0) < 1e-16:
            break
    return value


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function I_x(a, b), 0 <= x <= 1."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1.0 - front * _beta_fraction(b, a, 1 - x) / b


def student_tail(t: float, df: float) -> float:
    """P(T > t) for t >= 0 and `df` degrees of freedom."""
    return 0.5 * incomplete_beta(df / 2, 0.5, df / (df + t * t))


@lru_cache(maxsize=4096)
def critical_value(level: float, df: float) -> float:
    """The t such that P(-t < T < t) = `level`; `df` may be infinite (normal law)."""
    if not 0 < level < 1 or not df > 0:
        raise ValueError(f"level {level}, df {df}")
    tail = (1 - level) / 2
    if df == inf:
        return NormalDist().inv_cdf(1 - tail)
    low, high = 0.0, 1.0
    while student_tail(high, df) > tail:
        low, high = high, high * 2
    t = (low + high) / 2
    for _ in range(100):
        excess = student_tail(t, df) - tail
        low, high = (t, high) if excess > 0 else (low, t)
        step = t + excess / _density(t, df)  # Newton, or half the bracket when it leaves it
        following = step if low < step < high else (low + high) / 2
        if abs(following - t) <= 1e-14 * t:
            return following
        t = following
    return t


def _density(t: float, df: float) -> float:
    front = lgamma((df + 1) / 2) - lgamma(df / 2) - log(df * pi) / 2
    return exp(front - (df + 1) / 2 * log1p(t * t / df))


def logit_interval(p: float, se: float, t: float) -> tuple[float, float]:
    """Interval of a share, built on the log-odds scale and brought back (Korn & Graubard 1998)."""
    centre, half = log(p / (1 - p)), min(t * se / (p * (1 - p)), 500.0)
    return 1 / (1 + exp(half - centre)), 1 / (1 + exp(-half - centre))
