"""The ODK/OpenRosa flavour of XPath 1.0 over lxml trees (see README.md beside this file)."""

from restanque.engine.forms.xpath.analysis import (
    Comparison,
    Usage,
    comparisons,
    references,
    single_references,
    usages,
)
from restanque.engine.forms.xpath.context import Context, Environment
from restanque.engine.forms.xpath.dates import XDate
from restanque.engine.forms.xpath.errors import XPathError
from restanque.engine.forms.xpath.expression import Expression, compile_expression
from restanque.engine.forms.xpath.nodes import Attribute, Document, Node, Text, string_value
from restanque.engine.forms.xpath.regex import compile_pattern
from restanque.engine.forms.xpath.values import Value, to_boolean, to_number, to_string

__all__ = [
    "Attribute",
    "Comparison",
    "Context",
    "Document",
    "Environment",
    "Expression",
    "Node",
    "Text",
    "Usage",
    "Value",
    "XDate",
    "XPathError",
    "comparisons",
    "compile_expression",
    "compile_pattern",
    "references",
    "single_references",
    "string_value",
    "to_boolean",
    "to_number",
    "to_string",
    "usages",
]
