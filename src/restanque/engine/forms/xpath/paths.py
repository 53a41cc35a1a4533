"""Location paths compiled to closures: fast ways for child steps by name, a general way for all.

Two rules are ODK's own, not XPath's. An absolute path resolves in the primary instance from
anywhere. And, as in JavaRosa, an absolute path without predicate, read from inside a repeat,
stays in the repeat instance it is read from: from ``/data/rep[2]/x``, ``/data/rep/y`` is the
``y`` of the second instance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from lxml import etree

from restanque.engine.forms.xpath.ast import (
    Call,
    KindTest,
    NameTest,
    Number,
    Path,
    Root,
    Step,
)
from restanque.engine.forms.xpath.ast import Node as Ast
from restanque.engine.forms.xpath.axes import AXES, REVERSE, node_test
from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.errors import XPathError
from restanque.engine.forms.xpath.evaluation import Evaluator, spend
from restanque.engine.forms.xpath.lists import Lookup, find_lookup
from restanque.engine.forms.xpath.nodes import (
    Attribute,
    Document,
    Node,
    in_document_order,
    root_element,
)
from restanque.engine.forms.xpath.values import nodes_of, to_boolean

ANYTHING = "*"
Walk: TypeAlias = Callable[[list[Node], Context], list[Node]]
Compile: TypeAlias = Callable[[Ast], Evaluator]


def compile_path(path: Path, compile_node: Compile, namespaces: Mapping[str, str]) -> Evaluator:
    """The evaluator of a path; ``compile_node`` compiles what stands inside it."""
    if isinstance(path.start, Root):
        return _absolute(path, compile_node, namespaces)
    walk = _walk(path.steps, compile_node, namespaces)
    if path.start is None:
        return _relative(path, walk)
    start = compile_node(path.start)

    def from_start(context: Context) -> list[Node]:
        return walk(nodes_of(start(context), "/"), context)

    if _may_be_primary(path.start):
        return _shown_only(from_start)
    lookup = find_lookup(path, compile_node)
    if lookup is None:
        return from_start
    return _looked_up(path, lookup, start, from_start, compile_node, namespaces)


def _looked_up(
    path: Path,
    lookup: Lookup,
    start: Evaluator,
    from_start: Callable[[Context], list[Node]],
    compile_node: Compile,
    namespaces: Mapping[str, str],
) -> Evaluator:
    """A path into a list whose first filter is a lookup; the long way if it cannot be."""
    top, row, *rest = path.steps
    tag = _tag(top, namespaces)
    keeps = [_predicate(predicate, compile_node) for predicate in row.predicates[1:]]
    walk = _walk(tuple(rest), compile_node, namespaces) if rest else None

    def evaluate(context: Context) -> list[Node]:
        (document,) = nodes_of(start(context), "/")
        if not isinstance(document, Document) or document == context.environment.primary:
            return from_start(context)
        rows = lookup.rows(document, context)
        if rows is None:
            return from_start(context)
        if not _has_tag(document.root, tag):
            return []
        for keep in keeps:
            rows = keep(rows, context)
        return rows if walk is None else walk(rows, context)

    return evaluate


def _relative(path: Path, walk: Walk) -> Evaluator:
    match path.steps:
        case (Step("self", KindTest("node"), ()),):
            return lambda context: [context.node]
    return _shown_only(lambda context: walk([context.node], context))


def _may_be_primary(start: Ast) -> bool:
    return not (isinstance(start, Call) and start.name == "instance")


def _shown_only(evaluate: Callable[[Context], list[Node]]) -> Evaluator:
    """Leave out the nodes that are not relevant."""

    def shown(context: Context) -> list[Node]:
        nodes = evaluate(context)
        hidden = context.environment.hidden
        if hidden and nodes:
            return [node for node in nodes if node not in hidden]
        return nodes

    return shown


# ---------------------------------------------------------------- absolute paths
def _absolute(path: Path, compile_node: Compile, namespaces: Mapping[str, str]) -> Evaluator:
    names = []
    for step in path.steps:
        if not _is_plain_child(step):
            break
        names.append(_tag(step, namespaces))
    rest = path.steps[len(names) :]
    walk = _walk(rest, compile_node, namespaces) if rest else None
    if not names:
        return _shown_only(_from_root(walk))
    first, *below = names

    def evaluate(context: Context) -> list[Node]:
        primary = context.environment.primary
        root = root_element(context.node) if primary is None else primary.root
        if not _has_tag(root, first):
            return []
        nodes: list[etree._Element] = [root]
        for tag in below:
            if len(nodes) == 1:
                nodes = list(nodes[0].iterchildren(tag))
                if len(nodes) > 1 and primary is not None:
                    nodes = _own_instance(nodes, context)
            else:
                nodes = [child for node in nodes for child in node.iterchildren(tag)]
        found: list[Node] = list(nodes)
        return found if walk is None else walk(found, context)

    return _shown_only(evaluate)


def _from_root(walk: Walk | None) -> Callable[[Context], list[Node]]:
    def evaluate(context: Context) -> list[Node]:
        primary = context.environment.primary
        document = Document(root_element(context.node)) if primary is None else primary
        return [document] if walk is None else walk([document], context)

    return evaluate


def _own_instance(nodes: list[etree._Element], context: Context) -> list[etree._Element]:
    """Of the instances of a repeat, the one the expression is read from, if it is."""
    for start in (context.node, context.current):
        near = start.parent if isinstance(start, Attribute) else start
        at = near if isinstance(near, etree._Element) else None
        while at is not None:
            if at.tag == nodes[0].tag and at in nodes:
                return [at]
            at = at.getparent()
    return nodes


def _is_plain_child(step: Step) -> bool:
    return (
        step.axis == "child"
        and isinstance(step.test, NameTest)
        and step.test.local != ANYTHING
        and not step.predicates
    )


def _tag(step: Step, namespaces: Mapping[str, str]) -> str:
    """The lxml pattern of a name test; without prefix, any namespace will do."""
    uri = _namespace(step, namespaces)
    local = step.test.local if isinstance(step.test, NameTest) else ANYTHING
    return "{*}" + local if uri is None else f"{{{uri}}}{local}"


def _has_tag(element: etree._Element, tag: str) -> bool:
    if tag.startswith("{*}"):
        return str(element.tag).rpartition("}")[2] == tag[3:]
    return element.tag == tag


def _namespace(step: Step, namespaces: Mapping[str, str]) -> str | None:
    if isinstance(step.test, KindTest) or step.test.prefix is None:
        return None
    uri = namespaces.get(step.test.prefix)
    if uri is None:
        raise XPathError(
            f"Le préfixe « {step.test.prefix}: » n’est pas déclaré.", position=step.position
        )
    return uri


# ---------------------------------------------------------------- steps
def _walk(steps: tuple[Step, ...], compile_node: Compile, namespaces: Mapping[str, str]) -> Walk:
    walks = [_step(step, compile_node, namespaces) for step in steps]
    if len(walks) == 1:
        return walks[0]

    def walk(nodes: list[Node], context: Context) -> list[Node]:
        for advance in walks:
            if not nodes:
                break
            nodes = advance(nodes, context)
        return nodes

    return walk


def _step(step: Step, compile_node: Compile, namespaces: Mapping[str, str]) -> Walk:
    predicates = [_predicate(predicate, compile_node) for predicate in step.predicates]
    if step.axis == "child" and isinstance(step.test, NameTest) and step.test.local != ANYTHING:
        return _child_step(_tag(step, namespaces), predicates)
    if step.axis == "parent" and isinstance(step.test, KindTest) and not predicates:
        return _parent_step()
    return _general_step(step, predicates, namespaces)


def _child_step(tag: str, predicates: list[Walk]) -> Walk:
    def walk(nodes: list[Node], context: Context) -> list[Node]:
        found: list[Node] = []
        for node in nodes:
            children: list[Node]
            if isinstance(node, etree._Element):
                children = list(node.iterchildren(tag))
            elif isinstance(node, Document) and _has_tag(node.root, tag):
                children = [node.root]
            else:
                continue
            for keep in predicates:
                children = keep(children, context)
            if len(nodes) == 1:
                return children
            found += children
        return found

    return walk


def _parent_step() -> Walk:
    general = AXES["parent"]

    def walk(nodes: list[Node], context: Context) -> list[Node]:
        if len(nodes) == 1:
            node = nodes[0]
            if isinstance(node, etree._Element):
                parent = node.getparent()
                if parent is not None:
                    return [parent]
            return list(general(node))
        return list(dict.fromkeys(above for node in nodes for above in general(node)))

    return walk


def _general_step(step: Step, predicates: list[Walk], namespaces: Mapping[str, str]) -> Walk:
    axis = AXES[step.axis]
    test = node_test(step, _namespace(step, namespaces))
    reverse = step.axis in REVERSE

    def walk(nodes: list[Node], context: Context) -> list[Node]:
        found: list[Node] = []
        for node in nodes:
            seen = list(axis(node))
            spend(context, len(seen))
            reached = [candidate for candidate in seen if test(candidate)]
            for keep in predicates:
                reached = keep(reached, context)
            found += reversed(reached) if reverse else reached
        return in_document_order(found) if len(nodes) > 1 else found

    return walk


# ---------------------------------------------------------------- predicates
def _predicate(predicate: Ast, compile_node: Compile) -> Walk:
    if isinstance(predicate, Number):
        return _by_position(predicate.value)
    condition = compile_node(predicate)

    def keep(nodes: list[Node], context: Context) -> list[Node]:
        spend(context, len(nodes))
        if not nodes:
            return nodes
        environment = context.environment
        # One context serves for all candidates: nothing keeps it.
        inner = Context(nodes[0], environment, 1, len(nodes), context.current)
        inner.origin = context.origin or context
        kept: list[Node] = []
        for position, node in enumerate(nodes, 1):
            inner.node = node
            inner.position = position
            value = condition(inner)
            if isinstance(value, float):
                if value == position:
                    kept.append(node)
            # A path between brackets asks whether the node exists, as XPath has it.
            elif bool(value) if isinstance(value, list) else to_boolean(value):
                kept.append(node)
        return kept

    return keep


def _by_position(number: float) -> Walk:
    if number != number or number != int(number) or number < 1:
        return lambda nodes, context: []
    place = int(number)
    return lambda nodes, context: nodes[place - 1 : place]


def compile_filter(
    base: Evaluator, predicates: tuple[Ast, ...], compile_node: Compile
) -> Evaluator:
    """Predicates on a whole node-set."""
    keeps = [_predicate(predicate, compile_node) for predicate in predicates]

    def evaluate(context: Context) -> list[Node]:
        nodes = nodes_of(base(context), "[…]")
        for keep in keeps:
            nodes = keep(nodes, context)
        return nodes

    return evaluate
