"""« Les besoins publics autour de votre fournil »: neutral, the same for every baker.

Read from the needs of the territory and from nothing else: neither the plan, nor prices, nor
suppliers. Two bakers of one place receive the same page under two names.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from restanque.directory.nomenclature import EconomicModel
from restanque.engine.supply.distances import project
from restanque.kit.text import format_number, plural
from restanque.supply.assumptions import Assumptions
from restanque.supply.documents.frame import FEWEST, Pages, rounded
from restanque.supply.models import BakeryOffer, Distance, DistanceTable, Need, SupplyPlan

_NATURE = (
    "Information publiée, la même pour toutes les boulangeries du territoire. Elle ne vaut ni "
    "commande, ni marché, ni préférence : chaque acheteur public choisit selon les règles "
    "de la commande publique, sur des critères licites, jamais sur la commune du fournisseur."
)
#: Lines that a page has room for; the others are told together.
MOST = 16
_COUNTS = "Kilos par jour de service, arrondis à 5 kg ; distances par la route, estimées"


@dataclass(frozen=True)
class Published:
    """A public need and its road distance from the bakery (km)."""

    need: Need
    km: float


def published_needs(plan: SupplyPlan) -> list[Need]:
    """What may be told to every baker: the active needs of public canteens, estimates labelled."""
    needs = Need.objects.active().filter(territory=plan.scenario.territory)
    if not Assumptions.of(plan.assumptions).include_estimates:
        needs = needs.observed()
    return list(
        needs.exclude(canteen__economic_model=EconomicModel.PRIVATE)
        .filter(canteen__commune__isnull=False)
        .select_related("canteen__commune")
    )


def bakery_pages(
    plan: SupplyPlan, offers: Sequence[BakeryOffer], *, created_at: dt.datetime
) -> bytes:
    """One page for each of these bakeries, which have a name."""
    pages = Pages(plan, "Les besoins publics autour de votre fournil", created_at=created_at)
    needs = published_needs(plan)
    settings = Assumptions.of(plan.assumptions)
    road = _road(plan, offers)
    for offer in offers:
        _page(pages, offer, _around(offer, needs, settings, road), settings)
    return pages.to_bytes()


def _road(plan: SupplyPlan, offers: Sequence[BakeryOffer]) -> dict[tuple[str, str], float]:
    """Road km by (commune of the bakery, that of the need), from the team’s table if it has one."""
    table = DistanceTable.objects.filter(territory=plan.scenario.territory).first()
    if table is None:
        return {}
    origins = {offer.commune.pk for offer in offers if offer.commune is not None}
    rows = Distance.objects.filter(table=table, origin__in=origins)
    return {
        (here, there): km
        for here, there, km in rows.values_list("origin", "destination", "km")
        if here != there
    }


def _around(
    offer: BakeryOffer,
    needs: Sequence[Need],
    settings: Assumptions,
    road: Mapping[tuple[str, str], float],
) -> list[Published]:
    """Needs within the scenario's radius, the same for every baker, nearest first."""
    rows = [_place(offer.organisation, offer.commune)]
    rows += [_place(need.canteen, need.canteen.commune) for need in needs]
    points = np.array(rows, dtype=np.float64)
    x, y = project(points[:, 0], points[:, 1])
    crow = np.hypot(x[1:] - x[0], y[1:] - y[0]) * settings.detour
    here = offer.commune.pk if offer.commune else ""
    all_of_them = [
        Published(need, road.get((here, need.canteen.commune_id or ""), float(away)))
        for need, away in zip(needs, crow, strict=True)
    ]
    found = [one for one in all_of_them if one.km <= settings.radius_km]
    return sorted(found, key=lambda one: (round(one.km), one.need.canteen.name_key, one.need.pk))


def _place(*records: object) -> tuple[float, float]:
    """Longitude and latitude of the first record that has them; NaN when none has."""
    for one in records:
        longitude, latitude = getattr(one, "longitude", None), getattr(one, "latitude", None)
        if longitude is not None and latitude is not None:
            return float(longitude), float(latitude)
    return np.nan, np.nan


def _page(pages: Pages, offer: BakeryOffer, around: list[Published], settings: Assumptions) -> None:
    radius = format_number(settings.radius_km)
    place = f", {offer.commune}" if offer.commune else ""
    pages.begin("Les besoins publics autour de votre fournil", f"{offer}{place}")
    communes = {one.need.canteen.commune_id for one in around}
    if not around:
        pages.answer(f"Aucun besoin public connu à moins de {radius} km de chez vous.")
        pages.end(_NATURE)
        return
    count = len(communes)
    who = f"{count} communes achètent" if count > 1 else "Une commune achète"
    pages.answer(f"{who} du pain pour des cantines à moins de {radius} km de chez vous.")
    _classes(pages, around)
    estimated = sum(one.need.is_estimate for one in around)
    told = f"{plural(len(around), 'besoin')}{f', dont {estimated} estimés' if estimated else ''}"
    if farther := around[MOST:]:
        least = format_number(farther[0].km)
        told += f" ; les {len(farther)} plus lointains, dès {least} km, sont tenus par l’équipe"
    pages.table(
        "Ce que demandent les cantines publiques, de la plus proche à la plus lointaine",
        ("Commune", "km", "Pain souhaité", "kg par jour", "Livraison"),
        [_row(one) for one in around[:MOST]],
        numeric=(1, 3),
        widths=(3.7, 1.0, 4.6, 1.6, 5.4),
        source=f"{told}. {_COUNTS}.",
    )
    pages.heading("Si cela vous intéresse")
    pages.bullets(
        [
            "Dites à l’équipe ce que vous pourriez faire (kilos par jour, pains, jours, rayon) : "
            f"{pages.team}.",
            "Demandez-lui à être prévenu des consultations : quand un acheteur en publie une, "
            "elle dit ses critères et son délai de paiement. Cette page "
            "ne dit aucun prix, à personne.",
        ]
    )
    pages.end(_NATURE)


def _row(one: Published) -> tuple[str, ...]:
    need = one.need
    return (
        str(need.canteen.commune),
        format_number(round(one.km)),
        _short(need),
        rounded(float(need.kg_per_day)).removesuffix(" kg").replace("moins de", "<"),
        _when(need),
    )


def _when(need: Need) -> str:
    """« lun., mar., avant 9 h »; « inconnue »."""
    days = ", ".join(f"{day[:3]}." for day in need.delivery_days)
    first, last = need.delivery_from, need.delivery_until
    if first and last:
        hours = f"{first.hour} h à {last.hour} h"
    else:
        hours = f"dès {first.hour} h" if first else f"avant {last.hour} h" if last else ""
    return " ; ".join(filter(None, (days, hours))) or "inconnue"


def _short(need: Need) -> str:
    """The bread without its examples, to fit a line."""
    return str(need.get_bread_class_display()).split(" (")[0]


def _classes(pages: Pages, around: Sequence[Published]) -> None:
    """Totals by bread, only over five needs or more."""
    by_class: dict[str, list[Need]] = defaultdict(list)
    for one in around:
        by_class[_short(one.need)].append(one.need)
    sentences = []
    few = []
    for label, needs in sorted(by_class.items(), key=lambda item: -len(item[1])):
        if len(needs) < FEWEST:
            few.append(label.lower())
            continue
        total = sum(float(need.kg_per_day) for need in needs)
        sentences.append(f"{label} : environ {rounded(total)} par jour, pour {len(needs)} besoins.")
    if few:
        sentences.append(f"Moins de {FEWEST} besoins, total non publié : {' ; '.join(few)}.")
    pages.bullets(sentences)
