"""The three-stage linear programme as arrays: rows, columns on demand, prices of all the others.

A column of bread is a whole way: mill → bakery → line, one class. This says the same as separate
flows of flour and bread (any flow is a sum of ways) with one row less for each bakery and class.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from restanque.engine.supply.arrays import FloatArray, IntArray
from restanque.engine.supply.problem import Problem

Int32Array = npt.NDArray[np.int32]
#: Elements of the (J, M, K) table of flour costs looked at together (memory: eight bytes each).
CHUNK = 4_000_000


@dataclass(frozen=True)
class Ways:
    """Columns of bread: positions in the problem; mill -1 without flour stage."""

    arc: IntArray
    mill: IntArray

    def __len__(self) -> int:
        return len(self.arc)

    def __add__(self, other: Ways) -> Ways:
        return Ways(np.r_[self.arc, other.arc], np.r_[self.mill, other.mill])


@dataclass(frozen=True)
class Grain:
    """Columns of grain: zone → mill, one class."""

    mill: IntArray
    wheat: IntArray
    cls: IntArray

    def __len__(self) -> int:
        return len(self.mill)

    def __add__(self, other: Grain) -> Grain:
        return Grain(
            np.r_[self.mill, other.mill], np.r_[self.wheat, other.wheat], np.r_[self.cls, other.cls]
        )


@dataclass(frozen=True)
class Block:
    """Columns in compressed form: cost, upper bound, and rows with their coefficients."""

    cost: FloatArray
    upper: FloatArray
    start: Int32Array
    row: Int32Array
    value: FloatArray

    @classmethod
    def of(cls, cost: FloatArray, upper: FloatArray, rows: list, values: list) -> Block:  # type: ignore[type-arg]
        """One array of rows (-1: none) and one of coefficients for each entry of the columns."""
        n = len(cost)
        row = np.stack([np.broadcast_to(r, n) for r in rows], axis=1) if rows else np.empty((n, 0))
        value = np.stack([np.broadcast_to(np.asarray(v, float), n) for v in values], axis=1)
        there = row >= 0
        start = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
        return cls(cost, upper, start.astype(np.int32), row[there].astype(np.int32), value[there])

    def __add__(self, other: Block) -> Block:
        return Block(
            np.r_[self.cost, other.cost],
            np.r_[self.upper, other.upper],
            np.r_[self.start, other.start[1:] + self.start[-1]].astype(np.int32),
            np.r_[self.row, other.row],
            np.r_[self.value, other.value],
        )


@dataclass(frozen=True)
class Prices:
    """Multipliers of the limits, all ≥ 0; every other price follows from them."""

    load: FloatArray  # (J,)
    mill_class: FloatArray  # (M, K)
    mill: FloatArray  # (M,)
    wheat: FloatArray  # (F, K)
    budget: FloatArray  # (C,)
    certified: float


@dataclass(frozen=True)
class Priced:
    """What the prices say of all columns, present or not."""

    #: Least grain price at a mill and its zone (M, K); least flour price at a bakery within reach
    #: and its mill (J, K). Infinite where there is none.
    grain: FloatArray
    grain_zone: IntArray
    flour: FloatArray
    flour_mill: IntArray
    #: Whole price of one kg through each arc (A,), and of one kg at each line (D,).
    arc: FloatArray
    line: FloatArray
    #: Lower bound on the optimum.
    bound: float


class Programme:
    """Rows and coefficients for one problem; capacities are cut to what could ever flow."""

    def __init__(self, problem: Problem) -> None:
        self.problem, rules = problem, problem.rules
        self.line, self.arc_cost = problem.arcs.line, problem.arcs.cost
        self.reached = np.unique(problem.arcs.bakery)
        whole = float(problem.lines.kg.sum())
        capacity = problem.bakeries.capacity
        self.near = np.minimum(rules.fairness_from * capacity, whole)
        self.far = np.minimum((1 - rules.fairness_from) * capacity, whole)
        flour = whole / rules.bread_per_flour
        self.class_limit = np.minimum(problem.mills.class_capacity, 2 * flour)
        self.mill_limit = np.minimum(problem.mills.capacity, 2 * flour)
        least = float(problem.mills.extraction.min(initial=1.0))
        self.supply = np.minimum(problem.wheat.supply, 2 * flour / least)
        self.wished = rules.certified_share * whole
        self.penalty = problem.penalty
        self._number_rows()
        self.home = np.full(len(problem.lines), -1, dtype=np.int64)
        known = problem.lines.commune >= 0
        self.home[known] = self.row_budget[problem.lines.commune[known]]

    def _number_rows(self) -> None:
        problem, k = self.problem, len(self.problem.classes)
        m, f, c = len(problem.mills), len(problem.wheat), len(problem.communes)
        self.rows = len(problem.lines) + len(problem.bakeries)

        def number(wanted: npt.NDArray[np.bool_]) -> IntArray:
            rows = np.full(wanted.shape, -1, dtype=np.int64)
            rows[wanted] = self.rows + np.arange(int(wanted.sum()))
            self.rows += int(wanted.sum())
            return rows

        mills = self.problem.mills
        limited = mills.class_capacity < np.inf if m else np.zeros((0, k), dtype=np.bool_)
        self.row_class = number(limited)
        self.row_mill = number(mills.capacity < np.inf)
        self.row_grain = number(np.full((m, k), problem.has_wheat))
        self.row_supply = number(np.full((f, k), problem.has_wheat))
        wanted = np.zeros(c, dtype=np.bool_)
        wanted[problem.lines.commune[problem.lines.commune >= 0]] = True
        self.row_budget = number(wanted & (problem.budget < np.inf))
        self.row_certified = int(number(np.array([self.wished > 0]))[0])

    def row_bounds(self) -> tuple[FloatArray, FloatArray]:
        """Lower and upper bounds of the rows."""
        lower, upper = np.full(self.rows, -np.inf), np.full(self.rows, np.inf)
        lines, shops = len(self.problem.lines), len(self.problem.bakeries)
        lower[:lines] = upper[:lines] = self.problem.lines.kg
        upper[lines : lines + shops] = self.near
        for rows, limit in (
            (self.row_class, self.class_limit),
            (self.row_mill, self.mill_limit),
            (self.row_grain, np.zeros(self.row_grain.shape)),
            (self.row_supply, self.supply),
            (self.row_budget, self.problem.budget),
        ):
            upper[rows[rows >= 0]] = limit[rows >= 0]
        if self.row_certified >= 0:
            lower[self.row_certified] = self.wished
        return lower, upper

    # --- columns ---

    def slacks(self) -> Block:
        """Load beyond the fair share, unserved, over budget, short of certified: in that order."""
        lines, shops, rules = (
            len(self.problem.lines),
            len(self.problem.bakeries),
            self.problem.rules,
        )
        budgets = self.row_budget[self.row_budget >= 0]
        certified = np.array([self.row_certified] if self.row_certified >= 0 else [], dtype=int)
        made = (
            (np.full(shops, rules.fairness), self.far, lines + np.arange(shops), -1.0),
            (self.penalty, np.full(lines, np.inf), np.arange(lines), 1.0),
            (np.full(len(budgets), rules.budget_penalty), np.inf, budgets, -1.0),
            (np.full(len(certified), rules.certified_penalty), np.inf, certified, 1.0),
        )
        blocks = [
            Block.of(cost, np.broadcast_to(np.asarray(upper, float), len(cost)), [row], [value])
            for cost, upper, row, value in made
        ]
        return blocks[0] + blocks[1] + blocks[2] + blocks[3]

    def ways(self, ways: Ways) -> Block:
        """Bread of an arc with flour of a mill."""
        problem, arcs = self.problem, self.problem.arcs
        d, j, q = self.line[ways.arc], arcs.bakery[ways.arc], arcs.cls[ways.arc]
        rows: list[npt.ArrayLike] = [d, len(problem.lines) + j, self.home[d]]
        values: list[npt.ArrayLike] = [1.0, 1.0, arcs.price[ways.arc]]
        cost = self.arc_cost[ways.arc]
        if self.row_certified >= 0:
            rows.append(np.where(problem.certified[q], self.row_certified, -1))
            values.append(1.0)
        if problem.has_flour:
            m, beta = ways.mill, problem.rules.bread_per_flour
            cost = cost + self.flour_unit(j, m, q) / beta
            grain = 1 / (beta * problem.mills.extraction[m])
            rows += [self.row_class[m, q], self.row_mill[m], self.row_grain[m, q]]
            values += [1 / beta, 1 / beta, grain]
        return Block.of(cost, np.full(len(ways), np.inf), rows, values)

    def flour_unit(self, j: IntArray, m: IntArray, q: IntArray) -> FloatArray:
        """Cost of one kg of flour of class q from mill m at bakery j (arrays of one length)."""
        problem, weights = self.problem, self.problem.rules.counted
        unit = problem.mills.price[m, q] - problem.flour_reference[q]
        unit = unit + weights.flour_km * problem.mill_km[j, m]
        today = problem.bakeries.mill[j]
        changed: FloatArray = unit + weights.mill_change * ((today >= 0) & (today != m))
        return changed

    def grain(self, grain: Grain) -> Block:
        """Grain of a zone for a mill."""
        cost = self.problem.wheat_cost()[grain.mill, grain.wheat, grain.cls]
        rows = [
            self.row_grain[grain.mill, grain.cls],
            self.row_supply[grain.wheat, grain.cls],
        ]
        return Block.of(cost, np.full(len(grain), np.inf), rows, [-1.0, 1.0])

    # --- prices ---

    def price(self, prices: Prices) -> Priced:
        """Price every column of the whole programme, and the bound that these prices prove."""
        problem, arcs, rules = self.problem, self.problem.arcs, self.problem.rules
        grain = np.zeros((len(problem.mills), len(problem.classes)))
        zone = np.full(grain.shape, -1, dtype=np.int64)
        if problem.has_wheat:
            table = problem.wheat_cost() + prices.wheat[None, :, :]
            grain, zone = table.min(axis=1), table.argmin(axis=1)
        through = self.arc_cost + prices.load[arcs.bakery]
        flour, best = self._flour(grain, prices)
        if problem.has_flour:
            through = through + flour[arcs.bakery, arcs.cls] / rules.bread_per_flour
        if prices.budget.any():
            home = problem.lines.commune
            rate = np.where(home >= 0, np.r_[prices.budget, 0.0][home], 0.0)
            through = through + rate[self.line] * arcs.price
        if prices.certified:
            through = through - prices.certified * problem.certified[arcs.cls]
        line = self.penalty.copy()
        some = np.flatnonzero(np.diff(arcs.start))
        if len(some):
            least = np.minimum.reduceat(through, arcs.start[:-1][some])
            line[some] = np.minimum(line[some], least)
        return Priced(grain, zone, flour, best, through, line, self._bound(prices, line))

    def _flour(self, grain: FloatArray, prices: Prices) -> tuple[FloatArray, IntArray]:
        """Cheapest flour at each bakery within reach, and its mill; bakeries in chunks."""
        problem = self.problem
        shape = (len(problem.bakeries), len(problem.classes))
        flour, best = np.zeros(shape), np.full(shape, -1, dtype=np.int64)
        if not problem.has_flour:
            return flour, best
        step = max(1, CHUNK // (len(problem.mills) * shape[1]))
        for first in range(0, len(self.reached), step):
            shops = self.reached[first : first + step]
            table = self.flour_table(shops, grain, prices)
            best[shops] = table.argmin(axis=1)
            flour[shops] = table.min(axis=1)
        return flour, best

    def flour_table(self, shops: IntArray, grain: FloatArray, prices: Prices) -> FloatArray:
        """Whole price of one kg of flour at these bakeries from each mill (len(shops), M, K)."""
        problem, mills, weights = self.problem, self.problem.mills, self.problem.rules.counted
        gate = np.where(mills.class_capacity > 0, mills.price - problem.flour_reference, np.inf)
        gate = gate + prices.mill_class + prices.mill[:, None] + grain / mills.extraction[:, None]
        away = weights.flour_km * problem.mill_km[shops]
        if weights.mill_change:
            today = problem.bakeries.mill[shops, None]
            other = (today >= 0) & (today != np.arange(len(mills)))
            away = away + weights.mill_change * other
        made: FloatArray = away[:, :, None] + gate[None, :, :]
        return made

    def _bound(self, prices: Prices, line: FloatArray) -> float:
        """Lagrangian bound: what the lines pay less the rents of all limits."""
        fairness = self.problem.rules.fairness
        rents = prices.load @ self.near + np.maximum(prices.load - fairness, 0.0) @ self.far
        for price, limit in (
            (prices.mill_class, self.class_limit),
            (prices.mill, self.mill_limit),
            (prices.wheat, self.supply),
            (prices.budget, self.problem.budget),
        ):
            paid = price > 0
            rents += float(price[paid] @ limit[paid])
        return float(line @ self.problem.lines.kg - rents + prices.certified * self.wished)
