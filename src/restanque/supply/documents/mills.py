"""« La farine que demanderaient les cantines »: to a mill, of its own flour and customers only."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from restanque.kit.text import format_number, plural
from restanque.supply.assumptions import Assumptions
from restanque.supply.documents.frame import FEWEST, Pages, rounded, solved_on
from restanque.supply.models import BakeryOffer, MillOffer
from restanque.supply.showing import LABELS, PlanView
from restanque.supply.words import listed

_TITLE = "La farine que demanderaient les cantines"


def mill_pages(view: PlanView, offers: Sequence[MillOffer], *, created_at: dt.datetime) -> bytes:
    """One page for each of these mills."""
    pages = Pages(view.plan, _TITLE, created_at=created_at)
    for offer in offers:
        _page(pages, view, offer)
    return pages.to_bytes()


def _page(pages: Pages, view: PlanView, offer: MillOffer) -> None:
    pages.begin(_TITLE, f"{offer} – {solved_on(view.plan)}")
    rows = [row for row in view.result.get("mills", []) if row["mill"] == offer.pk]
    if not rows:
        pages.answer("Ce scénario ne demande pas de farine à votre moulin.")
        pages.end()
        return
    users = _users(view, offer)
    everybody = {bakery for found in users.values() for bakery in found}
    customers = sorted(str(one) for one in everybody if _is_customer(one, offer))
    pages.answer(
        f"Pour faire le pain des cantines, {_count(everybody)} prendraient de la farine chez vous."
    )
    pages.table(
        "Farine demandée par jour de service",
        ("Farine", "Par jour", "Par an", "Boulangeries"),
        [_row(view, row, users[row["class"]], offer) for row in rows],
        numeric=(1, 2),
        widths=(4, 2.4, 2.4, 3),
        source="Kilos de farine arrondis à 5 kg ; l’année compte "
        f"{format_number(_days(view))} jours de service (hypothèse du scénario). "
        "Une quantité qui ne concerne que "
        f"{FEWEST - 1} boulangeries ou moins n’est dite que si toutes sont vos clientes.",
    )
    pages.heading("Qui prendrait cette farine")
    if customers:
        pages.paragraph(
            f"Parmi vos clientes d’aujourd’hui : {listed(customers, 20)}. Les autres boulangeries "
            "ne sont pas nommées : l’équipe les met en relation avec les moulins qui le demandent."
        )
    else:
        pages.paragraph(
            "Aucune de ces boulangeries n’est connue comme votre cliente : elles ne sont donc pas "
            "nommées. L’équipe met en relation celles qui le souhaitent."
        )
    if assumed := [one for one in view.result.get("assumed", []) if "farine" in one]:
        pages.heading("Ce qui a été supposé")
        pages.bullets(assumed)
    pages.heading("Si cela vous intéresse")
    pages.bullets(
        [f"Dites à l’équipe les farines, les quantités et les prix possibles : {pages.team}."]
    )
    pages.end()


def _days(view: PlanView) -> float:
    return Assumptions.of(view.plan.assumptions).days_per_year


def _users(view: PlanView, offer: MillOffer) -> dict[str, set[BakeryOffer]]:
    """Bakeries that take flour of this mill, by class."""
    found: dict[str, set[BakeryOffer]] = defaultdict(set)
    for link in view.links:
        if any(mill.pk == offer.pk for mill, _ in link.mills):
            found[link.raw["class"]].add(link.bakery)
    return found


def _is_customer(bakery: BakeryOffer, offer: MillOffer) -> bool:
    return bakery.mill_id is not None and bakery.mill_id == offer.organisation_id


def _row(
    view: PlanView, row: dict[str, object], users: set[BakeryOffer], offer: MillOffer
) -> tuple[str, ...]:
    kg = float(str(row["kg"]))
    label = LABELS[str(row["class"])]
    if len(users) < FEWEST and not all(_is_customer(one, offer) for one in users):
        return (label, "non publié", "non publié", _count(users))
    tonnes = kg * _days(view) / 1000
    return (label, rounded(kg), f"environ {format_number(tonnes, 1)} t", _count(users))


def _count(users: set[BakeryOffer]) -> str:
    """« 12 boulangeries », « moins de 5 boulangeries »."""
    if len(users) < FEWEST:
        return f"moins de {FEWEST} boulangeries"
    return plural(len(users), "boulangerie")
