"""A large team's tasks: the engine alone, then the pages.

Run: python -m bench work
2,000 open tasks over eighteen months among 20 people (seeded), shared between two of them, each of
which waits for up to two others; a tenth are late.
"""

import random
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bench import instance
from bench.machine import percentile
from restanque.engine.workload import (
    Calendar,
    Pattern,
    Person,
    Work,
    contradictions,
    schedule,
    spread,
)

SEED, TASKS, PEOPLE, ROUNDS = 20261124, 2000, 20, 20
TODAY = date(2026, 11, 24)
#: Alarms, not aims: milliseconds of the engine, and of a page (p95).
ENGINE, PAGE = 3000.0, 4000.0


def made_up(people: list[int]) -> list[Work]:
    """Tasks drawn at random; each waits for tasks drawn before it, so that there is no circle."""
    draw = random.Random(SEED)
    found: list[Work] = []
    for key in range(1, TASKS + 1):
        start = TODAY + timedelta(draw.randrange(-55, 500))
        pilot, helper = draw.sample(people, 2)
        helped = draw.choice((0, 20, 40))
        found.append(
            Work(
                key,
                start,
                start + timedelta(draw.randrange(1, 60)),
                Decimal(draw.randrange(1, 40)) / 4,
                ((helper, helped), (pilot, 100 - helped)),
                tuple(draw.sample(range(1, key), min(key - 1, draw.randrange(3)))),
            )
        )
    return found


def timed(act: Callable[[], Any]) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def engine_cost() -> float:
    """Milliseconds of a whole reading by the engine: workload, schedule, contradictions."""
    people = list(range(1, PEOPLE + 1))
    works = made_up(people)
    team = [
        Person(
            key,
            (Pattern(date(2026, 1, 1), Decimal(key % 5 + 1), frozenset(range(5))),),
            ((TODAY + timedelta(7 * key), TODAY + timedelta(7 * key + 10)),),
        )
        for key in people
    ]
    calendar = Calendar()
    acts: dict[str, Callable[[], Any]] = {
        "workload": lambda: spread(works, team, calendar),
        "schedule": lambda: schedule(works, calendar, today=TODAY),
    }
    planned = schedule(works, calendar, today=TODAY)
    acts["contradictions"] = lambda: contradictions(works, planned, calendar)
    total = 0.0
    for name, act in acts.items():
        spent = [timed(act) for _ in range(5)]
        total += statistics.median(spent)
        print(f"engine, {name}: median {statistics.median(spent):.0f} ms")
    load = spread(works, team, calendar)
    print(
        f"{TASKS} tasks x {PEOPLE} people: {len(load.cells)} weeks of somebody, "
        f"chain of {len(planned.chain)}, {len(contradictions(works, planned, calendar))} "
        "contradictions"
    )
    return total


def main() -> int:
    """1 when the engine or a page passes its bound."""
    total = engine_cost()
    instance.prepare()
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from restanque.work.services.calendars import open_feed

    settings.ALLOWED_HOSTS = ["testserver"]
    member = build()
    feed = open_feed(membership=member)
    client = Client()
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    from restanque.work.calendars import slug_of

    pages = [
        ("list", reverse("work:tasks")),
        ("plan, by month", f"{reverse('work:plan')}?echelle=mois"),
        ("workload", reverse("work:workload")),
        ("home", reverse("portal:home")),
        ("calendar of one member", reverse("work:feed", args=[slug_of(feed)])),
    ]
    slowest = 0.0
    for name, url in pages:
        answer(client, url)
        spent = [timed(lambda url=url: answer(client, url)) for _ in range(ROUNDS)]  # type: ignore[misc]
        worst = percentile(spent, 0.95)
        slowest = max(slowest, worst)
        print(f"{name}: median {statistics.median(spent):.0f} ms, p95 {worst:.0f} ms")
    return 1 if total > ENGINE or slowest > PAGE else 0


def answer(client: Any, url: str) -> None:
    """A GET that must answer 200."""
    status = client.get(url).status_code
    if status != 200:
        raise RuntimeError(f"{url}: {status}")


def build() -> Any:
    """The same tasks in an empty workspace; an administrator."""
    from restanque.accounts.models import Membership, Role
    from restanque.accounts.services import add_member, create_workspace
    from restanque.kit.text import search_key
    from restanque.work.models import Contribution, Task, TaskLink
    from restanque.work.services.people import set_working_time

    workspace = create_workspace(name="Mesure")
    members: list[Membership] = [
        add_member(
            workspace=workspace,
            email=f"mesure{number}@example.org",
            full_name=f"Mesure {number:02}",
            role=Role.ADMINISTRATOR if number == 0 else Role.AGENT,
        )
        for number in range(PEOPLE)
    ]
    for rank, member in enumerate(members):
        set_working_time(
            membership=member, valid_from=date(2026, 1, 1), days_per_week=Decimal(rank % 5 + 1)
        )
    works = made_up([member.pk for member in members])
    rows = Task.objects.bulk_create(
        Task(
            workspace=workspace,
            title=f"Tâche {work.key}",
            title_key=search_key(f"Tâche {work.key}"),
            pilot_id=work.shares[1][0],
            starts_on=work.starts_on,
            due_on=work.due_on,
            effort_days=work.effort,
        )
        for work in works
    )
    keys = {work.key: row.pk for work, row in zip(works, rows, strict=True)}
    Contribution.objects.bulk_create(
        Contribution(task_id=keys[work.key], membership_id=person, percent=percent)
        for work in works
        for person, percent in work.shares[:1]
        if percent
    )
    TaskLink.objects.bulk_create(
        TaskLink(before_id=keys[before], after_id=keys[work.key])
        for work in works
        for before in work.after
    )
    return members[0]
