"""The list of a consultation, proposed from the law base and the directory; reads only.

Nothing is dropped: a category without organisation, a commune without town hall in the directory, a
condition that is not met are all said. Run again, it shows what differs from the list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import shapely

from restanque.accounts.models import Membership
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.engine.law import CONDITIONS, RuleSet, consultees
from restanque.engine.law import Consultee as Legal
from restanque.kit.text import search_key
from restanque.procedures.consultations.matching import Seek, Where, seeks_of
from restanque.procedures.models import Consultation, Consultee, SetAside
from restanque.territories.geo import contours_of, outline_of
from restanque.territories.models import Commune, Epci

#: Contours are simplified: two neighbours may be this far apart, in degrees (about 250 m).
TOUCHING = 0.003
# What may be consulted; bakeries and canteens are not.
_PUBLIC = (Kind.MAIRIE, Kind.EPCI, Kind.SYNDICAT, Kind.PPA, Kind.OTHER)


class State(StrEnum):
    """A proposal against the list as it is."""

    NEW = "new"
    LISTED = "listed"
    TO_COMPLETE = "to_complete"  # in the list, but not under this title


@dataclass(slots=True)
class Proposal:
    """An organisation that a category designates. `law_ids`: every category that does."""

    organisation: Organisation
    seek: Seek
    legal: Legal
    law_ids: list[str]
    consultee: Consultee | None = None

    @property
    def state(self) -> State:
        """Against the list."""
        if self.consultee is None:
            return State.NEW
        return (
            State.LISTED if set(self.law_ids) <= set(self.consultee.law_ids) else State.TO_COMPLETE
        )

    @property
    def why(self) -> str:
        """Why this organisation answers to the category."""
        if self.seek.where is Where.COMMUNES:
            return "sa commune est dans le périmètre"
        if self.seek.where is Where.EPCI:
            return "ses communes sont dans le périmètre"
        if self.seek.where is Where.NEIGHBOURS:
            return "elle touche le périmètre, d’après les contours"
        if self.seek.where is Where.OTHERS:
            return "l’annuaire la dit personne publique associée"
        return f"son nom répond à « {self.seek.label} »"

    @property
    def ticked(self) -> bool:
        """Whether the team would usually take it: those who must ask for it are not ticked."""
        return not self.legal.on_request


@dataclass(frozen=True, slots=True)
class Lack:
    """What the directory does not hold: looked for, under which name and kind to add it."""

    label: str
    name: str
    kind: Kind
    capacity: str
    commune: str = ""


@dataclass(slots=True)
class Category:
    """A legal category, and what the directory gives for it.

    `applies` is None when the question that decides is not answered: it is then proposed.
    """

    legal: Legal
    article: str
    applies: bool | None
    found: list[Proposal] = field(default_factory=list)
    elsewhere: list[Proposal] = field(default_factory=list)
    by_hand: list[Consultee] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)
    set_aside: SetAside | None = None

    @property
    def question(self) -> str:
        """The question that decides whether it applies."""
        return CONDITIONS.get(self.legal.condition, "")

    @property
    def is_empty(self) -> bool:
        """Whether nobody of the directory nor of the list answers to it."""
        return not self.found and not self.elsewhere and not self.by_hand

    @property
    def to_add(self) -> list[Proposal]:
        """What is not in the list yet."""
        return [one for one in self.found if one.state is not State.LISTED]


@dataclass(frozen=True, slots=True)
class Gone:
    """A body of the list that is not proposed any more, and why."""

    consultee: Consultee
    why: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The whole proposal."""

    categories: tuple[Category, ...]
    gone: tuple[Gone, ...]

    @property
    def proposals(self) -> dict[int, Proposal]:
        """By organisation."""
        return {one.organisation.pk: one for category in self.categories for one in category.found}

    @property
    def new_count(self) -> int:
        """How many differ from the list."""
        return sum(len(one.to_add) for one in self.categories if one.applies is not False)


def legal_categories(law: RuleSet, consultation: Consultation) -> list[Legal]:
    """The categories that the law base names for this step."""
    kind = consultation.procedure.kind
    return list(consultees(law, kind=kind, step=consultation.step))


def draft(consultation: Consultation, law: RuleSet, membership: Membership) -> Draft:
    """Propose the list. The directory is what the member may see of it."""
    directory = _Directory(consultation, membership)
    listed = list(consultation.consultees.select_related("organisation"))
    by_organisation = {one.organisation_id: one for one in listed if one.organisation_id}
    aside = {one.law_id: one for one in consultation.set_aside.all()}
    taken: dict[int, Proposal] = {}
    categories = []
    for legal in legal_categories(law, consultation):
        answer = consultation.procedure.conditions.get(legal.condition)
        applies = True if not legal.condition else answer
        category = Category(legal, law.cite(legal.articles), applies)
        category.set_aside = aside.get(legal.id)
        categories.append(category)
        if applies is not False:
            _fill(category, directory, taken, by_organisation)
        category.by_hand = [
            one
            for one in listed
            if legal.id in one.law_ids and (one.organisation_id or 0) not in taken
        ]
    return Draft(tuple(categories), tuple(_gone(listed, categories, taken)))


def _fill(
    category: Category,
    directory: _Directory,
    taken: dict[int, Proposal],
    listed: dict[int, Consultee],
) -> None:
    for seek in seeks_of(category.legal.id, category.legal.label):
        found, lacks = directory.find(seek)
        if seek.where is Where.OTHERS:
            found = [one for one in found if one.pk not in taken]
        category.lacks += lacks
        for organisation in found:
            if organisation.pk in taken:
                first = taken[organisation.pk]
                if category.legal.id not in first.law_ids:
                    first.law_ids.append(category.legal.id)
                    category.elsewhere.append(first)
                continue
            one = Proposal(organisation, seek, category.legal, [category.legal.id])
            one.consultee = listed.get(organisation.pk)
            taken[organisation.pk] = one
            category.found.append(one)


def _gone(
    listed: Iterable[Consultee], categories: list[Category], taken: dict[int, Proposal]
) -> list[Gone]:
    applies = {one.legal.id: one.applies is not False for one in categories}
    gone = []
    for one in listed:
        if not one.law_ids or one.organisation is None:
            continue
        if not one.organisation.active:
            gone.append(Gone(one, "l’organisation est archivée dans l’annuaire"))
        elif not any(applies.get(law_id, False) for law_id in one.law_ids):
            gone.append(Gone(one, "sa catégorie ne s’applique plus à cette procédure"))
        elif one.organisation_id not in taken:
            gone.append(Gone(one, "l’annuaire ne la désigne plus à ce titre"))
    return gone


class _Directory:
    """The organisations a member may see, and the perimeter on the day of the consultation."""

    def __init__(self, consultation: Consultation, membership: Membership) -> None:
        self.own = list(
            Organisation.objects.visible_to(membership)
            .active()
            .filter(kind__in=_PUBLIC)
            .select_related("commune__epci")
            .order_by("name_key", "pk")
        )
        territory = consultation.procedure.territory
        self.communes = list(territory.communes_at(consultation.opened_on).select_related("epci"))
        self.codes = {one.pk for one in self.communes}

    def find(self, seek: Seek) -> tuple[list[Organisation], list[Lack]]:
        """The organisations of a line, and what is not in the directory."""
        if seek.where is Where.COMMUNES:
            return self._town_halls(seek)
        if seek.where is Where.EPCI:
            return self._epci(seek)
        if seek.where is Where.NEIGHBOURS:
            return self._neighbours(), []
        if seek.where is Where.OTHERS:
            return [one for one in self.own if one.kind == Kind.PPA], []
        members = {Kind.MAIRIE, Kind.EPCI}
        found = [one for one in self.own if one.kind not in members and seek.fits(one.name_key)]
        lack = Lack(seek.label, seek.label, Kind.PPA, seek.capacity)
        return found, [] if found else [lack]

    def _town_halls(self, seek: Seek) -> tuple[list[Organisation], list[Lack]]:
        halls = [one for one in self.own if one.kind == Kind.MAIRIE]
        found = [one for one in halls if one.commune_id in self.codes]
        held = {one.commune_id for one in found}
        lacks = [
            Lack(f"Mairie de {one.name}", f"Mairie de {one.name}", Kind.MAIRIE, seek.capacity,
                 one.code)
            for one in self.communes
            if one.pk not in held
        ]  # fmt: skip
        return found, lacks

    def _epci(self, seek: Seek) -> tuple[list[Organisation], list[Lack]]:
        wanted = _epci_of(self.communes)
        found, lacks = [], []
        for epci in wanted:
            matches = [one for one in self.own if _is_epci(one, epci)]
            found += matches
            if not matches:
                lacks.append(Lack(epci.name, epci.name, Kind.EPCI, seek.capacity))
        return found, lacks

    def _neighbours(self) -> list[Organisation]:
        """Town halls of the directory that touch the perimeter, and their EPCI."""
        outside = {
            one.commune.pk: one.commune
            for one in self.own
            if one.kind == Kind.MAIRIE and one.commune and one.commune.pk not in self.codes
        }
        contours = contours_of([*self.communes, *outside.values()])
        own = [shape for code, shape in contours.items() if code in self.codes]
        if not own:
            return []
        near = shapely.buffer(outline_of(own), TOUCHING)
        shapely.prepare(near)
        touching = [
            commune
            for code, commune in outside.items()
            if code in contours and shapely.intersects(near, contours[code])
        ]
        codes, own_epci = {one.pk for one in touching}, _epci_of(self.communes)
        around = [one for one in _epci_of(touching) if one not in own_epci]
        return [
            one
            for one in self.own
            if (one.kind == Kind.MAIRIE and one.commune_id in codes)
            or any(_is_epci(one, epci) for epci in around)
        ]


def _epci_of(communes: Iterable[Commune]) -> list[Epci]:
    found = {one.epci.pk: one.epci for one in communes if one.epci is not None}
    return sorted(found.values(), key=lambda one: one.name_key)


def _is_epci(organisation: Organisation, epci: Epci) -> bool:
    """By SIREN when the record has its SIRET, else by its exact name."""
    if organisation.kind != Kind.EPCI:
        return False
    if organisation.siret:
        return organisation.siret[:9] == epci.pk
    return organisation.name_key == search_key(epci.name)
