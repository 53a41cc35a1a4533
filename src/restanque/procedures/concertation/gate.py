"""The guard of the public form: no account, no cookie needed, no third party.

A signed moment says when the form was shown: too quick is a program, too old is shown again. A
field that people do not see catches programs that fill everything. Counts by fingerprint of the
address bound what one visitor, and everybody together, may send in an hour. Neither address is
kept: only a keyed hash, in the cache, for an hour.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest

from restanque.kit.network import visitor_network

#: Seconds under which nobody reads and writes.
QUICKEST = 3
#: Seconds after which the form is shown again, what was typed kept.
OLDEST = 12 * 3600
#: Contributions an hour from one address (a meeting may share one), and for a whole page.
MOST_OF_ADDRESS, MOST_OF_PAGE = 20, 400
#: Joined files an hour for a whole page: what a flood may write on the disk is bounded.
MOST_FILES = 60
HOUR = 3600
#: The field that nobody sees.
TRAP = "site_web"

_SALT = "restanque.concertation"
TOO_QUICK = "Relisez votre texte, puis envoyez de nouveau : il est gardé ci-dessous."
TOO_OLD = (
    "Cette page est restée ouverte longtemps. Votre texte est gardé ci-dessous : relisez-le, puis "
    "envoyez de nouveau."
)
TRAPPED = "Laissez vide le champ qui le demande, puis envoyez de nouveau."
TOO_MANY_FILES = (
    "Trop de pièces jointes viennent d’être reçues. Envoyez votre texte sans pièce, ou "
    "attendez une heure."
)
TOO_MANY = (
    "Trop de contributions viennent d’être envoyées de votre connexion. Votre texte est gardé "
    "ci-dessous : envoyez-le dans une heure, ou écrivez à l’équipe."
)


def issue(slug: str, *, now: datetime) -> str:
    """What the form carries: the moment it was shown, signed for this page."""
    return signing.dumps(int(now.timestamp()), salt=f"{_SALT}.{slug}")


def fault_of(token: str, trap: str, *, slug: str, now: datetime) -> str:
    """What is wrong with a post, in words; empty when a person may well have written it."""
    if trap:
        return TRAPPED
    try:
        shown = int(signing.loads(token, salt=f"{_SALT}.{slug}"))
    except (signing.BadSignature, TypeError, ValueError):
        return TOO_OLD
    age = now.timestamp() - shown
    if age > OLDEST:
        return TOO_OLD
    return TOO_QUICK if age < QUICKEST else ""


def is_full(request: HttpRequest, page: int) -> bool:
    """Whether this address, or the whole page, has sent all it may within the hour."""
    of_address, of_page = _counters(request, page)
    counts = cache.get_many([of_address, of_page])
    return bool(
        counts.get(of_address, 0) >= MOST_OF_ADDRESS or counts.get(of_page, 0) >= MOST_OF_PAGE
    )


def has_too_many_files(page: int) -> bool:
    """Whether the page has received all the files it may within the hour."""
    return bool(cache.get(_key(f"files\0{page}"), 0) >= MOST_FILES)


def count(request: HttpRequest, page: int, *, with_file: bool = False) -> None:
    """One more was sent."""
    keys = [*_counters(request, page), *([_key(f"files\0{page}")] if with_file else [])]
    for key in keys:
        cache.set(key, cache.get(key, 0) + 1, HOUR)


def remember(request: HttpRequest, page: int, fingerprint: str, pk: int) -> None:
    """The same text from the same address is, for an hour, a second press of the button."""
    cache.set(_key(f"same\0{page}\0{visitor_network(request)}\0{fingerprint}"), pk, HOUR)


def recall(request: HttpRequest, page: int, fingerprint: str) -> int | None:
    """The contribution that this address has just sent with this text."""
    found: int | None = cache.get(_key(f"same\0{page}\0{visitor_network(request)}\0{fingerprint}"))
    return found


def receipt(pk: int) -> str:
    """The token of a receipt's address."""
    return signing.dumps(pk, salt=f"{_SALT}.receipt")


def of_receipt(token: str) -> int | None:
    """The contribution of a receipt; None for a forged token."""
    try:
        return int(signing.loads(token, salt=f"{_SALT}.receipt"))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def _counters(request: HttpRequest, page: int) -> tuple[str, str]:
    return _key(f"address\0{page}\0{visitor_network(request)}"), _key(f"page\0{page}")


def _key(text: str) -> str:
    secret = f"{_SALT}:{settings.SECRET_KEY}".encode()
    return "concertation-" + hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
