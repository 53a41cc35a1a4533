"""The report of an import: the file as read, with what became of each row."""

from django.utils import timezone

from restanque.core.imports import registry
from restanque.core.models import ImportRun
from restanque.kit import documents
from restanque.kit.text import format_date


def report(run: ImportRun) -> bytes:
    """A workbook with the columns of the file, then « effet », « résumé » and « problème ».

    Correct the rows that have a problem and give the same workbook again: columns that nobody
    expects are ignored, and rows already imported change nothing.
    """
    width = len(run.headers)
    rows = [
        [
            row.number,
            *(row.cells + [""] * width)[:width],
            row.get_action_display(),
            row.summary,
            row.problem,
        ]
        for row in run.rows.order_by("number", "pk")
    ]
    notes = [
        ("Import", registry.title_of(run.kind)),
        ("Fichier", run.file_name),
        ("État", run.get_status_display()),
        ("Déposé le", format_date(timezone.localdate(run.created_at))),
    ]
    sheet = documents.Sheet(
        title="Rapport d’import",
        headers=["ligne", *run.headers, "effet", "résumé", "problème"],
        rows=rows,
        notes=notes,
    )
    return documents.xlsx_bytes([sheet], fictitious=run.workspace.fictitious)
