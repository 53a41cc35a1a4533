"""Writes on observed facts: record what a source says, withdraw it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import transaction

from restanque.directory.models import Organisation, OrganisationFact

_LARGEST = Decimal(10) ** 10


@dataclass(frozen=True, slots=True)
class Observation:
    """One fact as a source says it; see `OrganisationFact` for the fields."""

    name: str
    label: str
    value: str
    shown: str
    item: str = ""
    unit: str = ""
    is_number: bool = False


@transaction.atomic
def record_facts(
    *,
    organisation: Organisation,
    observations: Iterable[Observation],
    observed_on: date,
    source: str,
    source_label: str,
) -> int:
    """Add what a source says of an organisation; how many facts. An empty value adds nothing.

    What the same source said before, of any organisation, is withdrawn first: it may be recorded
    again after a correction.
    """
    withdraw_facts(source=source)
    kept: dict[tuple[str, str], OrganisationFact] = {}
    for one in observations:
        if not one.value:
            continue
        fact = OrganisationFact(
            organisation=organisation,
            name=one.name,
            item=one.item,
            label=one.label[:120],
            value=one.value,
            shown=one.shown or one.value,
            number=_number(one.value) if one.is_number else None,
            unit=one.unit,
            observed_on=observed_on,
            source=source,
            source_label=source_label,
            fictitious=organisation.fictitious,
        )
        # A source that says the same thing twice is heard once, the first time.
        kept.setdefault((one.name, one.item), fact)
    for fact in kept.values():
        fact.full_clean()
        fact.save()
    return len(kept)


@transaction.atomic
def withdraw_facts(*, source: str) -> int:
    """Take back everything a source said; how many facts. Older observations show again."""
    return OrganisationFact.objects.filter(source=source).delete()[0]


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < _LARGEST else None
