"""Every write on imports: preview, import, undo."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from restanque.accounts.models import User, Workspace
from restanque.core.files import safe_name
from restanque.core.imports import registry
from restanque.core.imports.declaration import Importer, RowPlan, RowProblem, UndoRefused
from restanque.core.models import ImportRow, ImportRun, RowAction, RunStatus
from restanque.core.models.jobs import FINISHED
from restanque.kit import tabular
from restanque.kit.tabular.columns import cell_text
from restanque.kit.text import plural

logger = logging.getLogger(__name__)

CHANGES = (RowAction.CREATE, RowAction.UPDATE)
BATCH = 500
UNEXPECTED = "Une erreur imprévue a arrêté l’import."


class ImportRefused(Exception):
    """The file cannot be imported at all; `reasons` are French sentences."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


@transaction.atomic
def preview_import(
    *,
    kind: str,
    data: bytes,
    filename: str,
    workspace: Workspace,
    user: User | None,
    context: Mapping[str, Any] | None = None,
) -> ImportRun:
    """Read a file and plan every row, writing nothing but the plan itself.

    Raises ImportRefused when the file cannot be read, or lacks a required column.
    """
    importer = registry.get(kind)
    try:
        table = importer.read(data, filename)
    except tabular.TableError as error:
        raise ImportRefused([str(error)]) from error
    checked = tabular.validate_rows(table, importer.columns)
    of_header = [str(p) for p in checked.problems if p.row == table.header_row]
    if not checked.rows and of_header:
        raise ImportRefused(of_header)
    plans = importer.plan(checked.rows, workspace=workspace, context=dict(context or {}))
    if sorted(plan.number for plan in plans) != sorted(row.number for row in checked.rows):
        raise ValueError(f"{type(importer).__name__}.plan must return one plan a row")
    notes = [*table.notes, *of_header]
    if checked.unknown_headers:
        notes.append(f"Colonnes non lues : {', '.join(checked.unknown_headers)}.")
    run = ImportRun(
        workspace=workspace,
        kind=kind,
        file_name=safe_name(filename),
        sha256=hashlib.sha256(data).hexdigest(),
        context=dict(context or {}),
        headers=list(table.headers),
        notes=notes,
        created_by=user,
    )
    run.full_clean()
    run.save()
    _keep_rows(run, table, [*plans, *_plans_of_problems(checked.problems, table.header_row)])
    _count(run)
    return run


def same_file_before(run: ImportRun) -> QuerySet[ImportRun]:
    """Earlier imports of the very same file, still in force, newest first."""
    return ImportRun.objects.filter(
        workspace=run.workspace,
        kind=run.kind,
        sha256=run.sha256,
        status=RunStatus.APPLIED,
        pk__lt=run.pk,
    )


def claim_run(*, run: ImportRun) -> bool:
    """Take a checked run for importing; False when somebody has just done it.

    A run whose job was given up before its end can be taken again: it goes on where it was.
    """
    abandoned = Q(status=RunStatus.APPLYING, job__status__in=FINISHED)
    runs = ImportRun.objects.filter(Q(status=RunStatus.PREVIEW) | abandoned, pk=run.pk)
    return bool(runs.update(status=RunStatus.APPLYING))


def apply_claimed(*, run: ImportRun, user: User | None) -> ImportRun:
    """Import the valid rows of a claimed run, in one transaction.

    A row that the importer refuses now joins those to correct; an unexpected failure undoes all.
    """
    if run.status == RunStatus.APPLIED:
        return run
    try:
        with transaction.atomic():
            apply_next(run=run, user=user, size=None)
            return conclude(run=run)
    except Exception:
        logger.exception("import %s (%s) failed", run.pk, run.kind)
        return give_up(run=run, reason=UNEXPECTED)


@transaction.atomic
def apply_next(*, run: ImportRun, user: User | None, size: int | None) -> int:
    """Import the next rows of a claimed run (all of them without `size`); how many were looked at.

    A row is written together with its journal: after a crash, what remains is exactly what has no
    journal.
    """
    importer = registry.get(run.kind)
    rows = list(to_write(run).order_by("number", "pk")[:size])
    for row in rows:
        _apply_row(row, run, importer, user)
    return len(rows)


@transaction.atomic
def conclude(*, run: ImportRun) -> ImportRun:
    """Every row of a claimed run was looked at: it is imported."""
    run.status, run.applied_at, run.error = RunStatus.APPLIED, timezone.now(), ""
    run.save(update_fields=["status", "applied_at", "error"])
    _count(run)
    return run


@transaction.atomic
def give_up(*, run: ImportRun, reason: str) -> ImportRun:
    """Stop a claimed run, saying what was written: that can be undone."""
    written = run.rows.filter(journal__isnull=False).count()
    what = (
        f"{plural(written, 'ligne est écrite', 'lignes sont écrites')} : "
        "vous pouvez défaire cet import."
        if written
        else "Rien n’est écrit."
    )
    run.status, run.error = RunStatus.FAILED, f"{reason} {what}"
    run.applied_at = timezone.now() if written else None
    run.save(update_fields=["status", "applied_at", "error"])
    _count(run)
    return run


def to_write(run: ImportRun) -> QuerySet[ImportRow]:
    """The rows that an import has still to write."""
    return run.rows.filter(action__in=CHANGES, journal__isnull=True)


def can_be_undone(run: ImportRun) -> bool:
    """Whether the import wrote something that it can take back."""
    if run.rows_erased_at is not None or run.applied_at is None:
        return False
    return run.status in (RunStatus.APPLIED, RunStatus.FAILED)


@transaction.atomic
def undo_run(*, run: ImportRun) -> ImportRun:
    """Undo an import, last row first, all or nothing.

    Raises ImportRefused with the reason of each row that was changed since.
    """
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.rows_erased_at is not None:
        raise ImportRefused(["Les lignes de cet import sont effacées : il est trop ancien."])
    if not can_be_undone(run):
        raise ImportRefused([f"Cet import est « {run.get_status_display()} »."])
    importer = registry.get(run.kind)
    refused = []
    rows = run.rows.filter(journal__isnull=False).order_by("-number", "-pk")
    for row in rows.iterator(chunk_size=BATCH):
        try:
            with transaction.atomic():
                importer.undo(row.journal or {}, workspace=run.workspace)
        except UndoRefused as refusal:
            refused.append(f"Ligne {row.number} ({row.summary}) : {refusal}")
    if refused:
        # Raising leaves the transaction: the rows undone above come back too.
        raise ImportRefused(refused)
    run.status, run.undone_at = RunStatus.UNDONE, timezone.now()
    run.save(update_fields=["status", "undone_at"])
    return run


def run_import(
    *,
    kind: str,
    data: bytes,
    filename: str,
    workspace: Workspace,
    dry_run: bool,
    user: User | None = None,
    context: Mapping[str, Any] | None = None,
) -> ImportRun:
    """Preview a file and, unless `dry_run`, import its valid rows at once."""
    run = preview_import(
        kind=kind, data=data, filename=filename, workspace=workspace, user=user, context=context
    )
    if dry_run or not claim_run(run=run):
        return run
    return apply_claimed(run=run, user=user)


def outcome_sentence(run: ImportRun) -> str:
    """What an import did, in one sentence."""
    parts = [
        plural(run.create_count, "création"),
        plural(run.update_count, "modification"),
        plural(run.error_count, "ligne à corriger", "lignes à corriger"),
        plural(run.skip_count, "ligne sans effet", "lignes sans effet"),
    ]
    return ", ".join(parts) + "."


def _plans_of_problems(problems: Sequence[tabular.Problem], header_row: int) -> list[RowPlan]:
    by_row: dict[int, list[str]] = defaultdict(list)
    for problem in problems:
        if problem.row != header_row:
            by_row[problem.row].append(str(problem))
    return [RowPlan.error(number, "\n".join(texts)) for number, texts in by_row.items()]


def _keep_rows(run: ImportRun, table: tabular.Table, plans: Sequence[RowPlan]) -> None:
    cells = {row.number: [cell_text(cell) for cell in row.cells] for row in table.rows}
    ImportRow.objects.bulk_create(
        (
            ImportRow(
                run=run,
                number=plan.number,
                action=plan.action,
                summary=plan.summary[:300],
                cells=cells[plan.number],
                payload=plan.payload,
                problem=plan.problem,
            )
            for plan in sorted(plans, key=lambda plan: plan.number)
        ),
        batch_size=BATCH,
    )


def _apply_row(row: ImportRow, run: ImportRun, importer: Importer, user: User | None) -> None:
    plan = RowPlan(row.number, RowAction(row.action), row.summary, row.payload)
    try:
        with transaction.atomic():
            row.journal = importer.apply(
                plan, workspace=run.workspace, context=run.context, user=user
            )
    except RowProblem as problem:
        row.action, row.problem = RowAction.ERROR, f"Ligne {row.number} : {problem}"
    except ValidationError as error:
        reasons = " ".join(error.messages)
        row.action, row.problem = RowAction.ERROR, f"Ligne {row.number} : {reasons}"
    row.save(update_fields=["journal", "action", "problem"])


def _count(run: ImportRun) -> None:
    for action in RowAction:
        setattr(run, f"{action.value}_count", run.rows.filter(action=action).count())
    run.save(update_fields=[f"{action.value}_count" for action in RowAction])
