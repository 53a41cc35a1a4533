import pytest

from restanque.engine.forms import normalise_number
from restanque.engine.forms.values import coerce, shown, type_fault


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", "12"),
        ("12,5", "12.5"),
        (" 12.50 ", "12.50"),
        ("1 234,5", "1234.5"),
        ("1\u202f234,5", "1234.5"),
        ("1\u00a0234", "1234"),
        ("1.234.567,8", "1234567.8"),
        ("1.234,5", "1234.5"),
        ("1,234,567.8", "1234567.8"),
        ("12'000", "12000"),
        ("007", "7"),
        ("0,5", "0.5"),
        (",5", "0.5"),
        ("-3,2", "-3.2"),
        ("\u22123", "-3"),
        ("+4", "4"),
        ("12,", "12"),
        ("0", "0"),
        ("", ""),
    ],
)
def test_a_number_typed_the_french_way_is_understood(typed: str, number: str) -> None:
    assert normalise_number(typed) == number


@pytest.mark.parametrize("typed", ["douze", "12 kg", "1,2,3", "3/4", "1e5", "--1", "12h30"])
def test_what_is_no_number_is_left_for_the_type_check_to_refuse(typed: str) -> None:
    assert normalise_number(typed) == typed
    assert type_fault("decimal", typed) == "" if typed == "1e5" else type_fault("decimal", typed)


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("int", "0"),
        ("int", "-12"),
        ("int", "2147483647"),
        ("decimal", "1.5"),
        ("decimal", "1.0E-4"),
        ("date", "2024-02-29"),
        ("time", "08:30"),
        ("time", "08:30:00.000+01:00"),
        ("dateTime", "2026-11-24T08:30:00.000+01:00"),
        ("geopoint", "43.3 5.4"),
        ("geopoint", "43.3 5.4 12 4.5"),
        ("geotrace", "43.3 5.4 0 0; 43.4 5.5 0 0"),
        ("geoshape", "43 5; 43 6; 44 6; 43 5"),
        ("boolean", "true"),
        ("string", "tout"),
        ("inconnu", "tout"),
    ],
)
def test_a_value_of_its_type_is_accepted(type_: str, value: str) -> None:
    assert type_fault(type_, value) == ""


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("int", "1.5"),
        ("int", "2147483648"),
        ("int", "99999999999"),
        ("int", "douze"),
        ("decimal", "1,5"),
        ("date", "2023-02-29"),
        ("date", "24/11/2026"),
        ("date", "2026-11-24T08:30"),
        ("time", "25:00"),
        ("time", "8h30"),
        ("dateTime", "2026-13-24T08:30"),
        ("geopoint", "43.3"),
        ("geopoint", "91 5.4"),
        ("geopoint", "Marseille"),
        ("geotrace", "43.3 5.4"),
        ("geoshape", "43 5; 43 6; 44 6"),
        ("boolean", "oui"),
        ("string", "x" * 100_001),
    ],
)
def test_a_value_of_another_type_is_refused_with_a_sentence(type_: str, value: str) -> None:
    assert type_fault(type_, value).endswith(".")


@pytest.mark.parametrize(
    ("type_", "value", "text", "stored"),
    [
        ("string", True, "true", "1"),
        ("string", False, "false", "0"),
        ("int", 3.7, "3.7", "3"),
        ("decimal", 2.0, "2", "2"),
        ("decimal", 0.1 + 0.2, "0.30000000000000004", "0.30000000000000004"),
        ("string", float("nan"), "NaN", ""),
        ("date", "x", "2026-11-24T10:00:00.000+01:00", "2026-11-24"),
        ("string", "oui", "oui", "oui"),
    ],
)
def test_a_calculation_is_stored_as_javarosa_stores_it(
    type_: str, value: object, text: str, stored: str
) -> None:
    assert coerce(type_, value, text) == stored


@pytest.mark.parametrize(
    ("type_", "value", "text"),
    [
        ("date", "2026-11-24", "24/11/2026"),
        ("time", "08:30:00.000+01:00", "08:30"),
        ("dateTime", "2026-11-24T08:30:00.000+01:00", "24/11/2026 08:30"),
        ("dateTime", "2026-1-5T8:30", "2026-1-5T8:30"),
        ("decimal", "1234.5", "1\u202f234,5"),
        ("int", "-1200", "-1\u202f200"),
        ("string", "1234.5", "1234.5"),
    ],
)
def test_a_value_is_shown_in_french(type_: str, value: str, text: str) -> None:
    assert shown(type_, value) == text
