"""The words of the report about bread: which question is read, and how its answer is said."""

from __future__ import annotations

from dataclasses import dataclass

from restanque.kit.text import NARROW_SPACE, NO_BREAK_SPACE

KG_DAY, KG_YEAR, MEALS = "need.kg_per_day", "need.kg_per_year", "need.meals_per_day"
GRAMS = "derive.grammes-par-repas"
KIND, IN_COMMUNE = "need.current_supplier_kind", "need.supplier_in_commune"
PRICE, SIGNS = "need.price_per_kg", "need.signs"
BUYER, MODE, PRODUCTION = (
    "restauration.acheteur_pain", "restauration.mode_gestion", "restauration.production",
)  # fmt: skip
OBSTACLES, HELP, SURCHARGE = "orientation.obstacles", "souhaits.aides", "souhaits.surcout"
KEEP_BAKER = "orientation.keep_baker"
CANTEEN = "canteen.has_canteen"


@dataclass(frozen=True, slots=True)
class Orientation:
    """A direction asked: its short name, and what communes that want it want."""

    fact: str
    label: str
    want: str


# « Garder le boulanger et améliorer la farine » comes first: it is the first thing asked.
ORIENTATIONS = (
    Orientation(KEEP_BAKER, "Garder le boulanger, améliorer la farine",
                "veulent garder leur boulanger et améliorer la farine"),
    Orientation("orientation.local_baker", "Travailler avec un boulanger artisanal proche",
                "veulent travailler avec un boulanger artisanal proche"),
    Orientation("orientation.local_flour",
                f"Passer à la farine «{NO_BREAK_SPACE}Lou Pan d’Ici{NO_BREAK_SPACE}»",
                "veulent passer à la farine Lou Pan d’Ici"),
    Orientation("orientation.organic", "Servir davantage de pain bio",
                "veulent servir davantage de pain bio"),
    Orientation("orientation.wholemeal", "Servir davantage de pain complet",
                "veulent servir davantage de pain complet"),
    Orientation("orientation.joint_purchase", "Acheter à plusieurs communes",
                "veulent acheter à plusieurs"),
    Orientation("orientation.training", "Former les cuisiniers et les agents",
                "veulent former leurs équipes"),
    Orientation("orientation.network",
                f"Rejoindre le réseau «{NO_BREAK_SPACE}Nos cantines durables{NO_BREAK_SPACE}»",
                "veulent rejoindre le réseau Nos cantines durables"),
    Orientation("orientation.charter", "Signer une charte sur le pain",
                "veulent signer une charte"),
)  # fmt: skip
YES = "oui"
QUOTED_YES = f"«{NO_BREAK_SPACE}oui{NO_BREAK_SPACE}»"

# What communes that buy from each kind of supplier do.
SUPPLIER_VERBS = {
    "artisan": "achètent à un boulanger artisan",
    "industriel": "achètent à une boulangerie industrielle",
    "grossiste": "achètent à un grossiste",
    "gms": "achètent au supermarché",
    "prestataire": "reçoivent le pain d’une cuisine centrale ou d’un prestataire",
    "esat": "achètent à une entreprise d’insertion",
}
# Signs that count in the law's ratio; organic bread is read alone.
SIGN_CODES = ("bio", "hve", "label_rouge", "aop_igp_stg", "commerce_equitable")
SIGN_LABELS = {"bio": "Pain bio", "aucun": "Pain sans signe"}

COLON = f"{NO_BREAK_SPACE}: "
SEMICOLON = f"{NARROW_SPACE}; "
QUESTION = f"{NARROW_SPACE}?"
NOT_PUBLISHED = "non publié (moins de 5 réponses)"
SEVERAL = "Plusieurs réponses possibles : les parts dépassent 100 % ensemble."
HOW_TO_READ = (
    "Chaque chiffre est une estimation pour toutes les communes concernées. Les bornes données à "
    "côté (« entre … et … ») contiennent la vraie valeur 19 fois sur 20, si les communes qui se "
    "taisent ressemblent à celles de même taille qui ont répondu."
)
