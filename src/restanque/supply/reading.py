"""From an answer's facts to a need. Pure: facts in, values and what could not be read out.

Only facts declared in the form (`bind::rq:fact`) are read, never names of questions, so any
questionnaire that feeds them feeds the needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal, InvalidOperation

from restanque.supply.nomenclature import RULES, BreadClass, Weekday

#: Surcharge accepted, €/kg, by the bands of `need.accepted_surcharge`; None: no limit was set.
SURCHARGES: Mapping[str, Decimal | None] = {
    "aucun": Decimal(0),
    "jusqu_a_020": Decimal("0.20"),
    "jusqu_a_050": Decimal("0.50"),
    "jusqu_a_100": Decimal("1.00"),
    "plus_100": None,
}
#: Number of suppliers accepted; three or more, and « no matter », set no limit.
SUPPLIERS: Mapping[str, int | None] = {"1": 1, "2": 2, "3": None, "indifferent": None}
#: Whether the bread is baked in the commune.
HERE: Mapping[str, bool] = {"oui": True, "non": False}
#: When bread arrives (from, before), by the codes of `need.delivery_time`.
HOURS: Mapping[str, tuple[time | None, time | None]] = {
    "avant_7h": (None, time(7)),
    "7h_9h": (time(7), time(9)),
    "9h_11h": (time(9), time(11)),
    "apres_11h": (time(11), None),
}
#: What a wish (first one said « oui ») makes of the class asked, most demanding first.
WISHES: tuple[tuple[str, BreadClass, str], ...] = (
    ("orientation.organic", BreadClass.BIO, "souhaite davantage de pain bio"),
    ("orientation.local_flour", BreadClass.LOCAL, "souhaite la farine de la marque locale"),
    ("orientation.wholemeal", BreadClass.COMPLET, "souhaite davantage de pain complet"),
    (
        "orientation.keep_baker",
        BreadClass.LOCAL,
        "souhaite garder son boulanger et améliorer la farine",
    ),
)
_WHOLEMEAL = {BreadClass.COMPLET, BreadClass.BIO_COMPLET}


@dataclass(frozen=True, slots=True)
class NeedReading:
    """What an answer says of a need: fields of `models.Need` by name, and what was left unread.

    `values` is empty when the answer carries no need (no canteen, quantity unknown).
    """

    values: Mapping[str, object]
    supplier_siret: str = ""
    #: French sentences, one a thing that could not be read.
    unread: tuple[str, ...] = ()


@dataclass(slots=True)
class _Facts:
    """The facts of one answer: outside of any series, and turn by turn."""

    single: dict[str, str] = field(default_factory=dict)
    turns: dict[str, dict[str, str]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    def number(self, name: str) -> Decimal | None:
        text = self.single.get(name)
        return None if text is None else self._number(name, text)

    def _number(self, name: str, text: str) -> Decimal | None:
        try:
            value = Decimal(text)
        except InvalidOperation:
            self.unread.append(f"« {text} » n’est pas un nombre ({name}).")
            return None
        return value if value.is_finite() else None

    @property
    def supplier(self) -> Mapping[str, str]:
        """The first supplier described: the main one comes first."""
        return next(iter(self.turns.values()), self.single)


def read_need(facts: Iterable[tuple[str, str, str]]) -> NeedReading:
    """Read the need of one answer, given as (fact, path, stored text)."""
    known = _Facts()
    for name, path, text in facts:
        place = known.single
        if "[" in path:
            place = known.turns.setdefault(path.rpartition("/")[0], {})
        place.setdefault(name, text)
    if known.single.get("canteen.has_canteen") == "non":
        return NeedReading({})
    kilos = _kilos(known)
    if kilos is None or kilos <= 0:
        known.unread.append("La quantité de pain n’est pas connue : aucun besoin n’en est tiré.")
        return NeedReading({}, unread=tuple(known.unread))
    return NeedReading(
        _values(known, kilos),
        supplier_siret=known.supplier.get("need.current_supplier_siret", ""),
        unread=tuple(known.unread),
    )


def _kilos(known: _Facts) -> Decimal | None:
    """Kilograms of a day of service, from whichever unit was given."""
    per_day = known.number("need.kg_per_day")
    if per_day is not None:
        return per_day
    for quantity, days in (
        ("need.kg_per_week", "need.days_per_week"),
        ("need.kg_per_year", "need.days_per_year"),
    ):
        total, count = known.number(quantity), known.number(days)
        if total is not None and count:
            return total / count
    pieces, weight = known.number("need.pieces_per_day"), known.number("need.piece_weight_g")
    return pieces * weight / 1000 if pieces is not None and weight is not None else None


def _values(known: _Facts, kilos: Decimal) -> dict[str, object]:
    today = today_class(known.single)
    wanted, why = wanted_class(known.single, today)
    price = _price(known)
    begins, ends = HOURS.get(known.supplier.get("need.delivery_time", ""), (None, None))
    days = known.supplier.get("need.delivery_days", "").split()
    return {
        "kg_per_day": kilos.quantize(Decimal("0.001")),
        "days_per_year": _whole(known.number("need.days_per_year")),
        "bread_class": wanted,
        "today_class": today or "",
        "basis": why,
        "price_per_kg": price,
        "supplier_name": known.supplier.get("need.current_supplier", "")[:200],
        "supplier_kind": known.supplier.get("need.current_supplier_kind", "")[:30],
        "supplier_here": HERE.get(known.supplier.get("need.supplier_in_commune", "")),
        "contract_end": _date(known, "need.contract_end") or _date(known, "canteen.contract_end"),
        "max_price": _max_price(known, price),
        "max_suppliers": SUPPLIERS.get(known.single.get("need.accepted_suppliers", "")),
        "portion_g": _whole(known.number("need.portion_g")),
        "meals_per_day": _whole(known.number("need.meals_per_day")),
        "delivery_days": [day for day in Weekday.values if day in days],
        "delivery_from": begins,
        "delivery_until": ends,
    }


def today_class(single: Mapping[str, str]) -> BreadClass | None:
    """The class bought today, from signs, brand and type; None when neither is known.

    A sign is declared here: whether it is proved is another question.
    """
    signs = set(single.get("need.signs", "").lower().split())
    wholemeal = single.get("need.bread_class") == "complet"
    fair = "commerce_equitable" in signs
    if "bio" in signs:
        if wholemeal:
            return BreadClass.BIO_COMPLET
        return BreadClass.BIO_EQUITABLE if fair else BreadClass.BIO
    if fair:
        return BreadClass.EQUITABLE
    if "hve" in signs:
        return BreadClass.HVE
    if wholemeal:
        return BreadClass.COMPLET
    if single.get("need.local_brand") == "oui":
        return BreadClass.LOCAL
    known = single.get("need.bread_class", "")
    return BreadClass.COURANT if known not in ("", "ne_sait_pas", "non_communique") else None


def wanted_class(single: Mapping[str, str], today: BreadClass | None) -> tuple[BreadClass, str]:
    """The class to look for, and why in a sentence. What is bought already is never lowered."""
    plain = today or BreadClass.COURANT
    for fact, wish, why in WISHES:
        if single.get(fact) != "oui":
            continue
        wanted = wish
        if wish == BreadClass.BIO and plain in _WHOLEMEAL:
            wanted = BreadClass.BIO_COMPLET
        elif plain in _WHOLEMEAL:
            wanted = plain
        if plain in RULES[wanted].served_by:
            return plain, f"La commune {why} ; son pain l’est déjà."
        if RULES[plain].certified and not RULES[wanted].certified:
            continue
        return wanted, f"La commune {why}."
    if today is None:
        return plain, "Type de pain inconnu : pain courant supposé."
    return plain, "Aucun souhait de changement : même pain qu’aujourd’hui."


def _price(known: _Facts) -> Decimal | None:
    """The main supplier's price before tax; a price with tax is not read as one without."""
    supplier = known.supplier
    text = supplier.get("need.price_per_kg")
    if not text:
        return None
    if supplier.get("need.price_basis", "ht") != "ht":
        known.unread.append("Le prix est donné taxe comprise : il n’est pas repris.")
        return None
    value = known._number("need.price_per_kg", text)
    return None if value is None else value.quantize(Decimal("0.001"))


def _max_price(known: _Facts, price: Decimal | None) -> Decimal | None:
    band = known.single.get("need.accepted_surcharge", "")
    more = SURCHARGES.get(band)
    return None if price is None or more is None else price + more


def _whole(value: Decimal | None) -> int | None:
    return None if value is None or value < 0 else int(value.to_integral_value())


def _date(known: _Facts, name: str) -> date | None:
    text = known.single.get(name) or known.supplier.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        known.unread.append(f"« {text} » n’est pas une date ({name}).")
        return None
