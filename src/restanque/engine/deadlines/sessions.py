"""Sittings of a body: last day to convene, and quorum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from restanque.engine.deadlines.calculus import clear_days_between, latest_start
from restanque.engine.deadlines.derivation import Derivation, Fact, derive, select
from restanque.engine.deadlines.errors import DeadlineError
from restanque.engine.deadlines.words import with_weekday
from restanque.engine.law import RuleSet, Use


class Convening(StrEnum):
    """Why a sitting is convened: each has its own rule."""

    ORDINARY = "seance.convocation"
    URGENT = "seance.urgence"
    SECOND = "seance.seconde-convocation"


@dataclass(frozen=True, slots=True)
class Convocation:
    """The last legal day of dispatch for a sitting, and the dispatch when one is recorded."""

    session: date
    last_dispatch: date
    derivation: Derivation
    sent: date | None
    clear_days: int | None
    sentence: str

    @property
    def regular(self) -> bool | None:
        """Was it sent in time? None when no dispatch is recorded."""
        return None if self.sent is None else self.sent <= self.last_dispatch


def convocation(
    ruleset: RuleSet,
    session: date,
    *,
    convening: Convening = Convening.ORDINARY,
    sent: Fact | None = None,
) -> Convocation:
    """When a sitting must be convened at the latest, and whether a known dispatch was in time."""
    rule = select(ruleset, convening.value, regime=None, launch=session, fact=session)
    period = rule.period_for(Use.WAIT) if rule else None
    if rule is None or period is None:
        raise DeadlineError("Aucune règle de convocation ne vaut à cette date.")
    last = latest_start(session, period)
    found = derive(ruleset, rule, sent or Fact("Envoi de la convocation", last, happened=False))
    sentence = (
        f"Séance du {with_weekday(session)} : dernier envoi le {with_weekday(last)} "
        f"({period.label} "
        "entre l’envoi et la séance, sans compter ces deux jours ; samedis, dimanches et jours "
        "fériés "
        "comptent)."
    )
    clear = clear_days_between(sent.day, session) if sent else None
    return Convocation(session, last, found, sent.day if sent else None, clear, sentence)


@dataclass(frozen=True, slots=True)
class Quorum:
    """Members in office, present in person, and needed; proxies never count."""

    in_office: int
    present: int
    needed: int
    derivation: Derivation

    @property
    def met(self) -> bool:
        return self.present >= self.needed


def quorum(ruleset: RuleSet, *, in_office: int, present: int) -> Quorum:
    """The quorum of one item of the agenda: more than half of the members in office, present.

    After a second convocation no quorum is required: do not ask. Raises DeadlineError for counts
    that make no sense.
    """
    if in_office < 1 or not 0 <= present <= in_office:
        raise DeadlineError("Le nombre de présents va de zéro au nombre de membres en exercice.")
    found = derive(ruleset, ruleset.rule("seance.quorum"), None)
    return Quorum(in_office, present, in_office // 2 + 1, found)
