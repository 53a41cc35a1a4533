"""The fiche commune: what every room knows of one commune, and only that."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from restanque.accounts.models import Membership, Workspace
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation, populate_town_halls
from restanque.territories.models import Commune, Territory
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


def fiche(member: Membership, code: str = "13055") -> BeautifulSoup:
    response = client_of(member).get(reverse("portal:commune", args=[code]))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(soup: BeautifulSoup) -> str:
    return " ".join(soup.get_text(" ").split())


def test_it_says_who_lives_there_and_where_it_is(alice: Membership, pat: Territory) -> None:
    soup = fiche(alice)
    assert soup.h1 is not None
    assert soup.h1.get_text(strip=True) == "Marseille"
    population = Commune.objects.get(pk="13055").population
    assert population is not None
    lede = soup.select_one(".rq-lede")
    assert lede is not None
    assert str(population)[:3] in lede.get_text()
    assert "Aix-Marseille-Provence" in lede.get_text()


def test_an_unknown_population_is_not_zero(alice: Membership, pat: Territory) -> None:
    Commune.objects.filter(pk="13055").update(population=None)
    assert "Population inconnue" in words(fiche(alice))


def test_its_territories_lead_to_them(alice: Membership, pat: Territory, scot: Territory) -> None:
    links = {str(a["href"]) for a in fiche(alice).select(".rq-fil a")}
    assert reverse("territories:communes", args=[pat.pk]) in links
    assert reverse("territories:communes", args=[scot.pk]) not in links


def test_a_territory_that_one_does_not_cover_is_not_named(
    bob_on_scot: Membership, pat: Territory
) -> None:
    assert not [a for a in fiche(bob_on_scot).select(".rq-fil a") if a.get_text() == "PAT"]


def test_the_town_hall_is_called_in_one_gesture(alice: Membership, pat: Territory) -> None:
    link = fiche(alice).select_one(".rq-head-actions a[href^='tel:']")
    assert link is not None
    assert Commune.objects.get(pk="13055").town_hall.telephone in str(link["href"])


def test_each_panel_is_reached_from_the_summary(
    alice: Membership, pat: Territory, workspace: Workspace
) -> None:
    populate_town_halls(workspace=workspace, territory=pat)
    soup = fiche(alice)
    anchors = [str(a["href"]) for a in soup.select(".rq-sommaire a")]
    assert len(anchors) >= 3
    assert all(soup.select_one(anchor) is not None for anchor in anchors)
    assert len(anchors) == len(set(anchors))


def test_the_directory_shows_its_organisations_there(
    alice: Membership, bob_on_scot: Membership, pat: Territory, workspace: Workspace
) -> None:
    create_organisation(
        workspace=workspace,
        kind=Kind.BAKERY,
        name="Fournil du Panier",
        commune=Commune.objects.get(pk="13055"),
    )
    assert "Fournil du Panier" in words(fiche(alice))
    assert "Fournil du Panier" not in words(fiche(bob_on_scot))


def test_invented_records_are_marked_on_it(
    alice: Membership, pat: Territory, workspace: Workspace
) -> None:
    assert "Données fictives" not in words(fiche(alice))
    create_organisation(
        workspace=workspace,
        kind=Kind.BAKERY,
        name="Fournil inventé",
        commune=Commune.objects.get(pk="13055"),
        fictitious=True,
    )
    assert "Données fictives" in words(fiche(alice))


def test_an_old_code_leads_to_the_commune_of_today(alice: Membership, pat: Territory) -> None:
    soup = fiche(alice, "13201")
    assert soup.h1 is not None
    assert soup.h1.get_text(strip=True) == "Marseille"


@pytest.mark.parametrize("code", ["99999", "13", "arles"])
def test_an_unknown_code_is_not_found(alice: Membership, pat: Territory, code: str) -> None:
    assert client_of(alice).get(reverse("portal:commune", args=[code])).status_code == 404


def test_a_partner_does_not_open_it(paula: Membership, pat: Territory) -> None:
    response = client_of(paula).get(reverse("portal:commune", args=["13055"]))
    assert response.status_code == 403
