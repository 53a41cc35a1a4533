"""Words, numbers and dates, the way French readers write them."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restanque.kit import text


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("L’Isle-sur-la-Sorgue", "l isle sur la sorgue"),
        ("  ŒUFS  d'été ", "oeufs d ete"),
        ("ÉPEIGNÉ-les-Bois", "epeigne les bois"),
        ("Châteauneuf\u00a0/ Rhône", "chateauneuf rhone"),
        ("…", ""),
    ],
)
def test_search_key_folds_what_readers_do_not_type(typed: str, key: str) -> None:
    assert text.search_key(typed) == key


@given(st.text())
def test_search_key_is_stable_and_plain(typed: str) -> None:
    key = text.search_key(typed)
    assert text.search_key(key) == key
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert text.search_key(typed.upper()) == text.search_key(typed.upper().lower())


@given(st.decimals(-(10**9), 10**9, places=3))
def test_numbers_read_back_as_they_were_written(number: Decimal) -> None:
    assert text.parse_number(text.format_number(number, 3)) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1 234,5", "1234.5"),
        ("1\u00a0234\u202f567", "1234567"),
        ("1.234,50 €", "1234.50"),
        ("1.234.567", "1234567"),
        ("4.20", "4.20"),
        ("12 %", "12"),
        ("-0,5", "-0.5"),
        ("−3", "-3"),
        ("4,20 €/kg", "4.20"),
        ("4,20 € HT", "4.20"),
        (",5", "0.5"),
        ("1'200", "1200"),
    ],
)
def test_usual_writings_of_numbers_are_read(typed: str, number: str) -> None:
    assert text.parse_number(typed) == Decimal(number)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "1,234.50",
        "12,5,5",
        "1.23.4",
        "1e5",
        "Infinity",
        "NaN",
        "1_000",
        "١٢",
        "--1",
        ".",
    ],
)
def test_unreadable_or_ambiguous_numbers_are_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="«"):
        text.parse_number(typed)


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_a_french_message(typed: str) -> None:
    refusal = "« "
    try:
        assert text.parse_number(typed).is_finite()
    except ValueError as error:
        refusal = str(error)
    assert refusal.startswith("« ")


def test_integers_refuse_a_fraction() -> None:
    assert text.parse_integer("1 200,0") == 1200
    with pytest.raises(ValueError, match="entier"):
        text.parse_integer("1,5")


@given(st.dates(dt.date(text.FIRST_YEAR, 1, 1), dt.date(text.LAST_YEAR, 12, 31)))
def test_dates_read_back_as_they_were_written(day: dt.date) -> None:
    assert text.parse_date(f"{day:%d/%m/%Y}") == day
    assert text.parse_date(day.isoformat()) == day
    assert text.parse_date(text.format_date(day)) == day
    assert text.parse_date(text.format_date(day, long=True)) == day


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1/2/26", dt.date(2026, 2, 1)),
        ("01.02.1998", dt.date(1998, 2, 1)),
        ("3-4-75", dt.date(1975, 4, 3)),
        ("1er déc. 2026", dt.date(2026, 12, 1)),
        ("24 Aout 2026", dt.date(2026, 8, 24)),
        ("2026-11-24T10:00:00Z", dt.date(2026, 11, 24)),
        ("24/11/2026 10:30", dt.date(2026, 11, 24)),
    ],
)
def test_usual_writings_of_days_are_read(typed: str, day: dt.date) -> None:
    assert text.parse_date(typed) == day


@pytest.mark.parametrize(
    "typed", ["31/02/2026", "13/13/2026", "demain", "24 xyz 2026", "24 ju 2026", "2026", ""]
)
def test_impossible_days_are_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="«"):
        text.parse_date(typed)


@pytest.mark.parametrize("typed", ["0001-01-01", "31/12/9999", "24 août 1202"])
def test_a_slip_of_the_hand_in_the_year_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="donnez une année"):
        text.parse_date(typed)


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_a_french_message(typed: str) -> None:
    refusal = "« "
    try:
        assert isinstance(text.parse_date(typed), dt.date)
    except ValueError as error:
        refusal = str(error)
    assert refusal.startswith("« ")


def test_unknown_is_never_shown_as_zero() -> None:
    assert text.format_number(None) == text.format_percent(None) == text.format_date(None) == "–"
    assert text.format_number(0) == "0"
    assert text.format_number(Decimal("NaN")) == "–"


def test_numbers_and_shares_are_written_the_french_way() -> None:
    assert text.format_number(1234567.891, 2) == "1\u202f234\u202f567,89"
    assert text.format_number(Decimal("-0.5")) == "−1"
    assert text.format_number(2.5) == "3"
    assert text.format_percent(0.4512, 1) == "45,1\u00a0%"


def test_plural_starts_at_two() -> None:
    assert text.plural(0, "commune") == "0\u00a0commune"
    assert text.plural(1, "commune") == "1\u00a0commune"
    assert text.plural(2, "cheval", "chevaux") == "2\u00a0chevaux"


@pytest.mark.parametrize(
    "typed",
    ["0490000000", "04.90.00.00.00", "+33 4 90 00 00 00", "0033490000000", "+33 (0)4 90 00 00 00"],
)
def test_telephones_take_their_usual_writing(typed: str) -> None:
    assert text.parse_telephone(typed) == "04 90 00 00 00"


def test_odd_telephones() -> None:
    assert text.parse_telephone("+32 2 123 45 67") == "+3221234567"
    assert text.parse_telephone("3939") == "3939"
    with pytest.raises(ValueError, match="téléphone"):
        text.parse_telephone("04 90")


def test_booleans() -> None:
    assert text.parse_boolean("OUI") is True
    assert text.parse_boolean("n") is False
    with pytest.raises(ValueError, match="oui ou non"):
        text.parse_boolean("peut-être")


def test_file_names_are_safe() -> None:
    assert text.safe_file_name("../Été : « pain » 2026") == "ete-pain-2026"
    assert text.safe_file_name("…") == "document"
