"""Omissions, and what must be true before the procedure goes on; nothing is written.

What comes before and after a step is read in the engine's table of steps: a body consulted after a
later act, or before the act that must precede, is told whatever the procedure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from restanque.engine.deadlines import ProcedureKind
from restanque.engine.law import CONDITIONS, Effect, LawError, RuleSet, consultees
from restanque.engine.law import Consultee as Legal
from restanque.kit.text import format_date, plural
from restanque.procedures.consultations.reading import ConsultationReading, Row, read_all
from restanque.procedures.consultations.terms import Standing
from restanque.procedures.models import Consultation, Procedure

UNSTATED = "Conséquence non établie dans la base : à vérifier."


@dataclass(frozen=True, slots=True)
class Omission:
    """Something that the law base asks for and that is not there. `grave`: too late to mend."""

    message: str
    article: str
    consequence: str
    grave: bool = False
    row: Row | None = None

    @property
    def badge(self) -> str:
        """Its badge."""
        return "retard" if self.grave else "valider"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list before the next step. `done` is None when it does not apply yet."""

    label: str
    done: bool | None
    detail: str

    @property
    def badge(self) -> tuple[str, str]:
        """(words, badge)."""
        if self.done is None:
            return "plus tard", "attente"
        return ("fait", "fait") if self.done else ("à faire", "valider")


@dataclass(frozen=True, slots=True)
class Around:
    """The acts recorded before and after a step: (label, day)."""

    before: tuple[str, date] | None
    after: tuple[str, date] | None


def around(procedure: Procedure, step: str, law: RuleSet) -> Around:
    """The latest recorded act that must precede a step, the earliest recorded that must follow.

    Answers awaited from others, and steps that exist only by exception, are no such acts.
    """
    kind = procedure.engine_kind
    days = _recorded(procedure)
    direct = [link.step for link in kind.by_id[step].after]
    before = [(kind.by_id[one].label, days[one]) for one in direct if one in days]
    after = [
        (kind.by_id[one].label, days[one])
        for one in _below(kind, step)
        if one in days and not kind.by_id[one].exceptional and not _is_answer(kind, one, law)
    ]
    return Around(
        max(before, key=lambda pair: pair[1], default=None),
        min(after, key=lambda pair: pair[1], default=None),
    )


def _recorded(procedure: Procedure) -> dict[str, date]:
    days = {procedure.engine_kind.launch: procedure.prescribed_on}
    for fact in procedure.facts.all():
        days[fact.step] = min(days.get(fact.step, fact.happened_on), fact.happened_on)
    return days


def _below(kind: ProcedureKind, step: str) -> set[str]:
    found: set[str] = {step}
    for one in kind.ordered:
        if any(link.step in found for link in one.after):
            found.add(one.id)
    return found - {step}


def _is_answer(kind: ProcedureKind, step: str, law: RuleSet) -> bool:
    """Whether a step is somebody's answer: its rule gives silence a meaning."""
    for link in kind.by_id[step].after:
        if link.rule is None:
            continue
        try:
            rules = law.versions(link.rule)
        except LawError:
            continue
        if any(rule.effect is Effect.SILENCE for rule in rules):
            return True
    return False


class Inspection:
    """What a consultation lacks, and the list before the next step."""

    def __init__(self, reading: ConsultationReading) -> None:
        self.reading = reading
        step = reading.consultation.step
        self.around = around(reading.procedure, step, reading.law)

    @cached_property
    def omissions(self) -> tuple[Omission, ...]:
        """The gravest first."""
        found = [*self._categories(), *self._bodies()]
        return tuple(sorted(found, key=lambda one: not one.grave))

    @cached_property
    def missing(self) -> tuple[Legal, ...]:
        """Mandatory categories without any body, and without a reason written."""
        reading = self.reading
        held = {law_id for row in reading.rows for law_id in row.consultee.law_ids}
        aside = {one.law_id for one in reading.consultation.set_aside.all()}
        answers = reading.procedure.conditions
        return tuple(
            one
            for one in reading.legal
            if not one.on_request
            and one.id not in held | aside
            and (not one.condition or answers.get(one.condition) is not False)
        )

    def _categories(self) -> Iterator[Omission]:
        too_late = self.around.after is not None
        for legal in self.missing:
            known = not legal.condition or self.reading.procedure.conditions.get(legal.condition)
            doubt = "" if known else f" Question sans réponse : {CONDITIONS[legal.condition]}"
            yield Omission(
                f"{legal.label} : aucun organisme dans la liste.{doubt}",
                self.reading.law.cite(legal.articles),
                _consequence(self.reading, legal.rule),
                grave=too_late,
            )

    def _bodies(self) -> Iterator[Omission]:
        for row in self.reading.rows:
            yield from self._body(row)

    def _body(self, row: Row) -> Iterator[Omission]:
        name, after, before = row.consultee.name, self.around.after, self.around.before
        start = row.term.dispatch
        if start is None:
            if row.is_due and after is not None:
                said = f"{name} n’a pas été consulté avant : {_when(after)}."
                yield self._omission(said, row, grave=True)
            elif row.is_due:
                yield self._omission(f"{name} n’est pas encore consulté.", row)
            return
        if before is not None and start.sent_on < before[1]:
            said = f"Dossier envoyé à {name} le {format_date(start.sent_on)}, avant : "
            yield self._omission(f"{said}{_when(before)}.", row, grave=True)
        if after is not None and start.sent_on > after[1]:
            said = f"{name} a été consulté le {format_date(start.sent_on)}, après : {_when(after)}."
            yield self._omission(said, row, grave=True)
        elif after is not None and _still_had_time(row, after[1]):
            said = f"Le délai de {name} n’était pas passé quand a eu lieu : {_when(after)}."
            yield self._omission(said, row, grave=True)
        if row.term.changed and row.opinion is None:
            said = (
                f"La règle du délai de {name} a changé depuis l’envoi : dites-lui le nouveau terme."
            )
            yield self._told(said, row)
        if not row.term.proven and row.opinion is None:
            said = (
                f"La réception par {name} n’est pas prouvée : son silence ne pourrait être opposé."
            )
            yield self._told(said, row)

    def _omission(self, message: str, row: Row, *, grave: bool = False) -> Omission:
        rule = row.term.rule
        consequence = rule.consequence if rule else UNSTATED
        return Omission(message, row.term.article, consequence, grave, row)

    def _told(self, message: str, row: Row) -> Omission:
        """What puts the meaning of silence in doubt."""
        return Omission(message, row.term.article, f"En jeu : {row.term.silence}", row=row)

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """What must be true before the next step."""
        reading, counts = self.reading, self.reading.counts
        due = [row for row in reading.rows if row.is_due]
        sent = [row for row in due if row.is_sent]
        unproven = [row for row in sent if not row.term.proven and row.opinion is None]
        open_ = [
            row
            for row in reading.rows
            if row.standing in (Standing.WAITING, Standing.DOUBT, Standing.UNPROVEN)
        ]
        some = bool(counts.sent)
        remarks = reading.remarks
        answered = remarks.total - remarks.unanswered
        return (
            Check(
                "Chaque catégorie obligatoire a un organisme, ou un motif écrit",
                not self.missing,
                ", ".join(one.label for one in self.missing) or "aucune ne manque",
            ),
            Check(
                "Chaque organisme à consulter a reçu le dossier complet",
                bool(due) and len(sent) == len(due),
                f"{len(sent)} sur {len(due)}",
            ),
            Check(
                "Chaque réception est prouvée",
                not unproven if some else None,
                f"{plural(len(unproven), 'réception')} à prouver" if unproven else "toutes",
            ),
            Check(
                "Chacun a répondu, ou son silence est acquis",
                not open_ if some else None,
                f"{plural(len(open_), 'organisme')} encore dans le délai ou à prouver"
                if open_
                else "plus personne n’est attendu",
            ),
            Check(
                "Chaque remarque a sa réponse",
                not remarks.unanswered if remarks.total else None,
                f"{answered} sur {remarks.total}" if remarks.total else "aucune remarque",
            ),
            Check(
                "Chaque modification acceptée est reportée dans le document",
                not remarks.to_carry if remarks.total else None,
                f"{plural(remarks.to_carry, 'modification')} à reporter"
                if remarks.to_carry
                else "rien à reporter",
            ),
            Check(
                "L’étape est enregistrée dans la procédure",
                self.recorded_on is not None if some else None,
                f"le {format_date(self.recorded_on)}" if self.recorded_on else "pas encore",
            ),
        )

    @property
    def recorded_on(self) -> date | None:
        """The day on which the procedure says that the step happened."""
        return _recorded(self.reading.procedure).get(self.reading.consultation.step)


def _when(pair: tuple[str, date]) -> str:
    return f"{pair[0]} (le {format_date(pair[1])})"


def _still_had_time(row: Row, day: date) -> bool:
    silence = row.term.silence_on
    if silence is None or day >= silence:
        return False
    return row.opinion is None or row.opinion.received_on > day


def _consequence(reading: ConsultationReading, key: str | None) -> str:
    if key is None:
        return UNSTATED
    try:
        return reading.law.versions(key)[0].consequence
    except LawError:
        return UNSTATED


@dataclass(frozen=True, slots=True)
class StepState:
    """A step of the procedure at which bodies are consulted, and what is held of it.

    `applies` is None when the question that decides is not answered.
    """

    step: str
    label: str
    legal: tuple[Legal, ...]
    applies: bool | None
    inspections: tuple[Inspection, ...]
    recorded_on: date | None
    next_act: tuple[str, date] | None

    @property
    def is_missing(self) -> bool:
        """Whether nothing is held here although the step is past or an act that follows is."""
        late = self.recorded_on is not None or self.next_act is not None
        return self.applies is not False and not self.inspections and late

    @property
    def words(self) -> str:
        """What is missing, in a sentence."""
        if self.next_act is not None:
            said = "Aucune consultation n’est enregistrée, alors qu’a eu lieu : "
            return f"{said}{_when(self.next_act)}."
        return (
            f"L’étape est enregistrée le {format_date(self.recorded_on)}, mais la liste des "
            "organismes consultés n’est pas tenue ici."
        )


class ProcedureInspection:
    """All the consultations of a procedure, step by step."""

    def __init__(self, procedure: Procedure, today: date, law: RuleSet) -> None:
        self.procedure = procedure
        own = Consultation.objects.filter(procedure=procedure)
        self.readings = read_all(own, today, law=law)
        inspections = [Inspection(one) for one in self.readings]
        days = _recorded(procedure)
        self.steps = tuple(
            StepState(
                step=step.id,
                label=step.label,
                legal=legal,
                applies=_applies(procedure, legal),
                inspections=tuple(
                    one for one in inspections if one.reading.consultation.step == step.id
                ),
                recorded_on=days.get(step.id),
                next_act=around(procedure, step.id, law).after,
            )
            for step in procedure.engine_kind.steps
            for legal in [consultees(law, kind=procedure.kind, step=step.id)]
            if legal or any(one.reading.consultation.step == step.id for one in inspections)
        )

    @property
    def omissions(self) -> list[tuple[Consultation, Omission]]:
        """Of all the consultations, the gravest first."""
        found = [
            (one.reading.consultation, omission)
            for step in self.steps
            for one in step.inspections
            for omission in one.omissions
        ]
        return sorted(found, key=lambda pair: not pair[1].grave)

    @property
    def missing_steps(self) -> list[StepState]:
        """Steps past without any consultation held here."""
        return [one for one in self.steps if one.is_missing]


def _applies(procedure: Procedure, legal: tuple[Legal, ...]) -> bool | None:
    """Whether any category applies: yes, no for all, or not known."""
    if not legal:
        return True
    answers = [
        True if not one.condition else procedure.conditions.get(one.condition) for one in legal
    ]
    if any(answers):
        return True
    return False if all(answer is False for answer in answers) else None
