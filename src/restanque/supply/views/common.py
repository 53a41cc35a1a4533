"""What the room's pages share."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.directory.models import Organisation
from restanque.kit import lists
from restanque.supply.perms import can_edit_supply, can_view_details, get_territory_for
from restanque.territories.models import Territory


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the room, in the line under the header."""

    label: str
    url: str
    current: bool


_SECTIONS = (
    ("Vue d’ensemble", "supply:overview"),
    ("Besoins", "supply:needs"),
    ("Boulangeries", "supply:bakeries"),
    ("Moulins", "supply:mills"),
    ("Blé", "supply:wheat-offers"),
    ("Plateformes", "supply:platforms"),
    ("Distances", "supply:distances"),
    ("Calendrier", "supply:calendar"),
    ("Scénarios", "supply:scenarios"),
)


# What a reader may open; the other pages hold prices, suppliers and offers.
_FOR_ALL = {"supply:overview", "supply:scenarios"}


def sections(request: HttpRequest, territory: Territory) -> list[Section]:
    """The room's pages for one territory, those the member may open."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    return [
        Section(label, url, request.path == url)
        for label, name in _SECTIONS
        if name in _FOR_ALL or can_view_details(membership)
        for url in [reverse(name, args=[territory.pk])]
    ]


def trail(territory: Territory, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Breadcrumb from the room down."""
    return [
        ("Approvisionnement", reverse("supply:home")),
        (territory.name, reverse("supply:overview", args=[territory.pk])),
        *more,
    ]


def organisations_of(membership: Membership) -> QuerySet[Organisation]:
    """Organisations the member may name in a form."""
    return Organisation.objects.visible_to(membership).active().order_by("name_key", "pk")


class TerritoryList(lists.ListView):
    """A list of one territory of the room. `territory` comes from the address."""

    template_name = "supply/list.html"

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """404 for who does not cover the territory."""
        super().setup(request, *args, **kwargs)
        self.territory = get_territory_for(request, kwargs["territory"])

    @property
    def may_edit(self) -> bool:
        """Whether this member changes needs and offers."""
        return can_edit_supply(self.request.membership)  # type: ignore[attr-defined]

    def get_trail(self) -> list[tuple[str, str]]:
        """From the room down."""
        return trail(self.territory)

    def is_fictitious(self) -> bool:
        """Marked when a row is invented."""
        return bool(self.get_queryset().filter(fictitious=True).exists())

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """With the room's other pages."""
        return super().get_context_data(**extra, sections=sections(self.request, self.territory))

    def at(self, name: str) -> str:
        """The address of a page of this territory."""
        return reverse(name, args=[self.territory.pk])
