"""Estimated needs of the communes that did not answer: shown as estimates, switched off at will."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
from django.db import transaction

from restanque.directory.models import Canteen, Organisation
from restanque.directory.services import canteen_for_whole_commune
from restanque.kit.text import format_number
from restanque.supply.models import Need, NeedSource
from restanque.supply.nomenclature import BreadClass
from restanque.supply.services.saving import save
from restanque.surveys.analysis.population import Place, population_of
from restanque.surveys.models import Campaign

#: Fewest observed needs from which a commune's need is estimated.
FEWEST = 5
#: An estimate is the middle of what comparable communes buy for each young inhabitant, and its
#: interval holds the middle eight tenths of them. It says where a new commune would fall, which is
#: wider than the interval of their mean.
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Ratio:
    """Kilograms a day for one inhabitant: spread over `n` comparable communes named `among`."""

    low: float
    middle: float
    high: float
    n: int
    among: str


@dataclass(frozen=True, slots=True)
class EstimateReport:
    """How many communes received an estimate, and which could not, with the reason."""

    created: int
    updated: int
    left_out: tuple[tuple[str, str], ...]


def ratio_of(values: Sequence[float], among: str) -> Ratio | None:
    """The spread of observed ratios; None under FEWEST of them."""
    if len(values) < FEWEST:
        return None
    low, middle, high = np.quantile(np.asarray(values), (LOW, MIDDLE, HIGH))
    return Ratio(float(low), float(middle), float(high), len(values), among)


def ratios(observed: Mapping[str, Sequence[float]], order: Sequence[str]) -> dict[str, Ratio]:
    """A ratio for each size class, from its own communes or, short of five, with its neighbours.

    `observed`: size class → ratios of its communes; `order`: the classes from small to large.
    Neighbours join one ring at a time, so the communes compared stay as alike as possible.
    """
    found: dict[str, Ratio] = {}
    for rank, size in enumerate(order):
        for reach in range(len(order)):
            group = order[max(0, rank - reach) : rank + reach + 1]
            pooled = [value for one in group for value in observed.get(one, ())]
            words = size if reach == 0 else f"{group[0]} à {group[-1]}"
            ratio = ratio_of(pooled, words)
            if ratio is not None:
                found[size] = ratio
                break
    return found


@transaction.atomic
def estimate_silent(*, campaign: Campaign, today: date) -> EstimateReport:
    """Give every silent commune of the territory an estimated need; may be run again.

    Observed needs are never touched, estimates are brought up to date. A commune that stands only
    for itself (Marseille) is never filled in.
    """
    territory = campaign.territory
    places = population_of(campaign, today=today).places
    young = _young(campaign, today)
    needs = list(Need.objects.filter(territory=territory).select_related("canteen").order_by("pk"))
    by_size = _observed(needs, places, young)
    known = ratios(by_size, list(dict.fromkeys(place.size for place in _by_size(places))))
    met = {need.canteen.commune_id for need in needs if not need.is_estimate}
    before = {need.canteen.commune_id: need for need in needs if need.is_estimate}
    mairies = {
        one.commune_id: one
        for one in Organisation.objects.filter(
            workspace=territory.workspace, kind="mairie", active=True, commune__isnull=False
        ).order_by("-pk")
    }
    created, updated, left = 0, 0, []
    for place in places:
        if place.code in met:
            continue
        why = _obstacle(place, known, young, mairies)
        if why:
            left.append((place.name, why))
            continue
        need = before.get(place.code)
        canteen = canteen_for_whole_commune(organisation=mairies[place.code])
        _write(need, canteen, campaign, known[place.size], young[place.code], today)
        created, updated = created + (need is None), updated + (need is not None)
    return EstimateReport(created, updated, tuple(left))


def _by_size(places: Sequence[Place]) -> list[Place]:
    return sorted(places, key=lambda place: place.inhabitants or 0)


def _young(campaign: Campaign, today: date) -> dict[str, int]:
    """Inhabitants under 20 by commune: the nearest to schoolchildren that the registries hold."""
    communes = campaign.territory.communes_at(today).select_related("statistics")
    counts = {
        one.pk: getattr(getattr(one, "statistics", None), "age_0_19", None) for one in communes
    }
    return {code: count for code, count in counts.items() if count}


def _observed(
    needs: Sequence[Need], places: Sequence[Place], young: Mapping[str, int]
) -> dict[str, list[float]]:
    kilos: dict[str, float] = {}
    for need in needs:
        code = need.canteen.commune_id
        if not need.is_estimate and code is not None:
            kilos[code] = kilos.get(code, 0.0) + float(need.kg_per_day)
    found: dict[str, list[float]] = {}
    for place in places:
        if place.code in kilos and place.code in young and not place.certain:
            found.setdefault(place.size, []).append(kilos[place.code] / young[place.code])
    return found


def _obstacle(
    place: Place,
    known: Mapping[str, Ratio],
    young: Mapping[str, int],
    mairies: Mapping[str | None, Organisation],
) -> str:
    if place.certain:
        return "elle ne représente qu’elle-même et n’est jamais estimée"
    if place.code not in young:
        return "son nombre d’habitants de moins de 20 ans est inconnu"
    if place.size not in known:
        return f"moins de {FEWEST} communes comparables ont répondu"
    return "" if place.code in mairies else "sa mairie n’est pas dans l’annuaire"


def _write(
    need: Need | None,
    canteen: Canteen,
    campaign: Campaign,
    ratio: Ratio,
    young: int,
    today: date,
) -> None:
    if need is None:
        need = Need(
            territory=campaign.territory,
            canteen=canteen,
            bread_class=BreadClass.COURANT,
            source=NeedSource.ESTIMATE,
        )
    need.kg_low, need.kg_per_day, need.kg_high = (
        _kilos(part * young) for part in (ratio.low, ratio.middle, ratio.high)
    )
    need.basis = (
        f"{format_number(ratio.middle * 1000, 1)} g par habitant de moins de 20 ans (INSEE 2021), "
        f"milieu de {ratio.n} communes qui ont répondu ({ratio.among}), si elle a une cantine."
    )
    need.campaign, need.observed_on = campaign, today
    need.fictitious = campaign.fictitious
    save(need, reason="estimation")


def _kilos(value: float) -> Decimal:
    return max(Decimal(str(value)).quantize(Decimal("0.001")), Decimal("0.001"))
