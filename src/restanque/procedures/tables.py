"""Lists of the room."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from restanque.kit import lists
from restanque.kit.text import format_date
from restanque.procedures.models import Procedure
from restanque.procedures.nomenclature import KINDS
from restanque.procedures.reading import Reading


class ProcedureFilter(lists.FilterSet):
    """By words, kind and state."""

    q = lists.SearchFilter(fields=["name_key", "territory__name"])
    kind = lists.ChoiceFilter(label="Nature", choices=list(KINDS.items()))
    state = lists.ChoiceFilter(label="État", choices=[("archived", "Archivées")], method="by_state")

    class Meta:
        model = Procedure
        fields = ["q", "kind", "state"]

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        """The view has already chosen between archived and running ones."""
        return queryset


def read_today(record: Procedure) -> Reading:
    """The reading of a row, made once for all its columns."""
    found: Reading | None = record.__dict__.get("read_today")
    if found is None:
        found = record.__dict__["read_today"] = Reading(record, timezone.localdate())
    return found


class ProcedureTable(lists.Table):
    """One line a procedure: where it stands, which date comes, how many risks."""

    name = lists.Column(
        verbose_name="Procédure",
        order_by="name_key",
        linkify=lambda record: record.get_absolute_url(),
    )
    territory = lists.Column(
        verbose_name="Territoire", accessor="territory__name", order_by="territory__name"
    )
    kind = lists.Column(verbose_name="Nature")
    prescribed_on = lists.DateColumn(verbose_name="Lancée le")
    status = lists.Column(verbose_name="État", empty_values=(), orderable=False)
    done = lists.Column(verbose_name="Dernière étape faite", empty_values=(), orderable=False)
    deadline = lists.Column(verbose_name="Prochaine échéance", empty_values=(), orderable=False)
    risks = lists.NumberColumn(verbose_name="Risques", empty_values=(), orderable=False)

    class Meta:
        model = Procedure
        fields = [
            "name", "territory", "kind", "prescribed_on", "status", "done", "deadline", "risks",
        ]  # fmt: skip
        row_header = "name"
        hidden_by_default = ["kind"]
        order_by = "name"

    def render_status(self, record: Procedure) -> SafeString:
        """A badge."""
        words, kind = read_today(record).status
        return render_to_string("kit/badge_cell.html", {"kind": kind, "label": words})

    def value_status(self, record: Procedure) -> str:
        """The words."""
        return read_today(record).status[0]

    def render_done(self, record: Procedure) -> str:
        """The last act done, with its day."""
        state = read_today(record).last_done
        return f"{state.step.label}, {format_date(state.done)}" if state else "aucune"

    value_done = render_done

    def render_deadline(self, record: Procedure) -> SafeString | str:
        """The next statutory date, its step and its article."""
        found = read_today(record).next_deadline
        if found is None:
            return "aucune"
        return format_html(
            "{}<br><span class='rq-2'>{}, {}</span>",
            format_date(found.day) + ("" if found.firm else " (si le plan est tenu)"),
            found.state.step.label,
            found.found.article,
        )

    def value_deadline(self, record: Procedure) -> str:
        """The same in one line."""
        found = read_today(record).next_deadline
        if found is None:
            return "aucune"
        sure = "" if found.firm else " (si le plan est tenu)"
        return f"{format_date(found.day)}{sure} : {found.state.step.label}, {found.found.article}"

    def render_risks(self, record: Procedure) -> int:
        """How many."""
        return len(read_today(record).timeline.risks)

    value_risks = render_risks
