"""Likely duplicates: pairs of organisations that may be the same, and why. Reads only."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations

from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind

# A switchboard shared by a whole group says nothing of any two of its members.
_MAX_GROUP = 4


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one; the first is the older."""

    first: Organisation
    second: Organisation
    reasons: tuple[str, ...]


def _same_name(o: Organisation) -> object:
    return (o.name_key, o.commune_id) if o.name_key else None


def _same_town_hall(o: Organisation) -> object:
    return o.commune_id if o.kind == Kind.MAIRIE else None


def _same_email(o: Organisation) -> object:
    return (o.kind, o.email) if o.email else None


def _same_phone(o: Organisation) -> object:
    return (o.kind, o.phone) if o.phone else None


_REASONS: tuple[tuple[str, Callable[[Organisation], object]], ...] = (
    ("même nom dans la même commune", _same_name),
    ("deux mairies pour la même commune", _same_town_hall),
    ("même adresse électronique", _same_email),
    ("même téléphone", _same_phone),
)


def likely_duplicates(organisations: Iterable[Organisation]) -> list[Pair]:
    """Pairs with a reason in common, those with most reasons first.

    Two different SIRET are two establishments: such a pair is never proposed.
    """
    subjects = sorted(organisations, key=lambda o: o.pk)
    reasons: dict[tuple[int, int], list[str]] = defaultdict(list)
    for reason, key_of in _REASONS:
        groups: dict[object, list[int]] = defaultdict(list)
        for subject in subjects:
            key = key_of(subject)
            if key is not None:
                groups[key].append(subject.pk)
        for group in groups.values():
            if len(group) <= _MAX_GROUP:
                for pair in combinations(group, 2):
                    reasons[pair].append(reason)
    by_pk = {subject.pk: subject for subject in subjects}
    pairs = [
        Pair(by_pk[first], by_pk[second], tuple(found))
        for (first, second), found in reasons.items()
        if not _distinct_sirets(by_pk[first], by_pk[second])
    ]
    return sorted(pairs, key=lambda pair: (-len(pair.reasons), pair.first.name_key, pair.first.pk))


def _distinct_sirets(first: Organisation, second: Organisation) -> bool:
    return bool(first.siret and second.siret and first.siret != second.siret)
