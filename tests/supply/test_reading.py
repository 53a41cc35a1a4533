"""From an answer's facts to a need: a table of cases, then what must never happen."""

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from restanque.supply.nomenclature import RULES, BreadClass
from restanque.supply.reading import SURCHARGES, read_need, today_class, wanted_class

BASE = {"need.kg_per_day": "12.5", "need.bread_class": "tradition"}


def reading(facts: dict[str, str], *suppliers: dict[str, str]):  # type: ignore[no-untyped-def]
    rows = [(name, f"/data/{name}", text) for name, text in facts.items()]
    for turn, supplier in enumerate(suppliers, start=1):
        rows += [(n, f"/data/four[{turn}]/{n}", text) for n, text in supplier.items()]
    return read_need(rows)


@pytest.mark.parametrize(
    ("facts", "kilos"),
    [
        ({"need.kg_per_day": "12.5"}, "12.500"),
        ({"need.kg_per_week": "50", "need.days_per_week": "4"}, "12.500"),
        ({"need.kg_per_year": "1400", "need.days_per_year": "140"}, "10.000"),
        ({"need.pieces_per_day": "40", "need.piece_weight_g": "250"}, "10.000"),
        ({"need.kg_per_day": "3", "need.kg_per_week": "50", "need.days_per_week": "4"}, "3.000"),
    ],
)
def test_kilos_are_read_in_whichever_unit_was_given(facts: dict[str, str], kilos: str) -> None:
    assert reading(facts).values["kg_per_day"] == Decimal(kilos)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"need.kg_per_week": "50"},
        {"need.kg_per_week": "50", "need.days_per_week": "0"},
        {"need.pieces_per_day": "40"},
        {"need.kg_per_day": "0"},
        {"need.kg_per_day": "beaucoup"},
    ],
)
def test_an_unknown_quantity_gives_no_need_and_says_so(facts: dict[str, str]) -> None:
    made = reading(facts)
    assert made.values == {}
    assert "quantité de pain" in made.unread[-1]


def test_no_canteen_is_no_need_and_nothing_unread() -> None:
    made = reading({**BASE, "canteen.has_canteen": "non"})
    assert made.values == {}
    assert made.unread == ()


def test_the_first_supplier_is_the_main_one() -> None:
    made = reading(
        BASE,
        {
            "need.current_supplier": "Fournil A",
            "need.current_supplier_siret": "21130027200013",
            "need.current_supplier_kind": "artisan",
            "need.supplier_in_commune": "oui",
            "need.price_per_kg": "3.456",
            "need.price_basis": "ht",
            "need.delivery_days": "mardi lundi ne_sait_pas",
            "need.delivery_time": "7h_9h",
        },
        {"need.current_supplier": "Usine B", "need.price_per_kg": "1.9"},
    )
    assert made.supplier_siret == "21130027200013"
    assert made.values["supplier_name"] == "Fournil A"
    assert made.values["supplier_kind"] == "artisan"
    assert made.values["supplier_here"] is True
    assert made.values["price_per_kg"] == Decimal("3.456")
    assert made.values["delivery_days"] == ["lundi", "mardi"]
    assert made.values["delivery_from"] == time(7)
    assert made.values["delivery_until"] == time(9)


def test_a_price_with_tax_is_not_read_as_one_without() -> None:
    made = reading(BASE, {"need.price_per_kg": "4", "need.price_basis": "ttc"})
    assert made.values["price_per_kg"] is None
    assert made.values["max_price"] is None
    assert "taxe" in made.unread[0]


@pytest.mark.parametrize(
    ("band", "limit"),
    [
        ("aucun", "3.000"), ("jusqu_a_020", "3.200"), ("jusqu_a_050", "3.500"),
        ("jusqu_a_100", "4.000"), ("plus_100", None), ("ne_sait_pas", None), ("", None),
    ],
)  # fmt: skip
def test_the_accepted_price_is_today_plus_the_accepted_surcharge(
    band: str, limit: str | None
) -> None:
    made = reading(
        {**BASE, "need.accepted_surcharge": band},
        {"need.price_per_kg": "3", "need.price_basis": "ht"},
    )
    assert made.values["max_price"] == (None if limit is None else Decimal(limit))


def test_an_unreadable_date_is_reported_and_left_unknown() -> None:
    made = reading({**BASE, "need.contract_end": "l’an prochain"})
    assert made.values["contract_end"] is None
    assert "date" in made.unread[0]
    assert reading({**BASE, "need.contract_end": "2027-07-31"}).values["contract_end"] == date(
        2027, 7, 31
    )


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"need.bread_class": "ne_sait_pas"}, None),
        ({"need.bread_class": "tradition"}, BreadClass.COURANT),
        ({"need.bread_class": "complet"}, BreadClass.COMPLET),
        ({"need.local_brand": "oui", "need.bread_class": "courant"}, BreadClass.LOCAL),
        ({"need.local_brand": "partie", "need.bread_class": "courant"}, BreadClass.COURANT),
        ({"need.signs": "hve"}, BreadClass.HVE),
        ({"need.signs": "bio"}, BreadClass.BIO),
        ({"need.signs": "commerce_equitable"}, BreadClass.EQUITABLE),
        ({"need.signs": "bio commerce_equitable"}, BreadClass.BIO_EQUITABLE),
        ({"need.signs": "bio", "need.bread_class": "complet"}, BreadClass.BIO_COMPLET),
        ({"need.signs": "aucun", "need.bread_class": "courant"}, BreadClass.COURANT),
        # A brand is no sign: a certificate is what counts when both are there.
        ({"need.signs": "hve", "need.local_brand": "oui"}, BreadClass.HVE),
    ],
)
def test_class_of_today(facts: dict[str, str], expected: BreadClass | None) -> None:
    assert today_class(facts) == expected


@pytest.mark.parametrize(
    ("wishes", "today", "expected"),
    [
        ({}, BreadClass.COURANT, BreadClass.COURANT),
        ({}, None, BreadClass.COURANT),
        ({"orientation.keep_baker": "oui"}, BreadClass.COURANT, BreadClass.LOCAL),
        ({"orientation.keep_baker": "peut_etre"}, BreadClass.COURANT, BreadClass.COURANT),
        ({"orientation.organic": "oui"}, BreadClass.COURANT, BreadClass.BIO),
        ({"orientation.organic": "oui"}, BreadClass.COMPLET, BreadClass.BIO_COMPLET),
        ({"orientation.wholemeal": "oui"}, BreadClass.COURANT, BreadClass.COMPLET),
        # Organic bread is never lowered by a wish for another flour.
        ({"orientation.local_flour": "oui"}, BreadClass.BIO, BreadClass.BIO),
        ({"orientation.organic": "oui"}, BreadClass.BIO_EQUITABLE, BreadClass.BIO_EQUITABLE),
        ({"orientation.organic": "oui", "orientation.local_flour": "oui"}, None, BreadClass.BIO),
    ],
)
def test_class_wanted(
    wishes: dict[str, str], today: BreadClass | None, expected: BreadClass
) -> None:
    wanted, why = wanted_class(wishes, today)
    assert wanted == expected
    assert why.endswith(".")


_FLAGS = st.sampled_from(["oui", "peut_etre", "non", "ne_sait_pas"])
_WISHES = st.dictionaries(
    st.sampled_from(
        ["orientation.organic", "orientation.local_flour", "orientation.wholemeal",
         "orientation.keep_baker"]
    ),
    _FLAGS,
)  # fmt: skip


# A loaded machine draws slowly: that says nothing of the reading.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(wishes=_WISHES, today=st.sampled_from([None, *BreadClass]))
def test_what_carries_a_sign_today_keeps_one(
    wishes: dict[str, str], today: BreadClass | None
) -> None:
    wanted, _ = wanted_class(wishes, today)
    if today is not None and RULES[today].certified:
        assert RULES[wanted].certified


def test_every_class_serves_itself_and_a_certified_one_only_by_certified_ones() -> None:
    assert set(RULES) == set(BreadClass)
    for asked, rule in RULES.items():
        assert asked in rule.served_by
        for served in rule.served_by:
            assert RULES[served].certified or not rule.certified


def test_every_band_of_the_questionnaire_is_known() -> None:
    from restanque.engine.forms import FACTS

    assert set(FACTS["need.accepted_surcharge"].values) == set(SURCHARGES)
