"""Lists, declared once: a FilterSet, a Table and a ListView give search, filters, sort, pages,
columns, exports, bulk actions, the HTMX fragment and the empty state. See kit/README.md.
"""

from restanque.kit.lists.columns import (
    BadgeColumn,
    BooleanColumn,
    Column,
    DateColumn,
    DateTimeColumn,
    NumberColumn,
    PercentColumn,
)
from restanque.kit.lists.filters import BooleanFilter, ChoiceFilter, FilterSet, SearchFilter
from restanque.kit.lists.table import Table
from restanque.kit.lists.views import Action, BulkAction, Empty, ListView

__all__ = [
    "Action",
    "BadgeColumn",
    "BooleanColumn",
    "BooleanFilter",
    "BulkAction",
    "ChoiceFilter",
    "Column",
    "DateColumn",
    "DateTimeColumn",
    "Empty",
    "FilterSet",
    "ListView",
    "NumberColumn",
    "PercentColumn",
    "SearchFilter",
    "Table",
]
