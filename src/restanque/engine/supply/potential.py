"""Model "potential": the three stages together, fractional, exact, with its shadow prices.

Column generation on `programme`: HiGHS solves with the likely columns, its prices tell which others
are wanted, until none is. The prices of each round prove a lower bound over all columns, so the
last one certifies the optimum. Prices of flour to begin with come from a thinned problem.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from restanque.engine.supply.arrays import FloatArray, IntArray
from restanque.engine.supply.columns import (
    FIRST_MILLS,
    likely,
    no_prices,
    wanted_grain,
    wanted_ways,
)
from restanque.engine.supply.errors import SupplyError
from restanque.engine.supply.outcome import clean, grain_price, plan_of, prices_of
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.programme import Grain, Prices, Programme, Ways
from restanque.engine.supply.scaling import Units, thinned
from restanque.engine.supply.solution import Plan
from restanque.engine.supply.solver import BASIC, LOWER, Basis, LinearProgramme

#: Problems of more lines take their first flour prices from one with one line in RATIO.
SMALL, RATIO = 120, 8
#: Never reached; past it the plan is returned with the gap it has.
ROUNDS = 500


def solve(problem: Problem) -> Plan:
    """The exact optimum and its duals. Raises SolverError when the numbers are beyond HiGHS."""
    return Session(problem).plan


@dataclass(frozen=True)
class _State:
    """Columns and statuses of the last optimum, to begin the next one; units are scaled."""

    programme: Programme
    ways: Ways
    grain: Grain
    values: FloatArray
    prices: Prices
    basis: Basis
    work: dict[str, float]


class Session:
    """Solves a problem, then variants of it by warm start.

    A variant keeps the bakeries, mills, zones, communes and classes (their figures may all change)
    and may add or take away lines. `session.solve(variant)` is `solve(variant)`, sooner.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.units = Units.of(problem)
        self._state: _State | None = None
        self.plan = self.solve(problem)

    def solve(self, problem: Problem) -> Plan:
        """The exact optimum of a variant; the next one starts from there."""
        if _tables(problem) != _tables(self.problem):
            raise SupplyError("Une variante garde les mêmes fournils, moulins, zones et classes.")
        if not len(problem.arcs):
            return plan_of(Programme(problem), None, self.units, None, {})
        scaled = self.units.apply(problem)
        programme = Programme(scaled)
        if self._state is None:
            found = likely(programme, _first_prices(scaled), FIRST_MILLS)
            state = _generate(programme, found.ways, found.grain, None)
        else:
            ways, same = _same_ways(self._state, scaled)
            basis = _same_basis(self._state, programme, same)
            state = _generate(programme, ways, self._state.grain, basis)
        self._state = state
        quantities = clean(state.programme, state.ways, state.grain, state.values)
        return plan_of(Programme(problem), quantities, self.units, state.prices, state.work)


def _tables(problem: Problem) -> tuple[tuple[str, ...], ...]:
    return (
        problem.bakeries.ids,
        problem.mills.ids,
        problem.wheat.ids,
        problem.communes,
        problem.classes,
    )


def _first_prices(problem: Problem) -> Prices:
    """Prices of flour and grain of a thinned problem, itself begun the same way."""
    if len(problem.lines) <= SMALL or not problem.has_flour:
        return no_prices(problem)
    small = thinned(problem, RATIO)
    if not len(small.arcs):
        return no_prices(problem)
    programme = Programme(small)
    mills = len(problem.mills) if len(small.lines) <= SMALL else FIRST_MILLS
    found = likely(programme, _first_prices(small), mills)
    return _generate(programme, found.ways, found.grain, None).prices


def _generate(programme: Programme, ways: Ways, grain: Grain, basis: Basis | None) -> _State:
    """Solve, price, add, until no column is wanted."""
    problem, lines = programme.problem, len(programme.problem.lines)
    # Columns are in order of arrival; `grain` and `ways` of each round follow one another.
    solver = LinearProgramme(
        *programme.row_bounds(),
        programme.slacks() + programme.grain(grain) + programme.ways(ways),
    )
    slacks = len(programme.slacks().cost)
    order = [np.arange(len(grain)), len(grain) + np.arange(len(ways))]
    width = len(grain) + len(ways)
    if basis is not None:
        solver.start_from(basis)
    rounds = 0
    while rounds < ROUNDS:
        rounds += 1
        solver.solve()
        duals = solver.row_duals
        prices = prices_of(programme, duals)
        priced = programme.price(prices)
        more = wanted_ways(programme, priced, duals[:lines], ways)
        sown = wanted_grain(problem, priced, grain_price(programme, duals), grain)
        if not len(more) and not len(sown):
            break
        solver.add(programme.grain(sown) + programme.ways(more))
        order[0] = np.r_[order[0], width + np.arange(len(sown))]
        order[1] = np.r_[order[1], width + len(sown) + np.arange(len(more))]
        width += len(sown) + len(more)
        ways, grain = ways + more, grain + sown
    place = np.concatenate([np.arange(slacks), slacks + order[0], slacks + order[1]])
    final = solver.basis
    basis = Basis(final.columns[place], final.rows)
    work = {
        "rounds": float(rounds),
        "columns": float(len(place)),
        "iterations": float(solver.iterations),
    }
    return _State(programme, ways, grain, solver.values[place], prices, basis, work)


# --- from one problem to a variant of it ---


def _same_ways(state: _State, problem: Problem) -> tuple[Ways, IntArray]:
    """The ways that still exist, renumbered, and their positions among the old ones."""
    old, arcs = state.programme.problem, problem.arcs
    shops, k = len(problem.bakeries), len(problem.classes)
    line = _line_map(old, problem)[state.programme.line[state.ways.arc]]
    names = (line * shops + old.arcs.bakery[state.ways.arc]) * k + old.arcs.cls[state.ways.arc]
    keys = (arcs.line * shops + arcs.bakery) * k + arcs.cls
    found = np.minimum(np.searchsorted(keys, names), len(keys) - 1)
    mill = state.ways.mill
    same = (line >= 0) & (keys[found] == names)
    if problem.has_flour:
        same &= problem.mills.class_capacity[mill, arcs.cls[found]] > 0
    kept = np.flatnonzero(same)
    return Ways(found[kept], mill[kept]), kept


def _line_map(old: Problem, new: Problem) -> IntArray:
    """New position of each old line, -1 where it left."""
    if old.lines.ids == new.lines.ids:
        return np.arange(len(old.lines))
    position = {name: row for row, name in enumerate(new.lines.ids)}
    return np.array([position.get(name, -1) for name in old.lines.ids], dtype=np.int64)


def _same_basis(state: _State, programme: Programme, kept: IntArray) -> Basis:
    """Statuses carried over; a new line begins unserved."""
    old, new = state.programme, programme
    line = _line_map(old.problem, new.problem)
    stays = line >= 0
    shops = len(new.problem.bakeries)
    columns, rows = state.basis.columns, state.basis.rows
    before = len(old.problem.lines)
    unserved = np.full(len(new.problem.lines), BASIC)
    unserved[line[stays]] = columns[shops : shops + before][stays]
    asked = np.full(len(new.problem.lines), LOWER)
    asked[line[stays]] = rows[:before][stays]
    made = np.full(new.rows, BASIC)
    made[: len(asked)] = asked
    made[len(asked) : len(asked) + shops] = rows[before : before + shops]
    for name in ("row_class", "row_mill", "row_grain", "row_supply", "row_budget"):
        there, here = getattr(old, name), getattr(new, name)
        both = (there >= 0) & (here >= 0)
        made[here[both]] = rows[there[both]]
    rest = columns[shops + before :]
    over, certified, rest = _slack_statuses(old, new, rest)
    grain = rest[: len(state.grain)]
    ways = rest[len(state.grain) :][kept]
    if new.row_certified >= 0 and old.row_certified >= 0:
        made[new.row_certified] = rows[old.row_certified]
    return Basis(np.concatenate([columns[:shops], unserved, over, certified, grain, ways]), made)


def _slack_statuses(
    old: Programme, new: Programme, rest: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Statuses of the columns « over budget » and « short of certified », and what follows."""
    there, here = old.row_budget >= 0, new.row_budget >= 0
    over = np.full(len(there), LOWER)
    over[there] = rest[: there.sum()]
    rest = rest[there.sum() :]
    certified = np.full(int(new.row_certified >= 0), LOWER)
    if old.row_certified >= 0:
        certified[:] = rest[0]
        rest = rest[1:]
    return over[here], certified, rest
