"""The directory in a real browser: axe, no sideways scroll, and without scripts."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.directory import services
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind, Sign
from restanque.territories.models import Territory
from tests.conftest import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Make = Callable[..., Organisation]


@pytest.fixture
def pages(mairie: Organisation, make: Make, arles_side: Territory) -> list[str]:
    """The addresses of a furnished directory."""
    mill = make("Moulin", kind=Kind.MILL, longitude=4.6, latitude=43.7, fictitious=True)
    certificate = services.add_certification(
        organisation=mill, sign=Sign.BIO, valid_from=date(2026, 1, 1)
    )
    contact = services.add_contact(
        organisation=mairie,
        full_name="Jeanne Exemple de-Nom-Particulièrement-Long",
        email="jeanne.exemple.de.nom.particulierement.long@example.org",
        purpose="enquête pain",
        purge_on=date(2029, 1, 1),
        do_not_contact=True,
        do_not_contact_on=date(2026, 1, 1),
        do_not_contact_reason="par téléphone",
    )
    canteen = services.canteen_for_whole_commune(organisation=mairie, daily_meal_count=500)
    twin = make("Mairie d’Arles", kind=Kind.MAIRIE)
    named: list[tuple[str, list[int]]] = [
        ("organisations", []),
        ("map", []),
        ("to_check", []),
        ("duplicates", []),
        ("contacts", []),
        ("canteens", []),
        ("town_halls", []),
        ("organisation", [mairie.pk]),
        ("organisation", [mill.pk]),
        ("organisation_edit", [mairie.pk]),
        ("contact_edit", [contact.pk]),
        ("contact_delete", [contact.pk]),
        ("certification_edit", [certificate.pk]),
        ("canteen", [canteen.pk]),
        ("canteen_edit", [canteen.pk]),
        ("merge", [mairie.pk, twin.pk]),
    ]
    return [reverse(f"directory:{name}", args=args) for name, args in named]


@pytest.fixture
def tab(chromium: Any, live_server: Any, bob: Membership) -> Iterator[Callable[..., Any]]:
    """A tab signed in as Bob; a console error or a blocked resource fails the test."""
    session = client_of(bob).cookies["sessionid"].value
    contexts, complaints = [], []

    def heard(message: Any) -> None:
        # Chromium reports every 422: that is how a form says that it has errors.
        if message.type == "error" and "422" not in message.text:
            complaints.append(message.text)

    def open_tab(*, width: int = 1440, scripts: bool = True) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, locale="fr-FR"
        )
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("console", heard)
        return page

    yield open_tab
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_and_nothing_overflows(
    pages: list[str], tab: Callable[..., Any], live_server: Any, width: int
) -> None:
    page = tab(width=width)
    for address in pages:
        page.goto(f"{live_server.url}{address}")
        page.wait_for_load_state("networkidle")
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_an_organisation_is_added_without_scripts(
    communes: Any, arles_side: Territory, tab: Callable[..., Any], live_server: Any
) -> None:
    page = tab(scripts=False)
    page.goto(f"{live_server.url}{reverse('directory:organisations')}")
    page.get_by_role("link", name="Ajouter", exact=True).click()
    page.get_by_label("Nature").select_option("bakery")
    page.get_by_label("Nom", exact=True).fill("Fournil du Rhône")
    page.get_by_label("SIRET").fill("211 300 272 00014")
    page.get_by_label("Commune").fill("arles")
    page.get_by_role("button", name="Enregistrer").click()
    assert "clé de contrôle est fausse" in page.get_by_role("alert").inner_text()
    page.get_by_label("SIRET").fill("211 300 272 00013")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("heading", name="Fournil du Rhône", level=1).wait_for()
    assert Organisation.objects.get().commune_id == "13004"
