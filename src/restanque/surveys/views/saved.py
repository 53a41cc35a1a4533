"""Analyses kept under a name: core's saved views, one list for each campaign.

What is kept is a question, its crossing, its filter; the link opens for whoever may see the
campaign. A view is one's own, or the team's when its author shared it.
"""

from dataclasses import dataclass

from django.urls import reverse

from restanque.accounts.perms import MemberRequest, can_write
from restanque.core.models import SavedView
from restanque.surveys.models import Campaign


@dataclass(frozen=True, slots=True)
class SavedAnalyses:
    """`query` is what would be kept of the page that shows them ("" on the index)."""

    list_key: str
    path: str
    query: str
    views: tuple[SavedView, ...]
    own: int
    can_share: bool


def saved_panel(request: MemberRequest, campaign: Campaign, *, query: str) -> SavedAnalyses:
    """Those of the campaign that this member may open. One query."""
    list_key = f"surveys:analyses:{campaign.pk}"
    views = SavedView.objects.usable_by(request.membership, list_key)
    return SavedAnalyses(
        list_key=list_key,
        path=reverse("surveys:analysis", args=[campaign.pk]),
        query=query,
        views=tuple(views),
        own=request.membership.user_id,
        can_share=can_write(request.membership),
    )
