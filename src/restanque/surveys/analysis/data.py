"""The answers of a campaign as units to count: who was asked, who answered what. Reading only."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from restanque.engine.forms import Form
from restanque.surveys.analysis.questions import (
    DO_NOT_KNOW,
    GRAMS_PER_MEAL,
    Kind,
    Question,
    catalogue,
)
from restanque.surveys.definitions import form_of
from restanque.surveys.models import Campaign, Response
from restanque.surveys.models.answers import ResponseStatus
from restanque.surveys.sessions import session_on
from restanque.territories.models import Commune, Zone
from restanque.territories.services import zone_by_commune
from restanque.territories.sizes import SIZE_CLASSES, size_class

RECEIVED = (ResponseStatus.SUBMITTED, ResponseStatus.VALIDATED)


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: whose, from where, what was sent, which questions it was asked."""

    response: int
    invitation: int
    organisation: str
    commune: Commune | None
    flat: dict[str, str]
    asked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted once: an answer, or a turn of a series.

    `status`: answered, no_answer, do_not_know, not_asked. `values` are the stored codes, or the
    text; `number` the amount of a number.
    """

    row: Row
    status: str
    values: tuple[str, ...] = ()
    number: Decimal | None = None


class Dataset:
    """The received answers of a campaign, ready to be counted."""

    def __init__(self, campaign: Campaign, *, only_validated: bool = False) -> None:
        self.campaign = campaign
        self.statuses = (ResponseStatus.VALIDATED,) if only_validated else RECEIVED
        self.form: Form = form_of(campaign.version)
        self.questions: list[Question] = catalogue(self.form)

    @cached_property
    def rows(self) -> list[Row]:
        """One an answer, by organisation. One query."""
        answers = (
            Response.objects.filter(invitation__campaign=self.campaign, status__in=self.statuses)
            .select_related("invitation__organisation__commune__epci", "version")
            .defer("instance", "version__xform", "version__source")
            .order_by("invitation__organisation__name_key", "pk")
        )
        return [_row(response) for response in answers]

    @cached_property
    def invited(self) -> int:
        """How many were invited: the N of « n sur N »."""
        return self.campaign.invitations.count()

    @cached_property
    def communes(self) -> dict[str, Commune]:
        """Every commune invited, answered or not: the ground of the maps."""
        codes = self.campaign.invitations.values("organisation__commune")
        found = Commune.objects.filter(pk__in=codes).select_related("epci").order_by("name_key")
        return {commune.code: commune for commune in found}

    def question(self, key: str) -> Question | None:
        """A question by its key in addresses."""
        return next((one for one in self.questions if one.key == key), None)

    def units(self, question: Question) -> list[Unit]:
        """Everything that may be counted for a question."""
        if question.key == GRAMS_PER_MEAL:
            return [self._grams(row) for row in self.rows]
        return [unit for row in self.rows for unit in _units(question, row)]

    def _grams(self, row: Row) -> Unit:
        facts = {
            name: _number(row.flat.get(path, ""))
            for path, name in self.form.facts.items()
            if name in ("need.kg_per_day", "need.meals_per_day")
        }
        kilos, meals = facts.get("need.kg_per_day"), facts.get("need.meals_per_day")
        if kilos is None or not meals:
            return Unit(row, "no_answer")
        grams = kilos * 1000 / meals
        return Unit(row, "answered", (str(grams),), grams)

    def groups(self, by: str) -> dict[int, tuple[Any, str]]:
        """Invitation → (rank, label) of its group: `epci`, `zone` or `taille`.

        Rows without a group are left out of the mapping.
        """
        zones = zone_by_commune(self.campaign.territory) if by == "zone" else {}
        found: dict[int, tuple[Any, str]] = {}
        for row in self.rows:
            group = _group(row.commune, by, zones) if row.commune is not None else None
            if group is not None:
                found[row.invitation] = group
        return found


def _group(commune: Commune, by: str, zones: Mapping[str, Zone]) -> tuple[Any, str] | None:
    if by == "zone":
        zone = zones.get(commune.code)
        return (zone.name, zone.name) if zone is not None else None
    if by == "epci":
        return (commune.epci.name, commune.epci.name) if commune.epci is not None else None
    size = size_class(commune.population)
    return (SIZE_CLASSES.index(size), size.label) if size is not None else None


def _row(response: Response) -> Row:
    invitation = response.invitation
    return Row(
        response=response.pk,
        invitation=invitation.pk,
        organisation=str(invitation.organisation),
        commune=invitation.organisation.commune,
        flat={path: str(text) for path, text in response.flat.items()},
        asked=_asked(response),
    )


# Answers already looked at: (number, revision) → the questions they were asked.
_asked_kept: OrderedDict[tuple[int, int, datetime], frozenset[str]] = OrderedDict()
_KEPT = 8192


def _asked(response: Response) -> frozenset[str]:
    """The questions a sent answer was asked. About 2 ms each, kept while it does not change."""
    key = (response.pk, response.revision, response.updated_at)
    asked = _asked_kept.get(key)
    if asked is None:
        session = session_on(
            response.version,
            instance=response.submitted_xml,
            seed=response.pk,
            now=response.updated_at,
        )
        asked = frozenset(state.path for state in session.states() if state.relevant)
        _asked_kept[key] = asked
        while len(_asked_kept) > _KEPT:
            _asked_kept.popitem(last=False)
    return asked


def _units(question: Question, row: Row) -> list[Unit]:
    if not question.repeat:
        return [_unit(question, row, question.path)]
    last = question.path[len(question.repeat) :]
    opened = f"{question.repeat}["
    turns = sorted(
        {path[: path.index("]", len(opened)) + 1] for path in row.asked if path.startswith(opened)},
        key=lambda turn: int(turn.rpartition("[")[2].rstrip("]")),
    )
    return [_unit(question, row, f"{turn}{last}") for turn in turns]


def _unit(question: Question, row: Row, path: str) -> Unit:
    text = row.flat.get(path, "").strip()
    if not text:
        return Unit(row, "no_answer" if path in row.asked else "not_asked")
    if question.kind == Kind.NUMBER:
        number = _number(text)
        return Unit(row, "no_answer") if number is None else Unit(row, "answered", (text,), number)
    values = tuple(text.split()) if question.kind == Kind.MANY else (text,)
    if question.choices and all(value in DO_NOT_KNOW for value in values):
        return Unit(row, "do_not_know", values)
    return Unit(row, "answered", values)


def answered(units: Iterable[Unit]) -> list[Unit]:
    """Those that say something."""
    return [unit for unit in units if unit.status == "answered"]


def numbers(units: Sequence[Unit]) -> list[Decimal]:
    """The amounts of the units that have one."""
    return [unit.number for unit in units if unit.number is not None]


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
