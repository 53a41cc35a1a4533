"""Flour and grain under an award: their prices, what they prove, and the flows that cost least.

Prices come from rents ρ >= 0 of the mills' and zones' limits. Whatever the rents,

    grain_mq = min_f b_mfq + ρ_fq        λ_jq = min_m a_jmq + ρ_mq + ρ_m + grain_mq / extraction_m

are prices at which no flow of flour earns anything, so the cost of any plan is at least the award's
bound with bread at λ / bread_per_flour more, less Σ ρ · limit (weak duality): the bound holds even
where the linear programme that gave the rents was stopped early.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp

from restanque.engine.supply.arrays import FloatArray
from restanque.engine.supply.errors import SolverError
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.solution import Duals, FlourFlow, WheatFlow
from restanque.engine.supply.solver import QuietHighs

#: Kilograms of flour under which nothing is short.
TINY = 1e-6


@dataclass(frozen=True)
class Rents:
    """€ for one more kg/day of each limit: mill x class (M, K), mill (M,), zone x class (F, K)."""

    mill_class: FloatArray
    mill: FloatArray
    wheat: FloatArray

    @classmethod
    def of(cls, duals: Duals) -> Rents:
        """Those of the potential plan."""
        parts = (duals.mill_class_rent, duals.mill_rent, duals.wheat_rent)
        return cls(*(np.maximum(np.nan_to_num(part), 0.0) for part in parts))

    def dearer(self, seen: Rents, dear: float, step: float) -> Rents:
        """Rents raised by `step` € on the limits whose lack cost half of `dear` or more."""
        mills = step * (seen.mill_class >= dear / 2)
        return Rents(
            self.mill_class + mills,
            self.mill + step * (seen.mill >= dear / 2),
            self.wheat + step * (seen.wheat >= dear / 2),
        )

    @classmethod
    def none(cls, problem: Problem) -> Rents:
        """Nothing is short."""
        mills, zones, classes = len(problem.mills), len(problem.wheat), len(problem.classes)
        return cls(np.zeros((mills, classes)), np.zeros(mills), np.zeros((zones, classes)))


@dataclass(frozen=True)
class FlourPrice:
    """flour (J, K): €/kg at the bakery, infinite where no mill grinds the class.

    earned: what the rents take from the bound (€ a day)."""

    flour: FloatArray
    earned: float


def price(problem: Problem, rents: Rents) -> FlourPrice:
    """Prices and constant of the rents (see the module)."""
    mills, wheat = problem.mills, problem.wheat
    at_mill = rents.mill_class + rents.mill[:, None]
    earned = _worth(rents.mill_class, mills.class_capacity) + _worth(rents.mill, mills.capacity)
    if problem.has_wheat:
        grain = np.where(wheat.supply > 0, 0.0, np.inf) + rents.wheat
        cost = problem.wheat_cost() + grain[None, :, :]
        at_mill = at_mill + cost.min(axis=1) / mills.extraction[:, None]
        earned += _worth(rents.wheat, wheat.supply)
    flour = np.full((len(problem.bakeries), len(problem.classes)), np.inf)
    cost = problem.flour_cost()
    for m in range(len(mills)):
        np.minimum(flour, cost[:, m, :] + at_mill[m], out=flour)
    return FlourPrice(flour, earned)


def _worth(rent: FloatArray, limit: FloatArray) -> float:
    """Σ rent x limit, nothing for what is not limited (its rent must then be 0)."""
    if (np.isinf(limit) & (rent > 0)).any():
        return float("inf")
    return float((rent * np.where(np.isinf(limit), 0.0, limit)).sum())


@dataclass(frozen=True)
class Milled:
    """Flows for a need. short (J, K): kg of flour that no mill could give. cost: €, short apart."""

    flour: FlourFlow
    wheat: WheatFlow
    cost: float
    short: FloatArray
    rents: Rents

    @property
    def missing(self) -> bool:
        """Some flour is short."""
        return bool((self.short > TINY).any())


def mill(problem: Problem, need: FloatArray, *, shortage: float) -> Milled:
    """The cheapest flour and grain for this need (J, K), kg/day; `shortage`: €/kg short."""
    made = _Milling(problem, need)
    return made.solve(shortage)


class _Milling:
    """The small linear programme: need, mill x class, mill, grain, zone x class."""

    def __init__(self, problem: Problem, need: FloatArray) -> None:
        self.problem, self.need = problem, need
        mills, zones, classes = len(problem.mills), len(problem.wheat), len(problem.classes)
        cost = problem.flour_cost()
        self.bakery, self.cls = np.nonzero(need > 1e-9)
        unit = cost[self.bakery, :, self.cls]
        needed, self.mill = np.nonzero(np.isfinite(unit))
        self.needed, n = needed, len(self.bakery)
        q = self.cls[needed]
        self.counts = (len(needed), 0, n)
        rows = [needed, n + self.mill * classes + q, n + mills * classes + self.mill]
        width = len(needed)
        columns = [np.arange(width)] * 3
        values = [np.ones(width)] * 3
        self.cost = unit[needed, self.mill]
        base = n + mills * (classes + 1)
        upper = [need[self.bakery, self.cls], problem.mills.class_capacity.ravel()]
        upper.append(problem.mills.capacity)
        size = base
        if problem.has_wheat:
            f, m, q2 = (part.ravel() for part in np.indices((zones, mills, classes)))
            grain = width + np.arange(len(f))
            rows += [base + self.mill * classes + q]
            columns += [np.arange(width)]
            values += [1.0 / problem.mills.extraction[self.mill]]
            rows += [base + m * classes + q2, base + mills * classes + f * classes + q2]
            columns += [grain, grain]
            values += [-np.ones(len(f)), np.ones(len(f))]
            self.zone, self.to, self.kind = f, m, q2
            carried = problem.wheat_cost()[m, f, q2]
            keep = np.isfinite(carried)
            self.cost = np.concatenate([self.cost, np.where(keep, carried, 0.0)])
            upper += [np.zeros(mills * classes), problem.wheat.supply.ravel()]
            size = base + (mills + zones) * classes
            self.counts = (len(needed), len(f), n)
            self.usable = keep
        flour, wheat, _ = self.counts
        rows.append(np.arange(n))
        columns.append(flour + wheat + np.arange(n))
        values.append(np.ones(n))
        self.base, self.classes, self.size = base, classes, size
        self.upper = np.concatenate(upper)
        self.width = flour + wheat + n
        entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
        self.matrix = sp.csc_matrix(entries, shape=(size, self.width))

    def solve(self, shortage: float) -> Milled:
        """HiGHS, then the columns read back."""
        flour, wheat, n = self.counts
        lower = np.full(self.size, -np.inf)
        lower[:n] = self.upper[:n]
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.width, self.size
        lp.col_cost_ = np.concatenate([self.cost, np.full(n, shortage)])
        lp.col_lower_ = np.zeros(self.width)
        top = np.full(self.width, np.inf)
        if wheat:
            top[flour : flour + wheat] = np.where(self.usable, np.inf, 0.0)
        lp.col_upper_ = top
        lp.row_lower_, lp.row_upper_ = lower, self.upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = self.matrix.indptr.astype(np.int32)
        lp.a_matrix_.index_ = self.matrix.indices.astype(np.int32)
        lp.a_matrix_.value_ = self.matrix.data
        highs = QuietHighs()
        for name, value in (("threads", 1), ("random_seed", 0)):
            highs.setOptionValue(name, value)
        highs.passModel(lp)
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise SolverError("Le calcul de la farine n’a pas abouti.")
        solution = highs.getSolution()
        return self._read(np.array(solution.col_value), np.array(solution.row_dual))

    def _read(self, value: FloatArray, dual: FloatArray) -> Milled:
        flour, wheat, n = self.counts
        problem, classes = self.problem, self.classes
        mills, zones = len(problem.mills), len(problem.wheat)
        used = np.flatnonzero(value[:flour] > 1e-9)
        at = self.needed[used]
        flows = FlourFlow(self.bakery[at], self.mill[used], self.cls[at], value[used])
        grain = WheatFlow()
        if wheat:
            kg = value[flour : flour + wheat]
            some = np.flatnonzero(kg > 1e-9)
            grain = WheatFlow(self.to[some], self.zone[some], self.kind[some], kg[some])
        short = np.zeros_like(self.need)
        short[self.bakery, self.cls] = value[flour + wheat :]
        rents = Rents(
            np.maximum(-dual[n : n + mills * classes], 0.0).reshape(mills, classes),
            np.maximum(-dual[n + mills * classes : self.base], 0.0),
            np.maximum(-dual[self.base + mills * classes :], 0.0).reshape(zones, classes)
            if wheat
            else np.zeros((zones, classes)),
        )
        cost = float(self.cost @ value[: flour + wheat])
        return Milled(flows, grain, cost, short, rents)
