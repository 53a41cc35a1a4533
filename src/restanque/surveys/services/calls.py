"""Calls: what was said on the telephone, and who calls whom."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from restanque.accounts.models import Membership, Role, User
from restanque.surveys.models import CallLog, Campaign, Invitation
from restanque.surveys.models.followup import CallOutcome
from restanque.surveys.services import invitations
from restanque.territories.models import TerritoryAccess


@transaction.atomic
def log_call(
    *,
    invitation: Invitation,
    outcome: CallOutcome,
    by: User | None,
    note: str = "",
    call_back_at: datetime | None = None,
) -> CallLog:
    """Record a call. A refusal stops every reminder; a promise to call back needs its moment."""
    if call_back_at is not None and call_back_at <= timezone.now():
        raise ValidationError({"call_back_at": "Choisissez un moment à venir."})
    call = CallLog(
        invitation=invitation,
        outcome=outcome,
        by=by,
        note=note,
        call_back_at=call_back_at if outcome == CallOutcome.CALL_BACK else None,
    )
    call.full_clean()
    call.save()
    if outcome == CallOutcome.REFUSED:
        invitations.refuse(invitation=invitation, by=by, note="par téléphone")
    return call


@transaction.atomic
def assign(*, invitation: Invitation, to: User | None) -> Invitation:
    """Give an invitation to a colleague, or to nobody in particular.

    Only an active member of the workspace may follow an invitation.
    """
    if to is not None and not _members(invitation.campaign).filter(user=to).exists():
        raise ValidationError("Cette personne n’appartient pas à l’équipe.")
    invitation.assigned_to = to
    invitation.save(update_fields=["assigned_to"])
    return invitation


@transaction.atomic
def share(
    *, campaign: Campaign, ranked: Sequence[Invitation], among: Sequence[User], keep: bool = True
) -> int:
    """Deal the calls like cards, in their order, so that each colleague gets easy and hard ones.

    `keep` leaves to each the invitations already theirs. Returns how many were given.
    """
    if not among:
        raise ValidationError("Choisissez au moins une personne.")
    allowed = set(_members(campaign).values_list("user", flat=True))
    if any(person.pk not in allowed for person in among):
        raise ValidationError("Une de ces personnes n’appartient pas à l’équipe.")
    free = [one for one in ranked if not (keep and one.assigned_to_id)]
    for rank, invitation in enumerate(free):
        invitation.assigned_to = among[rank % len(among)]
    Invitation.objects.bulk_update(free, ["assigned_to"])
    return len(free)


def callers(campaign: Campaign) -> list[User]:
    """Colleagues who may be given calls: those who write for the team on this territory."""
    members = _members(campaign).select_related("user").order_by("user__full_name", "pk")
    return [membership.user for membership in members]


def _members(campaign: Campaign) -> QuerySet[Membership]:
    """Active writers of the workspace who cover the campaign's territory."""
    members = Membership.objects.active().filter(
        workspace=campaign.workspace, role__in=(Role.ADMINISTRATOR, Role.AGENT)
    )
    here = TerritoryAccess.objects.filter(territory=campaign.territory_id)
    return members.filter(Q(all_territories=True) | Q(pk__in=here.values("membership")))
