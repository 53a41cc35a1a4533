"""Which statutory dates are near, without evaluating every procedure at each visit.

An evaluation depends on what is recorded, the law, the day and the program. Their fingerprint is
read at each visit (a few columns, no object), and what was found is kept in the cache under it: a
fact, a target, an act of a body or a rule that changes gives another fingerprint, so nothing stale
can be shown, and nothing needs to be told that it changed. Only the days are kept: what is shown of
a date (article, proof, consequence) is always read afresh.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.cache import cache

from restanque import __version__
from restanque.accounts.models import Membership
from restanque.engine import deadlines
from restanque.law.current import law_of
from restanque.procedures.models import Procedure, ProcedureFact, ProcedureQuerySet, Target
from restanque.procedures.reading import SOON, Reading

#: Longer than a day: a fingerprint holds its day, older ones are never asked again.
_KEPT = 2 * 24 * 3600
_FRAME = (
    "pk", "kind", "prescribed_on", "prescription_proof", "to_confirm", "conditions",
    "participation", "fictitious",
)  # fmt: skip
# What `ProcedureFact.as_event` reads, its act included.
_FACT = (
    "procedure", "step", "own_date", "proof_kind", "proof_reference", "to_confirm",
    "act", "act__number", "act__title", "act__voted_on",
)  # fmt: skip
_TARGET = ("procedure", "step", "wished_on")


@dataclass(frozen=True, slots=True)
class Near:
    """A statutory date whose clock runs, of one procedure; several may fall on one day."""

    day: date
    procedure: int
    fictitious: bool


def near_dates(membership: Membership, today: date) -> list[Near]:
    """The dates due within `SOON`, and those passed without their act, the soonest first.

    Of the running procedures a member may see.
    """
    visible = Procedure.objects.visible_to(membership).running()
    prints = _fingerprints(visible, _context(membership, today))
    if not prints:
        return []
    key = f"procedures.near.{membership.workspace_id}"
    kept: dict[int, tuple[str, list[date]]] = cache.get(key) or {}
    stale = [pk for pk, (mark, _) in prints.items() if kept.get(pk, ("",))[0] != mark]
    if stale:
        asked = visible if len(stale) == len(prints) else visible.filter(pk__in=stale)
        for one in asked.to_scan():
            # A procedure born since the fingerprints were read waits for the next visit.
            if one.pk in prints:
                kept[one.pk] = (prints[one.pk][0], _days(one, today))
        cache.set(key, kept, _KEPT)
    found = [
        Near(day, pk, fictitious)
        for pk, (_, fictitious) in prints.items()
        for day in kept.get(pk, ("", []))[1]
    ]
    return sorted(found, key=lambda one: (one.day, one.procedure))


def _days(procedure: Procedure, today: date) -> list[date]:
    reading = Reading(procedure, today)
    return [one.day for one in reading.firm_deadlines if one.left <= SOON.days]


def _context(membership: Membership, today: date) -> str:
    """What an evaluation depends on besides the procedure."""
    law = law_of(membership.workspace)
    return f"{_program()} {law.version} {today.isoformat()} {SOON.days}"


def _fingerprints(visible: ProcedureQuerySet, context: str) -> Mapping[int, tuple[str, bool]]:
    """Procedure → (fingerprint of all that its dates depend on, whether it is invented)."""
    facts = _grouped(ProcedureFact.objects.filter(procedure__in=visible).order_by(), _FACT)
    targets = _grouped(Target.objects.filter(procedure__in=visible).order_by(), _TARGET)
    found: dict[int, tuple[str, bool]] = {}
    for row in visible.order_by().values_list(*_FRAME):
        content = [context, row, sorted(facts[row[0]]), sorted(targets[row[0]])]
        found[row[0]] = (_digest(content), row[-1])
    return found


def _grouped(rows: Any, fields: Sequence[str]) -> Mapping[int, list[str]]:
    """Procedure → its rows as text, whose order does not matter."""
    groups: dict[int, list[str]] = defaultdict(list)
    for row in rows.values_list(*fields):
        groups[row[0]].append(repr(row[1:]))
    return groups


@lru_cache(maxsize=1)
def _program() -> str:
    """The version, and the files that compute dates: an upgrade must not keep former dates."""
    folder = Path(deadlines.__file__).parent
    files = [path.read_bytes() for path in sorted(folder.rglob("*.py"))]
    return f"{__version__} {hashlib.blake2b(b''.join(files), digest_size=16).hexdigest()}"


def _digest(content: Iterable[Any]) -> str:
    text = json.dumps(list(content), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
