"""Marks ⟦lien⟧: values that are accesses, derived at sending time and never stored."""

import html
import re
from collections.abc import Callable, Mapping

# From a message's subject_key to the value of each mark it may hold.
Resolver = Callable[[str], Mapping[str, str]]

_MARK = re.compile(r"⟦([a-z_]+)⟧")
_resolvers: dict[str, Resolver] = {}


class UnknownMarkError(ValueError):
    """A message holds a mark that nobody can resolve: it must not leave as it is."""


def register_marks(prefix: str, resolve: Resolver) -> None:
    """Give the resolver of the messages whose subject_key starts by « prefix: »."""
    _resolvers[prefix] = resolve


def marks_of(subject_key: str) -> Mapping[str, str]:
    """The values for a message; none when its room registered no resolver."""
    resolver = _resolvers.get(subject_key.partition(":")[0])
    return resolver(subject_key) if resolver else {}


def has_marks(*texts: str) -> bool:
    """Whether something is to be filled at sending time."""
    return any(_MARK.search(text) for text in texts)


def fill(text: str, values: Mapping[str, str], *, escape: bool = False) -> str:
    """The text with its marks replaced; raises UnknownMarkError, naming the mark."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise UnknownMarkError(f"Le repère ⟦{match[1]}⟧ n’a pas de valeur.")
        return html.escape(values[match[1]]) if escape else values[match[1]]

    return _MARK.sub(value, text)


def veil(text: str) -> str:
    """The text as the outbox shows it: each mark named, not filled."""
    return _MARK.sub(lambda match: f"[{match[1].replace('_', ' ')} : ajouté à l’envoi]", text)
