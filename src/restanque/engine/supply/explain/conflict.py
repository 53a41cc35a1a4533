"""When not everything can be served: a smallest set of rules that contradict each other.

Deletion filter (Chinneck & Dravnieks 1991) on groups of rules with a name, not on rows of a model:
each group is lifted in turn, for the lines concerned; it stays lifted if some bread is still left
unserved. What remains contradicts itself: lift any one of them and everything is served.

Minimal is proven, not hoped: every rule kept is lifted once more, alone, and a plan that serves the
lines is seen; and what remains is shown to leave bread unserved in the best plan (exact model, or
an award that meets its bound). Where that fails, or time runs out, the answer says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from restanque.engine.supply.arcs import link
from restanque.engine.supply.arrays import BoolArray, FloatArray, IntArray
from restanque.engine.supply.award.solving import solve as award
from restanque.engine.supply.distances import between
from restanque.engine.supply.explain import wording
from restanque.engine.supply.potential import solve as potential
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.solution import Plan

#: Share of the need under which nothing counts as unserved.
TINY = 1e-6
#: Gap under which an award is the best there is.
PROVEN = 1e-7
#: Moves for each lot when the rules of whole lots are looked at.
MOVES = 300


class Rule(StrEnum):
    """Groups of rules, in the order they are lifted: the least negotiable last."""

    DROP = "drop"
    BAKERS = "bakers"
    MINIMUM = "minimum"
    PAIRS = "pairs"
    PRICE = "price"
    RADIUS = "radius"
    FLOUR = "flour"
    CAPACITY = "capacity"
    CLASSES = "classes"


#: Those that only whole lots know.
AWARD_ONLY = (Rule.DROP, Rule.BAKERS, Rule.MINIMUM)


@dataclass(frozen=True)
class Conflict:
    """rules: none can be spared, and without any one of them the lines are served. Empty: lifting
    every group does not serve them. lines: those looked at. unserved: kg a day left unserved.
    proven: the set is minimal, seen by calculation; else a smaller one may exist."""

    rules: tuple[Rule, ...]
    lines: tuple[int, ...]
    unserved: float
    sentence: str
    proven: bool = True


def conflict(
    problem: Problem,
    *,
    whole_lots: bool,
    distances: FloatArray | None = None,
    seed: int = 0,
    should_stop: Callable[[], bool] = lambda: False,
) -> Conflict | None:
    """None when everything can be served. `whole_lots`: also the rules of the award. distances (D,
    J): those the problem was made with, if not as the crow flies. Arcs given by hand are counted
    among the pairs. should_stop: asked before each calculation; the set found so far is returned,
    not proven."""
    search = _Filter(problem, whole_lots, distances, seed, should_stop)
    if not len(search.lines):
        return None
    kept, proven = search.run()
    names = [problem.lines.ids[line] for line in search.lines.tolist()]
    sentence = wording.conflict(kept, names, search.total, proven)
    return Conflict(tuple(kept), tuple(search.lines.tolist()), search.total, sentence, proven)


class _Filter:
    """The deletion filter on one problem. lines: those the plan leaves unserved, `total` kg."""

    def __init__(
        self,
        problem: Problem,
        whole_lots: bool,
        distances: FloatArray | None,
        seed: int,
        should_stop: Callable[[], bool],
    ) -> None:
        self.problem, self.whole_lots = problem, whole_lots
        self.distances, self.seed, self.should_stop = distances, seed, should_stop
        self.tiny = TINY * max(float(problem.lines.kg.max(initial=0.0)), 1e-9)
        missing = _plan(problem, whole_lots, seed).unserved
        self.lines = np.flatnonzero(missing > self.tiny)
        self.total = float(missing.sum())
        self.stopped = False

    def run(self) -> tuple[list[Rule], bool]:
        """The rules kept, and whether the set is proven minimal."""
        rules = [rule for rule in Rule if self.whole_lots or rule not in AWARD_ONLY]
        if self.unserved(rules):
            return [], not self.stopped
        lifted: list[Rule] = []
        kept: list[Rule] = []
        for rule in rules:
            (lifted if self.unserved([*lifted, rule]) else kept).append(rule)
        # A rule lifted late may free one kept before: what costs least is not always what serves
        # most. Filter again what is kept until each is seen to be needed.
        spared = next((rule for rule in kept if self.unserved([*lifted, rule])), None)
        while spared is not None and not self.stopped:
            kept.remove(spared)
            lifted.append(spared)
            spared = next((rule for rule in kept if self.unserved([*lifted, rule])), None)
        return kept, spared is None and bool(kept) and not self.stopped and self.refuses(lifted)

    def unserved(self, lifted: list[Rule]) -> bool:
        """Whether these lines keep bread unserved without these rules; no once stopped."""
        self.stopped = self.stopped or self.should_stop()
        if self.stopped:
            return False
        plan = _plan(self.trial(lifted), self.whole_lots, self.seed)
        return bool(plan.unserved[self.lines].sum() > self.tiny)

    def refuses(self, lifted: list[Rule]) -> bool:
        """Whether bread stays unserved, proven: by the fractional optimum, or by an award that
        meets its bound."""
        trial = self.trial(lifted)
        if potential(trial).unserved[self.lines].sum() > self.tiny:
            return True
        if not self.whole_lots:
            return False
        plan = _plan(trial, True, self.seed)
        return bool(plan.gap <= PROVEN and plan.unserved[self.lines].sum() > self.tiny)

    def trial(self, lifted: list[Rule]) -> Problem:
        """The problem without these rules."""
        return _lift(self.problem, lifted, self.lines, self.distances)


def _plan(problem: Problem, whole_lots: bool, seed: int) -> Plan:
    if whole_lots:
        return award(problem, moves=MOVES * max(len(problem.lines), 1), seed=seed)
    return potential(problem)


def _lift(
    problem: Problem, rules: list[Rule], lines: IntArray, distances: FloatArray | None
) -> Problem:
    """The problem without these rules; those of the demand only for these lines."""
    changed = problem
    for rule in rules:
        changed = LIFTED[rule](changed, lines)
    if not {Rule.PAIRS, Rule.PRICE, Rule.RADIUS, Rule.CLASSES} & set(rules):
        return changed
    return _relinked(changed, lines, Rule.RADIUS in rules, Rule.PAIRS in rules, distances)


def _relinked(
    problem: Problem,
    lines: IntArray,
    everywhere: bool,
    every_pair: bool,
    distances: FloatArray | None,
) -> Problem:
    """New arcs for these lines, the others' kept.

    Within the radius the pairs are those found by place: where arcs were given by hand and `pairs`
    holds, a line that has arcs keeps its own pairs."""
    arcs, shops, tables = problem.arcs, problem.bakeries, problem.lines
    old = arcs.line
    others = ~np.isin(old, lines)
    if distances is None:
        km = between(tables.x[lines], tables.y[lines], shops.x, shops.y) * problem.rules.detour
    else:
        km = np.where(np.isfinite(distances[lines]), distances[lines], np.inf)
    reach = np.ones(km.shape, np.bool_) if everywhere else km <= problem.rules.radius_km
    if not every_pair and not everywhere:
        reach &= _own_pairs(problem, lines, km)
    row, shop = np.nonzero(reach & np.isfinite(km))
    line = np.concatenate([old[others], lines[row]])
    bakery = np.concatenate([arcs.bakery[others], shop])
    far = np.concatenate([arcs.km[others], km[row, shop]])
    _, first = np.unique(line * len(shops) + bakery, return_index=True)
    return replace(problem, arcs=link(problem, line[first], bakery[first], far[first]))


def _own_pairs(problem: Problem, lines: IntArray, km: FloatArray) -> BoolArray:
    """All pairs within the radius, less those a hand-made list of arcs left out.

    A pair that could have an arc (class, price, radius of the bakery) and has none was left out."""
    row, shop = np.nonzero(km <= problem.rules.radius_km)
    could = link(problem, lines[row], shop.astype(np.int64), km[row, shop])
    width = len(problem.bakeries)
    has = problem.arcs.line * width + problem.arcs.bakery
    left_out = np.setdiff1d(could.line * width + could.bakery, has)
    open_pairs = lines[:, None] * width + np.arange(width)[None, :]
    return ~np.isin(open_pairs, left_out)


def _no_drop(problem: Problem, lines: IntArray) -> Problem:
    return replace(problem, rules=replace(problem.rules, min_drop_kg=0.0))


def _no_k(problem: Problem, lines: IntArray) -> Problem:
    return replace(problem, rules=replace(problem.rules, k=max(len(problem.bakeries), 1)))


def _no_minimum(problem: Problem, lines: IntArray) -> Problem:
    least = np.zeros(len(problem.bakeries))
    return replace(problem, bakeries=replace(problem.bakeries, min_order=least))


def _no_pairs(problem: Problem, lines: IntArray) -> Problem:
    concerned = set(lines.tolist())
    return replace(
        problem,
        rules=replace(
            problem.rules,
            forbidden=tuple(pair for pair in problem.rules.forbidden if pair[0] not in concerned),
            forced=tuple(pair for pair in problem.rules.forced if pair[0] not in concerned),
        ),
    )


def _any_price(problem: Problem, lines: IntArray) -> Problem:
    accepted = problem.lines.max_price.copy()
    accepted[lines] = np.inf
    return replace(problem, lines=replace(problem.lines, max_price=accepted))


def _any_distance(problem: Problem, lines: IntArray) -> Problem:
    free = np.full(len(problem.bakeries), np.inf)
    return replace(problem, bakeries=replace(problem.bakeries, radius=free))


def _any_flour(problem: Problem, lines: IntArray) -> Problem:
    mills, wheat = problem.mills, problem.wheat
    ground = mills.class_capacity > 0
    changed = replace(
        mills,
        capacity=np.full(len(mills), np.inf),
        class_capacity=np.where(ground, np.inf, 0.0),
    )
    plenty = np.where(wheat.supply > 0, np.inf, 0.0)
    return replace(problem, mills=changed, wheat=replace(wheat, supply=plenty))


def _any_capacity(problem: Problem, lines: IntArray) -> Problem:
    shops = problem.bakeries
    whole = float(problem.lines.kg.sum())
    enough = np.where(shops.capacity > 0, shops.capacity + whole, 0.0)
    return replace(problem, bakeries=replace(shops, capacity=enough))


def _any_class(problem: Problem, lines: IntArray) -> Problem:
    """These lines take any class: a class of their own that accepts all would change the tables, so
    the classes they ask accept all."""
    accepts = problem.accepts.copy()
    accepts[np.unique(problem.lines.cls[lines])] = True
    return replace(problem, accepts=accepts)


LIFTED: dict[Rule, Callable[[Problem, IntArray], Problem]] = {
    Rule.DROP: _no_drop,
    Rule.BAKERS: _no_k,
    Rule.MINIMUM: _no_minimum,
    Rule.PAIRS: _no_pairs,
    Rule.PRICE: _any_price,
    Rule.RADIUS: _any_distance,
    Rule.FLOUR: _any_flour,
    Rule.CAPACITY: _any_capacity,
    Rule.CLASSES: _any_class,
}
