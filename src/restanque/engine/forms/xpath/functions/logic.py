"""Truth and choice between values."""

from __future__ import annotations

import math

from restanque.engine.forms.xpath.ast import Call
from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.evaluation import Evaluator
from restanque.engine.forms.xpath.functions.registry import eager, lazy
from restanque.engine.forms.xpath.nodes import string_value
from restanque.engine.forms.xpath.values import Value, inner_text, to_boolean, to_number


@eager("true", 0, 0)
def _true(context: Context) -> Value:
    return True


@eager("false", 0, 0)
def _false(context: Context) -> Value:
    return False


@eager("boolean", 1, 1)
def _boolean(context: Context, value: Value) -> Value:
    return to_boolean(value, context.environment)


@eager("not", 1, 1)
def _not(context: Context, value: Value) -> Value:
    return not to_boolean(value, context.environment)


@eager("boolean-from-string", 1, 1)
def _boolean_from_string(context: Context, value: Value) -> Value:
    return inner_text(value).lower() in ("true", "1")


@lazy("if", 3, 3)
def _if(call: Call, arguments: list[Evaluator]) -> Evaluator:
    condition, then, otherwise = arguments

    def evaluate(context: Context) -> Value:
        if to_boolean(condition(context), context.environment):
            return then(context)
        return otherwise(context)

    return evaluate


@lazy("coalesce", 1, None, collect=(2, 2))
def _coalesce(call: Call, arguments: list[Evaluator]) -> Evaluator:
    """The first argument that is neither empty nor NaN; the last one otherwise."""
    *candidates, last = arguments

    def evaluate(context: Context) -> Value:
        for candidate in candidates:
            value = candidate(context)
            if value == value and inner_text(value) != "":  # NaN differs from itself
                return value
        return last(context)

    return evaluate


@lazy("once", 1, 1)
def _once(call: Call, arguments: list[Evaluator]) -> Evaluator:
    """The answer already there; only without one, the argument."""
    (compute,) = arguments

    def evaluate(context: Context) -> Value:
        return string_value(context.node) or compute(context)

    return evaluate


@eager("depend", 1, None)
def _depend(context: Context, value: Value, *reasons: Value) -> Value:
    """The first argument; the others only say what it depends on."""
    return value


def _flags(context: Context, values: tuple[Value, ...]) -> list[bool]:
    """Each value as true or false; a node-set counts node by node."""
    environment = context.environment
    flags: list[bool] = []
    for value in values:
        if isinstance(value, list):
            flags += [to_boolean([node], environment) for node in value]
        else:
            flags.append(to_boolean(value))
    return flags


def _between(total: float, minimum: float, maximum: float) -> bool:
    """A negative bound is no bound."""
    return (minimum < 0 or total >= minimum) and (maximum < 0 or total <= maximum)


@eager("checklist", 2, None)
def _checklist(context: Context, minimum: Value, maximum: Value, *values: Value) -> Value:
    total = float(sum(_flags(context, values)))
    environment = context.environment
    return _between(
        total, _count(to_number(minimum, environment)), _count(to_number(maximum, environment))
    )


def _count(number: float) -> float:
    """A bound in whole numbers; what is not a number is 0."""
    return 0.0 if number != number else float(math.trunc(max(-1e9, min(1e9, number))))


@eager("weighted-checklist", 2, None)
def _weighted_checklist(context: Context, minimum: Value, maximum: Value, *pairs: Value) -> Value:
    environment = context.environment
    if len(pairs) == 2 and isinstance(pairs[0], list) and isinstance(pairs[1], list):
        flags = _flags(context, (pairs[0],))
        weights = [to_number(string_value(node)) for node in pairs[1]]
    else:
        flags = [flag for value in pairs[::2] for flag in _flags(context, (value,))[:1] or [False]]
        weights = [to_number(value, environment) for value in pairs[1::2]]
    total = sum(weight for flag, weight in zip(flags, weights, strict=False) if flag)
    return _between(total, to_number(minimum, environment), to_number(maximum, environment))
