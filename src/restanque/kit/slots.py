"""Slots: how a page of a lower room shows what higher rooms know, without importing them.

The page declares a slot by naming it; rooms register panels in their `AppConfig.ready`:

    slots.register("commune", "surveys.answers", order=30, provider=panels.answers)

and the page calls `slots.panels("commune", request, subject)`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Panel:
    """What a room shows about a subject: a template and its context, under a title."""

    title: str
    template: str
    context: dict[str, Any]
    anchor: str
    # Where a two-column page puts it: "main" (reading), "aside" (beside it), "wide" (below both).
    place: str = "main"


# A provider returns None when the room knows nothing, or may say nothing, of the subject.
Provider = Callable[[HttpRequest, Any], "Panel | None"]


@dataclass(frozen=True, slots=True)
class _Registration:
    order: int
    name: str
    provider: Provider


_slots: dict[str, dict[str, _Registration]] = {}


def register(slot: str, name: str, *, order: int, provider: Provider) -> None:
    """Add a room's panel to a slot; registering the same name again replaces it."""
    _slots.setdefault(slot, {})[name] = _Registration(order, name, provider)


def panels(slot: str, request: HttpRequest, subject: Any) -> list[Panel]:
    """The panels to show for this subject, in their declared order, silent rooms left out."""
    registrations = sorted(_slots.get(slot, {}).values(), key=lambda r: (r.order, r.name))
    found = (registration.provider(request, subject) for registration in registrations)
    return [panel for panel in found if panel is not None]
