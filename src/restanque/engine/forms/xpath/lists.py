"""A short cut for the question every cascade of choices asks of a list:
``instance('communes')/root/item[epci = /data/epci]``.

The rows of a list do not change, so they are sorted once by the text of a column, and the
lookup costs the same for ten rows and for the 35,000 communes of France.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from restanque.engine.forms.xpath.ast import Call, Literal, NameTest, Operation, Path, Root, Step
from restanque.engine.forms.xpath.ast import Node as Ast
from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.evaluation import Evaluator
from restanque.engine.forms.xpath.nodes import Document, Node, string_value
from restanque.engine.forms.xpath.values import Value


@dataclass(frozen=True, slots=True)
class Lookup:
    """Rows named ``row`` whose column ``column`` has the text that ``wanted`` evaluates to."""

    row: str
    column: str
    wanted: Evaluator

    def rows(self, document: Document, context: Context) -> list[Node] | None:
        """The rows, in order; None when what is wanted is not one text."""
        text = _single_text(self.wanted(context))
        if text is None:
            return None
        return list(document.rows_by(self.row, self.column).get(text, ()))


def _single_text(value: Value) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and len(value) < 2:
        return string_value(value[0]) if value else ""
    return None


def find_lookup(path: Path, compile_node: Callable[[Ast], Evaluator]) -> Lookup | None:
    """The lookup that the first two steps of ``path`` make, if they make one."""
    match path:
        case Path(
            Call("instance"),
            (
                Step("child", NameTest(None), ()),
                Step("child", NameTest(None, row), (Operation(left, (("=", right),)), *_)),
                *_,
            ),
        ):
            for column, wanted in ((left, right), (right, left)):
                name = _column(column)
                if row != "*" and name is not None and _is_ours(wanted):
                    return Lookup(row, name, compile_node(wanted))
    return None


def _column(node: Ast) -> str | None:
    match node:
        case Path(None, (Step("child", NameTest(None, local), ()),)) if local != "*":
            return local
        case _:
            return None


def _is_ours(node: Ast) -> bool:
    """Does it read the same thing whatever the row: a text, an answer?"""
    match node:
        case Literal():
            return True
        case Path(Root() | Call("current", ()), steps):
            return not any(step.predicates for step in steps)
        case _:
            return False
