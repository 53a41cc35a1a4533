"""Shapes shared by the compiler's parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.errors import XPathError
from restanque.engine.forms.xpath.values import Value

Evaluator: TypeAlias = Callable[[Context], Value]

#: Nodes that one evaluation may examine in predicates and on the slow axes: about a second.
MAX_EXAMINED = 500_000


def spend(context: Context, nodes: int) -> None:
    """Count examined nodes against the evaluation's budget. Raises XPathError beyond it."""
    origin = context.origin or context
    origin.examined += nodes
    if origin.examined > MAX_EXAMINED:
        raise XPathError(
            "L’expression examine trop de réponses : simplifiez ses filtres entre crochets."
        )
