"""Who may see and do what with questionnaires, campaigns and answers."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from restanque.accounts.models import Membership
from restanque.accounts.perms import MemberRequest, can_read, can_write
from restanque.surveys.models import (
    Campaign,
    Invitation,
    Questionnaire,
    QuestionnaireVersion,
    Response,
)


def can_view_campaign(membership: Membership, campaign: Campaign) -> bool:
    """To see a campaign and its answers, one must be administrator, agent or reader of the
    workspace, on a membership that covers the campaign's territory. Never a partner."""
    return can_read(membership) and Campaign.objects.visible_to(membership).contains(campaign)


def can_edit_campaign(membership: Membership, campaign: Campaign) -> bool:
    """To prepare, send, enter or review, one must see the campaign, as administrator or agent."""
    return can_write(membership) and can_view_campaign(membership, campaign)


def can_view_questionnaires(membership: Membership) -> bool:
    """To read the workspace's questionnaires, one must be administrator, agent or reader."""
    return can_read(membership)


def can_edit_questionnaires(membership: Membership) -> bool:
    """To deposit, publish or archive a questionnaire, one must be administrator or agent."""
    return can_write(membership)


def get_campaign_for(request: MemberRequest, pk: int) -> Campaign:
    """The campaign, when its territory is covered by the member; 404 for anyone else."""
    if not can_read(request.membership):
        raise Http404
    return get_object_or_404(
        Campaign.objects.visible_to(request.membership)
        .select_related("version__questionnaire", "territory__workspace")
        # The files of the version are read on the first parsing only.
        .defer("version__source", "version__xform"),
        pk=pk,
    )


def get_invitation_for(request: MemberRequest, campaign_pk: int, pk: int) -> Invitation:
    """An invitation of a campaign that the member may see; 404 for anyone else."""
    campaign = get_campaign_for(request, campaign_pk)
    invitation = get_object_or_404(
        Invitation.objects.with_state().select_related(
            "organisation__commune", "response__version", "response__entered_by"
        ),
        campaign=campaign,
        pk=pk,
    )
    invitation.campaign = campaign
    return invitation


def get_questionnaire_for(request: MemberRequest, pk: int) -> Questionnaire:
    """A questionnaire of the member's workspace; 404 for anyone else."""
    if not can_read(request.membership):
        raise Http404
    return get_object_or_404(Questionnaire.objects.of(request.membership.workspace), pk=pk)


def get_version_for(request: MemberRequest, pk: int) -> QuestionnaireVersion:
    """A version of a questionnaire of the member's workspace; 404 for anyone else."""
    if not can_read(request.membership):
        raise Http404
    return get_object_or_404(
        QuestionnaireVersion.objects.select_related("questionnaire__workspace"),
        questionnaire__workspace=request.membership.workspace,
        pk=pk,
    )


def response_is_writable(response: Response | None, campaign: Campaign) -> bool:
    """A respondent may write while the campaign is open and the answer not sent."""
    return campaign.is_open and (response is None or response.is_draft)


def team_may_enter(response: Response | None) -> bool:
    """The team may enter by telephone or from paper even after the closing, until it is sent."""
    return response is None or response.is_draft
