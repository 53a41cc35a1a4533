"""A visit on the form engine: its session, its faults, what it says of where and when. Reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from restanque.engine.forms import Fault, Form, Session, parse_form
from restanque.surveys.models import QuestionnaireVersion, Visit, VisitRound
from restanque.surveys.visits.lists import media_for

ORGANISATION, NEW_NAME, NEW_COMMUNE, DAY = (
    "visit.organisation",
    "visit.new_name",
    "visit.new_commune",
    "visit.date",
)


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer says of the visit itself; "" when it does not say."""

    organisation: str
    new_name: str
    new_commune: str
    visited_on: date | None


def visit_form(
    visits: VisitRound, version: QuestionnaireVersion, *, also: int | None = None
) -> Form:
    """The form with the lists of its series. Parsed each time: the directory moves."""
    return parse_form(version.xform, media=media_for(visits, version, also=also))


def session_for(
    visits: VisitRound,
    version: QuestionnaireVersion,
    *,
    instance: str | None,
    now: datetime | None = None,
    instance_id: str | None = None,
    also: int | None = None,
) -> Session:
    """A session on a visit form. FormError when the instance is not one of that form."""
    return Session(
        visit_form(visits, version, also=also),
        now=now or timezone.now(),
        instance=instance,
        seed=visits.pk,
        instance_id=instance_id,
    )


def session_of_visit(visit: Visit) -> Session:
    """The answer as it stands, read at the moment it was received."""
    return session_for(
        visit.round,
        visit.version,
        instance=visit.instance,
        now=visit.received_at,
        also=visit.organisation_id,
    )


def told(session: Session) -> Told:
    """What the answer says of where and when."""
    facts: dict[str, str] = {}
    for name, _, value in session.facts():
        facts.setdefault(name, value)
    try:
        day = date.fromisoformat(facts.get(DAY, "")[:10])
    except ValueError:
        day = None
    return Told(
        organisation=facts.get(ORGANISATION, ""),
        new_name=facts.get(NEW_NAME, "")[:200],
        new_commune=facts.get(NEW_COMMUNE, ""),
        visited_on=day,
    )


def as_json(faults: Iterable[Fault]) -> list[dict[str, str]]:
    """Faults as a visit keeps them."""
    return [
        {"path": fault.path, "label": fault.label, "message": fault.message} for fault in faults
    ]


def awaited_files(session: Session) -> list[str]:
    """Names of the files that the answer says are joined, in the order of the form."""
    return [
        state.value
        for state in session.states()
        if state.relevant and state.value and state.control and state.control.kind == "upload"
    ]
