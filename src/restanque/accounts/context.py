"""Template context: the current membership, or None."""

from typing import Any

from django.http import HttpRequest

from restanque.accounts.demo import demo_allowed


def workspace(request: HttpRequest) -> dict[str, Any]:
    """`membership` on every page, and whether another workspace can be chosen."""
    membership = getattr(request, "membership", None)
    others = membership is not None and membership.user.memberships.active().count() > 1
    return {
        "membership": membership,
        "has_other_workspaces": others,
        "demo_sign_in": membership is None and demo_allowed(request),
    }
