"""Law as dated data: what an article, a rule, a regime and a parameter are.

Every object says where it comes from and how far it was checked. « M » means that nobody read the
text: the interface must show it as « à vérifier », never as established law.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from restanque.engine.law.errors import LawError


class Status(StrEnum):
    """How the content is known: the text was read, someone reliable says so, or memory only."""

    TEXT = "T"
    SECONDARY = "S"
    MEMORY = "M"

    @property
    def label(self) -> str:
        return STATUS_LABELS[self]

    @property
    def rank(self) -> int:
        """0 for the weakest."""
        return "MST".index(self.value)


STATUS_LABELS = {
    Status.TEXT: "texte lu",
    Status.SECONDARY: "source secondaire",
    Status.MEMORY: "à vérifier",
}


class Confidence(StrEnum):
    """High, medium, low; or not said in the reference file."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"
    UNSTATED = ""

    @property
    def label(self) -> str:
        return CONFIDENCE_LABELS[self]

    @property
    def rank(self) -> int:
        """0 for the weakest; one not said stands between low and medium."""
        return [self.LOW, self.UNSTATED, self.MEDIUM, self.HIGH].index(self)


CONFIDENCE_LABELS = {
    Confidence.HIGH: "confiance haute",
    Confidence.MEDIUM: "confiance moyenne",
    Confidence.LOW: "confiance faible",
    Confidence.UNSTATED: "confiance non précisée",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """How far a content was checked: `checked_on` is None when nobody ever opened the text."""

    status: Status
    confidence: Confidence
    source: str
    checked_on: date | None
    #: True where the text read may have changed since, or where sources disagree.
    verify: bool = False

    @property
    def tag(self) -> str:
        """« T-H »: the tag of the reference file."""
        return f"{self.status.value}-{self.confidence.value}".rstrip("-")

    @property
    def to_verify(self) -> bool:
        """Must a person open Légifrance before this is shown as law?"""
        return self.verify or self.status is Status.MEMORY

    @property
    def strength(self) -> tuple[int, int]:
        """For comparisons: status first, then confidence."""
        return self.status.rank, self.confidence.rank

    @property
    def label(self) -> str:
        """« texte lu (confiance haute), relevé le 24/11/2026 »."""
        when = f"relevé le {self.checked_on:%d/%m/%Y}" if self.checked_on else "jamais relu"
        mark = "" if self.status is Status.MEMORY or not self.verify else ", à vérifier"
        return f"{self.status.label}{mark} ({self.confidence.label}), {when}"


class Code(StrEnum):
    """The codes and texts cited, and where each is published."""

    URBANISME = "code de l’urbanisme"
    ENVIRONNEMENT = "code de l’environnement"
    CGCT = "code général des collectivités territoriales"
    CCH = "code de la construction et de l’habitation"
    TRANSPORTS = "code des transports"
    COMMERCE = "code de commerce"
    RURAL = "code rural et de la pêche maritime"
    CJA = "code de justice administrative"
    COMMANDE = "code de la commande publique"
    CGI = "code général des impôts"
    LOI = "loi"
    JURISPRUDENCE = "jurisprudence"


@dataclass(frozen=True, slots=True)
class Article:
    """One version of an article (or a judgment), in our own words.

    `valid_from` and `valid_to` (its last day) are None when the reference file gives no date: not
    « always », but « not known ». `link` leads to the article when its identifier was seen,
    otherwise to the code.
    """

    id: str
    code: Code
    number: str
    wording: str
    evidence: Evidence
    link: str
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def label(self) -> str:
        """« art. L143-28 du code de l'urbanisme »."""
        if self.code in (Code.LOI, Code.JURISPRUDENCE):
            return self.number
        return f"art. {self.number} du {self.code.value}"


class Unit(StrEnum):
    """How a period is counted."""

    DAYS = "days"
    #: Neither the first nor the last day counts; every day between them does.
    CLEAR_DAYS = "clear_days"
    #: An opening: its first and last days both count.
    OPEN_DAYS = "open_days"
    #: From date to date; where the day is missing in the month of arrival, its last day.
    MONTHS = "months"
    YEARS = "years"


_UNIT_WORDS = {
    Unit.DAYS: ("jour", "jours"),
    Unit.CLEAR_DAYS: ("jour franc", "jours francs"),
    Unit.OPEN_DAYS: ("jour d’ouverture", "jours d’ouverture"),
    Unit.MONTHS: ("mois", "mois"),
    Unit.YEARS: ("an", "ans"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """An amount of a unit; raises LawError when it is not a positive whole number."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if isinstance(self.amount, bool) or not isinstance(self.amount, int) or self.amount < 1:
            raise LawError(
                f"Un délai est un nombre entier d’au moins 1 ; « {self.amount} » ne convient pas."
            )

    @property
    def label(self) -> str:
        """« 3 mois », « 1 jour franc »."""
        return f"{self.amount} {_UNIT_WORDS[self.unit][self.amount > 1]}"

    @property
    def rough_days(self) -> int:
        """To rank candidate values only: a month is taken as 30 days."""
        return self.amount * {Unit.MONTHS: 30, Unit.YEARS: 365}.get(self.unit, 1)


class Use(StrEnum):
    """What a computed date is for: it decides between values that sources dispute."""

    #: A date before which someone must act (answer, remind): the shortest value is prudent.
    ACT = "act"
    #: A date from which one may count on the passing of time: the longest value is prudent.
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the values that sources give for the same period."""

    period: Period
    evidence: Evidence


class Criterion(StrEnum):
    """Which date chooses between the versions of a rule."""

    LAUNCH = "launch"  # the act that launches the procedure
    TERM = "term"  # the day on which the deadline itself falls
    FACT = "fact"  # the fact that starts the clock


class Effect(StrEnum):
    """What a rule does to dates."""

    #: The step may not come before the end of the period.
    NOT_BEFORE = "not_before"
    #: The step must come by the end of the period.
    NOT_AFTER = "not_after"
    #: Someone else must answer within the period; silence then has a legal meaning.
    SILENCE = "silence"
    #: No date: something must be done, said or attached.
    DUTY = "duty"


class Start(StrEnum):
    """Which moment of a fact starts the clock: what must be dated and proven."""

    #: The act or the event itself.
    FACT = "fact"
    TRANSMISSION = "transmission"
    RECEIPT = "receipt"
    PUBLICATION = "publication"
    POSTING = "posting"
    DISPATCH = "dispatch"


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one rule.

    `key` names the rule through its versions; `id` names this version. A rule of a `regime` is
    valid for the procedures of that regime; without regime, `valid_from`…`valid_to` (last day
    included) are compared with the date that `criterion` names.
    `starts_from` says in words what starts the clock, `start` which moment of it counts.
    `candidates` holds the values that sources dispute: then `period` is None.
    `carry_over` is True only where a text moves a term that falls on a holiday to a working day.
    """

    id: str
    key: str
    title: str
    articles: tuple[str, ...]
    effect: Effect
    evidence: Evidence
    consequence: str
    starts_from: str = ""
    start: Start = Start.FACT
    period: Period | None = None
    candidates: tuple[Candidate, ...] = ()
    silence: str = ""
    regime: str | None = None
    criterion: Criterion = Criterion.LAUNCH
    valid_from: date | None = None
    valid_to: date | None = None
    carry_over: bool = False
    note: str = ""

    @property
    def to_verify(self) -> bool:
        """Not to be shown as established law yet."""
        return self.evidence.to_verify or bool(self.candidates)

    def period_for(self, use: Use) -> Period | None:
        """The value to apply for this use; the prudent one when sources dispute it."""
        if not self.candidates:
            return self.period
        choose = min if use is Use.ACT else max
        return choose((c.period for c in self.candidates), key=lambda period: period.rough_days)

    def holds_on(self, day: date) -> bool:
        """Is the day within the dates of validity? (Whatever the regime.)"""
        after = self.valid_from is None or day >= self.valid_from
        return after and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Regime:
    """A whole body of procedure rules, chosen by the date of the launching act."""

    id: str
    family: str
    label: str
    articles: tuple[str, ...]
    evidence: Evidence
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    def holds_on(self, day: date) -> bool:
        """Does an act of this day fall under this regime? Both ends are included."""
        after = self.valid_from is None or day >= self.valid_from
        return after and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number or a date set by a text, from `valid_from` on."""

    id: str
    title: str
    value: int | date
    unit: str
    articles: tuple[str, ...]
    evidence: Evidence
    consequence: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    @property
    def to_verify(self) -> bool:
        return self.evidence.to_verify


@dataclass(frozen=True, slots=True)
class Consultee:
    """Who must be consulted at a step of a kind of procedure, and under which condition.

    `condition` is "" when the consultation is always due; otherwise it names a condition of
    `restanque.engine.law.CONDITIONS`. `rule` is the key of the rule that sets the time to answer,
    None where the reference file gives none. `told` is True where the text has the body informed
    only: no opinion is asked of it.
    """

    id: str
    label: str
    kinds: tuple[str, ...]
    step: str
    articles: tuple[str, ...]
    evidence: Evidence
    rule: str | None
    condition: str = ""
    on_request: bool = False
    note: str = ""
    told: bool = False


class Need(StrEnum):
    """Must a piece be there?"""

    REQUIRED = "required"
    #: Expected in some cases that the reference file does not settle.
    IF_ANY = "if_any"
    #: The reference file names it without saying whether it is due.
    UNSETTLED = "unsettled"

    @property
    def label(self) -> str:
        return NEED_LABELS[self]


NEED_LABELS = {
    Need.REQUIRED: "exigée",
    Need.IF_ANY: "selon le cas",
    Need.UNSETTLED: "exigence à vérifier",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the file of a procedure.

    `due` says by which step of each kind it must be ready: (kind, step) pairs. `articles` is empty
    where the reference file names the piece without an article: shown so, never filled from memory.
    `deposit` is the document of the State's PCAET deposit that it feeds ("" for none), one of
    `restanque.engine.law.DEPOSIT`. `contents` lists what must be found in it.
    """

    id: str
    label: str
    part: str
    due: tuple[tuple[str, str], ...]
    need: Need
    articles: tuple[str, ...]
    evidence: Evidence
    deposit: str = ""
    contents: tuple[str, ...] = ()
    note: str = ""

    def due_at(self, kind: str) -> str:
        """The step by which a kind of procedure needs it; KeyError for a kind without it."""
        return dict(self.due)[kind]


@dataclass(frozen=True, slots=True)
class DepositDocument:
    """A document that the State's PCAET deposit asks for; `required` is the form's own star."""

    id: str
    label: str
    required: bool
    note: str = ""
