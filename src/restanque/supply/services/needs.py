"""Writes on needs: drawn from answers and from ma-cantine's register, typed, estimated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from restanque.directory.models import Canteen, Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services import (
    canteen_for_whole_commune,
    create_canteen,
    create_organisation,
)
from restanque.supply.models import Need, NeedSource
from restanque.supply.nomenclature import BreadClass
from restanque.supply.reading import NeedReading, read_need
from restanque.supply.services.saving import change_by_hand, draw, save
from restanque.supply.suppliers import SupplierFinder
from restanque.surveys.models import Campaign, Response
from restanque.surveys.models.answers import ResponseStatus
from restanque.surveys.sessions import session_of
from restanque.territories.models import Territory

#: Bread of a meal by default, grams, when only meals are known; an assumption of the team.
GRAMS_PER_MEAL = Decimal(50)


class NeedFields(TypedDict, total=False):
    """What may be typed of a need."""

    bread_class: str
    kg_per_day: Decimal
    days_per_year: int | None
    today_class: str
    price_per_kg: Decimal | None
    supplier: Organisation | None
    supplier_name: str
    supplier_kind: str
    supplier_here: bool | None
    contract_end: date | None
    max_price: Decimal | None
    max_suppliers: int | None
    portion_g: int | None
    meals_per_day: int | None
    delivery_days: list[str]
    delivery_from: Any
    delivery_until: Any
    note: str
    active: bool


@dataclass(frozen=True, slots=True)
class Unread:
    """What an answer did not give, and whose it is."""

    organisation: Organisation
    message: str


@dataclass(slots=True)
class DrawingReport:
    """What drawing the answers did. `unread` is shown, answer by answer; `superseded`: a later
    campaign has said otherwise."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    without_need: int = 0
    superseded: int = 0
    unread: list[Unread] = field(default_factory=list)


@transaction.atomic
def create_need(
    *, territory: Territory, canteen: Canteen, today: date, **fields: Unpack[NeedFields]
) -> Need:
    """A need typed by the team. Raises ValidationError, in French, by field."""
    need = Need(
        territory=territory,
        canteen=canteen,
        source=NeedSource.TYPED,
        observed_on=today,
        fictitious=canteen.fictitious,
    )
    for name, value in fields.items():
        setattr(need, name, value)
    return save(need, reason="saisi par l’équipe")


@transaction.atomic
def need_from_meals(
    *,
    territory: Territory,
    canteen: Canteen,
    portion_g: int,
    today: date,
    **fields: Any,
) -> Need:
    """A need made of meals a day × the portion that the canteen serves.

    Meals typed come first; else those of ma-cantine's register, and the need says so. Raises
    ValidationError when nobody knows the meals.
    """
    typed = fields.get("meals_per_day")
    meals = typed or canteen.daily_meal_count
    if not meals:
        raise ValidationError(
            {"meals_per_day": "Repas inconnus : donnez-les, ou donnez les kilos par jour."}
        )
    told = "saisis" if typed else "registre ma-cantine"
    need = Need(
        territory=territory,
        canteen=canteen,
        source=NeedSource.TYPED if typed else NeedSource.REGISTER,
        observed_on=today,
        fictitious=canteen.fictitious,
        basis=f"{meals} repas par jour ({told}) × {portion_g} g servis.",
    )
    made = {
        **fields,
        "kg_per_day": Decimal(meals) * portion_g / 1000,
        "meals_per_day": meals,
        "portion_g": portion_g,
    }
    for name, value in made.items():
        setattr(need, name, value)
    return save(need, reason="repas × portion")


@transaction.atomic
def update_need(*, need: Need, today: date, **changes: Unpack[NeedFields]) -> Need:
    """Correct a need by hand; drawing the answers again will leave these fields alone.

    An estimate that somebody corrects becomes what the team typed.
    """
    if need.is_estimate and "kg_per_day" in changes and changes["kg_per_day"] != need.kg_per_day:
        need.source = NeedSource.TYPED
        need.kg_low = need.kg_high = None
        need.observed_on = today
    if changes.get("days_per_year", need.days_per_year) != need.days_per_year:
        need.days_basis = ""
    change_by_hand(need, changes)
    return save(need, reason="corrigé à la main")


@transaction.atomic
def forget_overrides(*, need: Need) -> Need:
    """Let the answers speak again at the next drawing."""
    need.overrides = []
    return save(need, reason="corrections à la main retirées")


@transaction.atomic
def delete_need(*, need: Need) -> None:
    """Take a need away; its history says who."""
    need.delete()


def draw_from_campaign(*, campaign: Campaign) -> DrawingReport:
    """Needs from the validated answers of a campaign; may be run again at any time.

    One need an answer: the organisation's canteens taken together. A field corrected by hand stays;
    an estimate gives way to an observation. What cannot be read is reported, never guessed.
    """
    report = DrawingReport()
    finder = SupplierFinder(campaign.workspace)
    answers = (
        Response.objects.filter(invitation__campaign=campaign, status=ResponseStatus.VALIDATED)
        .select_related("invitation__organisation__commune", "version")
        .order_by("pk")
    )
    for response in answers.iterator(chunk_size=50):
        organisation = response.invitation.organisation
        reading = read_need(session_of(response).facts())
        report.unread += [Unread(organisation, sentence) for sentence in reading.unread]
        if not reading.values:
            report.without_need += 1
            continue
        with transaction.atomic():
            _draw_one(campaign, response, reading, finder, report)
    return report


def _draw_one(
    campaign: Campaign,
    response: Response,
    reading: NeedReading,
    finder: SupplierFinder,
    report: DrawingReport,
) -> None:
    organisation = response.invitation.organisation
    canteen = _canteen_of(organisation, reading.values)
    if canteen is None:
        message = "Cette organisation n’a pas de commune : indiquez-la dans l’annuaire."
        report.unread.append(Unread(organisation, message))
        return
    values = dict(reading.values)
    values["supplier"] = finder.find(
        str(values["supplier_name"]),
        reading.supplier_siret,
        organisation.commune_id,
        here=values["supplier_here"] is True,
    )
    origin = _origin(campaign, response)
    need = _existing(campaign, response, canteen, str(values["bread_class"]))
    known = need is not None
    if need is None:
        need = Need(territory=campaign.territory, canteen=canteen)
    elif need.source == NeedSource.ANSWER and need.observed_on > origin["observed_on"]:
        report.superseded += 1
        return
    if values["days_per_year"] is not None:
        values["days_basis"] = ""
    elif need.days_basis:
        del values["days_per_year"]  # counted on the calendar since: the answer says nothing of it
    changed = draw(need, values) + draw(need, origin)
    if not changed:
        report.unchanged += 1
        return
    try:
        save(need, reason=f"tiré de la campagne « {campaign} »")
    except ValidationError as error:
        report.unread.append(Unread(organisation, " ".join(error.messages)))
        return
    if known:
        report.updated += 1
    else:
        report.created += 1


def _existing(campaign: Campaign, response: Response, canteen: Canteen, wanted: str) -> Need | None:
    """The need this answer gave, else another answer gave, else of that class, else estimated."""
    needs = list(Need.objects.filter(territory=campaign.territory, canteen=canteen).order_by("pk"))
    mine = (need for need in needs if need.response_id == response.pk)
    # What the same canteen answered to another campaign: the later answer holds.
    answered = (need for need in needs if need.source == NeedSource.ANSWER)
    same = (need for need in needs if need.bread_class == wanted)
    guessed = (need for need in needs if need.is_estimate)
    return next(chain(mine, answered, same, guessed), None)


def _origin(campaign: Campaign, response: Response) -> dict[str, Any]:
    sent = response.submitted_at or response.updated_at
    return {
        "source": NeedSource.ANSWER,
        "campaign": campaign,
        "response": response,
        "observed_on": timezone.localtime(sent).date(),
        "kg_low": None,
        "kg_high": None,
        "fictitious": campaign.fictitious,
    }


def _canteen_of(organisation: Organisation, values: Mapping[str, object]) -> Canteen | None:
    """The canteen that carries the answer: « ensemble » for a mairie, its own for another body."""
    meals = values.get("meals_per_day")
    if organisation.kind == Kind.MAIRIE:
        if organisation.commune_id is None:
            return None
        if isinstance(meals, int):
            return canteen_for_whole_commune(organisation=organisation, daily_meal_count=meals)
        return canteen_for_whole_commune(organisation=organisation)
    known = organisation.canteens.active().order_by("pk").first()
    if known is not None or organisation.commune is None:
        return known
    return create_canteen(
        workspace=organisation.workspace,
        name=f"Restaurant de {organisation.name}"[:200],
        organisation=organisation,
        commune=organisation.commune,
        fictitious=organisation.fictitious,
    )


@transaction.atomic
def create_supplier(*, need: Need, today: date) -> Organisation:
    """Put a supplier that an answer only named in the directory, and tie it to the need.

    It takes the canteen's commune when the answer says it bakes there. Raises ValidationError when
    nothing was written, or when the supplier is known already.
    """
    if need.supplier_id is not None or not need.supplier_name:
        raise ValidationError("Ce besoin n’a pas de fournisseur à créer.")
    known = SupplierFinder(need.workspace).find(
        need.supplier_name, "", need.canteen.commune_id, here=need.supplier_here is True
    )
    organisation = known or create_organisation(
        workspace=need.workspace,
        kind=Kind.BAKERY,
        name=need.supplier_name,
        commune=need.canteen.commune if need.supplier_here else None,
        source=f"Nommée par « {need.canteen} »",
        checked_on=today,
        fictitious=need.fictitious,
    )
    need.supplier = organisation
    save(need, reason="fournisseur mis dans l’annuaire")
    return organisation


@transaction.atomic
def draw_from_register(*, territory: Territory, today: date) -> DrawingReport:
    """Needs from canteens whose meals are known (ma-cantine), where nothing better is.

    The quantity is meals × GRAMS_PER_MEAL, so it is an estimate: between 30 and 70 g a meal. A
    commune that has any need already is left alone.
    """
    report = DrawingReport()
    for canteen in _unmet_canteens(territory, today):
        meals = Decimal(canteen.daily_meal_count or 0)
        kilos = meals * GRAMS_PER_MEAL / 1000
        need = Need(
            territory=territory,
            canteen=canteen,
            bread_class=BreadClass.COURANT,
            kg_per_day=kilos,
            kg_low=meals * 30 / 1000,
            kg_high=meals * 70 / 1000,
            meals_per_day=canteen.daily_meal_count,
            source=NeedSource.ESTIMATE,
            basis=f"{canteen.daily_meal_count} repas par jour (annuaire) × {GRAMS_PER_MEAL} g de "
            "pain, entre 30 et 70 g : hypothèse de l’équipe.",
            observed_on=today,
            fictitious=canteen.fictitious,
        )
        save(need, reason="tiré du registre des cantines")
        report.created += 1
    return report


def _unmet_canteens(territory: Territory, today: date) -> Iterator[Canteen]:
    met = Need.objects.filter(territory=territory).values("canteen__commune")
    canteens = (
        Canteen.objects.active()
        .filter(
            workspace=territory.workspace,
            commune__in=territory.communes_at(today),
            daily_meal_count__gt=0,
            whole_commune=False,
        )
        .exclude(commune__in=met)
        .order_by("pk")
    )
    yield from list(canteens)
