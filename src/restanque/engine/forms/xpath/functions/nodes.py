"""Questions, repeats and their places."""

from __future__ import annotations

from lxml import etree

from restanque.engine.forms.xpath.ast import Call, Path, Root
from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.errors import XPathError
from restanque.engine.forms.xpath.evaluation import Evaluator
from restanque.engine.forms.xpath.functions.registry import eager, lazy
from restanque.engine.forms.xpath.nodes import (
    Attribute,
    Document,
    Node,
    Text,
    parent_of,
    string_value,
)
from restanque.engine.forms.xpath.values import Value, inner_text, nodes_of, to_number


@eager("count", 1, 1)
def _count(context: Context, value: Value) -> Value:
    return float(len(nodes_of(value, "count()")))


@eager("count-non-empty", 1, 1)
def _count_non_empty(context: Context, value: Value) -> Value:
    return float(sum(1 for node in nodes_of(value, "count-non-empty()") if string_value(node)))


@eager("last", 0, 0, collect=None)
def _last(context: Context) -> Value:
    return float(context.size)


@eager("current", 0, 0)
def _current(context: Context) -> Value:
    return [context.current]


@eager("position", 0, 1)
def _position(context: Context, value: Value | None = None) -> Value:
    """The place of the context node in its list; or of a node among its namesakes, 0 if none."""
    if value is None:
        return float(context.position)
    nodes = nodes_of(value, "position()")
    if not nodes:
        return 0.0
    node = nodes[0]
    if not isinstance(node, etree._Element) or not isinstance(node.tag, str):
        return 1.0
    return float(1 + sum(1 for _ in node.itersiblings(node.tag, preceding=True)))


@lazy("indexed-repeat", 3, 11)
def _indexed_repeat(call: Call, arguments: list[Evaluator]) -> Evaluator:
    """``indexed-repeat(question, repeat, index, inner repeat, index…)``: the question in one
    instance of its repeat, all of them if that instance has several; repeats in any order. An
    index below 1, or that is not a number, is the first."""
    if len(arguments) % 2 == 0:
        raise XPathError(
            "« indexed-repeat() » attend une question, puis une répétition et un numéro "
            "(3, 5, 7, 9 ou 11 arguments).",
            position=call.position,
        )
    targets = _unscoped(call, 0, arguments)
    levels = [
        (_unscoped(call, place, arguments), arguments[place + 1])
        for place in range(1, len(arguments), 2)
    ]

    def evaluate(context: Context) -> Value:
        scope = _scope(levels, context)
        if scope is None:
            return []
        found = nodes_of(targets(context), "indexed-repeat()")
        return [target for target in found if _is_inside(target, scope)]

    return evaluate


def _scope(levels: list[tuple[Evaluator, Evaluator]], context: Context) -> Node | None:
    """The instance of the innermost repeat that the indexes lead to."""
    scope: Node | None = None
    series = [(nodes_of(repeat(context), "indexed-repeat()"), index) for repeat, index in levels]
    # Outer repeats first, whatever the order in which they were written.
    for instances, number in sorted(series, key=lambda level: _depth(level[0])):
        if scope is not None:
            instances = [instance for instance in instances if _is_inside(instance, scope)]
        scope = _instance(instances, to_number(number(context), context.environment))
        if scope is None:
            return None
    return scope


def _depth(nodes: list[Node]) -> int:
    depth, at = 0, nodes[0] if nodes else None
    while at is not None:
        depth, at = depth + 1, parent_of(at)
    return depth


def _unscoped(call: Call, place: int, arguments: list[Evaluator]) -> Evaluator:
    """Evaluate an absolute path over all the instances of a repeat, not only the current one."""
    evaluate = arguments[place]
    argument = call.arguments[place]
    if not (isinstance(argument, Path) and isinstance(argument.start, Root)):
        return evaluate

    def everywhere(context: Context) -> Value:
        primary = context.environment.primary
        if primary is None:
            return evaluate(context)
        return evaluate(Context(primary, context.environment))

    return everywhere


def _instance(repeats: list[Node], index: float) -> Node | None:
    """The instance of that number; instances of one repeat are siblings."""
    if not repeats:
        return None
    siblings = [repeat for repeat in repeats if parent_of(repeat) == parent_of(repeats[0])]
    place = int(min(max(index, 1.0), 1e9)) if index == index else 1
    return siblings[place - 1] if place <= len(siblings) else None


def _is_inside(node: Node, ancestor: Node) -> bool:
    at = parent_of(node)
    while at is not None:
        if at is ancestor:
            return True
        at = parent_of(at)
    return False


def _subject(context: Context, value: Value | None, function: str) -> Node | None:
    if value is None:
        return context.node
    return next(iter(nodes_of(value, function)), None)


def _expanded_name(node: Node | None) -> tuple[str, str]:
    """Namespace URI and local name, empty for what has none."""
    if isinstance(node, Attribute):
        name = node.name
    elif isinstance(node, etree._ProcessingInstruction):
        return "", str(node.target or "")
    elif node is None or isinstance(node, (Document, Text)) or not isinstance(node.tag, str):
        return "", ""
    else:
        name = node.tag
    uri, _, local = name[1:].rpartition("}") if name.startswith("{") else ("", "", name)
    return uri, local


@eager("name", 0, 1, collect=None)
def _name(context: Context, value: Value | None = None) -> Value:
    node = _subject(context, value, "name()")
    uri, local = _expanded_name(node)
    prefix = (
        _attribute_prefix(node, uri)
        if isinstance(node, Attribute)
        else (node.prefix if isinstance(node, etree._Element) else None)
    )
    return f"{prefix}:{local}" if prefix and local else local


def _attribute_prefix(attribute: Attribute, uri: str) -> str | None:
    prefixes = {value: prefix for prefix, value in attribute.parent.nsmap.items()}
    return prefixes.get(uri)


@eager("local-name", 0, 1, collect=None)
def _local_name(context: Context, value: Value | None = None) -> Value:
    return _expanded_name(_subject(context, value, "local-name()"))[1]


@eager("namespace-uri", 0, 1, collect=None)
def _namespace_uri(context: Context, value: Value | None = None) -> Value:
    return _expanded_name(_subject(context, value, "namespace-uri()"))[0]


@eager("lang", 1, 1, collect=None)
def _lang(context: Context, value: Value) -> Value:
    """Is the node in that language, by the nearest ``xml:lang``?"""
    wanted = inner_text(value).lower()
    at: Node | None = context.node
    while at is not None:
        if isinstance(at, etree._Element):
            found = at.get("{http://www.w3.org/XML/1998/namespace}lang")
            if found is not None:
                return found.lower() == wanted or found.lower().startswith(wanted + "-")
        at = parent_of(at)
    return False


@eager("id", 1, 1, collect=None)
def _id(context: Context, value: Value) -> Value:
    """The elements whose ``id`` attribute is among the space-separated values."""
    texts = (
        [string_value(node) for node in value] if isinstance(value, list) else [inner_text(value)]
    )
    wanted = {name for text in texts for name in text.split()}
    at: Node = context.node
    while (above := parent_of(at)) is not None:
        at = above
    root = at.root if isinstance(at, Document) else at
    if not isinstance(root, etree._Element):
        return []
    return [node for node in root.iter("*") if node.get("id") in wanted]
