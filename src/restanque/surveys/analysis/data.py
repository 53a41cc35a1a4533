"""The answers of a campaign as units to count: who was asked, who answered what. Reading only."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property

from restanque.engine.forms import Form
from restanque.surveys.analysis.questions import (
    DO_NOT_KNOW,
    GRAMS_PER_MEAL,
    KILOS_PER_YEAR,
    Kind,
    Question,
    catalogue,
)
from restanque.surveys.definitions import form_of
from restanque.surveys.models import Campaign, Response
from restanque.surveys.models.answers import ResponseStatus
from restanque.surveys.sessions import session_on
from restanque.territories.models import Commune

RECEIVED = (ResponseStatus.SUBMITTED, ResponseStatus.VALIDATED)

# Derived question → the two facts it is made of, and how.
_DERIVED: dict[str, tuple[tuple[str, str], Callable[[Decimal, Decimal], Decimal | None]]] = {
    GRAMS_PER_MEAL: (
        ("need.kg_per_day", "need.meals_per_day"),
        lambda kilos, meals: kilos * 1000 / meals if meals else None,
    ),
    KILOS_PER_YEAR: (
        ("need.kg_per_day", "need.days_per_year"),
        lambda kilos, days: kilos * days,
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: whose, from where, what was sent, which questions it was asked.

    `kind` is the organisation's (mairie…), `organisation_pk` its key.
    """

    response: int
    invitation: int
    organisation: str
    commune: Commune | None
    flat: dict[str, str]
    asked: frozenset[str]
    organisation_pk: int
    kind: str
    status: str
    channel: str
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted once: an answer, or a turn of a series.

    `status`: answered, no_answer, do_not_know, not_asked. `values` are the stored codes, or the
    text; `number` the amount of a number; `path` is its place, turn
    included.
    """

    row: Row
    status: str
    values: tuple[str, ...] = ()
    number: Decimal | None = None
    path: str = ""


class Dataset:
    """The received answers of a campaign, or of one of its communes (INSEE code) only."""

    def __init__(
        self,
        campaign: Campaign,
        *,
        only_validated: bool = False,
        statuses: Sequence[str] = RECEIVED,
        commune: str = "",
    ) -> None:
        self.campaign, self.commune = campaign, commune
        self.statuses = (ResponseStatus.VALIDATED,) if only_validated else tuple(statuses)
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
        if self.commune:
            answers = answers.filter(invitation__organisation__commune=self.commune)
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
        if question.key in _DERIVED:
            return [self._derived(question, row) for row in self.rows]
        return [unit for row in self.rows for unit in _units(question, row)]

    def _derived(self, question: Question, row: Row) -> Unit:
        paths = {name: path for path, name in self.form.facts.items()}
        names, made = _DERIVED[question.key]
        first, second = (_number(row.flat.get(paths[name], "")) for name in names)
        amount = made(first, second) if first is not None and second is not None else None
        if amount is None:
            return Unit(row, "no_answer")
        return Unit(row, "answered", (str(amount),), amount)


def _row(response: Response) -> Row:
    invitation = response.invitation
    return Row(
        response=response.pk,
        invitation=invitation.pk,
        organisation=str(invitation.organisation),
        commune=invitation.organisation.commune,
        flat={path: str(text) for path, text in response.flat.items()},
        asked=_asked(response),
        organisation_pk=invitation.organisation_id,
        kind=invitation.organisation.kind,
        status=response.status,
        channel=response.channel,
        submitted_at=response.submitted_at,
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
        return Unit(row, "no_answer" if path in row.asked else "not_asked", path=path)
    if question.kind == Kind.NUMBER:
        number = _number(text)
        if number is None:
            return Unit(row, "no_answer", path=path)
        return Unit(row, "answered", (text,), number, path)
    values = tuple(text.split()) if question.kind == Kind.MANY else (text,)
    if question.choices and all(value in DO_NOT_KNOW for value in values):
        return Unit(row, "do_not_know", values, path=path)
    return Unit(row, "answered", values, path=path)


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
