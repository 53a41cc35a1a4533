"""The law as a list: one line a rule, regime, parameter or article, to search and filter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from restanque.accounts.models import Workspace
from restanque.engine.law import Article, Parameter, Regime, Rule, RuleSet, Status, content_of
from restanque.kit.text import MAX_WORDS, format_date, format_number, search_key
from restanque.law.current import Composed, composed_of
from restanque.law.evidence import Evidence, evidence_of
from restanque.law.models import LawCheck, LawOverride, Table

Item = Rule | Regime | Parameter | Article

TO_VERIFY, TEXT, SECONDARY, MEMORY = "a-verifier", "texte", "secondaire", "memoire"
EVIDENCE_CHOICES = {
    TO_VERIFY: "À vérifier sur Légifrance",
    TEXT: Status.TEXT.label.capitalize(),
    SECONDARY: Status.SECONDARY.label.capitalize(),
    MEMORY: "De mémoire seulement",
}
_STATUS = {TEXT: Status.TEXT, SECONDARY: Status.SECONDARY, MEMORY: Status.MEMORY}


@dataclass(frozen=True, slots=True)
class Line:
    """One object of the law and what the workspace says of it.

    `check` is the last reading; `stale` tells that the rule has changed since.
    """

    table: Table
    item: Item
    title: str
    articles: tuple[tuple[str, str], ...]
    value: str
    evidence: Evidence
    override: LawOverride | None
    check: LawCheck | None
    stale: bool

    @property
    def to_verify(self) -> bool:
        """Must somebody open the text?"""
        return self.evidence.to_verify or self.item.evidence.status is Status.MEMORY

    @property
    def words(self) -> str:
        """What a search looks in."""
        more = [self.item.consequence] if isinstance(self.item, Rule | Parameter) else []
        labels = [label for label, _ in self.articles]
        return search_key(" ".join([self.title, self.value, self.item.id, *labels, *more]))


@dataclass(frozen=True)
class Catalogue:
    """Every object of the law of a workspace."""

    composed: Composed
    lines: tuple[Line, ...]

    @property
    def law(self) -> RuleSet:
        """The law in force for the workspace."""
        return self.composed.law

    def line(self, table: str, object_id: str) -> Line | None:
        """The line of an object; None when there is none."""
        return next((x for x in self.lines if x.table == table and x.item.id == object_id), None)

    def found(
        self, *, q: str = "", table: str = "", evidence: str = "", ours: bool = False
    ) -> list[Line]:
        """The lines that match, the weakest evidence first."""
        # « L143-25 » is looked for whole.
        words = [search_key(one) for one in q.split()][:MAX_WORDS]
        kept = [
            one
            for one in self.lines
            if (not table or one.table == table)
            and (not ours or one.override or one.check)
            and _proven(one, evidence)
            and all(word in one.words for word in words)
        ]
        return sorted(kept, key=lambda one: (one.item.evidence.strength, one.title))


def catalogue_of(workspace: Workspace) -> Catalogue:
    """The law of a workspace with its overrides and last readings: two queries."""
    overrides = {(one.table, one.object_id): one for one in workspace.law_overrides.all()}
    checks = {}
    for one in workspace.law_checks.select_related("checked_by"):
        checks[one.table, one.object_id] = one
    composed = composed_of(workspace)
    return Catalogue(composed, tuple(_lines(composed.law, overrides, checks)))


def _lines(
    law: RuleSet,
    overrides: dict[tuple[str, str], LawOverride],
    checks: dict[tuple[str, str], LawCheck],
) -> Iterator[Line]:
    for table in Table:
        items: dict[str, Item] = dict(getattr(law, table.value))
        for name, item in items.items():
            check = checks.get((table, name))
            yield Line(
                table,
                item,
                title_of(item),
                _articles(law, item),
                value_of(item),
                evidence_of(item),
                overrides.get((table, name)),
                check,
                check is not None and check.content != content_of(item),
            )


def title_of(item: Item) -> str:
    """What it is called."""
    return item.title if isinstance(item, Rule | Parameter) else item.label


def value_of(item: Item) -> str:
    """What moves dates, in words: a period, a value, the days of validity."""
    if isinstance(item, Rule):
        if item.candidates:
            return " ou ".join(one.period.label for one in item.candidates)
        return item.period.label if item.period else "pas de délai"
    if isinstance(item, Parameter):
        return _value(item.value, item.unit)
    ends = [
        f"depuis le {format_date(item.valid_from)}" if item.valid_from else "",
        f"jusqu’au {format_date(item.valid_to)}" if item.valid_to else "",
    ]
    return ", ".join(one for one in ends if one) or "dates de validité non connues"


def _value(value: int | date, unit: str) -> str:
    if isinstance(value, date):
        return format_date(value)
    return f"{format_number(value)} {unit}".strip()


def _articles(law: RuleSet, item: Item) -> tuple[tuple[str, str], ...]:
    if isinstance(item, Article):
        return ((item.label, item.link),)
    return tuple((law.articles[name].label, law.articles[name].link) for name in item.articles)


def _proven(line: Line, wanted: str) -> bool:
    if wanted == TO_VERIFY:
        return line.to_verify
    return wanted not in _STATUS or line.item.evidence.status is _STATUS[wanted]
