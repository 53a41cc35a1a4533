"""Days that the shipped law governs and that changed dates of validity would leave without rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from restanque.engine.law.model import Regime, Rule
from restanque.engine.law.ruleset import RuleSet

_Dated = Sequence[Rule | Regime]


def uncovered(
    before: RuleSet, after: RuleSet, *, rules: Collection[str]
) -> dict[tuple[str, str], date]:
    """(table, identifier) of what leaves a hole → the first day without any version.

    Looked at: every family of regimes, and these keys of rules, which nothing can do without.
    Another rule may end: its step is then without deadline.
    """
    found: dict[tuple[str, str], date] = {}
    families = dict.fromkeys(one.family for one in before.regimes.values())
    for family in families:
        old, new = (
            [one for one in law.regimes.values() if one.family == family] for law in (before, after)
        )
        found |= _holes("regimes", old, new)
    for key in rules:
        found |= _holes("rules", before.versions(key), after.versions(key))
    return found


def _holes(table: str, old: _Dated, new: _Dated) -> dict[tuple[str, str], date]:
    """Each version of a group that has a hole: which of them is at fault cannot be told."""
    day = next((day for day in _breaks([*old, *new]) if _held(old, day) > _held(new, day)), None)
    return {} if day is None else {(table, one.id): day for one in new}


def _breaks(versions: Iterable[Rule | Regime]) -> list[date]:
    """The days from which something changes: between two of them, nothing does."""
    days = {date.min}
    for one in versions:
        if one.valid_from is not None:
            days.add(one.valid_from)
        if one.valid_to is not None and one.valid_to < date.max:
            days.add(one.valid_to + timedelta(days=1))
    return sorted(days)


def _held(versions: _Dated, day: date) -> bool:
    return any(one.holds_on(day) for one in versions)
