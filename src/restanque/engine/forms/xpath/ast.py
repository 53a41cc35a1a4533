"""The syntax tree of an expression: immutable, comparable, printable back to source.

Operators of one precedence level that follow one another stand in a single ``Operation``
(``a + b - c`` is one node), so that long sums and long lists of ``or`` stay flat. Positions are
zero-based characters in the source and take no part in comparisons.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

#: Operators from the loosest to the tightest; union stands apart, tighter than unary minus.
LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",),
    ("and",),
    ("=", "!="),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "div", "mod"),
)
PRECEDENCE: dict[str, int] = {name: i for i, names in enumerate(LEVELS) for name in names}
UNION_PRECEDENCE = len(LEVELS) + 1


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric literal."""

    value: float
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """A quoted text."""

    value: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Root:
    """The leading ``/`` of an absolute path."""

    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """Binary operators of one precedence level, read from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Negation:
    """Unary minus."""

    operand: Node
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function call."""

    name: str
    arguments: tuple[Node, ...]
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """Predicates on something other than a step: ``(a | b)[1]``."""

    base: Node
    predicates: tuple[Node, ...]
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class NameTest:
    """``name``, ``prefix:name``, ``prefix:*`` or ``*``."""

    prefix: str | None
    local: str


@dataclass(frozen=True, slots=True)
class KindTest:
    """``node()``, ``text()``, ``comment()`` or ``processing-instruction('target')``."""

    kind: str
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path."""

    axis: str
    test: NameTest | KindTest
    predicates: tuple[Node, ...] = ()
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from a start: None is the context node."""

    start: Node | None
    steps: tuple[Step, ...]
    position: int = field(default=0, compare=False)


Node: TypeAlias = Number | Literal | Root | Operation | Negation | Call | Filter | Path

ANY_NODE = KindTest("node")
SELF = Step("self", ANY_NODE)
PARENT = Step("parent", ANY_NODE)
ANYWHERE_BELOW = Step("descendant-or-self", ANY_NODE)


def children(node: Node) -> Iterator[Node]:
    """The expressions directly inside ``node``, predicates included, in source order."""
    match node:
        case Operation(first, rest):
            yield first
            for _, operand in rest:
                yield operand
        case Negation(operand):
            yield operand
        case Call(_, arguments):
            yield from arguments
        case Filter(base, predicates):
            yield base
            yield from predicates
        case Path(start, steps):
            if start is not None:
                yield start
            for step in steps:
                yield from step.predicates
        case Number() | Literal() | Root():
            return


def walk(node: Node) -> Iterator[Node]:
    """``node`` and every expression below it, outermost first."""
    pending = [node]
    while pending:
        at = pending.pop()
        yield at
        pending.extend(reversed(list(children(at))))


def to_source(node: Node) -> str:
    """An expression that parses back to the same tree."""
    match node:
        case Number(value):
            return _number(value)
        case Literal(value):
            return f'"{value}"' if "'" in value else f"'{value}'"
        case Root():
            return "/"
        case Operation(first, rest):
            level = _precedence(node)
            parts = [_operand(first, level, strict=True)]
            for operator, operand in rest:
                parts += [operator, _operand(operand, level, strict=True)]
            return " ".join(parts)
        case Negation(operand):
            return "-" + _operand(operand, len(LEVELS), strict=False)
        case Call(name, arguments):
            return f"{name}({', '.join(map(to_source, arguments))})"
        case Filter(base, predicates):
            return _base(base) + _predicates(predicates)
        case Path(start, steps):
            return _path(start, steps)


def _number(value: float) -> str:
    if value == float("inf"):  # a literal too long for a float
        return "1" + "0" * 309
    text = repr(value)
    return format(value, ".400f").rstrip("0").rstrip(".") if "e" in text else text


def _precedence(node: Node) -> int:
    match node:
        case Operation(_, rest):
            return UNION_PRECEDENCE if rest[0][0] == "|" else PRECEDENCE[rest[0][0]]
        case Negation():
            return len(LEVELS)
        case Path(Root(), ()):  # "/ or 1" would read as a path to a child named "or"
            return -1
        case _:
            return UNION_PRECEDENCE + 1


def _operand(node: Node, level: int, *, strict: bool) -> str:
    inner = _precedence(node)
    text = to_source(node)
    return f"({text})" if inner < level or (strict and inner == level) else text


def _base(node: Node) -> str:
    return to_source(node) if isinstance(node, (Number, Literal, Call)) else f"({to_source(node)})"


def _predicates(predicates: tuple[Node, ...]) -> str:
    return "".join(f"[{to_source(predicate)}]" for predicate in predicates)


def _path(start: Node | None, steps: tuple[Step, ...]) -> str:
    written = "/".join(map(_step, steps))
    if start is None:
        return written
    if isinstance(start, Root):
        return "/" + written
    base = to_source(start) if isinstance(start, (Filter, Call)) else _base(start)
    return f"{base}/{written}" if steps else base


def _step(step: Step) -> str:
    if not step.predicates:
        if step.test == ANY_NODE and step.axis == "self":
            return "."
        if step.test == ANY_NODE and step.axis == "parent":
            return ".."
    match step.test:
        case KindTest(kind, target):
            test = f"{kind}({'' if target is None else to_source(Literal(target))})"
        case NameTest(prefix, local):
            test = local if prefix is None else f"{prefix}:{local}"
    axis = {"child": "", "attribute": "@"}.get(step.axis, step.axis + "::")
    return axis + test + _predicates(step.predicates)
