"""Checks on the answers that a formula reads: values never given, questions asked several times."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator, Mapping

from restanque.engine.forms.errors import Problem
from restanque.engine.forms.lint.place import Place
from restanque.engine.forms.model import Control, Form, Steps
from restanque.engine.forms.order import is_within
from restanque.engine.forms.xpath import Expression, comparisons, single_references

_LISTED = ("select_one", "select_multiple", "rank")
_SHOWN_CHOICES = 8
# Beyond, resemblance would take too long: a list of communes has 35,000 of them.
_COMPARED_CHOICES = 2_000


class Answers:
    """The checks, with the choices of each question read once."""

    def __init__(self, place: Place, form: Form) -> None:
        self._place = place
        self._form = form
        self._known: dict[Steps, Mapping[str, str]] = {}

    def problems(self, steps: Steps, rule: str, expression: Expression) -> Iterator[Problem]:
        """What is wrong with a formula that stands at `steps`."""
        yield from self._value_problems(steps, rule, expression)
        yield from self._repeat_problems(steps, rule, expression)

    def _value_problems(self, steps: Steps, rule: str, expression: Expression) -> Iterator[Problem]:
        """A question compared with a text that none of its choices has: a vain comparison."""
        for comparison in comparisons(expression, steps):
            control = self._form.by_steps.get(comparison.reference)
            value = comparison.value.strip()
            if control is None or not control.has_choices or not value:
                continue
            choices = self._choices(control)
            if not choices or _is_answer(value, choices, control):
                continue
            yield self._place.problem(
                "warning",
                steps,
                rule,
                f"« {value} » n’est pas un choix de la question « {control.name} » : la "
                "comparaison donne toujours le même résultat.",
                _mend(value, choices),
                "choice-unknown",
            )

    def _choices(self, control: Control) -> Mapping[str, str]:
        """The label of every value that the question can take."""
        if control.steps not in self._known:
            self._known[control.steps] = (
                {c.value: c.label for c in self._form.all_choices(control.path) if c.value}
                if self._is_certain(control)
                else {}
            )
        return self._known[control.steps]

    def _is_certain(self, control: Control) -> bool:
        """Are the values known: neither filled in by a formula, nor choices of a joined file or
        of a repeat?"""
        bind = self._form.rules.get(control.steps)
        if bind is not None and bind.calculate is not None:
            return False
        if any(action.target == control.steps for action in self._form.actions):
            return False
        return control.itemset is None or self._is_from_sheet(control)

    def _is_from_sheet(self, control: Control) -> bool:
        """Is its list written in the sheet choices?"""
        row = self._place.row(control.steps)
        choices = self._place.conversion.sheets.get("choices")
        if row is None or choices is None or row.type not in _LISTED:
            return False
        return any(line.get("list_name") == row.list_name for line in choices.rows)

    def _repeat_problems(
        self, steps: Steps, rule: str, expression: Expression
    ) -> Iterator[Problem]:
        """Outside a repeat, a question of the repeat has as many answers as there are turns."""
        for read in sorted(single_references(expression, steps)):
            around = [
                repeat
                for repeat in self._form.repeats
                if is_within(read, repeat) and read != repeat and not is_within(steps, repeat)
            ]
            if not around or self._form.inside.get(read) or read not in self._form.paths:
                continue
            repeat = min(around, key=len)
            name = f"${{{read[-1]}}}"
            yield self._place.problem(
                "warning",
                steps,
                rule,
                f"« {name} » est posée dans le groupe répété « {repeat[-1]} » : lue hors de ce "
                "groupe, elle a plusieurs réponses.",
                f"Écrivez par exemple sum({name}), join(', ', {name}) ou "
                f"indexed-repeat({name}, ${{{repeat[-1]}}}, 1).",
                "repeat-outside",
            )


def _is_answer(value: str, choices: Mapping[str, str], control: Control) -> bool:
    """Several choices ticked are one answer, its values separated by spaces."""
    if value in choices:
        return True
    return control.kind != "select1" and all(word in choices for word in value.split())


def _mend(value: str, choices: Mapping[str, str]) -> str:
    """The nearest choice by its value or its label, or the first choices of the list."""
    values = list(choices)
    near: dict[str, str] = {}
    for known in values:
        near.setdefault(_plain(known), known)
    for known, label in choices.items():
        near.setdefault(_plain(label), known)
    wanted = _plain(value)
    close = [wanted] if wanted in near else []
    if not close and not value.isdecimal() and len(values) <= _COMPARED_CHOICES:
        close = difflib.get_close_matches(wanted, near, n=1, cutoff=0.6)
    if close:
        return f"Vouliez-vous écrire '{near[close[0]]}' ?"
    listed = ", ".join(f"'{known}'" for known in values[:_SHOWN_CHOICES])
    return f"Choix possibles : {listed}{'…' if len(values) > _SHOWN_CHOICES else '.'}"


def _plain(text: str) -> str:
    """Without accent nor capital: what people confuse."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
