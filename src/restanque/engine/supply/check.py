"""Independent checker: recomputes the objective and every rule from the quantities of a plan.

Written from the README's mathematics only; it shares no code with the solvers, on purpose.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from restanque.engine.supply.arrays import FloatArray
from restanque.engine.supply.lots import Lots, cut
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.solution import Plan

#: Relative tolerance on quantities; the scale is that of the row looked at (and of the problem).
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Violation:
    """A rule that the plan breaks: which, on what, by how much (in the rule's unit)."""

    rule: str
    where: str
    excess: float

    def __str__(self) -> str:
        """As printed."""
        return f"{self.rule} : {self.where} ({self.excess:.6g})"


@dataclass(frozen=True)
class Report:
    """Violations (none: the plan holds) and the objective recomputed, part by part (€/day)."""

    violations: tuple[Violation, ...]
    parts: dict[str, float]

    @property
    def objective(self) -> float:
        """Sum of the parts."""
        return float(sum(self.parts.values()))


class _Checker:
    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.scale = float(problem.lines.kg.max(initial=0.0))
        self.found: list[Violation] = []

    def at_most(self, rule: str, names: list[str], value: FloatArray, limit: FloatArray) -> None:
        """value ≤ limit, row by row, within the tolerance."""
        excess = np.asarray(value - np.where(np.isinf(limit), np.inf, limit))
        room = TOLERANCE * np.maximum(np.where(np.isinf(limit), 0, np.abs(limit)), self.scale)
        for row in np.flatnonzero(~(excess <= room)):
            self.found.append(Violation(rule, names[row], float(excess[row])))

    def equal(self, rule: str, names: list[str], value: FloatArray, target: FloatArray) -> None:
        """value = target, row by row."""
        self.at_most(rule, names, np.abs(value - target), np.zeros(len(target)))


def verify(problem: Problem, plan: Plan) -> Report:
    """Check every rule of the plan's model. Shapes that do not fit raise ValueError."""
    _shapes(problem, plan)
    checker = _Checker(problem, plan)
    _signs(checker)
    _bread(checker)
    parts = _bread_cost(problem, plan)
    if plan.model != "transport":
        _flour(checker)
        parts |= _flour_cost(problem, plan)
        parts |= _wishes(problem, plan)
    if plan.model == "award":
        parts["stops"] = _award(checker, cut(problem))
    whole = float(sum(parts.values()))
    room = TOLERANCE * max(abs(whole), sum(abs(part) for part in parts.values()), 1e-300)
    if not abs(whole - plan.objective) <= room:
        checker.found.append(Violation("objectif", "annoncé", plan.objective - whole))
    if not plan.bound <= plan.objective + room:
        checker.found.append(Violation("borne", "au-dessus du plan", plan.bound - plan.objective))
    return Report(tuple(checker.found), parts)


def _shapes(problem: Problem, plan: Plan) -> None:
    if plan.arc_kg.shape != (len(problem.arcs),) or plan.unserved.shape != (len(problem.lines),):
        raise ValueError("The plan is not one of this problem.")


def _signs(checker: _Checker) -> None:
    problem, plan = checker.problem, checker.plan
    lines = problem.arcs.line
    names = [problem.lines.ids[d] for d in lines]
    checker.at_most("pain négatif", names, -plan.arc_kg, np.zeros(len(names)))
    ids = list(problem.lines.ids)
    checker.at_most("non servi négatif", ids, -plan.unserved, np.zeros(len(ids)))


def _bread(checker: _Checker) -> None:
    """Balance, capacity, classes, forced and forbidden pairs, price limit."""
    problem, plan, arcs = checker.problem, checker.plan, checker.problem.arcs
    lines, bakeries = problem.lines, problem.bakeries
    line_of = arcs.line  # made anew each time it is asked
    given = np.zeros(len(lines))
    np.add.at(given, line_of, plan.arc_kg)
    checker.equal("bilan de la ligne", list(lines.ids), given + plan.unserved, lines.kg)
    load = np.zeros(len(bakeries))
    np.add.at(load, arcs.bakery, plan.arc_kg)
    checker.at_most("capacité", list(bakeries.ids), load, bakeries.capacity)
    used = np.flatnonzero(plan.arc_kg > TOLERANCE * checker.scale)
    forced: dict[int, set[int]] = defaultdict(set)
    for line, bakery in problem.rules.forced:
        forced[line].add(bakery)
    forbidden = set(problem.rules.forbidden)
    for arc in used:
        d, j, q = int(line_of[arc]), int(arcs.bakery[arc]), int(arcs.cls[arc])
        where, kg = f"{lines.ids[d]} – {bakeries.ids[j]}", float(plan.arc_kg[arc])
        if not bakeries.makes[j, q] or not problem.accepts[lines.cls[d], q]:
            checker.found.append(Violation("classe", where, kg))
        if (d, j) in forbidden:
            checker.found.append(Violation("lien interdit", where, kg))
        if d in forced:
            if j not in forced[d]:
                checker.found.append(Violation("lien imposé", where, kg))
            continue  # a forced pair may pass the limits below
        if bakeries.price[j, q] > lines.max_price[d]:
            over = float(bakeries.price[j, q] - lines.max_price[d])
            checker.found.append(Violation("prix accepté", where, over))
        farthest = min(problem.rules.radius_km, float(bakeries.radius[j]))
        if arcs.km[arc] > farthest * (1 + TOLERANCE):
            checker.found.append(Violation("rayon", where, float(arcs.km[arc] - farthest)))


def _bread_cost(problem: Problem, plan: Plan) -> dict[str, float]:
    arcs, rules = problem.arcs, problem.rules
    load = np.bincount(arcs.bakery, plan.arc_kg, len(problem.bakeries))
    beyond = np.maximum(0.0, load - rules.fairness_from * problem.bakeries.capacity)
    own = problem.lines.unserved_cost
    penalty = np.where(np.isnan(own), rules.unserved_penalty, own)
    return {
        "price": float(arcs.price @ plan.arc_kg),
        "transport": float(arcs.transport @ plan.arc_kg),
        "preference": float(arcs.preference @ plan.arc_kg),
        "change": float(arcs.change @ plan.arc_kg),
        "fairness": float(rules.fairness * beyond.sum()),
        "unserved": float(penalty @ plan.unserved),
    }


def _flour(checker: _Checker) -> None:
    """Flour for the bread, grain for the flour, limits of mills and zones."""
    problem, plan = checker.problem, checker.plan
    if not problem.has_flour:
        return
    mills, classes = problem.mills, len(problem.classes)
    arcs, flour = problem.arcs, plan.flour
    need = np.zeros((len(problem.bakeries), classes))
    np.add.at(need, (arcs.bakery, arcs.cls), plan.arc_kg / problem.rules.bread_per_flour)
    got = np.zeros_like(need)
    np.add.at(got, (flour.bakery, flour.cls), flour.kg)
    names = [f"{j} / {q}" for j in problem.bakeries.ids for q in problem.classes]
    checker.equal("farine du fournil", names, got.ravel(), need.ravel())
    checker.at_most("farine négative", ["farine"] * len(flour.kg), -flour.kg, 0 * flour.kg)
    milled = np.zeros((len(mills), classes))
    np.add.at(milled, (flour.mill, flour.cls), flour.kg)
    names = [f"{m} / {q}" for m in mills.ids for q in problem.classes]
    limit = mills.class_capacity.ravel()
    checker.at_most("capacité du moulin", names, milled.ravel(), limit)
    checker.at_most("capacité du moulin", list(mills.ids), milled.sum(axis=1), mills.capacity)
    if problem.has_wheat:
        _grain(checker, milled, names)


def _grain(checker: _Checker, milled: FloatArray, names: list[str]) -> None:
    problem, wheat = checker.problem, checker.plan.wheat
    ground = milled / problem.mills.extraction[:, None]
    got = np.zeros_like(ground)
    np.add.at(got, (wheat.mill, wheat.cls), wheat.kg)
    checker.at_most("grain du moulin", names, ground.ravel(), got.ravel())
    checker.at_most("grain négatif", ["grain"] * len(wheat.kg), -wheat.kg, 0 * wheat.kg)
    sold = np.zeros(problem.wheat.supply.shape)
    np.add.at(sold, (wheat.wheat, wheat.cls), wheat.kg)
    zones = [f"{f} / {q}" for f in problem.wheat.ids for q in problem.classes]
    checker.at_most("blé disponible", zones, sold.ravel(), problem.wheat.supply.ravel())


def _flour_cost(problem: Problem, plan: Plan) -> dict[str, float]:
    if not problem.has_flour:
        return {}
    flour, weights = plan.flour, problem.rules.counted
    unit = problem.mills.price[flour.mill, flour.cls] - problem.flour_reference[flour.cls]
    unit = unit + weights.flour_km * problem.mill_km[flour.bakery, flour.mill]
    today = problem.bakeries.mill[flour.bakery]
    unit = unit + weights.mill_change * ((today >= 0) & (today != flour.mill))
    parts = {"flour": float(unit @ flour.kg)}
    if problem.has_wheat:
        grain = plan.wheat
        unit = problem.wheat.price[grain.wheat, grain.cls]
        unit = unit + weights.wheat_km * problem.wheat_km[grain.mill, grain.wheat]
        parts["wheat"] = float(unit @ grain.kg)
    return parts


def _wishes(problem: Problem, plan: Plan) -> dict[str, float]:
    """What is over the communes' budgets and under the certified share wished."""
    arcs, rules = problem.arcs, problem.rules
    home = problem.lines.commune[arcs.line]
    spent = np.zeros(len(problem.communes))
    known = home >= 0
    np.add.at(spent, home[known], (arcs.price * plan.arc_kg)[known])
    over = np.maximum(0.0, spent - problem.budget).sum()
    good = float(plan.arc_kg[problem.certified[arcs.cls]].sum())
    short = max(0.0, rules.certified_share * float(problem.lines.kg.sum()) - good)
    return {
        "budget": float(rules.budget_penalty * over),
        "certified": rules.certified_penalty * short,
    }


def _award(checker: _Checker, lots: Lots) -> float:
    """Whole lots, bakeries per canteen, minimum order and drop; the cost of the stops."""
    problem, plan, arcs = checker.problem, checker.plan, checker.problem.arcs
    each: dict[tuple[int, int], float] = defaultdict(float)
    load: dict[int, float] = defaultdict(float)
    line_of = arcs.line
    for arc in np.flatnonzero(plan.arc_kg > 0):
        d, j, kg = int(line_of[arc]), int(arcs.bakery[arc]), float(plan.arc_kg[arc])
        size = float(problem.lines.kg[d]) / int(lots.count[d])
        if abs(kg / size - round(kg / size)) > TOLERANCE * max(1, lots.count[d]):
            where = f"{problem.lines.ids[d]} – {problem.bakeries.ids[j]}"
            checker.found.append(Violation("lot entier", where, kg))
        each[int(problem.lines.canteen[d]), j] += kg
        load[j] += kg
    asked = np.bincount(problem.lines.canteen, problem.lines.kg, len(problem.canteens))
    bakers: dict[int, int] = defaultdict(int)
    for (canteen, j), kg in each.items():
        bakers[canteen] += 1
        least = min(problem.rules.min_drop_kg, float(asked[canteen]))
        if kg < least * (1 - TOLERANCE):
            where = f"{problem.canteens[canteen]} – {problem.bakeries.ids[j]}"
            checker.found.append(Violation("livraison minimale", where, least - kg))
    for canteen, count in bakers.items():
        if count > lots.most[canteen]:
            excess = float(count - lots.most[canteen])
            checker.found.append(
                Violation("boulangeries par cantine", problem.canteens[canteen], excess)
            )
    for j, kg in load.items():
        least = float(problem.bakeries.min_order[j])
        if kg < least * (1 - TOLERANCE):
            checker.found.append(
                Violation("commande minimale", problem.bakeries.ids[j], least - kg)
            )
    return problem.rules.stop_cost * len(each)
