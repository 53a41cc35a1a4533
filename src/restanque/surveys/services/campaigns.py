"""Writes on campaigns, and where they stand."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from restanque.accounts.models import User
from restanque.kit.text import search_key
from restanque.surveys import wording
from restanque.surveys.models import Campaign, Invitation, QuestionnaireVersion, Response
from restanque.surveys.models.campaigns import ANSWERED_STATES, CampaignStatus, InvitationState
from restanque.surveys.services import candidates
from restanque.territories.models import Territory

_TEXTS = {
    "invitation_subject": wording.INVITATION_SUBJECT,
    "invitation_body": wording.INVITATION_BODY,
    "reminder_subject": wording.REMINDER_SUBJECT,
    "reminder_body": wording.REMINDER_BODY,
    "receipt_subject": wording.RECEIPT_SUBJECT,
    "receipt_body": wording.RECEIPT_BODY,
}
_EDITABLE = frozenset(
    {
        "name", "version", "opens_on", "closes_on", "purge_on", "minutes", "sender_name",
        "reply_to", "contact_phone", "purpose", "privacy_notice", "daily_limit", *_TEXTS,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a campaign stands. `rate` is answered ÷ invited, None when nobody is invited."""

    invited: int
    by_state: Mapping[InvitationState, int]

    @property
    def answered(self) -> int:
        """Answers received, validated or not."""
        return sum(self.by_state[state] for state in ANSWERED_STATES)

    @property
    def rate(self) -> float | None:
        """Share of the invited who answered."""
        return self.answered / self.invited if self.invited else None


@transaction.atomic
def create_campaign(
    *,
    territory: Territory,
    version: QuestionnaireVersion,
    name: str,
    opens_on: date,
    closes_on: date,
    purge_on: date,
    sender_name: str,
    reply_to: str,
    purpose: str,
    by: User | None = None,
    fictitious: bool = False,
    **optional: Any,
) -> Campaign:
    """A campaign in preparation. Words that are not given start from the room's own.

    `optional`: minutes, contact_phone, privacy_notice, daily_limit and the message templates.
    A workspace of demonstration makes fictitious campaigns only. The candidates lists that the
    questionnaire can answer come with it.
    """
    _refuse_unknown(optional)
    campaign = Campaign(
        territory=territory,
        version=version,
        name=name,
        name_key=search_key(name),
        opens_on=opens_on,
        closes_on=closes_on,
        purge_on=purge_on,
        sender_name=sender_name,
        reply_to=reply_to,
        purpose=purpose,
        fictitious=fictitious or territory.workspace.fictitious,
        created_by=by,
        **{field: text for field, text in _TEXTS.items() if not optional.get(field)},
        **{field: value for field, value in optional.items() if value not in ("", None)},
    )
    if not campaign.privacy_notice:
        campaign.privacy_notice = wording.default_notice(territory.workspace, campaign)
    campaign.full_clean()
    campaign.save()
    candidates.install_proposed(campaign=campaign, by=by)
    return campaign


@transaction.atomic
def update_campaign(*, campaign: Campaign, **changes: Any) -> Campaign:
    """Change dates, words or, before the first answer, the version.

    Raises ValidationError for a version changed too late, TypeError for an unknown field.
    """
    _refuse_unknown(changes)
    version = changes.get("version", campaign.version)
    if version != campaign.version and Response.objects.filter(invitation__campaign=campaign):
        raise ValidationError(
            {"version": "Des réponses existent déjà : la version du questionnaire est fixée."}
        )
    for field, value in changes.items():
        setattr(campaign, field, value)
    campaign.name_key = search_key(campaign.name)
    campaign.full_clean()
    campaign.save()
    return campaign


@transaction.atomic
def open_campaign(*, campaign: Campaign, by: User | None = None) -> Campaign:
    """Start taking answers, also again after a closing."""
    return _set_status(campaign, CampaignStatus.OPEN)


@transaction.atomic
def close_campaign(*, campaign: Campaign, by: User | None = None) -> Campaign:
    """Stop taking answers on line; drafts stay as they are, the team may still enter."""
    return _set_status(campaign, CampaignStatus.CLOSED)


def follow_dates(*, today: date) -> int:
    """Close the campaigns whose last day has passed; how many. Run by a regular job."""
    ended = Campaign.objects.open().filter(closes_on__lt=today)
    for campaign in ended:
        close_campaign(campaign=campaign)
    return len(ended)


def closed_on(campaign: Campaign) -> date | None:
    """The day since when no answer is taken, None when it is open or its history does not say.

    A job closes on the morning after the last day: the last day is then the true one.
    """
    if campaign.status != CampaignStatus.CLOSED:
        return None
    states = campaign.history.order_by("-history_date", "-history_id")
    moment = None
    for status, at in states.values_list("status", "history_date"):
        if status != CampaignStatus.CLOSED:
            break
        moment = at
    return min(timezone.localtime(moment).date(), campaign.closes_on) if moment else None


def campaign_progress(campaign: Campaign) -> Progress:
    """Counts by state, in one query."""
    invited: QuerySet[Any] = Invitation.objects.filter(campaign=campaign).with_state()
    counts = Counter(invited.values_list("state", flat=True))
    by_state = {state: counts[state.value] for state in InvitationState}
    return Progress(invited=sum(by_state.values()), by_state=by_state)


def _set_status(campaign: Campaign, status: CampaignStatus) -> Campaign:
    campaign.status = status
    campaign.full_clean()
    campaign.save(update_fields=["status"])
    return campaign


def _refuse_unknown(fields: Mapping[str, Any]) -> None:
    unknown = set(fields) - _EDITABLE
    if unknown:
        raise TypeError(f"Not fields of a campaign: {', '.join(sorted(unknown))}")
