"""The table of functions and how one enters it."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from restanque.engine.forms.xpath.ast import Call
from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.errors import XPathError
from restanque.engine.forms.xpath.evaluation import Evaluator
from restanque.engine.forms.xpath.values import Value

Builder: TypeAlias = Callable[[Call, list[Evaluator]], Evaluator]
Arity: TypeAlias = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Function:
    """A function: how many arguments it takes (None: any number), how it is compiled, and how
    many ODK Collect accepts (None: Collect does not know it)."""

    name: str
    arity: Arity
    build: Builder
    collect: Arity | None

    def accepts(self, count: int) -> bool:
        """May it be called with ``count`` arguments here?"""
        return _within(self.arity, count)

    def portable(self, count: int) -> bool:
        """Does ODK Collect accept that call too?"""
        return self.collect is not None and _within(self.collect, count)


FUNCTIONS: dict[str, Function] = {}
_SAME: Arity = (-1, None)


def lazy(
    name: str, minimum: int, maximum: int | None, *, collect: Arity | None = _SAME
) -> Callable[[Builder], Builder]:
    """Register a function that receives its arguments uncomputed."""

    def register(build: Builder) -> Builder:
        arity = (minimum, maximum)
        FUNCTIONS[name] = Function(name, arity, build, arity if collect == _SAME else collect)
        return build

    return register


def eager(
    name: str, minimum: int, maximum: int | None, *, collect: Arity | None = _SAME
) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Register ``(context, *values) -> value``."""

    def register(compute: Callable[..., Value]) -> Callable[..., Value]:
        def build(call: Call, arguments: list[Evaluator]) -> Evaluator:
            return _applied(compute, arguments)

        lazy(name, minimum, maximum, collect=collect)(build)
        return compute

    return register


def _applied(compute: Callable[..., Value], arguments: list[Evaluator]) -> Evaluator:
    """A closure per common number of arguments: no tuple is built at each evaluation."""
    match arguments:
        case []:
            return compute
        case [only]:
            return lambda context: compute(context, only(context))
        case [first, second]:
            return lambda context: compute(context, first(context), second(context))
        case _:

            def evaluate(context: Context) -> Value:
                return compute(context, *[argument(context) for argument in arguments])

            return evaluate


def find_function(call: Call) -> Function:
    """The function that ``call`` names. Raises XPathError if unknown or wrongly called."""
    function = FUNCTIONS.get(call.name)
    if function is None:
        close = difflib.get_close_matches(call.name.lower(), FUNCTIONS, n=1, cutoff=0.75)
        advice = f" : voulez-vous dire « {close[0]}() » ?" if close else "."
        raise XPathError(
            f"La fonction « {call.name}() » n’existe pas{advice}", position=call.position
        )
    count = len(call.arguments)
    if not function.accepts(count):
        raise XPathError(
            f"« {call.name}() » attend {_expected(function.arity)}, {count} reçu"
            f"{'s' if count > 1 else ''}.",
            position=call.position,
        )
    return function


def _within(arity: Arity, count: int) -> bool:
    minimum, maximum = arity
    return minimum <= count and (maximum is None or count <= maximum)


def _expected(arity: Arity) -> str:
    minimum, maximum = arity
    if maximum is None:
        return f"au moins {_arguments(minimum)}"
    if minimum == maximum:
        return _arguments(minimum)
    return f"de {minimum} à {_arguments(maximum)}"


def _arguments(count: int) -> str:
    if count == 0:
        return "aucun argument"
    return f"{count} argument{'s' if count > 1 else ''}"
