"""The thirteen axes and the node tests, for any node: the general way through a tree.

``paths.py`` has faster ways for what forms are made of (child steps by name).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from lxml import etree

from restanque.engine.forms.xpath.ast import KindTest, NameTest, Step
from restanque.engine.forms.xpath.nodes import (
    Attribute,
    Document,
    Namespace,
    Node,
    Text,
    parent_of,
)

Test: TypeAlias = Callable[[Node], bool]
Axis: TypeAlias = Callable[[Node], Iterator[Node]]

#: Axes whose nodes come nearest first: position() counts backwards from the context node.
REVERSE = frozenset({"ancestor", "ancestor-or-self", "preceding", "preceding-sibling"})
_XMLNS = "http://www.w3.org/XML/1998/namespace"


# ---------------------------------------------------------------- children with their texts
def _child(node: Node) -> Iterator[Node]:
    if isinstance(node, Document):
        yield from reversed(list(node.root.itersiblings(preceding=True)))
        yield node.root
        yield from node.root.itersiblings()
    elif isinstance(node, etree._Element) and isinstance(node.tag, str):
        if node.text:
            yield Text(node, node.text, tail=False)
        for child in node:
            yield child
            if child.tail:
                yield Text(child, child.tail, tail=True)


def _descendant(node: Node) -> Iterator[Node]:
    pending = [_child(node)]
    while pending:
        child = next(pending[-1], None)
        if child is None:
            pending.pop()
            continue
        yield child
        pending.append(_child(child))


def _descendant_or_self(node: Node) -> Iterator[Node]:
    yield node
    yield from _descendant(node)


def _self(node: Node) -> Iterator[Node]:
    yield node


def _parent(node: Node) -> Iterator[Node]:
    parent = parent_of(node)
    if parent is not None:
        yield parent


def _ancestor(node: Node) -> Iterator[Node]:
    parent = parent_of(node)
    while parent is not None:
        yield parent
        parent = parent_of(parent)


def _ancestor_or_self(node: Node) -> Iterator[Node]:
    yield node
    yield from _ancestor(node)


def _attribute(node: Node) -> Iterator[Node]:
    if isinstance(node, etree._Element) and isinstance(node.tag, str):
        for name, value in node.attrib.items():
            yield Attribute(node, str(name), str(value))


def _siblings(node: Node) -> tuple[list[Node], int]:
    parent = None if isinstance(node, Attribute) else parent_of(node)
    if parent is None:
        return [node], 0
    family = list(_child(parent))
    return family, family.index(node)


def _following_sibling(node: Node) -> Iterator[Node]:
    family, place = _siblings(node)
    yield from family[place + 1 :]


def _preceding_sibling(node: Node) -> Iterator[Node]:
    family, place = _siblings(node)
    yield from reversed(family[:place])


def _following(node: Node) -> Iterator[Node]:
    if isinstance(node, Attribute):
        yield from _descendant(node.parent)
        node = node.parent
    for at in _ancestor_or_self(node):
        for sibling in _following_sibling(at):
            yield from _descendant_or_self(sibling)


def _preceding(node: Node) -> Iterator[Node]:
    if isinstance(node, Attribute):
        node = node.parent
    for at in _ancestor_or_self(node):
        for sibling in _preceding_sibling(at):
            yield from reversed(list(_descendant_or_self(sibling)))


def _namespace(node: Node) -> Iterator[Node]:
    if isinstance(node, etree._Element) and isinstance(node.tag, str):
        scope = {
            prefix or "": uri
            for prefix, uri in sorted(node.nsmap.items(), key=lambda item: item[0] or "")
        }
        scope["xml"] = _XMLNS
        for prefix, uri in scope.items():
            yield Namespace(node, prefix, uri)


AXES: dict[str, Axis] = {
    "ancestor": _ancestor,
    "ancestor-or-self": _ancestor_or_self,
    "attribute": _attribute,
    "child": _child,
    "descendant": _descendant,
    "descendant-or-self": _descendant_or_self,
    "following": _following,
    "following-sibling": _following_sibling,
    "namespace": _namespace,
    "parent": _parent,
    "preceding": _preceding,
    "preceding-sibling": _preceding_sibling,
    "self": _self,
}


# ---------------------------------------------------------------- node tests
def node_test(step: Step, namespace: str | None) -> Test:
    """Does a node pass the test of ``step``? ``namespace`` is the URI of the test's prefix.

    As in ODK, a name without prefix matches whatever the default namespace; an attribute
    without prefix has no namespace.
    """
    match step.test:
        case KindTest(kind, target):
            return _kind_test(kind, target)
        case NameTest(prefix, local):
            principal = Attribute if step.axis in ("attribute", "namespace") else etree._Element
            return _name_test(principal, prefix is not None, namespace, local)


def _kind_test(kind: str, target: str | None) -> Test:
    if kind == "text":
        return lambda node: isinstance(node, Text)
    if kind == "comment":
        return lambda node: isinstance(node, etree._Comment)
    if kind == "processing-instruction":
        return lambda node: (
            isinstance(node, etree._ProcessingInstruction)
            and (target is None or node.target == target)
        )
    return lambda node: True


def _name_test(
    principal: type[Attribute] | type[etree._Element],
    prefixed: bool,
    namespace: str | None,
    local: str,
) -> Test:
    def test(node: Node) -> bool:
        if not isinstance(node, principal):
            return False
        name = node.name if isinstance(node, Attribute) else node.tag
        if not isinstance(name, str):  # a comment or a processing instruction
            return False
        uri, _, own = name[1:].rpartition("}") if name.startswith("{") else ("", "", name)
        if local not in ("*", own):
            return False
        if prefixed:
            return uri == namespace
        return local == "*" or principal is not Attribute or not uri

    return test
