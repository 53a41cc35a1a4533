"""What a form keeps beside the answers: secondary instances, translations, properties."""

from __future__ import annotations

from lxml import etree

from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.errors import XPathError
from restanque.engine.forms.xpath.functions.registry import eager
from restanque.engine.forms.xpath.nodes import Document
from restanque.engine.forms.xpath.values import Value, inner_text


@eager("instance", 1, 1)
def _instance(context: Context, name: Value) -> Value:
    return [_document(context, inner_text(name))]


def _document(context: Context, name: str) -> Document:
    document = context.environment.instances.get(name)
    if document is None:
        raise XPathError(f"La liste « {name} » n’existe pas dans le formulaire.")
    return document


@eager("pulldata", 4, 4)
def _pulldata(context: Context, name: Value, wanted: Value, key: Value, value: Value) -> Value:
    """The ``wanted`` column of the first row whose ``key`` column holds ``value``; a column is an
    attribute of the row when written ``@name``."""
    document, column = _document(context, inner_text(name)), inner_text(key)
    if column.startswith("@"):
        rows = [
            r for r in document.root.iterchildren("*") if r.get(column[1:]) == inner_text(value)
        ]
    else:
        rows = document.rows_by("*", column).get(inner_text(value), [])
    return _cell(rows[0], inner_text(wanted)) if rows else ""


def _cell(row: etree._Element, column: str) -> str:
    if column.startswith("@"):
        return row.get(column[1:]) or ""
    cell = next(row.iterchildren("{*}" + column), None)
    return (cell.text or "") if cell is not None else ""


@eager("jr:itext", 1, 1)
def _itext(context: Context, name: Value) -> Value:
    itext = context.environment.itext
    return "" if itext is None else itext(inner_text(name))


@eager("property", 1, 1)
def _property(context: Context, name: Value) -> Value:
    return context.environment.properties.get(inner_text(name), "")


@eager("version", 0, 0)
def _version(context: Context) -> Value:
    primary = context.environment.primary
    if primary is None:
        return ""
    root = primary.root
    return root.get("version") or root.get("{http://openrosa.org/xforms}version") or ""
