"""Search: whatever the accents, only what one may open."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from restanque.accounts.models import Membership, Workspace
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services import (
    archive_organisation,
    create_canteen,
    create_organisation,
)
from restanque.portal import search as searching
from restanque.portal.search import search
from restanque.territories.models import Commune, Territory
from restanque.work.services.tasks import create_task
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


def found(member: Membership, text: str) -> dict[str, list[str]]:
    """Title of each group → the names found."""
    return {group.title: [hit.label for hit in group.hits] for group in search(member, text)}


@pytest.fixture
def bakery(workspace: Workspace, pat: Territory) -> Organisation:
    """A bakery of Marseille, on the PAT only."""
    return create_organisation(
        workspace=workspace,
        kind=Kind.BAKERY,
        name="Le Pétrin d’Élodie",
        commune=Commune.objects.get(pk="13055"),
    )


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("saint remy", "Saint-Rémy-de-Provence"),
        ("SAINT-RÉMY", "Saint-Rémy-de-Provence"),
        ("remy de", "Saint-Rémy-de-Provence"),
        ("13108", "Tarascon"),
        ("13150", "Tarascon"),
        ("arles", "Arles"),
    ],
)
def test_communes_are_found_however_they_are_typed(
    alice: Membership, communes: None, typed: str, name: str
) -> None:
    assert name in found(alice, typed)["Communes"]


def test_the_communes_of_the_territory_come_first(alice: Membership, scot: Territory) -> None:
    # Marseille is larger, and of no territory here.
    assert found(alice, "ar")["Communes"] == ["Arles", "Tarascon", "Marseille"]


@pytest.mark.parametrize("typed", ["petrin", "PÉTRIN", "petrin d elodie", "pétrin d'élodie"])
def test_the_directory_is_searched_whatever_accents_and_apostrophes(
    alice: Membership, bakery: Organisation, typed: str
) -> None:
    assert found(alice, typed) == {"Annuaire": ["Le Pétrin d’Élodie"]}


def test_what_is_archived_is_not_proposed(alice: Membership, bakery: Organisation) -> None:
    archive_organisation(organisation=bakery)
    assert found(alice, "petrin") == {}


def test_canteens_are_found(alice: Membership, pat: Territory, workspace: Workspace) -> None:
    commune = Commune.objects.get(pk="13001")
    create_canteen(workspace=workspace, name="École Jules-Ferry", commune=commune)
    assert found(alice, "ecole jules") == {"Cantines": ["École Jules-Ferry"]}


def test_tasks_are_found(alice: Membership, charlie: Membership, workspace: Workspace) -> None:
    create_task(workspace=workspace, title="Écrire à la préfecture")
    assert found(alice, "prefecture")["Tâches"] == ["Écrire à la préfecture"]
    assert "Tâches" not in found(charlie, "prefecture")


def test_an_agent_of_another_territory_finds_nothing_of_it(
    bob_on_scot: Membership, bakery: Organisation
) -> None:
    assert found(bob_on_scot, "petrin") == {}


def test_another_workspace_finds_nothing(charlie: Membership, bakery: Organisation) -> None:
    assert found(charlie, "petrin") == {}


@pytest.mark.parametrize("typed", ["", " ", "p", "é", "’"])
def test_less_than_two_letters_search_nothing(
    alice: Membership, bakery: Organisation, typed: str
) -> None:
    assert search(alice, typed) == []


def test_a_long_list_is_cut_and_says_so(
    alice: Membership, bakery: Organisation, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "LIMIT", 2)
    for rank in range(3):
        create_organisation(workspace=workspace, kind=Kind.MILL, name=f"Pétrin {rank}")
    (group,) = search(alice, "petrin")
    assert (len(group.hits), group.more) == (2, True)
    page = client_of(alice).get(reverse("portal:search"), {"q": "petrin"})
    assert "précisez la recherche" in page.content.decode()


def test_every_hit_opens(alice: Membership, bakery: Organisation, scot: Territory) -> None:
    client = client_of(alice)
    page = client.get(reverse("portal:search"), {"q": "ar"})
    links = BeautifulSoup(page.content, "html.parser").select("main .rq-liste a")
    assert links
    assert {client.get(str(link["href"])).status_code for link in links} == {200}


def test_what_was_typed_is_shown_and_never_interpreted(alice: Membership) -> None:
    page = client_of(alice).get(reverse("portal:search"), {"q": "<script>x</script>"})
    assert "<script>x" not in page.content.decode()
    assert "Rien ne correspond à" in page.content.decode()


def test_a_partner_does_not_search(paula: Membership) -> None:
    assert client_of(paula).get(reverse("portal:search"), {"q": "arles"}).status_code == 403
