"""The members of a candidates list: who, where, and why."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from restanque.directory.models import Organisation
from restanque.kit import links, lists
from restanque.kit.text import NO_BREAK_SPACE
from restanque.surveys.analysis.candidates import Candidate


class CandidateFilter(lists.FilterSet):
    """A name, a commune or an INSEE code."""

    q = lists.SearchFilter(fields=["name_key", "commune__name_key"], codes=["commune__code"])

    class Meta:
        model = Organisation
        fields = ["q"]


class CandidateTable(lists.Table):
    """One line an organisation; `members` (organisation → candidate) is given by the view."""

    members: Mapping[int, Candidate] = {}

    name = lists.Column(
        verbose_name="Organisme",
        order_by="name_key",
        linkify=lambda record: reverse("directory:organisation", args=[record.pk]),
    )
    commune = lists.Column(
        verbose_name="Commune",
        accessor="commune__name",
        order_by="commune__name_key",
        linkify=lambda record: links.url_of("commune", record.commune_id),
    )
    epci = lists.Column(verbose_name="Intercommunalité", accessor="commune__epci__name")
    population = lists.NumberColumn(verbose_name="Habitants", accessor="commune__population")
    why = lists.Column(verbose_name="Pourquoi", accessor="pk", orderable=False)
    status = lists.Column(verbose_name="Réponse", accessor="pk", orderable=False)
    code = lists.Column(verbose_name="Code INSEE", accessor="commune__code")

    class Meta:
        model = Organisation
        fields = ["name", "commune", "epci", "population", "why", "status", "code"]
        row_header = "name"
        hidden_by_default = ["commune", "code"]
        order_by = "name"

    def render_why(self, value: int) -> SafeString:
        """Each question with the answer that meets its condition."""
        reasons = self.members[value].reasons
        lines = format_html_join("", "<li>{}{}: <strong>{}</strong></li>", (
            (reason.question, NO_BREAK_SPACE, reason.answer) for reason in reasons
        ))  # fmt: skip
        return format_html('<ul class="rq-small ps-3 mb-0">{}</ul>', lines)

    def value_why(self, value: int) -> str:
        """The same in one line."""
        return " ; ".join(
            f"{reason.question} : {reason.answer}" for reason in self.members[value].reasons
        )

    def render_status(self, value: int) -> Any:
        """Whether the answer was read over."""
        return "validée" if self.members[value].status == "validated" else "à valider"
