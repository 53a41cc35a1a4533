"""What a scenario assumes and weighs: one table gives the form, the checks and the printed page.

Defaults are the team's working values or those of the measured study of the engine; each says
which. None is law.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from restanque.supply.nomenclature import BreadClass

_B = BreadClass


def _surcharges() -> dict[str, float]:
    return {
        _B.COURANT: 0.0, _B.COMPLET: 0.30, _B.LOCAL: 0.30, _B.HVE: 0.20, _B.EQUITABLE: 0.40,
        _B.BIO: 1.20, _B.BIO_COMPLET: 1.40, _B.BIO_EQUITABLE: 1.50,
    }  # fmt: skip


def _flour_prices() -> dict[str, float]:
    return {
        _B.COURANT: 0.60, _B.COMPLET: 0.70, _B.LOCAL: 0.80, _B.HVE: 0.75, _B.EQUITABLE: 0.95,
        _B.BIO: 1.30, _B.BIO_COMPLET: 1.35, _B.BIO_EQUITABLE: 1.50,
    }  # fmt: skip


def _convertible() -> list[str]:
    return [_B.COMPLET, _B.LOCAL, _B.HVE, _B.EQUITABLE]


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Settings of a scenario. Money is euros before tax, quantities kg a day unless said."""

    # What is counted.
    include_estimates: bool = True
    keep_bakers: bool = True
    neutral: bool = False
    # Rules.
    radius_km: float = 30.0
    near_km: float = 8.0
    detour: float = 1.3
    speed_kmh: float = 45.0
    k: int = 2
    stop_cost: float = 0.6
    min_drop_kg: float = 0.0
    certified_share: float = 0.0
    # Weights, €/kg of bread.
    km: float = 0.012
    neighbour: float = 0.05
    elsewhere: float = 0.20
    change: float = 0.10
    fairness: float = 0.15
    # What stands for the unknown.
    default_capacity_kg: float = 40.0
    default_price: float = 3.2
    surcharges: Mapping[str, float] = field(default_factory=_surcharges)
    flour_prices: Mapping[str, float] = field(default_factory=_flour_prices)
    convertible: list[str] = field(default_factory=_convertible)
    default_extraction: float = 0.78
    bread_per_flour: float = 1.3
    days_per_year: float = 140.0
    # The search.
    moves_per_lot: int = 2000
    seed: int = 1

    def as_json(self) -> dict[str, Any]:
        """What a scenario stores."""
        return asdict(self)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Assumptions:
        """From what a scenario stores; an older scenario takes today's default for a new setting.

        Raises ValueError with a French sentence for a value out of its range.
        """
        known = {one.name for one in fields(cls)}
        made = cls(**{name: value for name, value in stored.items() if name in known})
        problems = made.problems()
        if problems:
            raise ValueError(" ".join(problems.values()))
        return made

    def problems(self) -> dict[str, str]:
        """French sentence by setting out of its range; empty when all is well."""
        found = {}
        for name, setting in SETTINGS.items():
            value = getattr(self, name)
            if not isinstance(value, int | float) or isinstance(value, bool):
                continue
            if not setting.lower <= value <= setting.upper:
                found[name] = (
                    f"« {setting.label} » : une valeur entre {setting.lower:g} et "
                    f"{setting.upper:g} est attendue."
                )
        for name in ("surcharges", "flour_prices"):
            table = getattr(self, name)
            if set(table) - set(BreadClass.values) or any(not 0 <= v <= 20 for v in table.values()):
                found[name] = "Un prix entre 0 et 20 € par classe est attendu."
        if set(self.convertible) - set(BreadClass.values):
            found["convertible"] = "Cette classe de pain n’existe pas."
        return found


@dataclass(frozen=True, slots=True)
class Setting:
    """How a setting is shown: its words, unit, range, and where its default comes from."""

    label: str
    unit: str = ""
    lower: float = 0.0
    upper: float = 1_000_000.0
    source: str = ""
    help: str = ""


_TEAM = "hypothèse de l’équipe, à remplacer par l’enquête et les visites"
_STUDY = "valeur de l’étude de mesure du moteur (données synthétiques)"

SETTINGS: Mapping[str, Setting] = {
    "include_estimates": Setting(
        "Compter les communes qui n’ont pas répondu", help="Leur besoin est estimé, jamais observé."
    ),
    "keep_bakers": Setting(
        "Garder le boulanger d’aujourd’hui et changer la farine",
        help="Un autre boulanger n’est cherché que si celui d’aujourd’hui ne peut pas.",
    ),
    "neutral": Setting(
        "Mode neutre",
        help="Ni préférence géographique ni avantage au fournisseur en place : seul ce mode peut "
        "nourrir un marché public.",
    ),
    "radius_km": Setting("Rayon de livraison", "km", 1, 300, _STUDY),
    "near_km": Setting("Distance d’une commune voisine", "km", 0, 100, _STUDY),
    "detour": Setting("Détour de la route sur le vol d’oiseau", "fois", 1, 3, _STUDY),
    "speed_kmh": Setting("Vitesse moyenne d’une livraison", "km/h", 5, 110, _STUDY),
    "k": Setting("Boulangers par cantine, au plus", "", 1, 20, _TEAM),
    "stop_cost": Setting("Coût d’un boulanger de plus par cantine", "€/jour", 0, 100, _STUDY),
    "min_drop_kg": Setting("Livraison minimale", "kg/jour", 0, 1000, _TEAM),
    "certified_share": Setting("Part de farine certifiée souhaitée", "de 0 à 1", 0, 1, _TEAM),
    "km": Setting("Transport d’un kilo sur un kilomètre", "€", 0, 1, _STUDY),
    "neighbour": Setting("Préférence : commune voisine", "€/kg", 0, 5, _STUDY),
    "elsewhere": Setting("Préférence : plus loin", "€/kg", 0, 5, _STUDY),
    "change": Setting("Préférence : changer de fournisseur", "€/kg", 0, 5, _STUDY),
    "fairness": Setting("Charge au-delà de la moitié d’une capacité", "€/kg", 0, 5, _STUDY),
    "default_capacity_kg": Setting("Capacité d’un fournil inconnu", "kg/jour", 0, 5000, _TEAM),
    "default_price": Setting("Prix du pain courant inconnu", "€/kg HT", 0, 20, _TEAM),
    "surcharges": Setting("Surcoût d’une classe", "€/kg HT", source=_TEAM),
    "flour_prices": Setting("Prix de la farine inconnu", "€/kg HT", source=_TEAM),
    "convertible": Setting(
        "Farines qu’un boulanger peut prendre demain",
        source=_TEAM,
        help="Le pain bio demande un certificat : cochez-le si vous accompagnez les boulangers.",
    ),
    "default_extraction": Setting("Taux d’extraction inconnu", "", 0.3, 1, _STUDY),
    "bread_per_flour": Setting("Pain d’un kilo de farine", "kg", 0.8, 2, _STUDY),
    "days_per_year": Setting("Jours de service par an", "jours", 1, 366, _STUDY),
    "moves_per_lot": Setting("Effort de recherche", "mouvements par lot", 10, 100_000, _STUDY),
    "seed": Setting("Graine du hasard", "", 0, 2_000_000_000, _TEAM),
}
