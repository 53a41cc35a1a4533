"""Numbers: check digits, the La Poste exception, telephones as people type them."""

import pytest

from restanque.directory.identifiers import (
    clean_phone,
    clean_siren,
    clean_siret,
    display_siret,
    siren_of,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("21130027200013", "21130027200013"),
        ("211 300 272 00013", "21130027200013"),
        ("211\u00a0300\u202f272.00013", "21130027200013"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_a_siret_is_read_with_or_without_spaces(typed: str, kept: str) -> None:
    assert clean_siret(typed) == kept


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("21130027200014", "clé de contrôle"),
        ("2113002720001", "il y en a 13"),
        ("ABC", "14 chiffres"),
    ],
)
def test_a_wrong_siret_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        clean_siret(typed)


def test_establishments_of_la_poste_follow_their_own_rule() -> None:
    # 35600000009075 fails Luhn; its digits add up to 35, a multiple of five.
    assert clean_siret("35600000009075") == "35600000009075"
    with pytest.raises(ValueError, match="clé"):
        clean_siret("35600000009076")


def test_a_siren_is_checked_too() -> None:
    assert clean_siren("211 300 272") == "211300272"
    with pytest.raises(ValueError, match="clé"):
        clean_siren("211300273")
    assert siren_of("21130027200013") == "211300272"
    assert display_siret("21130027200013").replace("\u00a0", " ") == "211 300 272 00013"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("04.90.49.36.36", "04 90 49 36 36"),
        ("+33 (0)4 90 49 36 36", "04 90 49 36 36"),
        ("490493636", "04 90 49 36 36"),
        ("", ""),
    ],
)
def test_a_telephone_takes_its_usual_form(typed: str, kept: str) -> None:
    assert clean_phone(typed) == kept
