"""The one table of the lists: its headers sort, its rows have a header cell, its columns hide."""

from collections.abc import Iterable, Sequence
from typing import Any

import django_tables2
from django.db.models import F, QuerySet

from restanque.kit.text import UNKNOWN


class Table(django_tables2.Table):
    """A django-tables2 table with two more Meta options.

    - `row_header`: name of the column whose cell is the header of the row (default: the first);
    - `hidden_by_default`: names of columns offered in « Colonnes » but not shown at first.
    """

    # Set by the view when bulk actions are offered.
    selectable = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", UNKNOWN)
        super().__init__(*args, **kwargs)

    @property
    def row_header(self) -> str:
        """Name of the column that names the row."""
        declared = getattr(getattr(self, "Meta", None), "row_header", "")
        return declared or next(iter(self.columns)).name

    @property
    def hidden_by_default(self) -> Sequence[str]:
        """Columns not shown until somebody asks."""
        return tuple(getattr(getattr(self, "Meta", None), "hidden_by_default", ()))

    def show_only(self, names: Iterable[str]) -> None:
        """Show the asked columns; names that do not exist count for nothing."""
        wanted = [name for name in names if name in self.columns.names()]
        for column in list(self.columns.iterall()):
            shown = column.name in wanted if wanted else column.name not in self.hidden_by_default
            if column.name == self.row_header or shown:
                self.columns.show(column.name)
            else:
                self.columns.hide(column.name)

    def order_steadily(self) -> None:
        """Same order on every database: unknown values last, equal rows by primary key."""
        queryset: QuerySet[Any] = self.data.data
        terms = queryset.query.order_by or queryset.model._meta.ordering or ()
        steady = [_unknown_last(term) if isinstance(term, str) else term for term in terms]
        self.data.data = queryset.order_by(*steady, "pk")


def _unknown_last(term: str) -> Any:
    if term.startswith("-"):
        return F(term[1:]).desc(nulls_last=True)
    return F(term).asc(nulls_last=True)
