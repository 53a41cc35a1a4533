"""The rule set shipped with the program."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Protocol, TypeVar

from restanque.engine.law.model import Consultee, Piece, Rule
from restanque.engine.law.ruleset import RuleSet
from restanque.engine.law.tables import (
    articles_other,
    articles_urbanisme,
    contracts,
    objections,
    rules_opinions,
    rules_other,
    rules_scot,
    rules_scot_life,
)
from restanque.engine.law.tables.consultees import CONSULTEES
from restanque.engine.law.tables.evidence import CHECKED_ON
from restanque.engine.law.tables.pieces import PIECES
from restanque.engine.law.tables.regimes import PARAMETERS, REGIMES


class _Named(Protocol):
    @property
    def id(self) -> str: ...


_One = TypeVar("_One", bound=_Named)


@cache
def shipped() -> RuleSet:
    """Every rule of the reference file of 24 November 2026, with its own evidence."""
    return RuleSet(
        articles=_by_id(
            [*articles_urbanisme.ARTICLES, *articles_other.ARTICLES, *contracts.ARTICLES]
        ),
        rules=_by_id(
            [
                *rules_scot.RULES,
                *rules_scot_life.RULES,
                *objections.RULES,
                *rules_other.RULES,
                *rules_opinions.RULES,
            ]
        ),
        regimes=_by_id(REGIMES),
        parameters=_by_id([*PARAMETERS, *contracts.PARAMETERS]),
        consultees=CONSULTEES,
        dated=CHECKED_ON,
        pieces=PIECES,
    )


def prefect_objections(ruleset: RuleSet) -> tuple[Rule, ...]:
    """What the prefect may object to an approved SCoT (L143-25), as a list to check."""
    return tuple(rule for rule in ruleset.rules.values() if rule.key.startswith("objection."))


def consultees(ruleset: RuleSet, *, kind: str, step: str | None = None) -> tuple[Consultee, ...]:
    """Who must be consulted in a kind of procedure, at one step or at all of them."""
    return tuple(
        one for one in ruleset.consultees if kind in one.kinds and step in (None, one.step)
    )


def pieces(ruleset: RuleSet, kind: str) -> tuple[Piece, ...]:
    """The pieces that the file of a kind of procedure is made of, in order; none when not known."""
    return tuple(one for one in ruleset.pieces if any(kind == name for name, _ in one.due))


def _by_id(things: Iterable[_One]) -> dict[str, _One]:
    """A table by identifier; a duplicate is a fault of ours."""
    table: dict[str, _One] = {}
    for one in things:
        if one.id in table:
            raise AssertionError(f"identifier used twice: {one.id}")
        table[one.id] = one
    return table
