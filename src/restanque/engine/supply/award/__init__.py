"""Whole lots awarded to bakeries, with a bound; see README.md.

from restanque.engine.supply import award
plan = award.solve(problem, moves=1_000_000, seed=0)
kept = award.keep_and_improve(problem, moves=100_000, seed=0)
"""

from restanque.engine.supply.award.keep import (
    Conversion,
    Elsewhere,
    KeepPlan,
    MillShare,
    NotKept,
    keep_and_improve,
)
from restanque.engine.supply.award.solving import Progress, solve

__all__ = [
    "Conversion",
    "Elsewhere",
    "KeepPlan",
    "MillShare",
    "NotKept",
    "Progress",
    "keep_and_improve",
    "solve",
]
