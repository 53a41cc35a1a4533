"""Nodes of the XPath data model that lxml has no object for, and questions asked of any node.

Elements, comments and processing instructions are lxml's own. A document, an attribute and a
text node are small wrappers that compare by identity of the element they stand on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from lxml import etree


class Document:
    """The node above a root element.

    In an XForm it is the ``<instance>`` element that plays this part: ``/data`` is the root
    element of the primary instance, and ``instance('x')/root`` that of a secondary one.
    """

    __slots__ = ("_rows", "root")

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self._rows: dict[tuple[str, str], dict[str, list[etree._Element]]] = {}

    def rows_by(self, row: str, column: str) -> dict[str, list[etree._Element]]:
        """The children of the root named ``row`` ("*": all), by the text of their ``column``;
        those without it are under the empty text.

        Sorted once and kept: for lists, which do not change.
        """
        rows = self._rows.get((row, column))
        if rows is None:
            rows = {}
            for element in self.root.iterchildren("*" if row == "*" else "{*}" + row):
                cells = [string_value(cell) for cell in element.iterchildren("{*}" + column)]
                for text in dict.fromkeys(cells or [""]):
                    rows.setdefault(text, []).append(element)
            self._rows[row, column] = rows
        return rows

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and other.root is self.root

    def __hash__(self) -> int:
        return hash(self.root)


class Attribute:
    """An attribute of an element; ``name`` is in lxml's ``{uri}local`` notation."""

    __slots__ = ("name", "parent", "value")

    def __init__(self, parent: etree._Element, name: str, value: str) -> None:
        self.parent = parent
        self.name = name
        self.value = value

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Attribute)
            and type(other) is type(self)
            and other.parent is self.parent
            and other.name == self.name
        )

    def __hash__(self) -> int:
        return hash((self.parent, self.name))


class Namespace(Attribute):
    """A namespace in scope on an element: ``name`` is its prefix, ``value`` its URI."""

    __slots__ = ()


class Text:
    """A run of characters: the text of ``owner``, or its tail when ``tail`` is true."""

    __slots__ = ("owner", "tail", "value")

    def __init__(self, owner: etree._Element, value: str, *, tail: bool) -> None:
        self.owner = owner
        self.value = value
        self.tail = tail

    @property
    def parent(self) -> etree._Element | None:
        """The element that contains this text (None for text outside the root)."""
        return self.owner.getparent() if self.tail else self.owner

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and other.owner is self.owner and other.tail == self.tail

    def __hash__(self) -> int:
        return hash((self.owner, self.tail))


Node: TypeAlias = etree._Element | Document | Attribute | Text


def string_value(node: Node) -> str:
    """The XPath string-value: the text of a leaf, all the text below a branch."""
    if isinstance(node, (Attribute, Text)):
        return node.value
    if isinstance(node, Document):
        node = node.root
    if not len(node):
        return node.text or ""
    # itertext() would also give the text of comments and processing instructions.
    return str(etree.tostring(node, method="text", encoding="unicode", with_tail=False))


def parent_of(node: Node) -> Node | None:
    """The parent node; the Document above a root element; None above a Document."""
    if isinstance(node, Document):
        return None
    if isinstance(node, (Attribute, Text)):
        return node.parent
    above = node.getparent()
    return Document(node.getroottree().getroot()) if above is None else above


def root_element(node: Node) -> etree._Element:
    """The top element of the tree that holds ``node``."""
    if isinstance(node, Document):
        return node.root
    element = node.parent if isinstance(node, Attribute) else node
    if isinstance(element, Text):
        element = element.owner
    return element.getroottree().getroot()


def in_document_order(nodes: Iterable[Node]) -> list[Node]:
    """Distinct nodes, in document order."""
    distinct = list(dict.fromkeys(nodes))
    if len(distinct) < 2:
        return distinct
    known: dict[etree._Element, tuple[int, ...]] = {}
    return sorted(distinct, key=lambda node: _order_key(node, known))


def _order_key(node: Node, known: dict[etree._Element, tuple[int, ...]]) -> tuple[int, ...]:
    """Path of child indexes; namespaces, then attributes, stand before an element's children."""
    if isinstance(node, Document):
        return ()
    if isinstance(node, Namespace):
        return (*_element_key(node.parent, known), -1)
    if isinstance(node, Attribute):
        return (*_element_key(node.parent, known), 0, list(node.parent.attrib).index(node.name))
    if isinstance(node, Text):
        # Children are numbered 2i+2, so that the text before the first is 1, a tail 2i+3.
        if node.tail:
            key = _element_key(node.owner, known)
            return (*key[:-1], key[-1] + 1)
        return (*_element_key(node.owner, known), 1)
    return _element_key(node, known)


def _element_key(
    element: etree._Element, known: dict[etree._Element, tuple[int, ...]]
) -> tuple[int, ...]:
    pending: list[etree._Element] = []
    at: etree._Element | None = element
    while at is not None and at not in known:
        pending.append(at)
        at = at.getparent()
    key = () if at is None else known[at]
    for current in reversed(pending):
        above = current.getparent()
        if above is None:
            before = sum(1 for _ in current.itersiblings(preceding=True))
            key = (2 * before + 2,)
        else:
            key = (*key, 2 * above.index(current) + 2)
        known[current] = key
    return key
