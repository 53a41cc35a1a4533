"""What the directory and the territory know of those who answered, as questions to ask of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property

from restanque.directory.models import Certification, Organisation, Tag
from restanque.directory.nomenclature import Sign
from restanque.surveys.analysis.data import Row, Unit
from restanque.surveys.analysis.population import NO_EPCI, NO_ZONE
from restanque.surveys.analysis.questions import Kind, Question
from restanque.surveys.models import Campaign
from restanque.territories.models import Commune, Zone
from restanque.territories.services import zone_by_commune

DIRECTORY = "Annuaire et territoire"
POPULATION, EPCI, ZONE = "commune.population", "commune.epci", "commune.zone"
TAGS, SIGNS = "directory.tags", "directory.signs"
# Having none of the directory's tags or signs is known: it is an answer.
_NONE = "aucun"


class DirectoryFacts:
    """Pseudo-questions and their units; each fact is read once, when first asked."""

    def __init__(self, campaign: Campaign, rows: Sequence[Row], today: date) -> None:
        self.campaign, self.rows, self.today = campaign, rows, today

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Inhabitants, EPCI, zone, tags, certified signs."""
        epci = {_epci_of(commune) for _, commune in self._placed}
        zones = {zone.name for zone in self._zones.values()}
        tags = Tag.objects.filter(workspace=self.campaign.workspace)
        labels = {
            EPCI: _same(epci),
            ZONE: _same(zones),
            TAGS: tuple((tag.name_key, tag.name) for tag in tags),
            SIGNS: tuple((sign.value, str(sign.label)) for sign in Sign),
        }
        return (
            Question(
                POPULATION, "", "Nombre d’habitants", Kind.NUMBER, DIRECTORY, unit="habitants"
            ),
            Question(EPCI, "", "Intercommunalité", Kind.ONE, DIRECTORY, labels[EPCI]),
            Question(ZONE, "", "Zone du territoire", Kind.ONE, DIRECTORY, labels[ZONE]),
            Question(TAGS, "", "Étiquettes de l’annuaire", Kind.MANY, DIRECTORY, labels[TAGS]),
            Question(
                SIGNS, "", "Signes certifiés, selon l’annuaire", Kind.MANY, DIRECTORY, labels[SIGNS]
            ),
        )

    def units(self, question: Question) -> list[Unit]:
        """One an answer."""
        values = {
            POPULATION: self._populations, EPCI: self._epci, ZONE: self._zone_names,
            TAGS: self._tags, SIGNS: self._signs,
        }[question.key]()  # fmt: skip
        return [_unit(question, row, values.get(row.organisation_pk)) for row in self.rows]

    @cached_property
    def _placed(self) -> list[tuple[int, Commune]]:
        return [(row.organisation_pk, row.commune) for row in self.rows if row.commune is not None]

    @cached_property
    def _zones(self) -> Mapping[str, Zone]:
        return zone_by_commune(self.campaign.territory)

    # Each gives organisation → the values known.

    def _populations(self) -> dict[int, tuple[str, ...]]:
        return {
            pk: (str(commune.population),)
            for pk, commune in self._placed
            if commune.population is not None
        }

    def _epci(self) -> dict[int, tuple[str, ...]]:
        return {pk: (_epci_of(commune),) for pk, commune in self._placed}

    def _zone_names(self) -> dict[int, tuple[str, ...]]:
        zones = self._zones
        return {
            pk: (zones[commune.code].name if commune.code in zones else NO_ZONE,)
            for pk, commune in self._placed
        }

    def _tags(self) -> dict[int, tuple[str, ...]]:
        pks = [row.organisation_pk for row in self.rows]
        pairs = Organisation.objects.filter(pk__in=pks).values_list("pk", "tags__name_key")
        return _gathered(pks, pairs)

    def _signs(self) -> dict[int, tuple[str, ...]]:
        pks = [row.organisation_pk for row in self.rows]
        valid = Certification.objects.valid_on(self.today).filter(organisation__in=pks)
        return _gathered(pks, valid.values_list("organisation", "sign"))


def _epci_of(commune: Commune) -> str:
    return commune.epci.name if commune.epci is not None else NO_EPCI


def _same(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in sorted(names))


def _gathered(
    pks: Iterable[int], pairs: Iterable[tuple[int, str | None]]
) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = dict.fromkeys(pks, ())
    for pk, value in pairs:
        if value is not None:
            found[pk] = (*found[pk], value)
    return found


def _unit(question: Question, row: Row, values: tuple[str, ...] | None) -> Unit:
    if values is None:
        return Unit(row, "no_answer")
    if question.kind == Kind.NUMBER:
        return Unit(row, "answered", values, Decimal(values[0]))
    return Unit(row, "answered", values or (_NONE,))
