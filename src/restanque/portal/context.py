"""The left navigation, in one place: the portal alone knows every room."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse

# Group title, then (label, URL name). A room appears when its first page exists.
NAVIGATION: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("", (("Accueil", "portal:home"), ("Territoire", "territories:list"))),
    (
        "Alimentation",
        (
            ("Enquêtes", "surveys:campaigns"),
            ("Visites", "surveys:visits"),
            ("Approvisionnement", "supply:home"),
        ),
    ),
    (
        "Planification",
        (
            ("Procédures", "procedures:list"),
            ("Gouvernance", "governance:list"),
            ("Droit", "law:list"),
        ),
    ),
    ("Suivi", (("Tâches", "work:tasks"), ("Budget", "work:budgets"))),
    (
        "Ressources",
        (
            ("Annuaire", "directory:organisations"),
            ("Imports", "core:imports"),
            ("Messages", "core:outbox"),
            ("Travaux", "core:jobs"),
            ("Administration", "accounts:members"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One link of the navigation."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A titled group of links."""

    title: str
    items: list[Item]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation` on every page of a member, without what they may not open; else empty."""
    if getattr(request, "membership", None) is None:
        return {"navigation": []}
    groups = []
    for title, links in NAVIGATION:
        items = [item for label, name in links if (item := _item(request, label, name))]
        if items:
            groups.append(Group(title, items))
    # A page under another's address (visits under surveys) is in its own place only.
    here = max((i.url for group in groups for i in group.items if i.current), key=len, default="")
    for group in groups:
        group.items[:] = [replace(item, current=item.url == here) for item in group.items]
    return {"navigation": groups}


def _item(request: HttpRequest, label: str, name: str) -> Item | None:
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    rule = getattr(resolve(url).func, "access_rule", None)
    if rule is not None and not rule(request.membership):  # type: ignore[attr-defined]
        return None
    here = request.path == url if name == "portal:home" else request.path.startswith(url)
    return Item(label, url, here)
