"""From HiGHS' figures to a plan: clean quantities, prices that are valid, meanings."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from restanque.engine.supply.arrays import FloatArray, IntArray
from restanque.engine.supply.columns import no_prices
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.programme import Grain, Priced, Prices, Programme, Ways
from restanque.engine.supply.scaling import Units
from restanque.engine.supply.solution import Duals, FlourFlow, Plan, WheatFlow

#: Quantities under this share of the largest line are rounding.
CRUMB = 1e-9


@dataclass(frozen=True)
class Quantities:
    """Balanced quantities, in scaled units; flour and grain by column."""

    arc: FloatArray
    unserved: FloatArray
    flour: FlourFlow
    wheat: WheatFlow


# --- prices ---


def prices_of(programme: Programme, duals: FloatArray) -> Prices:
    """Multipliers of the limits read from the rows, kept inside what makes them valid."""
    problem, rules = programme.problem, programme.problem.rules
    lines, shops = len(problem.lines), len(problem.bakeries)
    certified = 0.0
    if programme.row_certified >= 0:
        dual = float(duals[programme.row_certified])
        certified = min(max(0.0, dual), rules.certified_penalty)
    return Prices(
        np.maximum(-duals[lines : lines + shops], 0.0),
        _at(programme.row_class, duals),
        _at(programme.row_mill, duals),
        _at(programme.row_supply, duals),
        np.minimum(_at(programme.row_budget, duals), rules.budget_penalty),
        certified,
    )


def grain_price(programme: Programme, duals: FloatArray) -> FloatArray:
    """Price of one kg of grain at each mill and class, as the solver has it (M, K)."""
    return _at(programme.row_grain, duals)


def _at(rows: IntArray, duals: FloatArray) -> FloatArray:
    if not rows.size:
        return np.zeros(rows.shape)
    return np.where(rows >= 0, np.maximum(-duals[rows], 0.0), 0.0)


def _unscaled(prices: Prices, units: Units) -> Prices:
    cost = units.cost
    return Prices(
        prices.load * cost,
        prices.mill_class * cost,
        prices.mill * cost,
        prices.wheat * cost,
        prices.budget,  # euros for a euro
        prices.certified * cost,
    )


# --- quantities ---


def clean(programme: Programme, ways: Ways, grain: Grain, values: FloatArray) -> Quantities:
    """Crumbs dropped, lines brought to what they ask, grain to what the flour needs."""
    problem = programme.problem
    lines, shops = len(problem.lines), len(problem.bakeries)
    crumb = CRUMB * float(problem.lines.kg.max(initial=0.0))
    kg = values[len(values) - len(ways) :].copy()
    kg[kg < crumb] = 0.0
    line = programme.line[ways.arc]
    given = np.bincount(line, kg, lines)
    unserved = np.maximum(values[shops : shops + lines], 0.0)
    unserved[unserved < crumb] = 0.0
    unserved = np.where(given > 0, np.minimum(unserved, problem.lines.kg), problem.lines.kg)
    served = problem.lines.kg - unserved
    kg *= np.divide(served, given, out=np.zeros(lines), where=given > 0)[line]
    arc = np.bincount(ways.arc, kg, len(problem.arcs)).astype(np.float64)
    if not problem.has_flour:
        return Quantities(arc, unserved, FlourFlow(), WheatFlow())
    flour = _flour(problem, ways, kg)
    tail = values[len(values) - len(ways) - len(grain) : len(values) - len(ways)]
    return Quantities(arc, unserved, flour, _wheat(problem, grain, tail, flour))


def _flour(problem: Problem, ways: Ways, kg: FloatArray) -> FlourFlow:
    """Flour of the ways, added up by bakery, mill and class."""
    mills, k = len(problem.mills), len(problem.classes)
    used = kg > 0
    arc, mill = ways.arc[used], ways.mill[used]
    key = (problem.arcs.bakery[arc] * mills + mill) * k + problem.arcs.cls[arc]
    names, which = np.unique(key, return_inverse=True)
    flour = np.bincount(which, kg[used], len(names)) / problem.rules.bread_per_flour
    return FlourFlow(names // (mills * k), names // k % mills, names % k, flour)


def _wheat(problem: Problem, grain: Grain, values: FloatArray, flour: FlourFlow) -> WheatFlow:
    """Grain ground, no more than the flour needs."""
    if not problem.has_wheat:
        return WheatFlow()
    k, size = len(problem.classes), len(problem.mills) * len(problem.classes)
    cell = flour.mill * k + flour.cls
    need = np.bincount(cell, flour.kg / problem.mills.extraction[flour.mill], size)
    kg = np.maximum(values, 0.0)
    bins = grain.mill * k + grain.cls
    got = np.bincount(bins, kg, size)
    kg *= np.divide(need, got, out=np.zeros(size), where=got > 0)[bins]
    used = np.flatnonzero(kg > 0)
    return WheatFlow(grain.mill[used], grain.wheat[used], grain.cls[used], kg[used])


# --- the plan ---


def plan_of(
    programme: Programme,
    quantities: Quantities | None,
    units: Units,
    prices: Prices | None,
    work: dict[str, float],
) -> Plan:
    """The plan in kg and €, its objective and bound recomputed from the true figures.

    `quantities` None: nothing can be served, every line is short."""
    problem = programme.problem
    kg = units.kg
    if quantities is None or prices is None:
        quantities = Quantities(
            np.zeros(len(problem.arcs)), problem.lines.kg / kg, FlourFlow(), WheatFlow()
        )
        prices = no_prices(problem)
        if programme.wished > 0:
            prices = replace(prices, certified=problem.rules.certified_penalty)
    else:
        prices = _unscaled(prices, units)
    priced = programme.price(prices)
    flour, wheat = quantities.flour, quantities.wheat
    plan = Plan(
        "potential",
        quantities.arc * kg,
        quantities.unserved * kg,
        0.0,
        priced.bound,
        FlourFlow(flour.bakery, flour.mill, flour.cls, flour.kg * kg),
        WheatFlow(wheat.mill, wheat.wheat, wheat.cls, wheat.kg * kg),
        duals_of(programme, prices, priced),
        work,
    )
    return _with_objective(programme, plan)


def _with_objective(programme: Programme, plan: Plan) -> Plan:
    problem, rules, arcs = programme.problem, programme.problem.rules, programme.problem.arcs
    load = np.bincount(arcs.bakery, plan.arc_kg, len(problem.bakeries))
    beyond = np.maximum(load - rules.fairness_from * problem.bakeries.capacity, 0.0)
    cost = programme.arc_cost @ plan.arc_kg + rules.fairness * beyond.sum()
    cost += programme.penalty @ plan.unserved
    flour, wheat = plan.flour, plan.wheat
    if problem.has_flour:
        cost += programme.flour_unit(flour.bakery, flour.mill, flour.cls) @ flour.kg
    if problem.has_wheat:
        cost += problem.wheat_cost()[wheat.mill, wheat.wheat, wheat.cls] @ wheat.kg
    home = problem.lines.commune[programme.line]
    spent = np.bincount(
        home[home >= 0], (arcs.price * plan.arc_kg)[home >= 0], len(problem.communes)
    )
    cost += rules.budget_penalty * np.maximum(spent - problem.budget, 0.0).sum()
    good = float(plan.arc_kg @ problem.certified[arcs.cls])
    cost += rules.certified_penalty * max(programme.wished - good, 0.0)
    return replace(plan, objective=float(cost))


def duals_of(programme: Programme, prices: Prices, priced: Priced) -> Duals:
    """The prices by their meaning."""
    problem, rules = programme.problem, programme.problem.rules
    share = rules.fairness_from
    rent = share * prices.load + (1 - share) * np.maximum(prices.load - rules.fairness, 0.0)
    flour = np.full(problem.bakeries.makes.shape, np.nan)
    if problem.has_flour:
        made = np.zeros(flour.shape, dtype=np.bool_)
        made[programme.reached] = problem.bakeries.makes[programme.reached]
        flour[made] = priced.flour[made]
    return Duals(
        priced.line,
        prices.load,
        rent,
        flour,
        prices.mill_class,
        prices.mill,
        priced.grain,
        prices.wheat,
        prices.budget,
        prices.certified,
    )
