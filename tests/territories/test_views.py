"""Pages of the room: what they say, and what they let do."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.territories import services
from restanque.territories.models import Commune, Territory, Zone
from tests.conftest import client_of
from tests.territories.conftest import TODAY
from tests.territories.france import METROPOLE

pytestmark = [pytest.mark.usefixtures("france"), pytest.mark.django_db]


def soup_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def words_of(response: Any) -> str:
    return " ".join(soup_of(response).get_text(" ").split())


@pytest.fixture
def crau(scot: Territory) -> Zone:
    zone = services.create_zone(territory=scot, name="Crau")
    communes = Commune.objects.filter(pk__in=["13004", "13097"])
    services.assign_zone(zone=zone, communes=communes, on=TODAY)
    return zone


def test_the_list_shows_each_territory_with_its_figures(
    alice: Membership, pat: Territory, scot: Territory
) -> None:
    page = words_of(client_of(alice).get(reverse("territories:list")))
    assert "PAT Projet alimentaire territorial (PAT) 121 4 2 113 085" in page
    assert "SCoT Schéma de cohérence territoriale (SCoT) 29 3 174 008" in page


def test_an_empty_list_says_what_to_do_next(alice: Membership, remi: Membership) -> None:
    assert "Ajouter un territoire" in words_of(client_of(alice).get(reverse("territories:list")))
    assert "Demandez à la personne" in words_of(client_of(remi).get(reverse("territories:list")))


def test_the_page_of_a_territory_answers_with_figures_and_a_map(
    bob: Membership, pat: Territory
) -> None:
    response = client_of(bob).get(pat.get_absolute_url())
    assert response.status_code == 200
    page = words_of(response)
    assert "121 communes, 2 113 085 habitants, 4 intercommunalités." in page
    assert "populations municipales 2023" in page
    assert len(soup_of(response).select(".rq-map svg path")) > 121


def test_the_map_can_be_taken_away_as_geojson(bob: Membership, scot: Territory) -> None:
    url = f"{scot.get_absolute_url()}?figure=territoire&format=geojson"
    response = client_of(bob).get(url)
    assert len(json.loads(response.content)["features"]) == 29


def test_contours_are_served_as_geojson(bob: Membership, scot: Territory, crau: Zone) -> None:
    response = client_of(bob).get(reverse("territories:geojson", args=[scot.pk]))
    assert response["Content-Type"] == "application/geo+json"
    found = {feature["id"]: feature for feature in response.json()["features"]}
    assert len(found) == 29
    assert found["13004"]["properties"]["zone"] == "Crau"
    assert found["13108"]["properties"]["zone"] is None
    assert found["13108"]["properties"]["population"] == 15_396


def rows_of(response: Any) -> list[str]:
    return [cell.get_text(strip=True) for cell in soup_of(response).select("tbody th")]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "remy"}, ["Saint-Rémy-de-Provence"]),
        ({"q": "13200"}, ["Arles"]),
        ({"q": "13108"}, ["Tarascon"]),
        ({"size": "ge50000"}, ["Arles"]),
        ({"zone": "crau"}, ["Arles", "Saint-Martin-de-Crau"]),
        ({"zone": "crau", "sort": "-population"}, ["Arles", "Saint-Martin-de-Crau"]),
        ({"zone": "crau", "sort": "population"}, ["Saint-Martin-de-Crau", "Arles"]),
    ],
)
def test_communes_are_searched_filtered_and_sorted(
    bob: Membership, scot: Territory, crau: Zone, query: dict[str, str], names: list[str]
) -> None:
    query = {key: str(crau.pk) if value == "crau" else value for key, value in query.items()}
    response = client_of(bob).get(reverse("territories:communes", args=[scot.pk]), query)
    assert rows_of(response) == names


def test_communes_in_no_zone_are_found(bob: Membership, scot: Territory, crau: Zone) -> None:
    url = reverse("territories:communes", args=[scot.pk])
    assert len(rows_of(client_of(bob).get(url, {"zone": "none"}))) == 27


def test_communes_of_an_epci(bob: Membership, pat: Territory) -> None:
    url = reverse("territories:communes", args=[pat.pk])
    response = client_of(bob).get(url, {"epci": METROPOLE})
    assert len(rows_of(response)) == 92
    response = client_of(bob).get(url, {"departement": "84"})
    assert rows_of(response) == ["Pertuis"]


def test_the_list_of_communes_is_exported(bob: Membership, scot: Territory) -> None:
    url = reverse("territories:communes", args=[scot.pk])
    response = client_of(bob).get(url, {"export": "csv", "cols": ["code", "population"]})
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0].split(";")[:3] == ["Commune", "Code INSEE", "Population 2023"]
    assert lines[1].startswith("Arles;13004;5")
    assert len(lines) == 30


def test_the_list_of_communes_takes_few_queries(
    bob: Membership, pat: Territory, count_queries: Any
) -> None:
    client = client_of(bob)
    url = reverse("territories:communes", args=[pat.pk])
    client.get(url)
    with count_queries() as queries:
        client.get(url)
    assert len(queries) <= 20


def test_a_territory_is_drawn_from_names(alice: Membership) -> None:
    response = client_of(alice).post(
        reverse("territories:create"),
        {
            "name": "Pays d’Arles",
            "kind": "scot",
            "epci": "terre de provence\n241300417",
            "communes": "Saint-Rémy-de-Provence",
            "valid_from": "2026-01-01",
        },
    )
    territory = Territory.objects.get()
    assert response["Location"] == territory.get_absolute_url()
    assert territory.communes_at(TODAY).count() == 13 + 6 + 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"epci": "atlantide"}, "Intercommunalité inconnue"),
        ({"communes": "Atlantide"}, "« Atlantide »"),
        ({}, "au moins une intercommunalité"),
    ],
)
def test_a_territory_that_cannot_be_read_is_refused_with_the_mend(
    alice: Membership, wrong: dict[str, str], said: str
) -> None:
    data = {"name": "X", "kind": "pat", "valid_from": "2026-01-01", **wrong}
    response = client_of(alice).post(reverse("territories:create"), data)
    assert response.status_code == 422
    assert said in words_of(response).replace("\u00a0", " ")
    assert not Territory.objects.exists()


def test_a_territory_is_renamed(bob: Membership, scot: Territory) -> None:
    client_of(bob).post(
        reverse("territories:edit", args=[scot.pk]), {"name": "SCoT-AEC", "kind": "scot"}
    )
    scot.refresh_from_db()
    assert scot.name == "SCoT-AEC"
    assert scot.history.count() == 2


def test_the_name_of_another_territory_is_refused(
    bob: Membership, pat: Territory, scot: Territory
) -> None:
    response = client_of(bob).post(
        reverse("territories:edit", args=[scot.pk]), {"name": "PAT", "kind": "scot"}
    )
    assert response.status_code == 422
    assert "déjà ce nom" in words_of(response)


def test_a_commune_enters_and_another_leaves(bob: Membership, scot: Territory) -> None:
    client, url = client_of(bob), reverse("territories:perimeter", args=[scot.pk])
    client.post(url, {"move": "add", "communes": "Salon-de-Provence", "on": "2026-11-01"})
    client.post(url, {"move": "remove", "communes": "Arles\nMarseille", "on": "2026-11-01"})
    names = set(scot.communes_at(TODAY).values_list("name", flat=True))
    assert "Salon-de-Provence" in names
    assert "Arles" not in names
    page = words_of(client.get(scot.get_absolute_url()))
    assert "Entrée : Salon-de-Provence" in page
    assert "Sortie : Arles" in page


def test_a_zone_is_drawn_by_a_list_shown_before_it_is_applied(
    bob: Membership, scot: Territory, crau: Zone
) -> None:
    client = client_of(bob)
    response = client.post(
        reverse("territories:zone_create", args=[scot.pk]), {"name": "Camargue", "colour": "3"}
    )
    zone = Zone.objects.get(name="Camargue")
    url = reverse("territories:zone_communes", args=[zone.pk])
    assert response["Location"] == url
    pasted = {"communes": "Arles; Stes-Maries de la Mer\nMarseille 4e\nArles"}
    preview = words_of(client.post(url, pasted))
    assert "2 communes comprises" in preview
    assert "en double" in preview
    assert "n’est pas dans le territoire" in preview
    assert "aujourd’hui dans" in preview
    assert not zone.communes.exists()
    client.post(url, {**pasted, "confirm": "1"})
    assert set(zone.communes.values_list("name", flat=True)) == {
        "Arles",
        "Saintes-Maries-de-la-Mer",
    }
    assert list(crau.communes.values_list("name", flat=True)) == ["Saint-Martin-de-Crau"]


def test_zones_are_shown_with_their_population(
    bob: Membership, scot: Territory, crau: Zone
) -> None:
    page = words_of(client_of(bob).get(reverse("territories:zones", args=[scot.pk])))
    assert "Crau 2" in page
    assert "27 communes dans aucune" in page


def test_a_zone_is_renamed_and_removed(bob: Membership, scot: Territory, crau: Zone) -> None:
    client = client_of(bob)
    client.post(
        reverse("territories:zone_edit", args=[crau.pk]), {"name": "La Crau", "colour": "5"}
    )
    crau.refresh_from_db()
    assert (crau.name, crau.colour) == ("La Crau", 5)
    url = reverse("territories:zone_delete", args=[crau.pk])
    assert client.post(url, {"count": "3"}).status_code == 422
    assert Zone.objects.filter(pk=crau.pk).exists()
    client.post(url, {"count": "2"})
    assert not Zone.objects.filter(pk=crau.pk).exists()
    assert scot.communes_at(TODAY).count() == 29


def test_two_zones_do_not_bear_the_same_name(bob: Membership, scot: Territory, crau: Zone) -> None:
    url = reverse("territories:zone_create", args=[scot.pk])
    response = client_of(bob).post(url, {"name": "crau", "colour": "1"})
    assert response.status_code == 422


def test_an_administrator_says_who_covers_what(
    alice: Membership, bob: Membership, pat: Territory, scot: Territory
) -> None:
    client = client_of(alice)
    url = reverse("territories:coverage_edit", args=[bob.pk])
    client.post(url, {"scope": "some", "territories": [scot.pk]})
    bob.refresh_from_db()
    assert not bob.all_territories
    assert list(Territory.objects.visible_to(bob)) == [scot]
    assert "Bob agent SCoT" in words_of(client.get(reverse("territories:coverage")))
    client.post(url, {"scope": "all"})
    bob.refresh_from_db()
    assert set(Territory.objects.visible_to(bob)) == {pat, scot}


def test_a_partner_never_covers_everything(
    alice: Membership, paula: Membership, scot: Territory
) -> None:
    url = reverse("territories:coverage_edit", args=[paula.pk])
    assert client_of(alice).post(url, {"scope": "all"}).status_code == 422
    paula.refresh_from_db()
    assert not paula.all_territories


def test_sources_name_producer_vintage_licence_and_limits(remi: Membership) -> None:
    page = words_of(client_of(remi).get(reverse("territories:sources")))
    for expected in ("DILA", "IGN", "INSEE", "Licence Ouverte", "GPL-3", "Recensement 2021"):
        assert expected in page


def test_sources_are_public() -> None:
    page = words_of(client_of(None).get(reverse("portal:sources")))
    assert "Licence Ouverte" in page
    assert "DILA" in page


def test_the_fiche_commune_shows_where_whom_and_what(bob: Membership, scot: Territory) -> None:
    page = words_of(client_of(bob).get(reverse("portal:commune", args=["13108"])))
    assert "15 396" in page
    assert "04 90 91 00 07" in page
    assert "Du lundi au jeudi" in page
    assert "ont moins de 20 ans" in page
    assert "SCoT" in page


def test_an_old_code_leads_to_today_s_commune(bob: Membership) -> None:
    page = words_of(client_of(bob).get(reverse("portal:commune", args=["13204"])))
    assert "Marseille" in page
