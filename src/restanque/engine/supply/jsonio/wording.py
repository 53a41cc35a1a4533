"""Explanations → the words of PLAN.json."""

from __future__ import annotations

from typing import Any

from restanque.engine.supply.explain import Explanations, Remedy
from restanque.engine.supply.jsonio.writing import Unserved, Words
from restanque.engine.supply.problem import Problem


def words_of(problem: Problem, explained: Explanations) -> Words:
    """Reasons by link, reasons and remedies of what is unserved, what is scarce."""
    reasons: dict[tuple[int, int], list[str]] = {}
    for link in explained.links:
        known = reasons.setdefault((link.line, link.bakery), [])
        if link.sentence not in known:
            known.append(link.sentence)
    unserved = {
        item.line: Unserved(
            item.sentence, {"remedies": [_remedy(problem, remedy) for remedy in item.remedies]}
        )
        for item in explained.unserved
    }
    scarce = [
        {"kind": item.kind.value, "saves": item.saves, "sentence": item.sentence}
        for item in explained.worths
    ]
    return Words(reasons, unserved, {"scarce": scarce, "notes": list(explained.notes)})


def _remedy(problem: Problem, remedy: Remedy) -> dict[str, Any]:
    """One change that would serve the line: what, whose, from, to, at what cost in € a day."""
    return {
        "change": remedy.lever.value,
        "bakery": problem.bakeries.ids[remedy.bakery] if remedy.bakery >= 0 else None,
        "before": remedy.before,
        "after": remedy.after,
        "cost": remedy.cost,
        "sentence": remedy.sentence,
    }
