"""The plan's map, and the figures at its head."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from shapely.geometry import LineString, Point

from restanque.kit import links as kit_links
from restanque.kit import maps
from restanque.kit.text import format_date, format_number, format_percent, plural
from restanque.supply.showing import Link, PlanView
from restanque.territories.geo import contours_of, outline_of
from restanque.territories.models import Commune

CLASSES = (
    maps.MapClass("same", "Même boulanger, même pain", "fait"),
    maps.MapClass("flour", "Même boulanger, farine à changer", "valider"),
    maps.MapClass("other", "Autre boulanger", "cours"),
    maps.MapClass("short", "Non servie, ou en partie", "erreur"),
    maps.MapClass("none", "Aucun besoin connu", "attente"),
    maps.MapClass("flow", "Pain livré (épaisseur : kilos)", "ici"),
    maps.MapClass("bakery", "Boulangerie", "s6"),
)
#: Width of the thickest flow, degrees (about 1 km), and of the thinnest drawn.
WIDEST, THINNEST = 0.009, 0.0012


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One headline number with what it counts."""

    value: str
    unit: str
    label: str
    source: str
    compare: str = ""


def plan_map(
    view: PlanView, communes: list[Commune], today: date, *, linked: bool
) -> maps.MapPanel:
    """Communes by what the plan changes, bakeries, and bread as lines as thick as kilos.

    `linked`: bakeries lead to their offers, for who may open them.
    """
    contours = contours_of(communes)
    states = _states(view)
    features = [
        maps.Feature(
            commune.pk,
            commune.name,
            contours[commune.pk],
            kind=states.get(commune.pk, "none"),
            value=_words(view, commune),
            url=kit_links.url_of("commune", commune.pk) or "",
        )
        for commune in communes
        if commune.pk in contours
    ]
    features += _flows(view)
    features += [
        maps.Feature(
            f"b{one.bakery.pk}",
            str(one.bakery),
            Point(*place),
            kind="bakery",
            value=f"{format_number(one.kg, 0)} kg par jour",
            url=one.bakery.get_absolute_url() if linked else "",
        )
        for one in view.by_bakery
        if (place := _place(one.bakery.organisation, one.bakery.commune))
    ]
    used = {feature.kind for feature in features}
    return maps.MapPanel(
        name="plan",
        title="Qui livrerait qui",
        features=features,
        classes=[one for one in CLASSES if one.kind in used],
        outlines=[outline_of(contours.values())] if contours else [],
        n=f"{len(view.links)} livraisons pour {view.figures.get('needs', 0)} besoins",
        source=f"plan « {view.plan.scenario} », {format_date(today)}",
        date=today,
        fictitious=view.plan.fictitious,
        feature_header="Commune, boulangerie ou livraison",
        value_header="Dans le plan",
    )


def _states(view: PlanView) -> dict[str, str]:
    """What changes most in each commune."""
    order = ("short", "other", "flour", "same")
    found: dict[str, set[str]] = defaultdict(set)
    for code, links in view.communes.items():
        found[code] |= {link.state for link in links}
    for one in view.short:
        if one.need.canteen.commune_id:
            found[one.need.canteen.commune_id].add("short")
    return {code: next(state for state in order if state in told) for code, told in found.items()}


def _words(view: PlanView, commune: Commune) -> str:
    links = view.links_of(commune)
    parts = [f"{link.bakery} ({format_number(link.kg, 0)} kg)" for link in links]
    missing = sum(one.kg for one in view.short_of(commune))
    if missing:
        parts.append(f"{format_number(missing, 0)} kg non servis")
    return ", ".join(parts) or "aucun besoin connu"


def _flows(view: PlanView) -> list[maps.Feature]:
    """One line a pair of communes that bread crosses, as thick as its kilos."""
    kilos: dict[tuple[int, str], float] = defaultdict(float)
    ends: dict[tuple[int, str], Link] = {}
    for link in view.links:
        code = link.need.canteen.commune_id
        if code and not link.raw["same_commune"]:
            kilos[link.bakery.pk, code] += link.kg
            ends[link.bakery.pk, code] = link
    largest = max(kilos.values(), default=0.0)
    made = []
    for key, kg in kilos.items():
        link = ends[key]
        start = _place(link.bakery.organisation, link.bakery.commune)
        end = _place(None, link.need.canteen.commune)
        if start is None or end is None or start == end:
            continue
        width = max(THINNEST, WIDEST * kg / largest)
        made.append(
            maps.Feature(
                f"f{key[0]}-{key[1]}",
                f"{link.bakery} → {link.need.canteen.commune}",
                LineString([start, end]).buffer(width / 2, cap_style="flat"),
                kind="flow",
                value=f"{format_number(kg, 0)} kg par jour",
            )
        )
    return made


def _place(record: object, commune: Commune | None) -> tuple[float, float] | None:
    for one in (record, commune):
        longitude, latitude = getattr(one, "longitude", None), getattr(one, "latitude", None)
        if longitude is not None and latitude is not None:
            return float(longitude), float(latitude)
    return None


def key_figures(view: PlanView) -> list[KeyFigure]:
    """Against today, each with what it counts; unknown is said."""
    one = view.figures
    asked, served, known = one["asked_kg"], one["served_kg"], one["known_baker_kg"]
    figures = [
        KeyFigure(
            format_percent(served / asked) if asked else "–",
            "",
            "du pain demandé a un boulanger",
            f"{format_number(served, 0)} kg sur {format_number(asked, 0)} par jour, dont "
            f"{format_number(one['estimated_kg'], 0)} kg de besoins estimés",
        ),
        KeyFigure(
            format_percent(one["stay_kg"] / known) if known else "–",
            "",
            "du pain dont on connaît le boulanger reste chez lui",
            f"{format_number(one['stay_kg'], 0)} kg sur {format_number(known, 0)} par jour ; "
            f"{plural(one['conversions'], 'changement')} de farine en tout",
        ),
        KeyFigure(
            format_number(one["bakeries"]),
            "",
            "boulangeries fourniraient des cantines",
            f"dont {format_number(one['placeholders'])} sans nom proposées au calcul",
        ),
    ]
    if one["price_today"] is not None:
        figures.append(
            KeyFigure(
                format_number(one["price_then"], 2),
                "€/kg HT",
                "prix moyen du plan, là où celui d’aujourd’hui est connu",
                f"contre {format_number(one['price_today'], 2)} € aujourd’hui, sur "
                f"{format_number(one['priced_kg'], 0)} kg par jour",
            )
        )
    if one["certified_share"] is not None:
        today = one["certified_today"]
        figures.append(
            KeyFigure(
                format_percent(one["certified_share"]),
                "",
                "du pain servi porterait un signe officiel",
                "aujourd’hui : "
                + ("inconnu" if today is None else f"{format_percent(today)}, déclaré"),
            )
        )
    if one["km"] is not None:
        local = one["local_share"]
        figures.append(
            KeyFigure(
                format_number(one["km"], 1),
                "km",
                "de la boulangerie à la cantine, en moyenne par kilo",
                f"{format_percent(local)} du pain vient de la commune même",
            )
        )
    if one["hectares"] is not None:
        figures.append(
            KeyFigure(
                format_number(one["hectares"], 0),
                "ha",
                "de blé des zones du plan",
                f"{format_number(one['wheat_local_tonnes'], 0)} t sur "
                f"{format_number(one['wheat_tonnes'], 0)} par an ; le reste s’achète ailleurs",
            )
        )
    return figures
