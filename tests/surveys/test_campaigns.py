"""Campaigns and invitations: what may be asked of whom, what state follows."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.surveys import perms, wording
from restanque.surveys.models import Campaign, Invitation, QuestionnaireVersion, Response
from restanque.surveys.services import answers, campaigns, invitations, questionnaires
from restanque.territories.models import Territory
from tests.surveys import forms
from tests.surveys.test_respondent_safety import answered

pytestmark = pytest.mark.django_db


def fields(territory: Territory, version: QuestionnaireVersion, **changes: Any) -> dict[str, Any]:
    return {
        "territory": territory,
        "version": version,
        "name": "Éclairer",
        "opens_on": date(2026, 11, 1),
        "closes_on": date(2026, 12, 1),
        "purge_on": date(2028, 12, 31),
        "sender_name": "PAT",
        "reply_to": "pat@example.org",
        "purpose": "Savoir.",
        **changes,
    }


def test_a_campaign_starts_with_words_and_a_notice(
    territory: Territory, version: QuestionnaireVersion
) -> None:
    campaign = campaigns.create_campaign(**fields(territory, version))
    assert campaign.status == "draft"
    assert "{lien}" in campaign.invitation_body
    for word in ("Responsable du traitement", "Finalité", "Base légale", "Conservation", "CNIL"):
        assert word in campaign.privacy_notice


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes_on": date(2026, 10, 1)}, "__all__"),
        ({"purge_on": date(2026, 12, 1)}, "__all__"),
        ({"reply_to": "no address"}, "reply_to"),
        ({"name": ""}, "name"),
        ({"minutes": 0}, "minutes"),
    ],
)
def test_impossible_campaigns_are_refused(
    territory: Territory, version: QuestionnaireVersion, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        campaigns.create_campaign(**fields(territory, version, **changes))
    assert field in refused.value.message_dict


def test_a_campaign_asks_a_published_version_of_its_workspace(
    territory: Territory, version: QuestionnaireVersion, other_workspace: Workspace
) -> None:
    draft = questionnaires.add_version(
        questionnaire=version.questionnaire, data=forms.source(), filename="x.md"
    )
    with pytest.raises(ValidationError, match="Publiez"):
        campaigns.create_campaign(**fields(territory, draft))
    foreign = questionnaires.install_shipped_questionnaire(workspace=other_workspace)
    with pytest.raises(ValidationError, match="autre espace"):
        campaigns.create_campaign(**fields(territory, foreign))


def test_the_version_is_fixed_by_the_first_answer(invitation: Invitation) -> None:
    campaign = invitation.campaign
    other = questionnaires.publish_version(
        version=questionnaires.add_version(
            questionnaire=campaign.version.questionnaire, data=forms.source(), filename="x.md"
        )
    )
    first = campaign.version
    campaigns.update_campaign(campaign=campaign, version=other)
    campaigns.update_campaign(campaign=campaign, version=first)
    answered(invitation)
    with pytest.raises(ValidationError, match="version du questionnaire est fixée"):
        campaigns.update_campaign(campaign=campaign, version=other)


def test_a_demonstration_workspace_makes_fictitious_campaigns_only(
    territory: Territory, version: QuestionnaireVersion
) -> None:
    territory.workspace.fictitious = True
    territory.workspace.save()
    assert campaigns.create_campaign(**fields(territory, version)).fictitious


def test_unknown_fields_are_a_mistake_of_the_caller(campaign: Campaign) -> None:
    with pytest.raises(TypeError, match="fictitious"):
        campaigns.update_campaign(campaign=campaign, fictitious=False)


def test_inviting_twice_adds_nobody(campaign: Campaign, organisations: list[Any]) -> None:
    assert invitations.add_invitations(campaign=campaign, organisations=organisations) == 3
    assert invitations.add_invitations(campaign=campaign, organisations=organisations) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(campaign=campaign, organisation=organisations[0])


def test_nobody_of_another_workspace_is_invited(
    campaign: Campaign, other_workspace: Workspace
) -> None:
    stranger = create_organisation(workspace=other_workspace, kind=Kind.MAIRIE, name="Ailleurs")
    with pytest.raises(ValidationError, match="autre espace"):
        invitations.add_invitations(campaign=campaign, organisations=[stranger])
    assert not campaign.invitations.exists()


def state_of(invitation: Invitation) -> str:
    return Invitation.objects.with_state().get(pk=invitation.pk).state


def test_the_state_follows_what_happened(invitation: Invitation, bob: Membership) -> None:
    now = timezone.now()
    seen = [state_of(invitation)]
    invitations.mark_sent(invitation=invitation, at=now, recipients=["a@example.org"])
    seen.append(state_of(invitation))
    invitations.mark_bounced(invitation=invitation, reason="550 inconnu")
    seen.append(state_of(invitation))
    response = answered(invitation)
    seen.append(state_of(invitation))
    invitations.refuse(invitation=invitation)
    seen.append(state_of(invitation))
    answers.submit(invitation=invitation)
    seen.append(state_of(invitation))
    Response.objects.filter(pk=response.pk).update(status="validated")
    seen.append(state_of(invitation))
    Response.objects.filter(pk=response.pk).update(status="rejected")
    seen.append(state_of(invitation))
    answers.reopen(response=Response.objects.get(pk=response.pk), by=bob.user)
    seen.append(state_of(invitation))
    assert seen == [
        "not_sent", "sent", "bounced", "started", "refused", "submitted", "validated", "rejected",
        "started",
    ]  # fmt: skip


def test_reminders_reach_only_those_who_should_get_them(
    invitation: Invitation, other_invitation: Invitation, campaign: Campaign
) -> None:
    third = campaign.invitations.exclude(pk__in=[invitation.pk, other_invitation.pk]).get()
    assert not campaign.invitations.to_remind().exists()
    for each in (invitation, other_invitation, third):
        invitations.mark_sent(invitation=each, at=timezone.now(), recipients=["a@example.org"])
    assert campaign.invitations.to_remind().count() == 3
    answered(invitation)
    assert campaign.invitations.to_remind().count() == 3
    answers.submit(invitation=invitation)
    invitations.stop_reminders(invitation=other_invitation)
    invitations.mark_bounced(invitation=third, reason="550")
    assert not campaign.invitations.to_remind().exists()


def test_progress_counts_and_says_none_without_anybody(
    campaign: Campaign, invitation: Invitation, territory: Territory, version: QuestionnaireVersion
) -> None:
    answered(invitation)
    answers.submit(invitation=invitation)
    progress = campaigns.campaign_progress(campaign)
    assert (progress.invited, progress.answered) == (3, 1)
    assert progress.rate == pytest.approx(1 / 3)
    empty = campaigns.create_campaign(**fields(territory, version))
    assert campaigns.campaign_progress(empty).rate is None


def test_a_campaign_closes_the_day_after_its_last_day(campaign: Campaign) -> None:
    assert campaigns.follow_dates(today=campaign.closes_on) == 0
    assert campaigns.follow_dates(today=campaign.closes_on + timedelta(days=1)) == 1
    campaign.refresh_from_db()
    assert campaign.status == "closed"


def test_withdrawing_is_refused_once_something_left(invitation: Invitation) -> None:
    invitations.mark_sent(invitation=invitation, at=timezone.now(), recipients=["a@example.org"])
    with pytest.raises(ValidationError):
        invitations.withdraw_invitation(invitation=invitation)


def test_the_frame_gives_flat_rows_of_the_asked_states(
    campaign: Campaign, invitation: Invitation, other_invitation: Invitation
) -> None:
    for each in (invitation, other_invitation):
        answered(each)
        answers.submit(invitation=each)
    Response.objects.filter(invitation=invitation).update(status="validated")
    (row,) = answers.responses_frame(campaign)
    assert row["organisation"] == "Mairie d’Arles"
    assert row["commune"] == "13004"
    assert row["/data/cantine/repas"] == "120"
    assert isinstance(row["submitted_at"], datetime)
    assert len(list(answers.responses_frame(campaign, ("submitted", "validated")))) == 2


def test_templates_keep_what_looks_like_code(invitation: Invitation) -> None:
    text = wording.fill("{organisation} {lien} {0.__class__} {inconnu}", invitation)
    assert text == "Mairie d’Arles ⟦lien⟧ {0.__class__} {inconnu}"


@pytest.mark.parametrize(
    ("who", "sees", "edits"),
    [
        ("alice", True, True),
        ("bob", True, True),
        ("remi", True, False),
        ("paula", False, False),
        ("charlie", False, False),
        ("bob_elsewhere", False, False),
    ],
)
def test_who_may_see_and_edit_a_campaign(
    request: pytest.FixtureRequest, campaign: Campaign, who: str, sees: bool, edits: bool
) -> None:
    membership = request.getfixturevalue(who)
    assert perms.can_view_campaign(membership, campaign) is sees
    assert perms.can_edit_campaign(membership, campaign) is edits


@pytest.mark.parametrize("status", ["submitted", "validated", "rejected"])
def test_an_answer_without_content_cannot_be_sent(invitation: Invitation, status: str) -> None:
    response = answered(invitation)
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.filter(pk=response.pk).update(status=status)
