"""The optional script in a real browser: same pages, a little sooner; nothing lost off line."""

import pytest
from django.test import Client

from restanque.surveys import links
from restanque.surveys.models import Invitation, Response
from restanque.surveys.sessions import session_of
from tests.surveys.test_respondent_safety import answered

KEY = "/data/cantine/a_cantine"
PAGES = (
    "",
    "page/cantine/",
    "page/pain/",
    "page/fin_/",
    "relire/",
    "mes-reponses/",
    "plus-tard/",
    "confier/",
    "ne-pas-repondre/",
    "ne-plus-relancer/",
)


@pytest.mark.django_db
def test_the_swapped_fragment_equals_the_page_loaded_afresh(
    client: Client, invitation: Invitation
) -> None:
    answered(invitation)
    path = f"{links.personal_path(invitation)}page/cantine/"
    fragment = client.post(
        path,
        {"/data/cantine/repas": "7", "revision": "1", "action": "autosave"},
        headers={"X-Autosave": "1"},
    ).content.decode()
    page = client.get(path).content.decode()
    assert "<html" not in fragment

    def bare(html: str) -> list[str]:
        lines = [line.strip() for line in html.splitlines()]
        return [line for line in lines if line and "csrfmiddlewaretoken" not in line]

    inside = page.partition('<div id="questionnaire">')[2].partition("</aside>")[0]
    assert bare(fragment.partition("</aside>")[0]) == bare(inside)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_dependent_questions_appear_and_everything_is_saved(
    chromium: object, live_server: object, invitation: Invitation
) -> None:
    context = chromium.new_context()  # type: ignore[attr-defined]
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    try:
        page.goto(f"{live_server.url}{links.personal_path(invitation)}page/cantine/")  # type: ignore[attr-defined]
        page.locator(f'input[name="{KEY}"][value=oui]').focus()
        page.keyboard.press("Space")
        meals = page.locator('input[name="/data/cantine/repas"]')
        meals.wait_for()
        # The focus stays where the person is; what happened is announced.
        assert page.evaluate("document.activeElement.value") == "oui"
        page.get_by_text("questions s’ajoutent").wait_for()

        meals.press_sequentially("120")
        page.locator('input[value="creche"]').check()
        page.locator("#etat", has_text="Enregistré à").wait_for()
        meals.press("End")
        meals.press_sequentially("0")
        page.locator('input[value="maternelle"]').check()
        page.wait_for_timeout(800)
        session = session_of(Response.objects.get())
        assert session.value("/data/cantine/repas") == "1200"
        assert session.value("/data/cantine/publics") == "maternelle creche"

        context.set_offline(True)
        meals.fill("99")
        meals.blur()
        page.locator("#etat", has_text="Pas de connexion").wait_for()
        assert meals.input_value() == "99"
        context.set_offline(False)
        page.locator("#etat", has_text="Enregistré à").wait_for()
        assert session_of(Response.objects.get()).value("/data/cantine/repas") == "99"

        # Enter in a field goes on, it does not press a button of the stepper.
        meals.press("Enter")
        page.get_by_role("heading", name="Le pain", exact=True).wait_for()
        assert faults == []
    finally:
        context.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing_on_the_respondent_s_pages(
    chromium: object, live_server: object, invitation: Invitation
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    answered(invitation)
    start = live_server.url + links.personal_path(invitation)  # type: ignore[attr-defined]
    context = chromium.new_context(viewport={"width": 390, "height": 800})  # type: ignore[attr-defined]
    page = context.new_page()
    try:
        for path in PAGES:
            page.goto(start + path)
            found = Axe().run(page).response["violations"]
            assert not found, (path, [(v["id"], v["nodes"][0]["html"][:150]) for v in found])
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        # The page that says what is wrong, too.
        page.goto(f"{start}page/cantine/")
        page.locator('input[name="/data/cantine/repas"]').fill("beaucoup")
        page.get_by_role("button", name="Continuer").click()
        page.locator(".rq-avis-erreur").wait_for()
        assert page.evaluate("document.activeElement.className").startswith("rq-avis")
        assert Axe().run(page).response["violations"] == []
    finally:
        context.close()
