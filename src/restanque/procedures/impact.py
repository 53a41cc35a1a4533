"""What a change of the law would move in the procedures: the room's answer to the law room."""

from collections.abc import Iterator

from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.engine.deadlines import Difference, compare
from restanque.engine.law import RuleSet
from restanque.law.impact import Moved
from restanque.procedures.models import Procedure
from restanque.procedures.reading import Reading

#: « Au plus tôt » moves with « prévu »; it would only say everything twice.
FIELDS = {"planned": "prévue", "latest": "au plus tard"}


def moved_dates(membership: Membership, before: RuleSet, after: RuleSet) -> list[Moved]:
    """What moves in the running procedures the member may see, and what becomes illegal."""
    today = timezone.localdate()
    found: list[Moved] = []
    for one in Procedure.objects.visible_to(membership).running().to_scan():
        old = Reading(one, today, before).timeline
        difference = compare(old, Reading(one, today, after).timeline)
        found += _moved(one, difference)
    return found


def _moved(procedure: Procedure, difference: Difference) -> Iterator[Moved]:
    url = procedure.get_absolute_url()
    for one in difference.moved:
        if one.field in FIELDS:
            label = f"{one.label}, {FIELDS[one.field]}"
            yield Moved(procedure.name, url, label, one.before, one.after)
    for risk in difference.new_illegal:
        yield Moved(procedure.name, url, risk.message, None, None, True, risk.kind.label)
