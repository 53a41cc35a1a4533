"""The calendar of a member: what it holds, who opens it, what higher rooms add."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.accounts.services import end_membership
from restanque.work import calendars
from restanque.work.calendars import CalendarDate, calendar_text, dates_of, feed_url, slug_of
from restanque.work.models import MemberFeed, Task
from restanque.work.services import calendars as services
from restanque.work.services.tasks import set_state, share_effort
from tests.conftest import client_of
from tests.work.conftest import TODAY

pytestmark = pytest.mark.django_db
Make = Callable[..., Task]


def read(url: str) -> tuple[int, str]:
    response = Client().get(url.replace("http://testserver", ""))
    return response.status_code, plain(response.content.decode())


def plain(text: str) -> str:
    """A calendar without its folds, with plain spaces."""
    return text.replace("\r\n ", "").replace("\u00a0", " ").replace("\u202f", " ")


def address(feed: MemberFeed) -> str:
    return reverse("work:feed", args=[slug_of(feed)])


def test_it_holds_one_s_own_open_tasks_and_no_other(
    task_of: Make, bob: Membership, alice: Membership
) -> None:
    task_of("À Bob", pilot=bob, due_on=TODAY)
    task_of("À Alice", pilot=alice, due_on=TODAY)
    shared = task_of("À deux", pilot=alice, due_on=TODAY)
    share_effort(task=shared, shares={bob: 50})
    task_of("Sans date", pilot=bob)
    set_state(task=task_of("Faite", pilot=bob, due_on=TODAY), state="done")
    feed = services.open_feed(membership=bob)
    status, said = read(address(feed))
    assert status == 200
    assert said.count("BEGIN:VEVENT") == 2
    assert "SUMMARY:Tâche : À Bob" in said
    assert "SUMMARY:Tâche : À deux" in said
    assert "DTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261125" in said


def test_a_new_address_closes_the_former_and_none_opens_a_closed_calendar(
    bob: Membership, alice: Membership
) -> None:
    first = address(services.open_feed(membership=bob))
    second = address(services.open_feed(membership=bob))
    assert first != second
    assert read(first)[0] == 404
    assert read(second)[0] == 200
    services.close_feed(membership=bob)
    assert read(second)[0] == 404
    third = address(services.open_feed(membership=bob))
    assert read(third)[0] == 200
    # Another member's number before one's own token opens nothing.
    services.open_feed(membership=alice)
    forged = third.replace(f"/{bob.pk}-", f"/{alice.pk}-")
    assert read(forged)[0] == 404
    assert read(reverse("work:feed", args=["1-" + "a" * 22]))[0] == 404
    assert read(reverse("work:feed", args=["n’importe"]))[0] == 404


def test_who_leaves_closes_their_calendar(bob: Membership) -> None:
    url = address(services.open_feed(membership=bob))
    end_membership(membership=bob)
    assert read(url)[0] == 404


def test_the_token_is_stored_nowhere(bob: Membership) -> None:
    feed = services.open_feed(membership=bob)
    token = slug_of(feed).partition("-")[2]
    stored = str(MemberFeed.objects.values().get()) + str(feed.history.values().first())
    assert token not in stored
    assert feed_url(feed).endswith(f"{bob.pk}-{token}.ics")


def test_each_opens_and_closes_their_own_from_the_page(paula: Membership, bob: Membership) -> None:
    client = client_of(paula)
    client.post(reverse("work:calendar-open"))
    assert paula.calendar_feed.opened
    assert not MemberFeed.objects.filter(membership=bob).exists()
    page = client.get(reverse("work:calendar")).content.decode()
    assert slug_of(paula.calendar_feed) in page
    client.post(reverse("work:calendar-close"))
    page = client.get(reverse("work:calendar")).content.decode()
    assert "Fermé" in page
    assert slug_of(paula.calendar_feed) not in page


@pytest.fixture
def one_sitting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A higher room that adds a date to the calendar of administrators only."""

    def provider(membership: Membership, today: date) -> list[CalendarDate]:
        if membership.role != "administrator":
            return []
        start = datetime(2026, 12, 3, 17, 30, tzinfo=UTC)
        return [
            CalendarDate(
                "sitting/1", start.date(), "Conseil; ordre, du jour", "Salle\nbleue",
                "/territoires/", fictitious=True, starts_at=start,
            )
        ]  # fmt: skip

    monkeypatch.setattr(calendars, "_providers", {})
    calendars.register("tests.sittings", provider)


def test_a_higher_room_adds_its_dates(
    one_sitting: None, alice: Membership, bob: Membership, settings: object
) -> None:
    assert dates_of(bob, TODAY) == []
    said = plain(calendar_text("Alice", dates_of(alice, TODAY), today=TODAY))
    assert "DTSTART:20261203T173000Z\r\nDTEND:20261203T193000Z" in said
    assert "SUMMARY:Conseil\\; ordre\\, du jour [données fictives]" in said
    assert "DESCRIPTION:Salle\\nbleue\\nhttp" in said
    assert "/territoires/\r\nTRANSP:OPAQUE" in said


def test_dates_come_in_order_and_lines_stay_short(task_of: Make, bob: Membership) -> None:
    today = timezone.localdate()
    for number in (3, 1, 2):
        task_of("É" * 150, pilot=bob, due_on=today + timedelta(days=number))
    dates = dates_of(bob, today)
    assert [one.day for one in dates] == sorted(one.day for one in dates)
    text = calendar_text("Équipe", dates, today=today)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert text.count("UID:") == len({part for part in text.split() if part.startswith("UID:")})
