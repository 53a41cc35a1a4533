"""Lists of the consultations: the bodies, the remarks."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from restanque.kit import lists
from restanque.kit.text import format_date, search_key
from restanque.procedures.consultations.nomenclature import Decision, Obligation, Sense
from restanque.procedures.consultations.reading import Row
from restanque.procedures.consultations.synthesis import carried_words, decision_words, reply_of
from restanque.procedures.models import Consultee, Remark

_SENT = [("oui", "Dossier envoyé"), ("non", "À envoyer")]
_ANSWERED = [("oui", "Avis reçu"), ("non", "Sans avis")]


class ConsulteeFilter(lists.FilterSet):
    """By words, obligation, dispatch, answer."""

    q = lists.SearchFilter(fields=["name_key"])
    obligation = lists.ChoiceFilter(label="Obligation", choices=Obligation.choices)
    sent = lists.ChoiceFilter(label="Envoi", choices=_SENT, method="by_dispatch")
    answered = lists.ChoiceFilter(label="Avis", choices=_ANSWERED, method="by_opinion")
    sense = lists.ChoiceFilter(label="Sens", choices=Sense.choices, field_name="opinion__sense")

    class Meta:
        model = Consultee
        fields = ["q", "obligation", "sent", "answered", "sense"]

    def by_dispatch(
        self, queryset: QuerySet[Consultee], name: str, value: str
    ) -> QuerySet[Consultee]:
        """A complete file left, or none did."""
        sent = Q(pk__in=Consultee.objects.filter(dispatches__complete=True).values("pk"))
        return queryset.filter(sent if value == "oui" else ~sent)

    def by_opinion(
        self, queryset: QuerySet[Consultee], name: str, value: str
    ) -> QuerySet[Consultee]:
        """An opinion came, or none did."""
        return queryset.filter(opinion__isnull=value == "non")


class ConsulteeTable(lists.Table):
    """One line a body; `rows_by_body` is set by the view."""

    rows_by_body: dict[int, Row]

    name = lists.Column(
        verbose_name="Organisme",
        order_by="name_key",
        linkify=lambda record: record.get_absolute_url(),
    )
    capacity = lists.Column(verbose_name="Qualité")
    obligation = lists.Column(verbose_name="Obligation")
    standing = lists.Column(verbose_name="État", empty_values=(), orderable=False)
    received = lists.Column(verbose_name="Dossier reçu", empty_values=(), orderable=False)
    term = lists.Column(verbose_name="Terme", empty_values=(), orderable=False)
    opinion = lists.Column(
        verbose_name="Avis", empty_values=(), order_by="opinion__sense", accessor="pk"
    )
    remarks = lists.NumberColumn(verbose_name="Remarques", empty_values=(), orderable=False)

    class Meta:
        model = Consultee
        fields = [
            "name", "capacity", "obligation", "standing", "received", "term", "opinion", "remarks",
        ]  # fmt: skip
        row_header = "name"
        hidden_by_default = ["obligation"]
        order_by = "name"

    def render_standing(self, record: Consultee) -> SafeString:
        """A badge."""
        found = self.rows_by_body[record.pk].standing
        context = {"kind": found.badge, "label": found.label}
        return render_to_string("kit/badge_cell.html", context)

    def value_standing(self, record: Consultee) -> str:
        """The words."""
        return self.rows_by_body[record.pk].standing.label

    def render_received(self, record: Consultee) -> str:
        """The day of the receipt, or of the dispatch."""
        dispatch = self.rows_by_body[record.pk].term.dispatch
        if dispatch is None:
            return "–"
        if dispatch.received_on is None:
            return f"envoyé le {format_date(dispatch.sent_on)}"
        return format_date(dispatch.received_on)

    value_received = render_received

    def render_term(self, record: Consultee) -> SafeString | str:
        """The last day to answer and its article."""
        term = self.rows_by_body[record.pk].term
        if term.last_day is None:
            return "aucun délai dans la base" if term.dispatch else "–"
        return format_html(
            "{}<br><span class='rq-2'>{}</span>", format_date(term.last_day), term.article
        )

    def value_term(self, record: Consultee) -> Any:
        """The day."""
        return self.rows_by_body[record.pk].term.last_day

    def render_opinion(self, record: Consultee) -> str:
        """Sense and day."""
        opinion = self.rows_by_body[record.pk].opinion
        if opinion is None:
            return "–"
        return f"{opinion.sense_label}, {format_date(opinion.received_on)}"

    value_opinion = render_opinion

    def render_remarks(self, record: Consultee) -> str:
        """How many, and how many wait for a reply."""
        found = self.rows_by_body[record.pk].remarks
        waiting = f" ({found.unanswered} sans réponse)" if found.unanswered else ""
        return f"{found.total}{waiting}"

    def value_remarks(self, record: Consultee) -> int:
        """How many."""
        return self.rows_by_body[record.pk].remarks.total


class RemarkFilter(lists.FilterSet):
    """By words, topic, reply, carrying over."""

    q = lists.SearchFilter(fields=["text_key", "topic_key", "opinion__consultee__name_key"])
    topic = lists.ChoiceFilter(label="Thème", method="by_topic")
    decision = lists.ChoiceFilter(
        label="Suite donnée",
        choices=[("none", "Sans réponse"), *Decision.choices],
        method="by_decision",
    )
    carried = lists.ChoiceFilter(
        label="Report",
        choices=[("todo", "Modification à reporter"), ("done", "Modification reportée")],
        method="by_carrying",
    )
    sense = lists.ChoiceFilter(
        label="Sens de l’avis", choices=Sense.choices, field_name="opinion__sense"
    )

    class Meta:
        model = Remark
        fields = ["q", "topic", "decision", "carried", "sense"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = self.queryset.exclude(topic="").order_by().values_list("topic_key", "topic")
        self.filters["topic"].extra["choices"] = sorted(dict(topics).items())

    def by_topic(self, queryset: QuerySet[Remark], name: str, value: str) -> QuerySet[Remark]:
        """The same topic, however it is written."""
        return queryset.filter(topic_key=search_key(value))

    def by_decision(self, queryset: QuerySet[Remark], name: str, value: str) -> QuerySet[Remark]:
        """This reply, or none."""
        if value == "none":
            return queryset.filter(reply__isnull=True)
        return queryset.filter(reply__decision=value)

    def by_carrying(self, queryset: QuerySet[Remark], name: str, value: str) -> QuerySet[Remark]:
        """A change put in the document, or waiting to be."""
        if value == "done":
            return queryset.filter(reply__carried_on__isnull=False)
        return queryset.filter(pk__in=Remark.objects.all().to_carry().values("pk"))


class RemarkTable(lists.Table):
    """One line a remark, with its reply."""

    text = lists.Column(
        verbose_name="Remarque",
        order_by="text_key",
        linkify=lambda record: record.get_absolute_url(),
    )
    body = lists.Column(
        verbose_name="Organisme",
        accessor="opinion__consultee__name",
        order_by=("opinion__consultee__name_key", "order"),
        linkify=lambda record: record.opinion.consultee.get_absolute_url(),
    )
    topic = lists.Column(verbose_name="Thème", order_by="topic_key")
    page = lists.Column(verbose_name="Page de l’avis", orderable=False)
    decision = lists.Column(
        verbose_name="Suite donnée", empty_values=(), order_by="reply__decision"
    )
    why = lists.Column(verbose_name="Réponse et motif", empty_values=(), orderable=False)
    place = lists.Column(
        verbose_name="Où, dans le document", empty_values=(), order_by="reply__piece"
    )

    class Meta:
        model = Remark
        fields = ["text", "body", "topic", "page", "decision", "why", "place"]
        row_header = "text"
        hidden_by_default = ["page"]
        order_by = "body"

    def render_decision(self, record: Remark) -> SafeString:
        """A badge."""
        reply = reply_of(record)
        kind = "attente" if reply is None else "fait"
        context = {"kind": kind, "label": decision_words(reply)}
        return render_to_string("kit/badge_cell.html", context)

    def value_decision(self, record: Remark) -> str:
        """The words."""
        return decision_words(reply_of(record))

    def render_why(self, record: Remark) -> str:
        """The reply."""
        reply = reply_of(record)
        return reply.why if reply and reply.why else "–"

    value_why = render_why

    def render_place(self, record: Remark) -> str:
        """Where the document changes, and whether it did."""
        return carried_words(reply_of(record)) or "–"

    value_place = render_place
