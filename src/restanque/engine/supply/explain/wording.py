"""The French sentences of the reasons, built from their figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from restanque.engine.supply.award.messages import (
    NBSP,
    THIN,
    euros,
    kilograms,
    names,
    number,
)
from restanque.engine.supply.problem import Problem

if TYPE_CHECKING:
    from restanque.engine.supply.explain.alternatives import Aim, Figures
    from restanque.engine.supply.explain.conflict import Rule
    from restanque.engine.supply.explain.unserved import Remedy
    from restanque.engine.supply.explain.why import Candidate, Limit

MARKET = (
    "Les prix de marché sont ceux du calcul exact sans lots entiers\u00a0: ils disent ce qui est "
    "rare, pas ce qui sera facturé."
)


def quoted(name: str) -> str:
    """« name »."""
    return f"«{NBSP}{name}{NBSP}»"


def km_text(km: float) -> str:
    """« à 4,2 km », nothing when unknown."""
    return f" à {number(km, 1)}{NBSP}km" if km == km else ""


_OBSTACLES = {
    "full": "complet",
    "minimum": "la commande minimale ou la livraison minimale ne serait plus tenue",
    "bakers": "un boulanger de trop pour la cantine",
}


def why(
    problem: Problem,
    line: int,
    bakery: int,
    kg: float,
    km: float,
    total: float,
    best: Candidate | None,
    limits: Sequence[Limit],
    candidates: Sequence[Candidate],
) -> str:
    """Why this baker, in two or three sentences."""
    told = (
        f"{quoted(problem.bakeries.ids[bakery])}{km_text(km)} fournit {kilograms(kg)} par jour à "
        f"{quoted(problem.lines.ids[line])}{NBSP}: {euros(total)} par kg, tout compté."
    )
    if best is not None and best.regret is not None:
        more = "de plus" if best.regret >= 0 else "de moins"
        told += (
            f" Le suivant serait {quoted(problem.bakeries.ids[best.bakery])}"
            f"{km_text(best.km)}{NBSP}: "
            f"{euros(abs(best.regret))} {more} par jour pour l’ensemble du plan."
        )
    elif candidates:
        one = candidates[0]
        told += (
            f" Aucun autre échange simple n’est possible{THIN}; "
            f"{quoted(problem.bakeries.ids[one.bakery])}{NBSP}: {_OBSTACLES[one.obstacle]}."
        )
    else:
        told += " Aucun autre fournil ne peut servir ce besoin dans ce scénario."
    for limit in limits[:1]:
        told += f" {_limit(limit)}"
    return told


def _limit(limit: Limit) -> str:
    price = f"{euros(limit.price)}"
    if limit.kind == "capacity":
        return f"Sa capacité est rare{NBSP}: 1{NBSP}kg de plus vaudrait {price} au prix de marché."
    if limit.kind == "flour":
        return (
            f"La farine {quoted(limit.name)} est rare{NBSP}: 1{NBSP}kg de plus vaudrait {price} "
            "au prix de marché."
        )
    return (
        f"Le budget de {quoted(limit.name)} est atteint{NBSP}: 1{NBSP}€ de plus en épargnerait "
        f"{price}."
    )


def worth(kind: str, name: str, cls: str | None, saves: float) -> str:
    """What one unit more would save."""
    amount = euros(saves)
    of = f" en {quoted(cls)}" if cls else ""
    subject = {
        "bakery": f"1{NBSP}kg de capacité de plus chez {quoted(name)}",
        "mill": f"1{NBSP}kg de farine de plus chez {quoted(name)}",
        "mill_class": f"1{NBSP}kg de farine de plus{of} chez {quoted(name)}",
        "wheat": f"1{NBSP}kg de blé de plus{of} dans {quoted(name)}",
        "budget": f"1{NBSP}€ de budget de plus pour {quoted(name)}",
        "certified": f"1{NBSP}kg de pain certifié de moins dans le souhait",
    }[kind]
    return f"{subject} épargnerait {amount} par jour (prix de marché)."


_REASONS = {
    "no_bakery": "aucun fournil dans le rayon",
    "forbidden": "les liens possibles sont interdits, imposés ailleurs ou hors du rayon du fournil",
    "no_class": "{near} dans le rayon, aucun ne fait ce pain",
    "price": "{able} pour ce pain, tous au-dessus du prix accepté",
    "no_flour": "{affordable} pour ce pain, sans moulin pour cette farine",
    "full": "{affordable} pour ce pain, aucun n’a assez de place",
    "minimum": "{free} avec de la place, mais la commande ou la livraison minimale n’y serait pas "
    "atteinte",
    "bakers": "{free} avec de la place, mais il faudrait un boulanger de trop",
    "flour_short": "{free} avec de la place, mais la farine manque",
    "too_dear": "{free} avec de la place, mais servir coûterait plus que le scénario n’admet",
}


def unserved(line: str, kg: float, reason: str, counts: tuple[int, int, int, int]) -> str:
    """Who is not served, and why."""
    shown = {
        key: f"{value} fournil{'s' if value > 1 else ''}"
        for key, value in zip(("near", "able", "affordable", "free"), counts, strict=True)
    }
    return (
        f"{quoted(line)}{NBSP}: {kilograms(kg)} par jour non servis, "
        f"{_REASONS[reason].format(**shown)}."
    )


def remedy(problem: Problem, line: int, one: Remedy, cost: float) -> str:
    """The change, and what it costs."""
    bakery = quoted(problem.bakeries.ids[one.bakery]) if one.bakery >= 0 else ""
    if one.lever == "price":
        told = f"En acceptant {euros(one.after)} par kg au lieu de {euros(one.before)}"
    elif one.lever == "km":
        told = (
            f"En allant jusqu’à {number(one.after, 1)}{NBSP}km au lieu de "
            f"{number(one.before, 1)}{NBSP}km"
        )
    elif one.lever == "capacity":
        told = (
            f"Avec {kilograms(one.after - one.before)} par jour de capacité de plus chez {bakery}"
        )
    elif one.lever == "class":
        told = f"En prenant du pain {quoted(problem.classes[int(one.after)])}"
    else:
        told = (
            f"Si {bakery} acceptait une commande de {kilograms(one.after)} au lieu de "
            f"{kilograms(one.before)}"
        )
    sign = "de plus" if cost >= 0 else "de moins"
    return (
        f"{told}, {quoted(problem.lines.ids[line])} serait servie{NBSP}: "
        f"{euros(abs(cost))} {sign} par jour, tout compté (recalculé)."
    )


_RULES = {
    "drop": "la livraison minimale",
    "bakers": "le nombre de boulangers par cantine",
    "minimum": "les commandes minimales",
    "pairs": "les liens imposés ou interdits",
    "price": "les prix acceptés",
    "radius": "les rayons de livraison",
    "flour": "la farine et le blé disponibles",
    "capacity": "les capacités des fournils",
    "classes": "les pains demandés",
}


def conflict(rules: Sequence[Rule], lines: Sequence[str], kg: float, proven: bool) -> str:
    """The rules that contradict each other; says where a smaller set is not excluded."""
    who = names(lines)
    doubt = (
        ""
        if proven or not rules
        else f" Ensemble non prouvé minimal{NBSP}: le calcul n’a pas tout vérifié."
    )
    if not rules:
        return (
            f"{kilograms(kg)} par jour restent non servis ({who}), même en levant toutes les "
            "règles connues."
        )
    listed = [_RULES[rule] for rule in rules]
    if len(listed) == 1:
        return (
            f"{kilograms(kg)} par jour restent non servis ({who}) à cause d’une seule règle{NBSP}: "
            f"{listed[0]}.{doubt}"
        )
    told = f"{', '.join(listed[:-1])} et {listed[-1]}"
    return (
        f"Ces règles se contredisent pour {who} ({kilograms(kg)} par jour){NBSP}: {told}. "
        f"En assouplir une seule suffirait.{doubt}"
    )


def what_if(name: str, cost: float, unserved: float, moved: float, lines: int) -> str:
    """What would change."""
    sign = "de plus" if cost >= 0 else "de moins"
    told = f"{name}{NBSP}: "
    if unserved > 0.005:
        told += f"{kilograms(unserved)} par jour ne seraient plus servis{THIN}; le reste coûterait "
    elif unserved < -0.005:
        told += f"{kilograms(-unserved)} par jour de plus seraient servis{THIN}; en tout, "
    told += f"{euros(abs(cost))} {sign} par jour"
    if lines:
        told += (
            f"{THIN}; {kilograms(moved)} changeraient de fournil "
            f"({lines} besoin{'s' if lines > 1 else ''})"
        )
    return f"{told}."


def percent(share: float | None) -> str:
    """« 12 % » or « inconnu »."""
    return "inconnu" if share is None else f"{number(100 * share)}{NBSP}%"


def alternative(aim: Aim, extra: float, base: Figures, found: Figures) -> str:
    """What the alternative gains for what it costs."""
    cost = f"Pour {number(100 * extra, 1)}{NBSP}% de plus"
    if aim == "keep":
        return (
            f"{cost}, {percent(found.kept)} du pain resterait chez le boulanger actuel au lieu de "
            f"{percent(base.kept)}."
        )
    if aim == "spread":
        return (
            f"{cost}, {found.artisans} fournils travailleraient au lieu de {base.artisans}, et "
            f"{kilograms(found.over)} au lieu de {kilograms(base.over)} dépasseraient le seuil "
            "d’équité."
        )
    if found.km is None or base.km is None:
        return f"{cost}, des trajets plus courts."
    return (
        f"{cost}, 1{NBSP}kg de pain ferait {number(found.km, 1)}{NBSP}km au lieu de "
        f"{number(base.km, 1)}{NBSP}km."
    )


def frequency(line: str, bakery: str, seen: int, n: int) -> str:
    """How often the link is in the plan."""
    link = f"{quoted(line)} – {quoted(bakery)}"
    return f"{link}{NBSP}: dans le plan {seen} fois sur {n} tirages des besoins."
