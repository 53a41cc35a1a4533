"""What a change of the law would move in the consultations: answers still awaited."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.engine.law import RuleSet
from restanque.kit.text import plural
from restanque.law.impact import Moved
from restanque.procedures.consultations.reading import ConsultationReading, read_all
from restanque.procedures.models import Consultation

#: (last day before, after; silence before, after)
_Change = tuple[date | None, date | None, date | None, date | None]


def moved_terms(membership: Membership, before: RuleSet, after: RuleSet) -> list[Moved]:
    """The terms that move in the consultations the member may see, bodies moved alike together."""
    today = timezone.localdate()
    own = Consultation.objects.visible_to(membership).filter(procedure__archived=False)
    old, new = read_all(own, today, law=before), read_all(own, today, law=after)
    return [
        moved
        for was, becomes in zip(old, new, strict=True)
        for moved in _moved(was, becomes, today)
    ]


def _moved(was: ConsultationReading, becomes: ConsultationReading, today: date) -> list[Moved]:
    groups: dict[_Change, list[str]] = defaultdict(list)
    for old, new in zip(was.rows, becomes.rows, strict=True):
        change = (
            old.term.last_day, new.term.last_day, old.term.silence_on, new.term.silence_on,
        )  # fmt: skip
        if old.opinion is None and (change[0] != change[1] or change[2] != change[3]):
            groups[change].append(old.consultee.name)
    return [_said(was, names, change, today) for change, names in groups.items()]


def _said(reading: ConsultationReading, names: list[str], change: _Change, today: date) -> Moved:
    last_before, last_after, silence_before, silence_after = change
    who = names[0] if len(names) == 1 else plural(len(names), "organisme")
    lost = (
        silence_before is not None
        and silence_before <= today
        and (silence_after is None or silence_after > today)
    )
    return Moved(
        f"{reading.procedure.name}, {reading.consultation.name}",
        reading.consultation.get_absolute_url(),
        f"Réponse attendue : {who}",
        last_before,
        last_after,
        lost,
        "silence qui ne serait plus acquis" if lost else "",
    )
