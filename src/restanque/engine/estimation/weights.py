"""Bringing the weights to known totals: post-stratification (one margin) and raking (several)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from restanque.engine.estimation.arrays import BoolArray, FloatArray, counts, sums
from restanque.engine.estimation.design import Calibration, Design, Margin, base_weighted
from restanque.engine.estimation.errors import InputError, RakingError, quoted

TOLERANCE = 1e-12
MAX_ITERATIONS = 1000


@dataclass(frozen=True)
class RakingReport:
    """What the adjustment did. `gap`: largest relative distance to a margin; `smallest` and
    `largest`: extreme ratios of a final weight to its starting one; `gaps`: one for each margin."""

    converged: bool
    iterations: int
    gap: float
    smallest: float
    largest: float
    gaps: tuple[tuple[str, float], ...]
    message: str


def poststratify(design: Design, margin: Margin) -> Design:
    """Weights adjusted so that each level of `margin` weighs its population (Holt & Smith 1979)."""
    _check([margin], design)
    after = _adjust(design.weights, margin)
    return replace(
        design,
        weights=after,
        calibration=Calibration((margin,), (design.weights,), (after,)),
    )


def rake(
    design: Design,
    margins: Sequence[Margin],
    *,
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> tuple[Design, RakingReport]:
    """Weights that meet several margins at once, by adjusting to each in turn (Deming & Stephan
    1940) until all hold within `tolerance`, relative.

    Raises RakingError, saying which margin cannot be met, when they disagree on the population or
    no weights satisfy them."""
    _check(margins, design)
    population = margins[0].totals.sum()
    for margin in margins[1:]:
        if abs(margin.totals.sum() - population) > 1e-9 * population:
            raise RakingError(
                f"Les marges ne comptent pas la même population : {margins[0].name} "
                f"{population:g}, {margin.name} {margin.totals.sum():g}."
            )
    weights, iteration = design.weights, 0
    before: list[FloatArray] = []
    after: list[FloatArray] = []
    gaps = [np.inf]
    while iteration < max_iterations and max(gaps) > tolerance:
        iteration += 1
        before, after = [], []
        for margin in margins:
            before.append(weights)
            weights = _adjust(weights, margin)
            after.append(weights)
        gaps = [_gap(weights, margin) for margin in margins]
    report = _report(design, margins, weights, iteration, gaps, tolerance)
    if not report.converged:
        raise RakingError(report.message)
    calibration = Calibration(tuple(margins), tuple(before), tuple(after), iteration)
    return replace(design, weights=weights, calibration=calibration), report


def restricted_to(design: Design, answered: BoolArray) -> Design:
    """The design of those who answered one question: inside each stratum they stand for the others.

    `answered` (n,). Self-representing units that left the question blank join `silent`. Raises
    EmptyCellError when a stratum keeps nobody, naming it."""
    if answered.all():
        return design
    gone = [
        name
        for name, kept, sure in zip(design.units, answered, design.certain, strict=True)
        if sure and not kept
    ]
    margin = Margin("strates", design.strata, design.stratum_names, design.stratum_sizes)
    margin = margin.restricted_to(answered, design.certain)
    units = tuple(name for name, kept in zip(design.units, answered, strict=True) if kept)
    sure = {
        name
        for name, flag in zip(design.stratum_names, design.self_representing, strict=True)
        if flag
    }
    certain = np.array([level in sure for level in margin.levels], dtype=np.bool_)
    smaller = base_weighted(margin, units, certain, (*design.silent, *gone))
    if design.calibration is None:
        return smaller
    margins = [m.restricted_to(answered, design.certain) for m in design.calibration.margins]
    if len(margins) == 1:
        return poststratify(smaller, margins[0])
    return rake(smaller, margins)[0]


def _check(margins: Sequence[Margin], design: Design) -> None:
    if design.calibration is not None:
        raise InputError("Ces poids sont déjà calés : repartez du plan de départ.")
    if not margins:
        raise InputError("Aucune marge de calage.")
    for margin in margins:
        if margin.codes.shape != (design.n,):
            raise InputError(f"{margin.name} : {design.n} répondants attendus.")
        sure = counts(margin.codes[design.certain], len(margin.levels))
        mixed = np.flatnonzero((sure > 0) & (sure < counts(margin.codes, len(margin.levels))))
        if mixed.size:
            raise InputError(
                f"{margin.name} : « {margin.levels[int(mixed[0])]} » réunit une unité qui ne "
                "représente qu’elle-même et d’autres ; donnez-lui sa propre modalité."
            )


def _adjust(weights: FloatArray, margin: Margin) -> FloatArray:
    held = sums(margin.codes, weights, len(margin.levels))
    adjusted: FloatArray = weights * (margin.totals / held)[margin.codes]
    return adjusted


def _gap(weights: FloatArray, margin: Margin) -> float:
    held = sums(margin.codes, weights, len(margin.levels))
    return float(np.abs(held / margin.totals - 1).max())


def _report(
    design: Design,
    margins: Sequence[Margin],
    weights: FloatArray,
    iterations: int,
    gaps: Sequence[float],
    tolerance: float,
) -> RakingReport:
    ratios = weights / design.weights
    converged = max(gaps) <= tolerance
    named = tuple((margin.name, gap) for margin, gap in zip(margins, gaps, strict=True))
    if converged:
        turns = f"{iterations} itération{'s' if iterations > 1 else ''}"
        message = (
            f"Calage obtenu en {turns} ; les poids sont multipliés par un facteur "
            f"de {_french(ratios.min())} à {_french(ratios.max())}."
        )
    else:
        missed = [name for name, gap in named if gap > tolerance]
        message = (
            f"Le calage n’aboutit pas après {iterations} itérations : {quoted(missed)} "
            f"reste à {_french(100 * max(gaps))} % de son effectif. Certaines combinaisons n’ont "
            "aucune réponse : réunissez des modalités."
        )
    return RakingReport(
        converged=converged,
        iterations=iterations,
        gap=float(max(gaps)),
        smallest=float(ratios.min()),
        largest=float(ratios.max()),
        gaps=named,
        message=message,
    )


def _french(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")
