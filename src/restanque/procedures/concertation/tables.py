"""The list of contributions."""

from typing import Any

import django_filters
from django.db.models import Count, OuterRef, QuerySet, Subquery

from restanque.kit import lists
from restanque.procedures.concertation.nomenclature import ModerationState, Way
from restanque.procedures.models import Contribution, Theme

#: Badge of each state.
BADGES = {
    ModerationState.WAITING: "valider",
    ModerationState.PUBLISHED: "fait",
    ModerationState.HIDDEN: "attente",
}
#: How much of a text a row shows.
EXTRACT = 160


class ContributionFilter(lists.FilterSet):
    """By words, state, way, theme, answer."""

    q = lists.SearchFilter(fields=["text_key"], codes=["number"])
    state = lists.ChoiceFilter(label="Relecture", choices=ModerationState.choices)
    way = lists.ChoiceFilter(label="Voie", choices=Way.choices)
    theme = django_filters.ModelChoiceFilter(
        label="Thème", field_name="themes", queryset=lambda request: _themes(request)
    )
    answered = lists.ChoiceFilter(
        label="Réponse",
        choices=[("non", "Sans réponse"), ("oui", "Avec réponse"), ("publique", "Publique")],
        method="by_answer",
    )
    during = lists.ChoiceFilter(
        label="Reçue pendant",
        choices=[("concertation", "La concertation"), ("apres", "La participation du public")],
        method="by_moment",
    )

    class Meta:
        model = Contribution
        fields = ["q", "state", "way", "theme", "answered", "during"]

    def by_answer(self, queryset: Any, name: str, value: str) -> Any:
        """With or without an answer, or with a public one."""
        if value == "publique":
            return queryset.filter(answer__public=True)
        return queryset.filter(answer__isnull=value == "non")

    def by_moment(self, queryset: Any, name: str, value: str) -> Any:
        """Of the concertation, or of the consultation on the arrêté draft."""
        return queryset.filter(participation__isnull=value == "concertation")


def _themes(request: Any) -> QuerySet[Theme]:
    """Those of the procedure whose list is shown; the view has checked who asks."""
    return Theme.objects.filter(procedure=request.resolver_match.kwargs["pk"])


def with_same(rows: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """Add `same`: how many contributions of the procedure have this text, itself included."""
    alike = (
        Contribution.objects.filter(
            procedure=OuterRef("procedure"), fingerprint=OuterRef("fingerprint")
        )
        .order_by()
        .values("fingerprint")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return rows.annotate(same=Subquery(alike))


class ContributionTable(lists.Table):
    """One line a contribution, without who wrote it."""

    number = lists.NumberColumn(verbose_name="N°", linkify=lambda record: record.get_absolute_url())
    received_on = lists.DateColumn(verbose_name="Reçue le")
    way = lists.Column(verbose_name="Voie")
    words = lists.Column(verbose_name="Texte", orderable=False)
    themes = lists.Column(verbose_name="Thèmes", empty_values=(), orderable=False)
    state = lists.BadgeColumn(verbose_name="Relecture", kinds=BADGES)
    answer = lists.Column(verbose_name="Réponse", empty_values=(), orderable=False)
    same = lists.NumberColumn(verbose_name="Textes identiques")

    class Meta:
        model = Contribution
        fields = [
            "number", "received_on", "way", "words", "themes", "state", "answer", "same",
        ]  # fmt: skip
        row_header = "number"
        hidden_by_default = ["same"]
        order_by = "-number"

    def render_words(self, value: str) -> str:
        """The beginning."""
        line = " ".join(value.split())
        return line if len(line) <= EXTRACT else f"{line[:EXTRACT]}…"

    def value_words(self, value: str) -> str:
        """The whole text, as it may be read."""
        return value

    def render_themes(self, record: Contribution) -> str:
        """Their names."""
        return ", ".join(theme.name for theme in record.themes.all()) or "–"

    value_themes = render_themes

    def render_answer(self, record: Contribution) -> str:
        """Whether there is one, and for whom."""
        if record.answer is None:
            return "à donner"
        return "publique" if record.answer.public else "interne"

    def value_answer(self, record: Contribution) -> str:
        """The answer itself, and for whom it is."""
        if record.answer is None:
            return ""
        return f"{record.answer.text} ({'publique' if record.answer.public else 'interne'})"
