"""Which columns to give HiGHS: the likely ones first, then those its prices call for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from restanque.engine.supply.arrays import FloatArray, IntArray
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.programme import Grain, Priced, Prices, Programme, Ways
from restanque.engine.supply.transport import transport

#: At the start, for each line on average: arcs, and mills for each of them.
FIRST_ARCS, FIRST_MILLS = 6, 3
#: Arcs added in a round, for each line on average; zones of each mill and class at the start.
MORE_ARCS, FIRST_ZONES = 8, 12
#: A column is wanted when its reduced cost is under this (costs are scaled near one).
WANTED = -1e-9


def no_prices(problem: Problem) -> Prices:
    """As if nothing were scarce."""
    k = len(problem.classes)
    return Prices(
        np.zeros(len(problem.bakeries)),
        np.zeros((len(problem.mills), k)),
        np.zeros(len(problem.mills)),
        np.zeros((len(problem.wheat), k)),
        np.zeros(len(problem.communes)),
        0.0,
    )


@dataclass(frozen=True)
class Likely:
    """Columns to begin with, all mills or the cheapest few."""

    ways: Ways
    grain: Grain


def likely(programme: Programme, prices: Prices, mills: int) -> Likely:
    """The two-level core at these prices of flour gives the prices of bakeries; then the arcs
    of least reduced cost, and for each the `mills` cheapest mills."""
    problem = programme.problem
    base = programme.price(replace(prices, load=np.zeros(len(problem.bakeries))))
    reachable = np.isfinite(base.arc)
    made = transport(
        problem.arcs.start,
        problem.arcs.bakery,
        np.where(reachable, base.arc, programme.penalty[programme.line]),
        problem.lines.kg,
        programme.penalty,
        problem.bakeries.capacity,
        fairness=problem.rules.fairness,
        fairness_from=problem.rules.fairness_from,
    )
    prices = replace(prices, load=made.load_price)
    priced = programme.price(prices)
    reduced = priced.arc - priced.line[programme.line]
    some = np.flatnonzero(reachable)
    some = some[_lowest(reduced[some], FIRST_ARCS * len(problem.lines))]
    used = np.flatnonzero((made.arc_kg > 0) & reachable)
    arcs = np.union1d(some, used)
    return Likely(_with_mills(programme, priced, prices, arcs, mills), _zones(problem, prices))


def _lowest(values: FloatArray, n: int) -> IntArray:
    """Positions of the n lowest values, in no order."""
    return np.arange(len(values)) if len(values) <= n else np.argpartition(values, n)[:n]


def _with_mills(
    programme: Programme, priced: Priced, prices: Prices, arcs: IntArray, count: int
) -> Ways:
    """Each arc with the cheapest mills of its bakery and class."""
    problem = programme.problem
    if not problem.has_flour:
        return Ways(arcs, np.full(len(arcs), -1))
    count = min(count, len(problem.mills))
    shops, which = np.unique(problem.arcs.bakery[arcs], return_inverse=True)
    table = programme.flour_table(shops, priced.grain, prices)
    best = np.argsort(table, axis=1, kind="stable")[:, :count, :]
    cls = problem.arcs.cls[arcs]
    mill = best[which, :, cls]
    there = np.isfinite(table[which[:, None], mill, cls[:, None]])
    return Ways(np.repeat(arcs, count)[there.ravel()], mill[there])


def _zones(problem: Problem, prices: Prices) -> Grain:
    """The cheapest zones of each mill and class."""
    if not problem.has_wheat:
        nothing = np.zeros(0, dtype=np.int64)
        return Grain(nothing, nothing, nothing)
    table = problem.wheat_cost() + prices.wheat
    best = np.argsort(table, axis=1, kind="stable")[:, :FIRST_ZONES, :]
    rank = np.take_along_axis(table, best, axis=1)
    there = np.isfinite(rank) & (problem.mills.class_capacity > 0)[:, None, :]
    m, row, q = np.nonzero(there)
    return Grain(m, best[m, row, q], q)


def wanted_ways(programme: Programme, priced: Priced, line_price: FloatArray, have: Ways) -> Ways:
    """Ways absent from `have` whose reduced cost at the solver's prices is negative."""
    problem = programme.problem
    paid = np.minimum(line_price, programme.penalty)
    reduced = priced.arc - paid[programme.line]
    arcs = np.flatnonzero(reduced < WANTED)
    arcs = arcs[_lowest(reduced[arcs], MORE_ARCS * len(problem.lines))]
    mills = priced.flour_mill[problem.arcs.bakery[arcs], problem.arcs.cls[arcs]]
    size = len(problem.mills) + 1
    new = ~np.isin(arcs * size + mills, have.arc * size + have.mill)
    return Ways(arcs[new], mills[new])


def wanted_grain(problem: Problem, priced: Priced, grain_price: FloatArray, have: Grain) -> Grain:
    """The best zone of each mill and class whose grain is too dear in the solver's prices."""
    m, q = np.nonzero((priced.grain - grain_price < WANTED) & (problem.mills.class_capacity > 0))
    zone = priced.grain_zone[m, q]
    zones, k = len(problem.wheat), len(problem.classes)
    new = ~np.isin((m * zones + zone) * k + q, (have.mill * zones + have.wheat) * k + have.cls)
    return Grain(m[new], zone[new], q[new])
