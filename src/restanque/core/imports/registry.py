"""The importers that rooms registered."""

from restanque.accounts.models import Membership
from restanque.core.imports.declaration import Importer

_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Offer a kind of file to import; the last registered of a kind wins."""
    _importers[importer.kind] = importer


def get(kind: str) -> Importer:
    """The importer of a kind. Raises LookupError naming the known kinds."""
    if kind not in _importers:
        known = ", ".join(sorted(_importers)) or "aucune"
        raise LookupError(f"« {kind} » n’est pas une nature d’import. Connues : {known}.")
    return _importers[kind]


def offered_to(membership: Membership) -> list[Importer]:
    """What a member may import, in order of title."""
    allowed = (one for one in _importers.values() if one.allowed(membership))
    return sorted(allowed, key=lambda importer: importer.title)


def title_of(kind: str) -> str:
    """The title of a kind, or the kind itself when no room offers it any more."""
    return _importers[kind].title if kind in _importers else kind
