"""Replays cases recorded from the XPath test-suite of ODK Web Forms.

A case gives a document, a context node as a path of child indexes (text nodes count), an
expression, the kind of result asked for, and the result expected.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from restanque.engine.forms.xpath import (
    Attribute,
    Context,
    Document,
    Environment,
    Node,
    Text,
    Value,
    XPathError,
    compile_expression,
    string_value,
    to_boolean,
    to_number,
    to_string,
)
from restanque.engine.forms.xpath.axes import AXES

Case = dict[str, Any]

#: The suite was recorded there.
_ZONE = ZoneInfo("America/Phoenix")
_PREFIXES = {"xhtml": "http://www.w3.org/1999/xhtml", "ns2": "http://asdf/"}
_XML = "http://www.w3.org/XML/1998/namespace"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def is_decidable(case: Case) -> bool:
    """Has the case an expression, a context and a result of the expression's own?

    The others recorded a fault of the recorder, or the DOM constant of the type asked for.
    """
    if "expr" not in case or case["type"] == "resultType":
        return False
    return not (isinstance(case["expected"], dict) and "__marker" in case["expected"])


def passes(case: Case) -> bool:
    """Does our engine give the expected result? A case marked as failing in its own suite
    passes when it fails."""
    return outcome(case) is not case["fails"]


def outcome(case: Case) -> bool:
    """Is the result the one written in the case?"""
    return _agrees(case, evaluate(case))


def evaluate(case: Case) -> Value | XPathError:
    """The value of the case's expression, or the error it raises."""
    root = etree.fromstring(case["xml"].strip().encode(), _PARSER)
    document = Document(root)
    context = _node_at(document, case["context"])
    environment = Environment(
        now=datetime.fromtimestamp(case["now"] / 1000, UTC),
        timezone=_ZONE,
        primary=_primary(document, case),
        instances=_instances(root) if case["xforms"] else {},
        itext=_itext(root, case["lang"]),
        random=Random(case["now"]),
        language="en",
    )
    namespaces = dict(_PREFIXES)
    for element in root.iter("*"):
        namespaces.update({prefix: uri for prefix, uri in element.nsmap.items() if prefix})
    try:
        expression = compile_expression(case["expr"], namespaces=namespaces)
        return expression.evaluate(Context(context, environment))
    except XPathError as error:
        return error


# ---------------------------------------------------------------- the document
def _children(node: Node) -> list[Node]:
    """As the DOM counts them: a document type is a child of the document."""
    children = list(AXES["child"](node))
    if isinstance(node, Document) and _has_doctype(node):
        return [Text(node.root, "", tail=True), *children]
    return children


def _has_doctype(document: Document) -> bool:
    return bool(document.root.getroottree().docinfo.internalDTD is not None)


def _node_at(document: Document, path: list[int | str]) -> Node:
    node: Node = document
    if path == ["detached"]:
        return Attribute(document.root, "detached", "")
    for index in path:
        if isinstance(index, str):
            assert isinstance(node, etree._Element)
            name = index[1:]
            return next(
                attribute
                for attribute in AXES["attribute"](node)
                if isinstance(attribute, Attribute) and _written(node, attribute.name) == name
            )
        node = _children(node)[index]
    return node


def _written(element: etree._Element, name: str) -> str:
    uri, _, local = name.rpartition("}")
    prefixes = {value: key for key, value in element.nsmap.items()} | {_XML: "xml"}
    return f"{prefixes[uri[1:]]}:{local}" if uri and uri[1:] in prefixes else local


def _primary(document: Document, case: Case) -> Document | None:
    if not case["root"]:
        return None
    root = _node_at(document, case["root"])
    assert isinstance(root, etree._Element)
    if etree.QName(root).localname == "instance":
        return Document(next(root.iterchildren("*")))
    return Document(root)


def _instances(root: etree._Element) -> dict[str, Document]:
    return {
        instance.get("id", ""): Document(next(instance.iterchildren("*")))
        for instance in root.iter("{*}instance")
        if instance.get("id") and len(instance)
    }


def _itext(root: etree._Element, language: str | None) -> Any:
    translations = list(root.iter("{*}translation"))
    chosen = next(
        (one for one in translations if language and one.get("lang") == language),
        next((one for one in translations if one.get("default") is not None), None),
    )
    if chosen is None:
        chosen = translations[0] if translations else None

    def text(name: str) -> str:
        if chosen is None:
            return ""
        for entry in chosen.iterchildren("{*}text"):
            if entry.get("id") == name:
                return entry.findtext("{*}value") or ""
        return ""

    return text


# ---------------------------------------------------------------- the expected result
def _agrees(case: Case, value: Value | XPathError) -> bool:
    expected, kind = case["expected"], case["type"]
    if isinstance(value, XPathError):
        return kind == "throws"
    match kind:
        case "boolean":
            return bool(to_boolean(value) is expected)
        case "number":
            return _same_number(to_number(value), expected)
        case "numberRounded":
            number = to_number(value) * case["factor"]
            return math.isfinite(number) and _same_number(
                math.floor(number + 0.5) / case["factor"], expected
            )
        case "string":
            return bool(to_string(value) == expected)
        case "stringLower":
            return bool(to_string(value).lower() == expected)
        case "stringLength":
            return bool(len(to_string(value)) == expected)
        case "stringMatches":
            return re.search(expected, to_string(value)) is not None
    return isinstance(value, list) and _same_nodes(kind, value, expected)


def _same_nodes(kind: str, nodes: list[Node], expected: Any) -> bool:
    paths = [_path_of(node) for node in nodes]
    match kind:
        case "nodeset":
            return bool(paths == expected)
        case "unordered":
            return bool(sorted(map(str, paths)) == sorted(map(str, expected)))
        case "node":
            return bool((paths[0] if paths else None) == (expected and expected["path"]))
        case "count":
            return bool(len(nodes) == expected)
        case "nodesetTextJoin":
            return bool("".join(map(string_value, nodes)) == expected)
    raise AssertionError(f"unknown kind of result: {kind}")


def _same_number(number: float, expected: Any) -> bool:
    if isinstance(expected, dict):
        special = expected["special"]
        if special == "NaN":
            return math.isnan(number)
        if special == "-0":
            return bool(number == 0)
        return number == float(special.replace("Infinity", "inf"))
    return bool(number == expected)


def _path_of(node: Node) -> list[int | str]:
    if isinstance(node, Document):
        return []
    parent = next(AXES["parent"](node))
    if isinstance(node, Attribute):
        return [*_path_of(parent), "@" + _written(node.parent, node.name)]
    return [*_path_of(parent), _children(parent).index(node)]
