"""A list's filters under a name: kept by a member, shared with the team if they wish."""

from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.http import HttpRequest

from restanque.accounts.models import Membership
from restanque.accounts.perms import can_write
from restanque.core.models import SavedView
from restanque.kit import slots

# What is not a filter, and would make the view show something else than what was kept.
_PASSING = {"page", "export", "csrfmiddlewaretoken"}


@transaction.atomic
def save_view(
    *, membership: Membership, list_key: str, name: str, query: str, shared: bool = False
) -> SavedView:
    """Keep filters under a name; the same name again replaces them. Partners and readers keep
    views for themselves only.
    """
    view = SavedView.objects.filter(
        workspace=membership.workspace, user=membership.user, list_key=list_key, name=name
    ).first()
    view = view or SavedView(
        workspace=membership.workspace, user=membership.user, list_key=list_key, name=name
    )
    view.query = urlencode([pair for pair in parse_qsl(query) if pair[0] not in _PASSING])
    view.shared = shared and can_write(membership)
    view.full_clean()
    view.save()
    return view


@transaction.atomic
def delete_view(*, view: SavedView) -> None:
    """Forget a view."""
    view.delete()


def panel(request: HttpRequest, subject: object) -> slots.Panel | None:
    """The saved views of a list, for its slot; the subject is the kit's ListView."""
    membership = getattr(request, "membership", None)
    list_key = getattr(subject, "list_name", "")
    if membership is None or not list_key:
        return None
    views = SavedView.objects.usable_by(membership, list_key).select_related("user")
    query = getattr(subject, "query_string", "")
    return slots.Panel(
        title="Vues enregistrées",
        template="core/saved_views.html",
        context={
            "views": views,
            "list_key": list_key,
            "query": query,
            "path": request.path,
            "own": membership.user_id,
            "can_share": can_write(membership),
        },
        anchor="vues",
    )
