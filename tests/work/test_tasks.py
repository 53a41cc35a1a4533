"""What may be written of a task, and what is refused."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from restanque.accounts.models import Membership, Role, Workspace
from restanque.accounts.services import add_member, end_membership
from restanque.territories.models import Territory
from restanque.work.links import add_url, check_path, subject_from
from restanque.work.models import Contribution, Task, TaskLink, TaskState
from restanque.work.services import tasks as services
from tests.work.conftest import TODAY

pytestmark = pytest.mark.django_db
Make = Callable[..., Task]


def refused(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(error.value.messages).replace("\u00a0", " ").replace("\u202f", " ")


def test_a_new_task_is_to_be_done_and_bears_its_workspace_s_mark(
    workspace: Workspace, bob: Membership
) -> None:
    made = services.create_task(workspace=workspace, title="Écrire aux mairies", by=bob.user)
    assert (made.state, made.done_on, made.effort_days) == (TaskState.TODO, None, None)
    assert not made.fictitious
    assert made.title_key == "ecrire aux mairies"
    assert made.created_by == bob.user
    workspace.fictitious = True
    workspace.save()
    assert services.create_task(workspace=workspace, title="Autre").fictitious


def test_dates_in_the_wrong_order_are_refused_by_the_service_and_the_database(
    task_of: Make,
) -> None:
    with pytest.raises(ValidationError) as error:
        task_of(starts_on=TODAY, due_on=TODAY - timedelta(days=1))
    assert "L’échéance vient après le début" in refused(error)
    made = task_of(starts_on=TODAY, due_on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=made.pk).update(due_on=TODAY - timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=made.pk).update(state=TaskState.DONE)
    with pytest.raises(ValidationError):
        task_of(due_on=date(203, 1, 1))
    with pytest.raises(ValidationError):
        task_of(effort_days=Decimal(-1))


def test_a_pilot_belongs_to_the_team_and_covers_the_territory(
    task_of: Make, charlie: Membership, dora: Membership, pat: Territory, scot: Territory
) -> None:
    with pytest.raises(ValidationError) as error:
        task_of(pilot=charlie)
    assert "n’est pas membre" in refused(error)
    with pytest.raises(ValidationError) as error:
        task_of(pilot=dora, territory=pat)
    assert "Dora ne couvre pas PAT" in refused(error)
    assert task_of(pilot=dora, territory=scot).pilot == dora
    end_membership(membership=dora)
    with pytest.raises(ValidationError):
        task_of(pilot=dora)


def test_a_territory_of_another_team_is_refused(
    other_workspace: Workspace, scot: Territory
) -> None:
    with pytest.raises(ValidationError):
        services.create_task(workspace=other_workspace, title="Ailleurs", territory=scot)


def test_finishing_keeps_the_day_and_can_be_taken_back(task_of: Make) -> None:
    made = task_of()
    assert services.previous_state(made) is None
    with pytest.raises(ValidationError):
        services.undo_state(task=made)
    services.set_state(task=made, state=TaskState.DOING)
    services.set_state(task=made, state=TaskState.DONE)
    assert made.done_on == timezone.localdate()
    services.update_task(task=made, title="Relire encore")
    services.undo_state(task=made)
    assert (made.state, made.done_on) == (TaskState.DOING, None)
    with pytest.raises(ValidationError):
        services.set_state(task=made, state="ailleurs")


def test_undoing_a_reopening_gives_back_the_day_it_ended(task_of: Make) -> None:
    made = task_of()
    services.set_state(task=made, state=TaskState.DONE, on=TODAY)
    services.set_state(task=made, state=TaskState.TODO)
    services.undo_state(task=made)
    assert (made.state, made.done_on) == (TaskState.DONE, TODAY)


def test_shares_stay_within_the_whole(
    task_of: Make, bob: Membership, alice: Membership, paula: Membership, charlie: Membership
) -> None:
    made = task_of(pilot=bob)
    services.share_effort(task=made, shares={alice: 40})
    assert [(one.membership, one.percent) for one in made.contributions.all()] == [(alice, 40)]
    for shares in ({alice: 101}, {bob: 10}, {paula: 10}, {charlie: 10}):
        with pytest.raises(ValidationError):
            services.share_effort(task=made, shares=shares)
    assert made.contributions.get().percent == 40
    services.share_effort(task=made, shares={})
    assert not made.contributions.exists()


def test_a_new_pilot_is_no_longer_a_contributor(
    task_of: Make, bob: Membership, alice: Membership
) -> None:
    made = task_of(pilot=bob)
    services.share_effort(task=made, shares={alice: 40})
    services.update_task(task=made, pilot=alice)
    assert not made.contributions.exists()


def test_a_circle_of_dependencies_is_refused(task_of: Make) -> None:
    first, second, third = (task_of(title) for title in ("Un", "Deux", "Trois"))
    services.link_tasks(before=first, after=second)
    services.link_tasks(before=second, after=third)
    with pytest.raises(ValidationError) as error:
        services.link_tasks(before=third, after=first)
    assert "« Trois » attend déjà la fin de « Un »" in refused(error)
    for before, after in ((first, first), (first, second)):
        with pytest.raises(ValidationError):
            services.link_tasks(before=before, after=after)
    assert TaskLink.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        TaskLink.objects.create(before=first, after=first)
    services.unlink_tasks(link=TaskLink.objects.get(before=second))
    services.link_tasks(before=third, after=first)


def test_tasks_of_two_teams_are_not_linked(task_of: Make, other_workspace: Workspace) -> None:
    other = services.create_task(workspace=other_workspace, title="Ailleurs")
    with pytest.raises(ValidationError):
        services.link_tasks(before=other, after=task_of())


@pytest.mark.parametrize("role", [Role.AGENT, Role.PARTNER])
def test_who_leaves_pilots_nothing_more_but_keeps_what_is_done(
    task_of: Make, workspace: Workspace, bob: Membership, role: Role
) -> None:
    leaver = add_member(workspace=workspace, email="l@example.org", full_name="Léo", role=role)
    opened, done = task_of("Ouverte", pilot=leaver), task_of("Faite", pilot=leaver)
    services.set_state(task=done, state=TaskState.DONE)
    if role is Role.AGENT:
        services.share_effort(task=task_of("À deux", pilot=bob), shares={leaver: 50})
    end_membership(membership=leaver)
    opened.refresh_from_db()
    done.refresh_from_db()
    assert opened.pilot is None
    assert opened.history.latest().history_change_reason == "le pilote a quitté l’espace"
    assert done.pilot == leaver
    assert not Contribution.objects.exists()


def test_tasks_about_a_page_are_those_of_one_team(
    task_of: Make, workspace: Workspace, other_workspace: Workspace
) -> None:
    made = task_of(subject_path="/territoires/", subject_label="Territoires")
    services.create_task(
        workspace=other_workspace, title="X", subject_path="/territoires/", subject_label="T"
    )
    task_of("Sans objet")
    assert list(Task.objects.about(workspace, "/territoires/")) == [made]
    assert list(Task.objects.about(workspace, "")) == []


@pytest.mark.parametrize(
    "path",
    [
        "//ailleurs.example.org/",
        "https://ailleurs.example.org/",
        "javascript:alert(1)",
        "/\\ailleurs.example.org",
        "/territoires/?effacer=1",
        "/territoires/#haut",
        "/territoires/\n",
        "/n-existe-pas/",
        "territoires/",
        f"/{'a' * 400}/",
    ],
)
def test_a_subject_that_is_not_a_page_of_the_site_is_refused(task_of: Make, path: str) -> None:
    with pytest.raises(ValidationError):
        check_path(path)
    with pytest.raises(ValidationError):
        task_of(subject_path=path, subject_label="Ailleurs")
    assert subject_from(path, "Ailleurs") == ("", "")


def test_the_link_that_adds_a_task_says_what_it_is_about() -> None:
    assert add_url("/territoires/", "Un  nom", territory=3) == (
        "/equipe/taches/ajouter/?objet=%2Fterritoires%2F&nom=Un+nom&territoire=3"
    )
    assert subject_from("/territoires/", " Un nom ") == ("/territoires/", "Un nom")
    with pytest.raises(ValidationError):
        Task(title="X", subject_path="/territoires/").clean_fields()


def test_a_label_without_page_is_refused(task_of: Make) -> None:
    with pytest.raises(ValidationError) as error:
        task_of(subject_label="Un nom")
    assert "un nom et une page" in refused(error)
