"""Arithmetic beyond the operators, and totals over node-sets.

As in JavaRosa, ``sum``, ``min`` and ``max`` pass over what is not a number: an unanswered
question does not spoil a total.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation

from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.functions.registry import eager
from restanque.engine.forms.xpath.nodes import string_value
from restanque.engine.forms.xpath.values import (
    INFINITY,
    NAN,
    Value,
    node_number,
    nodes_of,
    to_number,
)


@eager("number", 0, 1, collect=(1, 1))
def _number(context: Context, value: Value | None = None) -> Value:
    return to_number([context.node] if value is None else value, context.environment)


@eager("int", 1, 1)
def _int(context: Context, value: Value) -> Value:
    return _whole(math.trunc, to_number(value, context.environment))


@eager("floor", 1, 1, collect=None)
def _floor(context: Context, value: Value) -> Value:
    return _whole(math.floor, to_number(value, context.environment))


@eager("ceiling", 1, 1, collect=None)
def _ceiling(context: Context, value: Value) -> Value:
    return _whole(math.ceil, to_number(value, context.environment))


def _whole(cut: Callable[[float], int], number: float) -> float:
    return float(cut(number)) if math.isfinite(number) else number


@eager("round", 1, 2)
def _round(context: Context, value: Value, decimals: Value = 0.0) -> Value:
    environment = context.environment
    number = to_number(value, environment)
    places = to_number(decimals, environment)
    if not math.isfinite(number):
        return number
    if places != places:
        places = 0.0
    return round_half_up(number, int(max(-400.0, min(400.0, places))))


def round_half_up(number: float, places: int) -> float:
    """Halves go up, towards +∞: 2.5 gives 3, -1.5 gives -1. Decimal halves are those that the
    number shows: 1.005 rounded to 2 places gives 1.01."""
    try:
        unit = Decimal(1).scaleb(-places)
        mode = ROUND_HALF_UP if number >= 0 else ROUND_HALF_DOWN
        return float(Decimal(repr(number)).quantize(unit, rounding=mode))
    except InvalidOperation:  # more places than the number has digits to show
        return number


def _numbers(context: Context, values: tuple[Value, ...]) -> Iterator[float]:
    """The numbers among values and among the nodes of node-sets."""
    environment = context.environment
    for value in values:
        if isinstance(value, list):
            numbers = [node_number(string_value(node), environment) for node in value]
        else:
            numbers = [to_number(value, environment)]
        yield from (number for number in numbers if number == number)


@eager("sum", 1, 1)
def _sum(context: Context, value: Value) -> Value:
    return float(sum(_numbers(context, (nodes_of(value, "sum()"),))))


@eager("max", 0, None)
def _max(context: Context, *values: Value) -> Value:
    return max(_numbers(context, values), default=NAN)


@eager("min", 0, None)
def _min(context: Context, *values: Value) -> Value:
    return min(_numbers(context, values), default=NAN)


@eager("pi", 0, 0)
def _pi(context: Context) -> Value:
    return math.pi


@eager("pow", 2, 2)
def _pow(context: Context, base: Value, exponent: Value) -> Value:
    environment = context.environment
    return power(to_number(base, environment), to_number(exponent, environment))


def power(base: float, exponent: float) -> float:
    """IEEE power: never an error."""
    if exponent == 0:
        return 1.0
    if base != base or exponent != exponent:
        return NAN
    try:
        return math.pow(base, exponent)
    except OverflowError:
        odd = exponent == int(exponent) and int(exponent) % 2 == 1
        return -INFINITY if base < 0 and odd else INFINITY
    except ValueError:
        return INFINITY if base == 0 else NAN


@eager("atan2", 2, 2)
def _atan2(context: Context, y: Value, x: Value) -> Value:
    environment = context.environment
    return math.atan2(to_number(y, environment), to_number(x, environment))


def _log(logarithm: Callable[[float], float]) -> Callable[[float], float]:
    return lambda number: -INFINITY if number == 0 else logarithm(number)


_OF_ONE_NUMBER: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "acos": math.acos,
    "asin": math.asin,
    "atan": math.atan,
    "cos": math.cos,
    "exp": math.exp,
    "exp10": lambda number: power(10.0, number),
    "log": _log(math.log),
    "log10": _log(math.log10),
    "sin": math.sin,
    "sqrt": math.sqrt,
    "tan": math.tan,
}


def _register(name: str, compute: Callable[[float], float]) -> None:
    @eager(name, 1, 1)
    def _apply(context: Context, value: Value) -> Value:
        number = to_number(value, context.environment)
        try:
            return float(compute(number))
        except ValueError:  # outside the domain: sqrt(-1)
            return NAN
        except OverflowError:
            return INFINITY


for _name, _compute in _OF_ONE_NUMBER.items():
    _register(_name, _compute)
