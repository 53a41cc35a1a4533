"""In which order nodes must be computed, and the circles that make it impossible.

A node depends on its parent (relevance is inherited) and on every node that its relevance and its
calculation read. The order is found once per form: at each request everything is recomputed in
it, so that one pass is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from restanque.engine.forms.model import Bind, Steps
from restanque.engine.forms.xpath import Expression, references


@dataclass(frozen=True, slots=True)
class Order:
    """`order`: every path, each after what it depends on. `cycles`: paths that wait for one
    another, first repeated at the end. `unknown`: (path, rule, path that exists nowhere)."""

    order: tuple[Steps, ...]
    cycles: tuple[tuple[Steps, ...], ...]
    unknown: tuple[tuple[Steps, str, Steps], ...]


ORDERING_RULES = ("relevant", "calculate")
RULES = ("relevant", "calculate", "required", "readonly", "constraint")


def find_order(paths: Sequence[Steps], rules: Mapping[Steps, Bind]) -> Order:
    """`paths` in document order."""
    known = dict.fromkeys(paths)
    dependencies: dict[Steps, list[Steps]] = {}
    cycles: list[tuple[Steps, ...]] = []
    unknown: list[tuple[Steps, str, Steps]] = []
    for path in paths:
        needed: dict[Steps, None] = {}
        if len(path) > 1:
            needed[path[:-1]] = None
        bind = rules.get(path)
        for rule in RULES if bind is not None else ():
            expression: Expression | None = getattr(bind, rule)
            if expression is None:
                continue
            for read in sorted(references(expression, path)):
                targets = expand(read, paths, known)
                if not targets:
                    unknown.append((path, rule, read))
                if rule in ORDERING_RULES:
                    needed.update(dict.fromkeys(targets))
                    if circle := _own_circle(path, rule, targets, expression):
                        cycles.append(circle)
        dependencies[path] = [other for other in needed if not is_within(other, path)]
    order, circles = _sorted(paths, dependencies)
    return Order(order, tuple(dict.fromkeys([*cycles, *circles])), tuple(unknown))


def collect_circles(paths: Sequence[Steps], rules: Mapping[Steps, Bind]) -> list[tuple[Steps, ...]]:
    """The circles for which JavaRosa refuses a form, though each rule could be computed.

    It counts what `required` and `readonly` read too, and any reading of oneself; a relevance is
    inherited by everything inside. Observed on JavaRosa 4 (the jar of pyxform 4.5).
    """
    known = dict.fromkeys(paths)
    dependencies: dict[Steps, list[Steps]] = {path: [] for path in paths}
    for path, bind in rules.items():
        for rule in ("relevant", "calculate", "required", "readonly"):
            expression: Expression | None = getattr(bind, rule)
            if expression is None or path not in known:
                continue
            reads = [r for read in references(expression, path) for r in expand(read, paths, known)]
            if _reads_no_value_of_itself(expression):
                reads = [read for read in reads if read != path]
            inherits = rule == "relevant"
            for target in (p for p in paths if is_within(p, path)) if inherits else (path,):
                dependencies[target] += reads
    return _sorted(paths, dependencies)[1]


def expand(read: Steps, paths: Iterable[Steps], known: Mapping[Steps, None]) -> list[Steps]:
    """The paths that a reference means; one that ends with « * » means all below."""
    if read in known:
        return [read]
    if "*" in read:
        prefix = read[: read.index("*")]
        return [path for path in paths if len(path) > len(prefix) and is_within(path, prefix)]
    return []


def is_within(path: Steps, top: Steps) -> bool:
    """Is `path` the node `top` or below it?"""
    return path[: len(top)] == top


def _own_circle(
    path: Steps, rule: str, targets: Iterable[Steps], expression: Expression
) -> tuple[Steps, ...]:
    """A node whose relevance or calculation reads the node itself or something inside it.

    Reading the same question of another turn of a repeat (indexed-repeat, a predicate) is no
    circle: turns are computed one after the other.
    """
    source = expression.source
    other_turn = "indexed-repeat" in source or "[" in source
    allowed = other_turn or _reads_no_value_of_itself(expression)
    for target in targets:
        if target == path and not allowed:
            return (path, path)
        if target != path and is_within(target, path) and rule == "relevant":
            return (path, target, path)
    return ()


def _reads_no_value_of_itself(expression: Expression) -> bool:
    """once() is made to read its own node; position() asks where the node is, not its value."""
    source = "".join(expression.source.split())
    return any(call in source for call in ("once(", "position(current())", "position(.)"))


def _sorted(
    paths: Sequence[Steps], dependencies: Mapping[Steps, list[Steps]]
) -> tuple[tuple[Steps, ...], list[tuple[Steps, ...]]]:
    """Depth-first topological order, without recursion: a chain may be thousands of nodes long."""
    order: list[Steps] = []
    cycles: list[tuple[Steps, ...]] = []
    done: set[Steps] = set()
    for start in paths:
        if start in done:
            continue
        trail: dict[Steps, None] = {start: None}
        pending = [iter(dependencies[start])]
        while pending:
            following = next(pending[-1], None)
            if following is None:
                pending.pop()
                finished, _ = trail.popitem()
                done.add(finished)
                order.append(finished)
            elif following in trail:
                circle = list(trail)
                cycles.append((*circle[circle.index(following) :], following))
            elif following not in done:
                trail[following] = None
                pending.append(iter(dependencies[following]))
    return tuple(order), cycles
