"""The French sentences of the award."""

from __future__ import annotations

from collections.abc import Sequence

#: No-break spaces of French numbers and units.
THIN, NBSP = "\u202f", "\u00a0"

STOPPED = "Calcul interrompu\u00a0: meilleur plan trouvé jusque-là."
NO_PATTERNS = "Calcul rapide seulement\u00a0: l’écart au meilleur plan possible est estimé large."
SCENARIO = (
    "Scénario d’approvisionnement et d’allotissement : la préférence géographique n’est pas un "
    "critère d’attribution."
)


def flour_rounds(rounds: int) -> str:
    """The mills could not follow at first."""
    times = "une fois" if rounds == 1 else f"{rounds} fois"
    return f"Farine insuffisante au premier calcul{NBSP}: attribution refaite {times}, plus cher."


def flour_dropped(lots: int) -> str:
    """Lots given up at the end for want of flour."""
    if lots == 1:
        return "1 lot n’est pas servi, faute de farine."
    return f"{lots} lots ne sont pas servis, faute de farine."


def number(value: float, digits: int = 0) -> str:
    """French figures: 1 234,5 with a thin space and a comma."""
    return f"{value:,.{digits}f}".replace(",", THIN).replace(".", ",")


def kilograms(value: float) -> str:
    """« 12,5 kg »; one decimal under 100 kg."""
    return f"{number(value, 1 if value < 100 else 0)}{NBSP}kg"


def euros(value: float, digits: int = 2) -> str:
    """« 1,25 € »."""
    return f"{number(value, digits)}{NBSP}€"


def names(items: Sequence[str], limit: int = 3) -> str:
    """« a », « b » and how many more."""
    shown = [f"«{NBSP}{item}{NBSP}»" for item in items[:limit]]
    rest = len(items) - limit
    if rest > 0:
        shown.append(f"{rest} autre{'s' if rest > 1 else ''}")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} et {shown[-1]}"


def conversion(
    bakery: str, cls: str, new: bool, kg: float, surcharge: float | None, mills: Sequence[str]
) -> str:
    """What one baker would bake for the canteens it already serves."""
    verb = "passerait en" if new else "fournirait déjà en"
    told = (
        f"«{NBSP}{bakery}{NBSP}» {verb} «{NBSP}{cls}{NBSP}»{NBSP}: {kilograms(kg)} de pain par jour"
    )
    if surcharge is not None:
        told += f", {euros(surcharge)} de plus par kg qu’aujourd’hui"
    if mills:
        told += f", farine de {names(mills)}"
    return f"{told}."


_NOT_KEPT = {
    "unknown_baker": "son fournisseur actuel n’est pas connu parmi les boulangeries",
    "refuses_class": "son boulanger actuel ne fait pas et ne prendrait pas ce pain",
    "price": "le prix de ce pain chez son boulanger actuel dépasse le prix accepté",
    "capacity": "son boulanger actuel n’a pas assez de capacité pour tout garder",
    "flour": "la farine manque pour ce pain",
}


def elsewhere(line: str, reason: str, bakeries: Sequence[str]) -> str:
    """A line that its baker of today cannot keep, and who could."""
    told = f"«{NBSP}{line}{NBSP}»{NBSP}: {_NOT_KEPT[reason]}"
    if bakeries:
        return f"{told}{THIN}; le plan propose {names(bakeries)}."
    return f"{told}{THIN}; personne d’autre ne peut la servir dans ce scénario."


def kept(
    kg: float, asked: float, bakers: int, surcharge: float, known: float, area: float | None
) -> str:
    """The default scenario in one paragraph."""
    share = 100 * kg / asked if asked else 0.0
    told = (
        f"En gardant les boulangers actuels, {kilograms(kg)} de pain par jour sur "
        f"{kilograms(asked)} ({number(share)}{NBSP}%) peuvent être améliorés"
    )
    if bakers:
        verb = "s changeraient" if bakers > 1 else " changerait"
        told += f"{THIN}; {bakers} boulanger{verb} de farine"
    told += "."
    if known:
        told += (
            f" Surcoût{NBSP}: {euros(surcharge)} par jour, soit {euros(surcharge / known)} par kg "
            f"(sur {kilograms(known)} dont le prix actuel est connu)."
        )
    if area:
        told += f" Blé nécessaire{NBSP}: {number(area, 1)}{NBSP}hectares."
    return told
