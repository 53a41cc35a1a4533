"""Reading observed facts: what is known of an organisation now, from whom, since when."""

from collections.abc import Iterable
from datetime import date

from restanque.directory.models import Organisation, OrganisationFact


def facts_of(organisation: Organisation, *, on: date | None = None) -> list[OrganisationFact]:
    """The latest observation of each fact and item, by name; only those known on a day if given.

    The numbers of several classes of bread are several facts: same `name`, other `item`.
    """
    return facts_of_many([organisation.pk], on=on).get(organisation.pk, [])


def facts_of_many(
    organisations: Iterable[int], *, names: Iterable[str] = (), on: date | None = None
) -> dict[int, list[OrganisationFact]]:
    """The same for many, in one query: `{organisation pk: [fact…]}`; those of `names` if given."""
    found = OrganisationFact.objects.filter(organisation__in=list(organisations))
    if names:
        found = found.filter(name__in=list(names))
    if on is not None:
        found = found.known_on(on)
    result: dict[int, list[OrganisationFact]] = {}
    seen: set[tuple[int, str, str]] = set()
    for fact in found.order_by("organisation", "name", "item", "-observed_on", "-pk"):
        key = (fact.organisation_id, fact.name, fact.item)
        if key not in seen:
            seen.add(key)
            result.setdefault(fact.organisation_id, []).append(fact)
    return result
