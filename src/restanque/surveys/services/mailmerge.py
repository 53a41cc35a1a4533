"""Mail-merge and letters: the same links, carried by somebody else's program or by the post.

Making the file is an act (links are accesses): it is recorded with who asked and for whom. The
invitations count as sent only once somebody says that the mailing has left.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import User
from restanque.directory.models import Organisation
from restanque.directory.reach import Recipient, recipients_by_organisation
from restanque.kit.text import format_date
from restanque.surveys.codes import code_of
from restanque.surveys.links import personal_url
from restanque.surveys.models import Campaign, Invitation, Sending, SendingLine
from restanque.surveys.models.sendings import (
    LineStatus,
    SendingKind,
    SendingMedium,
    SendingStatus,
)
from restanque.surveys.services import invitations
from restanque.surveys.services.planning import (
    NO_ADDRESS,
    PlannedLine,
    SendingPlan,
    plan_sending,
)

# A mail-merge cannot reach them: said with what can.
UNREACHABLE = "sans adresse : à appeler ou par courrier"

HEADERS = (
    "Organisme", "Commune", "Code INSEE", "Destinataire", "Adresse électronique", "Adresse",
    "Code postal", "Téléphone", "Enquête", "Lien personnel", "Code à taper", "Clôture",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MergeLine:
    """One recipient of a mailing."""

    invitation: Invitation
    recipient: Recipient | None
    link: str
    code: str

    @property
    def organisation(self) -> Organisation:
        """Who is written to."""
        return self.invitation.organisation

    def cells(self) -> tuple[str, ...]:
        """The row of the file, in the order of HEADERS."""
        organisation, campaign = self.organisation, self.invitation.campaign
        commune = organisation.commune
        return (
            str(organisation),
            commune.name if commune else "",
            commune.code if commune else "",
            self.recipient.name if self.recipient else "",
            self.recipient.email if self.recipient else "",
            organisation.address,
            organisation.postal_code,
            organisation.phone,
            campaign.name,
            self.link,
            self.code,
            format_date(campaign.closes_on, long=True),
        )


def plan_mailing(
    *, campaign: Campaign, medium: SendingMedium, kind: SendingKind, now: datetime
) -> SendingPlan:
    """Whom a mailing concerns, and why not the others.

    By e-mail, the list of the sendings from here (same addresses, same reasons), less those who
    asked to be left alone. A letter needs no address: it leaves nobody out for want of one.
    """
    if medium == SendingMedium.PAPER:
        lines = [PlannedLine(invitation, ()) for invitation in _by_post(campaign, kind)]
        return SendingPlan(kind, tuple(lines))
    plan = plan_sending(campaign=campaign, kind=kind, now=now, from_here=False)
    return SendingPlan(kind, tuple(_by_merge(line) for line in plan.lines))


def _by_merge(line: PlannedLine) -> PlannedLine:
    if line.why_not == NO_ADDRESS:
        return replace(line, why_not=UNREACHABLE)
    if line.leaves and line.invitation.no_reminder:
        return replace(line, why_not="ne veut plus être relancée")
    return line


def _by_post(campaign: Campaign, kind: SendingKind) -> list[Invitation]:
    """Those not yet written to, or those to remind, even where the e-mail bounced; never who
    refused or asked to be left alone."""
    found = Invitation.objects.filter(campaign=campaign).awaiting().filter(no_reminder=False)
    found = found.filter(sent_at__isnull=kind == SendingKind.INVITATION)
    return list(
        found.select_related("organisation__commune").order_by("organisation__name_key", "pk")
    )


@transaction.atomic
def prepare(
    *, campaign: Campaign, medium: SendingMedium, kind: SendingKind, by: User | None
) -> Sending:
    """Record a mailing and its list. ValidationError when nobody is concerned."""
    if not campaign.is_open:
        raise ValidationError("Ouvrez d’abord la campagne : les liens ne mènent encore à rien.")
    now = timezone.now()
    plan = plan_mailing(campaign=campaign, medium=medium, kind=kind, now=now)
    concerned = [line.invitation for line in plan.leaving]
    if not concerned:
        raise ValidationError("Personne n’est concerné par ce publipostage.")
    sending = Sending(
        campaign=campaign, medium=medium, kind=kind, requested_by=by, started_at=now,
        status=SendingStatus.RUNNING, confirmed_count=len(concerned),
    )  # fmt: skip
    sending.full_clean()
    sending.save()
    SendingLine.objects.bulk_create(
        SendingLine(sending=sending, invitation=invitation) for invitation in concerned
    )
    return sending


def merge_lines(sending: Sending) -> list[MergeLine]:
    """The rows of a mailing: one a recipient by e-mail, one an organisation by post.

    An organisation that lost its address since the preparation is in no e-mail.
    """
    lines = sending.lines.select_related("invitation__organisation__commune").order_by(
        "invitation__organisation__name_key", "pk"
    )
    found = [line.invitation for line in lines]
    reachable = recipients_by_organisation([invitation.organisation for invitation in found])
    rows: list[MergeLine] = []
    for invitation in found:
        invitation.campaign = sending.campaign
        link, code = personal_url(invitation), code_of(invitation)
        recipients: Sequence[Recipient | None] = [None]
        if sending.medium == SendingMedium.MERGE:
            recipients = reachable[invitation.organisation_id]
        rows += [MergeLine(invitation, recipient, link, code) for recipient in recipients]
    return rows


@transaction.atomic
def mark_left(*, sending: Sending, by: User | None) -> int:
    """Somebody says that the mailing has left: its invitations are sent; how many.

    By e-mail, the addresses of the file are kept (a bounce is theirs), and who has none was not
    written to. A letter says nothing of the addresses.
    """
    lines = list(
        sending.lines.filter(status=LineStatus.PENDING).select_related("invitation__organisation")
    )
    reachable = recipients_by_organisation([line.invitation.organisation for line in lines])
    now = timezone.now()
    for line in lines:
        invitation = line.invitation
        addresses = [one.email for one in reachable[invitation.organisation_id]]
        line.status, line.at = LineStatus.QUEUED, now
        if sending.medium == SendingMedium.PAPER:
            invitations.mark_posted(invitation=invitation, at=now)
        elif addresses:
            invitations.mark_sent(invitation=invitation, at=now, recipients=addresses)
        else:
            line.status, line.reason = LineStatus.SKIPPED, UNREACHABLE
    SendingLine.objects.bulk_update(lines, ["status", "reason", "at"])
    Sending.objects.filter(pk=sending.pk).update(status=SendingStatus.DONE, finished_at=now)
    return sum(line.status == LineStatus.QUEUED for line in lines)


@transaction.atomic
def withdraw(*, sending: Sending) -> None:
    """The mailing will not leave."""
    sending.lines.filter(status=LineStatus.PENDING).update(
        status=LineStatus.SKIPPED, reason="publipostage abandonné", at=timezone.now()
    )
    Sending.objects.filter(pk=sending.pk).update(
        status=SendingStatus.CANCELLED, finished_at=timezone.now()
    )
