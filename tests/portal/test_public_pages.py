"""What anybody may read, the health check, and the pages shown when something is wrong."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path, reverse

from restanque import __version__
from restanque.accounts.models import Membership, Workspace
from restanque.accounts.services import update_workspace
from restanque.territories.reference.sources import sources
from tests.conftest import StrictClient, check_html, client_of

pytestmark = pytest.mark.django_db
PUBLIC = ("legal", "privacy", "accessibility", "sources")


def text_of(response: HttpResponse) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_open_without_an_account_nor_navigation(client: Client, name: str) -> None:
    response = client.get(reverse(f"portal:{name}"))
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.select("h1")
    assert not soup.select("#navigation")


@pytest.mark.parametrize("name", PUBLIC)
def test_a_member_keeps_the_navigation_there(alice: Membership, name: str) -> None:
    response = client_of(alice).get(reverse(f"portal:{name}"))
    assert BeautifulSoup(response.content, "html.parser").select("#navigation")


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_page_leads_to_the_others(client: Client, name: str) -> None:
    page = BeautifulSoup(client.get(reverse(f"portal:{name}")).content, "html.parser")
    links = {str(link["href"]) for link in page.select("footer a")}
    assert links == {reverse(f"portal:{other}") for other in PUBLIC}


def test_privacy_names_the_controllers_and_the_delegate(
    client: Client, workspace: Workspace
) -> None:
    before = text_of(client.get(reverse("portal:privacy")))
    assert "Responsable non encore renseigné" in before
    update_workspace(
        workspace=workspace,
        name=workspace.name,
        data_controller="PETR du Pays d’Arles et Métropole",
        dpo_contact="dpo@example.org",
        contact_email="",
    )
    after = text_of(client.get(reverse("portal:privacy")))
    assert "PETR du Pays d’Arles et Métropole" in after
    assert "dpo@example.org" in after


def test_the_licence_and_the_way_to_the_code_are_said(client: Client) -> None:
    words = text_of(client.get(reverse("portal:legal")))
    assert "AGPL" in words
    assert "code source" in words


def test_no_conformity_is_claimed_without_an_audit(client: Client) -> None:
    words = text_of(client.get(reverse("portal:accessibility")))
    assert "audit" in words
    assert "totalement conforme" not in words
    assert "partiellement conforme" not in words


def test_every_reference_file_says_whose_it_is_and_under_which_licence(client: Client) -> None:
    words = text_of(client.get(reverse("portal:sources")))
    for source in sources().values():
        for said in (source.title, source.producer, source.vintage, source.licence):
            assert " ".join(said.split()) in words


# Health --------------------------------------------------------------------------------------


def test_health_says_the_version(client: Client) -> None:
    response = client.get(reverse("portal:health"))
    assert response.status_code == 200
    assert response.json() == {"ok": True, "version": __version__}


def test_health_is_not_well_without_its_database(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> None:
        raise OperationalError("no database")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get(reverse("portal:health"))
    assert response.status_code == 503
    assert response.json()["ok"] is False


# Errors --------------------------------------------------------------------------------------


def broken(request: HttpRequest) -> HttpResponse:
    """A view with a fault."""
    raise RuntimeError("mairie@arles.fr")


broken.login_required = False  # type: ignore[attr-defined]
urlpatterns = [path("panne/", broken), path("", include("restanque.config.urls"))]


@pytest.fixture
def forgiving(settings: Any) -> Client:
    """A client that receives error pages as a browser would; one address is broken."""
    settings.ROOT_URLCONF = __name__
    client = StrictClient(enforce_csrf_checks=True)
    client.raise_request_exception = False
    return client


def test_an_unknown_address_says_what_may_have_happened(client: Client) -> None:
    response = client.get("/nulle-part/")
    assert response.status_code == 404
    assert "Cette page n’existe pas" in text_of(response)


def test_a_fault_of_ours_says_nothing_of_what_happened(forgiving: Client) -> None:
    response = forgiving.get("/panne/")
    assert response.status_code == 500
    words = text_of(response)
    assert "Une panne est survenue" in words
    assert "arles" not in words
    check_html(response)


def test_an_expired_form_says_how_to_keep_what_was_written(forgiving: Client) -> None:
    response = forgiving.post(reverse("account_request_login_code"), {"email": "a@example.org"})
    assert response.status_code == 403
    assert "Ce formulaire a expiré" in text_of(response)


def test_a_refused_page_says_who_may_change_it(remi: Membership) -> None:
    response = client_of(remi).get(reverse("accounts:member_add"))
    assert response.status_code == 403
    assert "ne vous est pas ouverte" in text_of(response)


def test_a_request_for_another_host_is_refused_plainly(forgiving: Client) -> None:
    response = forgiving.get("/", headers={"host": "ailleurs.example"})
    assert response.status_code == 400
    assert "n’a pas été comprise" in text_of(response)
    check_html(response)
