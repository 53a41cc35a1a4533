"""Gives each signed-in request its membership: the workspace where the user is now."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from restanque.accounts.models import Membership

SESSION_KEY = "workspace"


class MembershipMiddleware:
    """Set `request.membership`: the chosen workspace's, else the first one, else None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Attach the membership; it is read once a request."""
        request.membership = current_membership(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def current_membership(request: HttpRequest) -> Membership | None:
    """The membership in force for this request's user, or None (anonymous, or no workspace)."""
    if not request.user.is_authenticated:
        return None
    memberships = (
        Membership.objects.active().filter(user=request.user).select_related("workspace", "user")
    )
    chosen = request.session.get(SESSION_KEY)
    found = list(memberships)
    return next((m for m in found if m.workspace_id == chosen), found[0] if found else None)
