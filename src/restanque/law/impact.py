"""What a change of the law would move: higher rooms know, and say so here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from restanque.accounts.models import Membership
from restanque.engine.law import RuleSet


@dataclass(frozen=True, slots=True)
class Moved:
    """One date that would move, or that would appear or vanish (None).

    `grave` tells that something done or planned would become illegal or missed; `words` says what.
    """

    subject: str
    url: str
    label: str
    before: date | None
    after: date | None
    grave: bool = False
    words: str = ""


#: Given a member, the law before and after: the dates of what the member may see.
Provider = Callable[[Membership, RuleSet, RuleSet], list[Moved]]

_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Add a room's answer; the same name again replaces it. Called from `AppConfig.ready`."""
    _providers[name] = provider


def impact_of(membership: Membership, before: RuleSet, after: RuleSet) -> list[Moved]:
    """Everything that would move, the gravest first."""
    found = [
        one for name in sorted(_providers) for one in _providers[name](membership, before, after)
    ]
    return sorted(found, key=lambda one: (not one.grave, one.subject, one.after or date.max))
