"""What the pages answer, to whom, and at what cost."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.territories.models import Territory
from restanque.territories.services import set_coverage
from restanque.work import panels
from restanque.work.models import Absence, Task, TaskState, WorkingTime
from restanque.work.services import people, tasks
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
Make = Callable[..., Task]
LIST = "/equipe/taches/"


def text_of(response: Any) -> str:
    """The page with plain spaces."""
    words: str = response.content.decode()
    return " ".join(words.replace("\u00a0", " ").replace("\u202f", " ").split())


def names(response: Any) -> list[str]:
    soup = BeautifulSoup(response.content, "html.parser")
    return [cell.get_text(strip=True) for cell in soup.select("#list tbody th a")]


def days(count: int) -> Any:
    return timezone.localdate() + timedelta(days=count)


def test_the_list_opens_with_one_s_own_then_by_date_without_what_is_finished(
    task_of: Make, bob: Membership, alice: Membership
) -> None:
    task_of("Autre, tôt", pilot=alice, due_on=days(1))
    task_of("Mienne, tard", pilot=bob, due_on=days(9))
    task_of("Mienne, sans date", pilot=bob)
    helped = task_of("Aidée", pilot=alice, due_on=days(3))
    tasks.share_effort(task=helped, shares={bob: 10})
    done = task_of("Faite", pilot=bob)
    tasks.set_state(task=done, state=TaskState.DONE)
    client = client_of(bob)
    assert names(client.get(LIST)) == ["Aidée", "Mienne, tard", "Mienne, sans date", "Autre, tôt"]
    assert names(client.get(LIST, {"state": "done"})) == ["Faite"]
    assert len(names(client.get(LIST, {"state": "toutes"}))) == 5
    assert len(names(client.get(LIST, {"pilot": "moi"}))) == 3
    assert names(client.get(LIST, {"pilot": str(alice.pk), "sort": "due_on"})) == [
        "Autre, tôt", "Aidée"
    ]  # fmt: skip


def test_late_ones_nobody_s_and_words_are_found(task_of: Make, bob: Membership) -> None:
    task_of("Écrire à la préfecture", due_on=days(-1))
    task_of("Autre", pilot=bob, due_on=days(2))
    client = client_of(bob)
    page = client.get(LIST, {"state": "retard"})
    assert names(page) == ["Écrire à la préfecture"]
    assert "en retard" in text_of(page)
    assert names(client.get(LIST, {"pilot": "personne"})) == ["Écrire à la préfecture"]
    assert names(client.get(LIST, {"q": "ecrire prefecture"})) == ["Écrire à la préfecture"]
    assert client.get(LIST, {"export": "csv"}).content.decode("utf-8-sig").count("\n") >= 3
    assert names(client.get(LIST, {"pilot": "9" * 30})) == []


def test_several_are_finished_at_once(task_of: Make, bob: Membership, remi: Membership) -> None:
    chosen = [task_of("Un").pk, task_of("Deux").pk]
    task_of("Trois")
    assert client_of(remi).post(LIST, {"action": "terminer", "everything": "1"}).status_code == 403
    client_of(bob).post(LIST, {"action": "terminer", "selected": chosen})
    assert Task.objects.filter(state=TaskState.DONE).count() == 2


def test_a_task_is_finished_in_one_click_and_taken_back(task_of: Make, bob: Membership) -> None:
    made = task_of("Relire", pilot=bob, due_on=days(-2))
    client = client_of(bob)
    page = text_of(client.get(made.get_absolute_url()))
    assert "Marquer comme terminée" in page
    assert "en retard" in page
    url = reverse("work:task-state", args=[made.pk])
    page = text_of(client.post(url, {"state": "done"}, follow=True))
    assert "« Relire » : terminée." in page
    assert "Annuler : la rouvrir" in page
    client.post(url, {"state": "annuler"})
    made.refresh_from_db()
    assert made.state == TaskState.TODO
    assert client.post(url, {"state": "ailleurs"}).status_code == 404
    assert client.get(url).status_code == 405


def test_a_task_says_what_it_waits_for_and_what_waits_for_it(
    task_of: Make, bob: Membership
) -> None:
    first, second, third = (task_of(title) for title in ("Premier", "Deuxième", "Troisième"))
    client = client_of(bob)
    url = reverse("work:task-link", args=[second.pk])
    client.post(url, {"before": first.pk})
    client.post(reverse("work:task-link", args=[third.pk]), {"before": second.pk})
    page = client.get(second.get_absolute_url())
    soup = BeautifulSoup(page.content, "html.parser")
    assert "Premier" in soup.select_one("#avant").get_text()
    assert "Troisième" in soup.select_one("#apres").get_text()
    circle = client.post(reverse("work:task-link", args=[first.pk]), {"before": third.pk})
    assert circle.status_code == 422
    assert "attend déjà la fin" in text_of(circle)
    client.post(reverse("work:task-unlink", args=[second.pk, first.pk]))
    assert not second.links_before.exists()
    again = client.post(reverse("work:task-unlink", args=[second.pk, first.pk]))
    assert again.status_code == 404


def test_the_form_opens_with_what_it_is_about_only_when_that_is_ours(bob: Membership) -> None:
    client = client_of(bob)
    url = reverse("work:task-create")
    asked = {"objet": "/territoires/", "nom": "Nos <b>territoires</b>"}
    page = client.get(url, asked)
    assert "Nos &lt;b&gt;territoires&lt;/b&gt;" in page.content.decode()
    form = BeautifulSoup(page.content, "html.parser")
    assert form.select_one("#id_subject_path")["value"] == "/territoires/"
    for path in ("//ailleurs.example.org/x", "https://ailleurs.example.org"):
        page = client.get(url, {"objet": path, "nom": "Ailleurs"})
        assert "ailleurs.example.org" not in page.content.decode()
    posted = {"title": "X", "priority": "2", "subject_path": "//ailleurs.example.org/",
              "subject_label": "Ailleurs"}  # fmt: skip
    assert client.post(url, posted).status_code == 422
    posted |= {"subject_path": "/territoires/", "effort_days": "1,5"}
    client.post(url, posted)
    made = Task.objects.get()
    assert (made.subject_path, made.effort_days) == ("/territoires/", Decimal("1.5"))


def test_who_helps_from_another_territory_does_not_take_the_task_out_of_it(
    task_of: Make, pat: Territory, scot: Territory, dora: Membership, bob: Membership
) -> None:
    set_coverage(membership=dora, territories=[pat, scot])
    made = task_of("Relire", territory=pat, pilot=bob)
    tasks.share_effort(task=made, shares={dora: 10})
    set_coverage(membership=dora, territories=[scot])
    url = reverse("work:task-edit", args=[made.pk])
    client = client_of(dora)
    assert "id_territory" not in client.get(url).content.decode()
    client.post(url, {"title": "Relire encore", "priority": "2", "pilot": str(bob.pk)})
    made.refresh_from_db()
    assert (made.title, made.territory) == ("Relire encore", pat)


def test_effort_is_shared_by_a_form_that_refuses_more_than_the_whole(
    task_of: Make, bob: Membership, alice: Membership, paula: Membership
) -> None:
    made = task_of(pilot=bob)
    client = client_of(bob)
    url = reverse("work:task-shares", args=[made.pk])
    page = client.get(url)
    assert f"share_{paula.pk}" not in page.content.decode()
    assert client.post(url, {f"share_{alice.pk}": "120"}).status_code == 422
    client.post(url, {f"share_{alice.pk}": "30"})
    assert made.contributions.get().percent == 30
    assert "Alice (30 %)" in text_of(client.get(made.get_absolute_url()))


def test_the_plan_shows_late_critical_and_contradictory_tasks(
    task_of: Make, bob: Membership
) -> None:
    first = task_of("Diagnostic", pilot=bob, starts_on=days(-9), due_on=days(10))
    second = task_of("Projet", starts_on=days(5), due_on=days(8))
    tasks.link_tasks(before=first, after=second)
    task_of("Oubliée", due_on=days(-1))
    task_of("Sans date")
    page = client_of(bob).get(reverse("work:plan"))
    words = text_of(page)
    soup = BeautifulSoup(page.content, "html.parser")
    assert "avant la fin de « Diagnostic »" in words
    assert "Sans date" in soup.select_one("#sans-date").get_text()
    chain = [item.get_text(strip=True) for item in soup.select("#chemin li")]
    assert chain == ["Diagnostic", "Projet"]
    drawing = soup.select_one("#figure-planning .rq-wide svg").get_text(" ")
    assert "Oubliée · sans pilote" in drawing
    assert "en retard" in drawing
    rows = soup.select("#figure-planning tbody tr")
    assert [row.th.get_text(strip=True) for row in rows] == ["Diagnostic", "Oubliée", "Projet"]
    assert rows[0].th.a["href"] == first.get_absolute_url()
    assert "Par mois" in words


@pytest.mark.parametrize(
    "asked",
    [
        {"echelle": "mois"},
        {"echelle": "mois", "du": "2026-12-31"},
        {"du": "2024-02-29"},
        {"du": "0001-01-01"},
        {"du": "9999-12-31"},
        {"echelle": "siècle"},
        {"pilote": "9" * 30},
    ],
)
def test_the_plan_stands_any_period(task_of: Make, bob: Membership, asked: dict[str, str]) -> None:
    task_of("Relire", pilot=bob, starts_on=days(-3), due_on=days(3))
    assert client_of(bob).get(reverse("work:plan"), asked).status_code == 200


@pytest.mark.parametrize("form", ["svg", "png", "csv"])
@pytest.mark.parametrize(("page", "figure"), [("plan", "planning"), ("workload", "charge")])
def test_pictures_are_taken_away(
    task_of: Make, bob: Membership, page: str, figure: str, form: str
) -> None:
    task_of("Relire", pilot=bob, due_on=days(3), effort_days=Decimal(1))
    asked = {"figure": figure, "format": form}
    response = client_of(bob).get(reverse(f"work:{page}"), asked)
    assert response.status_code == 200
    assert len(response.getvalue()) > 60


def test_a_team_without_task_has_a_plan_and_a_workload(bob: Membership) -> None:
    assert "Aucune tâche datée" in text_of(client_of(bob).get(reverse("work:plan")))
    assert client_of(bob).get(reverse("work:workload")).status_code == 200


def test_the_workload_names_weeks_with_too_much_and_what_makes_them(
    task_of: Make, bob: Membership, alice: Membership
) -> None:
    monday = days(7 - timezone.localdate().weekday())
    friday = monday + timedelta(days=4)
    task_of("Gros dossier", pilot=bob, starts_on=monday, due_on=friday, effort_days=Decimal(4))
    task_of("Sans estimation", pilot=bob, starts_on=monday, due_on=friday)
    people.set_working_time(membership=bob, valid_from=days(-30), days_per_week=Decimal("1.5"))
    page = client_of(bob).get(reverse("work:workload"))
    soup = BeautifulSoup(page.content, "html.parser")
    said = " ".join(soup.select_one("#trop").get_text(" ").split())
    assert "Bob, semaine du" in said
    assert "4 jours de charge pour 1,5 jour de disponible" in said
    assert "Gros dossier" in said
    assert "Sans estimation" in soup.select_one("#sans-charge").get_text()
    cells = [cell.get_text(strip=True) for cell in soup.select("#figure-charge tbody td")]
    assert "4 / 1,5" in cells
    assert "temps non renseigné" in soup.select_one("#temps").get_text()


def test_time_and_absences_are_written_and_taken_away(bob: Membership) -> None:
    client = client_of(bob)
    url = reverse("work:time", args=[bob.pk])
    posted = {"form": "temps", "valid_from": "01/09/2026", "days_per_week": "2,5",
              "weekdays": ["0", "2"]}  # fmt: skip
    answer = client.post(url, posted)
    assert answer.status_code == 422
    assert "pas autant de jours" in text_of(answer)
    client.post(url, posted | {"weekdays": ["0", "2", "4"]})
    assert bob.working_times.get().weekdays == [0, 2, 4]
    assert "lundi, mercredi, vendredi" in text_of(client.get(url))
    away = {"form": "absence", "starts_on": "21/12/2026", "ends_on": "18/12/2026"}
    assert client.post(url, away).status_code == 422
    client.post(url, away | {"ends_on": "24/12/2026"})
    absence = bob.absences.get()
    assert client.post(url, {"form": "ailleurs"}).status_code == 404
    client.post(reverse("work:time-remove", args=[bob.pk, absence.pk]), {"what": "absence"})
    client.post(reverse("work:time-remove", args=[bob.pk, bob.working_times.get().pk]), {})
    assert not Absence.objects.exists()
    assert not WorkingTime.objects.exists()


def test_absences_are_erased_a_year_after_their_end(bob: Membership) -> None:
    today = timezone.localdate()
    old, kept = today - timedelta(days=366), today - timedelta(days=365)
    people.add_absence(membership=bob, starts_on=old, ends_on=old)
    people.add_absence(membership=bob, starts_on=old, ends_on=kept)
    assert people.purge_absences(today) == 1
    assert bob.absences.get().ends_on == kept


def test_home_shows_one_s_week(task_of: Make, bob: Membership, remi: Membership) -> None:
    assert "Ma semaine" not in text_of(client_of(bob).get("/"))
    task_of("Aujourd’hui", pilot=bob, due_on=days(0))
    task_of("En retard", pilot=bob, due_on=days(-3))
    task_of("Plus tard", pilot=bob, due_on=days(20))
    task_of("Commencée", pilot=bob, starts_on=days(-1))
    page = client_of(bob).get("/")
    panel = BeautifulSoup(page.content, "html.parser").select_one("#ma-semaine")
    found = [link.get_text() for link in panel.select("li a")]
    assert found == ["En retard", "Aujourd’hui", "Commencée"] or set(found) == {
        "En retard", "Aujourd’hui", "Commencée"
    }  # fmt: skip
    assert "Ma semaine" not in text_of(client_of(remi).get("/"))


def test_a_page_of_another_room_shows_its_tasks(
    task_of: Make, rf: Any, bob: Membership, remi: Membership, paula: Membership
) -> None:
    def panel(member: Membership) -> Any:
        request = rf.get("/")
        request.membership = member
        return panels.tasks_about(request, "/territoires/", "Territoires")

    assert panel(remi) is None
    assert panel(paula) is None
    made = panel(bob)
    assert made.context["tasks"] == []
    assert made.context["add_url"].endswith("?objet=%2Fterritoires%2F&nom=Territoires")
    done = task_of("Faite", subject_path="/territoires/", subject_label="Territoires")
    tasks.set_state(task=done, state=TaskState.DONE)
    task_of("Ouverte", subject_path="/territoires/", subject_label="Territoires", due_on=days(9))
    shown = panel(remi)
    assert [task.title for task, _ in shown.context["tasks"]] == ["Ouverte", "Faite"]
    assert shown.context["add_url"] == ""


def cost(client: Any, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize(("page", "most"), [("tasks", 16), ("plan", 14), ("workload", 14)])
def test_the_cost_of_pages_does_not_grow_with_the_tasks(
    task_of: Make, bob: Membership, alice: Membership, page: str, most: int
) -> None:
    def fill(count: int) -> None:
        before = None
        for number in range(count):
            made = task_of(
                f"Tâche {number}", pilot=bob, starts_on=days(0), due_on=days(5 + number),
                effort_days=Decimal(2),
            )  # fmt: skip
            tasks.share_effort(task=made, shares={alice: 20})
            if before:
                tasks.link_tasks(before=before, after=made)
            before = made

    people.set_working_time(membership=bob, valid_from=days(-30), days_per_week=Decimal(3))
    fill(2)
    client = client_of(bob)
    url = reverse(f"work:{page}")
    few = cost(client, url)
    fill(5)
    assert cost(client, url) == few
    assert few <= most


def test_the_cost_of_a_task_s_page_does_not_grow_with_its_neighbours(
    task_of: Make, bob: Membership
) -> None:
    made = task_of(pilot=bob)
    client = client_of(bob)
    tasks.link_tasks(before=task_of("Un", pilot=bob), after=made)
    few = cost(client, made.get_absolute_url())
    for number in range(4):
        tasks.link_tasks(before=task_of(f"A{number}", pilot=bob), after=made)
        tasks.link_tasks(before=made, after=task_of(f"B{number}", pilot=bob))
    assert cost(client, made.get_absolute_url()) == few
    assert few <= 20
