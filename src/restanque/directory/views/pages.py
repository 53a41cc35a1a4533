"""What the views share: getters' errors, forms that go through a service, breadcrumbs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
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


def submitted(form: forms.BaseForm, write: Callable[[dict[str, Any]], Any]) -> Any | None:
    """Call a service with the form's values; its refusals become errors of the form.

    Returns what the service returned, or None when the form is not valid.
    """
    if not form.is_valid():
        return None
    try:
        return write(form.cleaned_data)
    except ValidationError as error:
        add_errors(form, error)
        return None


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put each message at its field, or at the top when the form has not that field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, messages in error.message_dict.items():
        shown = field in form.fields and field != NON_FIELD_ERRORS
        form.add_error(field if shown else None, messages)


def suggestions(membership: Membership, organisations: QuerySet[Organisation]) -> dict[str, Any]:
    """What the browser offers in the fields « Commune » and « Organisation »."""
    return {
        "communes": [commune_label(commune) for commune in covered_communes(membership)],
        "organisations": [organisation_label(organisation) for organisation in organisations],
    }
