"""Does the 95 % interval hold the truth 95 times out of 100?

Run: python bench/estimation_coverage.py [replicates]
Populations of 121 communes are made up (one holds 42 % of the inhabitants and stands only for
itself; kg and euros are skewed and follow size), non-response is drawn under three models, and the
engine weighs and estimates each time as a campaign would. Seeded; under a minute on one core.

Response models (propensities; who answers is drawn without replacement in proportion to them):
- size: by size class only (0.5, 1, 1.5, 3). The weighting's assumption holds.
- size x zone: those, times (0.7, 1, 1.2, 1.5) by zone. It holds where cells were not merged.
- subject: those of "size", times 2.5 for communes that answer yes and 1.6 for those above the
  median of kg for each inhabitant. It is VIOLATED: whoever is interested answers more.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import numpy as np

from restanque.engine.estimation import (
    Estimate,
    Frame,
    Weighting,
    quantile,
    ratio,
    share,
    total,
    total_by_ratio,
    weigh,
)

SEED, N, POPULATIONS, REPLICATES = 20261124, 121, 40, 1200
#: Alarm, not aim: the aim is 93 to 97 %.
FLOOR = 86
CLASSES = ("moins de 2 000", "2 000 à 5 000", "5 000 à 15 000", "plus de 15 000")
ZONES = ("est", "nord", "ouest", "sud")
BY_SIZE, BY_ZONE = np.array([0.5, 1.0, 1.5, 3.0]), np.array([0.7, 1.0, 1.2, 1.5])
MODELS = ("size", "size x zone", "subject (violated)")
RESPONDENTS = (40, 72, 100)


@dataclass(frozen=True)
class Population:
    frame: Frame
    size: np.ndarray
    kg: np.ndarray
    euros: np.ndarray
    yes: np.ndarray
    propensity: dict[str, np.ndarray]


def population(rng: np.random.Generator) -> Population:
    others = np.exp(rng.normal(8.3, 1.15, N - 1))
    size = np.round(np.concatenate([[870_000], others / others.sum() * 1_200_000]))
    klass, zone = np.digitize(size, [2000, 5000, 15000]), rng.integers(0, 4, N)
    each = np.exp(rng.normal(0, 0.6, N)) * (rng.random(N) > 0.1)
    kg = np.round(1.5 * size * each, 1)
    euros = kg * np.exp(rng.normal(1.1, 0.25, N)) * (1 + 0.3 * (klass == 0))
    yes = (rng.random(N) < 0.25 + 0.1 * klass + 0.08 * zone).astype(float)
    by_size = BY_SIZE[klass]
    keen = np.where(yes == 1, 2.5, 1.0) * np.where(each > np.median(each), 1.6, 1.0)
    frame = Frame(
        tuple(f"commune {i}" for i in range(N)),
        tuple(CLASSES[k] for k in klass),
        tuple(ZONES[z] for z in zone),
        CLASSES,
        np.arange(N) == 0,
    )
    models = (by_size, by_size * BY_ZONE[zone], by_size * keen)
    return Population(frame, size, kg, euros, yes, dict(zip(MODELS, models, strict=True)))


def responses(rng: np.random.Generator, propensity: np.ndarray, n: int, times: int) -> np.ndarray:
    """(times, N) booleans, n true in each row: smallest exponential clocks (Efraimidis 2006)."""
    clocks = rng.exponential(size=(times, N)) / propensity
    rank = clocks.argsort(axis=1).argsort(axis=1)
    return np.asarray(rank < n)


def measured(people: Population, made: Weighting) -> dict[str, tuple[Estimate, float]]:
    """Each estimate with the truth for the units it speaks of."""
    covered = np.ones(N, dtype=np.bool_)
    covered[[people.frame.units.index(unit) for unit in made.design.silent]] = False
    design, kg, euros, yes = made.design, people.kg, people.euros, people.yes
    y, x, b = made.take(kg), made.take(people.size), made.take(yes)
    known, truth = people.frame.others_total(people.size), float(kg[covered].sum())
    sorted_kg = np.sort(kg[covered])
    middle = float(np.quantile(sorted_kg, 0.5, method="averaged_inverted_cdf"))
    return {
        "total kg, t": (total(design, y), truth),
        "total kg, log": (total(design, y, nonnegative=True), truth),
        "total kg by ratio, t": (total_by_ratio(design, y, x, known), truth),
        "total kg by ratio, log": (
            total_by_ratio(design, y, x, known, nonnegative=True),
            truth,
        ),
        "ratio euros/kg": (
            ratio(design, made.take(euros), y),
            float(euros[covered].sum() / kg[covered].sum()),
        ),
        "share": (share(design, b), float(yes[covered].mean())),
        "median kg": (quantile(design, y), middle),
    }


def naive(people: Population, mask: np.ndarray) -> tuple[bool, float]:
    """Unweighted share with FPC: what a spreadsheet would say."""
    n, p, truth = mask.sum(), people.yes[mask].mean(), people.yes.mean()
    half = 1.96 * np.sqrt((1 - n / N) * p * (1 - p) / (n - 1))
    return bool(abs(p - truth) <= half), float(p / truth - 1)


def main(replicates: int = REPLICATES) -> int:
    started, times = time.perf_counter(), max(1, replicates // POPULATIONS)
    rng = np.random.default_rng(SEED)
    people = [population(rng) for _ in range(POPULATIONS)]
    print(f"{POPULATIONS} populations x {times} draws; standard error of a coverage near 95 %: ")
    print(f"{100 * np.sqrt(0.95 * 0.05 / (times * POPULATIONS)):.1f} point. Bias: relative, in %.")
    lowest = 100.0
    for model in MODELS:
        for n in RESPONDENTS:
            found = show(model, n, people, rng, times)
            lowest = min(lowest, found) if model != MODELS[-1] else lowest
    print(f"\n{time.perf_counter() - started:.0f} s. Lowest coverage where the assumption holds:")
    print(f"{lowest:.1f} % (fails under {FLOOR} %)")
    return int(lowest < FLOOR)


def show(
    model: str, n: int, people: list[Population], rng: np.random.Generator, times: int
) -> float:
    """Prints one block; the lowest coverage of the engine's intervals in it."""
    hits: dict[str, list[tuple[bool, float, float]]] = {}
    for each in people:
        for mask in responses(rng, each.propensity[model], n, times):
            made = weigh(each.frame, mask)
            for name, (found, truth) in measured(each, made).items():
                assert found.value is not None, name
                low, high = found.interval or (np.nan, np.nan)
                row = (bool(low <= truth <= high), found.value / truth - 1, (high - low) / truth)
                hits.setdefault(name, []).append(row)
            held, error = naive(each, mask)
            hits.setdefault("share, unweighted", []).append((held, error, np.nan))
    print(f"\n{model}, n = {n} of {N}")
    lowest = 100.0
    for name, rows in hits.items():
        table = np.array(rows, dtype=float)
        if name != "share, unweighted":
            lowest = min(lowest, 100 * table[:, 0].mean())
        width = np.nanmedian(table[:, 2]) if np.isfinite(table[:, 2]).any() else np.nan
        print(
            f"  {name:24} coverage {100 * table[:, 0].mean():5.1f} %"
            f"   bias {100 * table[:, 1].mean():+5.1f}   width {100 * width:5.0f} % of the value"
        )
    return lowest


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:2])))
