"""From a scenario to the engine's problem: columns, positions, and what had to be assumed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from restanque.engine.supply import Bakeries, Lines, Problem, Rules, Weights
from restanque.engine.supply.distances import project
from restanque.kit.text import format_number, plural
from restanque.supply import chosen
from restanque.supply.assumptions import Assumptions
from restanque.supply.columns import (
    CLASSES,
    INDEX,
    MARKET,
    accepted,
    mill_columns,
    wheat_columns,
)
from restanque.supply.matching import unfit
from restanque.supply.models import (
    BakeryOffer,
    Distance,
    DistanceTable,
    LinkKind,
    MillOffer,
    Need,
    Scenario,
    WheatOffer,
)
from restanque.supply.nomenclature import RULES, BreadClass
from restanque.territories.models import Commune

_COURANT = INDEX[BreadClass.COURANT]


@dataclass(frozen=True)
class Built:
    """A problem and, by position, the records it was made of.

    `makes_today` (J, K): the classes a bakery makes already; elsewhere it would have to convert.
    `assumed`: French sentences, one a hole that an assumption filled. `unfit`: why a pair (line,
    bakery) is forbidden although nobody decided it.
    """

    problem: Problem
    needs: tuple[Need, ...]
    bakeries: tuple[BakeryOffer, ...]
    mills: tuple[MillOffer, ...]
    wheat: tuple[str, ...]
    communes: tuple[Commune, ...]
    makes_today: np.ndarray
    price_known: np.ndarray
    assumed: tuple[str, ...]
    unfit: dict[tuple[int, int], str]
    fictitious: bool


def build(scenario: Scenario) -> Built:
    """Read the scenario's needs and offers, and make the problem. About ten queries.

    Raises engine.supply.ProblemError when the tables contradict each other.
    """
    needs, bakeries = chosen.needs_of(scenario), chosen.bakeries_of(scenario)
    mills, wheat = chosen.mills_of(scenario), chosen.wheat_of(scenario)
    return _Builder(scenario, scenario.settings, needs, bakeries, mills, wheat).made()


class _Builder:
    """Holds the records while columns are made from them."""

    def __init__(
        self,
        scenario: Scenario,
        settings: Assumptions,
        needs: tuple[Need, ...],
        bakeries: tuple[BakeryOffer, ...],
        mills: tuple[MillOffer, ...],
        wheat: tuple[WheatOffer, ...],
    ) -> None:
        self.scenario, self.settings = scenario, settings
        self.needs, self.bakeries, self.mills = needs, bakeries, mills
        self.zones: dict[str, list[WheatOffer]] = defaultdict(list)
        for one in wheat:
            self.zones[one.name].append(one)
        self.assumed: list[str] = []
        places = {
            place.pk: place
            for place in (
                *(need.canteen.commune for need in needs),
                *(offer.commune for offer in bakeries),
            )
            if place is not None
        }
        self.communes = tuple(places[code] for code in sorted(places))
        self._commune = {place.pk: position for position, place in enumerate(self.communes)}
        self._imposed: dict[int, set[int]] = defaultdict(set)
        kept = {offer.pk for offer in bakeries}
        for link in scenario.links.all():
            if link.kind == LinkKind.FORCED and link.bakery_id in kept:
                self._imposed[link.need_id].add(link.bakery_id)
        self._mill = {one.organisation_id: position for position, one in enumerate(mills)}

    def made(self) -> Built:
        """The problem and its records."""
        self._project()
        unfit = self._unfit()
        canteens = {pk: at for at, pk in enumerate(sorted({n.canteen_id for n in self.needs}))}
        today, price, known = self._bread()
        mills, supposed = mill_columns(
            self.mills, _names(self.mills), self.x[2], self.y[2], self.settings
        )
        self.assumed += supposed
        makes = today | np.isin(CLASSES, self.settings.convertible)[None, :]
        problem = Problem.of(
            classes=CLASSES,
            communes=[place.pk for place in self.communes],
            canteens=[str(pk) for pk in canteens],
            bakeries=self._bakery_columns(makes, price),
            mills=mills,
            wheat=wheat_columns(self.zones, self.x[3], self.y[3], self.settings.days_per_year),
            lines=self._line_columns(canteens),
            rules=self._rules(unfit),
            accepts=accepted(),
            certified=np.array([RULES[BreadClass(code)].certified for code in CLASSES]),
            flour_reference=np.array([self.settings.flour_prices.get(c, 0.0) for c in CLASSES]),
            distances=self._distances(),
            notes=self.assumed,
        )
        return Built(
            problem,
            self.needs,
            self.bakeries,
            self.mills,
            (*self.zones, MARKET) if self.zones else (),
            self.communes,
            today,
            known,
            tuple(self.assumed),
            unfit,
            any(one.fictitious for one in self.needs)
            or any(one.fictitious for one in self.bakeries)
            or any(one.fictitious for one in self.mills),
        )

    # --- places ---

    def _project(self) -> None:
        rows = [_place(n.canteen, n.canteen.commune) for n in self.needs]
        rows += [_place(o.organisation, o.commune) for o in self.bakeries]
        rows += [_place(o.organisation, o.organisation.commune) for o in self.mills]
        rows += [_place(None, offers[0].commune) for offers in self.zones.values()]
        points = np.array(rows, dtype=np.float64).reshape(-1, 2)
        x, y = project(points[:, 0], points[:, 1])
        cuts = np.cumsum([len(self.needs), len(self.bakeries), len(self.mills)])
        self.x, self.y = np.split(x, cuts), np.split(y, cuts)

    def _distances(self) -> np.ndarray | None:
        """Road km line × bakery from the team's table; what it lacks is the crow's flight."""
        table = DistanceTable.objects.filter(territory=self.scenario.territory).first()
        if table is None or not self.needs or not self.bakeries:
            return None
        self.assumed.append(f"Distances par la route : table « {table} » ({table.source}).")
        road = np.full((len(self.communes), len(self.communes)), np.nan)
        codes = list(self._commune)
        rows = Distance.objects.filter(table=table, origin__in=codes, destination__in=codes)
        for origin, destination, km in rows.values_list("origin", "destination", "km"):
            road[self._commune[origin], self._commune[destination]] = km
        dx = self.x[0][:, None] - self.x[1][None, :]
        dy = self.y[0][:, None] - self.y[1][None, :]
        crow = np.hypot(dx, dy) * self.settings.detour
        here = [self._at(need.canteen.commune) for need in self.needs]
        there = [self._at(offer.commune) for offer in self.bakeries]
        found = road[np.ix_(there, here)].T  # bread is driven from the bakery to the canteen
        away = np.array(here)[:, None] != np.array(there)[None, :]
        used = away & ~np.isnan(found)
        missing = int((away & np.isnan(found)).sum())
        if missing:
            self.assumed.append(
                f"La table « {table} » ne donne pas {plural(missing, 'distance')} : vol d’oiseau × "
                f"{format_number(self.settings.detour, 1)}."
            )
        made: np.ndarray = np.where(used, found, crow)
        return made

    def _at(self, commune: Commune | None) -> int:
        return -1 if commune is None else self._commune[commune.pk]

    # --- columns ---

    def _line_columns(self, canteens: dict[int, int]) -> Lines:
        bakery = {
            offer.organisation_id: row
            for row, offer in enumerate(self.bakeries)
            if offer.organisation_id is not None
        }
        return Lines.of(
            _names(self.needs),
            kg=[float(need.kg_per_day) for need in self.needs],
            x=self.x[0],
            y=self.y[0],
            klass=[INDEX[need.bread_class] for need in self.needs],
            canteen=[canteens[need.canteen_id] for need in self.needs],
            commune=[self._at(need.canteen.commune) for need in self.needs],
            current=[
                self._today(need, bakery.get(need.supplier_id or 0, -1)) for need in self.needs
            ],
            max_price=[
                np.inf if need.max_price is None else float(need.max_price) for need in self.needs
            ],
        )

    def _today(self, need: Need, row: int) -> int:
        """Today's bakery; unknown where another was imposed: what a person decides comes first."""
        imposed = self._imposed.get(need.pk)
        return row if imposed is None or self._offer_pk(row) in imposed else -1

    def _offer_pk(self, row: int) -> int | None:
        return self.bakeries[row].pk if row >= 0 else None

    def _bread(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Classes made today, price of every class, and whether that price is known."""
        size = (len(self.bakeries), len(CLASSES))
        makes, known = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
        price = np.full(size, np.nan)
        paid = self._paid_today()
        surcharge = np.array([self.settings.surcharges.get(code, 0.0) for code in CLASSES])
        unknown = 0
        for row, offer in enumerate(self.bakeries):
            for one in offer.prices.all():
                makes[row, INDEX[one.bread_class]] = True
                if one.price_per_kg is not None:
                    price[row, INDEX[one.bread_class]] = float(one.price_per_kg)
            for position, value in paid.get(offer.organisation_id, {}).items():
                if np.isnan(price[row, position]):
                    price[row, position], makes[row, position] = value, True
            known[row] = ~np.isnan(price[row])
            unknown += not known[row].any()
            base = self._base(price[row], surcharge)
            price[row] = np.where(known[row], price[row], base + surcharge)
        if unknown:
            default = format_number(self.settings.default_price, 2)
            self.assumed.append(
                f"Prix inconnu de {plural(unknown, 'boulangerie')} : {default} €/kg HT pour le "
                "pain courant, plus le surcoût de la classe."
            )
        return makes, price, known

    def _base(self, price: np.ndarray, surcharge: np.ndarray) -> float:
        """White bread's price, deduced from another class when only that one is known."""
        if not np.isnan(price[_COURANT]):
            return float(price[_COURANT])
        known = ~np.isnan(price)
        if not known.any():
            return self.settings.default_price
        return float(max(0.0, (price[known] - surcharge[known]).min()))

    def _paid_today(self) -> dict[int | None, dict[int, float]]:
        """Median price paid to each supplier for each class: an observation, where it is told."""
        told: dict[tuple[int, int], list[float]] = defaultdict(list)
        for need in self.needs:
            if need.supplier_id is not None and need.price_per_kg is not None:
                bought = need.today_class or BreadClass.COURANT
                told[need.supplier_id, INDEX[bought]].append(float(need.price_per_kg))
        found: dict[int | None, dict[int, float]] = defaultdict(dict)
        for (supplier, position), prices in told.items():
            found[supplier][position] = median(prices)
        return found

    def _bakery_columns(self, makes: np.ndarray, price: np.ndarray) -> Bakeries:
        carried: dict[int | None, float] = defaultdict(float)
        for need in self.needs:
            carried[need.supplier_id] += float(need.kg_per_day)
        capacity, unknown = [], 0
        for offer in self.bakeries:
            if offer.capacity_kg_per_day is not None:
                capacity.append(float(offer.capacity_kg_per_day))
                continue
            unknown += 1
            # Whoever bakes for canteens today can at least go on doing so.
            today = carried[offer.organisation_id] if offer.organisation_id else 0.0
            capacity.append(max(self.settings.default_capacity_kg, today))
        if unknown:
            default = format_number(self.settings.default_capacity_kg)
            self.assumed.append(
                f"Capacité inconnue de {plural(unknown, 'boulangerie')} : {default} kg par jour, "
                "ou ce qu’elle livre déjà aux cantines."
            )
        return Bakeries.of(
            _names(self.bakeries),
            capacity=capacity,
            price=price,
            makes=makes,
            x=self.x[1],
            y=self.y[1],
            min_order=[
                min(float(offer.min_order_kg or 0), capacity[row])
                for row, offer in enumerate(self.bakeries)
            ],
            commune=[self._at(offer.commune) for offer in self.bakeries],
            radius=[
                np.inf if offer.radius_km is None else float(offer.radius_km)
                for offer in self.bakeries
            ],
            mill=[self._mill.get(offer.mill_id or 0, -1) for offer in self.bakeries],
        )

    # --- rules ---

    def _unfit(self) -> dict[tuple[int, int], str]:
        return {
            (line, row): why
            for line, need in enumerate(self.needs)
            for row, offer in enumerate(self.bakeries)
            if (why := unfit(need, offer))
        }

    def _rules(self, unfit: dict[tuple[int, int], str]) -> Rules:
        forced, forbidden = self._decided()
        refused = {*forbidden, *unfit} - set(forced)
        one = self.settings
        return Rules(
            radius_km=one.radius_km,
            detour=one.detour,
            near_km=one.near_km,
            weights=Weights(
                km=one.km, neighbour=one.neighbour, elsewhere=one.elsewhere, change=one.change
            ),
            neutral=one.neutral,
            fairness=one.fairness,
            certified_share=one.certified_share,
            bread_per_flour=one.bread_per_flour,
            days_per_year=one.days_per_year,
            k=one.k,
            stop_cost=one.stop_cost,
            min_drop_kg=one.min_drop_kg,
            forbidden=tuple(sorted(refused)),
            forced=tuple(sorted(forced)),
        )

    def _decided(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Links imposed and forbidden by hand, by position; those of absent records are left."""
        line = {need.pk: at for at, need in enumerate(self.needs)}
        row = {offer.pk: at for at, offer in enumerate(self.bakeries)}
        forced: list[tuple[int, int]] = []
        forbidden: list[tuple[int, int]] = []
        for link in self.scenario.links.all():
            if link.need_id not in line or link.bakery_id not in row:
                continue
            pair = (line[link.need_id], row[link.bakery_id])
            (forced if link.kind == LinkKind.FORCED else forbidden).append(pair)
        return forced, forbidden


def _names(records: Sequence[object]) -> list[str]:
    """Names as the engine's sentences will say them; homonyms are numbered."""
    seen: Counter[str] = Counter()
    names = []
    for record in records:
        name = str(record)
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def _place(record: object, commune: Commune | None) -> Sequence[float]:
    """Longitude and latitude of a record, else of its commune; NaN when neither is known."""
    for one in (record, commune):
        longitude, latitude = getattr(one, "longitude", None), getattr(one, "latitude", None)
        if longitude is not None and latitude is not None:
            return float(longitude), float(latitude)
    return np.nan, np.nan
