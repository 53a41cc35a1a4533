"""Keep today's baker and change the flour: what it takes, baker by baker, before all else.

Step 1 gives each line to its baker of today only, in the class asked, which the baker bakes already
or would convert to. Step 2 looks elsewhere for the rest alone, with what capacity and flour is
left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from restanque.engine.supply.arcs import Arcs, link
from restanque.engine.supply.arrays import BoolArray, FloatArray, IntArray
from restanque.engine.supply.award import messages
from restanque.engine.supply.award.solving import never, solve
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.solution import FlourFlow, Plan, WheatFlow

TINY = 1e-6


class NotKept(StrEnum):
    """Why a line does not stay with its baker of today."""

    UNKNOWN_BAKER = "unknown_baker"
    REFUSES_CLASS = "refuses_class"
    PRICE = "price"
    CAPACITY = "capacity"
    FLOUR = "flour"


@dataclass(frozen=True)
class MillShare:
    """kg of flour a day from one mill."""

    mill: int
    kg: float


@dataclass(frozen=True)
class Conversion:
    """One baker, one class of bread that the canteens of today would get from now on.

    new: the baker does not bake it today. kg: bread a day; known_kg: the part whose price of
    today is known. price, today_price: €/kg, the second a mean over known_kg, None without any.
    surcharge: € a day over known_kg. flour_kg and mills: kg of flour a day, from whom."""

    bakery: int
    cls: int
    new: bool
    lines: tuple[int, ...]
    kg: float
    known_kg: float
    price: float
    today_price: float | None
    surcharge: float | None
    flour_kg: float
    mills: tuple[MillShare, ...]
    sentence: str

    @property
    def surcharge_kg(self) -> float | None:
        """€/kg of bread more than today."""
        return None if self.surcharge is None else self.surcharge / self.known_kg


@dataclass(frozen=True)
class Elsewhere:
    """A line, or a part of it, that its baker cannot keep; to whom it goes (-1: to nobody)."""

    line: int
    kg: float
    reason: NotKept
    bakeries: tuple[int, ...]
    sentence: str


@dataclass(frozen=True)
class KeepPlan:
    """What keeping today's bakers takes.

    problem: the problem with the conversions allowed; kept: the plan on it, every line at its baker
    or unserved; remaining and elsewhere_plan: the same for the rest, None when nothing is left.
    kept_kg, elsewhere_kg, unserved_kg: bread a day. surcharge: € a day over the lines whose price
    of today is known (known_kg). wheat_kg: grain a day by class; hectares: by class, None without
    a known yield."""

    problem: Problem
    kept: Plan
    remaining: Problem | None
    elsewhere_plan: Plan | None
    conversions: tuple[Conversion, ...]
    elsewhere: tuple[Elsewhere, ...]
    kept_kg: float
    elsewhere_kg: float
    unserved_kg: float
    surcharge: float
    known_kg: float
    wheat_kg: FloatArray
    hectares: tuple[float | None, ...]
    sentence: str


def keep_and_improve(
    problem: Problem,
    *,
    moves: int,
    seed: int,
    can_convert: BoolArray | None = None,
    conversion_price: FloatArray | None = None,
    today_price: FloatArray | None = None,
    should_stop: Callable[[], bool] = never,
) -> KeepPlan:
    """The default scenario: today's bakers, the class asked.

    can_convert (J, K): classes a baker would take up (default: all). conversion_price (J, K):
    €/kg of bread after converting (default: the baker's cheapest bread, and the dearer flour over
    `bread_per_flour`). today_price (D,): €/kg paid today, NaN unknown (default: the baker's
    cheapest bread). Minimum orders are not asked of a baker who already serves, only of others."""
    offer = _converted(problem, can_convert, conversion_price)
    today = _today(problem) if today_price is None else today_price
    at_home = replace(offer, arcs=_own_arcs(offer))
    kept = solve(at_home, moves=moves, seed=seed, should_stop=should_stop)
    rest = np.flatnonzero(kept.unserved > TINY)
    remaining, other = None, None
    if len(rest):
        remaining = _what_is_left(problem, at_home, kept, rest)
        other = solve(remaining, moves=moves, seed=seed + 1, should_stop=should_stop)
    return _report(problem, at_home, kept, remaining, other, today)


def _converted(
    problem: Problem, can_convert: BoolArray | None, conversion_price: FloatArray | None
) -> Problem:
    """The problem in which bakers may bake what they would convert to."""
    bakeries = problem.bakeries
    shape = bakeries.makes.shape
    free = np.ones(shape, np.bool_) if can_convert is None else can_convert
    if conversion_price is None:
        plain = np.where(bakeries.makes, bakeries.price, np.inf)
        base = np.argmin(plain, axis=1)
        flour = _flour_price(problem)
        dearer = flour - np.take_along_axis(flour, base[:, None], axis=1)
        conversion_price = plain.min(axis=1)[:, None] + dearer / problem.rules.bread_per_flour
    new = free & ~bakeries.makes & np.isfinite(conversion_price)
    made = replace(
        bakeries,
        makes=bakeries.makes | new,
        price=np.where(new, conversion_price, bakeries.price),
        radius=np.full(len(bakeries), np.inf),
        min_order=np.zeros(len(bakeries)),
    )
    # However far, today's baker already delivers; pairs decided by hand are another scenario.
    rules = replace(problem.rules, radius_km=float("inf"), forced=())
    return replace(problem, bakeries=made, rules=rules)


def _flour_price(problem: Problem) -> FloatArray:
    """Cheapest flour at each bakery (J, K), €/kg, beyond what the bread price holds; 0 unknown."""
    if not problem.has_flour:
        return np.zeros((len(problem.bakeries), len(problem.classes)))
    price = np.where(problem.mills.class_capacity > 0, problem.mills.price, np.inf).min(axis=0)
    return np.tile(price, (len(problem.bakeries), 1))


def _today(problem: Problem) -> FloatArray:
    """The cheapest bread of the baker of today, NaN where there is none."""
    bakeries, current = problem.bakeries, problem.lines.current
    cheapest = np.where(bakeries.makes, bakeries.price, np.inf).min(axis=1, initial=np.inf)
    price = np.full(len(current), np.nan)
    known = current >= 0
    price[known] = cheapest[current[known]]
    return np.where(np.isfinite(price), price, np.nan)


def _own_arcs(problem: Problem) -> Arcs:
    """Each line to its baker of today, however far."""
    lines, bakeries = problem.lines, problem.bakeries
    known = np.flatnonzero(lines.current >= 0)
    where = lines.current[known]
    km = np.hypot(lines.x[known] - bakeries.x[where], lines.y[known] - bakeries.y[where])
    return link(problem, known, where, km * problem.rules.detour)


def _what_is_left(problem: Problem, offer: Problem, kept: Plan, rest: IntArray) -> Problem:
    """The lines not kept, what they still ask, and the capacity, flour and budget not used."""
    load = np.bincount(offer.arcs.bakery, kept.arc_kg, len(problem.bakeries))
    bakeries = replace(
        problem.bakeries,
        capacity=np.maximum(problem.bakeries.capacity - load, 0.0),
        min_order=np.maximum(problem.bakeries.min_order - load, 0.0),
    )
    lines, mills, wheat = problem.lines, problem.mills, problem.wheat
    kg = np.zeros(len(lines))
    kg[rest] = kept.unserved[rest]
    lines = replace(lines, kg=kg)
    if problem.has_flour:
        flour = kept.flour
        used = np.zeros(mills.class_capacity.shape)
        np.add.at(used, (flour.mill, flour.cls), flour.kg)
        mills = replace(
            mills,
            class_capacity=np.maximum(mills.class_capacity - used, 0.0),
            capacity=np.maximum(mills.capacity - used.sum(axis=1), 0.0),
        )
    if problem.has_wheat:
        taken = np.zeros(wheat.supply.shape)
        np.add.at(taken, (kept.wheat.wheat, kept.wheat.cls), kept.wheat.kg)
        wheat = replace(wheat, supply=np.maximum(wheat.supply - taken, 0.0))
    home = problem.lines.commune[offer.arcs.line]
    paid = home >= 0
    spent = np.bincount(home[paid], (offer.arcs.price * kept.arc_kg)[paid], len(problem.communes))
    budget = np.maximum(problem.budget - spent, 0.0)
    rules = replace(problem.rules, certified_share=0.0)
    return replace(
        problem,
        bakeries=bakeries,
        lines=lines,
        mills=mills,
        wheat=wheat,
        budget=budget,
        rules=rules,
    )


def _reason(problem: Problem, offer: Problem, kept: Plan, line: int) -> NotKept:
    """Why the baker of today does not keep this line."""
    j = int(problem.lines.current[line])
    if j < 0:
        return NotKept.UNKNOWN_BAKER
    takes = problem.accepts[problem.lines.cls[line]] & offer.bakeries.makes[j]
    if not takes.any():
        return NotKept.REFUSES_CLASS
    if not (offer.bakeries.price[j][takes] <= problem.lines.max_price[line]).any():
        return NotKept.PRICE
    load = float(kept.arc_kg[offer.arcs.bakery == j].sum())
    if load + float(kept.unserved[line]) <= problem.bakeries.capacity[j] + TINY:
        return NotKept.FLOUR
    return NotKept.CAPACITY


def _conversions(
    problem: Problem, offer: Problem, kept: Plan, today: FloatArray
) -> tuple[Conversion, ...]:
    """One for each baker and class in the plan, the largest first."""
    used = np.flatnonzero(kept.arc_kg > TINY)
    pairs = offer.arcs.bakery[used] * len(problem.classes) + offer.arcs.cls[used]
    made = []
    for key in np.unique(pairs):
        arcs = used[pairs == key]
        j, q = divmod(int(key), len(problem.classes))
        lines = offer.arcs.line[arcs]
        kg = float(kept.arc_kg[arcs].sum())
        known = ~np.isnan(today[lines])
        known_kg = float(kept.arc_kg[arcs][known].sum())
        price = float(offer.bakeries.price[j, q])
        paid = float(today[lines][known] @ kept.arc_kg[arcs][known])
        before = paid / known_kg if known_kg > 0 else None
        at = (kept.flour.bakery == j) & (kept.flour.cls == q)
        mills = tuple(
            MillShare(int(m), float(w))
            for m, w in sorted(
                zip(kept.flour.mill[at], kept.flour.kg[at], strict=True), key=lambda x: -x[1]
            )
        )
        new = not bool(problem.bakeries.makes[j, q])
        surcharge = None if before is None else (price - before) * known_kg
        sentence = messages.conversion(
            problem.bakeries.ids[j],
            problem.classes[q],
            new,
            kg,
            None if surcharge is None else surcharge / known_kg,
            [problem.mills.ids[share.mill] for share in mills],
        )
        made.append(
            Conversion(
                j,
                q,
                new,
                tuple(lines.tolist()),
                kg,
                known_kg,
                price,
                before,
                surcharge,
                kg / problem.rules.bread_per_flour,
                mills,
                sentence,
            )
        )
    return tuple(sorted(made, key=lambda one: (-one.kg, one.bakery, one.cls)))


def _report(
    problem: Problem,
    offer: Problem,
    kept: Plan,
    remaining: Problem | None,
    other: Plan | None,
    today: FloatArray,
) -> KeepPlan:
    conversions = _conversions(problem, offer, kept, today)
    elsewhere = []
    for line in np.flatnonzero(kept.unserved > TINY).tolist():
        if remaining is None or other is None:
            break
        arcs = np.flatnonzero((remaining.arcs.line == line) & (other.arc_kg > TINY))
        found = tuple(sorted({int(j) for j in remaining.arcs.bakery[arcs]}))
        reason = _reason(problem, offer, kept, line)
        names = [problem.bakeries.ids[j] for j in found]
        sentence = messages.elsewhere(problem.lines.ids[line], reason, names)
        elsewhere.append(Elsewhere(line, float(kept.unserved[line]), reason, found, sentence))
    unserved = float(other.unserved.sum()) if other is not None else 0.0
    grain, hectares = grain_needed(problem, [plan for plan in (kept, other) if plan is not None])
    surcharges = [one for one in conversions if one.surcharge is not None]
    surcharge = sum(one.surcharge or 0.0 for one in surcharges)
    known = sum(one.known_kg for one in surcharges)
    kept_kg = float(kept.arc_kg.sum())
    bakers = {one.bakery for one in conversions if one.new}
    area = None if any(one is None for one in hectares) else sum(one or 0.0 for one in hectares)
    return KeepPlan(
        offer,
        kept,
        remaining,
        other,
        conversions,
        tuple(elsewhere),
        kept_kg,
        float(kept.unserved.sum()) - unserved,
        unserved,
        surcharge,
        known,
        grain,
        hectares,
        messages.kept(kept_kg, float(problem.lines.kg.sum()), len(bakers), surcharge, known, area),
    )


def grain_needed(
    problem: Problem, plans: list[Plan]
) -> tuple[FloatArray, tuple[float | None, ...]]:
    """(kg of grain a day, hectares) by class, over these plans.

    With zones: the grain they sell and their own yields. Without: flour over the mills' extraction,
    and no area. A class that needs no grain takes 0 hectare; an unknown yield gives None."""
    classes = len(problem.classes)
    kg = np.zeros(classes)
    area = np.zeros(classes)
    for plan in plans:
        if problem.has_wheat:
            wheat: WheatFlow = plan.wheat
            np.add.at(kg, wheat.cls, wheat.kg)
            yields = problem.wheat.yield_kg_ha[wheat.wheat, wheat.cls]
            np.add.at(area, wheat.cls, wheat.kg * problem.rules.days_per_year / yields)
        elif problem.has_flour:
            flour: FlourFlow = plan.flour
            np.add.at(kg, flour.cls, flour.kg / problem.mills.extraction[flour.mill])
            np.add.at(area, flour.cls, np.nan)
    if not problem.has_flour:
        area[:] = np.nan
    known = [None if np.isnan(one) else float(one) for one in area]
    return kg, tuple(known)
