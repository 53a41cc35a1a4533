"""A fictitious canteen profile for a real commune, drawn from its real population and ages.

Nothing here is observed. The shares are working assumptions, chosen so that the demo shows
plausible contrasts: larger communes buy by contract, small ones from their own baker, and small
ones answer less.
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class CommuneFacts:
    """What is really known of a commune: INSEE population, and under twenty-year-olds."""

    code: str
    name: str
    population: int
    age_0_19: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What the generator imagines of a commune's bread."""

    has_canteen: bool
    management: str  # the questionnaire's codes
    production: str
    meals: int  # a day
    bread: str
    organic: bool
    supplier_kind: str
    suppliers: int
    piece_grams: int
    grams_per_meal: float
    price_per_kg: float  # euros, before tax
    knows_quantities: bool
    keen: float  # 0 to 1: how much the commune wants change


def draw_profile(facts: CommuneFacts, rng: Random) -> Profile:
    """A profile for this commune; the same random generator state gives the same profile."""
    large = facts.population >= 10_000
    small = facts.population < 1_000
    management = rng.choices(
        ("direct", "conceded", "mixte"), (45, 50, 5) if large else (75, 24, 1)
    )[0]
    production = _production(management, large, rng)
    # Assumption: pupils of the first degree are 44 % of the under-twenties; two thirds eat there.
    meals = max(8, round(facts.age_0_19 * 0.44 * rng.gauss(0.62, 0.08)))
    supplier_kind = _supplier_kind(management, large, rng)
    organic = rng.random() < (0.35 if large else 0.22)
    bread = rng.choices(
        ("courant", "tradition", "campagne", "complet", "individuel", "surgele"),
        (45, 18, 12, 8, 9, 8),
    )[0]
    base = {"artisan": 4.3, "grossiste": 3.4, "industriel": 2.5, "gms": 2.2}.get(supplier_kind, 3.2)
    price = base * rng.lognormvariate(0, 0.14) * (1.22 if organic else 1.0)
    return Profile(
        has_canteen=not (small and rng.random() < 0.30),
        management=management,
        production=production,
        meals=meals,
        bread=bread,
        organic=organic,
        supplier_kind=supplier_kind,
        suppliers=1 if meals < 800 else rng.choice((1, 2, 2, 3)),
        piece_grams=rng.choice((250, 250, 250, 400, 500)) if bread != "individuel" else 50,
        grams_per_meal=max(22.0, rng.gauss(44, 8)),
        price_per_kg=round(max(1.4, price), 2),
        knows_quantities=management == "direct" or rng.random() < 0.35,
        keen=min(1.0, max(0.05, rng.gauss(0.60, 0.2))),
    )


def answer_probability(population: int) -> float:
    """How likely a commune is to answer: it grows with its size, as in most surveys of communes."""
    bounds = ((500, 0.38), (1_000, 0.45), (3_500, 0.58), (10_000, 0.68), (30_000, 0.74))
    return next((share for upper, share in bounds if population < upper), 0.80)


def _production(management: str, large: bool, rng: Random) -> str:
    if management == "conceded":
        return rng.choices(("site_cooked_elsewhere", "central_serving", "site"), (60, 25, 15))[0]
    kinds = ("site", "central", "central_serving", "site_cooked_elsewhere")
    return rng.choices(kinds, (25, 45, 20, 10) if large else (60, 12, 13, 15))[0]


def _supplier_kind(management: str, large: bool, rng: Random) -> str:
    kinds = ("artisan", "grossiste", "industriel", "gms", "prestataire")
    if management == "conceded":
        return rng.choices(kinds, (38, 18, 18, 1, 25))[0]
    return rng.choices(kinds, (50, 24, 18, 4, 4) if large else (84, 6, 4, 6, 0))[0]
