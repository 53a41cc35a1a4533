"""Long clocks: the 3, 6 and 10 years of a SCoT-AEC, the evaluation of an older SCoT, PLU, ZAN."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from restanque.engine.deadlines.derivation import Derivation, Fact, by_term, derive
from restanque.engine.deadlines.words import spelled
from restanque.engine.law import (
    PLU_COMPATIBILITY,
    Parameter,
    Regime,
    RuleSet,
    Use,
)


@dataclass(frozen=True, slots=True)
class ClockTick:
    """One date of a long clock. `clock` is "pcaet" or "scot"."""

    clock: str
    label: str
    date: date
    derivation: Derivation


_AEC_CLOCKS = (
    ("pcaet", "Rapport sur le PCAET", "pcaet.rapport"),
    ("pcaet", "Mise à jour du PCAET", "pcaet.mise-a-jour"),
    ("scot", "Examen de la compatibilité avec les normes supérieures", "scot.normes-superieures"),
    ("scot", "Analyse des résultats du SCoT", "scot.analyse"),
)


def aec_clock(ruleset: RuleSet, approval: Fact, *, until: date) -> tuple[ClockTick, ...]:
    """Every date of the two clocks of a SCoT-AEC from its approval to `until`, in order.

    Each clock starts anew from its own term; record what was really done to move it. The PCAET's
    report comes once within each update.
    """
    ticks = []
    for clock, label, key in _AEC_CLOCKS:
        fact, number = approval, 1
        while (rule := by_term(ruleset, key, fact.day)) is not None:
            found = derive(ruleset, rule, fact, Use.ACT)
            if found.date is None or found.date > until:
                break
            # The report falls with the update every other time: the update replaces it.
            if key != "pcaet.rapport" or number % 2:
                ticks.append(ClockTick(clock, label, found.date, found))
            fact, number = Fact(label, found.date, happened=False), number + 1
    return tuple(sorted(ticks, key=lambda tick: (tick.date, tick.clock, tick.label)))


@dataclass(frozen=True, slots=True)
class EvaluationReading:
    """What L143-28 means for one SCoT on one day.

    `verdict` is "kept", "lapse_feared", "late", "running". `sentences` are to be shown whole, in
    order: they carry the uncertainty. `certain` is never True while the text in force was not read.
    """

    verdict: str
    derivation: Derivation
    next_term: Derivation | None
    sentences: tuple[str, ...]
    certain: bool


_NOT_READ = (
    "La rédaction en vigueur de l’article L143-28 et sa règle de transition n’ont pas été lues : "
    "faites "
    "vérifier ce point par le service juridique ou la DDTM avant d’en tirer une conséquence."
)


def scot_evaluation(
    ruleset: RuleSet, approval: Fact, *, today: date, deliberation: Fact | None = None
) -> EvaluationReading:
    """Which version of L143-28 governs a SCoT, by the day on which its term falls.

    `deliberation` is the deliberation to keep or revise taken on the analysis, None when none is
    known. A deliberation to prescribe a revision is not taken for it: its nature must be checked.
    """
    rule = by_term(ruleset, "scot.analyse", approval.day)
    if rule is None:
        rule = ruleset.versions("scot.analyse")[-1]
    found = derive(ruleset, rule, approval, Use.ACT)
    term = found.date
    assert term is not None  # noqa: S101  (every version of the rule has a period)
    old = rule.valid_to is not None
    opening = (
        f"{approval.words} : le terme tombe le {spelled(term)}, {_which(old)}. {found.computation}."
    )
    if deliberation is not None and deliberation.day <= term:
        return _kept(ruleset, found, deliberation, opening)
    if old:
        return _lapse_feared(found, term, opening, deliberation)
    verdict = "running" if today <= term else "late"
    passed = "" if verdict == "running" else " Le terme est passé sans délibération connue."
    sentences = (opening + passed, rule.consequence, _NOT_READ)
    return EvaluationReading(verdict, found, None, sentences, certain=False)


def _which(old: bool) -> str:
    if old:
        return "avant le 26 mai 2026 : l’ancienne règle s’applique (six ans, caducité)"
    return "après le 26 mai 2026 : la nouvelle règle s’applique (dix ans)"


def _kept(
    ruleset: RuleSet, found: Derivation, deliberation: Fact, opening: str
) -> EvaluationReading:
    rule = by_term(ruleset, "scot.analyse", deliberation.day)
    after = derive(ruleset, rule, deliberation, Use.ACT) if rule else None
    # Under the rule read by its letter, silence made the SCoT lapse; the later one is not known to.
    saves = ", elle écarte la caducité" if found.rule.valid_to else ""
    sentences = [opening, f"{deliberation.words} : prise au plus tard au terme{saves}."]
    if after is not None and after.date is not None:
        sentences.append(f"Prochain terme : {after.computation} ({after.article}).")
    return EvaluationReading("kept", found, after, (*sentences, _NOT_READ), certain=False)


def _lapse_feared(
    found: Derivation, term: date, opening: str, deliberation: Fact | None
) -> EvaluationReading:
    late = (
        f"{deliberation.words} : prise après le terme, elle ne l’efface pas selon le texte "
        "d’alors. "
        "Trois SCoT du Pas-de-Calais ont été tenus pour caducs dans ce cas."
        if deliberation
        else "Aucune délibération de maintien ou de révision prise sur l’analyse n’est enregistrée."
    )
    meaning = (
        f"Selon la lettre de l’ancien texte, le SCoT serait donc caduc, faute de délibération "
        f"au plus tard le {spelled(term)}. La loi du 26 novembre 2025 supprime la caducité "
        "automatique, d’après les sources lues ; "
        "rien de ce qui a été lu ne dit qu’elle fait revivre un SCoT déjà caduc, ni qu’elle "
        "l’exclut."
    )
    harm = (
        "Si la caducité est acquise, les communes relèvent de l’urbanisation limitée (L142-4) tant "
        "qu’un nouveau SCoT n’est pas exécutoire."
    )
    check = (
        "À vérifier d’abord : une délibération antérieure au terme, y compris celle qui a engagé "
        "la "
        "révision, reposait-elle sur l’analyse des résultats ? Si oui, enregistrez-la avec sa "
        "preuve."
    )
    return EvaluationReading(
        "lapse_feared", found, None, (opening, late, meaning, harm, check, _NOT_READ), certain=False
    )


@dataclass(frozen=True, slots=True)
class PluReading:
    """Compatibility of a PLU with a SCoT: the regime of its own engagement, and its dates."""

    regime: Regime
    derivations: tuple[Derivation, ...]


_PLU_KEYS = (
    "plu.compatibilite",
    "plu.compatibilite-revision",
    "plu.analyse",
    "plu.analyse-periodique",
)


def plu_compatibility(
    ruleset: RuleSet, *, engaged_on: date, scot_in_force: Fact, last_analysis: Fact | None = None
) -> PluReading:
    """What a PLU owes to a SCoT that has come into force, by the date on which it was engaged.

    The three-year analysis starts from the last one, from the SCoT's entry into force otherwise.
    """
    regime = ruleset.regime_on(PLU_COMPATIBILITY, engaged_on)
    found = []
    for key in _PLU_KEYS:
        rule = ruleset.choose(key, regime=regime.id, launch=engaged_on)
        if rule is not None:
            periodic = key == "plu.analyse-periodique" and last_analysis is not None
            fact = last_analysis if periodic else scot_in_force
            found.append(derive(ruleset, rule, fact, Use.ACT))
    return PluReading(regime, tuple(found))


@dataclass(frozen=True, slots=True)
class FixedDate:
    """A date set by a text, to be edited when the law moves it."""

    parameter: Parameter
    date: date
    days_left: int
    article: str

    @property
    def sentence(self) -> str:
        left = f"dans {self.days_left} jours" if self.days_left >= 0 else "terme passé"
        return f"{self.parameter.title} : {spelled(self.date)} ({left}). {self.parameter.note}"


def zan_dates(ruleset: RuleSet, *, today: date) -> tuple[FixedDate, ...]:
    """The dates of the land sobriety law, each marked « vérifier l'état du droit »."""
    return tuple(
        FixedDate(one, one.value, (one.value - today).days, ruleset.cite(one.articles))
        for name, one in sorted(ruleset.parameters.items())
        if name.startswith("zan.") and isinstance(one.value, date)
    )
