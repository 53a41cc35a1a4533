"""Writes on canteens."""

from datetime import date
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction

from restanque.accounts.models import Workspace
from restanque.directory.models import Canteen, Organisation
from restanque.directory.naming import whole_commune_name
from restanque.directory.services.saving import assign, save
from restanque.territories.models import Commune


class CanteenValues(TypedDict, total=False):
    """What an answer may say of a canteen: ma-cantine's fields. None or "" when unknown."""

    address: str
    sector_list: str
    line_ministry: str
    management_type: str
    production_type: str
    economic_model: str
    central_producer_siret: str
    daily_meal_count: int | None
    yearly_meal_count: int | None
    longitude: float | None
    latitude: float | None
    notes: str
    source: str
    checked_on: date | None
    fictitious: bool


class CanteenFields(CanteenValues, total=False):
    """What may be written of one canteen besides its name."""

    organisation: Organisation | None
    commune: Commune | None
    siret: str
    siren_unite_legale: str
    ma_cantine_id: int | None
    groupe_id: int | None


class CanteenChanges(CanteenFields, total=False):
    """What may be changed of one canteen."""

    name: str


@transaction.atomic
def create_canteen(
    *, workspace: Workspace, name: str, reason: str = "", **fields: Unpack[CanteenFields]
) -> Canteen:
    """A new canteen. Raises ValidationError, keyed by field, in French."""
    canteen = Canteen(workspace=workspace)
    assign(canteen, {"name": name, **fields})
    _check_same_workspace(canteen)
    return save(canteen, reason=reason)


@transaction.atomic
def update_canteen(
    *, canteen: Canteen, reason: str = "", **changes: Unpack[CanteenChanges]
) -> Canteen:
    """Change some fields of a canteen."""
    assign(canteen, changes)
    _check_same_workspace(canteen)
    return save(canteen, reason=reason)


@transaction.atomic
def archive_canteen(*, canteen: Canteen, active: bool = False) -> Canteen:
    """Take a canteen out of lists, or (`active=True`) bring it back; nothing is deleted."""
    canteen.active = active
    return save(canteen, reason="remise en service" if active else "archivée")


@transaction.atomic
def canteen_for_whole_commune(
    *, organisation: Organisation, reason: str = "", **values: Unpack[CanteenValues]
) -> Canteen:
    """The « ensemble » canteen of a mairie, created the first time, then brought up to date.

    Raises ValidationError when the organisation has no commune.
    """
    if organisation.commune is None:
        raise ValidationError(
            f"« {organisation} » n’a pas de commune : indiquez-la sur sa fiche d’abord."
        )
    canteen = Canteen.objects.filter(organisation=organisation, whole_commune=True).first()
    if canteen is None:
        canteen = Canteen(
            workspace=organisation.workspace,
            organisation=organisation,
            commune=organisation.commune,
            whole_commune=True,
            fictitious=organisation.fictitious,
        )
        assign(canteen, {"name": whole_commune_name(organisation.commune.name)})
    assign(canteen, values)
    return save(canteen, reason=reason)


def _check_same_workspace(canteen: Canteen) -> None:
    owner = canteen.organisation
    if owner is not None and owner.workspace_id != canteen.workspace_id:
        raise ValueError("A canteen and its organisation belong to one workspace.")
