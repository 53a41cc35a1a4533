"""Plan → PLAN.json."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from restanque.engine.supply.arrays import FloatArray, IntArray
from restanque.engine.supply.check import Report
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.solution import Plan

#: What every plan says of itself (CCP R2111-7 and CJEU case law on geographic preference).
NATURE = (
    "Scénario d’approvisionnement et d’allotissement : il aide à préparer, il n’attribue rien. "
    "La préférence géographique n’est pas un critère d’attribution licite d’un marché public."
)


@dataclass(frozen=True)
class Unserved:
    """Why a line is short, in French, and the smallest change that would serve it."""

    reason: str
    would_need: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Words:
    """What `explain` adds to a plan: sentences by (line, bakery), reasons by line."""

    reasons: Mapping[tuple[int, int], Sequence[str]] = field(default_factory=dict)
    unserved: Mapping[int, Unserved] = field(default_factory=dict)
    #: Any further answers (what-ifs, alternatives…), JSON-ready.
    more: Mapping[str, Any] = field(default_factory=dict)


def plan_as_dict(
    problem: Problem,
    plan: Plan,
    report: Report,
    *,
    times: Mapping[str, float] | None = None,
    words: Words | None = None,
) -> dict[str, Any]:
    """The content of PLAN.json; identifiers are those of PROBLEM.json."""
    words = words or Words()
    made: dict[str, Any] = {
        "model": plan.model,
        "nature": NATURE,
        "neutral": problem.rules.neutral,
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
        "flows": _flows(problem, plan, words),
        "unserved": _unserved(problem, plan, words),
        "wheat": _wheat(problem, plan),
        "duals": _duals(problem, plan),
        "times": dict(times or {}),
        "checks": {
            "violations": [
                {"rule": item.rule, "where": item.where, "excess": item.excess}
                for item in report.violations
            ],
            "objective": report.objective,
            "parts": report.parts,
            "work": plan.work,
        },
        "notes": [*problem.notes, *plan.notes],
    }
    if words.more:
        made["explanations"] = dict(words.more)
    return made


def write_plan(content: Mapping[str, Any]) -> str:
    """JSON text: UTF-8, indented, no NaN (null)."""
    return json.dumps(_plain(content), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    """numpy numbers as Python's, NaN and infinities as null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


# --- flows ---


def _flows(problem: Problem, plan: Plan, words: Words) -> list[dict[str, Any]]:
    """Bread by line, bakery, class and mill; costs are € a day, fairness and stops left out."""
    arcs, lines, made = problem.arcs, problem.arcs.line, []
    for arc, mill, kg in _by_mill(problem, plan):
        d, j, q = int(lines[arc]), int(arcs.bakery[arc]), int(arcs.cls[arc])
        parts = {
            "price": float(arcs.price[arc]) * kg,
            "transport": float(arcs.transport[arc]) * kg,
            "preference": float(arcs.preference[arc]) * kg,
            "change": float(arcs.change[arc]) * kg,
        }
        if mill >= 0:
            parts["flour"] = _flour_unit(problem, j, mill, q) * kg / problem.rules.bread_per_flour
        made.append(
            {
                "line": problem.lines.ids[d],
                "bakery": problem.bakeries.ids[j],
                "mill": problem.mills.ids[mill] if mill >= 0 else None,
                "class": problem.classes[q],
                "kg": kg,
                "km": float(arcs.km[arc]),
                "cost": sum(parts.values()),
                "parts": parts,
                "reasons": list(words.reasons.get((d, j), ())),
            }
        )
    return made


def _by_mill(problem: Problem, plan: Plan) -> list[tuple[int, int, float]]:
    """Bread of each arc shared among the mills of its bakery and class, in their order."""
    used = np.flatnonzero(plan.arc_kg > 0)
    if not problem.has_flour:
        return [(int(arc), -1, float(plan.arc_kg[arc])) for arc in used]
    left: dict[tuple[int, int], list[list[float]]] = {}
    flour = plan.flour
    for row in range(len(flour.kg)):
        place = int(flour.bakery[row]), int(flour.cls[row])
        bread = float(flour.kg[row]) * problem.rules.bread_per_flour
        left.setdefault(place, []).append([int(flour.mill[row]), bread])
    made = []
    for arc in used:
        mills = left.get((int(problem.arcs.bakery[arc]), int(problem.arcs.cls[arc])), [])
        want = whole = float(plan.arc_kg[arc])
        while mills and want > 1e-9 * whole:
            mill, have = mills[0]
            # The last mill takes what rounding leaves.
            taken = want if len(mills) == 1 else min(want, have)
            if taken > 1e-9 * whole:
                made.append((int(arc), int(mill), taken))
            want -= taken
            mills[0][1] -= taken
            if mills[0][1] <= 1e-9 * whole and len(mills) > 1:
                mills.pop(0)
        if want > 1e-9 * whole:
            made.append((int(arc), -1, want))
    return made


def _flour_unit(problem: Problem, j: int, m: int, q: int) -> float:
    weights = problem.rules.counted
    today = int(problem.bakeries.mill[j])
    unit = problem.mills.price[m, q] - problem.flour_reference[q]
    unit += weights.flour_km * problem.mill_km[j, m]
    return float(unit + weights.mill_change * (today not in (-1, m)))


def _unserved(problem: Problem, plan: Plan, words: Words) -> list[dict[str, Any]]:
    made = []
    for d in np.flatnonzero(plan.unserved > 0):
        said = words.unserved.get(int(d))
        made.append(
            {
                "line": problem.lines.ids[d],
                "kg": float(plan.unserved[d]),
                "reason": said.reason if said else None,
                "would_need": dict(said.would_need) if said else None,
            }
        )
    return made


def _wheat(problem: Problem, plan: Plan) -> list[dict[str, Any]]:
    """Grain by zone, mill and class, with the hectares of a year where the yield is known."""
    wheat, made = plan.wheat, []
    for row in range(len(wheat.kg)):
        f, q = int(wheat.wheat[row]), int(wheat.cls[row])
        grown = float(problem.wheat.yield_kg_ha[f, q])
        year = float(wheat.kg[row]) * problem.rules.days_per_year
        made.append(
            {
                "wheat": problem.wheat.ids[f],
                "mill": problem.mills.ids[int(wheat.mill[row])],
                "class": problem.classes[q],
                "kg": float(wheat.kg[row]),
                "hectares": year / grown if grown > 0 else None,
            }
        )
    return made


# --- prices ---


def _duals(problem: Problem, plan: Plan) -> dict[str, Any] | None:
    """Shadow prices by identifier; rents that are zero are left out."""
    duals = plan.duals
    if duals is None:
        return None
    classes = problem.classes
    return {
        "lines": dict(zip(problem.lines.ids, duals.line_price.tolist(), strict=True)),
        "load": _named(problem.bakeries.ids, duals.load_price),
        "capacity": _named(problem.bakeries.ids, duals.capacity_rent),
        "flour": _table(problem.bakeries.ids, classes, duals.flour_price, _reached(problem)),
        "mills": _named(problem.mills.ids, duals.mill_rent),
        "mill_classes": _table(problem.mills.ids, classes, duals.mill_class_rent),
        "wheat": _table(problem.wheat.ids, classes, duals.wheat_rent),
        "budgets": _named(problem.communes, duals.budget),
        "certified": duals.certified,
    }


def _reached(problem: Problem) -> IntArray:
    return np.unique(problem.arcs.bakery)


def _named(ids: Sequence[str], values: FloatArray) -> dict[str, float]:
    return {ids[row]: float(values[row]) for row in np.flatnonzero(values).tolist()}


def _table(
    ids: Sequence[str], classes: Sequence[str], values: FloatArray, rows: IntArray | None = None
) -> dict[str, dict[str, float]]:
    made = {}
    for row in range(len(values)) if rows is None else rows.tolist():
        here = values[row]
        shown = np.flatnonzero(np.isfinite(here) & (here != 0))
        if len(shown):
            made[ids[row]] = {classes[q]: float(here[q]) for q in shown.tolist()}
    return made
