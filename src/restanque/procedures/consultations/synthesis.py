"""The synthesis of the opinions, once and for all its writings: counts, opinions, remarks.

What it counts is what was recorded: silence is told apart from an answer, and an answer out of time
is kept and told as such.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from restanque.kit.text import format_date, plural
from restanque.procedures.consultations.reading import ConsultationReading, Row
from restanque.procedures.consultations.terms import Standing
from restanque.procedures.models import Remark, Reply

PENDING = "sans réponse à ce jour"


@dataclass(frozen=True, slots=True)
class OpinionPart:
    """One opinion and its remarks, in order."""

    row: Row
    remarks: tuple[Remark, ...]

    @property
    def heading(self) -> str:
        """« Organisme A : favorable avec réserves »."""
        opinion = self.row.opinion
        return f"{self.row.consultee.name} : {opinion.sense_label if opinion else ''}"

    @property
    def timing(self) -> str:
        """When it came, against its own term."""
        return timing(self.row)


@dataclass(frozen=True, slots=True)
class Synthesis:
    """Everything that the file of the public inquiry needs of a consultation."""

    reading: ConsultationReading
    opinions: tuple[OpinionPart, ...]
    silent: tuple[Row, ...]
    awaited: tuple[Row, ...]

    @property
    def title(self) -> str:
        """Of the document."""
        return f"Synthèse des avis : {self.reading.consultation.name}"

    @property
    def summary(self) -> str:
        """The answer first: n consulted, n answered, n silent."""
        counts = self.reading.counts
        open_ = counts.waiting + counts.unproven
        late = f", dont {counts.late} hors délai" if counts.late else ""
        return (
            f"{plural(counts.sent, 'organisme consulté', 'organismes consultés')} : "
            f"{plural(counts.answered, 'avis reçu', 'avis reçus')}{late}, "
            f"{plural(counts.silent, 'silence acquis', 'silences acquis')}, "
            f"{plural(open_, 'organisme')} dont rien n’est acquis."
        )

    @property
    def replied(self) -> str:
        """« 12 remarques, 10 avec leur réponse »."""
        found = self.reading.remarks
        done = found.total - found.unanswered
        return f"{plural(found.total, 'remarque')}, {done} avec leur réponse."


def synthesis_of(reading: ConsultationReading) -> Synthesis:
    """Gather the opinions with their remarks; two queries more than the reading."""
    found = (
        Remark.objects.filter(opinion__consultee__consultation=reading.consultation)
        .select_related("reply")
        .order_by("opinion", "order", "pk")
    )
    remarks: dict[int, list[Remark]] = defaultdict(list)
    for remark in found:
        remarks[remark.opinion_id].append(remark)
    opinions = tuple(
        OpinionPart(row, tuple(remarks[row.opinion.pk]))
        for row in reading.rows
        if row.opinion is not None
    )
    silent = tuple(row for row in reading.rows if row.standing is Standing.SILENT)
    awaited = tuple(
        row for row in reading.rows if row.opinion is None and row.standing is not Standing.SILENT
    )
    return Synthesis(reading, opinions, silent, awaited)


def timing(row: Row) -> str:
    """Whether an opinion came in time, in words."""
    opinion, term = row.opinion, row.term
    if opinion is None:
        return row.standing.label
    came = f"reçu le {format_date(opinion.received_on)}"
    if row.standing is Standing.LATE and term.silence_on is not None:
        return (
            f"{came}, hors délai : le silence était acquis depuis le "
            f"{format_date(term.silence_on)}. L’avis est joint et lu"
        )
    if row.standing is Standing.LATE_PERHAPS:
        return f"{came}, dans le délai ou non selon la durée que retient la source"
    if term.last_day is None:
        return came
    return f"{came}, dans le délai (terme le {format_date(term.last_day)})"


def decision_words(reply: Reply | None) -> str:
    """« acceptée », or that there is none yet."""
    return reply.decision_label if reply is not None else PENDING


def carried_words(reply: Reply | None) -> str:
    """Where the document changes, and whether it did."""
    if reply is None or not reply.place:
        return ""
    if reply.carried_on is None:
        return f"{reply.place} (à reporter)"
    version = f", {reply.carried_version}" if reply.carried_version else ""
    return f"{reply.place} (reporté le {format_date(reply.carried_on)}{version})"


def reply_of(remark: Remark) -> Reply | None:
    """The reply to a remark, if there is one."""
    return getattr(remark, "reply", None)


def remark_cells(remarks: Sequence[Remark]) -> list[tuple[str, ...]]:
    """The rows of a table of remarks: rank, topic, remark, decision, why, where."""
    cells: list[tuple[str, ...]] = []
    for remark in remarks:
        reply = reply_of(remark)
        place = f" (p. {remark.page})" if remark.page else ""
        cells.append(
            (
                str(remark.order),
                remark.topic or "–",
                f"{remark.text}{place}",
                decision_words(reply),
                reply.why if reply else "",
                carried_words(reply),
            )
        )
    return cells
