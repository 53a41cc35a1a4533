"""Answers to questions with choices."""

from __future__ import annotations

from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.functions.registry import eager
from restanque.engine.forms.xpath.values import Value, inner_text, to_number


def _selected(context: Context, value: Value, choice: Value) -> Value:
    """Is ``choice`` among the space-separated values of an answer?"""
    return f" {inner_text(choice).strip()} " in f" {inner_text(value).strip()} "


eager("selected", 2, 2)(_selected)
eager("is-selected", 2, 2)(_selected)


@eager("selected-at", 2, 2)
def _selected_at(context: Context, value: Value, index: Value) -> Value:
    """The value chosen at a place; 0 is the first, and so is what is not a number."""
    chosen = inner_text(value).split()
    place = to_number(index, context.environment)
    if place != place:
        place = 0.0
    return chosen[int(place)] if 0 <= place < len(chosen) else ""


@eager("count-selected", 1, 1)
def _count_selected(context: Context, value: Value) -> Value:
    return float(len(inner_text(value).split()))


@eager("jr:choice-name", 2, 2)
def _choice_name(context: Context, value: Value, question: Value) -> Value:
    """The label of a choice; ``question`` is the path, as text, of the question it belongs to."""
    label = context.environment.choice_label
    text = inner_text(value)
    return text if label is None else label(context, text, inner_text(question))
