"""Search among everything a member may see."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.directory.models import Canteen, Organisation
from restanque.kit.text import search_key
from restanque.surveys.models import Campaign
from restanque.territories.models import Commune, Territory
from restanque.work.models import Budget, Task

LIMIT = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its name, what it is, where it is."""

    label: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind; `more` when there are others than those shown."""

    title: str
    hits: list[Hit]
    more: bool


def search(membership: Membership, text: str) -> list[Group]:
    """Groups of hits for what was typed, empty groups left out; nothing under two characters."""
    key = search_key(text)
    if len(key) < 2:
        return []
    finders: tuple[tuple[str, Callable[[], list[Hit]]], ...] = (
        ("Communes", lambda: _communes(membership, text)),
        ("Annuaire", lambda: _organisations(membership, key)),
        ("Cantines", lambda: _canteens(membership, key)),
        ("Enquêtes", lambda: _campaigns(membership, text)),
        ("Tâches", lambda: _tasks(membership, key)),
        ("Budgets", lambda: _budgets(membership, key)),
    )
    groups = ((title, find()) for title, find in finders)
    return [Group(title, hits[:LIMIT], len(hits) > LIMIT) for title, hits in groups if hits]


def _communes(membership: Membership, text: str) -> list[Hit]:
    """Those of the member's territories first: elsewhere in France is rarely what is looked for."""
    found = Commune.objects.search(text).select_related("departement")
    covered = Territory.objects.visible_to(membership).values("memberships__commune")
    ours = list(found.filter(pk__in=covered)[: LIMIT + 1])
    others = found.exclude(pk__in=[c.pk for c in ours])[: LIMIT + 1 - len(ours)]
    return [
        Hit(c.name, c.departement.name, reverse("portal:commune", args=[c.code]))
        for c in [*ours, *others]
    ]


def _organisations(membership: Membership, key: str) -> list[Hit]:
    found = Organisation.objects.visible_to(membership).active().filter(name_key__contains=key)
    found = found.select_related("commune").order_by("name_key", "pk")[: LIMIT + 1]
    return [Hit(o.name, o.get_kind_display(), o.get_absolute_url()) for o in found]


def _canteens(membership: Membership, key: str) -> list[Hit]:
    found = Canteen.objects.visible_to(membership).filter(name_key__contains=key)
    found = found.select_related("commune").order_by("name_key", "pk")[: LIMIT + 1]
    return [Hit(c.name, str(c.commune or ""), c.get_absolute_url()) for c in found]


def _campaigns(membership: Membership, text: str) -> list[Hit]:
    # Campaigns are few: compared in Python, accents aside.
    key = search_key(text)
    visible = Campaign.objects.visible_to(membership).order_by("-opens_on", "pk")
    return [
        Hit(c.name, c.get_status_display(), reverse("surveys:campaign", args=[c.pk]))
        for c in visible
        if key in search_key(c.name)
    ][: LIMIT + 1]


def _tasks(membership: Membership, key: str) -> list[Hit]:
    found = Task.objects.visible_to(membership).filter(title_key__contains=key)
    found = found.order_by("title_key", "pk")[: LIMIT + 1]
    return [Hit(t.title, t.get_state_display(), t.get_absolute_url()) for t in found]


def _budgets(membership: Membership, key: str) -> list[Hit]:
    found = Budget.objects.visible_to(membership).filter(name_key__contains=key)
    found = found.select_related("territory").order_by("name_key", "pk")[: LIMIT + 1]
    return [Hit(b.name, b.territory.name, b.get_absolute_url()) for b in found]
