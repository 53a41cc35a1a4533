"""Candidate links line → bakery → class, in rows by line, with the parts of their cost apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from restanque.engine.supply.arrays import BoolArray, Faults, FloatArray, IntArray
from restanque.engine.supply.errors import ProblemError

if TYPE_CHECKING:
    from restanque.engine.supply.problem import Problem


@dataclass(frozen=True)
class Arcs:
    """A arcs, those of line d at `start[d]:start[d + 1]`, sorted by bakery then class.

    The parts of the cost are in €/kg of bread and add up to `cost`. Flour is not in them.
    """

    #: (D + 1,)
    start: IntArray
    #: Bakery and class served, by position (A,).
    bakery: IntArray
    cls: IntArray
    #: Road km (A,); NaN unknown, then carriage is not counted.
    km: FloatArray
    price: FloatArray
    transport: FloatArray
    preference: FloatArray
    change: FloatArray

    def __len__(self) -> int:
        return len(self.bakery)

    @property
    def line(self) -> IntArray:
        """Line of each arc (A,)."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    @property
    def cost(self) -> FloatArray:
        """Whole cost of one kg, €/kg (A,), flour left out."""
        return self.price + self.transport + self.preference + self.change

    @classmethod
    def none(cls, lines: int) -> Arcs:
        """No arc at all."""
        zero, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
        start = np.zeros(lines + 1, dtype=np.int64)
        return cls(start, zero, zero, nothing, nothing, nothing, nothing, nothing)


def candidates(problem: Problem, distances: FloatArray | None = None) -> Arcs:
    """Every bakery within the radius that bakes an accepted class at an accepted price.

    None is left out for being the twenty-first: where the nearest are full, the far ones serve.
    `distances` (D, J) in road km replaces the coordinates; NaN or infinity means no way.
    """
    if distances is None:
        line, bakery, km = _within(problem)
    else:
        reach = distances <= problem.rules.radius_km
        line, bakery = (found.astype(np.int64) for found in np.nonzero(reach))
        km = distances[line, bakery]
    forced = np.array(problem.rules.forced, dtype=np.int64).reshape(-1, 2)
    if len(forced):
        free = ~np.isin(line, forced[:, 0])
        away = _distance(problem, forced[:, 0], forced[:, 1], distances)
        line, bakery = np.r_[line[free], forced[:, 0]], np.r_[bakery[free], forced[:, 1]]
        km = np.r_[km[free], away]
    return link(problem, line, bakery, km)


def _within(problem: Problem) -> tuple[IntArray, IntArray, FloatArray]:
    """Pairs within the radius, by a k-d tree on each side (memory: the pairs found)."""
    lines, bakeries, rules = problem.lines, problem.bakeries, problem.rules
    here, there = (np.flatnonzero(~np.isnan(table.x)) for table in (lines, bakeries))
    if not len(here) or not len(there):
        zero = np.zeros(0, dtype=np.int64)
        return zero, zero, np.zeros(0)
    places, which = np.unique(
        np.c_[lines.x[here], lines.y[here]], axis=0, return_inverse=True
    )  # the lines of one canteen share their place
    if np.isinf(rules.radius_km):
        a, b = (grid.ravel() for grid in np.indices((len(places), len(there))))
    else:
        tree = cKDTree(np.c_[bakeries.x[there], bakeries.y[there]])
        reach = rules.radius_km / rules.detour * (1 + 1e-9)
        found = cKDTree(places).sparse_distance_matrix(tree, reach, output_type="ndarray")
        a, b = found["i"], found["j"]
    order = np.argsort(a, kind="stable")
    a, b = a[order], b[order]
    first = np.searchsorted(a, np.arange(len(places) + 1))
    count = np.diff(first)[which.ravel()]
    line = np.repeat(here, count)
    offset = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    bakery = there[b[np.repeat(first[:-1][which.ravel()], count) + offset]]
    return line, bakery, _distance(problem, line, bakery, None)


def _distance(
    problem: Problem, line: IntArray, bakery: IntArray, distances: FloatArray | None
) -> FloatArray:
    if distances is not None:
        away = distances[line, bakery]
        return np.where(np.isfinite(away), away, np.nan)
    lines, bakeries = problem.lines, problem.bakeries
    dx, dy = lines.x[line] - bakeries.x[bakery], lines.y[line] - bakeries.y[bakery]
    return np.hypot(dx, dy) * problem.rules.detour


def link(
    problem: Problem,
    line: IntArray,
    bakery: IntArray,
    km: FloatArray,
    *,
    cls: IntArray | None = None,
    cost: FloatArray | None = None,
) -> Arcs:
    """Arcs for the pairs given: one for each class baked and accepted, with its cost parts.

    Dropped: forbidden pairs, prices over the line's, km over the bakery's own radius (a forced
    pair stays); a line with forced pairs keeps only them. `cls` narrows a pair to one class (-1:
    any). `cost` (NaN: computed) is the pair's whole cost in €/kg; nothing is added to it.
    """
    forced = _among(problem, line, bakery, problem.rules.forced)
    keep = ~_among(problem, line, bakery, problem.rules.forbidden)
    tied = np.array([pair[0] for pair in problem.rules.forced], dtype=np.int64)
    keep &= forced | ~np.isin(line, tied)
    keep &= forced | ~(km > problem.bakeries.radius[bakery])
    served = problem.bakeries.makes[bakery] & problem.accepts[problem.lines.cls[line]]
    if cls is not None:
        served &= (cls[:, None] < 0) | (cls[:, None] == np.arange(len(problem.classes)))
    limit = np.where(forced, np.inf, problem.lines.max_price[line])
    served &= keep[:, None] & ~(problem.bakeries.price[bakery] > limit[:, None])
    pair, made = np.nonzero(served)
    order = np.lexsort((made, bakery[pair], line[pair]))
    pair, made = pair[order], made[order].astype(np.int64)
    whole = None if cost is None else cost[pair]
    return _with_costs(problem, line[pair], bakery[pair], made, km[pair], whole)


def _among(
    problem: Problem, line: IntArray, bakery: IntArray, pairs: tuple[tuple[int, int], ...]
) -> BoolArray:
    if not pairs:
        return np.zeros(len(line), dtype=np.bool_)
    size = len(problem.bakeries)
    keys = np.array([a * size + b for a, b in pairs], dtype=np.int64)
    return np.isin(line * size + bakery, keys)


def _with_costs(
    problem: Problem,
    line: IntArray,
    bakery: IntArray,
    made: IntArray,
    km: FloatArray,
    whole: FloatArray | None,
) -> Arcs:
    weights = problem.rules.counted
    price = problem.bakeries.price[bakery, made]
    transport = weights.km * np.where(np.isnan(km), 0.0, km)
    preference = _preference(problem, line, bakery, km)
    today = problem.lines.current[line]
    change = np.where((today >= 0) & (today != bakery), weights.change, 0.0)
    if whole is not None:
        given = ~np.isnan(whole)
        price = np.where(given & np.isnan(price), whole, price)
        transport = np.where(given, whole - price, transport)
        preference, change = np.where(given, 0.0, preference), np.where(given, 0.0, change)
    count = np.bincount(line, minlength=len(problem.lines))
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    return Arcs(start, bakery, made, km, price, transport, preference, change)


def _preference(problem: Problem, line: IntArray, bakery: IntArray, km: FloatArray) -> FloatArray:
    """0 in the same commune, then neighbour or elsewhere by distance.

    Not counted for a line of unknown commune, nor when no bakery's commune is known.
    """
    weights, home = problem.rules.counted, problem.lines.commune[line]
    if not (problem.bakeries.commune >= 0).any():
        return np.zeros(len(line))
    same = problem.bakeries.commune[bakery] == home
    near = np.where(km <= problem.rules.near_km, weights.neighbour, weights.elsewhere)
    return np.where(same | (home < 0), 0.0, near)


def check_arcs(arcs: Arcs, problem: Problem) -> None:
    """Refuse arcs that do not fit the tables; raises ProblemError."""
    faults, n = Faults(), len(arcs)
    fits = faults.shape("arcs", "start", arcs.start, (len(problem.lines) + 1,))
    for name in ("cls", "km", "price", "transport", "preference", "change"):
        fits &= faults.shape("arcs", name, getattr(arcs, name), (n,))
    if fits:
        if n != arcs.start[-1] or (np.diff(arcs.start) < 0).any():
            faults.add("arcs.start", "les lignes ne se suivent pas.")
        else:
            keys = np.lexsort((arcs.cls, arcs.bakery, arcs.line))
            if (keys != np.arange(n)).any():
                faults.add("arcs", "les liens d’une ligne se suivent par fournil, puis par classe.")
        if ((arcs.bakery < 0) | (arcs.bakery >= len(problem.bakeries))).any():
            faults.add("arcs.bakery", "une boulangerie n’existe pas.")
        if ((arcs.cls < 0) | (arcs.cls >= len(problem.classes))).any():
            faults.add("arcs.cls", "une classe n’existe pas.")
        bad = np.flatnonzero(~np.isfinite(arcs.cost))
        if len(bad):
            faults.add(f"arcs[{bad[0]}].cost", "le coût au kg doit être un nombre fini.")
    if faults.found:
        raise ProblemError(faults.found)
