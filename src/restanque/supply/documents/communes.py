"""« Votre pain demain »: one page for the mayor of a commune."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from restanque.kit.text import format_date, format_number
from restanque.supply.documents.frame import Pages, euros, kilos, solved_on
from restanque.supply.explaining import Missing, Study
from restanque.supply.models import Need
from restanque.supply.nomenclature import BreadClass
from restanque.supply.showing import Link, PlanView, Short
from restanque.supply.words import listed
from restanque.territories.models import Commune

_TITLE = "Votre pain demain"
#: Lines of a table and sentences of a list that a page has room for.
MOST = 7
_STATES = {
    "same": "votre boulanger d’aujourd’hui, rien à changer",
    "flour": "votre boulanger d’aujourd’hui, qui changerait de farine",
    "other": "un autre boulanger",
}


@dataclass(frozen=True)
class Delivery:
    """What one bakery, or the bakeries without a name of one commune, would bring to one need."""

    need: Need
    who: str
    count: int
    links: tuple[Link, ...]

    @property
    def first(self) -> Link:
        """The largest link: it tells what all have in common."""
        return self.links[0]

    @property
    def kg(self) -> float:
        """Kilograms a day."""
        return sum(link.kg for link in self.links)

    def mean(self, name: str) -> float | None:
        """Mean of a figure by kilogram; None when it is unknown."""
        if any(link.raw[name] is None for link in self.links):
            return None
        return sum(link.kg * float(link.raw[name]) for link in self.links) / self.kg


def commune_pages(
    view: PlanView,
    communes: Sequence[Commune],
    *,
    study: Study | None,
    created_at: dt.datetime,
) -> bytes:
    """One page for each of these communes. `study` tells what would serve the needs left out;
    without it (the tables changed since the plan) the page says so."""
    pages = Pages(view.plan, _TITLE, created_at=created_at)
    for commune in communes:
        _page(pages, view, commune, study)
    return pages.to_bytes()


def _page(pages: Pages, view: PlanView, commune: Commune, study: Study | None) -> None:
    links, short = view.links_of(commune), view.short_of(commune)
    deliveries = grouped(links)
    asked = [*(one.need for one in links), *(one.need for one in short)]
    needs = list({need.pk: need for need in asked}.values())
    pages.begin(_TITLE, f"{commune.name} – {solved_on(view.plan)}")
    if not needs:
        pages.answer("Aucun besoin de pain n’est connu dans votre commune pour ce scénario.")
        pages.end()
        return
    pages.answer(_answer(deliveries, short, view.plan.assumptions.get("surcharges", {})))
    _asked(pages, needs)
    if deliveries:
        _proposed(pages, deliveries, view)
        pages.heading("Pourquoi")
        pages.bullets(_reasons(deliveries, view))
    if short:
        pages.heading("Ce qui n’est pas servi, et ce qui le changerait")
        pages.bullets(_missing(short, study))
    pages.heading("Ce qui a été supposé")
    pages.bullets(_assumed(view, needs, links))
    pages.heading("La suite")
    pages.bullets(_next_steps(needs, deliveries, short, pages.team))
    pages.end()


def grouped(links: Sequence[Link]) -> list[Delivery]:
    """Links by need and bakery; bakeries without a name of one commune go together."""
    found: dict[tuple[int, str, str], list[Link]] = defaultdict(list)
    for link in links:
        offer = link.bakery
        who = f"·{offer.placeholder_commune_id}" if offer.is_placeholder else str(offer.pk)
        found[link.need.pk, who, link.raw["class"]].append(link)
    made = []
    for members in found.values():
        members.sort(key=lambda link: -link.kg)
        offers = {link.bakery.pk for link in members}
        offer = members[0].bakery
        who = str(offer)
        if offer.is_placeholder and len(offers) > 1:
            who = f"{len(offers)} boulangeries de {offer.placeholder_commune} (sans nom)"
        made.append(Delivery(members[0].need, who, len(offers), tuple(members)))
    return sorted(made, key=lambda one: (one.need.canteen.name_key, one.need.pk, -one.kg))


def _answer(
    deliveries: Sequence[Delivery], short: Sequence[Short], surcharges: Mapping[str, float]
) -> str:
    """The page in two sentences: who, at what price, what is missing."""
    asked = sum(one.kg for one in deliveries) + sum(one.kg for one in short)
    left = sum(one.kg for one in short)
    if not deliveries:
        return (
            f"Vos cantines demandent {kilos(asked)} de pain par jour. Dans ce scénario, aucune "
            "boulangerie ne peut le faire : le bas de la page dit ce qui le changerait."
        )
    kept = sum(one.kg for one in deliveries if one.first.raw["stays"])
    served = sum(one.kg for one in deliveries)
    names = listed([one.who for one in sorted(deliveries, key=lambda one: -one.kg)], 3)
    if kept >= served - 0.01:
        start = f"Votre boulanger d’aujourd’hui reste : {names}"
    elif kept:
        start = (
            f"Votre boulanger d’aujourd’hui garde une partie du pain ; feraient le tout : {names}"
        )
    else:
        start = f"Pourraient faire le pain de vos cantines : {names}"
    told = f"{start}, pour {kilos(served)} par jour. {_price(deliveries, surcharges)}"
    if left >= 0.05:
        told += f" Il manque {kilos(left)} par jour sur {kilos(asked)}."
    return told


def _price(deliveries: Sequence[Delivery], surcharges: Mapping[str, float]) -> str:
    """What changes for the commune, where it keeps a baker whose price it told.

    What a baker asks of others is never deduced here: it is for the baker to say.
    """
    links = [link for one in deliveries for link in one.links]
    own = [(link, own_price(link, surcharges)) for link in links]
    told = [(link, price) for link, price in own if price is not None]
    if not told:
        return "Le prix se demande aux boulangers."
    kg = sum(link.kg for link, _ in told)
    today = sum(link.kg * link.raw["paid_today"] for link, _ in told) / kg
    gap = sum(link.kg * (price - link.raw["paid_today"]) for link, price in told)
    rest = "" if len(told) == len(links) else " Les autres prix se demandent aux boulangers."
    if abs(gap) < 0.005:
        return f"Le kilo resterait à {euros(today)} HT, comme aujourd’hui.{rest}"
    more = "de plus" if gap > 0 else "de moins"
    return (
        f"Le kilo coûterait environ {euros(today + gap / kg)} HT (supposé), contre {euros(today)} "
        f"aujourd’hui : {euros(abs(gap))} {more} par jour de service{_yearly(told)}.{rest}"
    )


def _yearly(told: Sequence[tuple[Link, float]]) -> str:
    """The same over a year, where every need says its days of service."""
    if any(link.need.days_per_year is None for link, _ in told):
        return ""
    year = sum(
        link.kg * (price - link.raw["paid_today"]) * (link.need.days_per_year or 0)
        for link, price in told
    )
    days = sorted({link.need.days_per_year or 0 for link, _ in told})
    spread = str(days[0]) if len(days) == 1 else f"{days[0]} à {days[-1]}"
    return f", soit environ {format_number(abs(year), 0)} € par an pour {spread} jours"


def own_price(link: Link, surcharges: Mapping[str, float]) -> float | None:
    """€/kg the commune would pay its own baker: today's, and the surcharge supposed for the class.

    None for another baker, or when the commune told no price.
    """
    paid = link.raw["paid_today"]
    if paid is None or not link.raw["stays"]:
        return None
    if link.state == "same":
        return float(paid)
    before = link.need.today_class or BreadClass.COURANT
    more = surcharges.get(link.raw["class"], 0.0) - surcharges.get(before, 0.0)
    return float(paid) + max(0.0, more)


def _asked(pages: Pages, needs: Sequence[Need]) -> None:
    shown = needs[:MOST]
    rest = f" {len(needs) - MOST} autres besoins ne tiennent pas ici." if needs[MOST:] else ""
    pages.table(
        "Ce qui est demandé",
        ("Cantine", "Pain souhaité", "Par jour", "Aujourd’hui", "D’où cela vient"),
        [
            (
                need.canteen.name,
                str(need.get_bread_class_display()),
                kilos(float(need.kg_per_day)),
                _today(need),
                _source(need),
            )
            for need in shown
        ],
        numeric=(2,),
        widths=(3.2, 2.8, 1.5, 4.2, 3),
        source=f"Prix hors taxe au kilo, par jour de service.{rest}",
    )


def _today(need: Need) -> str:
    """Bread, supplier, price and end of contract of today."""
    bread = str(need.get_today_class_display()) if need.today_class else "pain inconnu"
    named = str(need.supplier) if need.supplier else need.supplier_name
    paid = None if need.price_per_kg is None else float(need.price_per_kg)
    price = "prix inconnu" if paid is None else euros(paid)
    end = f", contrat jusqu’au {format_date(need.contract_end)}" if need.contract_end else ""
    return f"{bread}, {named or 'fournisseur inconnu'}, {price}{end}"


def _source(need: Need) -> str:
    if need.is_estimate:
        low, high = (format_number(value, 0) for value in (need.kg_low, need.kg_high))
        return f"estimé, entre {low} et {high} kg : la commune n’a pas répondu"
    return f"{need.get_source_display()}, {format_date(need.observed_on)}"


def _proposed(pages: Pages, deliveries: Sequence[Delivery], view: PlanView) -> None:
    shown = sorted(deliveries, key=lambda one: -one.kg)[:MOST]
    surcharges = view.plan.assumptions.get("surcharges", {})
    rest = len(deliveries) - len(shown)
    more = f" {rest} autres livraisons plus petites sont dans le classeur du plan." if rest else ""
    pages.table(
        "Ce que le scénario propose",
        ("Boulangerie", "Pain", "Par jour", "Farine", "Le kilo HT", "Distance"),
        [_row(one, surcharges) for one in shown],
        numeric=(2, 5),
        widths=(4.4, 2.6, 1.5, 2.6, 2.8, 1.5),
        source="Prix « supposé » : hypothèse du scénario. Ce qu’une boulangerie demande à "
        f"d’autres n’est pas montré.{_meaning(shown)}{more}",
    )


def _meaning(shown: Sequence[Delivery]) -> str:
    """What « proposée » means, once, where it is said."""
    if all(_state(one) != "proposée" for one in shown):
        return ""
    return " Proposée : le fournisseur d’aujourd’hui n’est pas une boulangerie connue."


def _row(one: Delivery, surcharges: Mapping[str, float]) -> tuple[str, ...]:
    paid, km = one.mean("paid_today"), one.mean("km")
    told = _told_price(one, surcharges)
    if paid is not None:
        told += f" ; aujourd’hui {euros(paid)}"
    mills = sorted({str(mill) for link in one.links for mill, _ in link.mills})
    return (
        f"{one.who} : {_state(one)}",
        one.first.bread,
        kilos(one.kg),
        listed(mills, 2) or "moulin non prévu",
        told,
        "inconnue" if km is None else _away(km),
    )


def _away(km: float) -> str:
    """Road km; within a commune nobody measured them."""
    return "sur place" if km < 0.05 else f"{format_number(km, 1)} km"


def _told_price(one: Delivery, surcharges: Mapping[str, float]) -> str:
    """What the commune told and what is supposed of its own baker; of others, nothing."""
    price = own_price(one.first, surcharges)
    if price is None:
        return "à demander au boulanger"
    return f"{euros(price)} ({'inchangé' if one.first.state == 'same' else 'supposé'})"


def _state(one: Delivery) -> str:
    if one.first.state == "other" and one.need.supplier_id is None:
        return "proposée"
    return _STATES[one.first.state]


def _reasons(deliveries: Sequence[Delivery], view: PlanView) -> list[str]:
    """Why, each reason once, the largest deliveries first."""
    left = view.result.get("left_baker", {})
    several: dict[int, list[Delivery]] = defaultdict(list)
    found: list[str] = []
    for one in sorted(deliveries, key=lambda one: -one.kg):
        if one.first.state == "other":
            several[one.need.pk].append(one)
        elif one.first.raw["why"] not in found:
            found.append(one.first.raw["why"])
    for pk, members in several.items():
        moved = left.get(str(pk), {}).get("sentence", "") if members[0].need.supplier_id else ""
        told = members[0].first.raw["why"] if _alone(members) else _together(members)
        found.append(f"{moved} {told}".strip())
    return found[:3]


def _alone(members: Sequence[Delivery]) -> bool:
    return len(members) == 1 and members[0].count == 1


def _together(members: Sequence[Delivery]) -> str:
    """Why it takes several bakeries, and why these."""
    kg = sum(one.kg for one in members)
    count = sum(one.count for one in members)
    return (
        f"Il faudrait {count} fournils pour {kilos(kg)} par jour : aucun de ceux qui conviennent "
        "n’a la place de tout faire, ou il serait trop chargé. Ceux-ci coûtent le moins à "
        "l’ensemble du territoire, une fois les capacités partagées."
    )


def _missing(short: Sequence[Short], study: Study | None) -> list[str]:
    found = []
    for one in short[:4]:
        name = f"{one.need.canteen.name}, {kilos(one.kg)} par jour"
        reasons: Missing | None = study.missing(one.need) if study else None
        if reasons is None:
            found.append(f"{name} : {one.why}")
            continue
        told = f"{name} : {reasons.sentence}"
        if reasons.remedies:
            told += f" Ce qui suffirait (recalculé) : {' '.join(reasons.remedies[:2])}"
        else:
            told += " Aucun changement seul, parmi ceux essayés, ne suffirait."
        found.append(told)
    if study is None:
        found.append(
            "Les données ont changé depuis ce plan : calculez-le de nouveau pour savoir ce qui "
            "suffirait."
        )
    return found


def _assumed(view: PlanView, needs: Sequence[Need], links: Sequence[Link]) -> list[str]:
    """What this page rests on that nobody observed, about this commune only."""
    found = []
    if any(need.is_estimate for need in needs):
        found.append("La quantité demandée est estimée : la commune n’a pas répondu à l’enquête.")
    supposed = sorted({str(x.bakery) for x in links if not x.raw["price_known"]})
    if supposed:
        found.append(f"Prix supposé : {listed(supposed, 3)}.")
    unknown = sorted({str(x.bakery) for x in links if x.bakery.capacity_kg_per_day is None})
    if unknown:
        found.append(f"Capacité supposée : {listed(unknown, 3)}.")
    if any(link.bakery.is_placeholder for link in links):
        found.append("Boulangerie « sans nom » : seul leur nombre dans la commune est connu.")
    if any(link.raw["converts"] for link in links):
        count = len({link.bakery.pk for link in links if link.raw["converts"]})
        who = "ce boulanger accepte" if count == 1 else "ces boulangers acceptent"
        found.append(f"Personne n’a vérifié que {who} de changer de farine.")
    if not links:
        found += view.result.get("assumed", [])[:3]
    return found or ["Rien d’autre que les hypothèses du scénario, dans le classeur du plan."]


def _next_steps(
    needs: Sequence[Need], deliveries: Sequence[Delivery], short: Sequence[Short], team: str
) -> list[str]:
    """What the mayor may do with the page: whom to ask, by when, under which rule."""
    found = []
    asked = [one for one in deliveries if one.first.raw["converts"]]
    named = sorted({one.who for one in asked if not one.first.bakery.is_placeholder})
    if named:
        mills = sorted({str(mill) for one in asked for link in one.links for mill, _ in link.mills})
        where = f" (par exemple celle du {listed(mills, 2)})" if mills else ""
        found.append(f"Demander à {listed(named, 3)} si un changement de farine lui irait{where}.")
    elif deliveries:
        found.append("Demander à ces boulangeries si elles le pourraient, et à quel prix.")
    if short:
        found.append(f"Dire à l’équipe lequel de ces changements étudier : {team}.")
    ends = sorted(need.contract_end for need in needs if need.contract_end)
    if ends:
        found.append(f"Le contrat court jusqu’au {format_date(ends[0])} : s’y prendre avant.")
    if any(one.first.raw["stays"] for one in deliveries):
        found.append(
            "Même avec le boulanger d’aujourd’hui, c’est un achat public, sur des critères licites."
        )
    return found
