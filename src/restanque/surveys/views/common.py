"""What the team's pages of a campaign share: their frame, and how they open it."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from restanque.accounts.models import Membership
from restanque.accounts.perms import MemberRequest, can_write
from restanque.kit.text import format_date, plural
from restanque.surveys.models import Campaign, Invitation
from restanque.surveys.models.campaigns import CampaignStatus
from restanque.surveys.perms import can_edit_campaign, get_campaign_for, get_invitation_for

read_or_post = require_http_methods(["GET", "HEAD", "POST"])

# Sections of a campaign: (code, label, URL name, whether only writers see it).
SECTIONS = (
    ("board", "Tableau de bord", "surveys:campaign", False),
    ("communes", "Invitations", "surveys:invitations", False),
    ("calls", "Appels", "surveys:calls", True),
    ("review", "Relecture", "surveys:review", True),
    ("results", "Résultats", "surveys:results", False),
    ("report", "Rapport", "surveys:report", True),
    ("sendings", "Envois", "surveys:sendings", True),
    ("settings", "Réglages", "surveys:campaign-edit", True),
)


def editable_campaign(request: MemberRequest, pk: int) -> Campaign:
    """The campaign, for whoever may prepare, send and review it; 404 for anyone else."""
    campaign = get_campaign_for(request, pk)
    if not can_edit_campaign(request.membership, campaign):
        raise Http404
    return campaign


def editable_invitation(request: MemberRequest, pk: int, invitation: int) -> Invitation:
    """An invitation of such a campaign; 404 for anyone else."""
    editable_campaign(request, pk)
    return get_invitation_for(request, pk, invitation)


def campaign_context(request: HttpRequest, campaign: Campaign, section: str) -> dict[str, Any]:
    """The frame's context: state, sections, rights."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    can_edit = can_edit_campaign(membership, campaign)
    return {
        "campaign": campaign,
        "can_edit": can_edit,
        "section": section,
        "sections": [
            (label, reverse(name, args=[campaign.pk]), code == section)
            for code, label, name, writers in SECTIONS
            if can_edit or not writers
        ],
        "state_kind": {"draft": "attente", "open": "cours", "closed": "fait"}[campaign.status],
        "state_words": state_words(campaign),
    }


def state_words(campaign: Campaign) -> str:
    """« En cours, 24 jours restants », « Close le 18 déc. 2026 »…"""
    if campaign.status == CampaignStatus.CLOSED:
        return f"Close, le {format_date(campaign.closes_on)} au plus tard"
    if campaign.status == CampaignStatus.DRAFT:
        return "En préparation"
    left = (campaign.closes_on - timezone.localdate()).days
    if left < 0:
        return "Ouverte, date de clôture passée"
    return f"En cours, {plural(left, 'jour restant', 'jours restants')}"


def only_validated(request: MemberRequest) -> bool:
    """Whether the address asks for validated answers alone; not for who only reads: set against
    all answers, the figures would give away the one or two that wait."""
    return can_write(request.membership) and request.GET.get("reponses") == "validees"
