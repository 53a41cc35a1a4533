"""Who sees and does what."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.territories.models import Territory
from restanque.territories.services import set_coverage
from restanque.work.models import Task, TaskState
from restanque.work.services.tasks import link_tasks, share_effort
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
Make = Callable[..., Task]


def seen(member: Membership) -> set[str]:
    return {task.title for task in Task.objects.visible_to(member)}


def test_each_sees_the_tasks_of_their_territories_and_their_own(
    task_of: Make,
    alice: Membership,
    dora: Membership,
    remi: Membership,
    paula: Membership,
    charlie: Membership,
    pat: Territory,
    scot: Territory,
) -> None:
    set_coverage(membership=paula, territories=[pat])
    task_of("du SCoT", territory=scot)
    helped = task_of("du PAT", territory=pat, pilot=alice)
    task_of("de tous")
    task_of("du moulin", territory=pat, pilot=paula)
    everything = {"du SCoT", "du PAT", "de tous", "du moulin"}
    assert seen(alice) == seen(remi) == everything
    assert seen(dora) == {"du SCoT", "de tous"}
    assert seen(paula) == {"du moulin"}
    assert seen(charlie) == set()
    assert [task.title for task in Task.objects.of(paula)] == ["du moulin"]
    # Who helps sees, even when their territories have changed since.
    set_coverage(membership=dora, territories=[pat, scot])
    share_effort(task=helped, shares={dora: 20})
    set_coverage(membership=dora, territories=[scot])
    assert seen(dora) == {"du SCoT", "de tous", "du PAT"}


def statuses(member: Membership, task: Task) -> dict[str, int]:
    client = client_of(member)
    return {
        name: client.get(reverse(f"work:{name}", args=[task.pk])).status_code
        for name in ("task", "task-edit", "task-shares", "task-link")
    }


def test_readers_read_partners_see_their_own_outsiders_nothing(
    task_of: Make,
    bob: Membership,
    remi: Membership,
    paula: Membership,
    charlie: Membership,
) -> None:
    hers, other = task_of("À Paula", pilot=paula), task_of("À Bob", pilot=bob)
    assert set(statuses(bob, other).values()) == {200}
    assert statuses(remi, other) == {
        "task": 200, "task-edit": 403, "task-shares": 403, "task-link": 403
    }  # fmt: skip
    assert statuses(paula, hers)["task"] == 200
    assert statuses(paula, other)["task"] == 404
    assert set(statuses(paula, hers).values()) == {200, 403}
    assert statuses(charlie, other) == {
        "task": 404, "task-edit": 404, "task-shares": 404, "task-link": 404
    }  # fmt: skip


def test_a_partner_finishes_their_own_task_and_drops_none(
    task_of: Make, paula: Membership, bob: Membership
) -> None:
    hers, other = task_of("À Paula", pilot=paula), task_of("À Bob", pilot=bob)
    client = client_of(paula)

    def say(task: Task, state: str) -> int:
        url = reverse("work:task-state", args=[task.pk])
        return client.post(url, {"state": state}).status_code

    assert say(hers, "done") == 302
    hers.refresh_from_db()
    assert hers.state == TaskState.DONE
    assert say(hers, "dropped") == 404
    assert say(other, "done") == 404
    assert say(hers, "annuler") == 302
    hers.refresh_from_db()
    assert hers.state == TaskState.TODO


def test_a_reader_finishes_only_their_own(task_of: Make, remi: Membership, bob: Membership) -> None:
    his, other = task_of("À Rémi", pilot=remi), task_of("À Bob", pilot=bob)
    client = client_of(remi)
    for task, status in ((his, 302), (other, 404)):
        url = reverse("work:task-state", args=[task.pk])
        assert client.post(url, {"state": "doing"}).status_code == status


def test_a_partner_s_page_names_neither_the_other_tasks_nor_who_changed_it(
    task_of: Make, paula: Membership, bob: Membership
) -> None:
    hers = task_of(
        "À Paula", pilot=paula, subject_path="/territoires/", subject_label="Nos territoires"
    )
    link_tasks(before=task_of("Secrète", pilot=bob), after=hers)
    page = client_of(paula).get(hers.get_absolute_url()).content.decode()
    assert "Secrète" not in page
    assert "Historique" not in page
    assert 'href="/territoires/"' not in page
    listed = client_of(paula).get(reverse("work:tasks")).content.decode()
    assert "À Paula" in listed
    assert "Bob" not in listed


@pytest.mark.parametrize(
    ("name", "who"),
    [("plan", {"alice", "bob", "remi"}), ("workload", {"alice", "bob"}), ("calendar", None)],
)
def test_the_plan_is_for_the_team_and_the_workload_for_who_manages_it(
    name: str, who: set[str] | None, request: Any
) -> None:
    for person in ("alice", "bob", "remi", "paula"):
        member = request.getfixturevalue(person)
        status = client_of(member).get(reverse(f"work:{name}")).status_code
        assert status == (200 if who is None or person in who else 403), person


def test_working_time_is_written_by_oneself_or_an_administrator(
    alice: Membership, bob: Membership, remi: Membership, paula: Membership, charlie: Membership
) -> None:
    def status(who: Membership, of: Membership) -> int:
        return client_of(who).get(reverse("work:time", args=[of.pk])).status_code

    assert status(bob, bob) == 200
    assert status(alice, bob) == 200
    assert status(bob, alice) == 404
    assert status(alice, paula) == 404
    assert status(charlie, bob) == 404
    assert status(remi, remi) == 403
