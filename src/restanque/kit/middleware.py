"""Middlewares that hold promises: strict headers, bounded requests, GET that never writes."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]

_READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "WITH", "EXPLAIN", "SET", "SHOW")
# Those that the CSRF check lets through.
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")


# Several files of 10 MB may come in one form; Django bounds the rest of a form by itself.
MAX_BODY = 64 * 1024 * 1024


class WriteOnGetError(RuntimeError):
    """A view tried to write while answering a request that must only read."""


def refuse_writes(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
) -> Any:
    """Database wrapper: let reads through, raise on anything else."""
    if not sql.lstrip("( \n").upper().startswith(_READS):
        raise WriteOnGetError(f"Only reads are allowed here, not: {sql[:60]}")
    return execute(sql, params, many, context)


class ReadOnlyGetMiddleware:
    """Refuse any write from a view that answers GET, HEAD, OPTIONS or TRACE.

    Mail scanners and browsers follow links by themselves: a link must change nothing. Being the
    innermost middleware, it leaves sessions and sign-in counters (outer layers) alone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, inside the guard when its method is safe."""
        if request.method not in _SAFE_METHODS:
            return self.get_response(request)
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(refuse_writes))
            return self.get_response(request)


class BoundedRequestMiddleware:
    """Refuse, before anything reads them, bodies that would fill the disk and NUL characters in
    addresses, which PostgreSQL cannot look for.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """413 or 400 in a few words, or the answer of what follows."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()) or int(length[:20]) > MAX_BODY:
            return _refusal("Cet envoi est trop volumineux.", 413)
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return _refusal("Cette adresse contient un caractère interdit.", 400)
        return self.get_response(request)


def _refusal(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


class SecurityHeadersMiddleware:
    """Headers that Django does not set itself; personal pages are never kept by caches."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request and complete the response's headers."""
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(self), interest-cohort=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        if isinstance(response, HttpResponse) and not request.path.startswith(
            f"/{settings.STATIC_URL.strip('/')}/"
        ):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
