"""The time that one body has to answer, and where it stands on a day.

The clock starts on the receipt of the complete file when it is known, else on its dispatch, not
proven. When sources dispute the period, one reminds before the shortest, and counts on silence only
after the longest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from restanque.engine.deadlines import DeadlineError, Derivation, Fact, deadline
from restanque.engine.law import LawError, Rule, RuleSet, Start, Use
from restanque.procedures.models import Consultee, Dispatch, Opinion, Procedure

NO_TERM = "Aucun texte de la base de droit ne fixe de délai pour cet organisme."
SILENCE_UNKNOWN = "La base de droit ne dit pas ce que vaut le silence : à vérifier."
_DAY = timedelta(days=1)


class Standing(StrEnum):
    """Where a body stands."""

    TO_SEND = "to_send"
    NO_TERM = "no_term"
    WAITING = "waiting"
    DOUBT = "doubt"
    SILENT = "silent"
    UNPROVEN = "unproven"
    ANSWERED = "answered"
    LATE = "late"
    LATE_PERHAPS = "late_perhaps"

    @property
    def label(self) -> str:
        """In words."""
        return _LABELS[self]

    @property
    def badge(self) -> str:
        """Its badge."""
        return _BADGES[self]


_LABELS = {
    Standing.TO_SEND: "à envoyer",
    Standing.NO_TERM: "envoyé, sans délai dans la base",
    Standing.WAITING: "réponse attendue",
    Standing.DOUBT: "délai discuté, à relancer",
    Standing.SILENT: "silence acquis",
    Standing.UNPROVEN: "terme passé, sans preuve",
    Standing.ANSWERED: "avis reçu",
    Standing.LATE: "avis reçu hors délai",
    Standing.LATE_PERHAPS: "avis reçu, délai discuté",
}
_BADGES = {
    Standing.TO_SEND: "attente",
    Standing.NO_TERM: "cours",
    Standing.WAITING: "cours",
    Standing.DOUBT: "valider",
    Standing.SILENT: "fait",
    Standing.UNPROVEN: "retard",
    Standing.ANSWERED: "fait",
    Standing.LATE: "valider",
    Standing.LATE_PERHAPS: "valider",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What the terms of a procedure's consultations share: the law, the launch, the regime."""

    law: RuleSet
    launch: date
    regime: str | None

    @classmethod
    def of(cls, procedure: Procedure, law: RuleSet) -> Frame:
        """The frame of a procedure."""
        family = procedure.engine_kind.family
        regime = law.regime_on(family, procedure.prescribed_on).id if family else None
        return cls(law, procedure.prescribed_on, regime)

    def rule(self, key: str) -> Rule | None:
        """The version of a rule that holds; None without key, or when the law has it no more."""
        if not key:
            return None
        try:
            chosen = self.law.choose(key, regime=self.regime, launch=self.launch)
            return chosen or self.law.versions(key)[-1]
        except LawError:
            return None


@dataclass(frozen=True, slots=True)
class Term:
    """The time to answer of one body. `act`: remind before; `wait`: silence counts from then."""

    rule: Rule | None
    article: str
    dispatch: Dispatch | None
    fact: Fact | None
    act: Derivation | None
    wait: Derivation | None

    @property
    def last_day(self) -> date | None:
        """The last day to answer, the shortest value when sources dispute it."""
        return self.act.date if self.act else None

    @property
    def silence_on(self) -> date | None:
        """The first day on which one may count on silence."""
        return self.wait.date if self.wait else None

    @property
    def disputed(self) -> bool:
        """Whether sources give several periods."""
        return self.rule is not None and bool(self.rule.candidates)

    @property
    def changed(self) -> bool:
        """Whether the rule is no longer what it was when the file was sent."""
        kept = self.dispatch.rule_version if self.dispatch else ""
        return bool(kept) and self.act is not None and self.act.version != kept

    @property
    def silence(self) -> str:
        """What silence means, in the words of the law base."""
        if self.rule is None:
            return NO_TERM
        said = self.rule.silence or SILENCE_UNKNOWN
        doubtful = self.rule.to_verify and "vérifier" not in said
        return f"{said} Texte à vérifier." if doubtful else said

    @property
    def proven(self) -> bool:
        """Whether the starting fact is dated and proven."""
        return self.fact is not None and self.fact.proof is not None


def counting(dispatches: list[Dispatch]) -> Dispatch | None:
    """The dispatch that starts the clock: the last complete file."""
    complete = [one for one in dispatches if one.complete]
    return max(complete, key=lambda one: (one.received_on or one.sent_on, one.pk), default=None)


def term_of(frame: Frame, consultee: Consultee, dispatches: list[Dispatch]) -> Term:
    """The time to answer of a body, from its own receipt."""
    rule, dispatch = frame.rule(consultee.rule), counting(dispatches)
    article = frame.law.cite(rule.articles) if rule else ""
    if dispatch is None:
        return Term(rule, article, None, None, None, None)
    fact = _start(rule, dispatch)
    act, wait = (_derive(frame, consultee.rule, fact, use) for use in (Use.ACT, Use.WAIT))
    return Term((act.rule if act else rule), article, dispatch, fact, act, wait)


def _start(rule: Rule | None, dispatch: Dispatch) -> Fact:
    """The fact that the rule counts from; a text that counts from the dispatch itself is obeyed."""
    proof = dispatch.proof_words or None
    if rule is not None and rule.start is Start.DISPATCH:
        return Fact("Envoi du dossier", dispatch.sent_on, proof)
    if dispatch.received_on is None:
        return Fact("Envoi du dossier, réception non connue", dispatch.sent_on, None)
    return Fact("Réception du dossier", dispatch.received_on, proof)


def _derive(frame: Frame, key: str, fact: Fact, use: Use) -> Derivation | None:
    if not key:
        return None
    try:
        return deadline(frame.law, key, fact, use=use, regime=frame.regime, launch=frame.launch)
    except (DeadlineError, LawError):
        return None


def standing(term: Term, opinion: Opinion | None, today: date) -> Standing:
    """Where a body stands on a day."""
    if opinion is not None:
        return _answered(term, opinion)
    if term.dispatch is None:
        return Standing.TO_SEND
    if term.last_day is None or term.silence_on is None:
        return Standing.NO_TERM
    if today >= term.silence_on:
        return Standing.SILENT if term.proven else Standing.UNPROVEN
    return Standing.DOUBT if today > term.last_day else Standing.WAITING


def _answered(term: Term, opinion: Opinion) -> Standing:
    if term.last_day is None or term.silence_on is None or opinion.received_on <= term.last_day:
        return Standing.ANSWERED
    if opinion.received_on < term.silence_on:
        return Standing.LATE_PERHAPS if term.disputed else Standing.ANSWERED
    return Standing.LATE
