"""What people write leads to the right commune, or to a question; never to a guess."""

from typing import Any

import pytest

from restanque.territories.models import Commune, Territory
from restanque.territories.resolve import How, resolve_commune, resolve_many
from tests.territories.conftest import TODAY

pytestmark = pytest.mark.usefixtures("france")


@pytest.mark.parametrize(
    ("written", "code", "how"),
    [
        ("13004", "13004", How.CODE),
        ("1015", "01015", How.CODE),
        ("Arles (13004)", "13004", How.CODE),
        ("Arles", "13004", How.NAME),
        ("ARLES", "13004", How.NAME),
        ("13200 Arles", "13004", How.NAME),
        ("St-Rémy de Provence", "13100", How.NAME),
        ("Ciotat (La)", "13028", How.NAME),
        ("baux de provence", "13011", How.NAME),
        ("Mairie de La Ciotat", "13028", How.NAME),
        ("13640", "13084", How.POSTAL_CODE),
        ("13204", "13055", How.ARRONDISSEMENT),
        ("Marseille 4e", "13055", How.ARRONDISSEMENT),
        ("Mairie de Marseille 4e", "13055", How.ARRONDISSEMENT),
        ("MARSEILLE 04", "13055", How.ARRONDISSEMENT),
        ("Marseille 13004", "13055", How.NAME),
        ("Lyon 3e Arrondissement", "69123", How.ARRONDISSEMENT),
        ("01340", "01015", How.OLD_CODE),
        ("Arbignieu", "01015", How.OLD_NAME),
    ],
)
def test_ordinary_ways_of_writing_a_commune(written: str, code: str, how: How) -> None:
    found = resolve_commune(written)
    assert found.commune is not None, found.message
    assert (found.commune.code, found.how) == (code, how)


def test_a_code_that_is_also_a_postal_code_is_the_insee_code_and_says_so() -> None:
    found = resolve_commune("13001")
    assert found.commune == Commune.objects.get(pk="13001")
    assert found.commune.name == "Aix-en-Provence"
    assert "code postal de Marseille" in found.message


def test_a_name_borne_twice_is_not_guessed() -> None:
    found = resolve_commune("Saint-Rémy")
    assert found.commune is None
    assert {commune.code for commune in found.candidates} == {"71475", "21568"}
    assert "code INSEE" in found.message


def test_the_departement_settles_a_name_borne_twice() -> None:
    assert resolve_commune("Saint-Rémy", departement="71").commune == Commune.objects.get(
        pk="71475"
    )


def test_an_unknown_name_proposes_its_neighbours() -> None:
    found = resolve_commune("Tarrascon", departement="13")
    assert found.commune is None
    assert [commune.name for commune in found.candidates] == ["Tarascon"]
    assert "Tarascon" in found.message


@pytest.mark.parametrize("written", ["Atlantide", "99999", "– ; –"])
def test_nonsense_is_said_to_be_so(written: str) -> None:
    found = resolve_commune(written)
    assert found.commune is None
    assert found.message


def test_a_commune_outside_the_territory_is_refused_by_name(scot: Territory) -> None:
    found = resolve_commune("Marseille", within=scot.communes_at(TODAY))
    assert found.commune is None
    assert "n’est pas dans le territoire" in found.message


def test_a_shortened_name_is_read_within_a_territory_and_says_so(scot: Territory) -> None:
    members = scot.communes_at(TODAY)
    found = resolve_many(["Les Baux", "Maussane", "Saint-Pierre"], within=members)
    assert [c.name for c in found.communes] == [
        "Les Baux-de-Provence",
        "Maussane-les-Alpilles",
        "Saint-Pierre-de-Mézoargues",
    ]
    assert all("Lu comme" in line.message for line in found.notes)
    assert resolve_commune("Maussane").commune is None
    assert resolve_commune("Saint", within=members).commune is None


def test_a_list_reports_doubles_and_problems_in_its_order() -> None:
    found = resolve_many(["Arles", "", "  13004 ", "Atlantide", "Tarascon"])
    assert [commune.name for commune in found.communes] == ["Arles", "Tarascon"]
    assert [commune.name for commune in found.duplicates] == ["Arles"]
    assert [line.text for line in found.problems] == ["Atlantide"]


def test_a_long_list_takes_few_queries(count_queries: Any) -> None:
    names = list(Commune.objects.filter(departement="13").values_list("name", flat=True))
    with count_queries() as queries:
        found = resolve_many(names, departement="13")
    assert len(found.communes) == 119
    assert len(queries) <= 6
