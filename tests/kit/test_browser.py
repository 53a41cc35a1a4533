"""The kit in a real browser: with and without scripts, by keyboard, on a phone, strict CSP."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from restanque.accounts.models import Membership
from tests.conftest import client_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.kit.pages"),
]
LIST = "/essai/membres/"
GALLERY = "/composants/"


@pytest.fixture
def visit(
    chromium: Any, live_server: Any, people: list[Membership], settings: Any
) -> Iterator[Callable[..., Any]]:
    """Open a page as the administrator; any console error or blocked resource fails the test."""
    settings.DEMO = True
    session = client_of(people[0]).cookies["sessionid"].value
    contexts, complaints = [], []

    def open_page(path: str, *, width: int = 1440, scripts: bool = True) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, locale="fr-FR"
        )
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            # The database is emptied next: no request may still be answered.
            page.wait_for_load_state("networkidle")
        context.close()
    assert complaints == []


@pytest.mark.parametrize("path", [LIST, f"{LIST}?q=personne", GALLERY])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(visit: Callable[..., Any], path: str, width: int) -> None:
    page = visit(path, width=width)
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []


@pytest.mark.parametrize("path", [LIST, GALLERY])
def test_nothing_overflows_down_to_400_percent_zoom(visit: Callable[..., Any], path: str) -> None:
    page = visit(path)
    for width in (1024, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_list_follows_the_typing_and_says_its_count(visit: Callable[..., Any]) -> None:
    page = visit(LIST)
    page.get_by_label("Rechercher", exact=True).nth(1).press_sequentially("ÉLODIE03")
    page.locator("#annonces", has_text="1\u00a0personne sur 25\u00a0personnes").wait_for(
        state="attached"
    )
    assert page.locator("#list tbody tr").count() == 1
    assert page.url.endswith("?q=%C3%89LODIE03&sort=name")
    page.go_back()
    page.locator("#list .rq-count", has_text="25\u00a0personnes").wait_for()
    assert page.locator("h1").count() == 1


def test_sort_keeps_the_keyboard_where_it_was(visit: Callable[..., Any]) -> None:
    page = visit(LIST)
    header = page.locator("#tri-name")
    header.focus()
    header.press("Enter")
    page.locator("th[aria-sort=descending]").wait_for()
    assert page.evaluate("document.activeElement.id") == "tri-name"
    assert page.locator("#list tbody th").first.inner_text() == "Élodie n° 24"


def test_one_box_ticks_the_page(visit: Callable[..., Any]) -> None:
    page = visit(LIST)
    page.get_by_label("Choisir toutes les lignes de cette page").check()
    assert page.locator("input[name=selected]:checked").count() == 10


def test_list_works_without_scripts(visit: Callable[..., Any]) -> None:
    page = visit(LIST, scripts=False)
    page.locator("#filtre-q").fill("elodie07")
    page.get_by_role("button", name="Filtrer").click()
    assert page.locator("#list tbody tr").count() == 1
    page.locator(".rq-columns summary").click()
    page.locator("#col-role").uncheck()
    page.get_by_role("button", name="Filtrer").click()
    assert "Rôle" not in page.locator("thead").inner_text()


def test_map_comes_alive_and_is_walked_by_keyboard(visit: Callable[..., Any]) -> None:
    page = visit(GALLERY)
    first = page.locator("#figure-etats .rq-leaflet path[role=link][tabindex='0']")
    first.wait_for()
    assert page.locator("#figure-etats .rq-map > svg").is_hidden()
    assert page.locator("#figure-etats path[tabindex='0']").count() == 1
    before = first.get_attribute("aria-label")
    first.focus()
    page.keyboard.press("ArrowRight")
    after = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert before != after
    assert page.locator(".leaflet-tooltip").inner_text() == after
    page.keyboard.press("Enter")
    assert page.url.endswith("#cartes")


def test_patterns_of_the_lively_map_are_those_of_the_legend(visit: Callable[..., Any]) -> None:
    page = visit(GALLERY)
    hatched = page.locator("#figure-etats .rq-leaflet path.c-hv").first
    hatched.wait_for()
    fill = hatched.get_attribute("fill")
    assert fill in page.locator("#figure-etats .rq-legende").inner_html().replace("&quot;", "")
    assert page.locator(f"pattern{fill[4:-1]}").count() == 1


def test_map_and_charts_are_there_without_scripts(visit: Callable[..., Any]) -> None:
    page = visit(GALLERY, scripts=False)
    assert page.locator("#figure-etats .rq-map > svg").is_visible()
    assert page.locator("#figure-prix .rq-wide > svg").is_visible()
    page.locator("#figure-prix summary").click()
    assert page.locator("#figure-prix table").is_visible()


def test_phone_sees_the_drawing_made_for_it(visit: Callable[..., Any]) -> None:
    page = visit(GALLERY, width=390)
    assert page.locator("#figure-prix .rq-narrow > svg").is_visible()
    assert page.locator("#figure-prix .rq-wide > svg").is_hidden()


def test_phone_menu_opens_without_scripts(visit: Callable[..., Any]) -> None:
    page = visit(LIST, width=390, scripts=False)
    assert page.locator("#navigation").is_hidden()
    page.get_by_role("link", name="Menu", exact=True).click()
    assert page.locator("#navigation").is_visible()
    page.get_by_role("link", name="Fermer le menu").click()
    assert page.locator("#navigation").is_hidden()


def test_keyboard_skips_to_the_content(visit: Callable[..., Any]) -> None:
    page = visit(LIST)
    page.keyboard.press("Tab")
    skip = page.locator(".rq-skip")
    assert skip.evaluate("node => node === document.activeElement")
    assert skip.is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


def test_errors_take_the_focus(visit: Callable[..., Any]) -> None:
    page = visit(GALLERY)
    assert page.evaluate("document.activeElement.classList.contains('rq-avis-erreur')")


def test_printed_page_drops_what_paper_cannot_do(visit: Callable[..., Any]) -> None:
    page = visit(LIST)
    page.emulate_media(media="print")
    for gone in (".rq-top", ".rq-nav", ".rq-filters", ".rq-bulk", ".rq-pages", ".rq-pied"):
        assert page.locator(gone).first.is_hidden()
    assert page.locator("h1").is_visible()
    assert page.locator("#list table").is_visible()
