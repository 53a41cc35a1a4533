"""What an expression reads, and what a linter wants to know of it, without evaluating it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

from restanque.engine.forms.xpath.ast import (
    ANY_NODE,
    Call,
    Filter,
    KindTest,
    Literal,
    NameTest,
    Negation,
    Node,
    Number,
    Operation,
    Path,
    Root,
    Step,
    children,
    to_source,
    walk,
)
from restanque.engine.forms.xpath.expression import Expression
from restanque.engine.forms.xpath.functions import FUNCTIONS

Reference: TypeAlias = tuple[str, ...]

ANYTHING = "*"


# ---------------------------------------------------------------- references
def references(expression: Expression, base: Reference) -> frozenset[Reference]:
    """Absolute paths of the primary instance that the expression reads from a node at ``base``.

    A last part ``"*"`` means anything below, ``"@x"`` an attribute. Positions in repeats are left
    out. Paths inside a predicate on a secondary instance are ours only if absolute or from
    ``current()``.
    """
    return frozenset(_read(expression, base).found)


def single_references(expression: Expression, base: Reference) -> frozenset[Reference]:
    """Those of `references` of which one value is wanted: neither gathered by a function of
    node-sets (sum, join, indexed-repeat…), nor chosen by a predicate, nor read in one."""
    return frozenset(_read(expression, base).single)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``reference`` is compared with the quoted ``value``, by ``=``, ``!=`` or ``selected()``."""

    reference: Reference
    value: str


def comparisons(expression: Expression, base: Reference) -> list[Comparison]:
    """Every comparison of a path of the primary instance with a quoted text, without repeats."""
    return list(dict.fromkeys(_read(expression, base).compared))


def _read(expression: Expression, base: Reference) -> _References:
    reading = _References(base)
    reading.read(expression.ast, base)
    return reading


class _References:
    """Collects the paths of one expression. A context of None is a foreign node: in a list."""

    def __init__(self, base: Reference) -> None:
        self._base = base
        self.found: set[Reference] = set()
        self.single: set[Reference] = set()
        self.compared: list[Comparison] = []
        self._gathered = 0  # functions of node-sets and predicates around the place reached

    def read(self, node: Node, context: Reference | None) -> None:
        """Record what ``node`` reads when its context node is at ``context``."""
        if isinstance(node, Path):
            self._path(node, context)
            return
        if isinstance(node, Call):
            self._implicit(node, context)
        if isinstance(node, Filter):
            self._filter(node, context)
            return
        self._compare(node, context)
        gathers = isinstance(node, Call) and node.name in _OF_NODE_SETS
        self._gathered += gathers
        for child in children(node):
            self.read(child, context)
        self._gathered -= gathers

    def _filter(self, node: Filter, context: Reference | None) -> None:
        self._gathered += 1
        self.read(node.base, context)
        inner = self._place(node.base, context)
        for predicate in node.predicates:
            self.read(predicate, inner)
        self._gathered -= 1

    def _compare(self, node: Node, context: Reference | None) -> None:
        match node:
            case Operation(left, (("=" | "!=", right),)) | Call("selected", (left, right)):
                for path, text in ((left, right), (right, left)):
                    if isinstance(path, Path) and isinstance(text, Literal):
                        place = self._place(path, context)
                        if place is not None:
                            self.compared.append(Comparison(place, text.value))

    def _implicit(self, call: Call, context: Reference | None) -> None:
        """Functions that read a node no path names."""
        reads_self = not call.arguments and call.name in _OF_CONTEXT_NODE
        if context is not None and (reads_self or call.name == "once"):
            self.found.add(context)
        if call.name == "current" and not call.arguments:
            self.found.add(self._base)
        if call.name == "jr:choice-name" and isinstance(call.arguments[1], Literal):
            question = call.arguments[1].value.strip()
            if question.startswith("/"):
                self.found.add(tuple(_local(part) for part in question[1:].split("/")))

    def _path(self, path: Path, context: Reference | None) -> None:
        place = self._start(path.start, context)
        if path.start is not None and not self._is_named_start(path.start):
            self.read(path.start, context)
        exact = True
        for step in path.steps:
            if place is not None and exact:
                place, exact = _advance(place, step)
            # A filter on answers chooses among them; one on a list reads our answers as a whole.
            self._gathered += place is not None
            for predicate in step.predicates:
                self.read(predicate, place if exact else None)
                if place is not None and not exact:
                    self._anything_below(place, predicate)
            self._gathered -= place is not None
        if place is not None and (path.steps or path.start is None):
            self.found.add(place if exact else (*place, ANYTHING))
            plain = path.start is None or self._is_named_start(path.start)
            chosen = any(step.predicates for step in path.steps)
            if exact and plain and not chosen and not self._gathered:
                self.single.add(place)

    def _anything_below(self, place: Reference, predicate: Node) -> None:
        """Relative paths from an unknown node below ``place`` read something below it."""
        if any(isinstance(node, Path) and node.start is None for node in walk(predicate)):
            self.found.add((*place, ANYTHING))

    def _start(self, start: Node | None, context: Reference | None) -> Reference | None:
        if start is None:
            return context
        return self._place(start, context)

    def _place(self, node: Node, context: Reference | None) -> Reference | None:
        """Where a start stands, if it is one place of the primary instance."""
        match node:
            case Root():
                return ()
            case Call("current", ()):
                return self._base
            case Filter(base, _):
                return self._place(base, context)
            case Path(start, steps):
                place = self._start(start, context)
                exact = True
                for step in steps:
                    if place is None or not exact:
                        return None
                    place, exact = _advance(place, step)
                return place if exact else None
            case _:
                return None

    @staticmethod
    def _is_named_start(start: Node) -> bool:
        return isinstance(start, Root) or (
            isinstance(start, Call) and start.name == "current" and not start.arguments
        )


_OF_CONTEXT_NODE = frozenset({"number", "string", "string-length", "normalize-space"})
_OF_NODE_SETS = frozenset(
    {
        *("area", "checklist", "concat", "count", "count-non-empty", "distance", "enclosed-area"),
        *("geofence", "indexed-repeat", "join", "max", "min", "position", "randomize", "sum"),
        "weighted-checklist",
    }
)


def _advance(place: Reference, step: Step) -> tuple[Reference, bool]:
    """The place after a step; False when the step leads to several or unknown places."""
    match step:
        case Step("self", KindTest("node")):
            return place, True
        case Step("parent", KindTest("node")):
            return place[:-1], True
        case Step("child", NameTest(_, local)) if local != ANYTHING:
            return (*place, local), True
        case Step("attribute", NameTest(_, local)) if local != ANYTHING:
            return (*place, "@" + local), True
        case Step("attribute"):
            return place, True
        case Step("child" | "descendant" | "descendant-or-self"):
            return place, False
        case _:
            return (), False


def _local(name: str) -> str:
    return name.rpartition(":")[2]


# ---------------------------------------------------------------- usages
@dataclass(frozen=True, slots=True)
class Usage:
    """One thing worth a linter's look.

    kind:
      "function"     a call: ``name`` is the function, ``arguments`` the literal text or number
                     of each argument, None where it is computed.
      "condition"    a bare path used as a truth value (operand of and/or, condition of if(),
                     argument of not() or boolean(), predicate, or the whole expression);
                     ``name`` is the path.
      "date-text"    a quoted date ordered or added without date(): NaN here and in Collect,
                     a date in Web Forms; ``name`` is the text.
      "unportable"   evaluated here, refused or ignored by ODK Collect; ``name`` says what:
                     "union", "filter", "axis", "node-test", "any-name", "numeric-predicate",
                     "namespace-uri", or a function written ``name()``.
    position: zero-based character of the source where it stands.
    """

    kind: OneOf["function", "condition", "date-text", "unportable"]
    name: str
    position: int
    arguments: tuple[str | float | None, ...] = ()


def usages(expression: Expression) -> list[Usage]:
    """Every usage in ``expression``, in the order of the source."""
    found = list(_conditions(expression.ast, in_doubt=True))
    for node in walk(expression.ast):
        found += _usages_of(node)
    return sorted(found, key=lambda usage: usage.position)


def _usages_of(node: Node) -> Iterator[Usage]:
    match node:
        case Call(name, arguments, position):
            values = tuple(_constant(argument) for argument in arguments)
            yield Usage("function", name, position, values)
            if not _is_portable(node):
                yield Usage("unportable", f"{name}()", position)
        case Filter(position=position):
            yield Usage("unportable", "filter", position)
        case Operation(first, rest, position):
            if rest[0][0] == "|":
                yield Usage("unportable", "union", position)
            if rest[0][0] in ("<", "<=", ">", ">=", "+", "-"):
                yield from _date_texts([first, *(operand for _, operand in rest)])
        case Path(start, steps, position):
            if start is not None and not _is_collect_start(start):
                yield Usage("unportable", "filter", position)
            for step in steps:
                yield from _step_usages(step, position)


def _constant(node: Node) -> str | float | None:
    match node:
        case Literal(value) | Number(value):
            return value
        case Negation(Number(value)):
            return -value
        case _:
            return None


def _is_portable(call: Call) -> bool:
    function = FUNCTIONS[call.name]
    if not function.portable(len(call.arguments)):
        return False
    if call.name in ("area", "enclosed-area"):
        return isinstance(call.arguments[0], Path)
    return call.name != "geofence" or isinstance(call.arguments[1], Path)


def _is_collect_start(start: Node) -> bool:
    return isinstance(start, Root) or (
        isinstance(start, Call) and start.name in ("current", "instance")
    )


def _step_usages(step: Step, position: int) -> Iterator[Usage]:
    place = max(step.position, position)
    match step.test:
        case KindTest():
            if step.test != ANY_NODE or step.axis not in ("self", "parent"):
                axis_fault = step.axis not in ("child", "self", "parent", "attribute")
                yield Usage("unportable", "axis" if axis_fault else "node-test", place)
        case NameTest(_, local):
            if step.axis not in ("child", "attribute"):
                yield Usage("unportable", "axis", place)
            elif local == ANYTHING:
                yield Usage("unportable", "any-name", place)
    for predicate in step.predicates:
        if _is_numeric(predicate):
            yield Usage("unportable", "numeric-predicate", predicate.position)


_NUMERIC_FUNCTIONS = frozenset({"count", "int", "last", "number", "position", "round", "sum"})


def _is_numeric(node: Node) -> bool:
    """Surely a number: a predicate that XPath reads as a place, and ODK Collect ignores."""
    match node:
        case Number() | Negation():
            return True
        case Call(name):
            return name in _NUMERIC_FUNCTIONS
        case Operation(_, rest):
            return rest[0][0] in ("+", "-", "*", "div", "mod")
        case _:
            return False


_DATE_TEXT = re.compile(r"\d{4}-\d\d?-\d\d?(T.*)?", re.ASCII)


def _date_texts(operands: list[Node]) -> Iterator[Usage]:
    for operand in operands:
        if isinstance(operand, Literal) and _DATE_TEXT.fullmatch(operand.value.strip()):
            yield Usage("date-text", operand.value, operand.position)


def _conditions(node: Node, *, in_doubt: bool) -> Iterator[Usage]:
    """Bare paths where a truth value is wanted; ``in_doubt``: ``node`` itself stands there."""
    if isinstance(node, Path) and in_doubt:
        yield Usage("condition", to_source(node), node.position)
    match node:
        case Operation(first, rest):
            logical = rest[0][0] in ("and", "or")
            for operand in (first, *(operand for _, operand in rest)):
                yield from _conditions(operand, in_doubt=logical)
        case Call(name, arguments):
            for place, argument in enumerate(arguments):
                wanted = name in ("not", "boolean") or (name == "if" and place == 0)
                yield from _conditions(argument, in_doubt=wanted)
        case Path(start, steps):
            if start is not None:
                yield from _conditions(start, in_doubt=False)
            for step in steps:
                for predicate in step.predicates:
                    yield from _conditions(predicate, in_doubt=True)
        case Filter(base, predicates):
            yield from _conditions(base, in_doubt=False)
            for predicate in predicates:
                yield from _conditions(predicate, in_doubt=True)
        case Negation(operand):
            yield from _conditions(operand, in_doubt=False)
        case Number() | Literal() | Root():
            return
