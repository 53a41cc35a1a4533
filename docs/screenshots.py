"""Photographs the main screens, wide and narrow, for the documentation.

    RESTANQUE_DEMO=1 .venv/bin/restanque start --port 8000      # in another shell
    .venv/bin/python docs/screenshots.py http://127.0.0.1:8000

Chromium comes from the system, as for the browser tests. The demo is entered without a code, so
the server must be one of the demo's.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
SIZES = {1440: 1000, 390: 844}
LARGEST = 300_000
TEAM_MEMBER = "Camille Administration"
COMMUNE = "Tarascon"
CALL = r"/appels/\d+/$"
# What a team keeps in Excel: usual names, old accents, and a few faults.
LIST = (
    "Commune;Mél;Tél\r\n"
    "ARLES;accueil-arles@exemple.fr;04.90.49.36.36\r\n"
    "St Rémy de Provence;mairie-saint-remy@exemple.fr;490000000\r\n"
    "13066;noves@exemple.fr;\r\n"
    "Trifouillis-les-Oies;mairie@exemple.fr;\r\n"
    "Eyragues;pas une adresse;\r\n"
    "Arles;autre@exemple.fr;\r\n"
    "Saint-Martin;mairie@exemple.fr;\r\n"
)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def main(base: str) -> None:
    """Take them all; a picture too heavy for the repository is an error."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
        )
        for width, height in SIZES.items():
            page = _enter(browser, base, width, height)
            for name, path in _screens(page, base):
                page.goto(f"{base}{path}", wait_until="networkidle")
                _save(page, IMAGES / f"{name}-{width}.png")
        browser.close()


def _enter(browser: Browser, base: str, width: int, height: int) -> Page:
    """A page signed in as somebody of the demo."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="fr-FR", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{base}/compte/demo/")
    page.get_by_role("button", name=re.compile(TEAM_MEMBER)).click()
    return page


def _screens(page: Page, base: str) -> Iterator[tuple[str, str]]:
    """Name of each picture and the address to photograph, found by following the site's links."""
    territory = _first(page, f"{base}/territoires/", r"^/territoires/\d+/$")
    campaign = _first(page, f"{base}/enquetes/", r"^/enquetes/campagnes/\d+/$")
    commune = _first(page, f"{base}{territory}communes/?q={COMMUNE}", r"^/communes/\w+/$")
    to_read = _first(page, f"{base}{campaign}relecture/", r"/relecture/\d+/$")
    supply = _first(page, f"{base}/approvisionnement/", r"^/approvisionnement/\d+/$")
    # The kinds of bread served: the question whose answers are the most telling.
    result = _first(page, f"{base}{campaign}resultats/", r"/resultats/pain\.types_pain/$")
    plan = _first(page, f"{base}{supply}scenarios/", r"^/approvisionnement/scenarios/\d+/$")
    procedure = _first(page, f"{base}/procedures/", r"^/procedures/\d+/$")
    yield "approvisionnement", supply
    yield "plan", plan
    yield "procedure", procedure
    yield "accueil", "/"
    yield "territoire", territory
    yield "communes", f"{territory}communes/"
    yield "fiche-commune", commune
    yield "annuaire", "/annuaire/"
    yield "campagne", campaign
    yield "relecture", to_read
    yield "resultats", result
    yield "repondre", f"{_personal_path(page, base, campaign)}page/pain/"
    yield "import", _preview(page, base)


def _first(page: Page, url: str, pattern: str) -> str:
    """The first link of a page whose address matches."""
    page.goto(url)
    links: list[Any] = page.locator("main a").evaluate_all(
        "links => links.map((a) => new URL(a.href).pathname)"
    )
    return next(path for path in links if re.search(pattern, path))


def _personal_path(page: Page, base: str, campaign: str) -> str:
    """The respondent's link of the town hall to call first, whose answer is begun.

    Links are stored nowhere: it comes from a mailing, which is prepared and then given up.
    """
    page.goto(f"{base}{_first(page, f'{base}{campaign}appels/', CALL)}")
    name = page.locator("h1").inner_text()
    page.goto(f"{base}{campaign}publipostage/relance/preparer/")
    page.get_by_role("button", name=re.compile("Préparer pour")).click()
    with page.expect_download() as started:
        page.get_by_role("button", name="CSV").click()
    rows = Path(started.value.path()).read_text("utf-8-sig").splitlines()
    page.get_by_role("button", name="Abandonner").click()
    [row] = [row for row in rows if name in row]
    found = re.search(r"/r/[\w-]+/", row)
    assert found is not None  # noqa: S101
    return found[0]


def _preview(page: Page, base: str) -> str:
    """The preview of a list with faults; it is not imported."""
    page.goto(f"{base}/imports/nouveau/mairies/")
    file = {"name": "mairies.csv", "mimeType": "text/csv", "buffer": LIST.encode("cp1252")}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Relire le fichier").click()
    return page.url.removeprefix(base)


def _save(page: Page, target: Path) -> None:
    """Photograph what the window shows; SystemExit when it is too heavy."""
    page.screenshot(path=target)
    if target.stat().st_size > LARGEST:
        raise SystemExit(f"{target.name}: {target.stat().st_size} bytes, {LARGEST} at most")
    sys.stdout.write(f"{target.name}: {target.stat().st_size // 1000} kB\n")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000")
