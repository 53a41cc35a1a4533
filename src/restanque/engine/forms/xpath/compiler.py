"""From syntax tree to closures."""

from __future__ import annotations

from collections.abc import Mapping

from restanque.engine.forms.xpath.ast import (
    Call,
    Filter,
    Literal,
    Negation,
    Number,
    Operation,
    Path,
    Root,
)
from restanque.engine.forms.xpath.ast import Node as Ast
from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.evaluation import Evaluator
from restanque.engine.forms.xpath.functions import find_function
from restanque.engine.forms.xpath.nodes import Node, in_document_order
from restanque.engine.forms.xpath.operators import (
    ARITHMETIC,
    arithmetic,
    equality,
    equals_text,
    relation,
)
from restanque.engine.forms.xpath.paths import compile_filter, compile_path
from restanque.engine.forms.xpath.values import Value, nodes_of, to_boolean, to_number


class Compiler:
    """Compiles trees against one set of namespace prefixes."""

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        self._namespaces = namespaces

    def compile(self, node: Ast) -> Evaluator:
        """The closure that evaluates ``node``. Raises XPathError on an unknown function, a
        wrong number of arguments, an undeclared prefix."""
        match node:
            case Number(constant) | Literal(constant):
                return lambda context: constant
            case Path():
                return compile_path(node, self.compile, self._namespaces)
            case Operation(first, rest):
                return self._operation(first, rest)
            case Negation(operand):
                evaluate = self.compile(operand)
                return lambda context: -to_number(evaluate(context), context.environment)
            case Call():
                return self._call(node)
            case Filter(base, predicates):
                return compile_filter(self.compile(base), predicates, self.compile)
            case Root():
                raise AssertionError("a Root only stands at the start of a Path")

    def _call(self, call: Call) -> Evaluator:
        function = find_function(call)
        return function.build(call, [self.compile(argument) for argument in call.arguments])

    def _operation(self, first: Ast, rest: tuple[tuple[str, Ast], ...]) -> Evaluator:
        operator = rest[0][0]
        if operator in ("and", "or", "|"):
            operands = [self.compile(first), *(self.compile(operand) for _, operand in rest)]
            if operator == "|":
                return _union(operands)
            return _any(operands) if operator == "or" else _all(operands)
        if len(rest) > 1 and operator in ARITHMETIC:
            return _sum(self.compile(first), [(name, self.compile(node)) for name, node in rest])
        if len(rest) > 1:
            return _comparison_chain(
                self.compile(first), [(name, self.compile(node)) for name, node in rest]
            )
        right = rest[0][1]
        left = self.compile(first)
        if operator in ("=", "!=") and isinstance(right, Literal):
            return equals_text(left, right.value, negated=operator == "!=")
        return _binary(operator, left, self.compile(right))


def _binary(operator: str, left: Evaluator, right: Evaluator) -> Evaluator:
    if operator in ARITHMETIC:
        return arithmetic(operator, left, right)
    if operator in ("=", "!="):
        return equality(operator, left, right)
    return relation(operator, left, right)


def _any(operands: list[Evaluator]) -> Evaluator:
    def evaluate(context: Context) -> Value:
        environment = context.environment
        for operand in operands:  # noqa: SIM110 (a generator would cost a third more)
            if to_boolean(operand(context), environment):
                return True
        return False

    return evaluate


def _all(operands: list[Evaluator]) -> Evaluator:
    def evaluate(context: Context) -> Value:
        environment = context.environment
        for operand in operands:  # noqa: SIM110 (likewise)
            if not to_boolean(operand(context), environment):
                return False
        return True

    return evaluate


def _union(operands: list[Evaluator]) -> Evaluator:
    def evaluate(context: Context) -> Value:
        found: list[Node] = []
        for operand in operands:
            found += nodes_of(operand(context), "|")
        return in_document_order(found)

    return evaluate


def _sum(first: Evaluator, rest: list[tuple[str, Evaluator]]) -> Evaluator:
    """A chain of arithmetic operators in a loop: length costs no depth."""
    operations = [(ARITHMETIC[name], operand) for name, operand in rest]

    def evaluate(context: Context) -> Value:
        environment = context.environment
        total = to_number(first(context), environment)
        for compute, operand in operations:
            total = compute(total, to_number(operand(context), environment))
        return total

    return evaluate


def _comparison_chain(first: Evaluator, rest: list[tuple[str, Evaluator]]) -> Evaluator:
    """``3 > 2 > 1`` compares 1 with the outcome of the first comparison."""

    def evaluate(context: Context) -> Value:
        value = first(context)
        for name, operand in rest:
            value = _binary(name, lambda _, left=value: left, operand)(context)  # type: ignore[misc]
        return value

    return evaluate
