"""French names made from a commune's."""

import pytest

from restanque.directory.display import breakable
from restanque.directory.naming import town_hall_name, whole_commune_name


@pytest.mark.parametrize(
    ("commune", "name"),
    [
        ("Arles", "Mairie d’Arles"),
        ("Éguilles", "Mairie d’Éguilles"),
        ("Istres", "Mairie d’Istres"),
        ("Marseille", "Mairie de Marseille"),
        ("Le Rove", "Mairie du Rove"),
        ("Les Baux-de-Provence", "Mairie des Baux-de-Provence"),
        ("La Ciotat", "Mairie de La Ciotat"),
        ("L'Isle-sur-la-Sorgue", "Mairie de L’Isle-sur-la-Sorgue"),
        ("Hyères", "Mairie d’Hyères"),
        ("Honfleur", "Mairie de Honfleur"),
        ("Yzeure", "Mairie d’Yzeure"),
        ("Œuilly", "Mairie d’Œuilly"),
    ],
)
def test_a_town_hall_is_named_with_elision_and_contraction(commune: str, name: str) -> None:
    assert town_hall_name(commune) == name


def test_the_whole_commune_canteen_says_so() -> None:
    assert whole_commune_name("Arles") == "Cantines d’Arles (ensemble)"


def test_a_long_address_may_be_broken_and_is_escaped() -> None:
    assert breakable("jean.petit@ex.fr") == "jean.<wbr>petit@<wbr>ex.<wbr>fr"
    assert breakable("a@<b>") == "a@<wbr>&lt;b&gt;"
