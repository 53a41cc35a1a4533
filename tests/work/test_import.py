"""Tasks taken in from a spreadsheet: shown first, partial, undone."""

from datetime import date
from decimal import Decimal

import pytest

from restanque.accounts.models import Membership, Workspace
from restanque.core.imports import run_import
from restanque.core.imports.services import ImportRefused, undo_run
from restanque.core.models import ImportRun
from restanque.territories.models import Territory
from restanque.work.models import Task, TaskState
from restanque.work.services.tasks import set_state

pytestmark = pytest.mark.django_db
TABLE = """Tâche;Responsable;Début;Échéance;Charge (jours);Priorité;État
Écrire aux mairies;bob@example.org;24/11/2026;04/12/2026;2,5;haute;en cours
Ranger les photos;;;;;;
Inconnue;personne@example.org;;;;;
À l’envers;Bob;10/12/2026;01/12/2026;;;
Déjà faite;BOB;;01/11/2026;1;;terminée
"""


def plain(text: str) -> str:
    """With plain spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def run(workspace: Workspace, text: str = TABLE, **options: object) -> ImportRun:
    return run_import(
        kind="taches", data=text.encode(), filename="taches.csv", workspace=workspace,
        dry_run=False, **options,
    )  # type: ignore[arg-type]  # fmt: skip


def test_rows_become_tasks_and_wrong_ones_are_named(
    workspace: Workspace, bob: Membership, alice: Membership
) -> None:
    made = run(workspace, user=alice.user)
    assert (made.create_count, made.error_count) == (3, 2)
    first = Task.objects.get(title="Écrire aux mairies")
    assert (first.pilot, first.starts_on, first.due_on) == (
        bob, date(2026, 11, 24), date(2026, 12, 4)
    )  # fmt: skip
    assert (first.effort_days, first.priority, first.state) == (Decimal("2.5"), 1, "doing")
    assert first.created_by == alice.user
    assert Task.objects.get(title="Déjà faite").state == TaskState.DONE
    problems = plain(" ".join(made.rows.values_list("problem", flat=True)))
    assert "personne@example.org" in problems
    assert "vient avant le début" in problems


def test_again_the_same_file_adds_nothing_open(workspace: Workspace, bob: Membership) -> None:
    run(workspace)
    again = run(workspace)
    assert again.create_count == 1  # the finished one: another may be to do with the same name
    assert Task.objects.filter(title="Ranger les photos").count() == 1


def test_an_import_is_undone_unless_somebody_touched_a_task(
    workspace: Workspace, bob: Membership
) -> None:
    made = run(workspace)
    undo_run(run=made)
    assert not Task.objects.exists()
    made = run(workspace)
    set_state(task=Task.objects.get(title="Ranger les photos"), state=TaskState.DOING)
    with pytest.raises(ImportRefused) as error:
        undo_run(run=made)
    assert "« Ranger les photos » a été modifiée" in plain(" ".join(error.value.reasons))
    assert Task.objects.count() == 3


def test_a_pilot_who_does_not_cover_the_territory_is_refused(
    workspace: Workspace, dora: Membership, pat: Territory
) -> None:
    table = "Tâche;Pilote\nRelire;dora@example.org\n"
    made = run(workspace, table, context={"territory": str(pat.pk)})
    assert made.error_count == 1
    made = run(workspace, table, context={"territory": ""})
    assert made.create_count == 1
