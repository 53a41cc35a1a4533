"""Links from a lower room's page to a page of a higher room, without knowing it.

The fiche commune belongs to the portal, yet every list of communes links to it. The portal says
in its `AppConfig.ready` how to reach it; a list asks here, and shows plain text if nobody answered.
"""

from collections.abc import Callable
from typing import Any

_resolvers: dict[str, Callable[[Any], str]] = {}


def register(kind: str, resolver: Callable[[Any], str]) -> None:
    """Say how the page of this kind of thing is reached; the last to speak wins."""
    _resolvers[kind] = resolver


def url_of(kind: str, key: Any) -> str | None:
    """The address of the page of this thing, or None when no room offers one."""
    resolver = _resolvers.get(kind)
    return resolver(key) if resolver else None
