"""Imports: preview, partial import, row problems, undo, the same file twice, the shell."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from restanque.accounts.models import Membership, Workspace
from restanque.core.imports import registry, services, work
from restanque.core.imports import report as reports
from restanque.core.jobs import cancel_job, progress
from restanque.core.jobs.services import perform
from restanque.core.models import (
    ImportRow,
    ImportRun,
    Job,
    JobStatus,
    MailSuppression,
    RowAction,
    RunStatus,
)
from restanque.kit import tabular
from tests.core.importer import AddressImporter

pytestmark = pytest.mark.django_db

GOOD = "Adresse;Raison\na@exemple.fr;retirée par l’équipe\nb@exemple.fr;\n"
MIXED = (
    "Adresse;Rang;Couleur\n"
    "a@exemple.fr;1;bleu\n"
    "pas une adresse;2;\n"
    "c@interdit.fr;3;\n"
    ";-4;\n"
    "e@exemple.fr;5;\n"
)


@pytest.fixture(autouse=True)
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the tests' importer."""
    monkeypatch.setattr(registry, "_importers", {})
    registry.register(AddressImporter())


def preview(workspace: Workspace, text: str = GOOD, **changes: Any) -> ImportRun:
    values: dict[str, Any] = {
        "kind": "addresses",
        "data": text.encode(),
        "filename": "adresses.csv",
        "workspace": workspace,
        "user": None,
    }
    return services.preview_import(**(values | changes))


def apply(run: ImportRun) -> ImportRun:
    assert services.claim_run(run=run)
    return services.apply_claimed(run=run, user=None)


def known(workspace: Workspace) -> dict[str, str]:
    rows = MailSuppression.objects.filter(workspace=workspace)
    return dict(rows.values_list("email", "reason"))


def test_a_preview_writes_nothing_of_the_file(workspace: Workspace) -> None:
    run = preview(workspace)

    assert run.status == RunStatus.PREVIEW
    assert (run.create_count, run.update_count, run.skip_count, run.error_count) == (2, 0, 0, 0)
    assert known(workspace) == {}


def test_each_problem_names_its_row_column_value_and_mend(workspace: Workspace) -> None:
    run = preview(workspace, MIXED)
    problems = dict(run.rows.filter(action=RowAction.ERROR).values_list("number", "problem"))

    assert set(problems) == {3, 4, 5}
    assert "Ligne 3, Adresse" in problems[3]
    assert "« pas une adresse »" in problems[3]
    assert "Écrivez une seule adresse" in problems[3]
    assert problems[4] == "Ligne 4, Adresse : domaine interdit."
    assert len(problems[5].splitlines()) == 2  # the empty address and the negative rank
    assert run.notes == ["Colonnes non lues : Couleur."]


def test_valid_rows_are_imported_and_the_others_left(workspace: Workspace) -> None:
    run = apply(preview(workspace, MIXED))

    assert run.status == RunStatus.APPLIED
    assert run.applied_at is not None
    assert (run.create_count, run.error_count) == (2, 3)
    assert known(workspace) == {"a@exemple.fr": "manual", "e@exemple.fr": "manual"}


def test_what_is_chosen_beside_the_file_counts(workspace: Workspace) -> None:
    apply(preview(workspace, context={"default": "objected"}))

    assert known(workspace) == {"a@exemple.fr": "manual", "b@exemple.fr": "objected"}


def test_the_world_may_change_between_preview_and_import(workspace: Workspace) -> None:
    run = preview(workspace)
    MailSuppression.objects.create(workspace=workspace, email="a@exemple.fr", reason="bounced")
    run = apply(run)
    row = run.rows.get(number=2)

    assert (run.create_count, run.error_count) == (1, 1)
    assert run.rows.filter(journal__isnull=False).count() == 1
    assert row.problem == "Ligne 2 : cette adresse a été ajoutée depuis l’aperçu."
    assert known(workspace) == {"a@exemple.fr": "bounced", "b@exemple.fr": "manual"}


def test_a_fault_of_the_importer_writes_nothing_at_all(workspace: Workspace) -> None:
    run = apply(preview(workspace, GOOD + "bogue@exemple.fr;\n"))
    run.refresh_from_db()

    assert run.status == RunStatus.FAILED
    assert run.error == "Une erreur imprévue a arrêté l’import. Rien n’est écrit."
    assert known(workspace) == {}
    assert not run.rows.filter(journal__isnull=False).exists()


def test_an_import_is_done_once(workspace: Workspace) -> None:
    run = preview(workspace)

    assert services.claim_run(run=run)
    assert not services.claim_run(run=run)


def test_the_same_file_is_recognised_and_changes_nothing(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    first = apply(preview(workspace))
    again = preview(workspace, filename="copie.csv")
    elsewhere = preview(other_workspace)

    assert list(services.same_file_before(again)) == [first]
    assert list(services.same_file_before(elsewhere)) == []
    assert (again.change_count, again.skip_count) == (0, 2)


def test_undoing_puts_back_what_was(workspace: Workspace) -> None:
    MailSuppression.objects.create(workspace=workspace, email="a@exemple.fr", reason="bounced")
    run = apply(preview(workspace))
    assert known(workspace) == {"a@exemple.fr": "manual", "b@exemple.fr": "manual"}

    run = services.undo_run(run=run)

    assert (run.status, run.undone_at is not None) == (RunStatus.UNDONE, True)
    assert known(workspace) == {"a@exemple.fr": "bounced"}


def test_undoing_is_refused_whole_when_one_row_was_changed_since(workspace: Workspace) -> None:
    run = apply(preview(workspace))
    MailSuppression.objects.filter(email="a@exemple.fr").update(reason="objected")

    with pytest.raises(services.ImportRefused) as refusal:
        services.undo_run(run=run)
    run.refresh_from_db()

    assert refusal.value.reasons == ["Ligne 2 (a@exemple.fr) : modifiée depuis l’import."]
    assert run.status == RunStatus.APPLIED
    assert known(workspace) == {"a@exemple.fr": "objected", "b@exemple.fr": "manual"}


def test_an_undone_import_is_not_undone_twice(workspace: Workspace) -> None:
    run = services.undo_run(run=apply(preview(workspace)))

    with pytest.raises(services.ImportRefused, match="défait"):
        services.undo_run(run=run)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "est vide"),
        ("Raison\nretirée par l’équipe\n", "« Adresse » manque"),
        ("%PDF-1.7", "PDF"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_reason(
    workspace: Workspace, text: str, said: str
) -> None:
    with pytest.raises(services.ImportRefused, match=said):
        preview(workspace, text)
    assert not ImportRun.objects.exists()


def test_the_report_holds_the_file_and_its_problems(workspace: Workspace) -> None:
    run = apply(preview(workspace, MIXED))
    table = tabular.read_table(reports.report(run), "rapport.xlsx")

    assert table.headers == ("ligne", "Adresse", "Rang", "Couleur", "effet", "résumé", "problème")
    assert [row.cells[1] for row in table.rows][:2] == ["a@exemple.fr", "pas une adresse"]
    assert "Écrivez une seule adresse" in str(table.rows[1].cells[-1])


def test_the_report_can_be_mended_and_given_again(workspace: Workspace) -> None:
    run = apply(preview(workspace, MIXED))
    again = preview(workspace, data=reports.report(run), filename="rapport.xlsx")

    assert (again.create_count, again.skip_count, again.error_count) == (0, 2, 3)


def test_many_rows_go_by_a_job(
    workspace: Workspace, bob: Membership, django_capture_on_commit_callbacks: Any
) -> None:
    run = preview(workspace, big_file(work.DIRECT_ROWS + 1))
    with django_capture_on_commit_callbacks(execute=True):
        work.start_apply(run=run, user=bob.user)
        assert known(workspace) == {}
    run.refresh_from_db()
    job = Job.objects.get()

    assert run.job == job
    assert (run.status, job.status) == (RunStatus.APPLIED, JobStatus.DONE)
    assert job.message == services.outcome_sentence(run)
    assert job.message.startswith("501\u00a0créations, 0\u00a0modification")
    assert len(known(workspace)) == 501

    with django_capture_on_commit_callbacks(execute=True):
        work.start_undo(run=run, user=bob.user)
    assert known(workspace) == {}


def test_a_job_whose_process_died_is_resumed_without_doing_it_twice(
    workspace: Workspace, bob: Membership
) -> None:
    run = preview(workspace)
    services.claim_run(run=run)

    assert services.apply_next(run=run, user=bob.user, size=1) == 1
    assert services.apply_next(run=run, user=bob.user, size=5) == 1
    assert services.apply_next(run=run, user=bob.user, size=5) == 0

    assert ImportRow.objects.filter(journal__isnull=False).count() == 2


def big_file(rows: int) -> str:
    return "Adresse;Raison\n" + "".join(f"a{rank}@exemple.fr;\n" for rank in range(rows))


def test_a_big_import_stopped_on_request_says_what_it_wrote_and_can_be_undone(
    workspace: Workspace, bob: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = preview(workspace, big_file(work.DIRECT_ROWS + 1))
    work.start_apply(run=run, user=bob.user)
    job = Job.objects.get()
    step = services.apply_next

    def then_cancel(**arguments: Any) -> int:
        cancel_job(job=job)
        return step(**arguments)

    monkeypatch.setattr(progress, "WRITE_EVERY", 0.0)
    monkeypatch.setattr(services, "apply_next", then_cancel)
    perform(job.pk)
    job.refresh_from_db()
    run.refresh_from_db()

    assert (job.status, run.status) == (JobStatus.CANCELLED, RunStatus.FAILED)
    assert run.error.startswith("Import arrêté à votre demande. 200\u00a0lignes sont écrites")
    assert len(known(workspace)) == work.STEP_ROWS

    services.undo_run(run=run)
    assert known(workspace) == {}


def test_a_fault_in_a_big_import_keeps_and_tells_the_steps_done(
    workspace: Workspace, bob: Membership
) -> None:
    run = preview(workspace, big_file(work.DIRECT_ROWS) + "bogue@exemple.fr;\n")
    work.start_apply(run=run, user=bob.user)
    job = Job.objects.get()
    perform(job.pk)
    job.refresh_from_db()
    run.refresh_from_db()

    assert (job.status, run.status) == (JobStatus.FAILED, RunStatus.FAILED)
    assert job.error == run.error
    assert "400\u00a0lignes sont écrites" in run.error
    assert len(known(workspace)) == 2 * work.STEP_ROWS


def test_a_big_import_given_up_before_its_end_can_be_gone_on_with(
    workspace: Workspace, bob: Membership
) -> None:
    run = preview(workspace, big_file(work.DIRECT_ROWS + 1))
    work.start_apply(run=run, user=bob.user)
    cancel_job(job=Job.objects.get())  # it was still waiting
    run.refresh_from_db()
    assert run.status == RunStatus.APPLYING

    assert work.start_apply(run=run, user=bob.user)
    perform(Job.objects.latest("pk").pk)
    run.refresh_from_db()

    assert run.status == RunStatus.APPLIED
    assert len(known(workspace)) == work.DIRECT_ROWS + 1


def test_from_the_shell(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "adresses.csv"
    path.write_text(GOOD)

    call_command("import", "addresses", str(path), workspace=workspace.slug, dry_run=True)
    assert "rien n’est écrit : 2\u00a0créations" in capsys.readouterr().out
    assert known(workspace) == {}

    call_command("import", "addresses", str(path), workspace=workspace.slug)
    assert "Importé : 2\u00a0créations" in capsys.readouterr().out
    assert len(known(workspace)) == 2


def test_from_the_shell_problems_are_listed_and_told_by_the_exit_code(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "adresses.csv"
    path.write_text(MIXED)

    with pytest.raises(SystemExit) as leaving:
        call_command("import", "addresses", str(path), workspace=workspace.slug)

    assert leaving.value.code == 2
    assert "Ligne 3, Adresse" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("kind", "name", "slug", "said"),
    [
        ("addresses", "absent.csv", None, "ne peut pas être lu"),
        ("canteens", "a.csv", None, "n’est pas une nature d’import. Connues : addresses."),
        ("addresses", "a.csv", "ailleurs", "n’existe pas"),
    ],
)
def test_from_the_shell_mistakes_are_explained(
    workspace: Workspace, tmp_path: Path, kind: str, name: str, slug: str | None, said: str
) -> None:
    (tmp_path / "a.csv").write_text(GOOD)

    with pytest.raises(CommandError, match=said):
        call_command("import", kind, str(tmp_path / name), workspace=slug or workspace.slug)


def test_the_command_refuses_what_it_cannot_read_of_the_context(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Nom\nMairie\n", encoding="utf-8")
    with pytest.raises(CommandError, match="CLÉ=VALEUR"):
        call_command("import", "addresses", str(path), workspace=workspace.slug, context=["foo"])
