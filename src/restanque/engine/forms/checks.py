"""Whether an answer can be accepted: required, type, choice, constraint, in that order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lxml import etree

from restanque.engine.forms.choices import Choices, split
from restanque.engine.forms.evaluator import Evaluator
from restanque.engine.forms.model import Bind, Control, Form
from restanque.engine.forms.texts import Texts
from restanque.engine.forms.values import type_fault

FaultKind = Literal["required", "type", "choice", "constraint"]

REQUIRED = "Une réponse est attendue."
NOT_A_CHOICE = "Ce choix n’est pas dans la liste proposée."
CHOSEN_TWICE = "Le même choix figure deux fois."
NOT_RANKED = "Classez tous les choix proposés."
CONSTRAINT = "Cette réponse n’est pas acceptée : vérifiez-la."


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an answer is refused: the question, its label and a sentence, in French."""

    path: str
    label: str
    message: str
    kind: FaultKind


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind` is None when the value is accepted."""

    kind: FaultKind | None = None
    message: str = ""


ACCEPTED = Verdict()


class Checks:
    def __init__(self, form: Form, evaluator: Evaluator, texts: Texts, choices: Choices) -> None:
        self.form = form
        self.evaluator = evaluator
        self.texts = texts
        self.choices = choices

    def required(self, bind: Bind | None, node: etree._Element) -> bool:
        if bind is None or bind.required is None:
            return False
        return self.evaluator.boolean(bind.required, node, fallback=False)

    def readonly(self, bind: Bind | None, node: etree._Element) -> bool:
        if bind is None:
            return False
        if bind.calculate is not None:
            return True
        if bind.readonly is None:
            return False
        return self.evaluator.boolean(bind.readonly, node, fallback=False)

    def verdict(self, bind: Bind | None, control: Control | None, node: etree._Element) -> Verdict:
        """Judge a relevant leaf."""
        value = node.text or ""
        if value == "":
            if bind is not None and self.required(bind, node):
                message = self.texts.render(bind.required_message, node)
                return Verdict("required", message or REQUIRED)
            return ACCEPTED
        several = control is not None and control.kind in ("select", "rank")
        type_ = bind.type if bind is not None and not several else "string"
        sentence = type_fault(type_, value)
        if not sentence and control is not None and control.kind == "range":
            sentence = range_fault(control, value)
        if sentence:
            return Verdict("type", sentence)
        if control is not None and control.has_choices:
            sentence = self._choice_fault(control, node, value)
            if sentence:
                return Verdict("choice", sentence)
        if bind is not None and bind.constraint is not None:
            if self.evaluator.boolean(bind.constraint, node, fallback=True):
                return ACCEPTED
            message = self.texts.render(bind.constraint_message, node)
            return Verdict("constraint", message or CONSTRAINT)
        return ACCEPTED

    def _choice_fault(self, control: Control, node: etree._Element, value: str) -> str:
        if any(token.startswith("search(") for token in control.appearance):
            # The list is a file that only Collect reads: there is nothing to compare with.
            return ""
        chosen = split(control, value)
        known = self.choices.values(control, node)
        if not known.issuperset(chosen):
            return NOT_A_CHOICE
        if len(set(chosen)) != len(chosen):
            return CHOSEN_TWICE
        if control.kind == "rank" and len(chosen) != len(known):
            return NOT_RANKED
        return ""


def range_fault(control: Control, value: str) -> str:
    """French sentence when a value is outside a `range` question's bounds."""
    try:
        number, low, high = (
            float(value),
            float(control.range_start),
            float(control.range_end),
        )
    except ValueError:
        return ""
    low, high = min(low, high), max(low, high)
    if low <= number <= high:
        return ""
    return f"Une valeur entre {low:g} et {high:g} est attendue."
