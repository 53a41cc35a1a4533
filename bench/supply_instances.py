"""Made-up territories for the supply benches: a PAT, a region, France. Seeded; nothing is real.

    problem("dept")    121 communes, 363 canteens, 900 bakeries, 12 mills, 8 wheat zones
    problem("region")  1,000 communes, 8,000 bakeries, 60 mills, 25 zones
    problem("france")  35,000 communes, 33,000 bakeries, 350 mills, 95 zones

Communes are spread over a rectangle (an irregular one for France), their populations are
log-normal; canteens and bakeries follow population; bakeries offer together `spare` times the bread
asked, so that towns are tight. Lines ask one of four classes and take the next one up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from restanque.engine.supply import Bakeries, Lines, Mills, Problem, Rules, Wheat, link
from restanque.engine.supply.arcs import Arcs

CLASSES = ("locale", "HVE", "bio", "bio équitable")
ACCEPTS = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [0, 0, 0, 1]], dtype=bool)


@dataclass(frozen=True)
class Scale:
    """How many of each, on how many km, and the usual size of a commune."""

    communes: int
    bakeries: int
    canteens: float
    mills: int
    zones: int
    width: float
    height: float
    population: float
    #: Candidates of a line in the two-level benches.
    nearest: int


SCALES = {
    "tiny": Scale(20, 120, 2.0, 3, 3, 48, 33, 6000, 40),
    "dept": Scale(121, 900, 3.0, 12, 8, 105, 78, 4300, 50),
    "region": Scale(1000, 8000, 3.0, 60, 25, 338, 233, 2300, 40),
    "france": Scale(35000, 33000, 1.6, 350, 95, 900, 900, 470, 20),
}


@dataclass(frozen=True)
class Territory:
    """Where people live: communes, and the commune and place of each canteen."""

    x: np.ndarray
    y: np.ndarray
    population: np.ndarray
    home: np.ndarray
    canteen_x: np.ndarray
    canteen_y: np.ndarray


def around(rng, territory_x, territory_y, population, where):
    """Places scattered around communes, the wider the larger the commune."""
    spread = np.clip(np.sqrt(population) / 100, 0.5, 6)[where]
    return (
        territory_x[where] + rng.normal(0, 1, len(where)) * spread,
        territory_y[where] + rng.normal(0, 1, len(where)) * spread,
    )


def territory(rng: np.random.Generator, scale: Scale, name: str) -> Territory:
    n = scale.communes
    x, y = rng.uniform(0, scale.width, n), rng.uniform(0, scale.height, n)
    population = np.clip(rng.lognormal(np.log(scale.population), 1.25, n), 80, 250_000)
    if name == "dept":
        population[np.argmax(population)] = 870_000
    if name == "france":
        population[rng.choice(n, 40, replace=False)] = rng.uniform(1e5, 9e5, 40)
    weight = population**0.75 / (population**0.75).sum()
    count = 1 + rng.multinomial(round(scale.canteens * n) - n, weight)
    home = np.repeat(np.arange(n), count)
    return Territory(x, y, population, home, *around(rng, x, y, population, home))


def demand(rng: np.random.Generator, land: Territory) -> dict[str, np.ndarray]:
    """Lines: white bread for each canteen, a second product for four in ten."""
    canteens = len(land.home)
    share = np.bincount(land.home, minlength=len(land.x))[land.home]
    meals = land.population[land.home] * 0.055 / share * rng.uniform(0.7, 1.3, canteens)
    meals = np.clip(meals, 15, 1200)
    second = np.flatnonzero(rng.random(canteens) < 0.4)
    canteen = np.r_[np.arange(canteens), second]
    kg = np.r_[meals * 0.045, meals[second] * 0.012]
    kg = np.maximum(np.round(kg, 1), 0.5)
    return {
        "canteen": canteen,
        "kg": kg,
        "klass": rng.choice(4, len(kg), p=[0.5, 0.25, 0.2, 0.05]),
    }


def bakeries(rng, scale: Scale, land: Territory, asked: float, spare: float) -> Bakeries:
    n = scale.bakeries
    weight = land.population**0.85 / (land.population**0.85).sum()
    home = rng.choice(len(land.x), n, p=weight)
    x, y = around(rng, land.x, land.y, land.population, home)
    capacity = np.clip(rng.lognormal(np.log(22), 0.6, n), 4, 150)
    capacity = np.maximum(np.round(capacity * spare * asked / capacity.sum(), 1), 1.0)
    makes = np.c_[np.ones(n, bool), rng.random((n, 3)) < [0.5, 0.25, 0.15]]
    base = np.clip(rng.normal(3.0, 0.35, n), 2.1, 4.5)[:, None]
    price = base + np.array([0, 0.18, 0.75, 0.95]) + rng.normal(0, 0.05, (n, 4))
    price = np.round(np.clip(price, 1.8, 6), 2)
    return Bakeries.of(
        [f"b{row}" for row in range(n)],
        x=x,
        y=y,
        capacity=capacity,
        min_order=np.minimum(6.0, np.round(0.4 * capacity, 1)),
        makes=makes,
        price=price,
        commune=home,
    )


def flour(rng, scale: Scale, land: Territory, lines: dict, needs: float) -> tuple[Mills, Wheat]:
    """Mills and zones with some spare, unevenly spread over classes and places."""
    n, zones = scale.mills, scale.zones
    kg = np.bincount(lines["klass"], lines["kg"], 4) / 1.3 * needs
    place = rng.choice(len(land.x), n, replace=False)
    field = rng.choice(len(land.x), zones, replace=False)
    mills = Mills(
        tuple(f"m{row}" for row in range(n)),
        land.x[place] + rng.normal(0, 3, n),
        land.y[place] + rng.normal(0, 3, n),
        np.full(n, np.inf),
        np.round(rng.dirichlet(np.full(n, 2.0), 4).T * kg * 1.6, 1),
        np.array([0.75, 0.85, 1.25, 1.4]) + rng.normal(0, 0.04, (n, 4)),
        np.round(rng.uniform(0.75, 0.80, n), 3),
    )
    wheat = Wheat(
        tuple(f"w{row}" for row in range(zones)),
        land.x[field] + rng.normal(0, 5, zones),
        land.y[field] + rng.normal(0, 5, zones),
        np.round(rng.dirichlet(np.full(zones, 2.0), 4).T * kg / 0.77 * 1.35, 1),
        np.zeros((zones, 4)),
        np.tile([4800.0, 4500.0, 2900.0, 2900.0], (zones, 1)),
    )
    return mills, wheat


def near(problem: Problem, k: int) -> Arcs:
    """Arcs to the k nearest bakeries within the radius (the two-level benches only)."""
    lines, shops, rules = problem.lines, problem.bakeries, problem.rules
    tree = cKDTree(np.c_[shops.x, shops.y])
    reach = rules.radius_km / rules.detour
    k = min(k, len(shops))
    away, which = tree.query(np.c_[lines.x, lines.y], k=k, distance_upper_bound=reach)
    line, rank = np.nonzero(np.isfinite(away))
    return link(problem, line, which[line, rank], away[line, rank] * rules.detour)


def problem(
    name: str,
    seed: int = 1,
    *,
    nearest: int | None = None,
    with_flour: bool = True,
    radius_km: float = 30.0,
    spare: float = 3.0,
) -> Problem:
    """The problem of a scale; `nearest` cuts candidates, None takes all within the radius."""
    scale, rng = SCALES[name], np.random.default_rng(seed)
    land = territory(rng, scale, name)
    asked = demand(rng, land)
    shops = bakeries(rng, scale, land, asked["kg"].sum(), spare)
    mills, wheat = flour(rng, scale, land, asked, 1.0)
    canteen = asked["canteen"]
    lines = Lines.of(
        [f"l{row}" for row in range(len(canteen))],
        x=land.canteen_x[canteen],
        y=land.canteen_y[canteen],
        commune=land.home[canteen],
        current=_today(rng, land, shops)[canteen],
        **asked,
    )
    budget = np.bincount(lines.commune, asked["kg"], scale.communes) * 3.45
    given = {
        "bakeries": shops,
        "lines": lines,
        "classes": CLASSES,
        "accepts": ACCEPTS,
        "communes": [f"c{row}" for row in range(scale.communes)],
        "canteens": [f"k{row}" for row in range(len(land.home))],
        "certified": np.array([False, True, True, True]),
        "budget": budget,
        "rules": Rules(radius_km=radius_km),
    }
    if with_flour:
        # The bread price holds 90 % of the usual flour price: the rest is the surcharge.
        reference = np.array([0.75, 0.85, 1.25, 1.4]) * 0.9
        given |= {"mills": mills, "wheat": wheat, "flour_reference": reference}
    if nearest is None:
        return Problem.of(**given)
    empty = Problem.of(**given, arcs=Arcs.none(len(lines)))
    return Problem.of(**given, arcs=near(empty, nearest))


def _today(rng: np.random.Generator, land: Territory, shops: Bakeries) -> np.ndarray:
    """Today's bakery of each canteen: a near one for 55 %, unknown for the others."""
    k = min(20, len(shops))
    away, which = cKDTree(np.c_[shops.x, shops.y]).query(np.c_[land.canteen_x, land.canteen_y], k=k)
    pick = np.minimum(rng.geometric(0.3, len(land.home)) - 1, k - 1)
    rows = np.arange(len(land.home))
    known = (rng.random(len(land.home)) < 0.55) & (away[rows, pick] < 20)
    return np.where(known, which[rows, pick], -1)
