"""A conseil syndical of seven seats, with two substitutes, for the room's tests."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from restanque.accounts.models import Workspace
from restanque.governance.models import AgendaItem, Body, Mandate, Sitting
from restanque.governance.nomenclature import AttendanceStatus, BodyKind, MemberRole
from restanque.governance.services import attendance, bodies, sittings
from restanque.governance.services.attendance import Line
from restanque.territories.models import Territory
from restanque.territories.services import create_territory
from tests.territories.france import load_communes

CODES = ("13004", "13108", "13036")
NAMES = ("Aline", "Bruno", "Chloé", "Denis", "Élise", "Farid", "Gaëlle")
SINCE = date(2020, 9, 1)


def at(day: date, hour: int = 18, minute: int = 30) -> datetime:
    """A moment of the clock in Paris."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


@pytest.fixture
def territory(db: None, workspace: Workspace) -> Territory:
    """The SCoT, three real communes."""
    load_communes(CODES)
    return create_territory(
        workspace=workspace,
        name="SCoT",
        kind="scot",
        valid_from=date(2024, 1, 1),
        commune_codes=CODES,
    )


@pytest.fixture
def council(territory: Territory) -> Body:
    """Seven members in office, Aline presides; Hugo may sit for Bruno, Inès for Chloé."""
    body = bodies.create_body(
        territory=territory, kind=BodyKind.COUNCIL, name="Conseil syndical", seats=9
    )
    for rank, name in enumerate(NAMES):
        role = MemberRole.MEMBER if rank else MemberRole.PRESIDENT
        bodies.add_member(body=body, full_name=name, role=role, start_on=SINCE)
    for name, whom in (("Hugo", "Bruno"), ("Inès", "Chloé")):
        bodies.add_member(
            body=body,
            full_name=name,
            role=MemberRole.SUBSTITUTE,
            substitute_of=member(body, whom),
            start_on=SINCE,
        )
    return body


@pytest.fixture
def sitting(council: Body) -> Sitting:
    """A sitting held yesterday, without attendance yet."""
    return sittings.create_sitting(
        body=council, starts_at=at(timezone.localdate() - timedelta(days=1))
    )


@pytest.fixture
def item(sitting: Sitting) -> AgendaItem:
    """Its only item, to be decided."""
    return sittings.add_item(sitting=sitting, title="Arrêt du projet", draft="Décide d’arrêter.")


def member(body: Body, name: str) -> Mandate:
    """One of the members, by name."""
    return body.mandates.get(full_name=name)


def open_with(sitting: Sitting, *present: str, **substitutes: str) -> None:
    """Note who is there at the opening; `Hugo="Bruno"`: a substitute who sits for Bruno."""
    lines = {}
    for one in sitting.body.mandates.order_by("pk"):
        whom = substitutes.get(one.full_name)
        here = one.full_name in present or whom is not None
        status = AttendanceStatus.PRESENT if here else AttendanceStatus.ABSENT
        lines[one] = Line(status, member(sitting.body, whom) if whom else None)
    attendance.note_attendance(sitting=sitting, lines=lines)
