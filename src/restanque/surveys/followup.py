"""Who awaits a call, with what the caller needs to know. Reading only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils import timezone

from restanque.directory.models import Contact
from restanque.directory.reach import recipients_by_organisation
from restanque.kit.text import format_date
from restanque.surveys.models import CallLog, Campaign, Invitation
from restanque.surveys.models.sendings import LineStatus
from restanque.surveys.ranking import Reason, Situation, call_order
from restanque.surveys.services.planning import held_lines


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call to make: the invitation, why now, whom, by which number, the last exchange."""

    invitation: Invitation
    situation: Situation
    reason: Reason
    phone: str
    person: str
    last: str


def calls_to_make(campaign: Campaign, today: date) -> list[CallLine]:
    """The calls of the day, first to last (the rule is `ranking.RULE`). Six queries."""
    waiting = list(
        Invitation.objects.filter(campaign=campaign)
        .awaiting()
        .with_state()
        .annotate(
            messages=Count(
                "sending_lines",
                filter=Q(sending_lines__status=LineStatus.QUEUED)
                & ~Q(sending_lines__message_key__in=held_lines(campaign)),
            )
        )
        .select_related("organisation__commune", "assigned_to", "response")
        .defer("response__instance", "response__submitted_xml", "response__flat")
        .order_by("pk")
    )
    by_pk = {invitation.pk: invitation for invitation in waiting}
    last_calls = _last_calls(campaign)
    people = _contacts(waiting)
    reachable = recipients_by_organisation([one.organisation for one in waiting])
    situations = [
        _situation(
            one,
            has_address=bool(reachable[one.organisation_id]),
            has_phone=bool(one.organisation.phone or people[one.organisation_id]),
            call=last_calls.get(one.pk),
        )
        for one in waiting
    ]
    lines = []
    for situation, reason in call_order(situations, today):
        invitation = by_pk[situation.pk]
        contact = next(iter(people[invitation.organisation_id]), None)
        lines.append(
            CallLine(
                invitation,
                situation,
                reason,
                phone=contact.phone if contact else invitation.organisation.phone,
                person=_named(contact) if contact else "l’accueil",
                last=last_exchange(invitation, last_calls.get(invitation.pk)),
            )
        )
    return lines


def last_exchange(invitation: Invitation, call: CallLog | None) -> str:
    """« Appel du 20 nov. 2026 : pas de réponse », « Courriel du 19 nov. 2026 », « Aucun »."""
    if call is not None and (invitation.sent_at is None or call.at > invitation.sent_at):
        return f"Appel du {_day(call.at)} : {call.get_outcome_display()}"
    if invitation.sent_at is not None:
        return f"Message du {_day(invitation.sent_at)}"
    return "Aucun"


def _situation(
    invitation: Invitation, *, has_address: bool, has_phone: bool, call: CallLog | None
) -> Situation:
    commune = invitation.organisation.commune
    response = getattr(invitation, "response", None)
    return Situation(
        pk=invitation.pk,
        name=invitation.organisation.name_key,
        state=invitation.state,  # type: ignore[attr-defined]
        population=commune.population if commune else None,
        has_address=has_address,
        has_phone=has_phone,
        sent_on=_local(invitation.sent_at),
        started_on=_local(response.updated_at) if response is not None else None,
        call_back_on=_local(call.call_back_at) if call is not None else None,
        last_call_on=_local(call.at) if call is not None else None,
        last_outcome=call.outcome if call is not None else "",
        messages=invitation.messages,  # type: ignore[attr-defined]
    )


def _last_calls(campaign: Campaign) -> dict[int, CallLog]:
    """The latest call of each invitation."""
    calls = CallLog.objects.filter(invitation__campaign=campaign).order_by("at", "pk")
    return {call.invitation_id: call for call in calls}


def _contacts(invitations: Iterable[Invitation]) -> dict[int, list[Contact]]:
    """Contacts with a telephone who did not ask for silence, by organisation."""
    found: dict[int, list[Contact]] = defaultdict(list)
    keys = [one.organisation_id for one in invitations]
    contacts = Contact.objects.filter(organisation__in=keys, do_not_contact=False)
    for contact in contacts.exclude(phone="").order_by("pk"):
        found[contact.organisation_id].append(contact)
    return found


def _named(contact: Contact) -> str:
    return f"{contact.full_name}, {contact.function}" if contact.function else contact.full_name


def _local(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment is not None else None


def _day(moment: datetime) -> str:
    return format_date(timezone.localtime(moment).date())
