"""The door of the package: from source text to a compiled, immutable expression."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from restanque.engine.forms.xpath.ast import Node as Ast
from restanque.engine.forms.xpath.compiler import Compiler
from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.errors import XPathError
from restanque.engine.forms.xpath.evaluation import Evaluator
from restanque.engine.forms.xpath.parser import parse
from restanque.engine.forms.xpath.values import Value

#: Prefixes known without declaration.
NAMESPACES: Mapping[str, str] = {
    "h": "http://www.w3.org/1999/xhtml",
    "jr": "http://openrosa.org/javarosa",
    "odk": "http://www.opendatakit.org/xforms",
    "orx": "http://openrosa.org/xforms",
    "xf": "http://www.w3.org/2002/xforms",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
#: Sources longer than this are compiled anew each time: the memory of past work stays small.
_MAX_REMEMBERED = 2_000


class Expression:
    """A compiled expression. It holds no state: any number of threads may evaluate it."""

    __slots__ = ("_evaluator", "ast", "source")

    source: str
    ast: Ast
    _evaluator: Evaluator

    def __init__(self, source: str, ast: Ast, evaluator: Evaluator) -> None:
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "ast", ast)
        object.__setattr__(self, "_evaluator", evaluator)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("an Expression is immutable")

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"

    def evaluate(self, context: Context) -> Value:
        """The value of the expression at ``context``. Raises XPathError, in French."""
        try:
            return self._evaluator(context)
        except XPathError as fault:
            if fault.source is None:
                fault.source = self.source
            raise
        except RecursionError:
            raise XPathError("L’expression est trop imbriquée.", source=self.source) from None


def compile_expression(source: str, *, namespaces: Mapping[str, str] | None = None) -> Expression:
    """Compile ``source``. ``namespaces`` adds prefixes to those of ``NAMESPACES``.

    Raises XPathError on a fault of syntax, an unknown function, a wrong number of arguments,
    an undeclared prefix, or a source too long or too deep.
    """
    added = tuple(sorted(namespaces.items())) if namespaces else ()
    if len(source) > _MAX_REMEMBERED:
        return _compile(source, added)
    return _remembered(source, added)


def _compile(source: str, added: tuple[tuple[str, str], ...]) -> Expression:
    try:
        ast = parse(source)
        return Expression(source, ast, Compiler({**NAMESPACES, **dict(added)}).compile(ast))
    except XPathError as fault:
        if fault.source is None:
            fault.source = source
        raise
    except RecursionError:
        raise XPathError("L’expression est trop imbriquée.", source=source) from None


_remembered = functools.lru_cache(maxsize=4096)(_compile)
