"""Names as town-hall files write them."""

import pytest

from restanque.territories.naming import city_of_arrondissement, key_variants, loose_key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Saint-Rémy-de-Provence", "saint remy de provence"),
        ("ST REMY DE PROVENCE", "saint remy de provence"),
        ("Stes-Maries-de-la-Mer", "saintes maries de la mer"),
        ("Vers s/ Pont", "vers sur pont"),
        ("Vers ss/ Pont", "vers sous pont"),
        ("Cœur-de-Ville", "coeur de ville"),
    ],
)
def test_abbreviations_and_prefixes_are_undone(written: str, key: str) -> None:
    assert loose_key(written) == key


def test_the_official_name_is_tried_first_then_with_each_article() -> None:
    assert key_variants("ciotat la")[:2] == ("ciotat la", "ciotat")
    assert "la ciotat" in key_variants("ciotat")
    assert key_variants("les baux de provence")[0] == "les baux de provence"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Mairie d’Arles", "arles"),
        ("mairie de la Ciotat", "la ciotat"),
        ("Ville de Marseille", "marseille"),
        ("Commune du Puy-Sainte-Réparade", "le puy sainte reparade"),
    ],
)
def test_the_name_is_found_behind_the_title(written: str, name: str) -> None:
    assert name in key_variants(loose_key(written))


def test_a_name_that_looks_like_a_title_is_tried_first() -> None:
    assert key_variants(loose_key("Ville-d’Avray"))[0] == "ville d avray"


@pytest.mark.parametrize(
    ("key", "city"),
    [
        ("marseille 4e", "marseille"),
        ("marseille 04", "marseille"),
        ("lyon 3e arrondissement", "lyon"),
        ("marseille", None),
        ("arles 4e", None),
    ],
)
def test_arrondissements_are_recognised(key: str, city: str | None) -> None:
    assert city_of_arrondissement(key) == city
