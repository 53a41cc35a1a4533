"""Offers of places that a public file names: to complete, and taken away with their import."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from restanque.accounts.models import Workspace
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services.saving import erase_history
from restanque.supply.models import (
    BakeryOffer,
    BakeryPrice,
    ExcludedBakery,
    ExcludedMill,
    MillFlour,
    MillOffer,
    ScenarioLink,
)
from restanque.supply.nomenclature import BreadClass
from restanque.supply.services.saving import save
from restanque.territories.models import Territory


@transaction.atomic
def offer_to_complete(
    *, territory: Territory, organisation: Organisation, source: str, today: date
) -> BakeryOffer | MillOffer | None:
    """A bakery's or a mill's offer of which nothing is known but that it makes plain bread or
    flour; None when it has an offer already."""
    model = BakeryOffer if organisation.kind == Kind.BAKERY else MillOffer
    if model._default_manager.filter(territory=territory, organisation=organisation).exists():
        return None
    offer = model(
        territory=territory,
        organisation=organisation,
        source=source,
        observed_on=today,
        fictitious=organisation.fictitious,
    )
    save(offer, reason="nommée par un fichier public")
    part = (
        BakeryPrice(offer=offer, bread_class=BreadClass.COURANT)
        if isinstance(offer, BakeryOffer)
        else MillFlour(offer=offer, bread_class=BreadClass.COURANT)
    )
    part.full_clean()
    part.save()
    return offer


@transaction.atomic
def withdraw_offer(*, kind: str, pk: int, workspace: Workspace) -> bool:
    """Take away what `offer_to_complete` made; False when somebody completed or used it since."""
    model = BakeryOffer if kind == "bakeryoffer" else MillOffer
    offer = model._default_manager.filter(pk=pk, territory__workspace=workspace).first()
    if offer is None:
        return True
    if _was_touched(offer):
        return False
    offer.delete()
    erase_history(offer, pk)
    return True


def _was_touched(offer: BakeryOffer | MillOffer) -> bool:
    """Whether it says more than its import did, or a scenario names it."""
    if offer.history.count() > 1 or not offer.active:
        return True
    if isinstance(offer, BakeryOffer):
        links = ScenarioLink.objects.filter(bakery=offer).exists()
        return links or ExcludedBakery.objects.filter(bakery=offer).exists()
    return ExcludedMill.objects.filter(mill=offer).exists()
