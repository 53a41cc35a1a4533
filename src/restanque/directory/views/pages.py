"""What the views share: breadcrumbs, the room's pages, what the browser offers."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.directory.forms import commune_label, organisation_label
from restanque.directory.models import Organisation
from restanque.directory.scope import covered_communes

Trail = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the room, in the line under the header."""

    label: str
    url: str
    current: bool


_SECTIONS = (
    ("Organisations", "directory:organisations", False),
    ("Carte", "directory:map", False),
    ("Contacts", "directory:contacts", False),
    ("Cantines", "directory:canteens", False),
    ("À vérifier", "directory:to_check", True),
    ("Doublons", "directory:duplicates", True),
)


def sections(request: HttpRequest, may_edit: bool) -> list[Section]:
    """The room's main pages; those of upkeep for editors only."""
    return [
        Section(label, url, request.path == url)
        for label, name, for_editors in _SECTIONS
        if may_edit or not for_editors
        for url in [reverse(name)]
    ]


def trail(*more: tuple[str, str]) -> Trail:
    """Breadcrumb from the directory down."""
    return [("Annuaire", reverse("directory:organisations")), *more]


def suggestions(membership: Membership, organisations: QuerySet[Organisation]) -> dict[str, Any]:
    """What the browser offers in the fields « Commune » and « Organisation »."""
    return {
        "communes": [commune_label(commune) for commune in covered_communes(membership)],
        "organisations": [organisation_label(organisation) for organisation in organisations],
    }
