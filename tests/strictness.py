"""What every test refuses silently: undefined template variables, orders left to chance.

Installed once a session by `conftest.py`.
"""

import sys
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.signals import setting_changed
from django.db.models.expressions import OrderBy
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler
from django.template import engines
from django.template.base import FilterExpression, Node, Origin
from django.template.defaultfilters import default, default_if_none

# Filters by which an author says that the value may be absent.
FORESEEN = (default, default_if_none)
SOURCE = str(Path(__file__).parent.parent / "src" / "restanque")


class UndefinedVariableError(AssertionError):
    """A template of ours shows a variable that its context does not hold."""


class Undefined(str):
    """Stands for `string_if_invalid`: raises for our templates, is empty for other people's."""

    def __new__(cls) -> "Undefined":
        """Django formats it only when it holds a « %s »."""
        return super().__new__(cls, "%s")

    def __bool__(self) -> bool:
        """Django asks whether to stop there, or to go on with the expression's filters.

        It goes on where the author wrote `|default:…`, and in other people's templates.
        """
        expression = sys._getframe(1).f_locals.get("self")
        if not isinstance(expression, FilterExpression):
            return False
        return not any(filter_[0] in FORESEEN for filter_ in expression.filters) and is_ours()

    def __mod__(self, variable: Any) -> str:
        """Called by Django with the expression that could not be resolved."""
        return refuse(str(getattr(variable, "var", variable)))

    def __str__(self) -> str:
        """Reached when a method of the context refused to be called."""
        return refuse("a call")


def is_ours() -> bool:
    """Whether the template being rendered is one of ours."""
    origin = template_being_rendered()
    return origin is not None and origin.name.startswith(SOURCE)


def refuse(variable: str) -> str:
    """Raise, naming the variable and the template; "" when the template is not ours."""
    origin = template_being_rendered()
    if origin is None or not is_ours():
        return ""
    place = origin.name.removeprefix(f"{SOURCE}/")
    raise UndefinedVariableError(f"« {variable} » is undefined in {place}")


def template_being_rendered() -> Origin | None:
    """Where the innermost node being rendered was written."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            return node.origin
        frame = frame.f_back
    return None


def refuse_undefined_variables() -> None:
    """From now on, a template of ours that shows an undefined variable raises."""
    _arm_engine()
    setting_changed.connect(_arm_new_engine, dispatch_uid="strictness", weak=False)


def _arm_engine() -> None:
    engines["django"].engine.string_if_invalid = Undefined()  # type: ignore[attr-defined]


def _arm_new_engine(*, setting: str, **_: Any) -> None:
    # Django makes a new engine after these; its own receiver was connected before this one.
    if setting in {"TEMPLATES", "DEBUG", "INSTALLED_APPS"}:
        _arm_engine()


def shuffle_unordered_rows() -> None:
    """From now on, a query that asks for rows in no order gets them in a random one.

    Databases return rows as they please; SQLite's habit of the insertion order hides it.
    """
    asked = SQLCompiler.get_order_by

    def get_order_by(self: SQLCompiler) -> Any:
        order = asked(self)
        query = self.query
        if order or query.distinct or query.combinator or query.subquery or query.group_by:
            return order
        if query.annotation_select and any(
            one.contains_aggregate for one in query.annotation_select.values()
        ):
            return order
        expression = OrderBy(Random())
        resolved = expression.resolve_expression(query, allow_joins=True, reuse=None)
        return [(resolved, (*self.compile(resolved), False))]

    SQLCompiler.get_order_by = get_order_by  # type: ignore[method-assign]
