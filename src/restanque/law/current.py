"""The law that a workspace works with: the shipped rules, its own values, what it has read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from restanque.accounts.models import Workspace
from restanque.engine.deadlines import Convening
from restanque.engine.law import (
    Confidence,
    Evidence,
    LawError,
    Override,
    Rule,
    RuleSet,
    Status,
    content_of,
    merge,
    shipped,
    uncovered,
)
from restanque.law.codec import from_json
from restanque.law.models import LawCheck, LawOverride, Verdict

#: What an override holds: table, identifier, values as JSON text, reason, day.
_Kept = tuple[str, str, str, str, date]
#: What a check holds: table, identifier, content compared, verdict, address, day.
_Read = tuple[str, str, str, str, str, date]


@dataclass(frozen=True, slots=True)
class Composed:
    """The law of a workspace, and the overrides that fit the shipped rules no more.

    `unfit` holds (table, identifier, why in French): the shipped value holds instead.
    """

    law: RuleSet
    unfit: tuple[tuple[str, str, str], ...] = ()


def law_of(workspace: Workspace) -> RuleSet:
    """The rules shipped with the application, with what the workspace has changed and checked.

    Two queries, none when `law_overrides` and `law_checks` were prefetched. The same content gives
    the same rule set, so that its own memory serves all the procedures of a list.
    """
    return composed_of(workspace).law


def composed_of(workspace: Workspace) -> Composed:
    """The same, with what fits no more."""
    return compose(workspace.law_overrides.all(), workspace.law_checks.all())


def compose(overrides: Iterable[LawOverride], checks: Iterable[LawCheck]) -> Composed:
    """The law that these overrides and checks make, whether saved or not."""
    kept = sorted(
        (one.table, one.object_id, _text(one.changes), one.reason, one.made_on) for one in overrides
    )
    latest: dict[tuple[str, str], LawCheck] = {}
    for one in sorted(checks, key=lambda one: (one.checked_on, one.pk or 0)):
        latest[one.table, one.object_id] = one
    read = sorted(
        (one.table, one.object_id, one.content, str(one.verdict), one.link, one.checked_on)
        for one in latest.values()
    )
    if not kept and not read:
        return Composed(shipped())
    return _composed(tuple(kept), tuple(read))


#: What no page can do without: a sitting has a day to be convened by, whatever its date.
_ALWAYS = tuple(one.value for one in Convening)
_HOLE = (
    "Avec ces dates de validité, plus aucune version ne vaudrait à partir du {day:%d/%m/%Y} : "
    "prolongez d’abord l’autre version."
)


@lru_cache(maxsize=32)
def _composed(kept: tuple[_Kept, ...], read: tuple[_Read, ...]) -> Composed:
    law, unfit = _merged(kept)
    holes = uncovered(shipped(), law, rules=_ALWAYS)
    if holes:
        law, unfit = _merged(tuple(one for one in kept if one[:2] not in holes))
        unfit += [(*one[:2], _HOLE.format(day=holes[one[:2]])) for one in kept if one[:2] in holes]
    seen = [made for one in read if (made := _seen(law, *one)) is not None]
    return Composed(merge(law, seen) if seen else law, tuple(unfit))


def _merged(kept: tuple[_Kept, ...]) -> tuple[RuleSet, list[tuple[str, str, str]]]:
    """The overrides one after the other; those that the engine refuses, with why."""
    law, unfit = shipped(), []
    for table, name, changes, reason, made_on in kept:
        try:
            values = from_json(json.loads(changes))
            law = merge(law, [Override(table, name, values, reason, made_on)])
        except LawError as error:
            unfit.append((table, name, str(error)))
    return law, unfit


def _seen(
    law: RuleSet, table: str, name: str, content: str, verdict: str, link: str, checked_on: date
) -> Override | None:
    """The evidence that a reading brings; None when it brings none, or the rule has changed."""
    one = getattr(law, table, {}).get(name)
    if one is None or content_of(one) != content or verdict == Verdict.UNREADABLE:
        return None
    if verdict == Verdict.SAME:
        if isinstance(one, Rule) and one.candidates:
            return None
        source = f"Texte lu par l’équipe le {checked_on:%d/%m/%Y} : {link}"
        evidence = Evidence(Status.TEXT, Confidence.HIGH, source, checked_on)
    else:
        source = (
            f"L’équipe a lu autre chose le {checked_on:%d/%m/%Y}, la règle n’est pas encore "
            f"corrigée. {one.evidence.source}"
        )
        evidence = Evidence(
            one.evidence.status, Confidence.LOW, source, one.evidence.checked_on, verify=True
        )
    return Override(table, name, {"evidence": evidence}, "relecture de l’équipe", checked_on)


def _text(changes: dict[str, Any]) -> str:
    return json.dumps(changes, ensure_ascii=False, sort_keys=True)
