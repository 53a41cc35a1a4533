"""Mail-merge and letters: the same links, carried by somebody else's program or by the post.

Making the file is an act (links are accesses): it is recorded with who asked and for whom. The
invitations count as sent only once somebody says that the mailing has left.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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


def expected(campaign: Campaign, kind: SendingKind) -> list[Invitation]:
    """Whom a mailing concerns: those not yet written to, or those to remind.

    A letter or another mailbox reaches even where the e-mail bounced; never who refused or asked
    to be left alone.
    """
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
    concerned = expected(campaign, kind)
    if not concerned:
        raise ValidationError("Personne n’est concerné par ce publipostage.")
    sending = Sending(
        campaign=campaign, medium=medium, kind=kind, requested_by=by, started_at=timezone.now(),
        status=SendingStatus.RUNNING, confirmed_count=len(concerned),
    )  # fmt: skip
    sending.full_clean()
    sending.save()
    SendingLine.objects.bulk_create(
        SendingLine(sending=sending, invitation=invitation) for invitation in concerned
    )
    return sending


def merge_lines(sending: Sending) -> list[MergeLine]:
    """The rows of a mailing: one a recipient by e-mail, one an organisation by post."""
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
            recipients = reachable[invitation.organisation_id] or [None]
        rows += [MergeLine(invitation, recipient, link, code) for recipient in recipients]
    return rows


@transaction.atomic
def mark_left(*, sending: Sending, by: User | None) -> int:
    """Somebody says that the mailing has left: its invitations are sent; how many."""
    lines = sending.lines.filter(status=LineStatus.PENDING).select_related("invitation")
    now = timezone.now()
    done = 0
    for line in lines:
        invitations.mark_sent(
            invitation=line.invitation, at=now, recipients=line.invitation.recipients
        )
        done += 1
    lines.update(status=LineStatus.QUEUED, at=now)
    Sending.objects.filter(pk=sending.pk).update(status=SendingStatus.DONE, finished_at=now)
    return done


@transaction.atomic
def withdraw(*, sending: Sending) -> None:
    """The mailing will not leave."""
    sending.lines.filter(status=LineStatus.PENDING).update(
        status=LineStatus.SKIPPED, reason="publipostage abandonné", at=timezone.now()
    )
    Sending.objects.filter(pk=sending.pk).update(
        status=SendingStatus.CANCELLED, finished_at=timezone.now()
    )
