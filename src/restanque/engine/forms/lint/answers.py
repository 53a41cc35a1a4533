"""Checks on the answers that a formula reads: values never given, questions asked several times."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from restanque.engine.forms.errors import Problem
from restanque.engine.forms.lint.place import Place
from restanque.engine.forms.model import Control, Form, Steps
from restanque.engine.forms.order import is_within
from restanque.engine.forms.xpath import Expression, comparisons, single_references

_SHOWN_CHOICES = 8


def answer_problems(
    place: Place, steps: Steps, rule: str, expression: Expression, form: Form
) -> Iterator[Problem]:
    yield from _value_problems(place, steps, rule, expression, form)
    yield from _repeat_problems(place, steps, rule, expression, form)


def _value_problems(
    place: Place, steps: Steps, rule: str, expression: Expression, form: Form
) -> Iterator[Problem]:
    """A question compared with a text that none of its choices has: the comparison is vain."""
    for comparison in comparisons(expression, steps):
        control = form.by_steps.get(comparison.reference)
        if control is None or not control.has_choices:
            continue
        values = _values(place, control, form)
        value = comparison.value.strip()
        if not values or not value or _is_answer(value, values, control):
            continue
        close = difflib.get_close_matches(value, values, n=1, cutoff=0.5)
        listed = ", ".join(f"'{known}'" for known in values[:_SHOWN_CHOICES])
        more = "…" if len(values) > _SHOWN_CHOICES else "."
        yield place.problem(
            "warning",
            steps,
            rule,
            f"« {value} » n’est pas un choix de la question « {control.name} » : la comparaison "
            "n’est jamais vraie.",
            f"Vouliez-vous écrire '{close[0]}' ?" if close else f"Choix possibles : {listed}{more}",
            "choice-unknown",
        )


def _values(place: Place, control: Control, form: Form) -> list[str]:
    """Every value that the question can take; none when it is not known for sure: choices of a
    joined file or of a repeat, question that a formula fills in."""
    bind = form.rules.get(control.steps)
    filled = any(action.target == control.steps and action.value for action in form.actions)
    if filled or (bind is not None and bind.calculate is not None):
        return []
    if control.itemset is not None and not _is_from_sheet(place, control):
        return []
    return list(dict.fromkeys(c.value for c in form.all_choices(control.path) if c.value))


def _is_from_sheet(place: Place, control: Control) -> bool:
    """Is its list written in the sheet choices?"""
    row = place.row(control.steps)
    choices = place.conversion.sheets.get("choices")
    if row is None or choices is None or row.type not in ("select_one", "select_multiple", "rank"):
        return False
    return any(line.get("list_name") == row.list_name for line in choices.rows)


def _is_answer(value: str, values: list[str], control: Control) -> bool:
    """Several choices ticked are one answer, its values separated by spaces."""
    if control.kind == "select1":
        return value in values
    return value in values or set(value.split()) <= set(values)


def _repeat_problems(
    place: Place, steps: Steps, rule: str, expression: Expression, form: Form
) -> Iterator[Problem]:
    """Outside a repeat, a question of the repeat has as many answers as there are turns."""
    for read in sorted(single_references(expression, steps)):
        around = [
            repeat
            for repeat in form.repeats
            if is_within(read, repeat) and read != repeat and not is_within(steps, repeat)
        ]
        if not around or form.inside.get(read) or read not in form.paths:
            continue
        repeat = min(around, key=len)
        name = f"${{{read[-1]}}}"
        yield place.problem(
            "warning",
            steps,
            rule,
            f"« {name} » est posée dans le groupe répété « {repeat[-1]} » : lue hors de ce "
            "groupe, elle a plusieurs réponses.",
            f"Écrivez par exemple sum({name}), join(', ', {name}) ou "
            f"indexed-repeat({name}, ${{{repeat[-1]}}}, 1).",
            "repeat-outside",
        )
