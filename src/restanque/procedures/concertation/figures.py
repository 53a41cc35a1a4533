"""Counts of what the public said: by way, by theme, by state. Nothing else is derived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Q, QuerySet

from restanque.procedures.concertation.nomenclature import ModerationState, Way
from restanque.procedures.models import Contribution, Procedure, Theme


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over `total` contributions received from `first` to `last` (None when there is none).

    A contribution of several themes counts once under each; `untagged` have none. `repeated` have
    the same text as an earlier one. `answered` have an answer, `answered_publicly` a public one.
    """

    total: int
    first: date | None
    last: date | None
    by_way: tuple[tuple[str, int], ...]
    by_theme: tuple[tuple[Theme, int], ...]
    untagged: int
    waiting: int
    published: int
    hidden: int
    answered: int
    answered_publicly: int
    repeated: int


def figures_of(procedure: Procedure, rows: QuerySet[Contribution]) -> Figures:
    """The figures of these contributions of a procedure."""
    bare = rows.order_by()
    whole = bare.aggregate(
        total=Count("pk"),
        first=Min("received_on"),
        last=Max("received_on"),
        texts=Count("fingerprint", distinct=True),
        answered=Count("pk", filter=Q(answer__isnull=False)),
        publicly=Count("pk", filter=Q(answer__public=True)),
        **{state.value: Count("pk", filter=Q(state=state)) for state in ModerationState},
    )
    ways = dict(bare.values_list("way").annotate(n=Count("pk")))
    themes = dict(bare.values_list("themes").annotate(n=Count("pk")))
    return Figures(
        total=whole["total"],
        first=whole["first"],
        last=whole["last"],
        by_way=tuple((str(way.label), ways[way.value]) for way in Way if ways.get(way.value)),
        by_theme=tuple((theme, themes.get(theme.pk, 0)) for theme in procedure.themes.all()),
        untagged=themes.get(None, 0),
        waiting=whole["waiting"],
        published=whole["published"],
        hidden=whole["hidden"],
        answered=whole["answered"],
        answered_publicly=whole["publicly"],
        repeated=whole["total"] - whole["texts"],
    )
