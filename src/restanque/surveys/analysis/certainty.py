"""Which communes stand only for themselves: a dated rule, so that a result says by which one.

A commune that holds a large part of the inhabitants cannot be stood for by others, nor stand for
them: its silence is said (« hors Marseille »), never filled in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from restanque.kit.text import format_number, format_percent


@dataclass(frozen=True, slots=True)
class CertaintyRule:
    """From `valid_from` on: at least `share` of the territory's inhabitants, and `inhabitants`."""

    valid_from: date
    share: float
    inhabitants: int

    @property
    def words(self) -> str:
        """The rule as a sentence of the method."""
        return (
            f"Une commune d’au moins {format_number(self.inhabitants)} habitants, et d’au moins "
            f"{format_percent(self.share)} de la population du territoire, ne représente "
            f"qu’elle-même (règle du {self.valid_from:%d/%m/%Y})."
        )


# Oldest first. The share keeps a single city from weighing a whole total; the number of
# inhabitants keeps the rule from applying to a small perimeter where every commune is a tenth.
RULES = (CertaintyRule(date(2020, 1, 1), 0.10, 50_000),)


def rule_on(day: date) -> CertaintyRule:
    """The rule of that day; the oldest one before it."""
    return next((rule for rule in reversed(RULES) if rule.valid_from <= day), RULES[0])


def self_representing(inhabitants: Mapping[str, int | None], day: date) -> frozenset[str]:
    """Codes of the communes that stand only for themselves, among a territory's."""
    rule = rule_on(day)
    total = sum(count or 0 for count in inhabitants.values())
    return frozenset(
        code
        for code, count in inhabitants.items()
        if count is not None and count >= max(rule.inhabitants, rule.share * total)
    )
