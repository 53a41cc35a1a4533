"""Who may do what in a workspace: the roles' general rules. Rooms refine them in their perms."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from restanque.accounts.models import Membership, Role

P = ParamSpec("P")


class MemberRequest(HttpRequest):
    """A request whose user has a current membership: what every workspace page receives."""

    membership: Membership
    htmx: Any


def can_read(membership: Membership) -> bool:
    """To read the team's pages, one must be administrator, agent or reader of the workspace.

    A partner reads only what is assigned to it, on pages that say so themselves.
    """
    return membership.role in (Role.ADMINISTRATOR, Role.AGENT, Role.READER)


def can_write(membership: Membership) -> bool:
    """To change the team's data, one must be administrator or agent of the workspace."""
    return membership.role in (Role.ADMINISTRATOR, Role.AGENT)


def can_administer(membership: Membership) -> bool:
    """To manage the workspace, its members and its settings, one must be administrator."""
    return membership.role == Role.ADMINISTRATOR


def require(
    rule: Callable[[Membership], bool],
) -> Callable[
    [Callable[Concatenate[MemberRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Decorate a view: 404 without a membership, 403 when the rule refuses it."""

    def decorate(
        view: Callable[Concatenate[MemberRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            membership = getattr(request, "membership", None)
            if membership is None:
                raise Http404
            if not rule(membership):
                raise PermissionDenied
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        guarded.access_rule = rule  # type: ignore[attr-defined]
        return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", guarded)

    return decorate
