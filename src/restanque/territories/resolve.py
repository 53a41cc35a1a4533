"""From what people write to a commune: codes, names, postal codes, old codes, arrondissements.

A line is read in this order, and the first answer is kept: INSEE code of a commune; old code
(merged, delegated, associated) or arrondissement; name (accents, hyphens, « St », « Ciotat (La) »
aside); name of an old commune; beginning of one name of `within`; postal code when it has one
commune only. A name that several communes bear is settled by `departement`, by `within`, or by a
postal code on the same line; otherwise nobody chooses for the user: the candidates are given.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import Q

from restanque.kit.text import plural
from restanque.territories.models import Commune, OldCommune, OldKind
from restanque.territories.naming import city_of_arrondissement, key_variants, loose_key

_CODE = re.compile(r"(?<![\w])(\d[\dAB]\d{3}|\d{4})(?![\w])", re.IGNORECASE)
T = TypeVar("T")

_BATCH = 400
_FEW = 8
_SHOWN_CANDIDATES = 5


class How(StrEnum):
    """What made a line be understood."""

    CODE = "code"
    OLD_CODE = "old_code"
    ARRONDISSEMENT = "arrondissement"
    NAME = "name"
    OLD_NAME = "old_name"
    POSTAL_CODE = "postal_code"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of one line; `message` (French) is empty when there is nothing to tell.

    `commune` is None when the line is not understood; `candidates` then holds what it may be.
    """

    text: str
    commune: Commune | None
    how: How
    candidates: tuple[Commune, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True)
class ListResolution:
    """A pasted list, line by line; `communes` without doubles, in the order of the list."""

    lines: tuple[Resolution, ...]
    communes: tuple[Commune, ...]
    duplicates: tuple[Commune, ...]

    @property
    def problems(self) -> tuple[Resolution, ...]:
        """The lines that were not understood."""
        return tuple(line for line in self.lines if line.commune is None)

    @property
    def notes(self) -> tuple[Resolution, ...]:
        """The lines understood with something to tell (old code, doubtful postal code)."""
        return tuple(line for line in self.lines if line.commune is not None and line.message)


def resolve_commune(
    text: str, *, departement: str | None = None, within: Iterable[Commune] | None = None
) -> Resolution:
    """Find the commune that a text names. See the module for the rule."""
    return resolve_many([text], departement=departement, within=within).lines[0]


def resolve_many(
    lines: Iterable[str],
    *,
    departement: str | None = None,
    within: Iterable[Commune] | None = None,
) -> ListResolution:
    """Resolve a list in a few queries, whatever its length; empty lines are left out.

    `departement` (a code) settles names borne twice; `within` does too, and refuses communes that
    are not in it.
    """
    asked = [_Asked.read(line) for line in lines if line.strip()]
    scope = None if within is None else {commune.code: commune for commune in within}
    book = _Book.for_lines(asked, scope)
    resolved = tuple(_Reader(book, departement, scope).resolve(line) for line in asked)
    seen: dict[str, Commune] = {}
    doubles: dict[str, Commune] = {}
    for line in resolved:
        if line.commune is not None:
            (doubles if line.commune.code in seen else seen)[line.commune.code] = line.commune
    return ListResolution(resolved, tuple(seen.values()), tuple(doubles.values()))


@dataclass(frozen=True, slots=True)
class _Asked:
    """One line: the codes it holds, and the keys of the name that remains."""

    text: str
    codes: tuple[str, ...]
    keys: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> "_Asked":
        # A spreadsheet drops the leading zero of 01001.
        codes = tuple(code.upper().zfill(5) for code in _CODE.findall(text))
        key = loose_key(_CODE.sub(" ", text))
        return cls(text.strip(), codes, key_variants(key) if key else ())


@dataclass(frozen=True, slots=True)
class _Book:
    """All the communes that the lines may mean, read in a few queries."""

    by_code: dict[str, Commune]
    by_name: dict[str, list[Commune]]
    old_by_code: dict[str, list[OldCommune]]
    old_by_name: dict[str, list[OldCommune]]
    by_postal_code: dict[str, list[Commune]]

    @classmethod
    def for_lines(cls, asked: Sequence[_Asked], scope: dict[str, Commune] | None) -> "_Book":
        codes = {code for line in asked for code in line.codes}
        keys = {key for line in asked for key in line.keys}
        keys |= {city for key in keys if (city := city_of_arrondissement(key))}
        current = Commune.objects.current().select_related("departement")
        old = OldCommune.objects.select_related("commune__departement")
        names = _batched(keys, lambda some: current.filter(name_key__in=some))
        old_names = _batched(keys, lambda some: old.filter(name_key__in=some))
        found = _batched(codes, lambda some: current.filter(code__in=some))
        old_found = _batched(codes, lambda some: old.filter(code__in=some))
        postal = _postal(codes, scope)
        return cls(
            {commune.code: commune for commune in found},
            _group(names, lambda commune: [commune.name_key]),
            _group(old_found, lambda entry: [entry.code]),
            _group(old_names, lambda entry: [entry.name_key]),
            _group(postal, lambda commune: commune.postal_code_list),
        )


@dataclass(frozen=True, slots=True)
class _Reader:
    book: _Book
    departement: str | None
    scope: dict[str, Commune] | None

    def resolve(self, line: _Asked) -> Resolution:
        return self._by_code(line) or self._by_name(line) or self._by_postal(line)

    def _by_code(self, line: _Asked) -> Resolution | None:
        """A code decides, unless the line also has a name that says otherwise (a postal code)."""
        named = {c.code for c in self._named(line)}
        for code in line.codes:
            commune = self.book.by_code.get(code)
            if commune is not None and (not named or code in named):
                shared = [c for c in self.book.by_postal_code.get(code, ()) if c != commune]
                note = _postal_note(code, commune, shared) if shared and not line.keys else ""
                return self._answer(line, commune, How.CODE, note)
            for entry in self.book.old_by_code.get(code, ()):
                if commune is None and (not named or entry.commune_id in named):
                    city = entry.kind == OldKind.ARRONDISSEMENT
                    how = How.ARRONDISSEMENT if city else How.OLD_CODE
                    return self._answer(line, entry.commune, how, _old_note(entry))
        return None

    def _by_name(self, line: _Asked) -> Resolution | None:
        if not line.keys:
            return None
        found = self._narrow(self._named(line), line)
        if len(found) == 1:
            return self._answer(line, found[0], How.NAME)
        if found:
            return _ambiguous(line, found)
        city = next(filter(None, map(city_of_arrondissement, line.keys)), None)
        if city and (cities := self.book.by_name.get(city)):
            note = f"Arrondissement rattaché à {cities[0].name}."
            return self._answer(line, cities[0], How.ARRONDISSEMENT, note)
        old = [entry for key in line.keys for entry in self.book.old_by_name.get(key, ())]
        today = self._narrow(list(dict.fromkeys(entry.commune for entry in old)), line)
        if len(today) == 1:
            entry = next(entry for entry in old if entry.commune == today[0])
            return self._answer(line, today[0], How.OLD_NAME, _old_note(entry))
        return _ambiguous(line, today) if today else self._by_beginning(line)

    def _by_beginning(self, line: _Asked) -> Resolution | None:
        """« Maussane » for Maussane-les-Alpilles: only within a territory, and if it is alone."""
        names = self.scope.values() if self.scope is not None else ()
        starts = tuple(f"{key} " for key in line.keys)
        found = [commune for commune in names if commune.name_key.startswith(starts)]
        if len(found) == 1:
            return self._answer(line, found[0], How.NAME, f"Lu comme {found[0].name}.")
        return _ambiguous(line, found) if found else None

    def _by_postal(self, line: _Asked) -> Resolution:
        found = [c for code in line.codes for c in self.book.by_postal_code.get(code, ())]
        if line.keys and (close := self._close(line, found)):
            names = ", ".join(commune.name for commune in close)
            return Resolution(
                line.text, None, How.NONE, close, f"Nom inconnu. Proche{_s(close)} : {names}."
            )
        found = self._narrow(found, line)
        if len(found) == 1 and not line.keys:
            return self._answer(line, found[0], How.POSTAL_CODE)
        if found and not line.keys:
            return _ambiguous(line, found, "Code postal de")
        if not line.keys:
            what = "Code inconnu." if line.codes else "Ni code ni nom de commune."
            return Resolution(line.text, None, How.NONE, (), what)
        return Resolution(
            line.text,
            None,
            How.NONE,
            tuple(found[:_SHOWN_CANDIDATES]),
            "Nom inconnu : vérifiez l’orthographe, ou écrivez le code INSEE.",
        )

    def _named(self, line: _Asked) -> list[Commune]:
        for key in line.keys:
            if found := self.book.by_name.get(key):
                return found
        return []

    def _narrow(self, found: list[Commune], line: _Asked) -> list[Commune]:
        """Keep those that the hints designate, as long as a hint designates at least one."""
        hints: list[Callable[[Commune], bool]] = [
            lambda c: bool(set(c.postal_code_list) & set(line.codes)),
            lambda c: self.scope is not None and c.code in self.scope,
            lambda c: c.departement_id == self.departement,
        ]
        for hint in hints:
            kept = [commune for commune in found if hint(commune)]
            if len(found) > 1 and kept:
                found = kept
        return found

    def _answer(self, line: _Asked, commune: Commune, how: How, note: str = "") -> Resolution:
        if self.scope is not None and commune.code not in self.scope:
            message = f"{commune.name} ({commune.code}) n’est pas dans le territoire."
            return Resolution(line.text, None, How.NONE, (commune,), message)
        return Resolution(line.text, commune, how, (), note)

    def _close(self, line: _Asked, postal: list[Commune]) -> tuple[Commune, ...]:
        """Communes of a near name, among the scope, the département or the postal code's."""
        if self.scope is not None:
            pool: Iterable[Commune] = self.scope.values()
        elif self.departement:
            pool = Commune.objects.current().filter(departement=self.departement)
        else:
            pool = postal
        by_key = {commune.name_key: commune for commune in pool}
        near = (difflib.get_close_matches(key, by_key, n=3, cutoff=0.8) for key in line.keys)
        return tuple(dict.fromkeys(by_key[key] for keys in near for key in keys))


def _ambiguous(line: _Asked, found: list[Commune], what: str = "Plusieurs communes") -> Resolution:
    shown = ", ".join(f"{c.name} ({c.departement.name}, {c.code})" for c in found[:5])
    rest = len(found) - _SHOWN_CANDIDATES
    more = f" et {plural(rest, 'autre')}" if rest > 0 else ""
    return Resolution(
        line.text,
        None,
        How.NONE,
        tuple(found[:_SHOWN_CANDIDATES]),
        f"{what} : {shown}{more}. Écrivez le code INSEE.",
    )


def _postal_note(code: str, commune: Commune, shared: list[Commune]) -> str:
    others = ", ".join(other.name for other in shared[:3])
    return (
        f"{code} lu comme le code INSEE de {commune.name} ; c’est aussi un code postal de {others}."
    )


def _old_note(entry: OldCommune) -> str:
    if entry.kind == OldKind.ARRONDISSEMENT:
        return f"Arrondissement rattaché à {entry.commune.name}."
    old = f"{entry.name} ({entry.code})" if entry.name else entry.code
    return f"{old}, {entry.get_kind_display()}, est aujourd’hui {entry.commune.name}."


def _s(items: Sequence[Any]) -> str:
    return "s" if len(items) > 1 else ""


def _postal(codes: set[str], scope: dict[str, Commune] | None) -> list[Commune]:
    """Communes that have one of these postal codes."""
    if scope is not None:
        return [c for c in scope.values() if codes & set(c.postal_code_list)]
    current = Commune.objects.current().select_related("departement")
    if len(codes) <= _FEW:
        condition = Q(pk__in=[])
        for code in codes:
            condition |= Q(postal_codes__contains=code)
        return list(current.filter(condition))
    # One reading of all postal codes costs less than a scan per code.
    every = current.order_by().values_list("pk", "postal_codes")
    found = [pk for pk, postal_codes in every if not codes.isdisjoint(postal_codes.split())]
    return _batched(found, lambda some: current.filter(pk__in=some))


def _batched(values: Iterable[str], query: Callable[[list[str]], Iterable[T]]) -> list[T]:
    """Run a query by batches: databases bound the number of parameters."""
    ordered = sorted(values)
    batches = (ordered[i : i + _BATCH] for i in range(0, len(ordered), _BATCH))
    return [row for batch in batches for row in query(batch)]


def _group(items: Iterable[Any], keys: Callable[[Any], list[str]]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = {}
    for item in items:
        for key in keys(item):
            if key:
                grouped.setdefault(key, []).append(item)
    return grouped
