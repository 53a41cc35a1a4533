"""Consultations read on a day: each body's time to answer, the counts, what remains to do.

Pure reading: a fixed number of queries, however many bodies and remarks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, Q, QuerySet

from restanque.engine.deadlines import Derivation
from restanque.engine.law import Consultee as Legal
from restanque.engine.law import RuleSet, consultees
from restanque.law.current import law_of
from restanque.law.evidence import EVIDENCE_BADGES, Evidence, evidence_of
from restanque.procedures.consultations.nomenclature import CHANGING, Obligation, Sense
from restanque.procedures.consultations.terms import Frame, Standing, Term, standing, term_of
from restanque.procedures.models import Consultation, Consultee, Opinion, Procedure, Remark

#: A body whose term is this near is worth a reminder, in days.
REMIND = 21
ANSWERS = (Standing.ANSWERED, Standing.LATE, Standing.LATE_PERHAPS)
_WAITS = (Standing.WAITING, Standing.DOUBT, Standing.NO_TERM)


@dataclass(frozen=True, slots=True)
class RemarkCount:
    """How many remarks an opinion holds, without reply, and accepted but not in the document."""

    total: int = 0
    unanswered: int = 0
    to_carry: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One body, read."""

    consultee: Consultee
    term: Term
    opinion: Opinion | None
    standing: Standing
    remarks: RemarkCount
    today: date

    @property
    def left(self) -> int | None:
        """Days left to answer; negative once passed; None without term or once answered."""
        if self.opinion is not None or self.term.last_day is None:
            return None
        return (self.term.last_day - self.today).days

    @property
    def is_due(self) -> bool:
        """Whether it must be consulted: by law, or because it asked."""
        asked = self.consultee.obligation == Obligation.ON_REQUEST and self.consultee.requested_on
        return self.consultee.obligation == Obligation.MANDATORY or bool(asked)

    @property
    def is_sent(self) -> bool:
        """Whether a complete file left."""
        return self.term.dispatch is not None

    @property
    def to_remind(self) -> bool:
        """Whether its term is near, or past the shortest of disputed values, without an answer."""
        return self.standing is Standing.DOUBT or (
            self.standing is Standing.WAITING and self.left is not None and self.left <= REMIND
        )

    @property
    def evidence(self) -> Evidence | None:
        """How far the rule of its term was checked."""
        return evidence_of(self.term.rule) if self.term.rule else None

    @property
    def derivations(self) -> list[tuple[str, Derivation]]:
        """What the dates rest on, in words: one when both agree, two when sources dispute it."""
        act, wait = self.term.act, self.term.wait
        if act is None or wait is None:
            return []
        if not self.term.disputed:
            return [("Le calcul", wait)]
        return [("La durée la plus courte", act), ("La durée la plus longue", wait)]


@dataclass(frozen=True, slots=True)
class Coming:
    """Bodies whose term falls on the same day, under the same text."""

    rows: tuple[Row, ...]

    @property
    def first(self) -> Row:
        """One of them: they share the rest."""
        return self.rows[0]


@dataclass(frozen=True, slots=True)
class Counts:
    """What was asked and what came, each figure of bodies."""

    listed: int
    sent: int
    answered: int
    silent: int
    waiting: int
    unproven: int
    late: int
    by_sense: tuple[tuple[Sense, int], ...]


class ConsultationReading:
    """One consultation on a day. `rows` is given by `read_all`."""

    def __init__(
        self, consultation: Consultation, rows: tuple[Row, ...], law: RuleSet, today: date
    ) -> None:
        self.consultation, self.rows = consultation, rows
        self.law, self.today = law, today

    @property
    def procedure(self) -> Procedure:
        """Whose step it is."""
        return self.consultation.procedure

    @property
    def is_fictitious(self) -> bool:
        """Whether anything shown is invented."""
        return self.consultation.is_fictitious

    @cached_property
    def legal(self) -> tuple[Legal, ...]:
        """The categories that the law base names for the step."""
        return consultees(self.law, kind=self.procedure.kind, step=self.consultation.step)

    @cached_property
    def counts(self) -> Counts:
        """How many of each."""
        stands = Counter(row.standing for row in self.rows)
        senses = Counter(row.opinion.sense for row in self.rows if row.opinion is not None)
        return Counts(
            listed=len(self.rows),
            sent=sum(row.is_sent for row in self.rows),
            answered=sum(stands[one] for one in ANSWERS),
            silent=stands[Standing.SILENT],
            waiting=sum(stands[one] for one in _WAITS),
            unproven=stands[Standing.UNPROVEN],
            late=stands[Standing.LATE],
            by_sense=tuple((sense, senses[sense.value]) for sense in Sense),
        )

    @cached_property
    def remarks(self) -> RemarkCount:
        """Those of all the opinions."""
        counts = [row.remarks for row in self.rows]
        return RemarkCount(
            sum(one.total for one in counts),
            sum(one.unanswered for one in counts),
            sum(one.to_carry for one in counts),
        )

    @property
    def to_remind(self) -> list[Row]:
        """Bodies worth a reminder, the nearest term first."""
        return sorted((row for row in self.rows if row.to_remind), key=lambda row: row.left or 0)

    @property
    def coming(self) -> list[Coming]:
        """The terms not passed, the nearest first, bodies that share one together."""
        groups: dict[tuple[int, str], list[Row]] = {}
        for row in self.rows:
            if row.left is not None and row.left >= 0:
                groups.setdefault((row.left, row.term.article), []).append(row)
        return [Coming(tuple(groups[key])) for key in sorted(groups)]

    @property
    def last_silence(self) -> date | None:
        """The day from which nobody's answer is awaited any more: the last of the terms."""
        days = [
            row.term.silence_on
            for row in self.rows
            if row.opinion is None and row.term.silence_on is not None
        ]
        return max(days, default=None)

    def row_of(self, pk: int) -> Row:
        """The row of a body of the list."""
        return next(row for row in self.rows if row.consultee.pk == pk)


def read_all(
    consultations: QuerySet[Consultation], today: date, *, law: RuleSet | None = None
) -> list[ConsultationReading]:
    """Read some consultations of one workspace, in six queries at most."""
    found = list(
        consultations.select_related("procedure__territory__workspace").prefetch_related(
            "set_aside", "procedure__facts__act"
        )
    )
    if not found:
        return []
    law = law or law_of(found[0].workspace)
    bodies = Consultee.objects.filter(consultation__in=[one.pk for one in found])
    rows = _rows(bodies, found, law, today)
    return [ConsultationReading(one, tuple(rows.get(one.pk, ())), law, today) for one in found]


def read_one(consultation: Consultation, today: date) -> ConsultationReading:
    """Read one consultation."""
    return read_all(Consultation.objects.filter(pk=consultation.pk), today)[0]


def read_body(consultee: Consultee, today: date) -> ConsultationReading:
    """The consultation of a body, with that body only."""
    found = Consultation.objects.filter(pk=consultee.consultation_id)
    one = found.select_related("procedure__territory__workspace").get()
    law = law_of(one.workspace)
    rows = _rows(Consultee.objects.filter(pk=consultee.pk), [one], law, today)
    return ConsultationReading(one, tuple(rows[one.pk]), law, today)


def _rows(
    bodies: QuerySet[Consultee], consultations: list[Consultation], law: RuleSet, today: date
) -> dict[int, list[Row]]:
    frames = {one.pk: Frame.of(one.procedure, law) for one in consultations}
    known = {one.pk: one for one in consultations}
    loaded = list(bodies.select_related("organisation", "opinion").prefetch_related("dispatches"))
    counts = _remark_counts(bodies)
    rows: dict[int, list[Row]] = {}
    for one in loaded:
        one.consultation = known[one.consultation_id]
        opinion = getattr(one, "opinion", None)
        term = term_of(frames[one.consultation_id], one, list(one.dispatches.all()))
        row = Row(
            one, term, opinion, standing(term, opinion, today),
            counts.get(one.pk, RemarkCount()), today,
        )  # fmt: skip
        rows.setdefault(one.consultation_id, []).append(row)
    return rows


def _remark_counts(bodies: QuerySet[Consultee]) -> dict[int, RemarkCount]:
    found = (
        Remark.objects.filter(opinion__consultee__in=bodies.order_by().values("pk"))
        .order_by()
        .values_list("opinion__consultee")
        .annotate(
            total=Count("pk"),
            unanswered=Count("pk", filter=Q(reply__isnull=True)),
            to_carry=Count(
                "pk",
                filter=Q(reply__decision__in=CHANGING, reply__carried_on__isnull=True),
            ),
        )
    )
    return {pk: RemarkCount(*counts) for pk, *counts in found}


def evidence_words(one: Legal) -> tuple[str, str]:
    """(words, badge): how far the place of a category in the law was checked."""
    label = one.evidence.status.label
    if one.evidence.to_verify:
        return "à vérifier", "attente"
    return label, EVIDENCE_BADGES[one.evidence.status]


def titles(law: RuleSet, law_ids: Iterable[str]) -> list[Legal]:
    """The legal categories of these identifiers, those that the law base still has."""
    wanted = list(law_ids)
    return [one for one in law.consultees if one.id in wanted]
