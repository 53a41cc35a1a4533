"""Rules and weights of a scenario: what the objective counts, what is forbidden."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace

from restanque.engine.supply.arrays import Faults

Pair = tuple[int, int]


@dataclass(frozen=True)
class Weights:
    """What one kg costs in the objective besides its price (€/kg; carriage in €/kg/km)."""

    #: Carrying one kg of bread over one road km.
    km: float = 0.012
    #: Bread from a bakery of another commune, at most `Rules.near_km` away.
    neighbour: float = 0.05
    #: Bread from farther.
    elsewhere: float = 0.20
    #: Bread from another bakery than today's.
    change: float = 0.10
    #: Carrying one kg of flour, of grain, over one road km.
    flour_km: float = 0.0006
    wheat_km: float = 0.0002
    #: Flour from another mill than the bakery's of today (€/kg of flour).
    mill_change: float = 0.0


@dataclass(frozen=True)
class Rules:
    """Rules of a scenario. The defaults are those of the measured study, not law."""

    #: Farthest delivery, road km. Every bakery within it is a candidate.
    radius_km: float = 30.0
    #: Road km for one km as the crow flies, where no distance is given.
    detour: float = 1.3
    #: A bakery of another commune is a neighbour up to this distance (road km).
    near_km: float = 8.0
    weights: Weights = field(default_factory=Weights)
    #: Geographic preferences and the incumbent's advantage are not counted (public procurement).
    neutral: bool = False
    #: Loading a bakery beyond `fairness_from` x capacity costs `fairness` more (€/kg).
    fairness: float = 0.15
    fairness_from: float = 0.5
    #: What leaving one kg unserved costs, where the line says nothing (€/kg).
    unserved_penalty: float = 20.0
    #: One euro beyond a commune's budget costs this much more.
    budget_penalty: float = 3.0
    #: Share of all the kg asked wished of a certified class; each kg short costs the penalty.
    certified_share: float = 0.0
    certified_penalty: float = 1.0
    #: Kilograms of bread from one kg of flour.
    bread_per_flour: float = 1.3
    #: Days of delivery in a year: turns hectares into kg of grain a day.
    days_per_year: float = 140.0
    # --- whole lots only (model "award") ---
    #: Most bakeries for one canteen; raised to the lots the canteen needs.
    k: int = 2
    #: One more bakery delivering one canteen, € a day.
    stop_cost: float = 0.6
    #: Least kg a day of one bakery at one canteen (never more than the canteen asks).
    min_drop_kg: float = 0.0
    #: Largest lot, kg a day; None: 0.8 x upper quartile of the capacities, at most 18.
    lot_kg: float | None = None
    # --- hand-made decisions: pairs (line, bakery) by position ---
    forbidden: tuple[Pair, ...] = ()
    #: A line with forced pairs may be served by those bakeries only, even beyond the radius.
    forced: tuple[Pair, ...] = ()

    @property
    def counted(self) -> Weights:
        """The weights in force: in neutral mode, no preference for places or incumbents."""
        if not self.neutral:
            return self.weights
        return replace(self.weights, neighbour=0.0, elsewhere=0.0, change=0.0, mill_change=0.0)


def check_rules(rules: Rules, faults: Faults) -> None:
    """Every number is finite and in its range; an infinite radius is allowed."""
    free = {"neutral", "lot_kg", "forbidden", "forced", "weights", "k"}
    for item in fields(Rules):
        if item.name in free:
            continue
        value = getattr(rules, item.name)
        if math.isnan(value) or value < 0 or (math.isinf(value) and item.name != "radius_km"):
            faults.add(f"rules.{item.name}", f"un nombre positif ou nul est attendu ({value}).")
    for item in fields(Weights):
        value = getattr(rules.weights, item.name)
        if not math.isfinite(value) or value < 0:
            faults.add(
                f"rules.weights.{item.name}", f"un nombre positif ou nul est attendu ({value})."
            )
    for name in ("fairness_from", "certified_share"):
        if getattr(rules, name) > 1:
            faults.add(f"rules.{name}", "une part entre 0 et 1 est attendue.")
    for name in ("detour", "bread_per_flour", "days_per_year"):
        if getattr(rules, name) == 0:
            faults.add(f"rules.{name}", "un nombre plus grand que zéro est attendu.")
    if rules.k < 1:
        faults.add("rules.k", f"au moins une boulangerie par cantine ({rules.k}).")
    if rules.lot_kg is not None and not (0 < rules.lot_kg < math.inf):
        faults.add("rules.lot_kg", f"un nombre plus grand que zéro est attendu ({rules.lot_kg}).")
