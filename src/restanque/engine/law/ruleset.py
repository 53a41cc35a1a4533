"""A rule set: shipped rules and a workspace's overrides, dated and versioned by content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from restanque.engine.law.errors import LawError, UnknownRuleError
from restanque.engine.law.model import (
    Article,
    Consultee,
    Criterion,
    Evidence,
    Parameter,
    Period,
    Piece,
    Regime,
    Rule,
    Start,
)

_One = TypeVar("_One")

#: What a workspace may change, table by table. Keys, effects and articles stay the shipped ones:
#: steps rest on them.
_VALIDITY = ("valid_from", "valid_to")
EDITABLE = {
    "rules": frozenset(
        {
            "title",
            "evidence",
            "consequence",
            "starts_from",
            "start",
            "period",
            "candidates",
            "silence",
            "carry_over",
            "note",
            "criterion",
            *_VALIDITY,
        }
    ),
    "articles": frozenset({"wording", "evidence", "link", *_VALIDITY}),
    "regimes": frozenset({"label", "evidence", "note", *_VALIDITY}),
    "parameters": frozenset({"value", "evidence", "consequence", "note", *_VALIDITY}),
}


#: No period of a text is longer (days), no number greater: dates would leave the calendar.
LONGEST = 30 * 366
MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Override:
    """A workspace's own value for some fields of one object, why, and since when.

    `table` is "rules", "articles", "regimes" or "parameters"; `changes` maps a field of EDITABLE to
    its new value.
    """

    table: str
    id: str
    changes: Mapping[str, Any]
    reason: str
    made_on: date


@dataclass(frozen=True)
class RuleSet:
    """Everything the deadlines are computed with. `dated` is the state of the law it describes."""

    articles: Mapping[str, Article]
    rules: Mapping[str, Rule]
    regimes: Mapping[str, Regime]
    parameters: Mapping[str, Parameter]
    consultees: tuple[Consultee, ...]
    dated: date
    overrides: tuple[Override, ...] = ()
    pieces: tuple[Piece, ...] = ()
    _memo: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def version(self) -> str:
        """Stable identifier: « 2026-11-24+3f9a0c1b2d4e », the hash of the whole content."""
        if "version" not in self._memo:
            content = [self.articles, self.rules, self.regimes, self.parameters]
            shown = [[_plain(table[name]) for name in sorted(table)] for table in content]
            for listed in (self.consultees, self.pieces):
                shown.append([_plain(one) for one in sorted(listed, key=lambda one: one.id)])
            self._memo["version"] = f"{self.dated.isoformat()}+{_digest(shown)}"
        version: str = self._memo["version"]
        return version

    def version_of(self, rule: Rule) -> str:
        """The hash of a rule with its articles and regime: unchanged while they are unchanged."""
        name = f"rule {rule.id}"
        if name not in self._memo:
            regime = self.regimes[rule.regime] if rule.regime else None
            shown = [_plain(rule), *(_plain(self.articles[a]) for a in rule.articles)]
            self._memo[name] = _digest([*shown, _plain(regime) if regime else None])
        version: str = self._memo[name]
        return version

    def content_of(self, rule: Rule) -> str:
        """The same hash without the evidence: unchanged when a text was only read again."""
        memo = f"content {rule.id}"
        if memo not in self._memo:
            parts: list[Any] = [rule, *(self.articles[name] for name in rule.articles)]
            parts += [self.regimes[rule.regime]] if rule.regime else []
            self._memo[memo] = _digest([_bare(one) for one in parts])
        content: str = self._memo[memo]
        return content

    def rule(self, rule_id: str) -> Rule:
        """The rule of this identifier; UnknownRuleError if there is none."""
        return _get(self.rules, rule_id, "Aucune règle")

    def parameter(self, parameter_id: str) -> Parameter:
        """The parameter of this identifier; UnknownRuleError if there is none."""
        return _get(self.parameters, parameter_id, "Aucun paramètre")

    def versions(self, key: str) -> tuple[Rule, ...]:
        """Every version of a rule, in the order of the table; UnknownRuleError if there is none."""
        if "keys" not in self._memo:
            found: dict[str, list[Rule]] = {}
            for rule in self.rules.values():
                found.setdefault(rule.key, []).append(rule)
            self._memo["keys"] = {name: tuple(rules) for name, rules in found.items()}
        keys: Mapping[str, tuple[Rule, ...]] = self._memo["keys"]
        return _get(keys, key, "Aucune règle")

    def regime_on(self, family: str, launched_on: date) -> Regime:
        """The regime of a family for a procedure whose launching act bears this date."""
        if all(regime.family != family for regime in self.regimes.values()):
            raise UnknownRuleError(f"Aucun régime pour « {family} ».")
        for regime in self.regimes.values():
            if regime.family == family and regime.holds_on(launched_on):
                return regime
        raise LawError(f"Aucun régime de « {family} » ne couvre le {launched_on:%d/%m/%Y}.")

    def choose(
        self, key: str, *, regime: str | None, launch: date, fact: date | None = None
    ) -> Rule | None:
        """The version of a rule to apply, each by its own criterion; None when none holds.

        Rules whose criterion is the day on which their deadline falls are left out here: that day
        must be computed first (`restanque.engine.deadlines.by_term`).
        """
        for rule in self.versions(key):
            if rule.regime is not None:
                if rule.regime == regime:
                    return rule
            elif rule.criterion is not Criterion.TERM:
                day = fact if rule.criterion is Criterion.FACT and fact else launch
                if rule.holds_on(day):
                    return rule
        return None

    def cite(self, article_ids: Iterable[str]) -> str:
        """« art. L143-20 et R143-4 du code de l'urbanisme ; … »: articles in words."""
        names = tuple(article_ids)
        key = f"cite {names}"
        if key not in self._memo:
            self._memo[key] = self._cited(names)
        cited: str = self._memo[key]
        return cited

    def _cited(self, names: tuple[str, ...]) -> str:
        by_code: dict[str, list[str]] = {}
        for name in names:
            article = _get(self.articles, name, "Aucun article")
            alone = article.label == article.number
            by_code.setdefault("" if alone else article.code.value, []).append(article.number)
        return " ; ".join(
            _listed(numbers) if not code else f"art. {_listed(numbers)} du {code}"
            for code, numbers in by_code.items()
        )


def merge(shipped: RuleSet, overrides: Iterable[Override]) -> RuleSet:
    """The shipped rules with a workspace's values in their place; LawError names what is wrong.

    Overrides apply in order, the later over the earlier.
    """
    tables: dict[str, dict[str, Any]] = {name: dict(getattr(shipped, name)) for name in EDITABLE}
    applied = [*shipped.overrides]
    for override in overrides:
        if override.table not in EDITABLE:
            raise LawError(f"« {override.table} » n’est pas une table modifiable.")
        current = _get(tables[override.table], override.id, "Aucun élément")
        tables[override.table][override.id] = _changed(current, override)
        applied.append(override)
    dated = max([shipped.dated, *(o.made_on for o in applied)])
    return RuleSet(
        articles=tables["articles"],
        rules=tables["rules"],
        regimes=tables["regimes"],
        parameters=tables["parameters"],
        consultees=shipped.consultees,
        dated=dated,
        overrides=tuple(applied),
        pieces=shipped.pieces,
    )


def content_of(one: Rule | Regime | Parameter | Article) -> str:
    """The hash of what an object says, without how far it was checked."""
    return _digest(_bare(one))


def changed_rules(before: RuleSet, after: RuleSet) -> frozenset[str]:
    """Rules whose version differs between two sets: their dates must be looked at again."""
    names = before.rules.keys() | after.rules.keys()
    return frozenset(
        name
        for name in names
        if name not in before.rules
        or name not in after.rules
        or before.version_of(before.rules[name]) != after.version_of(after.rules[name])
    )


def _changed(current: Any, override: Override) -> Any:
    """The object with its new fields; every refusal names the object and the field."""
    if not override.reason.strip():
        raise LawError(f"Dites pourquoi la règle « {override.id} » est modifiée.")
    for name, value in override.changes.items():
        if name not in EDITABLE[override.table]:
            raise LawError(f"« {name} » ne se modifie pas (règle « {override.id} »).")
        expected = _KINDS.get(name, str)
        if name == "value":
            expected = date if isinstance(current.value, date) else int
        nullable = name in ("valid_from", "valid_to", "period")
        if not (isinstance(value, expected) or (nullable and value is None)):
            raise LawError(f"« {name} » de « {override.id} » : valeur d’un autre type attendue.")
        if name == "value" and isinstance(value, int) and not 0 <= value <= MOST:
            raise LawError(f"Valeur de « {override.id} » : entre 0 et {MOST}.")
    made = replace(current, **override.changes)
    if isinstance(made, Rule):
        _check_period(current, made)
    if made.valid_from and made.valid_to and made.valid_from > made.valid_to:
        raise LawError(f"« {override.id} » : le début de validité vient après sa fin.")
    return made


_KINDS: dict[str, Any] = {
    "evidence": Evidence,
    "period": Period,
    "candidates": tuple,
    "valid_from": date,
    "valid_to": date,
    "carry_over": bool,
    "criterion": Criterion,
    "start": Start,
}


def _check_period(before: Rule, after: Rule) -> None:
    timed = after.period is not None or bool(after.candidates)
    if timed != (before.period is not None or bool(before.candidates)):
        raise LawError(f"« {after.id} » : une règle garde un délai, ou reste sans délai.")
    given = [one.period for one in after.candidates]
    if after.period is not None:
        given.append(after.period)
    if any(one.rough_days > LONGEST for one in given):
        raise LawError(f"« {after.id} » : un délai de trente ans au plus.")
    if after.period is not None and after.candidates:
        raise LawError(
            f"« {after.id} » : donnez un délai, ou des valeurs à départager, pas les deux."
        )


def check(ruleset: RuleSet) -> list[str]:
    """Faults of a rule set, in French: dangling identifiers, a regime that does not exist."""
    faults = []
    sourced: list[Any] = [
        *ruleset.rules.values(),
        *ruleset.regimes.values(),
        *ruleset.parameters.values(),
        *ruleset.consultees,
    ]
    for one in sourced:
        missing = [name for name in one.articles if name not in ruleset.articles]
        faults += [f"{one.id} : article inconnu « {name} »" for name in missing]
        if not one.articles:
            faults.append(f"{one.id} : aucun article")
    faults += [
        f"{piece.id} : article inconnu « {name} »"
        for piece in ruleset.pieces
        for name in piece.articles
        if name not in ruleset.articles
    ]
    for rule in ruleset.rules.values():
        if rule.regime is not None and rule.regime not in ruleset.regimes:
            faults.append(f"{rule.id} : régime inconnu « {rule.regime} »")
    keys = {rule.key for rule in ruleset.rules.values()}
    faults += [
        f"{c.id} : règle inconnue" for c in ruleset.consultees if c.rule and c.rule not in keys
    ]
    return faults


def to_verify(ruleset: RuleSet) -> list[Rule | Regime | Parameter]:
    """What a person must still check on Légifrance, the weakest evidence first."""
    everything: list[Rule | Regime | Parameter] = [
        *ruleset.rules.values(),
        *ruleset.regimes.values(),
        *ruleset.parameters.values(),
    ]
    doubtful = [
        one
        for one in everything
        if one.evidence.to_verify or (isinstance(one, Rule) and one.to_verify)
    ]
    return sorted(doubtful, key=lambda one: (one.evidence.strength, one.id))


def _get(table: Mapping[str, _One], name: str, nothing: str) -> _One:
    if name not in table:
        raise UnknownRuleError(f"{nothing} ne porte l’identifiant « {name} ».")
    return table[name]


def _listed(numbers: list[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} et {numbers[-1]}"


def _plain(value: Any) -> dict[str, Any]:
    plain: dict[str, Any] = asdict(value)
    return plain


def _bare(value: Any) -> dict[str, Any]:
    return {name: kept for name, kept in _plain(value).items() if name != "evidence"}


def _digest(shown: Any) -> str:
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
