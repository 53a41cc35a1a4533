"""A plan as files: a labelled workbook, GeoJSON."""

import json

from restanque.kit.documents import Sheet, xlsx_bytes
from restanque.kit.text import format_date
from restanque.supply.showing import Link, PlanView

_STATES = {
    "same": "même boulanger, même pain",
    "flour": "même boulanger, farine à changer",
    "other": "autre boulanger",
}


def workbook(view: PlanView) -> bytes:
    """Deliveries, bakeries, mills, what is not served, what was assumed."""
    sheets = [_deliveries(view), _bakeries(view), _mills(view), _short(view)]
    return xlsx_bytes(sheets, fictitious=view.plan.fictitious)


def _deliveries(view: PlanView) -> Sheet:
    plan = view.plan
    solved = format_date(plan.solved_at) if plan.solved_at else ""
    notes = [
        ("Nature", view.result.get("nature", "")),
        ("Scénario", f"{plan.scenario}, version {plan.scenario_version}, calculé le {solved}"),
        *(("Supposé", sentence) for sentence in view.result.get("assumed", [])),
        *(("À savoir", sentence) for sentence in view.result.get("notes", [])),
    ]
    headers = (
        "Commune", "Code INSEE", "Cantine", "Pain", "kg par jour", "Boulangerie",
        "Ce qui change", "Prix (€/kg HT)", "Prix connu", "Prix actuel (€/kg HT)", "km",
        "Moulins", "Besoin estimé", "Raison",
    )  # fmt: skip
    return Sheet("Livraisons", headers, [_delivery(link) for link in view.links], notes)


def _delivery(link: Link) -> tuple[object, ...]:
    return (
        str(link.need.canteen.commune or ""),
        link.need.canteen.commune_id or "",
        link.need.canteen.name,
        link.bread,
        link.kg,
        str(link.bakery),
        _STATES[link.state],
        link.raw["price"],
        "oui" if link.raw["price_known"] else "non, supposé",
        link.raw["paid_today"],
        link.raw["km"],
        link.mill_names,
        "oui" if link.need.is_estimate else "non",
        link.raw["why"],
    )


def _bakeries(view: PlanView) -> Sheet:
    headers = ("Boulangerie", "kg par jour", "Capacité (kg/jour)", "Capacité connue", "À prendre")
    rows = [
        (
            str(one.bakery),
            one.kg,
            one.capacity,
            "oui" if one.capacity_known else "non, supposée",
            ", ".join(one.conversions),
        )
        for one in view.by_bakery
    ]
    return Sheet("Boulangeries", headers, rows)


def _mills(view: PlanView) -> Sheet:
    rows = [(str(mill), label, kg) for mill, classes, _ in view.by_mill for label, kg in classes]
    return Sheet("Moulins", ("Moulin", "Farine", "kg par jour"), rows)


def _short(view: PlanView) -> Sheet:
    rows = [
        (one.need.canteen.name, str(one.need.canteen.commune or ""), one.kg, one.why)
        for one in view.short
    ]
    return Sheet("Non servis", ("Cantine", "Commune", "kg par jour", "Pourquoi"), rows)


def geojson(view: PlanView) -> bytes:
    """Deliveries as lines from the bakery to the canteen."""
    features = []
    for link in view.links:
        ends = [
            _point(link.bakery.organisation) or _point(link.bakery.commune),
            _point(link.need.canteen) or _point(link.need.canteen.commune),
        ]
        if None in ends:
            continue
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "LineString", "coordinates": ends},
                "properties": {
                    "cantine": link.need.canteen.name,
                    "commune": link.need.canteen.commune_id,
                    "boulangerie": str(link.bakery),
                    "pain": link.bread,
                    "kg_par_jour": link.kg,
                    "estimation": link.need.is_estimate,
                },
            }
        )
    made = {
        "type": "FeatureCollection",
        "name": str(view.plan.scenario),
        "nature": view.result.get("nature", ""),
        "features": features,
    }
    if view.plan.fictitious:
        made["avertissement"] = "données fictives"
    return json.dumps(made, ensure_ascii=False).encode()


def _point(record: object) -> list[float] | None:
    longitude, latitude = getattr(record, "longitude", None), getattr(record, "latitude", None)
    if longitude is None or latitude is None:
        return None
    return [float(longitude), float(latitude)]
