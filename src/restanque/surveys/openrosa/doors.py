"""Who speaks: the visitor named by Basic credentials, over a safe line, not too many tries."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from restanque.kit.network import visitor_network
from restanque.surveys.models import Visitor
from restanque.surveys.openrosa.answers import dressed, message
from restanque.surveys.visits.keys import find_visitor

P = ParamSpec("P")
REALM = 'Basic realm="Restanque, visites", charset="UTF-8"'
# A phone that has the right code never fails: ten tries are for fingers.
MAX_FAILURES, FORGET_AFTER = 10, 3600
# Any name, from one address: guessing names is guessing too.
MAX_FAILURES_OF_ADDRESS = 50
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

VisitorView = Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse]


def for_visitor(
    *methods: str,
) -> Callable[[VisitorView[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Decorate a view of the protocol: it receives the visitor, and every answer is dressed.

    No session, no cookie, hence no CSRF check: each request carries its own proof.
    """

    def decorate(view: VisitorView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            return dressed(_answer(request, view, methods, *args, **kwargs))

        return opened

    return decorate


def _answer(
    request: HttpRequest,
    view: VisitorView[P],
    methods: tuple[str, ...],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> HttpResponse:
    if request.method not in methods:
        refused = message("Cette adresse ne répond pas à cette demande.", status=405)
        refused["Allow"] = ", ".join(methods)
        return refused
    if not is_safe_line(request):
        return message(
            "Le mot de passe ne voyage que par https : changez l’adresse du serveur.", status=403
        )
    name, password = credentials(request)
    if name and is_locked(request, name):
        waiting = message("Trop d’essais : attendez une heure.", status=429)
        waiting["Retry-After"] = str(FORGET_AFTER)
        return waiting
    visitor = find_visitor(name, password) if name else None
    if visitor is None:
        if name:
            count_failure(request, name)
        unknown = message("Identifiant ou mot de passe inconnu, ou retiré.", status=401)
        unknown["WWW-Authenticate"] = REALM
        return unknown
    try:
        return view(request, visitor, *args, **kwargs)
    except Http404:
        return message("Rien à cette adresse pour ce visiteur.", status=404)


def is_safe_line(request: HttpRequest) -> bool:
    """Whether a password may travel: https, the machine itself, or a setting that says so."""
    host = request.get_host()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return request.is_secure() or name in LOOPBACK or settings.VISITS_OVER_HTTP


def credentials(request: HttpRequest) -> tuple[str, str]:
    """Name and password of a Basic header; two empty texts when there is none."""
    scheme, _, coded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, password = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return name, password


def is_locked(request: HttpRequest, name: str) -> bool:
    """Whether too many failures came lately for this name, or from this address."""
    of_name, of_address = _keys(request, name)
    counts = cache.get_many([of_name, of_address])
    too_many = counts.get(of_name, 0) >= MAX_FAILURES
    return bool(too_many or counts.get(of_address, 0) >= MAX_FAILURES_OF_ADDRESS)


def count_failure(request: HttpRequest, name: str) -> None:
    """Remember a failure for an hour, under a fingerprint: neither name nor address is kept."""
    for key in _keys(request, name):
        cache.set(key, cache.get(key, 0) + 1, FORGET_AFTER)


def _keys(request: HttpRequest, name: str) -> tuple[str, str]:
    address = visitor_network(request)
    return _key(f"{name}\0{address}"), _key(address)


def _key(text: str) -> str:
    secret = b"restanque.surveys.openrosa:" + settings.SECRET_KEY.encode()
    return "odk-" + hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
