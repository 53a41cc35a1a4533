"""Conditions over answers and directory facts, in plain words: what a candidates list is made of.

Stored as `conditions` says. A question is named by its fact when it has one (the list then survives
a new questionnaire), else by its path, else it is one of `directory_facts`. Pure.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from restanque.kit.text import format_date, format_number, parse_number, search_key
from restanque.surveys.analysis.conditions import Condition, CriteriaError, Operator
from restanque.surveys.analysis.data import Unit
from restanque.surveys.analysis.questions import DO_NOT_KNOW, Kind, Question

OPERATOR_WORDS = {
    Operator.IS: "est",
    Operator.IS_NOT: "n’est pas",
    Operator.CONTAINS: "contient",
    Operator.CONTAINS_NOT: "ne contient pas",
    Operator.AT_LEAST: "est d’au moins",
    Operator.AT_MOST: "est d’au plus",
    Operator.WITHIN_MONTHS: "tombe dans les prochains mois (dites combien)",
    Operator.WORDS: "contient les mots",
    Operator.TOLD: "a une réponse",
    Operator.UNTOLD: "est sans réponse",
}
_ALWAYS = (Operator.TOLD, Operator.UNTOLD)
OPERATORS: Mapping[Kind, tuple[Operator, ...]] = {
    Kind.ONE: (Operator.IS, Operator.IS_NOT, *_ALWAYS),
    Kind.MANY: (Operator.CONTAINS, Operator.CONTAINS_NOT, *_ALWAYS),
    Kind.NUMBER: (Operator.AT_LEAST, Operator.AT_MOST, *_ALWAYS),
    Kind.DATE: (Operator.WITHIN_MONTHS, *_ALWAYS),
    Kind.TEXT: (Operator.WORDS, *_ALWAYS),
}
BY_CHOICE = (Operator.IS, Operator.IS_NOT, Operator.CONTAINS, Operator.CONTAINS_NOT)
BY_AMOUNT = (Operator.AT_LEAST, Operator.AT_MOST, Operator.WITHIN_MONTHS)


def reference_of(question: Question) -> str:
    """How a condition names a question: its fact, else its path, else its key."""
    return question.fact or question.path or question.key


def check(condition: Condition, question: Question) -> Condition:
    """The condition, made fit for its question. CriteriaError says what to mend."""
    if condition.operator not in OPERATORS[question.kind]:
        raise CriteriaError(
            f"« {question.label} » : « {OPERATOR_WORDS[condition.operator]} » ne convient pas à "
            "cette question."
        )
    if condition.operator in _ALWAYS:
        return Condition(condition.question, condition.operator)
    values = tuple(value.strip() for value in condition.values if value.strip())
    if not values:
        raise CriteriaError(f"« {question.label} » : dites la valeur cherchée.")
    if condition.operator in BY_CHOICE:
        known = {code for code, _ in question.choices}
        if unknown := [value for value in values if value not in known]:
            raise CriteriaError(f"« {question.label} » n’a pas de choix « {unknown[0]} ».")
        return Condition(condition.question, condition.operator, values)
    if condition.operator in BY_AMOUNT:
        return Condition(condition.question, condition.operator, (_amount(question, values[0]),))
    return Condition(condition.question, condition.operator, (" ".join(values),))


def _amount(question: Question, text: str) -> str:
    try:
        return format(parse_number(text), "f")
    except (ValueError, InvalidOperation):
        raise CriteriaError(
            f"« {question.label} » : « {text} » n’est pas un nombre. Écrivez par exemple 12,5."
        ) from None


def words_of(condition: Condition, question: Question | None) -> str:
    """« Servir davantage de pain bio » est « Oui »."""
    if question is None:
        return f"{condition.question} : question absente de ce questionnaire"
    said = f"« {question.label} » {OPERATOR_WORDS[condition.operator]}"
    if condition.operator in _ALWAYS:
        return said
    if condition.operator in BY_CHOICE:
        labels = dict(question.choices)
        return f"{said} {' ou '.join(f'« {labels.get(v, v)} »' for v in condition.values)}"
    if condition.operator == Operator.WITHIN_MONTHS:
        return f"« {question.label} » tombe dans les {condition.values[0]} prochains mois"
    if condition.operator in BY_AMOUNT:
        unit = f" {question.unit}" if question.unit and question.kind == Kind.NUMBER else ""
        return f"{said} {format_number(Decimal(condition.values[0]), 2).removesuffix(',00')}{unit}"
    return f"{said} « {condition.values[0]} »"


def meets(
    condition: Condition, question: Question, units: Sequence[Unit], today: date
) -> str | None:
    """What in these units (one answer's) meets the condition, in words; None when it does not.

    A question that was not asked, or answered « ne sait pas », meets « est sans réponse » only.
    """
    told = [unit for unit in units if unit.status == "answered"]
    if condition.operator == Operator.UNTOLD:
        return None if told else _why_untold(units)
    if not told:
        return None
    if condition.operator == Operator.TOLD or _compare(condition, told, today):
        return answer_words(question, told)
    return None


def _compare(condition: Condition, told: Sequence[Unit], today: date) -> bool:
    given = {value for unit in told for value in unit.values}
    wanted = set(condition.values)
    if condition.operator in (Operator.IS, Operator.CONTAINS):
        return bool(given & wanted)
    if condition.operator in (Operator.IS_NOT, Operator.CONTAINS_NOT):
        return bool(given - set(DO_NOT_KNOW)) and not given & wanted
    if condition.operator == Operator.WORDS:
        text = search_key(" ".join(given))
        return all(word in text for word in search_key(condition.values[0]).split())
    bound = Decimal(condition.values[0])
    if condition.operator == Operator.WITHIN_MONTHS:
        return any(_within(value, today, bound) for value in given)
    numbers = [unit.number for unit in told if unit.number is not None]
    if condition.operator == Operator.AT_LEAST:
        return any(number >= bound for number in numbers)
    return any(number <= bound for number in numbers)


def _within(text: str, today: date, months: Decimal) -> bool:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return False
    ahead = (day.year - today.year) * 12 + day.month - today.month
    return day >= today and (ahead < months or (ahead == months and day.day <= today.day))


def _why_untold(units: Sequence[Unit]) -> str:
    if any(unit.status == "do_not_know" for unit in units):
        return "ne sait pas"
    return "sans réponse" if any(unit.status == "no_answer" for unit in units) else "non posée"


def answer_words(question: Question, told: Sequence[Unit]) -> str:
    """The answer as people read it: labels, amount with unit, date, text."""
    labels = dict(question.choices)
    if question.kind == Kind.NUMBER:
        unit = f" {question.unit}" if question.unit else ""
        amounts = [
            format_number(one.number, 2).removesuffix(",00")
            for one in told
            if one.number is not None
        ]
        return " ; ".join(f"{amount}{unit}" for amount in amounts)
    values = [value for unit in told for value in unit.values]
    if question.kind == Kind.DATE:
        return " ; ".join(_day(value) for value in dict.fromkeys(values))
    return " ; ".join(labels.get(value, value) for value in dict.fromkeys(values))


def _day(text: str) -> str:
    try:
        return format_date(date.fromisoformat(text[:10]))
    except ValueError:
        return text
