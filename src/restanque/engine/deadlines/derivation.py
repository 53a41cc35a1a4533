"""How a date was found: rule, article, version, evidence, starting fact, proof, arithmetic."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from restanque.engine.deadlines.calculus import ONE_DAY, carry_over, closed_days, end_of
from restanque.engine.deadlines.errors import DeadlineError
from restanque.engine.deadlines.words import spelled, with_weekday
from restanque.engine.law import Criterion, Effect, Period, Rule, RuleSet, Unit, Use

UNPROVEN = "non prouvé"


@dataclass(frozen=True, slots=True)
class Fact:
    """What starts a clock: its name, its day, what proves it (None: not proven).

    `happened` is False for a day that is only planned.
    """

    label: str
    day: date
    proof: str | None = None
    happened: bool = True

    @property
    def words(self) -> str:
        """« Arrêt du projet, le 3 mars 2026 (prévu) »."""
        return f"{self.label}, le {spelled(self.day)}{'' if self.happened else ' (prévu)'}"

    @property
    def proof_words(self) -> str:
        """What proves it, or « non prouvé », or « à venir »."""
        if not self.happened:
            return "à venir"
        return self.proof or UNPROVEN


@dataclass(frozen=True, slots=True)
class Derivation:
    """One rule applied to one fact. `date` is None for a rule without period.

    With the use « act », `date` is the day before the end of which someone must act. With « wait »,
    the first day on which one may go on; for a silence, the day after the period has ended.
    """

    rule: Rule
    article: str
    version: str
    fact: Fact | None
    date: date | None
    use: Use | None
    computation: str

    @property
    def rule_id(self) -> str:
        return self.rule.id

    @property
    def starts_from(self) -> str:
        """The starting fact in words; what the rule says of it when nothing was computed."""
        return self.fact.words if self.fact else self.rule.starts_from

    @property
    def proof(self) -> str:
        return self.fact.proof_words if self.fact else ""


def derive(ruleset: RuleSet, rule: Rule, fact: Fact | None, use: Use | None = None) -> Derivation:
    """Apply a rule to its starting fact.

    Without use, the one that its effect calls for: to wait, or to act by the end. A rule without
    period, or without fact, gives no date.
    """
    use = use or (Use.ACT if rule.effect is Effect.NOT_AFTER else Use.WAIT)
    article, version = ruleset.cite(rule.articles), ruleset.version_of(rule)
    period = rule.period_for(use)
    if period is None or fact is None:
        return Derivation(rule, article, version, fact, None, None, "")
    day = end_of(fact.day, period)
    words = reckoning(fact.day, period, day)
    if rule.carry_over and (moved := carry_over(day, closed_days(day, day))) != day:
        day = moved
        words += f" ; reporté au premier jour ouvré, {with_weekday(day)}"
    if rule.effect is Effect.SILENCE and use is Use.WAIT:
        day += ONE_DAY
        words += f" ; le silence n’est acquis que le lendemain, {spelled(day)}"
    if rule.candidates:
        words += f" ({_why(rule, use)})"
    return Derivation(rule, article, version, fact, day, use, words)


def reckoning(start: date, period: Period, end: date) -> str:
    """The arithmetic in words."""
    if period.unit is Unit.CLEAR_DAYS:
        between = f"du {spelled(start + ONE_DAY)} au {spelled(end - ONE_DAY)}"
        return (
            f"{period.label} pleins après le {with_weekday(start)}, {between} : au plus tôt le "
            f"{with_weekday(end)}"
        )
    if period.unit is Unit.OPEN_DAYS:
        return (
            f"{period.label} à compter du {spelled(start)} inclus : jusqu’au {spelled(end)} inclus"
        )
    counted = ", de date à date" if period.unit in (Unit.MONTHS, Unit.YEARS) else ""
    words = f"{spelled(start)} + {period.label}{counted} = {spelled(end)}"
    if counted and end.day != start.day:
        last = monthrange(end.year, end.month)[1]
        words += f" (pas de {start.day} ce mois-là : dernier jour, le {last})"
    return words


def by_term(ruleset: RuleSet, key: str, start: date) -> Rule | None:
    """The version of a rule in force on the day on which its own deadline falls.

    Versions are tried in the order of the table, the oldest first: once a term has fallen under the
    old rule, the new one does not reach back to it. None when no version holds on its own term.
    """
    for rule in ruleset.versions(key):
        period = rule.period_for(Use.ACT)
        if period is not None and rule.holds_on(end_of(start, period)):
            return rule
    return None


def select(
    ruleset: RuleSet, key: str, *, regime: str | None, launch: date, fact: date | None
) -> Rule | None:
    """The version of a rule to apply, by its own criterion; None when none holds."""
    if any(rule.criterion is Criterion.TERM for rule in ruleset.versions(key)):
        return by_term(ruleset, key, fact) if fact else None
    return ruleset.choose(key, regime=regime, launch=launch, fact=fact)


def deadline(
    ruleset: RuleSet,
    key: str,
    fact: Fact,
    *,
    use: Use = Use.ACT,
    regime: str | None = None,
    launch: date | None = None,
) -> Derivation:
    """One date out of any procedure: the answer to a consultation, a convocation, a report.

    Raises DeadlineError when no version of the rule holds, or when it has no period.
    """
    rule = select(ruleset, key, regime=regime, launch=launch or fact.day, fact=fact.day)
    if rule is None:
        raise DeadlineError(f"Aucune version de la règle « {key} » ne vaut à cette date.")
    found = derive(ruleset, rule, fact, use)
    if found.date is None:
        raise DeadlineError(f"La règle « {rule.id} » ne fixe aucun délai.")
    return found


def _why(rule: Rule, use: Use) -> str:
    """Which of the disputed values was kept, and why."""
    values = ", ".join(f"{c.period.label} [{c.evidence.tag}]" for c in rule.candidates)
    kept = (
        "la plus courte, car il faut agir avant"
        if use is Use.ACT
        else "la plus longue, car on attend la fin du délai"
    )
    return f"sources en désaccord : {values} ; valeur retenue : {kept}"
