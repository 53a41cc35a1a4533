"""Solve a scenario: the engine's answer told in the room's words, ready to be stored and shown.

The result is plain JSON; records are named by their keys, so a page reads it without solving again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from restanque.engine.supply import Plan, Problem, check
from restanque.engine.supply.award import KeepPlan, keep_and_improve, solve
from restanque.engine.supply.jsonio.writing import NATURE
from restanque.engine.supply.lots import cut
from restanque.kit.text import format_number, plural
from restanque.supply.assumptions import Assumptions
from restanque.supply.building import Built
from restanque.supply.columns import CLASSES, MARKET
from restanque.supply.nomenclature import RULES, BreadClass

TINY = 1e-6
LABELS = {code: str(label) for code, label in BreadClass.choices}


@dataclass(frozen=True)
class Solved:
    """What a plan stores: `result` (JSON) and `figures` (JSON), and the broken rules, if any."""

    result: dict[str, Any]
    figures: dict[str, Any]


def never() -> bool:
    """Go on."""
    return False


def solve_built(
    built: Built, settings: Assumptions, *, should_stop: Callable[[], bool] = never
) -> Solved:
    """The plan of a problem: today's bakers first, or freely, as the settings say."""
    if not built.needs or not built.bakeries:
        return _told(built, settings, [], {})
    moves = max(1, len(cut(built.problem).line)) * settings.moves_per_lot
    if settings.keep_bakers and not settings.neutral:
        kept = keep_and_improve(
            built.problem,
            moves=moves,
            seed=settings.seed,
            can_convert=built.problem.bakeries.makes,
            conversion_price=built.problem.bakeries.price,
            today_price=_today_price(built),
        )
        # The baker of today is kept however far it is.
        anywhere = replace(kept.problem.rules, radius_km=np.inf)
        parts = [(kept.kept, replace(kept.problem, rules=anywhere))]
        if kept.elsewhere_plan is not None and kept.remaining is not None:
            parts.append((kept.elsewhere_plan, kept.remaining))
        return _told(built, settings, parts, _kept_words(built, kept))
    plan = solve(built.problem, moves=moves, seed=settings.seed, should_stop=should_stop)
    return _told(built, settings, [(plan, built.problem)], {})


def _today_price(built: Built) -> np.ndarray:
    """What each line pays today, €/kg: told by the canteen, NaN where nobody said."""
    return np.array(
        [np.nan if n.price_per_kg is None else float(n.price_per_kg) for n in built.needs]
    )


def _kept_words(built: Built, kept: KeepPlan) -> dict[str, Any]:
    """Why lines leave their baker, by need; those imposed elsewhere left it by a decision."""
    imposed = {line for line, _ in built.problem.rules.forced}
    return {
        str(built.needs[one.line].pk): {"reason": one.reason.value, "sentence": one.sentence}
        for one in kept.elsewhere
        if one.line not in imposed
    }


def _told(
    built: Built,
    settings: Assumptions,
    parts: list[tuple[Plan, Problem]],
    moved: Mapping[str, Any],
) -> Solved:
    links = [link for plan, problem in parts for link in _links(built, settings, plan, problem)]
    unserved = _unserved(built, parts)
    result: dict[str, Any] = {
        "nature": NATURE,
        "keep_bakers": settings.keep_bakers and not settings.neutral,
        "neutral": settings.neutral,
        "links": links,
        "unserved": unserved,
        "left_baker": moved,
        "bakeries": _by_bakery(built, links),
        "mills": _by_mill(built, parts),
        "wheat": _wheat(built, parts, settings),
        "assumed": list(built.assumed),
        "notes": [*(note for plan, _ in parts for note in plan.notes), *_too_many(built, links)],
        "violations": [
            f"{item.rule} : {item.where}"
            for plan, problem in parts
            for item in check.verify(problem, plan).violations
        ],
        "objective": sum(plan.objective for plan, _ in parts),
        "bound": sum(plan.bound for plan, _ in parts),
        # Two stages are each close to their own bound; their sum bounds nothing of the whole.
        "gap": parts[0][0].gap if len(parts) == 1 else None,
    }
    return Solved(result, figures(built, result))


def _links(
    built: Built, settings: Assumptions, plan: Plan, problem: Problem
) -> list[dict[str, Any]]:
    """One a line, bakery and class served, in the order of the needs."""
    arcs, lines = problem.arcs, problem.arcs.line
    mills = _mills_of(plan)
    made = []
    for arc in np.flatnonzero(plan.arc_kg > TINY):
        line, row, cls = int(lines[arc]), int(arcs.bakery[arc]), int(arcs.cls[arc])
        need, offer = built.needs[line], built.bakeries[row]
        km = float(arcs.km[arc])
        paid = None if need.price_per_kg is None else float(need.price_per_kg)
        price = float(arcs.price[arc])
        made.append(
            {
                "need": need.pk,
                "bakery": offer.pk,
                "class": CLASSES[cls],
                "kg": round(float(plan.arc_kg[arc]), 3),
                "km": None if np.isnan(km) else round(km, 1),
                "minutes": None if np.isnan(km) else round(km / settings.speed_kmh * 60),
                "price": round(price, 3),
                "price_known": bool(built.price_known[row, cls]),
                "paid_today": paid,
                "stays": int(problem.lines.current[line]) == row,
                "converts": not bool(built.makes_today[row, cls]),
                "same_commune": _same_commune(built, line, row),
                "mills": [
                    {"mill": built.mills[mill].pk, "share": round(share, 3)}
                    for mill, share in mills.get((row, cls), ())
                ],
                "parts": {
                    "price": price,
                    "transport": float(arcs.transport[arc]),
                    "preference": float(arcs.preference[arc]),
                    "change": float(arcs.change[arc]),
                },
                "why": _why(built, line, row, cls, problem),
            }
        )
    return sorted(made, key=lambda link: (link["need"], -link["kg"]))


def _too_many(built: Built, links: list[dict[str, Any]]) -> list[str]:
    """Canteens given more bakeries than they accept: the search knows one limit for all (`k`)."""
    bakers: dict[int, set[int]] = defaultdict(set)
    accepted: dict[int, int] = {}
    names: dict[int, str] = {}
    canteen = {need.pk: need.canteen for need in built.needs}
    for need in built.needs:
        if need.max_suppliers is not None:
            least = accepted.get(need.canteen_id, need.max_suppliers)
            accepted[need.canteen_id] = min(least, need.max_suppliers)
    for link in links:
        one = canteen[link["need"]]
        bakers[one.pk].add(link["bakery"])
        names[one.pk] = one.name
    return [
        f"{names[pk]} accepterait {plural(accepted[pk], 'fournisseur')} au plus, le plan lui en "
        f"donne {len(found)} : imposez un boulanger, ou changez la limite commune."
        for pk, found in bakers.items()
        if pk in accepted and len(found) > accepted[pk]
    ]


def _same_commune(built: Built, line: int, row: int) -> bool | None:
    here, there = built.needs[line].canteen.commune_id, built.bakeries[row].commune
    return None if here is None or there is None else here == there.pk


def _mills_of(plan: Plan) -> dict[tuple[int, int], list[tuple[int, float]]]:
    """Share of each mill in the flour of a bakery and class."""
    found: dict[tuple[int, int], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    flour = plan.flour
    for row, mill, cls, kg in zip(flour.bakery, flour.mill, flour.cls, flour.kg, strict=True):
        found[int(row), int(cls)][int(mill)] += float(kg)
    return {
        place: [(mill, kg / sum(by_mill.values())) for mill, kg in sorted(by_mill.items())]
        for place, by_mill in found.items()
    }


def _why(built: Built, line: int, row: int, cls: int, problem: Problem) -> str:
    """The reason of a link in one sentence, from what tells it apart."""
    need, offer = built.needs[line], built.bakeries[row]
    label = LABELS[CLASSES[cls]].lower()
    if (line, row) in built.problem.rules.forced:
        return f"{offer} a été imposée à la main à cette cantine ({label})."
    if int(problem.lines.current[line]) == row:
        if built.makes_today[row, cls]:
            return f"{offer} fournit déjà cette cantine et fait déjà ce pain ({label})."
        return f"{offer} fournit déjà cette cantine ; il lui reste à changer de farine ({label})."
    if built.needs[line].supplier_id is None:
        start = "Le fournisseur d’aujourd’hui n’est pas une boulangerie connue"
    else:
        start = f"{need.supplier} ne peut pas fournir ce pain"
    arcs = problem.arcs
    mine = slice(int(arcs.start[line]), int(arcs.start[line + 1]))
    count = len(set(arcs.bakery[mine].tolist()))
    km = arcs.km[mine][(arcs.bakery[mine] == row) & (arcs.cls[mine] == cls)]
    distance = f" à {format_number(float(km[0]))} km" if len(km) and not np.isnan(km[0]) else ""
    among = "seule possible" if count == 1 else f"parmi {count} boulangeries possibles"
    return (
        f"{start} : {offer}{distance} est retenue "
        f"{among}, au meilleur coût d’ensemble une fois les capacités partagées."
    )


def _unserved(built: Built, parts: list[tuple[Plan, Problem]]) -> list[dict[str, Any]]:
    """Lines left without bread, why, as the last stage that looked for them says."""
    if not parts:
        return [
            {"need": need.pk, "kg": float(need.kg_per_day), "why": "Aucune boulangerie connue."}
            for need in built.needs
        ]
    plan, problem = parts[-1]
    return [
        {
            "need": built.needs[line].pk,
            "kg": round(float(plan.unserved[line]), 3),
            "why": _why_unserved(built, line, problem),
        }
        for line in np.flatnonzero(plan.unserved > 1e-3).tolist()
    ]


def _why_unserved(built: Built, line: int, problem: Problem) -> str:
    """The first obstacle met, from the widest to the narrowest."""
    need = built.needs[line]
    arcs = problem.arcs
    if int(arcs.start[line]) == int(arcs.start[line + 1]):
        refused = [why for (at, _), why in built.unfit.items() if at == line]
        label = LABELS[need.bread_class].lower()
        if refused:
            return f"Aucune boulangerie du rayon ne convient ({label}). Par exemple : {refused[0]}"
        limit = need.max_price
        if limit is not None:
            return (
                f"Aucune boulangerie du rayon ne fait ce pain ({label}) à "
                f"{format_number(limit, 2)} €/kg HT ou moins."
            )
        return f"Aucune boulangerie du rayon ne fait ce pain ({label})."
    return "Les boulangeries possibles n’ont plus de place, ou la farine manque."


def _by_bakery(built: Built, links: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = {offer.pk: row for row, offer in enumerate(built.bakeries)}
    kilos: dict[int, float] = defaultdict(float)
    for link in links:
        kilos[link["bakery"]] += link["kg"]
    return [
        {
            "bakery": pk,
            "kg": round(kg, 3),
            "capacity": float(built.problem.bakeries.capacity[rows[pk]]),
            "capacity_known": built.bakeries[rows[pk]].capacity_kg_per_day is not None,
        }
        for pk, kg in sorted(kilos.items(), key=lambda item: -item[1])
    ]


def _by_mill(built: Built, parts: list[tuple[Plan, Problem]]) -> list[dict[str, Any]]:
    found: dict[tuple[int, int], float] = defaultdict(float)
    for plan, _ in parts:
        for mill, cls, kg in zip(plan.flour.mill, plan.flour.cls, plan.flour.kg, strict=True):
            found[int(mill), int(cls)] += float(kg)
    return [
        {"mill": built.mills[mill].pk, "class": CLASSES[cls], "kg": round(kg, 3)}
        for (mill, cls), kg in sorted(found.items())
    ]


def _wheat(
    built: Built, parts: list[tuple[Plan, Problem]], settings: Assumptions
) -> list[dict[str, Any]]:
    """Grain of a year and hectares by zone and class."""
    found: dict[tuple[int, int], float] = defaultdict(float)
    for plan, _ in parts:
        for zone, cls, kg in zip(plan.wheat.wheat, plan.wheat.cls, plan.wheat.kg, strict=True):
            found[int(zone), int(cls)] += float(kg)
    made = []
    for (zone, cls), kg in sorted(found.items()):
        yearly = kg * settings.days_per_year
        per_hectare = float(built.problem.wheat.yield_kg_ha[zone, cls])
        made.append(
            {
                "zone": built.wheat[zone],
                "class": CLASSES[cls],
                "tonnes": round(yearly / 1000, 2),
                "hectares": None if np.isnan(per_hectare) else round(yearly / per_hectare, 2),
            }
        )
    return made


def figures(built: Built, result: Mapping[str, Any]) -> dict[str, Any]:
    """The headline numbers, before and after, each with what it counts. None is unknown."""
    links = result["links"]
    asked = sum(float(need.kg_per_day) for need in built.needs)
    served = sum(link["kg"] for link in links)
    estimated = sum(float(need.kg_per_day) for need in built.needs if need.is_estimate)
    priced = [link for link in links if link["paid_today"] is not None]
    grown = [row for row in result["wheat"] if row["zone"] != MARKET]
    hectares = [row["hectares"] for row in grown]
    bakers = {offer.organisation_id for offer in built.bakeries}
    followed = [need for need in built.needs if need.supplier_id and need.supplier_id in bakers]
    return {
        "asked_kg": round(asked, 1),
        "served_kg": round(served, 1),
        "estimated_kg": round(estimated, 1),
        "unserved_kg": round(sum(row["kg"] for row in result["unserved"]), 1),
        "needs": len(built.needs),
        "bakeries": len({link["bakery"] for link in links}),
        "known_baker_kg": round(sum(float(need.kg_per_day) for need in followed), 1),
        "stay_kg": round(sum(link["kg"] for link in links if link["stays"]), 1),
        "conversions": len({(x["bakery"], x["class"]) for x in links if x["converts"]}),
        "price": _mean(links, "price"),
        "priced_kg": round(sum(link["kg"] for link in priced), 1),
        "price_today": _mean(priced, "paid_today"),
        "price_then": _mean(priced, "price"),
        "km": _mean([link for link in links if link["km"] is not None], "km"),
        "local_share": _share(links, lambda link: bool(link["same_commune"])),
        "certified_share": _share(links, lambda x: RULES[BreadClass(x["class"])].certified),
        "certified_today": _certified_today(built),
        "hectares": None if None in hectares or not hectares else round(sum(hectares), 1),
        "wheat_tonnes": round(sum(row["tonnes"] for row in result["wheat"]), 1),
        "wheat_local_tonnes": round(sum(row["tonnes"] for row in grown), 1),
        "meals": sum(need.meals_per_day or 0 for need in built.needs) or None,
        "placeholders": sum(1 for offer in built.bakeries if offer.is_placeholder),
    }


def _mean(links: list[dict[str, Any]], name: str) -> float | None:
    """Mean by kilogram."""
    kilos = sum(link["kg"] for link in links)
    return round(sum(link["kg"] * link[name] for link in links) / kilos, 3) if kilos else None


def _share(links: list[dict[str, Any]], test: Callable[[dict[str, Any]], bool]) -> float | None:
    kilos = sum(link["kg"] for link in links)
    return round(sum(link["kg"] for link in links if test(link)) / kilos, 4) if kilos else None


def _certified_today(built: Built) -> float | None:
    """Share of the bread whose class of today is known that carries a sign."""
    known = [need for need in built.needs if need.today_class]
    kilos = sum(float(need.kg_per_day) for need in known)
    if not kilos:
        return None
    signed = sum(
        float(need.kg_per_day) for need in known if RULES[BreadClass(need.today_class)].certified
    )
    return round(signed / kilos, 4)
