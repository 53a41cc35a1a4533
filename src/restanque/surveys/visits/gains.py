"""What a visit would bring to the directory: facts, certificates, how to reach. Reading only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Sign
from restanque.directory.services import Observation
from restanque.engine.forms import FACTS, Form, Session
from restanque.engine.forms.values import is_point
from restanque.surveys.models import Visit
from restanque.surveys.visits.reading import session_of_visit

# Facts kept as observations; those of a person (`contact.*`) never are.
_OBSERVED = ("offer.", "need.", "canteen.")
_CLASS = ".bread_class"
POSITION = "offer.position"
# Fact → field of the organisation, with its name for people.
_FIELDS = {
    "organisation.phone": ("phone", "Téléphone"),
    "organisation.email": ("email", "Courriel"),
    "organisation.opening_hours": ("opening_hours", "Horaires"),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of the record: what it holds, what the visit says."""

    field: str
    label: str
    before: str | float | None
    after: str | float


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate seen. `file` names the photo joined, "" when there is none."""

    sign: Sign
    number: str = ""
    body: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Gains:
    """Everything that validating would write."""

    observations: tuple[Observation, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    changes: tuple[FieldChange, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.observations or self.certificates or self.changes)


def gains_of(visit: Visit, session: Session | None = None) -> Gains:
    """What the visit says that its organisation's record may gain. FormError when unreadable."""
    session = session or session_of_visit(visit)
    facts = session.facts()
    return Gains(
        observations=tuple(_observations(session, facts)),
        certificates=tuple(_certificates(facts)),
        changes=tuple(_changes(visit.organisation, facts)) if visit.organisation else (),
    )


def _observations(session: Session, facts: list[tuple[str, str, str]]) -> Iterator[Observation]:
    classes = {_turn(path): value for name, path, value in facts if name.endswith(_CLASS)}
    for name, path, value in facts:
        fact = FACTS.get(name)
        if fact is None or not name.startswith(_OBSERVED) or name == POSITION:
            continue
        turn = _turn(path)
        item = classes.get(turn, "") if turn else ""
        what = label_of(session.form, item)
        names_class = name.endswith(_CLASS)
        about = f", {what[:1].lower()}{what[1:]}" if what and not names_class else ""
        yield Observation(
            name=name,
            label=f"{fact.label}{about}",
            value=value,
            shown=what if item and names_class else session.display(path) or value,
            item=item,
            unit=fact.unit,
            is_number=fact.kind in ("number", "whole"),
        )


def _certificates(facts: list[tuple[str, str, str]]) -> Iterator[Certificate]:
    turns: dict[str, dict[str, str]] = {}
    for name, path, value in facts:
        if name.startswith("certification."):
            turns.setdefault(_turn(path), {}).setdefault(name.partition(".")[2], value)
    for said in turns.values():
        if said.get("sign") in Sign.values:
            yield Certificate(
                sign=Sign(said["sign"]),
                number=said.get("number", "")[:80],
                body=said.get("body", "")[:120],
                valid_from=_day(said, "valid_from"),
                valid_to=_day(said, "valid_to"),
                file=said.get("proof", ""),
            )


def _changes(
    organisation: Organisation, facts: list[tuple[str, str, str]]
) -> Iterator[FieldChange]:
    said: dict[str, str] = {}
    for name, _, value in facts:
        said.setdefault(name, value)
    for name, (attribute, label) in _FIELDS.items():
        before, after = str(getattr(organisation, attribute)), said.get(name, "")
        if after and after.replace(" ", "") != before.replace(" ", ""):
            yield FieldChange(attribute, label, before, after)
    place = said.get(POSITION, "")
    # A place already known was put there by somebody: it stays. A phone may send any words here.
    if is_point(place) and organisation.latitude is None:
        point = place.split()
        yield FieldChange("latitude", "Latitude", None, float(point[0]))
        yield FieldChange("longitude", "Longitude", None, float(point[1]))


def label_of(form: Form, value: str) -> str:
    """How the form names a choice, whichever list it is in."""
    if not value:
        return ""
    for question in form.questions:
        if question.kind in ("select", "select1"):
            for choice in form.all_choices(question.path):
                if choice.value == value:
                    return choice.label
    return value


def _turn(path: str) -> str:
    """The turn of a series in which a question stands: `/data/rep[2]`; "" outside any."""
    head, bracket, _ = path.rpartition("]")
    return head + bracket


def _day(said: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(said.get(name, "")[:10])
    except ValueError:
        return None
