"""Writes on offers: drawn from the directory and its observed facts, typed, placeholders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from restanque.directory.facts import facts_of_many
from restanque.directory.models import Certification, Organisation, OrganisationFact
from restanque.directory.nomenclature import Kind, Sign
from restanque.supply.models import (
    BakeryOffer,
    BakeryPrice,
    MillFlour,
    MillOffer,
    Need,
    PlatformOffer,
    WheatOffer,
)
from restanque.supply.nomenclature import RULES, BreadClass, Weekday
from restanque.supply.services.saving import change_by_hand, draw, save
from restanque.supply.suppliers import SupplierFinder
from restanque.territories.models import Commune, Territory

#: Class of bread that a visit's form names → class of the plan.
CLASSES: Mapping[str, BreadClass] = {
    "courant": BreadClass.COURANT,
    "tradition": BreadClass.COURANT,
    "campagne": BreadClass.COURANT,
    "individuel": BreadClass.COURANT,
    "complet": BreadClass.COMPLET,
}
# « Plus tard » is no answer for now.
_INTEREST = {"fort": True, "possible": True, "non": False}


@dataclass(frozen=True, slots=True)
class Proposed:
    """One class proposed: its price when known, the certificate that proves its flour."""

    bread_class: BreadClass
    price_per_kg: Decimal | None = None
    certification: Certification | None = None
    capacity_kg_per_day: Decimal | None = None


@dataclass(slots=True)
class OfferReport:
    """What drawing the directory did."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    unread: list[str] = field(default_factory=list)


@transaction.atomic
def save_bakery(
    *,
    territory: Territory,
    organisation: Organisation | None = None,
    offer: BakeryOffer | None = None,
    prices: Sequence[Proposed],
    today: date,
    **fields: Any,
) -> BakeryOffer:
    """Create or correct a bakery's offer by hand. Raises ValidationError, in French, by field."""
    if offer is None:
        offer = BakeryOffer(
            territory=territory,
            organisation=organisation,
            fictitious=organisation.fictitious if organisation else False,
            source="saisie de l’équipe",
            observed_on=today,
        )
    change_by_hand(offer, fields)
    if offer.overrides:
        offer.observed_on = today
    save(offer, reason="saisi par l’équipe")
    _set_prices(offer, prices)
    return offer


@transaction.atomic
def save_mill(
    *,
    territory: Territory,
    organisation: Organisation,
    offer: MillOffer | None = None,
    flours: Sequence[Proposed],
    today: date,
    **fields: Any,
) -> MillOffer:
    """Create or correct a mill's offer."""
    offer = offer or MillOffer(
        territory=territory, organisation=organisation, source="saisie de l’équipe"
    )
    offer.observed_on, offer.fictitious = today, organisation.fictitious
    for name, value in fields.items():
        setattr(offer, name, value)
    save(offer, reason="saisi par l’équipe")
    offer.flours.all().delete()
    for one in flours:
        flour = MillFlour(
            offer=offer,
            bread_class=one.bread_class,
            price_per_kg=one.price_per_kg,
            capacity_kg_per_day=one.capacity_kg_per_day,
        )
        flour.full_clean()
        flour.save()
    return offer


@transaction.atomic
def save_wheat(
    *, territory: Territory, offer: WheatOffer | None = None, today: date, **fields: Any
) -> WheatOffer:
    """Create or correct an offer of wheat."""
    offer = offer or WheatOffer(territory=territory, source="saisie de l’équipe")
    offer.observed_on = today
    for name, value in fields.items():
        setattr(offer, name, value)
    return save(offer, reason="saisi par l’équipe")


@transaction.atomic
def save_platform(
    *,
    territory: Territory,
    organisation: Organisation,
    offer: PlatformOffer | None = None,
    today: date,
    **fields: Any,
) -> PlatformOffer:
    """Create or correct what a platform says it can carry. No plan uses it."""
    offer = offer or PlatformOffer(
        territory=territory, organisation=organisation, source="saisie de l’équipe"
    )
    offer.observed_on, offer.fictitious = today, organisation.fictitious
    for name, value in fields.items():
        setattr(offer, name, value)
    return save(offer, reason="saisi par l’équipe")


@transaction.atomic
def set_active(*, offer: BakeryOffer | MillOffer | WheatOffer, active: bool) -> None:
    """Keep an offer in plans or leave it out; nothing is lost."""
    offer.active = active
    save(offer, reason="retenue dans les plans" if active else "écartée des plans")


@transaction.atomic
def add_placeholders(
    *, territory: Territory, commune: Commune, count: int, source: str, today: date
) -> list[BakeryOffer]:
    """Stand for bakeries known only by their number in a commune (« 3 boulangeries, BPE »).

    Running again with another number adds or leaves out the last ones.
    """
    existing = {
        one.placeholder_number: one
        for one in BakeryOffer.objects.filter(territory=territory, placeholder_commune=commune)
    }
    offers = []
    for number in range(1, max([count, *filter(None, existing)]) + 1):
        offer = existing.get(number) or BakeryOffer(
            territory=territory, placeholder_commune=commune, placeholder_number=number
        )
        offer.active, offer.source, offer.observed_on = number <= count, source, today
        offer.fictitious = territory.workspace.fictitious
        save(offer, reason="boulangerie sans nom")
        if not offer.prices.exists():
            _set_prices(offer, [Proposed(BreadClass.COURANT)])
        offers.append(offer)
    return offers


def draw_from_directory(*, territory: Territory, today: date) -> OfferReport:
    """Offers of the territory's bakeries and mills from the directory; may be run again.

    Bakeries from elsewhere that supply a canteen of the territory today are taken too. Facts
    observed on visits, certificates in force and brand tags are read; what was corrected by hand
    stays. A bakery whose canteens nobody asked about has unknown capacity and price.
    """
    report = OfferReport()
    found = _organisations(territory, today, Kind.BAKERY)
    facts = facts_of_many([one.pk for one in found], on=today)
    finder = SupplierFinder(territory.workspace)
    for bakery in found:
        with transaction.atomic():
            _draw_bakery(territory, bakery, facts.get(bakery.pk, []), finder, today, report)
    for mill in _organisations(territory, today, Kind.MILL, anywhere=True):
        with transaction.atomic():
            _draw_mill(territory, mill, today, report)
    return report


def _organisations(
    territory: Territory, today: date, kind: Kind, *, anywhere: bool = False
) -> list[Organisation]:
    found = Organisation.objects.active().filter(workspace=territory.workspace, kind=kind)
    if not anywhere:
        supplying = Need.objects.filter(territory=territory, supplier__isnull=False)
        found = found.filter(
            Q(commune__in=territory.communes_at(today)) | Q(pk__in=supplying.values("supplier"))
        )
    return list(
        found.select_related("commune").prefetch_related("certifications", "tags").order_by("pk")
    )


def _draw_bakery(
    territory: Territory,
    bakery: Organisation,
    facts: Sequence[OrganisationFact],
    finder: SupplierFinder,
    today: date,
    report: OfferReport,
) -> None:
    offer = BakeryOffer.objects.filter(territory=territory, organisation=bakery).first()
    known = offer is not None
    offer = offer or BakeryOffer(territory=territory, organisation=bakery)
    values = _bakery_values(facts, finder, bakery)
    dates = [fact.observed_on for fact in facts]
    values["observed_on"] = max(dates, default=bakery.checked_on or today)
    values["source"] = facts[0].source_label if facts else "annuaire"
    values["fictitious"] = bakery.fictitious
    changed = draw(offer, values)
    if changed or not known:
        save(offer, reason="tiré de l’annuaire")
    proposed = _proposed(facts, bakery, today)
    if "prices" not in offer.overrides and _set_prices(offer, proposed):
        changed.append("prices")
    if not known:
        report.created += 1
    elif changed:
        report.updated += 1
    else:
        report.unchanged += 1


def _bakery_values(
    facts: Sequence[OrganisationFact], finder: SupplierFinder, bakery: Organisation
) -> dict[str, Any]:
    single = {fact.name: fact for fact in facts if not fact.item}
    text = {name: fact.value for name, fact in single.items()}
    number = {name: fact.number for name, fact in single.items()}
    spare = number.get("offer.spare_kg_per_day")
    capacity = spare if spare is not None else number.get("offer.capacity_kg_per_day")
    payment = number.get("offer.payment_delay_days")
    return {
        "capacity_kg_per_day": _rounded(capacity, "0.001"),
        "radius_km": _rounded(number.get("offer.delivery_radius_km"), "0.1"),
        "delivery_days": _days(text.get("offer.delivery_days", "")),
        "closing_days": _days(text.get("offer.closing_days", "")),
        "delivery_from": _hour(text.get("offer.delivery_from", "")),
        "delivery_until": _hour(text.get("offer.delivery_until", "")),
        "payment_delay_days": None if payment is None else int(payment),
        "mill": finder.find(text.get("offer.mill", ""), "", bakery.commune_id),
        "willing": _INTEREST.get(text.get("offer.interest", "")),
    }


def _proposed(
    facts: Sequence[OrganisationFact], bakery: Organisation, today: date
) -> list[Proposed]:
    """Classes a bakery makes: white bread, what the visit saw, what its certificates allow."""
    prices: dict[BreadClass, Decimal | None] = {BreadClass.COURANT: None}
    for fact in facts:
        made = CLASSES.get(fact.item)
        if made is not None and fact.name in ("offer.price_per_kg", "offer.bread_class"):
            price = _rounded(fact.number, "0.001") if fact.name == "offer.price_per_kg" else None
            prices[made] = min(filter(None, (prices.get(made), price)), default=None)
    held = {one.sign: one for one in bakery.certifications.all() if one.is_valid_on(today)}
    proofs: dict[BreadClass, Certification | None] = {}
    for made in (BreadClass.BIO, BreadClass.HVE, BreadClass.EQUITABLE):
        (sign,) = RULES[made].signs
        if sign in held:
            prices.setdefault(made, None)
            proofs[made] = held[sign]
    if Sign.BIO in held and BreadClass.COMPLET in prices:
        prices.setdefault(BreadClass.BIO_COMPLET, None)
        proofs[BreadClass.BIO_COMPLET] = held[Sign.BIO]
    if any(tag.is_brand for tag in bakery.tags.all()):
        prices.setdefault(BreadClass.LOCAL, None)
    return [Proposed(made, price, proofs.get(made)) for made, price in prices.items()]


def _draw_mill(territory: Territory, mill: Organisation, today: date, report: OfferReport) -> None:
    """A mill appears with what the directory knows: its name, its place, its signs."""
    if MillOffer.objects.filter(territory=territory, organisation=mill).exists():
        report.unchanged += 1
        return
    held = {one.sign for one in mill.certifications.all() if one.is_valid_on(today)}
    classes = [BreadClass.COURANT]
    if any(tag.is_brand for tag in mill.tags.all()):
        classes.append(BreadClass.LOCAL)
    classes += [
        made
        for made in (BreadClass.HVE, BreadClass.EQUITABLE, BreadClass.BIO)
        if RULES[made].signs <= held
    ]
    offer = save_mill(
        territory=territory,
        organisation=mill,
        flours=[Proposed(made) for made in classes],
        today=today,
    )
    offer.source = "annuaire"
    save(offer, reason="tiré de l’annuaire")
    report.created += 1


def _set_prices(offer: BakeryOffer, proposed: Sequence[Proposed]) -> bool:
    """Replace the classes proposed; whether anything changed."""
    before = {
        (one.bread_class, one.price_per_kg, one.certification_id) for one in offer.prices.all()
    }
    after = {
        (
            str(one.bread_class),
            one.price_per_kg,
            one.certification.pk if one.certification else None,
        )
        for one in proposed
    }
    if before == after:
        return False
    offer.prices.all().delete()
    for one in proposed:
        price = BakeryPrice(
            offer=offer,
            bread_class=one.bread_class,
            price_per_kg=one.price_per_kg,
            certification=one.certification,
        )
        price.full_clean()
        price.save()
    return True


def _rounded(value: Decimal | None, step: str) -> Decimal | None:
    """A fact's number as the offer's column keeps it."""
    return None if value is None else value.quantize(Decimal(step))


def _days(text: str) -> list[str]:
    said = text.split()
    return [day for day in Weekday.values if day in said]


def _hour(text: str) -> time | None:
    try:
        return time.fromisoformat(text[:5]) if text else None
    except ValueError:
        return None
