"""The law that a procedure was last read with, kept so that a change shows which dates it moves.

A rule set is thousands of words; what moves dates is its periods and its validity. They are kept
for the rules that a procedure can meet, and put back over the present law to compare.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from restanque.engine.deadlines import ProcedureKind, rules_of
from restanque.engine.law import (
    Candidate,
    LawError,
    Override,
    Period,
    Regime,
    Rule,
    RuleSet,
    Unit,
    merge,
)

_REASON = "état du droit retenu auparavant"


def remember(law: RuleSet, kind: ProcedureKind) -> dict[str, Any]:
    """What to keep of the law for a kind of procedure, as JSON values."""
    regimes = [one for one in law.regimes.values() if one.family == kind.family]
    names: set[str] = set()
    for regime in {None, *(one.id for one in regimes)}:
        names |= rules_of(kind, regime, law)
    return {
        "dated": law.dated.isoformat(),
        "rules": {name: _rule(law, law.rules[name]) for name in sorted(names)},
        "regimes": {one.id: _validity(one) for one in regimes},
    }


@dataclass(frozen=True, slots=True)
class Recalled:
    """The former law, as far as it can be put back, and what was rewritten, added or removed.

    `changed` are the present rules whose content differs; `gone` the names of those that are no
    more; `lost` the rules whose former value no longer fits, so that their dates are not compared.
    """

    law: RuleSet
    changed: tuple[Rule, ...]
    gone: tuple[str, ...]
    lost: tuple[Rule, ...]


def recall(memory: dict[str, Any], law: RuleSet) -> Recalled:
    """Put what was kept back over the present law."""
    made_on = date.fromisoformat(memory["dated"])
    known = {name: kept for name, kept in memory["rules"].items() if name in law.rules}
    changed = tuple(
        law.rules[name]
        for name, kept in known.items()
        if kept["content"] != law.content_of(law.rules[name])
    )
    former, lost = law, []
    for rule in changed:
        changes = _changes(rule, known[rule.id])
        try:
            former = merge(former, [Override("rules", rule.id, changes, _REASON, made_on)])
        except LawError:
            lost.append(rule)
    moved = [
        Override("regimes", name, _dates(kept), _REASON, made_on)
        for name, kept in memory["regimes"].items()
        if name in law.regimes and _validity(law.regimes[name]) != kept
    ]
    gone = tuple(sorted(set(memory["rules"]) - set(known)))
    return Recalled(merge(former, moved) if moved else former, changed, gone, tuple(lost))


def _rule(law: RuleSet, rule: Rule) -> dict[str, Any]:
    return {
        "content": law.content_of(rule),
        "period": _period(rule.period),
        "candidates": [_period(one.period) for one in rule.candidates],
        **_validity(rule),
    }


def _changes(rule: Rule, kept: dict[str, Any]) -> dict[str, Any]:
    """The former values of what moves dates; the evidence stays that of today."""
    candidates = tuple(
        Candidate(read, rule.evidence) for read in _periods(kept["candidates"]) if read is not None
    )
    now = tuple(one.period for one in rule.candidates)
    if now == tuple(one.period for one in candidates):
        candidates = rule.candidates
    return {"period": _read(kept["period"]), "candidates": candidates, **_dates(kept)}


def _period(period: Period | None) -> list[Any] | None:
    return [period.amount, period.unit.value] if period else None


def _read(kept: list[Any] | None) -> Period | None:
    return Period(kept[0], Unit(kept[1])) if kept else None


def _periods(kept: Iterable[list[Any] | None]) -> list[Period | None]:
    return [_read(one) for one in kept]


def _validity(one: Rule | Regime) -> dict[str, str | None]:
    return {
        "valid_from": one.valid_from.isoformat() if one.valid_from else None,
        "valid_to": one.valid_to.isoformat() if one.valid_to else None,
    }


def _dates(kept: dict[str, Any]) -> dict[str, date | None]:
    return {
        name: date.fromisoformat(kept[name]) if kept[name] else None
        for name in ("valid_from", "valid_to")
    }
