"""Evaluating a form's expressions on one answer, where a broken expression never stops people.

An expression may fail at run time (a pattern that takes too long, a list that is not there). The
respondent must not pay for it: the question stays visible, the calculation stays empty, the
constraint passes, and the fault is kept in `troubles` for the author.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from datetime import datetime, tzinfo
from random import Random

from lxml import etree

from restanque.engine.forms.model import Form
from restanque.engine.forms.tree import Tree
from restanque.engine.forms.values import coerce
from restanque.engine.forms.xpath import (
    Attribute,
    Context,
    Document,
    Environment,
    Expression,
    Node,
    Value,
    XPathError,
    to_boolean,
    to_string,
)

REGEX_SECONDS = 0.2
MAX_TROUBLES = 50


class Evaluator:
    """`hidden` is the live set of irrelevant nodes, which no path selects."""

    def __init__(
        self,
        form: Form,
        tree: Tree,
        hidden: Set[Node],
        *,
        now: datetime,
        timezone: tzinfo,
        seed: int,
        parameters: Mapping[str, str],
        itext: Callable[[str], str],
        choice_label: Callable[[Context, str, str], str],
    ) -> None:
        self.form = form
        self.tree = tree
        self.seed = seed
        self.troubles: list[str] = []
        self._random = Random(seed)  # noqa: S311  (choice order, not a secret)
        self.environment = Environment(
            now=now,
            timezone=timezone,
            primary=Document(tree.root),
            instances=form.instances,
            itext=itext,
            choice_label=choice_label,
            random=self._random,
            regex_timeout=REGEX_SECONDS,
            hidden=hidden,
            data_type=self._data_type,
            properties=parameters,
        )

    def _data_type(self, node: Node) -> str | None:
        steps = self.tree.steps.get(node) if isinstance(node, etree._Element) else None
        bind = self.form.rules.get(steps) if steps is not None else None
        return bind.type if bind is not None else None

    def value(self, expression: Expression, node: Node, current: Node | None = None) -> Value:
        """Raises XPathError. Draws are the same each time for a given seed and node."""
        if "random" in expression.source or "uuid" in expression.source:
            place = self._place(current if current is not None else node)
            self._random.seed(f"{self.seed}/{place}/{expression.source}")
        return expression.evaluate(Context(node, self.environment, current=current))

    def _place(self, node: Node) -> str:
        if isinstance(node, Attribute):
            return f"{self._place(node.parent)}/@{etree.QName(node.name).localname}"
        return self.tree.path.get(node, "") if isinstance(node, etree._Element) else ""

    def boolean(self, expression: Expression, node: Node, *, fallback: bool) -> bool:
        try:
            return to_boolean(self.value(expression, node), self.environment)
        except XPathError as error:
            self.note(expression, node, error)
            return fallback

    def text(
        self, expression: Expression, node: Node, current: Node | None = None, fallback: str = ""
    ) -> str:
        try:
            return to_string(self.value(expression, node, current), self.environment)
        except XPathError as error:
            self.note(expression, node, error)
            return fallback

    def stored(self, expression: Expression, node: Node, type_: str) -> str:
        """The value as a node of this type keeps it (a true/false answer is written 1/0)."""
        try:
            value = self.value(expression, node)
            return coerce(type_, value, to_string(value, self.environment))
        except XPathError as error:
            self.note(expression, node, error)
            return ""

    def note(self, expression: Expression, node: Node, error: XPathError) -> None:
        place = self._place(node)
        line = f"{place} : {error.message} Expression : {expression.source.strip()}"
        if line not in self.troubles and len(self.troubles) < MAX_TROUBLES:
            self.troubles.append(line)
