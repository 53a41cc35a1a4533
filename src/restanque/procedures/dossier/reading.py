"""The file of a procedure as read on a day: what is there, what is missing, until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from restanque.engine.deadlines import StepState
from restanque.engine.law import DEPOSIT, PARTS, DepositDocument, Need, Piece, pieces
from restanque.law.evidence import EVIDENCE_BADGES
from restanque.procedures.dossier.nomenclature import PieceState
from restanque.procedures.models import DossierPiece
from restanque.procedures.reading import Reading

OWN_PART = "Pièces ajoutées par l’équipe"
GONE_PART = "Pièces que le droit ne nomme plus"


@dataclass(frozen=True)
class PieceRow:
    """A piece: what the law says of it, what the team recorded, the step that waits for it."""

    record: DossierPiece | None
    law: Piece | None
    articles: str
    step: StepState | None
    today: date

    @property
    def name(self) -> str:
        """Its label, in the words of the law of today when it names it."""
        return self.law.label if self.law else str(self.record)

    @property
    def evidence(self) -> tuple[str, str] | None:
        """(badge, words) of how far its text was read; None for a piece of the team's own."""
        if self.law is None:
            return None
        status = self.law.evidence.status
        return EVIDENCE_BADGES[status], status.label

    @property
    def source(self) -> str:
        """Where the law's mention of it comes from."""
        return f"{self.law.evidence.label} ; {self.law.evidence.source}" if self.law else ""

    @property
    def due(self) -> date | None:
        """The last day that the step leaves, else the day it is planned for; when it was done."""
        if self.step is None:
            return None
        return self.step.done or self.step.latest or self.step.planned

    @property
    def is_left_out(self) -> bool:
        """Whether the team says that it is not needed."""
        return self.record is not None and self.record.state == PieceState.NOT_NEEDED

    @property
    def is_approved(self) -> bool:
        """Whether it is finished."""
        return self.record is not None and self.record.state == PieceState.APPROVED

    @property
    def is_late(self) -> bool:
        """Its step is done, or should be, and it is not approved."""
        if self.is_approved or self.is_left_out or self.step is None or self.due is None:
            return False
        return self.step.done is not None or self.due < self.today


@dataclass(frozen=True)
class Part:
    """A part of the file."""

    id: str
    title: str
    rows: tuple[PieceRow, ...]


@dataclass(frozen=True)
class DepositRow:
    """A document that the State's deposit asks for, and the pieces that answer it."""

    document: DepositDocument
    rows: tuple[PieceRow, ...]

    @property
    def state(self) -> str:
        """« prêt », « à compléter », « sans objet » or « absent »."""
        wanted = [row for row in self.rows if not row.is_left_out]
        if self.rows and not wanted:
            return "sans objet"
        if any(row.record is None for row in wanted) or not wanted:
            return "absent"
        return "prêt" if all(row.is_approved for row in wanted) else "à compléter"


@dataclass(frozen=True)
class Checklist:
    """The file of a procedure read on a day. `records` are its pieces, with their writers."""

    reading: Reading
    records: Sequence[DossierPiece]

    @cached_property
    def named(self) -> tuple[Piece, ...]:
        """What the law names for this kind of procedure."""
        return pieces(self.reading.law, self.reading.procedure.kind)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The pieces of the law by part, then those of the team, then those of a former law."""
        kept = {record.code: record for record in self.records}
        found: dict[str, list[PieceRow]] = {part: [] for part in PARTS}
        for piece in self.named:
            found[piece.part].append(self._row(kept.pop(piece.id, None), piece))
        own = [self._row(one, None) for one in kept.values() if one.is_own]
        gone = [self._row(one, None) for one in kept.values() if not one.is_own]
        listed = [(name, title, found[name]) for name, title in PARTS.items()]
        listed += [("propres", OWN_PART, own), ("anciennes", GONE_PART, gone)]
        return tuple(Part(name, title, tuple(rows)) for name, title, rows in listed if rows)

    @property
    def rows(self) -> tuple[PieceRow, ...]:
        """Every piece."""
        return tuple(row for part in self.parts for row in part.rows)

    @property
    def is_open(self) -> bool:
        """Whether the team has begun to fill it."""
        return bool(self.records)

    @property
    def to_add(self) -> tuple[PieceRow, ...]:
        """The pieces that the law names and that the file has not."""
        return tuple(row for row in self.rows if row.record is None)

    @property
    def needed(self) -> tuple[PieceRow, ...]:
        """Those that are not left out."""
        return tuple(row for row in self.rows if not row.is_left_out)

    @property
    def approved(self) -> int:
        """How many are finished."""
        return sum(row.is_approved for row in self.needed)

    @property
    def required(self) -> tuple[PieceRow, ...]:
        """Those that a text requires and that are not left out."""
        return tuple(row for row in self.needed if row.law and row.law.need is Need.REQUIRED)

    @property
    def missing(self) -> tuple[PieceRow, ...]:
        """Required, and not finished."""
        return tuple(row for row in self.required if not row.is_approved)

    @property
    def late(self) -> tuple[PieceRow, ...]:
        """Not finished while their step is done or should be."""
        return tuple(row for row in self.rows if row.is_late)

    @property
    def deposit(self) -> tuple[DepositRow, ...]:
        """What the State's PCAET deposit expects; empty for a document that is not deposited."""
        fed = [row for row in self.rows if row.law and row.law.deposit]
        if not fed:
            return ()
        return tuple(
            DepositRow(document, tuple(row for row in fed if _feeds(row, document)))
            for document in DEPOSIT
        )

    @property
    def is_fictitious(self) -> bool:
        """Whether anything shown is invented."""
        return self.reading.is_fictitious or any(one.fictitious for one in self.records)

    def _row(self, record: DossierPiece | None, piece: Piece | None) -> PieceRow:
        kind = self.reading.procedure.engine_kind
        step = piece.due_at(kind.id) if piece else record.step if record else ""
        state = self.reading.timeline.step(step) if step in kind.by_id else None
        articles = self.reading.law.cite(piece.articles) if piece and piece.articles else ""
        return PieceRow(record, piece, articles, state, self.reading.today)


def _feeds(row: PieceRow, document: DepositDocument) -> bool:
    return row.law is not None and row.law.deposit == document.id


def checklist_of(reading: Reading) -> Checklist:
    """The checklist of a procedure already read."""
    records = reading.procedure.pieces.with_writer().prefetch_related("files")
    return Checklist(reading, list(records))
