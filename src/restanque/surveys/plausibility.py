"""Values that look wrong: one dated table of rules on facts. Pure: values in, values out.

A rule reads facts (declared in the questionnaire by `bind::rq:fact`), never question names, so it
holds for any questionnaire that feeds them. It never refuses an answer: it asks a person to look.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from restanque.kit.text import NO_BREAK_SPACE, format_date, format_number

Values = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Rule:
    """One bound on one quantity, with the day it holds from and where it comes from.

    `needs` are the facts it reads; `measure` turns them into the compared value (None: cannot be
    computed). Outside of [lower, upper] the value is flagged, with `why` for the reviewer. `said`
    opens the sentence when « label : value » would read badly.
    """

    code: str
    label: str
    needs: tuple[str, ...]
    measure: Callable[[Values], Decimal | None]
    lower: Decimal | None
    upper: Decimal | None
    unit: str
    decimals: int
    valid_from: date
    source: str
    why: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A value outside its bounds. `path` is the question to look at."""

    path: str
    rule: Rule
    value: Decimal

    @property
    def shown(self) -> str:
        """« 14,20 €/kg »."""
        return with_unit(self.value, self.rule)

    @property
    def message(self) -> str:
        """What is seen, the bounds and why, in one or two sentences."""
        opening = self.rule.said or f"{self.rule.label} : "
        return f"{opening}{self.shown}. {bounds(self.rule)} {self.rule.why}"


def _fact(name: str) -> Callable[[Values], Decimal | None]:
    return lambda values: values.get(name)


def _grams_per_meal(values: Values) -> Decimal | None:
    kilos, meals = values.get("need.kg_per_day"), values.get("need.meals_per_day")
    return kilos * 1000 / meals if kilos is not None and meals else None


def _portion_ratio(values: Values) -> Decimal | None:
    bought, portion = _grams_per_meal(values), values.get("need.portion_g")
    return bought / portion if bought is not None and portion else None


def _meals_per_site(values: Values) -> Decimal | None:
    meals, sites = values.get("need.meals_per_day"), values.get("canteen.site_count")
    return meals / sites if meals is not None and sites else None


_START = date(2026, 1, 1)
_TEAM = "Bornes de travail de l’équipe, 2026, à revoir après la première campagne"
_PORTIONS = (
    "Portions de la recommandation GEMRCN (v2.0, 2015), 30 à 100 g selon l’âge, citées de "
    "mémoire : à relire ; élargies par l’équipe"
)

# Read from top to bottom; each is shown to reviewers, in « Ce qui est vérifié ».
RULES: tuple[Rule, ...] = (
    Rule("price-kg", "Prix du kilo HT", ("need.price_per_kg",), _fact("need.price_per_kg"),
         Decimal(1), Decimal(12), "€/kg", 2, _START, _TEAM,
         "Vérifiez l’unité (pièce ou kilo), la taxe et la masse de la pièce."),
    Rule("grams-meal", "Pain par repas", ("need.kg_per_day", "need.meals_per_day"),
         _grams_per_meal, Decimal(15), Decimal(150), "g", 0, _START, _PORTIONS,
         "Vérifiez le nombre de repas par jour et la quantité de pain."),
    Rule("portion", "Portion prévue", ("need.portion_g",), _fact("need.portion_g"),
         Decimal(10), Decimal(150), "g", 0, _START, _PORTIONS,
         "La portion se donne en grammes par convive."),
    Rule("portion-ratio", "Pain acheté, comparé à la portion prévue",
         ("need.portion_g", "need.kg_per_day", "need.meals_per_day"), _portion_ratio,
         Decimal("0.4"), Decimal("2.5"), "fois la portion prévue", 1, _START, _TEAM,
         "La quantité achetée et la portion prévue ne vont pas ensemble.",
         said="Le pain acheté vaut "),
    Rule("piece-weight", "Poids d’une pièce", ("need.piece_weight_g",),
         _fact("need.piece_weight_g"), Decimal(20), Decimal(3000), "g", 0, _START, _TEAM,
         "Une baguette pèse environ 250 g, un pain 400 g, un petit pain 50 g."),
    Rule("meals-site", "Repas par jour et par lieu",
         ("need.meals_per_day", "canteen.site_count"), _meals_per_site,
         Decimal(5), Decimal(2500), "repas", 0, _START, _TEAM,
         "Vérifiez que les repas sont comptés par jour, et non par semaine ou par an."),
    Rule("days-year", "Jours de service par an", ("need.days_per_year",),
         _fact("need.days_per_year"), Decimal(90), Decimal(366), "jours", 0, _START, _TEAM,
         "L’année scolaire compte environ 140 jours de service à quatre jours par semaine."),
)  # fmt: skip


def check(answers: Iterable[tuple[str, str, str]], on: date) -> list[Finding]:
    """The findings of an answer, given as (fact, question path, stored value).

    In a series (several suppliers), facts of one turn are compared with the facts outside of
    any series. Values that are no numbers are left out: the form already refuses them.
    """
    single: dict[str, tuple[str, Decimal]] = {}
    turns: dict[str, dict[str, tuple[str, Decimal]]] = {}
    for fact, path, text in answers:
        value = _number(text)
        if value is None:
            continue
        turn = path.rpartition("/")[0] if "[" in path else ""
        place = turns.setdefault(turn, {}) if turn else single
        place.setdefault(fact, (path, value))
    findings = []
    for rule in RULES:
        if rule.valid_from > on:
            continue
        scopes = [single | one for one in turns.values() if set(rule.needs) & set(one)]
        for known in scopes or [single]:
            finding = _apply(rule, known)
            if finding is not None and finding not in findings:
                findings.append(finding)
    return findings


def _apply(rule: Rule, known: Mapping[str, tuple[str, Decimal]]) -> Finding | None:
    value = rule.measure({fact: number for fact, (_, number) in known.items()})
    if value is None or not outside(value, rule):
        return None
    path = next(known[fact][0] for fact in rule.needs if fact in known)
    return Finding(path, rule, value)


def outside(value: Decimal, rule: Rule) -> bool:
    """Whether a value is beyond a bound; a value on the bound is not."""
    below = rule.lower is not None and value < rule.lower
    return below or (rule.upper is not None and value > rule.upper)


def bounds(rule: Rule) -> str:
    """« Attendu entre 1,00 et 12,00 €/kg. »"""
    unit = f"{NO_BREAK_SPACE}{rule.unit}" if rule.unit else ""
    low, high = (format_number(bound, rule.decimals) for bound in (rule.lower, rule.upper))
    if rule.lower is None:
        return f"Attendu au plus {high}{unit}."
    if rule.upper is None:
        return f"Attendu au moins {low}{unit}."
    return f"Attendu entre {low} et {high}{unit}."


def with_unit(value: Decimal, rule: Rule) -> str:
    """A value as the reviewer reads it."""
    unit = f"{NO_BREAK_SPACE}{rule.unit}" if rule.unit else ""
    # A tenth says something of « 2,6 fois », nothing of « 11 fois ».
    decimals = 0 if rule.decimals == 1 and value >= 10 else rule.decimals
    return f"{format_number(value, decimals)}{unit}"


def described() -> Sequence[tuple[str, str, str, str]]:
    """The table in words: quantity, bounds, source, since when."""
    return [(rule.label, bounds(rule), rule.source, format_date(rule.valid_from)) for rule in RULES]


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
