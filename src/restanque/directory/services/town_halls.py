"""The contact list of day one: a mairie for each commune, from the shipped town halls."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import Workspace
from restanque.directory.models import Organisation
from restanque.directory.naming import town_hall_name
from restanque.directory.nomenclature import Kind
from restanque.directory.services.organisations import OrganisationFields, create_organisation
from restanque.directory.services.saving import assign, save
from restanque.territories.models import Commune, Territory, TownHall
from restanque.territories.reference.sources import sources

REASON = "annuaire de l’administration"


@dataclass(frozen=True, slots=True)
class TownHallReport:
    """What a run did, in numbers of communes; `without_email` names those to look up."""

    created: int
    completed: int
    unchanged: int
    without_email: tuple[str, ...]


@transaction.atomic
def populate_town_halls(*, workspace: Workspace, territory: Territory) -> TownHallReport:
    """Make sure each of today's communes has its mairie; run again, it changes nothing.

    A mairie already there keeps all that people wrote: only its empty fields are filled.
    """
    today = timezone.localdate()
    communes = territory.communes_at(today).select_related("town_hall")
    existing: dict[str, Organisation] = {}
    for organisation in Organisation.objects.filter(
        workspace=workspace, kind=Kind.MAIRIE, active=True, commune__in=communes
    ).order_by("-pk"):
        existing[str(organisation.commune_id)] = organisation
    created = completed = unchanged = 0
    without_email = []
    for commune in communes:
        mairie = existing.get(commune.pk)
        if mairie is None:
            mairie = create_mairie(workspace=workspace, commune=commune)
            created += 1
        elif _complete(mairie, commune):
            completed += 1
        else:
            unchanged += 1
        if not mairie.email:
            without_email.append(commune.name)
    return TownHallReport(created, completed, unchanged, tuple(without_email))


def create_mairie(*, workspace: Workspace, commune: Commune, reason: str = REASON) -> Organisation:
    """The mairie of a commune, with what the DILA directory publishes of it."""
    fields: OrganisationFields = {**_published(commune), "commune": commune}
    return create_organisation(
        workspace=workspace,
        kind=Kind.MAIRIE,
        name=town_hall_name(commune.name),
        reason=reason,
        **fields,
    )


def _complete(mairie: Organisation, commune: Commune) -> bool:
    """Fill the empty fields of a mairie; False when there is nothing to add."""
    known = _published(commune)
    missing = {
        field: value
        for field, value in known.items()
        if value not in (None, "")
        and getattr(mairie, field) in (None, "")
        # The position is one value in two fields, the source that of a record without any.
        and (field not in ("longitude", "latitude") or mairie.point is None)
    }
    if not missing.keys() - {"source"}:
        return False
    save(assign(mairie, missing), reason=REASON)
    return True


def _published(commune: Commune) -> OrganisationFields:
    hall: TownHall | None = getattr(commune, "town_hall", None)
    if hall is None:
        return {"longitude": commune.longitude, "latitude": commune.latitude}
    street, postal_code = _split_address(hall.address)
    return {
        "address": street,
        "postal_code": postal_code,
        "phone": hall.telephone,
        "email": hall.email,
        "website": hall.website,
        "opening_hours": "\n".join(hall.hours_lines()),
        "longitude": commune.longitude,
        "latitude": commune.latitude,
        "source": f"DILA, annuaire de l’administration ({_vintage()})",
    }


def _split_address(address: str) -> tuple[str, str]:
    """Street lines, and the postal code that begins the last line."""
    lines = [line.strip() for line in address.splitlines() if line.strip()]
    if not lines:
        return "", ""
    code = lines[-1].split(" ", 1)[0]
    if not (code.isdigit() and len(code) == 5):
        return ", ".join(lines), ""
    return ", ".join(lines[:-1]), code


def _vintage() -> str:
    vintage = sources()["town_halls.parquet"].vintage
    return vintage[:1].lower() + vintage[1:]
