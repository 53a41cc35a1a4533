"""The list page: one class a list, everything else follows from its declaration."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View

from restanque.kit import slots
from restanque.kit.lists.export import FORMATS, export_table
from restanque.kit.lists.filters import FilterSet
from restanque.kit.lists.table import Table
from restanque.kit.text import format_date, plural, record_number

FRAGMENT = "kit/list.html#list"
# Parameters that are not part of what a saved view keeps.
_PASSING = ("page", "export")


@dataclass(frozen=True, slots=True)
class Empty:
    """What a list says when there is nothing yet, and the next step. `url` may be a view name."""

    title: str
    text: str = ""
    url: str = ""
    label: str = ""

    @property
    def href(self) -> str:
        """The address of the next step."""
        return resolve_url(self.url) if self.url else ""


@dataclass(frozen=True, slots=True)
class Action:
    """A link in the page's header; at most one is primary."""

    label: str
    url: str
    primary: bool = False
    icon: str = ""


@dataclass(frozen=True, slots=True)
class BulkAction:
    """What may be done to the chosen rows. A dangerous one redirects to a page that confirms."""

    code: str
    label: str
    danger: bool = False


class ListView(View):
    """A list: search, filters, sort, pages, columns, exports and bulk actions.

    Subclasses scope `get_queryset` to what the request's user may see; the URL wraps
    `as_view()` with the room's rule.
    """

    title: str = ""
    lede: str = ""
    noun: tuple[str, str] = ("ligne", "lignes")
    table_class: ClassVar[type[Table]]
    filterset_class: ClassVar[type[FilterSet]]
    export_name: str = "liste"
    source: str = ""
    empty: Empty = Empty("Rien à montrer pour le moment")
    paginate_by: int = 50
    template_name: str = "kit/list.html"
    fictitious: bool = False

    # What rooms define or refine --------------------------------------------------------------

    def get_queryset(self) -> QuerySet[Any]:
        """The rows this request may see: scoped to the workspace by the room."""
        raise NotImplementedError(f"{type(self).__name__} must scope its queryset.")

    def get_title(self) -> str:
        """The page's title: a question, or what the list is."""
        return self.title

    def get_lede(self) -> str:
        """One or two sentences that answer."""
        return self.lede

    def get_trail(self) -> Sequence[tuple[str, str]]:
        """Breadcrumb: (label, url) from the top, this page left out."""
        return ()

    def get_actions(self) -> Sequence[Action]:
        """Links of the header."""
        return ()

    def get_empty(self) -> Empty:
        """What to say when there is nothing at all."""
        return self.empty

    def is_fictitious(self) -> bool:
        """True when the rows are invented: page and exports then say so."""
        return self.fictitious

    def get_bulk_actions(self) -> Sequence[BulkAction]:
        """What this user may do to several rows at once; anything else is refused."""
        return ()

    def run_bulk(self, code: str, rows: QuerySet[Any]) -> str | HttpResponseBase:
        """Do it, through a service; return the sentence to show, or a response."""
        raise NotImplementedError(f"{type(self).__name__} offers {code} but does not run it.")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Context of the template; call super and add."""
        return extra

    # What the page is made of -----------------------------------------------------------------

    @cached_property
    def filterset(self) -> FilterSet:
        """The filters, bound to the query string."""
        return self.filterset_class(
            data=self.request.GET or None, queryset=self.get_queryset(), request=self.request
        )

    def get_rows(self) -> QuerySet[Any]:
        """The filtered rows; none when a filter is not understood (its error is shown)."""
        filterset = self.filterset
        if filterset.is_bound and not filterset.is_valid():
            return self.get_queryset().none()
        rows: QuerySet[Any] = filterset.qs
        return rows

    def get_table(self) -> Table:
        """The table of all the filtered rows, sorted, with the chosen columns."""
        table = self.table_class(data=self.get_rows(), request=self.request)
        if sort := self.request.GET.getlist("sort"):
            table.order_by = sort
        table.order_steadily()
        table.show_only(self.request.GET.getlist("cols"))
        table.selectable = bool(self.get_bulk_actions())
        return table

    @property
    def list_name(self) -> str:
        """Name of the list for saved views: that of its URL."""
        match = self.request.resolver_match
        return match.view_name if match else self.export_name

    @property
    def query_string(self) -> str:
        """What a saved view keeps: filters, sort and columns."""
        query = self.request.GET.copy()
        for name in _PASSING:
            query.pop(name, None)
        return _without_empty(query).urlencode()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, its fragment, or the export."""
        table = self.get_table()
        export = request.GET.get("export", "")
        if export in FORMATS:
            return self._export(table, export)
        self._paginate(table)
        context = self._page_context(table)
        htmx = getattr(request, "htmx", None)
        if htmx and not htmx.history_restore_request and htmx.target == "list":
            return render(request, FRAGMENT, context)
        return render(request, self.template_name, self.get_context_data(**context))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A bulk action on the ticked rows, or on all the filtered ones."""
        allowed = {action.code for action in self.get_bulk_actions()}
        code = request.POST.get("action", "")
        if code not in allowed:
            raise PermissionDenied
        rows = self.get_rows()
        if "everything" not in request.POST:
            rows = rows.filter(pk__in=_known_keys(rows, request.POST.getlist("selected")))
        here = HttpResponseRedirect(request.get_full_path())
        if not rows.exists():
            messages.warning(request, "Cochez d’abord les lignes concernées.")
            return here
        done = self.run_bulk(code, rows)
        if isinstance(done, HttpResponseBase):
            return done
        messages.success(request, done)
        return here

    # Inner workings ------------------------------------------------------------------------------

    def _paginate(self, table: Table) -> None:
        table.paginate(paginator_class=Paginator, per_page=self.paginate_by)
        # A page that no longer exists shows the nearest one instead of an error.
        table.page = table.paginator.get_page(self.request.GET.get("page"))

    def _page_context(self, table: Table) -> dict[str, Any]:
        shown = table.paginator.count
        narrowed = self.filterset.active
        total = self.get_queryset().count() if narrowed else shown
        return {
            "view": self,
            "title": self.get_title(),
            "lede": self.get_lede(),
            "trail": self.get_trail(),
            "actions": self.get_actions(),
            "fictitious": self.is_fictitious(),
            "filterset": self.filterset,
            "table": table,
            "elided_pages": list(
                table.paginator.get_elided_page_range(table.page.number, on_each_side=1, on_ends=1)
            ),
            "columns": self._offered_columns(table),
            "sort": ",".join(table.order_by or ()),
            "count": plural(shown, *self.noun),
            "total": plural(total, *self.noun) if narrowed and total != shown else "",
            "nothing_yet": total == 0,
            "empty": self.get_empty(),
            "bulk_actions": self.get_bulk_actions(),
            "views_panels": slots.panels("list.views", self.request, self),
        }

    def _offered_columns(self, table: Table) -> list[tuple[str, str, bool, bool]]:
        """(name, title, shown, usual) of the columns one may hide; none when few are left."""
        offered = [
            (
                column.name,
                str(column.header),
                column.visible,
                column.name not in table.hidden_by_default,
            )
            for column in table.columns.iterall()
            if column.name != table.row_header and str(column.header).strip()
        ]
        return offered if len(offered) > 2 else []

    def _export(self, table: Table, file_format: str) -> HttpResponse:
        notes = [
            ("Liste", self.get_title()),
            ("Exporté le", format_date(timezone.localdate())),
            ("Lignes", plural(len(table.rows), *self.noun)),
            *self._filter_words(),
        ]
        if self.source:
            notes.append(("Source", self.source))
        return export_table(
            table,
            name=self.export_name,
            title=self.get_title(),
            notes=notes,
            file_format=file_format,
            fictitious=self.is_fictitious(),
        )

    def _filter_words(self) -> list[tuple[str, str]]:
        """The filters in force, in words, so that an export says what it holds."""
        form = self.filterset.form
        if not self.filterset.is_bound:
            return []
        words = []
        for bound in form:
            value = form.cleaned_data.get(bound.name) if form.is_valid() else None
            if value in (None, "", []):
                continue
            choices = dict(getattr(bound.field, "choices", None) or ())
            words.append((f"Filtre : {bound.label}", str(choices.get(value, value))))
        return words


def _known_keys(rows: QuerySet[Any], raw: Sequence[str]) -> list[Any]:
    """The primary keys that can be read; a forged one is left out."""
    keys = []
    for text in raw:
        try:
            key = rows.model._meta.pk.to_python(text)
        except ValidationError:
            continue
        if not isinstance(key, int) or record_number(text) is not None:
            keys.append(key)
    return keys


def _without_empty(query: QueryDict) -> QueryDict:
    """The same query without its empty parameters."""
    kept = query.copy()
    for name in list(kept):
        values = [value for value in kept.getlist(name) if value]
        if values:
            kept.setlist(name, values)
        else:
            del kept[name]
    return kept
