"""How the names of communes are written in files, and how they are compared."""

import re

from restanque.kit.text import search_key

_SLASH = re.compile(r"(?<![^\W\d_])(ss?)/", re.IGNORECASE)
_WORDS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_ARTICLES = {"l", "la", "le", "les"}
_PREFIX = re.compile(r"^(?:mairie|ville|commune) (?:de la|de l|de|du|des|d) ")
_ARRONDISSEMENT = re.compile(r"^(paris|lyon|marseille) (\d{1,2})\w*( arr\w*)?$")


def loose_key(name: str) -> str:
    """`search_key` of a name with the abbreviations of ordinary files spelled out.

    >>> loose_key("STE Cécile s/ Mer")
    'sainte cecile sur mer'
    """
    spelled = _SLASH.sub(lambda m: " sur " if len(m[1]) == 1 else " sous ", name)
    return " ".join(_WORDS.get(word, word) for word in search_key(spelled).split())


def key_variants(key: str) -> tuple[str, ...]:
    """The key as it is, then without « Mairie de », then with each article it may have lost.

    Files write « Ciotat (La) », « La Ciotat » or « Ciotat »; the official name has the article.
    The key itself comes first: Ville-d’Avray is not the « ville d’ » of Avray.
    """
    bare = _PREFIX.sub("", key)
    words = bare.split()
    if len(words) > 1 and words[-1] in _ARTICLES:
        words = words[:-1]
    elif len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    name = " ".join(words)
    with_articles = (f"{article} {name}" for article in sorted(_ARTICLES))
    return tuple(dict.fromkeys([key, bare, name, *with_articles]))


def city_of_arrondissement(key: str) -> str | None:
    """`"marseille"` for the key of « Marseille 4e » or « Marseille 04 »; None for other names."""
    match = _ARRONDISSEMENT.match(key)
    return match[1] if match else None
