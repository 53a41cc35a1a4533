"""The tasks of the world of tests: objects, arguments of addresses, acts."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from restanque.work.calendars import slug_of
from restanque.work.models import MemberFeed, Task, TaskState
from restanque.work.services import calendars, people, tasks

if TYPE_CHECKING:
    from tests.world import World


def build(world: "World", pat: str, scot: str, team: str) -> dict[str, Any]:
    """Tasks of the PAT one after the other, one of the SCoT, one of the team; Bob is away once."""
    today = timezone.localdate()
    bob, alice = world.member("bob"), world.member("alice")
    common: dict[str, Any] = {
        "workspace": world.workspace,
        "pilot": bob,
        "starts_on": today - timedelta(days=3),
        "due_on": today + timedelta(days=4),
        "effort_days": Decimal(2),
        "by": alice.user,
    }
    built: dict[str, Any] = {}
    for key, words in (("task", "Relire"), ("task_before", "Écrire"), ("task_free", "Plier")):
        built[key] = tasks.create_task(
            territory=world.pat,
            title=f"{words} {pat}",
            subject_label=f"Territoire {pat}",
            subject_path=world.pat.get_absolute_url(),
            **common,
        )
    tasks.link_tasks(before=built["task_before"], after=built["task"])
    tasks.share_effort(task=built["task"], shares={alice: 25})
    tasks.set_state(task=built["task"], state=TaskState.DOING)
    late = common | {"due_on": today - timedelta(days=1)}
    built["task_scot"] = tasks.create_task(territory=world.scot, title=f"Tracer {scot}", **late)
    built["task_team"] = tasks.create_task(title=f"Ranger {team}", **common)
    people.set_working_time(membership=bob, valid_from=today, days_per_week=Decimal("2.5"))
    built["absence"] = people.add_absence(
        membership=bob, starts_on=today + timedelta(days=30), ends_on=today + timedelta(days=34)
    )
    built["member_feed"] = calendars.open_feed(membership=alice)
    return built


def routes(world: "World", made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Beginning of a route → values of its parameters."""
    return {
        "equipe/taches/": {"pk": made["task"].pk, "before": made["task_before"].pk},
        "equipe/temps/": {"pk": world.member("bob").pk, "number": made["absence"].pk},
        "equipe/agenda/": {"slug": slug_of(made["member_feed"])},
    }


def acts(world: "World") -> dict[str, dict[str, Any]]:
    """Address name → what somebody who may write would post."""
    today = timezone.localdate()
    free = Task.objects.get(workspace=world.workspace, title__startswith="Plier")
    frame = {
        "title": "Une tâche neuve",
        "territory": world.pat.pk,
        "pilot": world.member("bob").pk,
        "due_on": (today + timedelta(days=9)).strftime("%d/%m/%Y"),
        "effort_days": "1,5",
        "priority": "1",
    }
    return {
        "work:tasks": {"action": "terminer", "everything": "1"},
        "work:task-create": frame,
        "work:task-edit": frame,
        "work:task-state": {"state": "done"},
        "work:task-shares": {f"share_{world.member('alice').pk}": "60"},
        "work:task-link": {"before": free.pk},
        "work:task-unlink": {},
        "work:time": {
            "form": "temps",
            "valid_from": (today + timedelta(days=60)).strftime("%d/%m/%Y"),
            "days_per_week": "3",
            "weekdays": ["0", "1", "2"],
        },
        "work:time-remove": {"what": "absence"},
        "work:calendar-open": {},
        "work:calendar-close": {},
    }


def prepare(name: str, world: "World") -> None:
    """Put the world in the state where an act has something to do."""
    if name == "work:calendar-close":
        MemberFeed.objects.filter(membership=world.member("alice")).update(opened=True)
