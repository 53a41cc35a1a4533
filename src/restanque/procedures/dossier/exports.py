"""The list of the pieces: workbook and CSV for the State's deposit, Word to print."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from restanque.engine.law import DEPOSIT_EVIDENCE
from restanque.kit.documents import Sheet, WordWriter, csv_bytes, xlsx_bytes
from restanque.kit.text import format_date, plural
from restanque.procedures.dossier.reading import Checklist, DepositRow, PieceRow

_DEPOSIT = (
    "Document attendu", "Demandé par le dépôt", "Pièce du dossier", "État", "Version", "Date",
    "Fichier", "Prêt", "Remarque",
)  # fmt: skip
_PIECES = (
    "Partie", "Pièce", "Exigence", "Texte", "État du texte", "Qui écrit", "État", "Version",
    "Date", "Prête pour", "Au plus tard", "Fichier", "Remarque",
)  # fmt: skip


def workbook(checklist: Checklist) -> bytes:
    """The deposit's documents where there is a deposit, then every piece."""
    sheets = [Sheet("Pièces", _PIECES, piece_rows(checklist), _notes(checklist))]
    if checklist.deposit:
        notes = [*_notes(checklist), ("Documents attendus", DEPOSIT_EVIDENCE.source)]
        sheets.insert(0, Sheet("Dépôt PCAET", _DEPOSIT, deposit_rows(checklist), notes))
    return xlsx_bytes(sheets, fictitious=checklist.is_fictitious)


def csv_file(checklist: Checklist) -> bytes:
    """The deposit's documents, or every piece where there is no deposit."""
    if checklist.deposit:
        headers: Sequence[str] = _DEPOSIT
        rows = deposit_rows(checklist)
    else:
        headers, rows = _PIECES, piece_rows(checklist)
    return csv_bytes(headers, rows, fictitious=checklist.is_fictitious)


def deposit_rows(checklist: Checklist) -> list[tuple[Any, ...]]:
    """One line a piece that answers a document; one line for a document that nothing answers."""
    return [
        line
        for one in checklist.deposit
        for line in ([_deposit_line(one, row) for row in one.rows] or [_deposit_line(one, None)])
    ]


def _deposit_line(one: DepositRow, row: PieceRow | None) -> tuple[Any, ...]:
    record = row.record if row else None
    files = list(record.files.all()) if record else []
    return (
        one.document.label,
        "obligatoire" if one.document.required else "selon le cas",
        row.name if row else "",
        _state(row),
        record.version if record else "",
        record.dated_on if record else None,
        files[0].file_name if files else "",
        one.state,
        one.document.note,
    )


def piece_rows(checklist: Checklist) -> list[tuple[Any, ...]]:
    """One line a piece."""
    return [
        (
            part.title,
            row.name,
            row.law.need.label if row.law else "ajoutée par l’équipe",
            row.articles or ("article non relevé" if row.law else ""),
            row.source,
            row.record.writers if row.record else "",
            _state(row),
            row.record.version if row.record else "",
            row.record.dated_on if row.record else None,
            row.step.step.label if row.step else "",
            row.due,
            _file(row),
            row.record.note if row.record else "",
        )
        for part in checklist.parts
        for row in part.rows
    ]


def word(checklist: Checklist, *, author: str, created_at: dt.datetime) -> bytes:
    """The checklist to print: what is ready, what is missing, part by part."""
    procedure = checklist.reading.procedure
    writer = WordWriter(
        title=f"Dossier : {procedure.name}",
        author=author,
        created_at=created_at,
        fictitious=checklist.is_fictitious,
    )
    writer.heading("Pièces du dossier", 0)
    writer.paragraph(
        f"{procedure.name}, {procedure.territory.name}. État au "
        f"{format_date(checklist.reading.today)}.",
        "Subtitle",
    )
    writer.paragraph(summary(checklist), "Restanque chapeau")
    for part in checklist.parts:
        writer.heading(part.title, 1)
        writer.table(
            part.title,
            ("Pièce", "Exigence et texte", "Qui écrit", "Version", "État", "Prête pour"),
            [_word_line(row) for row in part.rows],
            widths=(2.8, 2.8, 2, 1.7, 1.3, 2.3),
        )
    if checklist.deposit:
        writer.heading("Ce que demande le dépôt PCAET de l’État", 1)
        writer.table(
            "Documents du dépôt",
            ("Document attendu", "Demandé", "Pièces du dossier", "Prêt"),
            [
                (
                    one.document.label,
                    "obligatoire" if one.document.required else "selon le cas",
                    " ; ".join(row.name for row in one.rows),
                    one.state,
                )
                for one in checklist.deposit
            ],
            widths=(3, 1.4, 4, 1.4),
            source=f"{DEPOSIT_EVIDENCE.source}.",
        )
    writer.paragraph(f"État du droit : {checklist.reading.law.version}.", "Restanque source")
    return writer.to_bytes()


def summary(checklist: Checklist) -> str:
    """The count in one sentence."""
    done, total = checklist.approved, len(checklist.needed)
    words = f"{plural(done, 'pièce validée', 'pièces validées')} sur {total}."
    missing = len(checklist.missing)
    if missing:
        words += f" {plural(missing, 'pièce exigée reste', 'pièces exigées restent')} à terminer."
    if checklist.late:
        late = len(checklist.late)
        words += f" {plural(late, 'pièce est en retard', 'pièces sont en retard')} sur son étape."
    return words


def _word_line(row: PieceRow) -> tuple[str, ...]:
    record = row.record
    need = row.law.need.label if row.law else "ajoutée par l’équipe"
    text = row.articles or ("article non relevé" if row.law else "")
    if row.evidence:
        text = f"{text} ({row.evidence[1]})"
    version = (
        f"{record.version} {format_date(record.dated_on)}" if record and record.version else ""
    )
    due = f"{row.step.step.label}, {format_date(row.due)}" if row.step else ""
    return (
        row.name,
        f"{need} ; {text}" if text else need,
        record.writers if record else "",
        version,
        _state(row) + (" (en retard)" if row.is_late else ""),
        due,
    )


def _state(row: PieceRow | None) -> str:
    if row is None or row.record is None:
        return "absente"
    words = str(row.record.get_state_display())
    return f"{words} : {row.record.reason}" if row.record.reason else words


def _file(row: PieceRow) -> str:
    files = list(row.record.files.all()) if row.record else []
    return files[0].file_name if files else ""


def _notes(checklist: Checklist) -> list[tuple[str, str]]:
    procedure = checklist.reading.procedure
    return [
        ("Procédure", procedure.name),
        ("Territoire", procedure.territory.name),
        ("Avancement", summary(checklist)),
        ("État du droit", checklist.reading.law.version),
        ("Établi le", format_date(checklist.reading.today)),
    ]
