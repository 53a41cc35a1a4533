"""Comparisons and arithmetic, by JavaRosa's rules (see README.md for where engines differ)."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import TypeAlias

from restanque.engine.forms.xpath.context import Context, Environment
from restanque.engine.forms.xpath.dates import XDate
from restanque.engine.forms.xpath.evaluation import Evaluator
from restanque.engine.forms.xpath.nodes import string_value
from restanque.engine.forms.xpath.values import (
    INFINITY,
    NAN,
    TOLERANCE,
    Value,
    inner_text,
    node_date,
    node_number,
    to_boolean,
    to_number,
)

Scalar: TypeAlias = str | float | bool | XDate


class _NodeText(str):
    """The text of a node: unlike a literal, it may be read as a date."""

    __slots__ = ()


def _candidates(value: Value) -> list[Scalar]:
    """The values that a comparison tries: one per node; an empty node-set is one empty text."""
    if isinstance(value, list):
        return [_NodeText(string_value(node)) for node in value] or [_NodeText()]
    return [value]


def _number(value: Scalar, environment: Environment) -> float:
    if isinstance(value, _NodeText):
        return node_number(value, environment)
    return to_number(value)


def _same(left: Scalar, right: Scalar, environment: Environment) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) == to_boolean(right)
    if isinstance(left, float) or isinstance(right, float):
        return same_number(_number(left, environment), _number(right, environment))
    if isinstance(left, XDate) or isinstance(right, XDate):
        return _date_text(left, environment) == _date_text(right, environment)
    return left == right


def _date_text(value: Scalar, environment: Environment) -> str:
    """Text beside a date: the answer to a date-time question is worth its date."""
    if isinstance(value, _NodeText):
        date = node_date(value, environment)
        return value if date is None else date.date_text
    return inner_text(value)


def same_number(left: float, right: float) -> bool:
    """Equality that forgives the last bits: 0.1 + 0.2 = 0.3."""
    return left == right or abs(left - right) < TOLERANCE


def _equal(left: Value, right: Value, environment: Environment) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left, environment) == to_boolean(right, environment)
    return any(
        _same(one, other, environment) for one in _candidates(left) for other in _candidates(right)
    )


def _different(left: Value, right: Value, environment: Environment) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left, environment) != to_boolean(right, environment)
    return any(
        not _same(one, other, environment)
        for one in _candidates(left)
        for other in _candidates(right)
    )


def equality(name: str, left: Evaluator, right: Evaluator) -> Evaluator:
    """``=`` or ``!=``."""
    compare = _equal if name == "=" else _different
    return lambda context: compare(left(context), right(context), context.environment)


def equals_text(left: Evaluator, text: str, *, negated: bool) -> Evaluator:
    """``path = 'text'``, the commonest condition of all."""

    def evaluate(context: Context) -> Value:
        value = left(context)
        if isinstance(value, list) and len(value) < 2:
            same = (string_value(value[0]) if value else "") == text
            return same is not negated
        compare = _different if negated else _equal
        return compare(value, text, context.environment)

    return evaluate


_RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def relation(name: str, left: Evaluator, right: Evaluator) -> Evaluator:
    """``<``, ``<=``, ``>`` or ``>=``: always a comparison of numbers."""
    holds = _RELATIONS[name]

    def evaluate(context: Context) -> Value:
        one, other = left(context), right(context)
        environment = context.environment
        if (isinstance(one, list) and len(one) > 1) or (isinstance(other, list) and len(other) > 1):
            return any(
                holds(_number(first, environment), _number(second, environment))
                for first in _candidates(one)
                for second in _candidates(other)
            )
        return holds(to_number(one, environment), to_number(other, environment))

    return evaluate


def divide(left: float, right: float) -> float:
    """IEEE division: never an error."""
    if right == 0:
        if left == 0 or left != left:
            return NAN
        return math.copysign(INFINITY, left) * math.copysign(1.0, right)
    return left / right


def modulo(left: float, right: float) -> float:
    """Remainder with the sign of the dividend."""
    if right == 0 or left != left or right != right or math.isinf(left):
        return NAN
    return math.fmod(left, right)


ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": divide,
    "mod": modulo,
}


def arithmetic(name: str, left: Evaluator, right: Evaluator) -> Evaluator:
    """``+``, ``-``, ``*``, ``div`` or ``mod``."""
    compute = ARITHMETIC[name]

    def evaluate(context: Context) -> Value:
        environment = context.environment
        return compute(
            to_number(left(context), environment), to_number(right(context), environment)
        )

    return evaluate
