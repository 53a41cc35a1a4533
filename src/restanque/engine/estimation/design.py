"""What was answered, by whom, out of how many: the design every estimator reads.

Model: inside a stratum (a weight cell), those who answered are a simple random sample, without
replacement, of all its units. A self-representing unit is a stratum of its own, of size 1: weight
1, no variance, never imputed when silent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from restanque.engine.estimation.arrays import BoolArray, FloatArray, IntArray, counts, encode
from restanque.engine.estimation.errors import EmptyCellError, InputError


@dataclass(frozen=True, eq=False)
class Margin:
    """One known distribution of the population.

    `codes` (n,) is the level of each respondent, `levels` (K,) their names, `totals` (K,) the
    number of units of the population in each."""

    name: str
    codes: IntArray
    levels: tuple[str, ...]
    totals: FloatArray

    @classmethod
    def of(cls, name: str, labels: Sequence[str], totals: Mapping[str, float]) -> Margin:
        """From the level of each respondent and the population of each level.

        Raises EmptyCellError when a populated level has no respondent, InputError when a
        respondent's level is unknown or a total is not a positive number."""
        sizes = np.array([float(total) for total in totals.values()])
        if not np.isfinite(sizes).all() or (sizes < 0).any():
            raise InputError(f"{name} : effectif négatif ou inconnu.")
        levels = tuple(level for level, size in zip(totals, sizes, strict=True) if size > 0)
        margin = cls(name, encode(labels, levels, name), levels, sizes[sizes > 0])
        empty = np.flatnonzero(counts(margin.codes, len(levels)) == 0)
        if empty.size:
            raise EmptyCellError([levels[position] for position in empty])
        return margin

    def restricted_to(self, kept: BoolArray, certain: BoolArray) -> Margin:
        """For fewer respondents; a level that held only self-representing units may go."""
        size = len(self.levels)
        before, after = counts(self.codes, size), counts(self.codes[kept], size)
        sure_before = counts(self.codes[certain], size)
        sure_gone = sure_before - counts(self.codes[kept & certain], size)
        totals = self.totals - sure_gone
        vanished = (after == 0) & (sure_before == before) & (totals <= 1e-9)
        empty = [self.levels[i] for i in np.flatnonzero((after == 0) & ~vanished)]
        if empty:
            raise EmptyCellError(empty)
        renumber = (np.cumsum(~vanished) - 1).astype(np.intp)
        levels = tuple(level for level, gone in zip(self.levels, vanished, strict=True) if not gone)
        return Margin(self.name, renumber[self.codes[kept]], levels, totals[~vanished])


@dataclass(frozen=True, eq=False)
class Calibration:
    """How the weights were brought to known totals, as the variance must know it.

    One margin is a post-stratification, several are a raking. `before` and `after`, one (n,) vector
    for each margin, are the weights on both sides of its last adjustment."""

    margins: tuple[Margin, ...]
    before: tuple[FloatArray, ...]
    after: tuple[FloatArray, ...]
    iterations: int = 1

    @property
    def is_raking(self) -> bool:
        return len(self.margins) > 1


@dataclass(frozen=True, eq=False)
class Design:
    """Respondents, their weights and the strata they stand for. n rows, H strata."""

    weights: FloatArray  #: (n,), final
    strata: IntArray  #: (n,), codes 0..H-1
    stratum_names: tuple[str, ...]  #: (H,)
    stratum_sizes: FloatArray  #: (H,), units of the population
    units: tuple[str, ...]  #: (n,), names, unique
    self_representing: BoolArray  #: (H,)
    silent: tuple[str, ...] = ()  #: self-representing units that did not answer
    calibration: Calibration | None = None
    respondents: FloatArray = field(init=False)  #: (H,), answers of each stratum

    def __post_init__(self) -> None:
        object.__setattr__(self, "respondents", counts(self.strata, len(self.stratum_names)))

    @property
    def n(self) -> int:
        return len(self.units)

    @property
    def population(self) -> float:
        """Units spoken of: silent self-representing ones are left out."""
        return float(self.stratum_sizes.sum())

    @property
    def certain(self) -> BoolArray:
        """(n,): rows of the self-representing units."""
        return self.self_representing[self.strata]

    @property
    def sampled(self) -> BoolArray:
        """(n,): rows of the strata where somebody is silent, the only source of variance."""
        return (self.respondents < self.stratum_sizes)[self.strata]

    @property
    def weighting_effect(self) -> float:
        """Kish's loss of precision by unequal weights, n Σw² / (Σw)² (Kish 1965); 1 is none."""
        return float(self.n * (self.weights**2).sum() / self.weights.sum() ** 2)

    def answers(self, rows: BoolArray) -> FloatArray:
        """(H,): how many of `rows` fall in each stratum."""
        return counts(self.strata[rows], len(self.stratum_names))


def stratified(
    strata: Sequence[str],
    sizes: Mapping[str, float],
    *,
    units: Sequence[str] = (),
    self_representing: Sequence[str] = (),
    silent: Sequence[str] = (),
) -> Design:
    """Weights N_h / n_h from the stratum of each respondent, shape (n,), and each stratum's size.

    `self_representing` names the strata made of one unit that stands for itself. Raises
    EmptyCellError (a stratum without respondent), InputError (more respondents than units)."""
    margin = Margin.of("strates", strata, sizes)
    names = tuple(units) or tuple(str(position) for position in range(len(strata)))
    if len(names) != len(strata) or len(set(names)) != len(names):
        raise InputError("Chaque répondant porte un nom, et un seul.")
    certain = np.array([level in self_representing for level in margin.levels], dtype=np.bool_)
    if (margin.totals[certain] != 1).any():
        raise InputError("Une unité qui ne représente qu’elle-même forme une strate d’effectif 1.")
    return base_weighted(margin, names, certain, tuple(silent))


def simple(n: int, population: float, *, units: Sequence[str] = ()) -> Design:
    """`n` respondents taken as a simple random sample of `population` units."""
    return stratified(["ensemble"] * n, {"ensemble": population}, units=units)


def base_weighted(
    margin: Margin, units: tuple[str, ...], certain: BoolArray, silent: tuple[str, ...]
) -> Design:
    """Weights N_h / n_h; `margin` gives the strata, `certain` (H,) the self-representing ones."""
    answered = counts(margin.codes, len(margin.levels))
    too_many = np.flatnonzero(answered > margin.totals)
    if too_many.size:
        i = int(too_many[0])
        raise InputError(
            f"« {margin.levels[i]} » : {answered[i]:.0f} répondants "
            f"pour {margin.totals[i]:g} unités."
        )
    weights = (margin.totals / answered)[margin.codes]
    return Design(
        weights, margin.codes, margin.levels, margin.totals, units, certain, silent=silent
    )
