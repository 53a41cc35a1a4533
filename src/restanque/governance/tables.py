"""Lists of the room."""

from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from restanque.governance.models import Body, Deliberation, Sitting
from restanque.governance.nomenclature import BodyKind, SittingState
from restanque.governance.reading import SittingReading, scan
from restanque.kit import lists
from restanque.kit.text import format_date


class BodyFilter(lists.FilterSet):
    """By words and kind."""

    q = lists.SearchFilter(fields=["name_key"])
    kind = lists.ChoiceFilter(label="Nature", choices=BodyKind.choices)

    class Meta:
        model = Body
        fields = ["q", "kind"]


class BodyTable(lists.Table):
    """One line a body: its members in office."""

    name = lists.Column(
        verbose_name="Instance",
        order_by="name_key",
        linkify=lambda record: record.get_absolute_url(),
    )
    kind = lists.Column(verbose_name="Nature")
    territory = lists.Column(
        verbose_name="Territoire", accessor="territory__name", order_by="territory__name"
    )
    deliberates = lists.BooleanColumn(verbose_name="Délibère")
    in_office = lists.NumberColumn(verbose_name="Membres en exercice")
    seats = lists.NumberColumn(verbose_name="Sièges statutaires")
    active = lists.BooleanColumn(verbose_name="En fonction")

    class Meta:
        model = Body
        fields = ["name", "kind", "territory", "deliberates", "in_office", "seats", "active"]
        row_header = "name"
        order_by = "name"


class SittingFilter(lists.FilterSet):
    """By words, body's kind and state."""

    q = lists.SearchFilter(fields=["body__name_key", "place"])
    kind = lists.ChoiceFilter(field_name="body__kind", label="Nature", choices=BodyKind.choices)
    state = lists.ChoiceFilter(label="État", choices=SittingState.choices)

    class Meta:
        model = Sitting
        fields = ["q", "kind", "state"]


def read_today(record: Sitting) -> SittingReading:
    """The reading of a row, made once for all its columns."""
    found: SittingReading | None = record.__dict__.get("read_today")
    if found is None:
        found = record.__dict__["read_today"] = scan(record, timezone.localdate())
    return found


class SittingTable(lists.Table):
    """One line a sitting: when, and is it validly convened."""

    starts_at = lists.Column(
        verbose_name="Séance",
        order_by="starts_at",
        linkify=lambda record: record.get_absolute_url(),
    )
    body = lists.Column(verbose_name="Instance", accessor="body__name", order_by="body__name_key")
    place = lists.Column(verbose_name="Lieu")
    items_count = lists.NumberColumn(verbose_name="Points")
    convocation = lists.Column(verbose_name="Convocation", empty_values=(), orderable=False)
    last_dispatch = lists.Column(
        verbose_name="Dernier jour d’envoi", empty_values=(), orderable=False
    )
    state = lists.BadgeColumn(
        verbose_name="État", kinds={"planned": "cours", "held": "fait", "cancelled": "attente"}
    )

    class Meta:
        model = Sitting
        fields = [
            "starts_at", "body", "place", "items_count", "convocation", "last_dispatch", "state",
        ]  # fmt: skip
        row_header = "starts_at"
        hidden_by_default = ["place"]
        order_by = "-starts_at"

    def render_starts_at(self, record: Sitting) -> str:
        """« 17 déc. 2026, 18:30 »."""
        return f"{format_date(record.day)}, {timezone.localtime(record.starts_at):%H:%M}"

    def value_starts_at(self, record: Sitting) -> date:
        """The day."""
        return record.day

    def render_convocation(self, record: Sitting) -> SafeString:
        """A badge."""
        found = read_today(record).convocation.verdict
        context = {"kind": found.badge, "label": found.label}
        return render_to_string("kit/badge_cell.html", context)

    def value_convocation(self, record: Sitting) -> str:
        """The words."""
        return read_today(record).convocation.verdict.label

    def render_last_dispatch(self, record: Sitting) -> str:
        """The day, or none by law."""
        day = read_today(record).convocation.last_dispatch
        return format_date(day) if day else "sans délai légal"

    def value_last_dispatch(self, record: Sitting) -> date | None:
        """The day."""
        return read_today(record).convocation.last_dispatch


class ActFilter(lists.FilterSet):
    """By words, body and year."""

    q = lists.SearchFilter(fields=["title_key"])
    year = lists.ChoiceFilter(label="Année", choices=[], method="by_year")
    body = lists.ChoiceFilter(label="Instance", choices=[], method="by_body")
    state = lists.ChoiceFilter(
        label="État",
        choices=[
            ("transmit", "À transmettre"),
            ("publish", "À publier"),
            ("executory", "Exécutoires"),
        ],
        method="by_state",
    )

    class Meta:
        model = Deliberation
        fields = ["q", "year", "body", "state"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: Any = self.queryset
        years = sorted(set(rows.values_list("year", flat=True).order_by()), reverse=True)
        bodies = rows.values_list("body_id", "body__name").order_by("body__name_key", "body_id")
        self.filters["year"].extra["choices"] = [(str(one), str(one)) for one in years]
        self.filters["body"].extra["choices"] = [
            (str(pk), name) for pk, name in dict.fromkeys(bodies)
        ]

    def by_year(self, queryset: Any, name: str, value: str) -> Any:
        """Acts of that year."""
        return queryset.filter(year=value)

    def by_body(self, queryset: Any, name: str, value: str) -> Any:
        """Acts of that body."""
        return queryset.filter(body=value)

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        """What is left to do."""
        if value == "transmit":
            return queryset.filter(transmitted_on__isnull=True)
        if value == "publish":
            return queryset.filter(published_on__isnull=True)
        return queryset.filter(transmitted_on__isnull=False, published_on__isnull=False)


class ActTable(lists.Table):
    """The register: one line an act."""

    number = lists.Column(
        verbose_name="Numéro",
        order_by=("year", "body__name_key", "sequence"),
        linkify=lambda record: record.get_absolute_url(),
    )
    title = lists.Column(verbose_name="Objet", order_by="title_key")
    body = lists.Column(verbose_name="Instance", accessor="body__name", order_by="body__name_key")
    voted_on = lists.DateColumn(verbose_name="Votée le")
    transmitted_on = lists.DateColumn(verbose_name="Transmise le")
    published_on = lists.DateColumn(verbose_name="Publiée le")
    executory_on = lists.Column(verbose_name="Exécutoire le", orderable=False)

    class Meta:
        model = Deliberation
        fields = [
            "number", "title", "body", "voted_on", "transmitted_on", "published_on", "executory_on",
        ]  # fmt: skip
        row_header = "number"
        order_by = "-voted_on"

    def render_executory_on(self, record: Deliberation) -> str:
        """The day."""
        return format_date(record.executory_on)

    def value_executory_on(self, record: Deliberation) -> date | None:
        """The day."""
        return record.executory_on
