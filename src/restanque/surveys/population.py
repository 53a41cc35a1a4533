"""Whom a campaign may invite: any part of the directory, on its territory. Reading only."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from restanque.accounts.models import Membership
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.reach import recipients_by_organisation
from restanque.surveys.models import Campaign
from restanque.territories.sizes import BY_CODE


@dataclass(frozen=True, slots=True)
class Criteria:
    """What narrows the directory; empty values narrow nothing."""

    kind: str = Kind.MAIRIE
    tag: int | None = None
    epci: str = ""
    zone: int | None = None
    size: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that answers the criteria. `addresses` is how many may be written to."""

    organisation: Organisation
    addresses: tuple[str, ...]
    invited: bool


def organisations_of(
    campaign: Campaign, membership: Membership, criteria: Criteria, on: date
) -> QuerySet[Organisation]:
    """Active organisations the member sees, in the campaign's communes of that day."""
    communes = campaign.territory.communes_at(on)
    if criteria.epci:
        communes = communes.filter(epci=criteria.epci)
    if criteria.zone:
        communes = communes.filter(zones=criteria.zone)
    if size := BY_CODE.get(criteria.size):
        communes = communes.filter(population__gte=size.lower)
        if size.upper is not None:
            communes = communes.filter(population__lte=size.upper)
    found = Organisation.objects.visible_to(membership).active()
    found = found.filter(workspace=campaign.workspace, commune__in=communes.values("pk"))
    if criteria.kind:
        found = found.filter(kind=criteria.kind)
    if criteria.tag:
        found = found.filter(tags=criteria.tag)
    return found.select_related("commune__epci").distinct().order_by("name_key", "pk")


def candidates(campaign: Campaign, found: QuerySet[Organisation]) -> list[Candidate]:
    """The organisations with their addresses, and whether they are invited already."""
    rows = list(found)
    reachable = recipients_by_organisation(rows)
    invited = set(campaign.invitations.values_list("organisation_id", flat=True))
    return [
        Candidate(row, tuple(one.email for one in reachable[row.pk]), invited=row.pk in invited)
        for row in rows
    ]
